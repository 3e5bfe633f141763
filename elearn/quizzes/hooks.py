"""What quizzes tell others; the `wiring` of features fills these lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Submitted:
    """An attempt whose marks are complete: just submitted, or just marked by the last examiner. Its mark may change again later."""

    attempt_id: int
    quiz_id: int
    member_id: int
    mark: Decimal
    max_mark: Decimal
    is_passed: bool | None
    submitted_at: datetime


after_submit: list[Callable[[Connection, Submitted], None]] = []
"""Called inside the transaction in which marks become complete, so that consequences are immediate. May be called again for an attempt
whose marks changed; not called for attempts that are not counted."""

way_back: list[Callable[[int, int], str | None]] = []
"""Given (quiz id, member id): address of the page to which a sitting belongs, or None where it is not theirs."""


beside_receipt: list[Callable[[int, datetime], Mapping[str, str]]] = []
"""Given (quiz id, moment of the writing): what stands beside a receipt in the answer to a save or a submission, names and texts of always
the same length. The same moment gives the same, so that repeating a request gives the same answer; it is asked at every save and must cost
next to nothing."""


def told_beside(quiz_id: int, at: datetime) -> dict[str, str]:
    """All that features put beside a receipt."""
    return {name: text for tell in beside_receipt for name, text in tell(quiz_id, at).items()}


@dataclass(frozen=True)
class Entrance:
    """The page through which alone a quiz may be started: its view and what stands in its address."""

    endpoint: str
    values: Mapping[str, Any]


entrances: list[Callable[[int], Entrance | None]] = []
"""Given a quiz id: where alone it may be started, because other rules hold there; None where it is not theirs. Such a quiz has no page
of its own."""


@dataclass(frozen=True)
class Regraded:
    """An attempt whose result a correction has changed, or its revocation: before and after."""

    attempt_id: int
    quiz_id: int
    member_id: int
    submitted_at: datetime
    mark_before: Decimal
    mark: Decimal
    max_mark: Decimal
    passed_before: bool | None
    is_passed: bool | None


@dataclass(frozen=True)
class Why:
    """Who changes results, when and for what reason."""

    by: tuple[int, str]
    at: datetime
    reason: str


@dataclass(frozen=True)
class Consequence:
    """What follows in one area, in words: Vietnamese source messages with %(name)s places. `names` are of people concerned, a few of them."""

    area: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    names: tuple[str, ...] = ()


after_regrade: list[Callable[[Session, Sequence[Regraded], Why], list[Consequence]]] = []
"""Called inside the transaction that changes results, after they were written: each feature changes what follows and says so in words.

A preview calls the same and takes everything back, so that what it tells is what will happen.
"""
