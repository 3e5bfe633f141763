"""From which part of a blueprint a question of a paper came, told from what the question is filed under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Filed:
    """Where a question stands: its bank, level, shelf (path) and tags (folded)."""

    question_id: int
    bank_id: int
    level: str
    category: str
    tags: frozenset[str]


def part_of(question: Filed, blueprint: Sequence[Mapping[str, Any]], paths: Mapping[int, str]) -> int | None:
    """Place of the part in a paper, section after section; a part that names the question goes before those that may draw it.

    None where no part fits any more. `paths` are those of the categories that the blueprint names.
    """
    order = sorted(range(len(blueprint)), key=lambda place: (blueprint[place].get("section", 0), place))
    for place, index in enumerate(order):
        if blueprint[index].get("question") == question.question_id:
            return place
    for place, index in enumerate(order):
        if "question" not in blueprint[index] and _fits(question, blueprint[index], paths):
            return place
    return None


def _fits(question: Filed, part: Mapping[str, Any], paths: Mapping[int, str]) -> bool:
    shelf = paths.get(part.get("category", 0), "")
    return (
        part.get("bank") == question.bank_id
        and (not part.get("level") or part["level"] == question.level)
        and (not shelf or question.category == shelf or question.category.startswith(f"{shelf} / "))
        and set(part.get("tags") or ()) <= question.tags
    )


def parts_of(questions: Sequence[Filed], blueprint: Sequence[Mapping[str, Any]], paths: Mapping[int, str]) -> list[int]:
    """A part for each question; all of them one part where some question fits nowhere."""
    found = [part_of(question, blueprint, paths) for question in questions]
    return [0 if None in found or part is None else part for part in found]
