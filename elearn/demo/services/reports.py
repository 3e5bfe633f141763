"""Sets the criteria by which the province scores its units this year, and its plan of classes."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from elearn.core.db import db
from elearn.demo.services.organisation import Known
from elearn.lib.periods import local_day
from elearn.reports.queries import list_planned, list_sources
from elearn.reports.rules.scoring import Criterion
from elearn.reports.services.scoring import set_class_plans, set_criteria
from elearn.units.models import Unit

PLANNED = (120, 90, 60)
"""Learners of the year by programme, in the order of their names."""


def make_criteria(unit: tuple[int, str], officer: Known, now: datetime) -> None:
    """All sources that there are, of equal weight as far as whole points go, the first takes the rest; learners for each programme."""
    actor, year, at = (officer.id, officer.name), local_day(now).year, now - timedelta(days=30)
    sources = list_sources()
    each, rest = divmod(100, len(sources))
    criteria = [
        Criterion(source, name, Decimal(each + (rest if place == 0 else 0))) for place, (source, name) in enumerate(sources.items())
    ]
    set_criteria(actor, unit, year, criteria, list(sources), at)
    programmes = [number for number, _, _ in list_planned(db.session.get_one(Unit, unit[0]), year)]
    set_class_plans(actor, unit, year, dict(zip(programmes, PLANNED, strict=False)), programmes, at)
