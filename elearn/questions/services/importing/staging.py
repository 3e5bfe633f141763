"""Each question of a file with everything that is doubtful about it, before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from elearn.core.db import transaction
from elearn.jobs.hooks import Tell
from elearn.lib.collector import without_collector
from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold
from elearn.questions.queries.doubles import Double, find_doubles
from elearn.questions.queries.imports import bodies_of
from elearn.questions.rules.duplicates import doubles_within, triples
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.pictures import redraw
from elearn.questions.rules.staging import Doubt, doubt_of, first_choice, fit_to_keep, in_order, kept_draft, with_faults, worst_of
from elearn.questions.rules.texts import plain
from elearn.questions.services.drafts import Fault, faults_of
from elearn.questions.services.media import keep_picture
from elearn.questions.services.writing import parts_of

AT_ONCE = 500
LONGEST_KEY = 4_000
JUDGING, COMPARING, PICTURES = "Đang kiểm tra từng câu", "Đang đối chiếu với ngân hàng", "Đang giữ các hình"
Keep = Callable[[bytes], str]
"""Keeps a picture and returns its digest; raises InvalidInput for what is no picture that we take."""


def look_only(data: bytes) -> str:
    """Looks at a picture without keeping it."""
    redraw(data)
    return ""


def keeper(member_id: int | None, now: datetime) -> Keep:
    """Keeps each picture in a short transaction of its own: drawing one anew takes longer than others should wait for their turn."""
    known: dict[bytes, str] = {}

    def keep(data: bytes) -> str:
        if data not in known:
            with transaction() as session:
                known[data] = keep_picture(session, data, member_id, now)
        return known[data]

    return keep


@dataclass(frozen=True)
class Judged:
    """A question of a file and what is to be thought of it. `is_known`: it stands in the bank word for word."""

    draft: Draft
    files: Mapping[str, str]
    doubts: list[Doubt]
    parts: list[str]
    double: Double | None = None
    is_known: bool = False

    def row(self, import_id: str, place: int) -> dict[str, Any]:
        """As a row of the preview."""
        worst = worst_of(self.doubts)
        return {
            "import_id": import_id,
            "place": place,
            "line": self.draft.line,
            **self.content(),
            "choice": first_choice(worst, self.is_known),
            "is_mended": False,
            "question_id": None,
        }

    def content(self) -> dict[str, Any]:
        """What of a row is changed where its question is."""
        return {
            "draft": kept_draft(self.draft, self.files),
            "problems": [one.kept() for one in self.doubts],
            "worst": worst_of(self.doubts),
            "double_of_id": self.double.question_id if self.double else None,
            "similarity": self.double.similarity if self.double else 0,
            "search_key": fold(" ".join(self.parts))[:LONGEST_KEY],
        }


def words_of_draft(draft: Draft, faults: Sequence[Fault]) -> list[str]:
    """Stem and options in plain words; of a draft whose body is not sound the stem and what looks like options."""
    if not any(one.field in ("body", "type") for one in faults):
        return parts_of(draft.type, draft.text, draft.body)
    options = draft.body.get("options")
    texts = [one.get("text") for one in options if isinstance(one, Mapping)] if isinstance(options, list) else []
    return [plain(draft.text), *(plain(text) for text in texts if isinstance(text, str | Mapping))]


def with_pictures(draft: Draft, keep: Keep) -> tuple[dict[str, str], list[Doubt]]:
    """Digests of the draft's pictures by name, and a doubt for each that cannot be taken."""
    digests, doubts = {}, []
    for name, data in draft.files.items():
        try:
            digests[name] = keep(data)
        except InvalidInput as refusal:
            values: dict[str, str | int] = {"name": name[:80], "reason": str(refusal)}
            doubts.append(Doubt(draft.line, "warning", "Không giữ được tệp %(name)s: %(reason)s", values, "files", "picture"))
    return digests, doubts


def judge_one(draft: Draft, files: Mapping[str, str], doubts: Sequence[Doubt]) -> Judged:
    """The question with its own faults; not yet compared with others."""
    draft = fit_to_keep(draft)
    faults = faults_of(draft)
    found = with_faults(doubts, [(one.field, one.message) for one in faults], draft.line)
    return Judged(draft, files, found, words_of_draft(draft, faults))


@without_collector()
def judge(reading: Reading, bank_id: int | None, keep: Keep, tell: Tell) -> list[Judged]:
    """Every question that was read, with all doubts about it; compared with the bank, and with each other."""
    told: defaultdict[int, list[Doubt]] = defaultdict(list)
    for problem in reading.problems:
        if problem.question is not None:
            told[problem.question].append(doubt_of(problem))
    total, found = len(reading.drafts), []
    for place, draft in enumerate(reading.drafts):
        if place % AT_ONCE == 0:
            tell(JUDGING, place, total)
        if draft.files:
            tell(PICTURES, place, total)
        digests, doubts = with_pictures(draft, keep)
        draft.files = {}
        found.append(judge_one(draft, digests, [*told[place], *doubts]))
    tell(COMPARING, 0, total)
    return compare_with_bank(with_twins(found), bank_id)


def with_twins(questions: Sequence[Judged]) -> list[Judged]:
    """The same with a doubt where an earlier question of the file is alike."""
    alike = doubles_within([triples(one.parts) for one in questions])
    found = []
    for one, twin in zip(questions, alike, strict=True):
        if twin is not None:
            values: dict[str, str | int] = {"place": twin[0] + 1, "percent": twin[1] // 10}
            message = "Giống câu thứ %(place)s trong tệp, mức %(percent)s%%."
            doubt = Doubt(one.draft.line, "warning", message, values, "twin", "twin")
            one = replace(one, doubts=in_order([*one.doubts, doubt]))
        found.append(one)
    return found


def compare_with_bank(questions: Sequence[Judged], bank_id: int | None) -> list[Judged]:
    """The same with a doubt where a question of the bank is alike; where it is the very same, that is said."""
    if bank_id is None:
        return list(questions)
    doubles = find_doubles([bank_id], [one.parts for one in questions])
    same = bodies_of([double.question_id for double in doubles if double and double.similarity == 1000])
    found = []
    for one, double in zip(questions, doubles, strict=True):
        if double is None:
            found.append(one)
            continue
        draft = one.draft
        is_known = same.get(double.question_id) == (draft.type, draft.text, draft.body)
        values: dict[str, str | int] = {"code": double.code, "percent": double.similarity // 10}
        message = "Giống câu %(code)s trong ngân hàng, mức %(percent)s%%."
        if is_known:
            values, message = (
                {"code": double.code},
                "Câu %(code)s trong ngân hàng đã có đúng nội dung này, nên câu này được bỏ qua.",
            )
        doubt = Doubt(draft.line, "warning", message, values, "double", "bank")
        found.append(replace(one, doubts=in_order([*one.doubts, doubt]), double=double, is_known=is_known))
    return found
