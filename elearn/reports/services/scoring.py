"""Officers set the criteria of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.reports.models import ScoreCriterion
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


def _plain(one: Criterion) -> dict[str, str]:
    return {"source": one.source, "title": one.title, "weight": f"{one.weight:f}"}
