"""What features above tell written work: where the thing that asks for it has its page, and whether it asks at a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Origin:
    """The thing that asks: its name and the address of its page for officers."""

    title: str
    url: str


origins: dict[str, Callable[[int], Origin | None]] = {}
"""By origin: given the id there, the thing itself."""

asking: dict[str, Callable[[int, datetime], bool]] = {}
"""By origin: given the id there, whether the thing asks at a moment: announced, begun and not over. Without an entry it always does."""


def is_asking(origin: str, origin_id: int, now: datetime) -> bool:
    """Whether written work for a thing is asked for, and taken, at a moment."""
    asks = asking.get(origin)
    return asks is None or asks(origin_id, now)
