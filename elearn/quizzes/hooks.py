"""What features above may be told by quizzes; their `wiring` fills these lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection


@dataclass(frozen=True)
class Submitted:
    """An attempt that has just been submitted and marked."""

    attempt_id: int
    quiz_id: int
    member_id: int
    mark: Decimal
    max_mark: Decimal
    is_passed: bool | None
    submitted_at: datetime


after_submit: list[Callable[[Connection, Submitted], None]] = []
"""Called inside the transaction of the submission, so that consequences are immediate."""

way_back: list[Callable[[int, int], str | None]] = []
"""Given (quiz id, member id): address of the page to which a sitting belongs, or None where it is not theirs."""
