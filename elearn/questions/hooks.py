"""What features above tell the banks of the questions that they use; their `wiring` fills these lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Use:
    """A paper, quiz or contest that names a version of a question, or may draw it. Words are ready to show.

    `is_live`: it is open or still to open. `attempts`: how many results stand that hold the question (lượt). `version`: number of the version
    that it holds, 0 where it draws whichever is in force.
    """

    title: str
    url: str
    detail: str = ""
    is_live: bool = False
    attempts: int = 0
    version: int = 0


@dataclass(frozen=True)
class Performance:
    """How a question did over all attempts that hold it: `facility` from 0 to 1, `discrimination` from −1 to 1; None: not defined."""

    attempts: int
    facility: Decimal | None = None
    discrimination: Decimal | None = None


uses: list[Callable[[Sequence[int]], Mapping[int, Sequence[Use]]]] = []
"""Given ids of questions: where each is used."""

performances: list[Callable[[Sequence[int]], Mapping[int, Performance]]] = []
"""Given ids of questions: how each did; one without results is left out."""


def uses_of(question_ids: Sequence[int]) -> dict[int, list[Use]]:
    """All uses by question, live ones first."""
    found: dict[int, list[Use]] = {number: [] for number in question_ids}
    for ask in uses:
        for number, told in ask(question_ids).items():
            found[number] += told
    return {number: sorted(told, key=lambda use: not use.is_live) for number, told in found.items()}


def performance_of(question_ids: Sequence[int]) -> dict[int, Performance]:
    """Performance by question, of those that have results."""
    found: dict[int, Performance] = {}
    for ask in performances:
        found.update(ask(question_ids))
    return found
