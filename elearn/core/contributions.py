"""What features offer to pages above them: tasks, things earned, decisions and figures.

`app.py` fills the lists of `Contributions`; `home` and `admin` read them. So a page can be composed of features
that do not know it, and that do not know each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app


@dataclass(frozen=True)
class Task:
    """Something asked of a person. Texts are ready to show in the reader's language."""

    title: str
    detail: str
    action: str
    url: str
    due_at: datetime | None = None
    done: int | None = None
    total: int | None = None
    unit: str = ""
    note: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class Achievement:
    """Something earned: `honour` is shown in gold, `kind` chooses the icon (certificate, medal)."""

    title: str
    honour: str
    detail: str
    at: datetime
    url: str = ""
    kind: str = "certificate"


@dataclass(frozen=True)
class Study:
    """A course under way."""

    title: str
    detail: str
    done: int
    total: int
    url: str


@dataclass(frozen=True)
class Decision:
    """Something an officer must decide; `due_at` orders them."""

    title: str
    detail: str
    action: str
    url: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """A number with its name for the officer's page, and the series it ends (oldest first)."""

    title: str
    value: str
    series: tuple[int, ...] = ()
    change: str = ""
    is_up: bool | None = None


@dataclass
class Contributions:
    """The lists that features fill. Each function takes (actor, now); `openings`, shown to people not signed in, only now."""

    tasks: list[Callable[[Any, datetime], list[Task]]] = field(default_factory=list)
    studies: list[Callable[[Any, datetime], list[Study]]] = field(default_factory=list)
    achievements: list[Callable[[Any, datetime], list[Achievement]]] = field(default_factory=list)
    decisions: list[Callable[[Any, datetime], list[Decision]]] = field(default_factory=list)
    openings: list[Callable[[datetime], list[Task]]] = field(default_factory=list)
    guest_homes: list[Callable[[int], str | None]] = field(default_factory=list)
    """Given the id of somebody without an account: address of their first page, or None."""
    figures: list[Callable[[Any, datetime], list[Figure]]] = field(default_factory=list)


def contributions() -> Contributions:
    """Those of the running application."""
    found: Contributions = current_app.extensions["contributions"]
    return found
