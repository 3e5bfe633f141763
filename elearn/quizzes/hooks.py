"""What quizzes tell others; the `wiring` of features fills these lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection


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
