"""From attendance and marks to a proposed result, with the rule that gave it in words. Everything is exact; the mark is rounded once, at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from elearn.classes.rules.programmes import ATTENDANCE_UNITS, PARTS, TOP, Terms, grade_of
from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import format_number

HUNDREDTH = Decimal("0.01")
SHORTEST_REASON = 5


@dataclass(frozen=True)
class Figures:
    """What is known of a learner: attended of total (sessions or periods; None: not counted), marks of 10 by part, parts they need not do."""

    attended: Decimal | None = None
    total: Decimal | None = None
    marks: Mapping[str, Decimal] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """What the rules give. `missing` are parts without a mark; while there are any, or attendance is not counted, nothing is proposed."""

    mark: Decimal | None
    grade: str
    is_passed: bool
    why: str
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return bool(self.grade)


def weighted(terms: Terms, figures: Figures) -> Decimal | None:
    """The mark of 10, rounded half up to hundredths; None while a part lacks one. A part that one need not do passes its weight to the others."""
    parts = [part for part in terms.parts if part.kind not in figures.exempt]
    if any(part.kind not in figures.marks for part in parts):
        return None
    whole = sum((part.weight for part in parts), Decimal(0))
    if not whole:
        return None
    total = sum((figures.marks[part.kind] * part.weight for part in parts), Decimal(0))
    return (total / whole).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def attended_enough(terms: Terms, figures: Figures) -> bool | None:
    """Whether attendance reaches the rule, compared without rounding; None where it is not counted."""
    if figures.attended is None or not figures.total:
        return None
    return figures.attended * 100 >= terms.attendance_percent * figures.total


def attendance_words(terms: Terms, figures: Figures) -> str:
    """ "dự 18/20 buổi = 90%"; empty where it is not counted."""
    if figures.attended is None or not figures.total:
        return ""
    share = format_number(figures.attended * 100 / figures.total, 2).removesuffix(",00")
    unit = ATTENDANCE_UNITS[terms.attendance_by]
    return f"dự {format_number(figures.attended)}/{format_number(figures.total)} {unit} = {share}%"


def attendance_short(figures: Figures) -> str:
    """ "18/20 (90%)", for columns; empty where it is not counted."""
    if figures.attended is None or not figures.total:
        return ""
    share = format_number(figures.attended * 100 / figures.total, 2).removesuffix(",00")
    return f"{format_number(figures.attended)}/{format_number(figures.total)} ({share}%)"


def propose(terms: Terms, figures: Figures) -> Proposal:
    """The result that the rules give, and which rule gave it."""
    failed = terms.bands[-1].name
    words, enough, mark = attendance_words(terms, figures), attended_enough(terms, figures), weighted(terms, figures)
    limit = format_number(terms.attendance_percent)
    if enough is False:
        return Proposal(mark, failed, False, f"không đạt vì {words}, dưới {limit}%")
    missing = tuple(
        part.kind for part in terms.parts if part.kind not in figures.marks and part.kind not in figures.exempt
    )  # fmt: skip
    if enough is None and terms.attendance_percent > 0:
        missing = ("attended", *missing)
    if missing or mark is None:
        names = {**{kind: name.lower() for kind, name in PARTS.items()}, "attended": "số buổi dự"}
        lacking = ", ".join(names[kind] for kind in missing) or "điểm"
        return Proposal(mark, "", False, "; ".join(one for one in (words, f"còn thiếu {lacking}") if one), missing or ("test",))
    band = grade_of(mark, terms.bands)
    free = ", ".join(f"miễn {PARTS[part.kind].lower()}" for part in terms.parts if part.kind in figures.exempt)
    said = f"điểm {format_number(mark, 2)} → {band.name}"
    return Proposal(mark, band.name, band is not terms.bands[-1], "; ".join(one for one in (words, free, said) if one))


def is_pass(terms: Terms, grade: str) -> bool:
    """Whether a grade is above the lowest. Raises InvalidInput for one that the class does not know."""
    if grade not in [band.name for band in terms.bands]:
        raise InvalidInput("grade_unknown", "Hãy chọn xếp loại trong danh sách.", field="grade")
    return grade != terms.bands[-1].name


def check_change(proposed: str, grade: str, reason: str, name: str) -> None:
    """Raise InvalidInput where a decision differs from the proposal and gives no reason."""
    if grade != proposed and len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(
            "reason_needed", "%(name)s: kết luận khác với đề xuất thì phải ghi lý do, ít nhất %(n)s ký tự.",
            field="reason", name=name, n=SHORTEST_REASON,
        )  # fmt: skip


def participation_of(attended: Decimal, total: Decimal) -> Decimal:
    """The mark of 10 for taking part where nobody gave another: the share attended."""
    return (TOP * attended / total).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
