"""What features above tell marking: whose work a script is, and what its mark means to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Marked:
    """A script that has got its final mark, or another one after that."""

    origin: str
    origin_id: int
    slot: int
    mark: Decimal
    comments: tuple[str, ...]
    by: tuple[int, str]
    at: datetime


owners: dict[str, Callable[[int], int | None]] = {}
"""By origin: given the id there, the member whose work it is, so that nobody marks their own; never shown."""

after_marked: dict[str, Callable[[Session, Marked], None]] = {}
"""By origin: called inside the transaction that settles a script."""

named: list[Callable[[], Select[Any]]] = []
"""Statements that give (pile, member id): who marks a pile by name. Where anybody is named, nobody else marks it."""
