"""Rows of a sheet become people, each value in its one form, each fault at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from elearn.lib.grid import SheetGrid
from elearn.members.rules.importing.layout import Layout
from elearn.members.rules.importing.rows import PersonRow


def read_rows(grid: SheetGrid, layout: Layout, mapping: Mapping[int, str] | None = None, *, today: date) -> Iterator[PersonRow]:
    """The people of a sheet in its order; `mapping` (column → field) replaces the one of the layout, as corrected by a person."""
    raise NotImplementedError
