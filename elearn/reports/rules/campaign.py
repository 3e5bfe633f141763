"""The report of a study campaign in the sentences of such reports: how many of how many have done what, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from elearn.reports.rules.sentences import as_of, done_of, left, sentence, short_day
from elearn.reports.rules.written import Column, Missing, Sheet, Written, percent


@dataclass(frozen=True)
class Part:
    """A unit with all below it: of how many something is asked, how many have done it."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class Asked:
    """One thing that the campaign asks: `kind` is course, event or submission, `asked_of` unit or member."""

    title: str
    kind: str
    asked_of: str
    due_on: date
    parts: tuple[Part, ...]
    done: int
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class CampaignFacts:
    """A campaign as seen from one unit on a day. `decision` is its plan in words ("Kế hoạch 15-KH/TU"); `taken_on` when its list was last taken."""

    title: str
    unit: str
    day: date
    decision: str
    documents: tuple[str, ...]
    taken_on: date | None
    asked: tuple[Asked, ...]
    more: tuple[str, ...] = ()
    """Further sentences, such as those on venue points and attendances (lượt)."""


# Who is asked, what it is to have done it, what it is not to have.
_WORDS = {
    ("event", "unit"): ("cấp uỷ", "đã tổ chức", "chưa báo cáo"),
    ("submission", "unit"): ("tập thể", "đã nộp", "chưa nộp"),
    ("submission", "member"): ("cá nhân", "đã nộp", "chưa nộp"),
    ("course", "member"): ("người", "đã học xong", "chưa học xong"),
}


def words_of(asked: Asked) -> tuple[str, str, str]:
    """Who, done, not done."""
    return _WORDS.get((asked.kind, asked.asked_of), ("đơn vị" if asked.asked_of == "unit" else "người", "đã xong", "chưa xong"))


def asked_sentence(asked: Asked) -> str:
    """ "Tổ chức học tập: 116/121 cấp uỷ đã tổ chức (95,87%), còn 05 cấp uỷ chưa báo cáo"."""
    who, done, not_done = words_of(asked)
    if not asked.total:
        return sentence(f"{asked.title}: {done_of(0, 0, who, done)}")
    return sentence(f"{asked.title}: {done_of(asked.done, asked.total, who, done)}, {left(asked.done, asked.total, who, not_done)}")


def opening(of: CampaignFacts) -> str:
    """When, by which plan, what was studied, on which list."""
    said = f"{as_of(of.day)}, thực hiện {of.decision or 'kế hoạch'}, {of.unit} triển khai “{of.title}”"
    if of.documents:
        said += f"; văn bản học tập: {', '.join(of.documents)}"
    if of.taken_on:
        said += f" (danh sách giao chốt ngày {short_day(of.taken_on)})"
    return sentence(said)


def sheet_of(asked: Asked) -> Sheet:
    """A row a unit."""
    _, done, not_done = words_of(asked)
    columns = (
        Column("STT", "count", 1), Column("Đơn vị", share=6), Column("Được giao", "count"), Column(done.capitalize(), "count"),
        Column(not_done.capitalize(), "count"), Column("Tỷ lệ (%)", "percent"),
    )  # fmt: skip
    rows = tuple(
        (number, one.name, one.total, one.done, one.total - one.done, percent(one.done, one.total))
        for number, one in enumerate(asked.parts, start=1)
    )
    total = (None, "Cộng", asked.total, asked.done, asked.total - asked.done, percent(asked.done, asked.total))
    return Sheet(asked.title, columns, rows, total, f"Hạn: {short_day(asked.due_on)}.")


def missing_of(asked: Asked) -> Missing | None:
    """Names of those who have not done it; None where all have."""
    who, _, not_done = words_of(asked)
    if not asked.missing:
        return None
    return Missing(f"{asked.title}: {left(asked.done, asked.total, who, not_done)}", asked.missing)


def write(of: CampaignFacts) -> Written:
    """The whole report."""
    sentences: Sequence[str] = (opening(of), *(asked_sentence(one) for one in of.asked), *of.more)
    lists = tuple(one for asked in of.asked if (one := missing_of(asked)))
    return Written(of.title, of.day, of.unit, tuple(sentences), tuple(sheet_of(one) for one in of.asked), lists)
