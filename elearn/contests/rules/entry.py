"""Who may enter a round, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from elearn.lib.errors import DomainError


@dataclass(frozen=True)
class Entrant:
    """What the rules of entry look at. `birth_date` is the first day of the month or year where the day is not known."""

    birth_date: date | None
    roles: frozenset[str]
    attempts_used: int = 0
    has_open_attempt: bool = False


@dataclass(frozen=True)
class EntryTerms:
    """The rules in force for a round; `age_day` is the first day of the contest."""

    opens_at: datetime
    closes_at: datetime
    attempt_limit: int
    minimum_age: int | None
    excluded_roles: Collection[str]
    age_day: date


def full_years(born: date, day: date) -> int:
    """Age in full years; somebody born on 29 February is a year older on 1 March of common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reason_against(entrant: Entrant, terms: EntryTerms, now: datetime) -> DomainError | None:
    """Why this person cannot start an attempt now; None where they can.

    A birthday known only by its year or month counts from the first day of it, as in official forms. Whoever has no birthday on file may
    enter: the organiser asks for it before handing out a prize. An attempt under way may always be continued while the round is open.
    """
    if now < terms.opens_at:
        return DomainError("round_not_open", "Vòng thi chưa mở. Hãy quay lại khi đến giờ.")
    if now >= terms.closes_at:
        return DomainError("round_closed", "Vòng thi đã đóng. Các lượt đã nộp vẫn được tính.")
    if entrant.roles & set(terms.excluded_roles):
        return DomainError("role_excluded", "Theo thể lệ, người tham gia tổ chức, ra đề hay thẩm định không dự thi.")
    if terms.minimum_age and entrant.birth_date and full_years(entrant.birth_date, terms.age_day) < terms.minimum_age:
        return DomainError(
            "too_young",
            "Cuộc thi dành cho người từ đủ %(age)s tuổi vào ngày khai mạc. Nếu ngày sinh trong hồ sơ sai, hãy báo đơn vị bạn sửa.",
            age=terms.minimum_age,
        )
    if entrant.attempts_used >= terms.attempt_limit and not entrant.has_open_attempt:
        return DomainError("attempts_used_up", "Bạn đã dùng hết %(limit)s lượt.", limit=terms.attempt_limit)
    return None
