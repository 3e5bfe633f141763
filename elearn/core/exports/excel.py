"""Excel files from rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from flask import Response

from elearn.lib.periods import local

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """Heading and width in characters."""

    heading: str
    width: int = 16


def workbook(title: str, notes: Sequence[str], columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet: title, lines of notes, headings, rows. Text is written as text, so that no cell becomes a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "font_size": 14})
    quiet = book.add_format({"font_color": "#6B625B"})
    head = book.add_format({"bold": True, "bg_color": "#F4F0EA", "border": 1, "text_wrap": True, "valign": "vcenter"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "hh:mm:ss dd/mm/yyyy"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, title, bold)
    for line, note in enumerate(notes, start=1):
        sheet.write_string(line, 0, note, quiet)
    top = len(notes) + 2
    for index, column in enumerate(columns):
        sheet.write_string(top, index, column.heading, head)
    line = top
    for line, row in enumerate(rows, start=top + 1):
        for index, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_string(line, index, "x" if value else "")
            elif isinstance(value, datetime):
                sheet.write_datetime(line, index, local(value).replace(tzinfo=None), moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, index, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, int | float | Decimal):
                sheet.write_number(line, index, float(value))
            else:
                sheet.write_string(line, index, str(value))
    sheet.freeze_panes(top + 1, 0)
    if columns and line > top:
        sheet.autofilter(top, 0, line, len(columns) - 1)
    book.close()
    return target.getvalue()


def excel_answer(content: bytes, name: str) -> Response:
    """The file as a download; `name` without its ending."""
    disposition = f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(content, mimetype=MIME, headers={"Content-Disposition": disposition})
