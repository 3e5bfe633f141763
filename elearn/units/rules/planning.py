"""Turns operations into edits, or says what stands against them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from elearn.units.rules.operations import Operation, Plan
from elearn.units.rules.organisation import Organisation


def plan(organisation: Organisation, operations: Sequence[Operation], kinds: Collection[str]) -> Plan:
    """What the operations come to, done one after the other; `kinds` are the codes of the kinds that there are."""
    raise NotImplementedError
