"""What quizzes tell others; the `wiring` of features fills these lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

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


@dataclass(frozen=True)
class Written:
    """Written work of a submitted attempt that a person has to mark."""

    attempt_id: int
    slot: int
    quiz_id: int
    quiz_title: str
    unit_id: int
    version_id: int
    prompt: str
    """The question as sanitised HTML."""
    body: Any
    """What the type of the question says: rubric, guide, examiners, difference."""
    guide: str
    """What examiners are told, as sanitised HTML."""
    text: str
    files: tuple[dict[str, Any], ...]
    """{"name", "digest", "mimetype", "size"} each."""
    max_mark: Decimal
    at: datetime


after_submit: list[Callable[[Connection, Submitted], None]] = []
"""Called inside the transaction in which marks become complete, so that consequences are immediate. May be called again for an attempt
whose marks changed; not called for attempts that are not counted."""

hand_in: list[Callable[[Connection, Written], None]] = []
"""Called inside the transaction of a submission for each piece of work that waits for a person; what takes it gives the mark back by
`services.take_given_mark`."""

way_back: list[Callable[[int, int], str | None]] = []
"""Given (quiz id, member id): address of the page to which a sitting belongs, or None where it is not theirs."""
