"""A study campaign of the province that is under way: plans of units and of people, some late, some returned, some exempt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from elearn.campaigns.models import Requirement
from elearn.campaigns.rules.audience import Audience
from elearn.campaigns.services import CampaignSpec, RequirementSpec, add_requirement, announce, make_campaign, take_list
from elearn.core.db import db
from elearn.courses.models import Course
from elearn.demo.rules.plans import EXEMPTIONS, RETURNS, invent_plan
from elearn.demo.services.organisation import Known
from elearn.lib.periods import from_local, local
from elearn.library.models import Document
from elearn.submissions import services as submissions
from elearn.submissions.models import AssignmentTarget
from elearn.submissions.rules.assignments import FIVE_CLEAR_POINTS

COURSE = "bon-nghi-quyet-tru-cot"
UNIT_KINDS = ("provincial_body", "ward", "commune")
MOST_WRITERS = 60
"""Units, and people, whose writing is invented; of a larger organisation the rest has not written yet."""


def run_campaign(unit_id: int, officer: Known, luck: random.Random, now: datetime) -> None:
    """Make and announce it as its officer would have, then let some of those asked hand in, and the officer review."""
    actor = (officer.id, officer.name)
    opened_at = now - timedelta(days=24)
    course_id = db.session.scalar(select(Course.id).where(Course.code == COURSE))
    documents = db.session.scalars(select(Document.id).where(Document.number.in_(("57-NQ/TW", "59-NQ/TW", "66-NQ/TW", "68-NQ/TW"))))
    spec = CampaignSpec(
        title=f"Học tập bốn nghị quyết trụ cột và làm theo Bác năm {local(now).year}",
        unit_id=unit_id, starts_at=_day(opened_at, time(0)), due_at=_day(now + timedelta(days=14)),
        audience=Audience(unit_kinds=UNIT_KINDS, member_kinds=("cadre",)),
        goal="Mỗi tập thể và mỗi cán bộ có kế hoạch 5 rõ: rõ người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ kết quả. Cán bộ học xong khoá học của đợt.",
        decision="15-KH/TU", decided_on=local(opened_at).date() - timedelta(days=6), course_id=course_id, document_ids=tuple(documents),
    )  # fmt: skip
    campaign_id = make_campaign(actor, spec, opened_at)
    due_at = _day(now - timedelta(days=4))
    plans = RequirementSpec("submission", "unit", "Kế hoạch làm theo Bác của tập thể", due_at, fields=FIVE_CLEAR_POINTS)
    own = RequirementSpec(
        "submission", "member", "Kế hoạch làm theo Bác của cá nhân", _day(now + timedelta(days=5)), fields=FIVE_CLEAR_POINTS
    )
    asked = [add_requirement(actor, campaign_id, one, opened_at) for one in (plans, own)]
    if course_id is not None:
        add_requirement(
            actor, campaign_id, RequirementSpec("course", "member", "Học xong khoá bốn nghị quyết", spec.due_at), opened_at
        )
    take_list(actor, campaign_id, opened_at + timedelta(hours=2))
    announce(actor, campaign_id, opened_at + timedelta(hours=3))
    for requirement_id, share in zip(asked, (0.74, 0.56), strict=True):
        _hand_in(requirement_id, share, actor, luck, opened_at, now)


def _day(moment: datetime, at: time = time(23, 59)) -> datetime:
    return from_local(datetime.combine(local(moment).date(), at))


def _hand_in(
    requirement_id: int, share: float, actor: tuple[int, str], luck: random.Random, opened_at: datetime, now: datetime
) -> None:
    """A share of those asked hand in, the last of them late; of these most are accepted, a few are returned; two are exempt."""
    requirement = db.session.get_one(Requirement, requirement_id)
    due_at, assignment_id, is_of_unit = requirement.due_at, requirement.assignment_id, requirement.asked_of == "unit"
    every = _targets(assignment_id)
    chosen = luck.sample(every, min(len(every), MOST_WRITERS))
    count = round(len(chosen) * share)
    for number, (target_id, member_id, name) in enumerate(chosen[:count]):
        writer = actor if is_of_unit or member_id is None else (member_id, name)
        is_late = due_at < now and number < max(1, count // 10)
        span = (now - due_at) if is_late else (min(due_at, now) - opened_at)
        begun = due_at if is_late else opened_at
        at = (begun + span * luck.uniform(0.2, 0.95)).replace(microsecond=0)
        submissions.save_draft(writer, target_id, invent_plan(luck), 0, at)
        submissions.hand_in(writer, target_id, at)
        luck_of_review = luck.random()
        reviewed_at = at + (now - at) * 0.5
        if luck_of_review < 0.6:
            submissions.accept(actor, target_id, reviewed_at)
        elif luck_of_review < 0.72:
            submissions.return_(actor, target_id, luck.choice(RETURNS), reviewed_at)
    for target_id, member_id, name in chosen[count : count + 3]:
        submissions.save_draft(
            actor if member_id is None else (member_id, name),
            target_id,
            {"who": invent_plan(luck)["who"]},
            0,
            now - timedelta(days=2),
        )
    for (target_id, _, _), reason in zip(chosen[-2:], EXEMPTIONS, strict=False):
        submissions.exempt(actor, target_id, reason, opened_at + timedelta(days=5))


def _targets(assignment_id: int | None) -> Sequence[tuple[int, int | None, str]]:
    query = select(AssignmentTarget.id, AssignmentTarget.member_id, AssignmentTarget.name)
    rows = db.session.execute(query.where(AssignmentTarget.assignment_id == assignment_id).order_by(AssignmentTarget.id))
    return [(row[0], row[1], row[2]) for row in rows]
