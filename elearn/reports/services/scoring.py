"""Officers set the criteria and the plan of classes of a year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput
from elearn.reports.models import ClassPlan, ScoreCriterion
from elearn.reports.queries import list_criteria
from elearn.reports.rules.scoring import Criterion, check_criteria


def set_criteria(
    actor: tuple[int, str], unit: tuple[int, str], year: int, criteria: Sequence[Criterion], known: Sequence[str], now: datetime
) -> None:
    """Put the criteria of a year in the place of those it had; earlier years stay as they were. Raises InvalidInput."""
    check_criteria(criteria, known)
    with transaction() as session:
        before = [_plain(one) for one in list_criteria(unit[0], year)]
        session.execute(delete(ScoreCriterion).where(ScoreCriterion.unit_id == unit[0], ScoreCriterion.year == year))
        for place, one in enumerate(criteria, start=1):
            session.add(
                ScoreCriterion(
                    unit_id=unit[0],
                    year=year,
                    source=one.source,
                    title=one.title,
                    weight=one.weight,
                    place=place,
                    set_at=now,
                    set_by_id=actor[0],
                )
            )
        after = {"year": year, "criteria": [_plain(one) for one in criteria]}
        record(session, now, actor, "set_score_criteria", ("unit", *unit), before={"criteria": before}, after=after)


def set_class_plans(
    actor: tuple[int, str], unit: tuple[int, str], year: int, learners: Mapping[int, int], known: Collection[int], now: datetime
) -> None:
    """Put the plan of a year, learners by programme, in the place of the one it had. Raises InvalidInput."""
    if not set(learners) <= set(known) or any(count <= 0 for count in learners.values()):
        raise InvalidInput("learners", "Số học viên phải lớn hơn 0; để trống nếu không có kế hoạch.", "plans")
    with transaction() as session:
        session.execute(delete(ClassPlan).where(ClassPlan.unit_id == unit[0], ClassPlan.year == year))
        for programme_id, count in learners.items():
            session.add(
                ClassPlan(unit_id=unit[0], year=year, programme_id=programme_id, learners=count, set_at=now, set_by_id=actor[0])
            )
        record(session, now, actor, "set_class_plans", ("unit", *unit), after={"year": year, "learners": dict(learners)})


def _plain(one: Criterion) -> dict[str, str]:
    return {"source": one.source, "title": one.title, "weight": f"{one.weight:f}"}
