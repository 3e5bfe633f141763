"""Each invented workbook is read right: its people, their units, what is wrong at which row."""

from __future__ import annotations

from datetime import date

import pytest

from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.members.rules.importing.layout import recognise
from elearn.members.rules.importing.reading import read_rows
from tests.members.importing.books import BOOKS

TODAY = date(2026, 11, 23)


def test_it_has_enough_books():
    assert len(BOOKS) >= 25


@pytest.mark.parametrize("name", BOOKS)
def test_it_reads_every_book(name):
    book = BOOKS[name]()
    grid = next(grid for grid in read_spreadsheet(book.data, book.name, max_bytes=20 << 20) if not grid.hidden)
    layout = recognise(grid)
    rows = list(read_rows(grid, layout, today=TODAY))
    assert layout.is_usable
    assert [row.values.get("full_name", "") for row in rows if not row.values.get("full_name")] == [""] * sum(
        p.get("full_name") == "" for p in book.people
    )
    assert len(rows) == len(book.people), [row.values for row in rows]
    for row, expected in zip(rows, book.people, strict=True):
        assert {key: row.values.get(key, "") for key in expected} == expected
    if book.codes:
        assert [{problem.code for problem in row.problems} for row in rows] == book.codes
    else:
        assert not [problem for row in rows for problem in row.problems]
    assert [row.unit_heading for row in rows] == (book.units or [""] * len(rows))
    assert [row.is_hidden for row in rows] == (book.hidden or [False] * len(rows))
    assert layout.legacy == book.legacy
    if book.header_rows:
        assert layout.header_rows == book.header_rows
    for problem in (problem for row in rows for problem in row.problems):
        assert "%" not in str(problem)
        assert problem.column >= 0
    for guess in layout.columns:
        assert "%(" not in guess.reason_text()
