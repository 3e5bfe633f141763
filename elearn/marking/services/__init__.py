"""Handing scripts in, marking them, comparing them. The public names stand here."""

from __future__ import annotations

from elearn.marking.services.comparing import COMPARISON, compare_piles
from elearn.marking.services.scripts import (
    ScriptSpec,
    count_waiting,
    give_back,
    give_opinion,
    hand_in,
    hand_in_again,
    owner_of,
    reopen,
    settle,
    take_next,
)

__all__ = [
    "COMPARISON",
    "ScriptSpec",
    "compare_piles",
    "count_waiting",
    "give_back",
    "give_opinion",
    "hand_in",
    "hand_in_again",
    "owner_of",
    "reopen",
    "settle",
    "take_next",
]
