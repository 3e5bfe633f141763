"""Spreadsheets that come in: .xlsx, .xls, .ods, .csv as plain rows, with what is hidden or missing told."""

from __future__ import annotations

from elearn.lib.grid import SheetGrid


def read_spreadsheet(data: bytes, name: str, *, max_bytes: int) -> list[SheetGrid]:
    """The sheets of a file; `name` decides nothing but the csv's sheet name. Raises InvalidInput with what to do about it."""
    raise NotImplementedError
