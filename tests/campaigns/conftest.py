"""A campaign of the province for its communes and all its people, announced, with three things to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert, select

from elearn.campaigns import services
from elearn.campaigns.models import Campaign
from elearn.campaigns.rules.audience import Audience
from elearn.core.db import db
from elearn.courses.models import Course, CourseEdition, Taking
from elearn.submissions.rules.assignments import FIVE_CLEAR_POINTS, ONE_TEXT, Kind

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
START = datetime(2026, 9, 1, tzinfo=UTC)
DUE = datetime(2026, 10, 31, 16, 59, tzinfo=UTC)
KIEN, DUNG = (4, "Đặng Trung Kiên"), (5, "Phan Đức Dũng")
PLAN = {"who": "Chi uỷ", "what": "Đọc mỗi tuần một bài", "when": "Trước 30/11", "responsibility": "Bí thư", "result": "12 buổi"}


@pytest.fixture(autouse=True)
def at_the_hour():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def make_course() -> int:
    """A published course with one edition."""
    connection = db.session.connection(execution_options={"is_write": True})
    course_id = connection.execute(
        insert(Course).values(code="nq-xiv", unit_id=1, edition_number=1, is_published=True, position=1)
    ).inserted_primary_key[0]
    values = {"course_id": course_id, "number": 1, "digest": "x" * 64, "title": "Nghị quyết Đại hội XIV", "created_at": NOW}
    connection.execute(insert(CourseEdition).values(**values))
    db.session.commit()
    return course_id


def complete(*member_ids: int, at: datetime = NOW) -> None:
    """These people have completed the course."""
    edition_id = db.session.scalar(select(CourseEdition.id))
    db.session.rollback()
    connection = db.session.connection(execution_options={"is_write": True})
    for one in member_ids:
        values = {"member_id": one, "edition_id": edition_id, "started_at": START, "last_read_at": at, "completed_at": at}
        connection.execute(insert(Taking).values(**values))
    db.session.commit()


@dataclass(frozen=True)
class Run:
    """Ids of a campaign and of what it asks."""

    id: int
    plans: int
    essays: int
    course: int

    @property
    def row(self) -> Campaign:
        return db.session.get(Campaign, self.id)

    def requirement(self, requirement_id: int):
        return next(one for one in self.row.requirements if one.id == requirement_id)


def spec(**more) -> services.CampaignSpec:
    values = {
        "title": "Học tập Nghị quyết Đại hội XIV", "unit_id": 1, "starts_at": START, "due_at": DUE,
        "audience": Audience(unit_kinds=("commune",), member_kinds=("official",)), "decision": "15-KH/TU",
    }  # fmt: skip
    return services.CampaignSpec(**{**values, **more})


@pytest.fixture
def prepared(app) -> Run:
    """Not announced yet, its list not taken."""
    made = services.make_campaign(KIEN, spec(course_id=make_course()), NOW)
    plan = services.RequirementSpec("submission", "unit", "Kế hoạch làm theo Bác", DUE, fields=FIVE_CLEAR_POINTS)
    essay = services.RequirementSpec(
        "submission", "member", "Bài thu hoạch", DUE, assignment_kind=Kind.ESSAY, fields=ONE_TEXT
    )  # fmt: skip
    course = services.RequirementSpec("course", "member", "Học xong khoá", DUE - timedelta(days=5))
    return Run(made, *(services.add_requirement(KIEN, made, one, NOW) for one in (plan, essay, course)))


@pytest.fixture
def running(prepared) -> Run:
    services.take_list(KIEN, prepared.id, NOW)
    services.announce(KIEN, prepared.id, NOW)
    return prepared
