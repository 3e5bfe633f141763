"""Opens two classes, one of the province and one of a ward, with learners in every state."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from elearn.classes.models import Enrolment
from elearn.classes.services import enrol_members, open_cohort, withdraw
from elearn.core.db import db
from elearn.courses.models import Course
from elearn.demo.services.learning import Edition, Reading
from elearn.demo.services.organisation import Known
from elearn.lib.periods import from_local, local


@dataclass(frozen=True)
class ClassPlan:
    """A class to be opened; `officer` is the login of who opens it."""

    code: str
    title: str
    course: str
    officer: str
    size: int
    is_of_ward: bool
    begun_days_ago: int
    due_in_days: int


def class_plans(now: datetime) -> tuple[ClassPlan, ClassPlan]:
    """The class of the province, and the one of the ward whose deadline is near."""
    month = f"{local(now):%m/%Y}"
    return (
        ClassPlan(
            f"BDNT-{local(now):%Y-%m}", f"Bồi dưỡng nhận thức về Đảng, khoá {month}", "boi-duong-nhan-thuc-ve-dang", "daotao1", 48,
            False, 21, 18,
        ),
        ClassPlan(
            f"QD37-{local(now):%Y-%m}", f"Quy định 37 và 144, phường Bình Minh, khoá {month}", "quy-dinh-37-va-144", "daotao2", 34,
            True, 12, 5,
        ),
    )  # fmt: skip


def plan_class(luck: random.Random, plan: ClassPlan, learners: Sequence[Known], edition: Edition, now: datetime) -> list[Reading]:
    """What the learners of a class have done: a fifth nothing yet, two fifths under way, some failed, the rest is through."""
    count = len(edition.parts)
    readings = []
    for person in learners:
        state = luck.random()
        if state < 0.2:
            continue
        done = luck.randrange(0, count) if state < 0.58 else count
        shares: tuple[float, ...] = ()
        if done == count and state >= 0.64:
            shares = (luck.uniform(0.45, 0.6),) if state < 0.74 else (luck.uniform(0.0, 0.3),)
        started_at = now - timedelta(days=plan.begun_days_ago * luck.uniform(0.3, 0.98))
        readings.append(Reading(person, started_at.replace(microsecond=0), done, shares))
    return readings


def open_class(plan: ClassPlan, learners: Sequence[Known], unit_id: int, officer: Known, now: datetime) -> None:
    """Open the class as its officer would have, enrol the learners, and take two of them off again."""
    actor = (officer.id, officer.name)
    opened_at = now - timedelta(days=plan.begun_days_ago)
    start, due = local(opened_at).date(), local(now).date() + timedelta(days=plan.due_in_days)
    course_id = db.session.scalars(select(Course.id).where(Course.code == plan.course)).one()
    cohort_id = open_cohort(
        actor, course_id, unit_id, plan.title, plan.code, from_local(datetime(start.year, start.month, start.day, 7)),
        from_local(datetime(due.year, due.month, due.day, 17)), opened_at,
    )  # fmt: skip
    enrol_members(actor, cohort_id, [person.id for person in learners], opened_at + timedelta(minutes=12))
    query = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id.desc()).limit(2)
    for number, reason in zip(
        db.session.scalars(query).all(), ("Chuyển công tác", "Xin học khoá sau vì lý do sức khoẻ"), strict=False
    ):
        withdraw(actor, number, reason, opened_at + timedelta(days=3))


def learners_of(
    luck: random.Random, plan: ClassPlan, people: Sequence[Known], ward_units: Mapping[int, object], guided: Sequence[Known]
) -> list[Known]:
    """Young people of the whole province, or people of the ward; the guided learners are among them."""
    pool = (
        [one for one in people if one.unit_id in ward_units]
        if plan.is_of_ward
        else [one for one in people if one.birth_year >= 1990]
    )
    return [*guided, *luck.sample(pool, min(len(pool), plan.size - len(guided)))]
