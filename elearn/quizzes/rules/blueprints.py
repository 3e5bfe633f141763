"""The blueprint of a paper as its editor types it, and what stands against publishing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from elearn.lib.vietnamese import fold
from elearn.quizzes.rules.grading import plain
from elearn.quizzes.rules.timeline import Said

MOST_PARTS = 120
MOST_QUESTIONS = 500
MOST_SECTIONS = 20
MOST_TAGS = 10
LARGEST_MARK = Decimal(1000)
QUICKEST_SECONDS = 20
"""Less than this for a question is hardly time to read it."""
_MARK = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,4})?")
_COUNT = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class RawPart:
    """A row of the editor as typed: a drawn part (`kind` "draw"), or one chosen question ("question")."""

    kind: str = "draw"
    bank: str = ""
    category: str = ""
    level: str = ""
    tags: str = ""
    count: str = ""
    question: str = ""
    mark: str = ""
    section: str = ""


@dataclass(frozen=True)
class RawSection:
    """A section of the editor as typed."""

    title: str = ""
    intro: str = ""
    is_shuffled: bool = True


@dataclass(frozen=True)
class Offer:
    """What rows may name: banks, categories with the bank in which each stands, questions, levels."""

    banks: frozenset[int]
    categories: Mapping[int, int] = field(default_factory=dict)
    questions: frozenset[int] = frozenset()
    levels: frozenset[str] = frozenset()


Faults = dict[str, Said]
"""By "row-field", as in "2-count"."""


def read_mark(text: str) -> Decimal | None:
    """A mark such as "2" or "0,5"; None where it is no number above 0 with at most four decimals."""
    text = text.strip()
    if not _MARK.fullmatch(text):
        return None
    mark = Decimal(text.replace(",", "."))
    return mark if 0 < mark <= LARGEST_MARK else None


def read_tags(text: str) -> tuple[str, ...]:
    """Tags typed between commas or semicolons, as they are looked for."""
    found = (fold(" ".join(one.split())) for one in re.split("[,;\n]", text))
    return tuple(dict.fromkeys(one[:80] for one in found if one))[:MOST_TAGS]


def read_parts(rows: Sequence[RawPart], offer: Offer, section_count: int) -> tuple[list[dict[str, Any]], Faults]:
    """The blueprint of the rows, and their faults. Where there are faults, the blueprint holds the sound rows only."""
    parts: list[dict[str, Any]] = []
    faults: Faults = {}
    seen: set[int] = set()
    for place, row in enumerate(rows[:MOST_PARTS]):
        here: Faults = {}
        part = _read_question(row, offer, seen, here) if row.kind == "question" else _read_draw(row, offer, here)
        _read_place(row, section_count, part, here)
        faults |= {f"{place}-{name}": said for name, said in here.items()}
        if not here:
            parts.append(part)
    if len(rows) > MOST_PARTS:
        faults[f"{MOST_PARTS - 1}-bank"] = Said("Một đề có nhiều nhất %(most)s dòng.", {"most": MOST_PARTS})
    total = sum(1 if "question" in part else part["count"] for part in parts)
    if total > MOST_QUESTIONS and parts:
        faults["0-count"] = Said(
            "Một đề có nhiều nhất %(most)s câu; đề này có %(count)s.", {"most": MOST_QUESTIONS, "count": total}
        )
    return parts, faults


def _read_draw(row: RawPart, offer: Offer, faults: Faults) -> dict[str, Any]:
    part: dict[str, Any] = {}
    bank = _number(row.bank)
    if bank not in offer.banks:
        faults["bank"] = Said("Hãy chọn ngân hàng câu hỏi.")
    else:
        part["bank"] = bank
    if row.category:
        category = _number(row.category)
        if category not in offer.categories:
            faults["category"] = Said("Không có nhóm câu hỏi này. Hãy chọn lại.")
        elif offer.categories[category] != bank:
            faults["category"] = Said("Nhóm này không thuộc ngân hàng đã chọn.")
        part["category"] = category
    if row.level:
        if row.level not in offer.levels:
            faults["level"] = Said("Không có mức độ này. Hãy chọn lại.")
        part["level"] = row.level
    tags = read_tags(row.tags)
    if tags:
        part["tags"] = list(tags)
    if not _COUNT.fullmatch(row.count.strip()) or not 1 <= int(row.count) <= MOST_QUESTIONS:
        faults["count"] = Said("Hãy ghi số câu, từ 1 đến %(most)s.", {"most": MOST_QUESTIONS})
    else:
        part["count"] = int(row.count)
    return part


def _read_question(row: RawPart, offer: Offer, seen: set[int], faults: Faults) -> dict[str, Any]:
    question = _number(row.question)
    if question not in offer.questions:
        faults["question"] = Said("Câu hỏi này không còn dùng được. Hãy bỏ dòng này.")
    elif question in seen:
        faults["question"] = Said("Câu này đã có ở một dòng khác.")
    seen.add(question)
    return {"question": question}


def _read_place(row: RawPart, section_count: int, part: dict[str, Any], faults: Faults) -> None:
    if row.mark.strip():
        mark = read_mark(row.mark)
        if mark is None:
            faults["mark"] = Said("Điểm là một số lớn hơn 0, ví dụ 1 hoặc 0,5.")
        elif row.kind == "question" or mark != 1:
            part["mark"] = plain(mark)
    section = _number(row.section or "0")
    if not 0 <= section < max(1, section_count):
        faults["section"] = Said("Không có phần này. Hãy chọn lại.")
    elif section:
        part["section"] = section


def _number(text: str) -> int:
    """The id that a field names; −1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def read_sections(rows: Sequence[RawSection]) -> tuple[list[dict[str, Any]] | None, Faults]:
    """The sections of a paper, None where there is one without words and nothing special; and faults by "row-title"."""
    faults: Faults = {}
    found: list[dict[str, Any]] = []
    for place, row in enumerate(rows[:MOST_SECTIONS]):
        title, intro = " ".join(row.title.split())[:200], row.intro.strip()[:5000]
        if not title and len(rows) > 1:
            faults[f"{place}-title"] = Said("Đề có nhiều phần thì mỗi phần cần một tên.")
        section: dict[str, Any] = {"title": title}
        if intro:
            section["intro"] = intro
        if not row.is_shuffled:
            section["shuffle"] = False
        found.append(section)
    if len(rows) > MOST_SECTIONS:
        faults[f"{MOST_SECTIONS - 1}-title"] = Said("Một đề có nhiều nhất %(most)s phần.", {"most": MOST_SECTIONS})
    return (None if not found or found == [{"title": ""}] else found), faults


def raw_part(
    part: Mapping[str, Any], tag_names: Mapping[str, str], comma: Callable[[str], str] = lambda mark: mark.replace(".", ",")
) -> RawPart:
    """The row of the editor for a part of a blueprint; the way back from `read_parts`."""
    mark = comma(str(part["mark"])) if part.get("mark") is not None else ""
    section = str(part.get("section", 0))
    if "question" in part:
        return RawPart("question", question=str(part["question"]), mark=mark, section=section)
    return RawPart(
        "draw",
        str(part["bank"]),
        str(part["category"]) if part.get("category") is not None else "",
        part.get("level") or "",
        ", ".join(tag_names.get(tag, tag) for tag in part.get("tags") or ()),
        str(part["count"]),
        mark=mark,
        section=section,
    )


@dataclass(frozen=True)
class PartFacts:
    """What a part can draw today, as counts over its pool; for a chosen question the pool is that question."""

    wanted: int
    available: int
    mark: Decimal = Decimal(1)
    by_hand: int = 0
    """Those that an examiner marks."""
    unmarked: int = 0
    """Those that have no mark: passages to read."""
    without_source: int = 0
    out_of_date: int = 0
    is_chosen: bool = False
    is_retired: bool = False

    @property
    def total(self) -> Decimal:
        """Marks of the part, where all of it has marks."""
        return Decimal(0) if self.is_chosen and self.unmarked else self.mark * self.wanted


@dataclass(frozen=True)
class QuizFacts:
    """What the check list looks at."""

    parts: tuple[PartFacts, ...]
    is_enough: bool
    """Whether all parts can be filled together without a question twice."""
    time_limit_seconds: int
    attempt_limit: int
    opens_at: datetime | None
    closes_at: datetime | None
    review: str
    opens_after_close: bool
    """Whether something is shown only once the quiz has closed."""
    pass_percent: int | None = None
    examiners: int = 0
    takers: int = 1
    needs_code: bool = False


@dataclass(frozen=True)
class Finding:
    """A line of the check list. "stop": it cannot be published; "warn": look again; "good": it is as it should be."""

    severity: str
    said: Said


def total_mark(parts: Sequence[PartFacts]) -> Decimal:
    """The highest sum of marks of a paper."""
    return sum((part.total for part in parts), Decimal(0))


def check_list(quiz: QuizFacts, now: datetime) -> list[Finding]:
    """What stands against publishing, what should be looked at again, and what is in order; in this order."""
    found = [*_paper_findings(quiz), *_source_findings(quiz), *_sitting_findings(quiz, now)]
    order = {"stop": 0, "warn": 1, "good": 2}
    return sorted(found, key=lambda finding: order[finding.severity])


def is_ready(findings: Sequence[Finding]) -> bool:
    """Whether nothing stands against publishing."""
    return all(finding.severity != "stop" for finding in findings)


def _paper_findings(quiz: QuizFacts) -> list[Finding]:
    parts = quiz.parts
    if not parts:
        return [Finding("stop", Said("Đề chưa có câu nào. Hãy thêm dòng rút câu hoặc chọn câu hỏi."))]
    found = []
    for number, part in enumerate(parts, start=1):
        values = {"row": number, "wanted": part.wanted, "available": part.available}
        if part.is_chosen and not part.available:
            found.append(Finding("stop", Said("Dòng %(row)s: câu hỏi đã chọn chưa được đưa vào sử dụng.", values)))
        elif part.is_retired:
            found.append(Finding("warn", Said("Dòng %(row)s: câu hỏi đã chọn nay không dùng nữa; đề vẫn giữ câu này.", values)))
        elif part.available < part.wanted:
            found.append(
                Finding("stop", Said("Dòng %(row)s cần %(wanted)s câu, ngân hàng chỉ có %(available)s câu rút được.", values))
            )
        elif not part.is_chosen and part.available == part.wanted:
            found.append(
                Finding("warn", Said("Dòng %(row)s rút cả %(available)s câu hiện có: mọi đề có cùng các câu này.", values))
            )
        if not part.is_chosen and part.unmarked:
            told = {**values, "count": part.unmarked}
            found.append(
                Finding(
                    "warn",
                    Said("Dòng %(row)s rút được cả %(count)s đoạn để đọc không có điểm: tổng điểm các đề có thể khác nhau.", told),
                )
            )
    if not any(finding.severity == "stop" for finding in found) and not quiz.is_enough:
        found.append(
            Finding(
                "stop", Said("Các dòng rút chung một số câu nên cộng lại không đủ. Hãy bớt số câu hoặc thêm câu vào ngân hàng.")
            )
        )
    if not any(finding.severity == "stop" for finding in found):
        count = sum(part.wanted for part in parts)
        found.append(
            Finding(
                "good",
                Said("Đủ câu cho mọi dòng: mỗi đề %(count)s câu, tổng %(mark)s điểm.", {"count": count, "mark": total_mark(parts)}),
            )
        )
    return found


def _source_findings(quiz: QuizFacts) -> list[Finding]:
    found = []
    by_hand = sum(part.by_hand for part in quiz.parts)
    if by_hand and not quiz.examiners:
        found.append(Finding("warn", Said("Đề có câu tự luận nhưng đơn vị tổ chức chưa có giám khảo nào. Bài sẽ chờ chấm.")))
    elif by_hand:
        found.append(
            Finding("good", Said("Câu tự luận có %(count)s giám khảo trong phạm vi chấm được.", {"count": quiz.examiners}))
        )
    without = sum(part.without_source for part in quiz.parts)
    if without:
        found.append(Finding("warn", Said("%(count)s câu có thể ra trong đề chưa ghi nguồn.", {"count": without})))
    late = sum(part.out_of_date for part in quiz.parts)
    if late:
        found.append(Finding("warn", Said("%(count)s câu có thể ra trong đề dẫn văn bản đã hết hiệu lực.", {"count": late})))
    if quiz.parts and not without and not late:
        found.append(Finding("good", Said("Mọi câu có thể ra trong đề đều ghi nguồn còn hiệu lực.")))
    return found


def _sitting_findings(quiz: QuizFacts, now: datetime) -> list[Finding]:
    found = []
    if quiz.closes_at is not None and quiz.closes_at <= now:
        found.append(Finding("stop", Said("Giờ đóng đã qua. Hãy đặt lại giờ mở và giờ đóng.")))
    elif quiz.closes_at is None:
        found.append(Finding("warn", Said("Bài chưa có giờ đóng: ai cũng làm được cho tới khi bài được lưu trữ.")))
        if quiz.opens_after_close:
            found.append(
                Finding("warn", Said("Có phần chỉ cho xem sau khi bài đóng. Bài không có giờ đóng thì phần ấy không bao giờ hiện."))
            )
    elif quiz.opens_at is not None and (quiz.closes_at - quiz.opens_at).total_seconds() < quiz.time_limit_seconds:
        found.append(Finding("warn", Said("Từ lúc mở đến lúc đóng ngắn hơn thời gian làm bài: không ai có đủ thời gian.")))
    count = sum(part.wanted for part in quiz.parts)
    if count and quiz.time_limit_seconds < QUICKEST_SECONDS * count:
        seconds = quiz.time_limit_seconds // count
        found.append(
            Finding("warn", Said("Mỗi câu chỉ có khoảng %(seconds)s giây. Hãy xem lại thời gian làm bài.", {"seconds": seconds}))
        )
    if not quiz.takers:
        found.append(Finding("warn", Said("Đơn vị tổ chức và các đơn vị trực thuộc chưa có ai để làm bài.")))
    if quiz.needs_code:
        found.append(Finding("good", Said("Người làm vào bằng mã tham gia; bài không tự hiện ở trang “Việc cần làm”.")))
    return found
