"""Sets the criteria by which the province scores its units this year."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from elearn.demo.services.organisation import Known
from elearn.lib.periods import local_day
from elearn.reports.queries import list_sources
from elearn.reports.rules.scoring import Criterion
from elearn.reports.services.scoring import set_criteria


def make_criteria(unit: tuple[int, str], officer: Known, now: datetime) -> None:
    """All sources that there are, of equal weight as far as whole points go; the first takes the rest."""
    sources = list_sources()
    each, rest = divmod(100, len(sources))
    criteria = [
        Criterion(source, name, Decimal(each + (rest if place == 0 else 0))) for place, (source, name) in enumerate(sources.items())
    ]
    set_criteria((officer.id, officer.name), unit, local_day(now).year, criteria, list(sources), now - timedelta(days=30))
