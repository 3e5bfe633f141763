"""Excel files from rows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
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


@dataclass(frozen=True)
class ExcelSheet:
    """Title, lines of notes, headings, rows: one sheet of a book, called by its title as far as Excel allows."""

    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]


def workbook(title: str, notes: Sequence[str], columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    """A book of one sheet."""
    return workbook_of([ExcelSheet(title, notes, columns, rows)], are_named=False)


def workbook_of(sheets: Sequence[ExcelSheet], are_named: bool = True) -> bytes:
    """Sheets one after the other. Text is written as text, so that no cell becomes a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "quiet": book.add_format({"font_color": "#6B625B"}),
        "head": book.add_format({"bold": True, "bg_color": "#F4F0EA", "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({"num_format": "hh:mm:ss dd/mm/yyyy"}),
    }
    for number, one in enumerate(sheets, start=1):
        _write_sheet(book.add_worksheet(_sheet_name(one.title, number) if are_named else None), one, looks)
    book.close()
    return target.getvalue()


def _sheet_name(title: str, number: int) -> str:
    """At most 31 signs, none that Excel forbids; the number keeps two apart."""
    return f"{number}. {re.sub(r'[^0-9A-Za-zÀ-ỹ ,.()–-]', ' ', title)}"[:31].strip()


def _write_sheet(sheet: Any, one: ExcelSheet, looks: Mapping[str, Any]) -> None:
    for index, column in enumerate(one.columns):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, one.title, looks["title"])
    for line, note in enumerate(one.notes, start=1):
        sheet.write_string(line, 0, note, looks["quiet"])
    top = len(one.notes) + 2
    for index, column in enumerate(one.columns):
        sheet.write_string(top, index, column.heading, looks["head"])
    line = top
    for line, row in enumerate(one.rows, start=top + 1):
        for index, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_string(line, index, "x" if value else "")
            elif isinstance(value, datetime):
                sheet.write_datetime(line, index, local(value).replace(tzinfo=None), looks["moment"])
            elif isinstance(value, date):
                sheet.write_datetime(line, index, datetime(value.year, value.month, value.day), looks["day"])
            elif isinstance(value, int | float | Decimal):
                sheet.write_number(line, index, float(value))
            else:
                sheet.write_string(line, index, str(value))
    sheet.freeze_panes(top + 1, 0)
    if one.columns and line > top:
        sheet.autofilter(top, 0, line, len(one.columns) - 1)


def excel_answer(content: bytes, name: str) -> Response:
    """The file as a download; `name` without its ending."""
    disposition = f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(content, mimetype=MIME, headers={"Content-Disposition": disposition})
