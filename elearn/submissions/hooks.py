"""What features above tell written work: where the thing that asks for it has its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The thing that asks: its name and the address of its page for officers."""

    title: str
    url: str


origins: dict[str, Callable[[int], Origin | None]] = {}
"""By origin: given the id there, the thing itself."""
