"""The form of the criteria of a year: a box of points for each source, in which nothing stands where it is not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import parse_scaled
from elearn.reports.rules.scoring import Criterion


def read_criteria(sent: MultiDict[str, str], sources: Mapping[str, str]) -> Sequence[Criterion]:
    """Criteria as typed: `weight-<source>` and `title-<source>`. Raises InvalidInput naming the box."""
    found = []
    for source, usual in sources.items():
        typed = sent.get(f"weight-{source}", "").strip()
        if not typed:
            continue
        try:
            weight = Decimal(parse_scaled(typed, 2)) / 100
        except InvalidInput as refusal:
            raise InvalidInput(refusal.code, refusal.message, f"weight-{source}", **refusal.values) from refusal
        title = " ".join(sent.get(f"title-{source}", "").split())[:200]
        found.append(Criterion(source, title or usual, weight))
    return found
