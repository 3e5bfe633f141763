"""Whether a person may attend a class, with the reason for each refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from elearn.classes.rules.programmes import Terms
from elearn.members.rules.people import KINDS


@dataclass(frozen=True)
class Reason:
    """Why not: a Vietnamese source message and what fills its places."""

    key: str
    message: str
    values: tuple[tuple[str, object], ...] = ()

    @property
    def words(self) -> str:
        return self.message % dict(self.values) if self.values else self.message


@dataclass(frozen=True)
class Busy:
    """Another class that a person attends or is to attend, with its first and last day."""

    title: str
    first: date
    last: date


@dataclass(frozen=True)
class Person:
    """What the conditions ask about somebody. `birth_precision` is year, month or day; `certificates` are (kind, in force until)."""

    member_id: int
    kind: str
    birth_date: date | None = None
    birth_precision: str = ""
    certificates: tuple[tuple[str, date | None], ...] = ()
    classes: tuple[Busy, ...] = field(default=())
    is_active: bool = True


def ages_possible(born: date, precision: str, on: date) -> tuple[int, int]:
    """The least and the greatest age on a day: one number where the day of birth is known."""
    if precision == "year":
        latest = date(born.year, 12, 31)
    elif precision == "month":
        latest = date(born.year + born.month // 12, born.month % 12 + 1, 1) - timedelta(days=1)
    else:
        latest = born

    def age(birth: date) -> int:
        return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))

    return age(latest), age(born)


def check(person: Person, terms: Terms, first: date, last: date) -> tuple[Reason, ...]:
    """Every reason against this person in a class from its first to its last day; none: they may attend.

    An age is refused only where no day of birth that is possible would do.
    """
    against: list[Reason] = []
    if not person.is_active:
        against.append(Reason("inactive", "tài khoản không còn hoạt động"))
    if terms.kinds and person.kind not in terms.kinds:
        against.append(Reason("kind", "không đúng đối tượng: đang là %(kind)s", (("kind", KINDS.get(person.kind, person.kind)),)))
    against += _age(person, terms, first)
    for kind, until in person.certificates:
        if terms.not_holding and kind == terms.not_holding and (until is None or until > first):
            against.append(
                Reason("certified", "đã có giấy chứng nhận còn hạn đến %(day)s", (("day", f"{until:%d/%m/%Y}"),))
                if until
                else Reason("certified", "đã có giấy chứng nhận còn giá trị")
            )
    if terms.refuse_overlap:
        against += _overlaps(person.classes, first, last)
    return tuple(against)


def _age(person: Person, terms: Terms, first: date) -> list[Reason]:
    if terms.age_from is None and terms.age_to is None:
        return []
    if person.birth_date is None:
        return [Reason("birth_unknown", "chưa có ngày sinh để xét tuổi")]
    least, most = ages_possible(person.birth_date, person.birth_precision, first)
    if terms.age_from is not None and most < terms.age_from:
        return [Reason("too_young", "mới %(age)s tuổi, yêu cầu từ %(limit)s", (("age", most), ("limit", terms.age_from)))]
    if terms.age_to is not None and least > terms.age_to:
        return [Reason("too_old", "đã %(age)s tuổi, yêu cầu không quá %(limit)s", (("age", least), ("limit", terms.age_to)))]
    return []


def _overlaps(classes: Sequence[Busy], first: date, last: date) -> list[Reason]:
    return [
        Reason(
            "overlap", "trùng thời gian với lớp %(title)s (%(first)s đến %(last)s)",
            (("title", one.title), ("first", f"{one.first:%d/%m/%Y}"), ("last", f"{one.last:%d/%m/%Y}")),
        )
        for one in classes
        if one.first <= last and first <= one.last
    ]  # fmt: skip
