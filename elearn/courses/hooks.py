"""What features above may tell courses; their `wiring` fills the list."""

from __future__ import annotations

from collections.abc import Callable

edition_choosers: list[Callable[[int, int], int | None]] = []
"""Given (member id, course id): the edition that the member is to take, or None. A class keeps its edition."""
