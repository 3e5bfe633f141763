"""Who may enter a round, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from elearn.contests.rules.settings import MOST_ATTEMPTS, ContestSettings, RoundSettings
from elearn.lib.errors import DomainError
from elearn.lib.periods import local_day


@dataclass(frozen=True)
class Entrant:
    """What the rules of entry look at. `birth_date` is the first day of the month or year where the day is not known.

    `has_written`: wrote or reviewed a question that may be asked. `has_advanced`: is among those who go on from an earlier round.
    `is_registered`: has an account, or registered for this contest without one.
    """

    birth_date: date | None
    roles: frozenset[str]
    attempts_used: int = 0
    has_open_attempt: bool = False
    kind: str = "official"
    unit_ids: frozenset[int] = frozenset()
    has_written: bool = False
    has_advanced: bool = True
    is_disqualified: bool = False
    is_registered: bool = True


@dataclass(frozen=True)
class EntryTerms:
    """The rules in force for a round; `first_day` is the first day of the contest, `quiz_id` None for a round without a paper."""

    round_id: int
    contest_id: int
    quiz_id: int | None
    opens_at: datetime
    closes_at: datetime
    attempt_limit: int
    first_day: date
    settings: ContestSettings = field(default_factory=ContestSettings)
    own: RoundSettings = field(default_factory=RoundSettings)


def full_years(born: date, day: date) -> int:
    """Age in full years; somebody born on 29 February is a year older on 1 March of common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def scopes_of(terms: EntryTerms, now: datetime) -> dict[str, int]:
    """Limits besides that of the round: attempts by scope, of the day on which `now` lies and of the whole contest."""
    found = {}
    if terms.settings.attempts_per_day is not None:
        found[f"day:{terms.contest_id}:{local_day(now).isoformat()}"] = terms.settings.attempts_per_day
    if terms.settings.attempts_per_contest is not None:
        found[f"contest:{terms.contest_id}"] = terms.settings.attempts_per_contest
    return found


def is_unlimited(limit: int) -> bool:
    """Whether a limit only stands for "as many as one likes"."""
    return limit >= MOST_ATTEMPTS


def reason_against(entrant: Entrant, terms: EntryTerms, now: datetime) -> DomainError | None:
    """Why this person cannot start an attempt now; None where they can.

    A birthday known only by its year or month counts from the first day of it, as in official forms. Whoever has no birthday on file may
    enter: the organiser asks for it before handing out a prize. An attempt under way may always be continued while the round is open.
    """
    if now < terms.opens_at:
        return DomainError("round_not_open", "Vòng thi chưa mở. Hãy quay lại khi đến giờ.")
    if now >= terms.closes_at:
        return DomainError("round_closed", "Vòng thi đã đóng. Các lượt đã nộp vẫn được tính.")
    if terms.own.hours and not any(hours.holds(now) for hours in terms.own.hours) and not entrant.has_open_attempt:
        return DomainError("outside_hours", "Ngoài giờ thi. Vòng thi chỉ nhận lượt mới trong các khung giờ ghi trong thể lệ.")
    refusal = _who(entrant, terms)
    if refusal is not None:
        return refusal
    if entrant.attempts_used >= terms.attempt_limit and not entrant.has_open_attempt:
        return DomainError("attempts_used_up", "Bạn đã dùng hết %(limit)s lượt.", limit=terms.attempt_limit)
    return None


def _who(entrant: Entrant, terms: EntryTerms) -> DomainError | None:
    rules = terms.settings
    if not entrant.is_registered:
        return DomainError("not_registered", "Bạn chưa đăng ký cuộc thi này. Hãy đăng ký ở trang cuộc thi.")
    if entrant.is_disqualified:
        return DomainError("disqualified", "Kết quả của bạn ở vòng này đã bị huỷ. Lý do ghi trong thông báo gửi bạn.")
    if entrant.roles & set(rules.excluded_roles) or (rules.excludes_writers and entrant.has_written):
        return DomainError("role_excluded", "Theo thể lệ, người tham gia tổ chức, ra đề hay thẩm định không dự thi.")
    if rules.unit_ids and not entrant.unit_ids & set(rules.unit_ids):
        return DomainError(
            "unit_not_invited", "Cuộc thi dành cho các đơn vị ghi trong thể lệ; đơn vị của bạn không nằm trong số đó."
        )
    if rules.member_kinds and entrant.kind not in rules.member_kinds:
        return DomainError(
            "kind_not_invited", "Cuộc thi dành cho các đối tượng ghi trong thể lệ; hồ sơ của bạn thuộc đối tượng khác."
        )
    if not entrant.has_advanced:
        return DomainError("not_advanced", "Vòng này dành cho những người được vào tiếp từ vòng trước.")
    return _age(entrant.birth_date, rules, terms.first_day)


def _age(born: date | None, rules: ContestSettings, first_day: date) -> DomainError | None:
    if born is None:
        return None
    years = full_years(born, rules.age_on or first_day)
    if rules.minimum_age and years < rules.minimum_age:
        return DomainError(
            "too_young",
            "Cuộc thi dành cho người từ đủ %(age)s tuổi vào ngày khai mạc. Nếu ngày sinh trong hồ sơ sai, hãy báo đơn vị bạn sửa.",
            age=rules.minimum_age,
        )
    if rules.maximum_age and years > rules.maximum_age:
        return DomainError("too_old", "Cuộc thi dành cho người đến hết %(age)s tuổi.", age=rules.maximum_age)
    if (rules.born_from and born < rules.born_from) or (rules.born_to and born > rules.born_to):
        return DomainError("birth_out_of_range", "Ngày sinh của bạn nằm ngoài khoảng ghi trong thể lệ.")
    return None
