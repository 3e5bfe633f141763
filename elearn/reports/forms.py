"""Forms of a year: a box of points for each source of the score, a box of learners for each programme; empty where it is not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import parse_scaled, parse_whole
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


def read_plans(sent: MultiDict[str, str], programme_ids: Sequence[int]) -> dict[int, int]:
    """Learners by programme as typed: `learners-<id>`. Raises InvalidInput naming the box."""
    found = {}
    for number in programme_ids:
        typed = sent.get(f"learners-{number}", "").strip()
        if not typed:
            continue
        try:
            found[number] = parse_whole(typed)
        except InvalidInput as refusal:
            raise InvalidInput(refusal.code, refusal.message, f"learners-{number}", **refusal.values) from refusal
    return found
