"""The settings of contests and of rounds: everything that organisers decide differently, as data that is frozen when a round opens.

Both read from and write to plain JSON, so that a contest can be stored, put into its archive and compared with another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, time
from typing import Any, Self

from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local

AUDIENCES = ("everybody", "members")
"""Everybody: entrants without an account too. Members: people with an account."""
COUNTED = ("best_correct", "best_score", "last", "first")
"""Which attempt of a person counts: most right answers then earliest, highest mark then earliest, the last, the first."""
METRICS = ("people_all_correct", "people", "attempts", "contest_people", "contest_attempts", "percent_all_correct")
"""What the prediction question asks for; its true value is worked out at the closing."""
PER_PERSON = ("none", "round", "contest")
"""How many prizes a person may get: any number, one a round, one in the whole contest."""
GIVEN = ("ranking", "units", "hand")
"""Who gets a prize: those who rank first, the units that rank first, whom the organiser names."""
KINDS = ("quiz", "written", "stage", "total")
"""A round is a quiz, written work that judges mark, a stage with judges, or the sum of other rounds."""
COMBINED = ("sum", "best")
UNIT_MEASURES = ("people", "attempts", "rate", "mean", "pass", "all_correct")
FIELDS = ("phone", "birth_date", "sex", "address", "unit")
"""What entrants without an account are asked for besides their name."""
MOST_ATTEMPTS = 1_000_000
"""Stands for "as many as one likes" where the database wants a limit."""
CHAIN_OF_KIND = {"written": ("highest_score", "earlier_submission"), "stage": ("highest_score",)}
"""Judged rounds have no right answers to count: what ranks them where the round says nothing of its own."""
DEFAULT_CHAIN = ("most_correct", "nearest_prediction", "shorter_time", "earlier_submission")


@dataclass(frozen=True)
class PrizeKind:
    """A kind of prize and how many of it are given; `amount` in đồng for each, 0 where none is stated."""

    title: str
    count: int
    title_en: str = ""
    amount: int = 0
    given: str = "ranking"


@dataclass(frozen=True)
class UnitFormula:
    """How units are scored: weights in percent by measure (see `rules.unit_scores`).

    `shrink_to`: the number of people that pulls small units to the mean. `pass_percent`: share of the marks that passes. `headcount_on`: day as of
    which headcounts are taken, by default the day of the close.
    """

    weights: Mapping[str, int] = field(default_factory=lambda: {"people": 100})
    shrink_to: int = 0
    pass_percent: int = 50
    headcount_on: date | None = None


@dataclass(frozen=True)
class UnitTarget:
    """What is asked of units in a round: at least `count` attempts or people; of all units where none are named."""

    count: int
    counts: str = "attempts"
    unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Hours:
    """Hours within a round in which attempts may be started: weekdays (0 Monday … 6 Sunday), from, to (half-open), local time."""

    days: tuple[int, ...]
    begin: time
    end: time

    def holds(self, now: datetime) -> bool:
        """Whether `now` lies within."""
        here = local(now)
        return here.weekday() in self.days and self.begin <= here.time() < self.end


@dataclass(frozen=True)
class Advance:
    """Who may enter a round: the first `top` of an earlier one, of each unit where `per` is "unit", of each group where it is "group"."""

    from_round: int
    top: int
    per: str = "all"


@dataclass(frozen=True)
class ContestSettings:
    """The rules of a contest. `minimum_age` and `maximum_age` are full years on `age_on`, by default the first day of the contest."""

    audience: str = "members"
    unit_ids: tuple[int, ...] = ()
    member_kinds: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    age_on: date | None = None
    born_from: date | None = None
    born_to: date | None = None
    excluded_roles: tuple[str, ...] = ()
    excludes_writers: bool = False
    asked: tuple[str, ...] = ("phone", "birth_date", "unit")
    attempts_per_day: int | None = None
    attempts_per_contest: int | None = None
    counted: str = "best_correct"
    criteria: tuple[str, ...] = DEFAULT_CHAIN
    prizes: tuple[PrizeKind, ...] = ()
    per_person: str = "contest"
    reserves: int = 0
    has_live_standings: bool = False
    freeze_minutes: int = 0
    objection_days: int = 0
    units: UnitFormula = field(default_factory=UnitFormula)
    unit_targets: tuple[UnitTarget, ...] = ()

    def store(self) -> dict[str, Any]:
        """As plain JSON; what equals the default is left out."""
        return _store(self)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From plain JSON. Raises InvalidInput naming the field that cannot be."""
        known = _known(cls, stored)
        if "prizes" in known:
            known["prizes"] = tuple(_part(PrizeKind, one, "prizes") for one in known["prizes"])
        if "units" in known:
            known["units"] = _part(UnitFormula, _with_day(known["units"]), "units")
        if "unit_targets" in known:
            known["unit_targets"] = tuple(_part(UnitTarget, one, "unit_targets") for one in known["unit_targets"])
        for name in ("age_on", "born_from", "born_to"):
            if known.get(name):
                known[name] = _day(known[name], name)
        return cls(**_tuples(known))


@dataclass(frozen=True)
class RoundSettings:
    """What a round decides for itself; criteria, prizes and counted attempt are those of the contest where not given.

    `leaves_out_extremes`: the highest and the lowest judge of a criterion on a stage do not count. `similar_from`: percent of likeness from
    which judges of written work are shown two works side by side.
    `public_draw` names a draw that others hold after the round has closed, e.g. the special prize of a state lottery on a named day; its
    result goes into the seed of drawn lots, so that nobody knows them before. Empty: the lots come from seed and log alone.
    """

    metric: str = ""
    hours: tuple[Hours, ...] = ()
    attempt_limit: int | None = None
    advance: Advance | None = None
    criteria: tuple[str, ...] | None = None
    prizes: tuple[PrizeKind, ...] | None = None
    counted: str | None = None
    sources: tuple[int, ...] = ()
    combined: str = "sum"
    leaves_out_extremes: bool = False
    similar_from: int = 30
    public_draw: str = ""

    def store(self) -> dict[str, Any]:
        """As plain JSON; what equals the default is left out."""
        stored = _store(self)
        if self.hours:
            stored["hours"] = [
                {"days": list(one.days), "begin": one.begin.isoformat("minutes"), "end": one.end.isoformat("minutes")}
                for one in self.hours
            ]
        return stored

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From plain JSON. Raises InvalidInput naming the field that cannot be."""
        known = _known(cls, stored)
        if "hours" in known:
            known["hours"] = tuple(_hours(one) for one in known["hours"])
        if known.get("advance"):
            known["advance"] = _part(Advance, known["advance"], "advance")
        if known.get("prizes") is not None:
            known["prizes"] = tuple(_part(PrizeKind, one, "prizes") for one in known["prizes"])
        return cls(**_tuples(known))


def within(contest: ContestSettings, settled: RoundSettings, kind: str = "quiz") -> ContestSettings:
    """The rules of the contest with what a round decides for itself, or its kind for it, put in their place."""
    own: dict[str, Any] = {name: getattr(settled, name) for name in ("criteria", "prizes", "counted")}
    own["criteria"] = own["criteria"] or CHAIN_OF_KIND.get(kind)
    own["counted"] = own["counted"] or ("best_score" if kind == "written" else None)
    return replace(contest, **{name: value for name, value in own.items() if value is not None})


def check_contest(settings: ContestSettings, criteria: Mapping[str, Any] | Any) -> None:
    """Raise InvalidInput naming the first thing that cannot be; `criteria` holds the keys that there are."""
    _one_of(settings.audience, AUDIENCES, "audience")
    _one_of(settings.counted, COUNTED, "counted")
    _one_of(settings.per_person, PER_PERSON, "per_person")
    check_chain(settings.criteria, criteria)
    check_prizes(settings.prizes)
    check_units(settings)
    for name in settings.asked:
        _one_of(name, FIELDS, "asked")
    if settings.minimum_age and settings.maximum_age and settings.minimum_age > settings.maximum_age:
        raise InvalidInput("bad_age", "Tuổi nhỏ nhất lớn hơn tuổi lớn nhất.", field="minimum_age")
    for name in ("attempts_per_day", "attempts_per_contest"):
        limit = getattr(settings, name)
        if limit is not None and not 1 <= limit <= MOST_ATTEMPTS:
            raise InvalidInput("bad_limit", "Số lượt phải từ 1 trở lên.", field=name)


def check_round(settings: RoundSettings, criteria: Any) -> None:
    """Raise InvalidInput naming the first thing that cannot be."""
    if settings.metric:
        _one_of(settings.metric, METRICS, "metric")
    if settings.counted is not None:
        _one_of(settings.counted, COUNTED, "counted")
    if settings.criteria is not None:
        check_chain(settings.criteria, criteria)
    if settings.prizes is not None:
        check_prizes(settings.prizes)
    if settings.attempt_limit is not None and not 1 <= settings.attempt_limit <= MOST_ATTEMPTS:
        raise InvalidInput("bad_limit", "Số lượt phải từ 1 trở lên.", field="attempt_limit")
    for hours in settings.hours:
        if hours.begin >= hours.end or not hours.days or not set(hours.days) <= set(range(7)):
            raise InvalidInput("bad_hours", "Khung giờ cần ít nhất một ngày trong tuần, và giờ mở trước giờ đóng.", field="hours")
    if settings.advance is not None:
        _one_of(settings.advance.per, ("all", "unit", "group"), "advance")
        if settings.advance.top < 1:
            raise InvalidInput("bad_advance", "Số người được vào vòng sau phải từ 1 trở lên.", field="advance")
    _one_of(settings.combined, COMBINED, "combined")
    if not 1 <= settings.similar_from <= 100:
        raise InvalidInput("bad_threshold", "Mức giống nhau phải từ 1 đến 100%.", field="similar_from")


def check_chain(chain: tuple[str, ...], criteria: Any) -> None:
    """Raise InvalidInput for criteria that do not exist, stand twice, or follow drawn lots, after which nothing is left to decide."""
    for key in chain:
        if key not in criteria:
            raise InvalidInput("no_criterion", "Không có tiêu chí xếp hạng “%(key)s”.", field="criteria", key=key)
    if not chain or len(set(chain)) != len(chain):
        raise InvalidInput("bad_criteria", "Các tiêu chí xếp hạng phải có và không lặp lại.", field="criteria")
    if "drawn_lots" in chain[:-1]:
        raise InvalidInput("lots_not_last", "Bốc thăm phải là tiêu chí cuối cùng.", field="criteria")


def check_units(settings: ContestSettings) -> None:
    """Raise InvalidInput for a formula whose weights do not make 100 %, an unknown measure, or a target that cannot be."""
    formula = settings.units
    for key in formula.weights:
        _one_of(key, UNIT_MEASURES, "units")
    if sum(formula.weights.values()) != 100 or any(weight <= 0 for weight in formula.weights.values()):
        raise InvalidInput("bad_weights", "Các trọng số phải dương và cộng lại đúng 100%.", field="units")
    if formula.shrink_to < 0 or not 0 <= formula.pass_percent <= 100:
        raise InvalidInput("bad_formula", "Số người kéo về trung bình không âm; mức đạt từ 0 đến 100%.", field="units")
    for target in settings.unit_targets:
        _one_of(target.counts, ("attempts", "people"), "unit_targets")
        if target.count < 1:
            raise InvalidInput("bad_target", "Chỉ tiêu phải từ 1 trở lên.", field="unit_targets")


def check_prizes(prizes: tuple[PrizeKind, ...]) -> None:
    """Raise InvalidInput for a prize without name or number, or a name that stands twice."""
    for prize in prizes:
        if not prize.title.strip() or prize.count < 1 or prize.amount < 0 or prize.given not in GIVEN:
            raise InvalidInput("bad_prize", "Mỗi loại giải cần tên và số lượng từ 1 trở lên.", field="prizes")
    if len({prize.title for prize in prizes}) != len(prizes):
        raise InvalidInput("prize_twice", "Hai loại giải trùng tên.", field="prizes")


def _one_of(value: str, allowed: tuple[str, ...], name: str) -> None:
    if value not in allowed:
        raise InvalidInput("bad_setting", "Thiết lập “%(name)s” không thể là “%(value)s”.", field=name, name=name, value=value)


def _store(settings: Any) -> dict[str, Any]:
    plain = type(settings)()
    told = asdict(settings)
    changed = {one.name: told[one.name] for one in fields(settings) if getattr(settings, one.name) != getattr(plain, one.name)}
    return {name: _plain(value) for name, value in changed.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def _known(kind: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    for name in stored:
        if name not in names:
            raise InvalidInput("unknown_setting", "Không có thiết lập “%(name)s”.", field=name, name=name)
    return dict(stored)


def _tuples(known: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}


def _part(kind: Any, stored: Any, name: str) -> Any:
    if not isinstance(stored, Mapping):
        raise InvalidInput("bad_setting", "Thiết lập “%(name)s” không thể là “%(value)s”.", field=name, name=name, value=stored)
    try:
        return kind(**_tuples(_known(kind, stored)))
    except TypeError as problem:
        raise InvalidInput("bad_setting", "Thiết lập “%(name)s” còn thiếu.", field=name, name=name) from problem


def _with_day(stored: Any) -> Any:
    if isinstance(stored, Mapping) and stored.get("headcount_on"):
        return {**stored, "headcount_on": _day(stored["headcount_on"], "headcount_on")}
    return stored


def _hours(stored: Mapping[str, Any]) -> Hours:
    try:
        return Hours(tuple(stored["days"]), time.fromisoformat(stored["begin"]), time.fromisoformat(stored["end"]))
    except (KeyError, TypeError, ValueError) as problem:
        raise InvalidInput(
            "bad_hours", "Khung giờ cần ít nhất một ngày trong tuần, và giờ mở trước giờ đóng.", field="hours"
        ) from problem


def _day(stored: Any, name: str) -> date:
    try:
        return date.fromisoformat(str(stored))
    except ValueError as problem:
        raise InvalidInput("bad_date", "“%(value)s” không phải là ngày.", field=name, value=stored) from problem
