"""Loads the invented organisation: one transaction for what is invented, then the use cases that people would have used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, func, select

from elearn.audit.services import record
from elearn.core.db import db, read_connection, transaction
from elearn.demo.rules.calendar import Window, rounds_around
from elearn.demo.rules.chance import chance
from elearn.demo.rules.guided import GUIDED, commune_of
from elearn.demo.rules.people import invent_people
from elearn.demo.rules.places import PROVINCE, Place, lay_out
from elearn.demo.services.campaigns import run_campaign
from elearn.demo.services.classes import ClassPlan, class_plans, learners_of, open_class, plan_class
from elearn.demo.services.contests import (
    MOST_ENTRANTS,
    add_predictions,
    guided_plans,
    make_contest,
    plan_round,
    settle_past_round,
    write_entries,
)
from elearn.demo.services.learning import Edition, Reading, list_editions, plan_readings, write_readings
from elearn.demo.services.library import make_library
from elearn.demo.services.organisation import Known, check_empty, write_guided, write_people, write_units
from elearn.demo.services.programmes import make_programmes
from elearn.demo.services.quizzes import make_sampler
from elearn.demo.services.reports import make_criteria
from elearn.demo.services.writing import Tell, advance_sequences
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit

STEPS = ("Đơn vị", "Thành viên", "Khoá học", "Cuộc thi", "Lớp học và kết quả")


@dataclass(frozen=True)
class Size:
    """How large the organisation is to be, and the seed that decides all of it."""

    members: int
    units: int
    seed: int


@dataclass(frozen=True)
class Loaded:
    """What there is afterwards: units of today, people, attempts."""

    units: int
    members: int
    attempts: int


def refuse_unless_empty() -> None:
    """Raise DomainError where the database already holds members or a tree of units."""
    with read_connection() as connection:
        check_empty(connection)


def is_empty() -> bool:
    """True where nobody has an account yet."""
    with read_connection() as connection:
        return connection.scalar(select(Member.id).limit(1)) is None


def load_demo(size: Size, password_hash: str, now: datetime, tell: Tell) -> Loaded:
    """Load everything; the content must have been loaded before. Raises DomainError where the database is not empty."""
    seed = size.seed
    places, windows = lay_out(size.units, seed), rounds_around(now)
    with transaction() as session:
        connection = session.connection()
        check_empty(connection)
        unit_ids = write_units(connection, places)
        tell(STEPS[0], len(places), len(places))

        guided = write_guided(connection, places, unit_ids, password_hash, now, chance(seed, "guided"))
        others = max(0, size.members - len(guided))
        first = guided[-1].id + 1
        invented = invent_people(others, first, places, local_day(now), seed)
        people = write_people(connection, invented, places, unit_ids, password_hash, now, lambda done: tell(STEPS[1], done, others))
        advance_sequences(connection, Member)

        named = dict(zip((account.login for account in GUIDED), guided, strict=True))
        editions = list_editions(connection)
        plans = plan_readings(chance(seed, "readings"), people, editions, now)
        classes = _plan_classes(places, unit_ids, people, named, editions, plans, now, seed)
        _add_guided_readings(named, editions, plans, now)
        total, done = sum(len(readings) for readings in plans.values()), 0
        for code, readings in plans.items():
            tell_more = partial(_tell_on, tell, STEPS[2], done, total)
            write_readings(connection, editions[code], readings, chance(seed, f"reading|{code}"), now, tell_more)
            done += len(readings)

        rounds = [(found.id, found.quiz.id) for found in make_contest(session, unit_ids[0], windows, now, chance(seed, "seals"))]
        make_sampler(session, unit_ids[0], named["bientap1"].id, named["thamdinh1"].id, now)
        if rounds:
            _write_rounds(connection, rounds, windows, people, named, now, seed, tell)
    for step, (plan, learners, unit_id) in enumerate(classes, start=1):
        open_class(plan, learners, unit_id, named[plan.officer], now)
        tell(STEPS[4], step, len(classes) + 1)
    make_programmes(named["daotao1"], [named["hocvien1"], named["hocvien2"]], unit_ids[0], chance(seed, "programmes"), now)
    make_criteria((unit_ids[0], PROVINCE), named["daotao1"], now)
    run_campaign(unit_ids[0], named["daotao1"], chance(seed, "campaign"), now)
    make_library(unit_ids[0], named["bientap1"], chance(seed, "library"), now)
    if rounds:
        settle_past_round(rounds[0][0], windows[0], named["cuocthi1"], named["quantri1"])
    with transaction() as session:
        after = {"members": size.members, "seed": seed}
        record(session, now, (None, "Hệ thống"), "load_demo", ("unit", unit_ids[0], PROVINCE), after=after)
    tell(STEPS[4], len(classes) + 1, len(classes) + 1)
    return _counted()


def _tell_on(tell: Tell, step: str, before: int, total: int, done: int) -> None:
    tell(step, before + done, total)


def _plan_classes(
    places: list[Place], unit_ids: list[int], people: list[Known], named: dict[str, Known], editions: dict[str, Edition],
    plans: dict[str, list[Reading]], now: datetime, seed: int,
) -> list[tuple[ClassPlan, list[Known], int]]:  # fmt: skip
    """The classes with their learners; what these do replaces what was planned for them in that course."""
    ward = commune_of(places)
    below = {ward.number}
    below |= {place.number for place in places if place.parent in below}
    below |= {place.number for place in places if place.parent in below}
    ward_units = {unit_ids[number]: number for number in below}
    found = []
    for plan in class_plans(now):
        if plan.course not in editions:
            continue
        luck = chance(seed, f"class|{plan.course}")
        learners = learners_of(luck, plan, people, ward_units, [named["hocvien1"], named["hocvien2"]])
        ids = {person.id for person in learners}
        plans[plan.course] = [one for one in plans[plan.course] if one.person.id not in ids]
        plans[plan.course] += plan_class(luck, plan, learners[2:], editions[plan.course], now)
        found.append((plan, learners, unit_ids[ward.number if plan.is_of_ward else 0]))
    return found


def _add_guided_readings(
    named: dict[str, Known], editions: dict[str, Edition], plans: dict[str, list[Reading]], now: datetime
) -> None:
    """The guided learners: one course completed, one under way in a class, one begun by themselves."""
    days = timedelta(days=1)
    chosen = (
        ("hocvien1", "hoc-tap-lam-theo-bac", 34, 99, (0.1,)),
        ("hocvien1", "boi-duong-nhan-thuc-ve-dang", 15, 3, ()),
        ("hocvien1", "cac-ky-dai-hoi-dang", 9, 2, ()),
        ("hocvien2", "bon-nghi-quyet-tru-cot", 40, 99, (0.5, 0.2)),
        ("hocvien2", "quy-dinh-37-va-144", 8, 2, ()),
        ("hocvien2", "cac-ky-dai-hoi-dang", 20, 99, ()),
    )
    for login, code, days_ago, lessons, shares in chosen:
        if code in editions:
            done = min(lessons, len(editions[code].parts))
            plans[code].append(Reading(named[login], (now - days_ago * days).replace(microsecond=0), done, shares))


def _write_rounds(
    connection: Connection,
    rounds: list[tuple[int, int]],
    windows: list[Window],
    people: list[Known],
    named: dict[str, Known],
    now: datetime,
    seed: int,
    tell: Tell,
) -> None:
    """The past round with a prize for the first guided learner, and the running one."""
    learners = [named["hocvien1"], named["hocvien2"]]
    near: tuple[dict[int, int], dict[int, int]] = ({learners[0].id: 4, learners[1].id: -37}, {})
    for turn, share in enumerate((0.22, 0.14)):
        luck = chance(seed, f"round|{turn}")
        plans = plan_round(luck, people, share, MOST_ENTRANTS[turn], windows[turn], now)
        plans += guided_plans(learners, turn, windows[turn], now)
        add_predictions(luck, plans, near[turn])
        write_entries(connection, rounds[turn], plans, luck)
        tell(STEPS[3], turn + 1, 2)


def _counted() -> Loaded:
    def count(query: object) -> int:
        return db.session.scalar(query) or 0  # type: ignore[call-overload]

    units = count(select(func.count()).select_from(Unit).where(Unit.valid_to.is_(None)))
    return Loaded(units, count(select(func.count()).select_from(Member)), count(select(func.count()).select_from(Attempt)))
