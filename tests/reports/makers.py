"""For every report: facts made so that it has something to say, and the officer of the cast who reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from elearn.campaigns.models import Requirement
from elearn.core.db import transaction
from elearn.members.models import Member
from elearn.reports.models import ClassPlan, ScoreCriterion
from elearn.submissions import services as submissions
from elearn.submissions.models import AssignmentTarget, SubmissionStep
from elearn.submissions.rules.assignments import FIVE_CLEAR_POINTS, AssignmentSpec, Kind
from elearn.units.models import Unit

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
FAIR = datetime(2026, 10, 14, 3, 32, tzinfo=UTC)
KIEN = (4, "Đặng Trung Kiên")


@dataclass(frozen=True)
class Maker:
    """Who reads, what makes the facts, and words that the report must then say."""

    officer: str
    make: Callable[[], None]
    says: tuple[str, ...]


def plans(asked_of: str = "unit") -> int:
    """Plans asked of the six units; Khu phố 5 handed in, Bình Minh a day late, Đông Hoà is exempt; returns the assignment's id."""
    spec = AssignmentSpec(
        origin="campaign", origin_id=1, kind=Kind.PLAN, asked_of=asked_of, title="Kế hoạch làm theo năm 2026", prompt="", unit_id=1,
        fields=FIVE_CLEAR_POINTS, takes_file=True, due_at=NOW + timedelta(days=2),
    )  # fmt: skip
    with transaction() as session:
        made = submissions.make_assignment(session, KIEN, spec, NOW)
        ids = select(Unit.id) if asked_of == "unit" else select(Member.id).where(Member.status == "active")
        submissions.take_targets(session, KIEN, made, ids, NOW)
        if asked_of == "unit":
            targets = {
                one.unit_id: one for one in session.scalars(select(AssignmentTarget).where(AssignmentTarget.assignment_id == made))
            }
            targets[3].state, targets[3].submitted_at = "accepted", NOW
            targets[2].state, targets[2].submitted_at, targets[2].late_days = "submitted", NOW, 1
            targets[5].exempted_at, targets[5].exempt_reason = NOW, "Mới thành lập"
    return made


def weights(**points: str) -> None:
    with transaction() as session:
        for place, (source, weight) in enumerate(points.items(), start=1):
            session.add(
                ScoreCriterion(
                    unit_id=1, year=2026, source=source, title=source, weight=Decimal(weight), place=place, set_at=NOW, set_by_id=4
                )
            )


def scorecard() -> None:
    plans()
    weights(written_done="60", written_in_time="40")


def week() -> None:
    """A round that three people sat four times, settled and published."""
    from tests.contests.conftest import Fair

    fair = Fair()
    fair.contest()
    for member_id, right in ((1, 4), (2, 4), (3, 3), (3, 2)):
        fair.sit(member_id, right, 2, now=FAIR + timedelta(hours=right))
    fair.publish()


def campaign() -> None:
    """A campaign of the province: plans of its two communes, one of them handed in; the course of its people, one of whom completed it."""
    from tests.campaigns import conftest as cast

    made = cast.services.make_campaign(KIEN, cast.spec(course_id=cast.make_course()), NOW)
    plan = cast.services.RequirementSpec("submission", "unit", "Kế hoạch làm theo Bác", cast.DUE, fields=FIVE_CLEAR_POINTS)
    course = cast.services.RequirementSpec("course", "member", "Học xong khoá", cast.DUE)
    plans_id, _ = (cast.services.add_requirement(KIEN, made, one, NOW) for one in (plan, course))
    cast.services.take_list(KIEN, made, NOW)
    cast.services.announce(KIEN, made, NOW)
    cast.complete(1)
    with transaction() as session:
        asked = session.get_one(Requirement, plans_id).assignment_id
        target = session.scalars(
            select(AssignmentTarget).where(AssignmentTarget.assignment_id == asked, AssignmentTarget.unit_id == 2)
        ).one()
        target.state, target.submitted_at = "submitted", NOW
        session.add(SubmissionStep(target_id=target.id, at=NOW, step="submitted", by_name="Phan Đức Dũng"))


def classes() -> None:
    """One class of this year for four people, with recognised results, and a plan of eight for the year."""
    from elearn.classes import services
    from elearn.classes.rules.programmes import Lesson, Part, Terms
    from tests.classes.test_half_year import finish_class, hold_class, invent

    terms = Terms("Bồi dưỡng nhận thức về Đảng", (Lesson("Bài 1", 5),), kinds=("outstanding",), parts=(Part("test", Decimal(100)),))
    programme = services.save_programme(KIEN, None, 1, "NTVD", terms, NOW - timedelta(days=90))
    starts_at = NOW - timedelta(days=40)
    cohort_id = hold_class(programme, 1, [invent("outstanding", 2, 3, 1000), invent("outstanding", 2, 6, 1002)], starts_at)
    finish_class(cohort_id, 1, starts_at + timedelta(days=8))
    with transaction() as session:
        session.add(ClassPlan(unit_id=1, year=2026, programme_id=programme, learners=8, set_at=NOW, set_by_id=4))


MAKERS = {
    "attendance": Maker("kien", classes, ("có 04 lượt học viên của 01 lớp, cộng", "buổi dự học")),
    "class_results": Maker(
        "kien",
        classes,
        ("Đảng bộ tỉnh An Sơn mở 01 lớp cho 04 học viên, đạt 50,00% kế hoạch năm.", "Đã công nhận kết quả 04 học viên"),
    ),
    "campaign": Maker(
        "kien",
        campaign,
        (
            "Tính đến ngày 20/10/2026, thực hiện Kế hoạch 15-KH/TU",
            "Kế hoạch làm theo Bác: 1/2 tập thể đã nộp (50,00%), còn 01 tập thể chưa nộp.",
            "Học xong khoá: 1/13 người đã học xong (7,69%), còn 12 người chưa học xong.",
            "Đảng bộ xã Đông Hoà",
        ),
    ),
    "contest_week": Maker("mai", week, ("03 người dự thi với 04 lượt", "Có 02 người trả lời đúng tất cả các câu hỏi, đạt 66,67%")),
    "written_work": Maker(
        "kien", lambda: plans() and None, ("3/6 tập thể đã nộp (50,00%), còn 03 tập thể chưa nộp", "01 nộp chậm", "01 được miễn")
    ),
    "scorecard": Maker("kien", scorecard, ("Tính đến ngày", "đã chấm điểm 02 đơn vị")),
}
