"""What features above tell the library: where documents are used, and to what they may be attached; their `wiring` fills these lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from elearn.library.models import Document
from elearn.members.rules.permissions import Actor


@dataclass(frozen=True)
class Use:
    """Something that cites or holds a document: words ready to show, and its address; both may be read by officers only."""

    words: str
    url: str


@dataclass(frozen=True)
class Place:
    """A sort of thing that documents are attached to by `DocumentLink`: its name (a source message), those that an actor may attach
    to as (id, title), and what one of them is called and where it is (None where it is gone)."""

    label: str
    options: Callable[[Actor], Sequence[tuple[int, str]]]
    describe: Callable[[int], Use | None]


places: dict[str, Place] = {}
"""By `DocumentLink.origin`."""

uses: list[Callable[[Document], list[Use]]] = []
"""Given a document: where a feature uses it by keys of its own. A document that is used is not removed."""


def uses_of(document: Document) -> list[Use]:
    """Every use that features know of."""
    return [use for find in uses for use in find(document)]
