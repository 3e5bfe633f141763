"""What features above tell members about the rows that they keep of people; their `wiring` fills these lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from elearn.core.db import Model


@dataclass(frozen=True)
class Carried:
    """Rows of a person that go over when two records are made one.

    `alone` names columns: a row goes over only where the kept record has none with the same values in them. `label` is a source message.
    """

    model: type[Model]
    column: str
    label: str
    alone: tuple[str, ...] = ()


results: list[Carried] = []
"""Tables whose rows go over at a merger."""

kept_as_history: list[Carried] = []
"""Tables whose rows never change hands; what there is of the duplicate is listed and shown with the kept record."""

own_data: list[Callable[[int], dict[str, Any]]] = []
"""Given a member's id: what the feature holds about that person, by name; plain values only, for the export of one's own data."""

erasers: list[Callable[[Session, int, str], None]] = []
"""Given a member's id and the name that stands instead: names in the feature's tables are replaced; places and counts stay."""


after_merge: list[Callable[[Session, int, int], None]] = []
"""Called inside the transaction of a merger, and of its undoing, with both members' ids, after rows have changed hands: what hangs on those
rows follows them."""


def add(into: list[Any], *more: Any) -> None:
    """Enter each once, though an application is made twice."""
    into.extend(one for one in more if one not in into)
