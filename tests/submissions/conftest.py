"""An assignment of the province: plans by units, plans by people; due on 31 October."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.submissions import services
from elearn.submissions.models import AssignmentTarget
from elearn.submissions.rules.assignments import FIVE_CLEAR_POINTS, ONE_TEXT, AssignmentSpec, Kind
from elearn.units.models import Unit

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
DUE = datetime(2026, 10, 31, 16, 59, tzinfo=UTC)
KIEN, DUNG, HANH = (4, "Đặng Trung Kiên"), (5, "Phan Đức Dũng"), (1, "Trần Thị Hạnh")
PLAN = {"who": "Chi uỷ", "what": "Đọc mỗi tuần một bài", "when": "Trước 30/11", "responsibility": "Bí thư", "result": "12 buổi"}


@pytest.fixture(autouse=True)
def at_the_hour():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@dataclass(frozen=True)
class Asked:
    """Ids: the two assignments, and their targets by unit and by member."""

    plans: int
    essays: int

    def unit(self, unit_id: int) -> int:
        return db.session.scalar(
            select(AssignmentTarget.id).where(AssignmentTarget.assignment_id == self.plans, AssignmentTarget.unit_id == unit_id)
        )

    def member(self, member_id: int) -> int:
        return db.session.scalar(
            select(AssignmentTarget.id).where(
                AssignmentTarget.assignment_id == self.essays, AssignmentTarget.member_id == member_id
            )
        )


def target(target_id: int) -> AssignmentTarget:
    db.session.rollback()
    return db.session.get(AssignmentTarget, target_id)


def ask(spec: AssignmentSpec, ids) -> int:
    with transaction() as session:
        made = services.make_assignment(session, KIEN, spec, NOW)
        services.take_targets(session, KIEN, made, ids, NOW)
    return made


@pytest.fixture
def asked(app) -> Asked:
    """Plans of both communes, essays of the three learners."""
    plans = ask(
        AssignmentSpec("test", 1, Kind.PLAN, "unit", "Kế hoạch làm theo Bác 2026", 1, DUE, fields=FIVE_CLEAR_POINTS),
        select(Unit.id).where(Unit.id.in_([2, 5])),
    )
    essays = ask(
        AssignmentSpec("test", 1, Kind.ESSAY, "member", "Bài thu hoạch", 1, DUE, DUE + timedelta(days=10), fields=ONE_TEXT),
        select(Member.id).where(Member.id.in_([1, 2, 3])),
    )
    return Asked(plans, essays)
