"""What features above register: the work that runs in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol


class Cancelled(Exception):
    """The owner asked to stop, or another worker has taken over: leave off at once; what was committed stays."""


class Tell(Protocol):
    """Tells how far the work is; raises Cancelled where it is to stop. Never called inside a transaction."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None: ...


works: dict[str, Callable[[Any, Tell], Any]] = {}
"""By kind: takes the arguments of the job and `tell`, returns a JSON value. Must be safe to run again after a crash."""

timers: list[Callable[[datetime], None]] = []
"""Called about once a minute in each serving process: what is to begin by the clock. Quick, and safe to be called by several at once."""
