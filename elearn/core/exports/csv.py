"""CSV files that spreadsheets open right: UTF-8 with its mark, cells that would be formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import quote

from flask import Response

from elearn.lib.periods import local

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Headings and rows; a text that begins like a formula gets an apostrophe before it, numbers stay numbers."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([_cell(one) for one in headings])
    writer.writerows([_cell(one) for one in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{local(value):%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value


def csv_answer(content: bytes, name: str) -> Response:
    """The file as a download; `name` without its ending."""
    disposition = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{quote(name)}.csv"
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})
