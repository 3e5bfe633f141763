"""What corrections make of the questions of a paper. Versions stay as they are; marks are worked out with the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from elearn.quizzes.rules.grading import MARKING_VERSION, Item


@dataclass(frozen=True)
class Corrected:
    """A correction in force, as `Correction` of the models says it."""

    id: int
    version_id: int
    kind: str
    detail: Any


def apply_corrections(items_with_versions: Sequence[tuple[int, Item]], corrections: Sequence[Corrected]) -> list[Item]:
    """The items, (version id, item) each, with the corrections in their order; of two about the same thing the later one counts."""
    items = []
    for version_id, item in items_with_versions:
        for correction in corrections:
            if correction.version_id == version_id:
                item = corrected(item, correction)
        items.append(item)
    return items


def corrected(item: Item, correction: Corrected) -> Item:
    """One item after one correction."""
    detail = correction.detail
    if correction.kind in ("key", "accept"):
        return replace(item, body=detail["body"])
    if correction.kind == "weight":
        return replace(item, max=Decimal(detail["mark"]))
    is_given = detail["how"] == "give"
    return replace(item, is_given=is_given, is_dropped=not is_given)


def marking_name(corrections: Sequence[Corrected]) -> str:
    """By which rules marks were worked out: "2", or "2+7" with correction 7 as the last one."""
    return f"{MARKING_VERSION}+{corrections[-1].id}" if corrections else MARKING_VERSION
