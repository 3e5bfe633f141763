"""A report as Excel, Word and CSV."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.core.exports.csv import csv_file
from elearn.core.exports.excel import Column as ExcelColumn
from elearn.core.exports.excel import ExcelSheet, workbook_of
from elearn.core.exports.word import write_word
from elearn.lib.document import Letterhead, Signer
from elearn.reports.rules.written import Sheet, Written, as_document

WIDTHS = {"text": 9, "count": 12, "percent": 12, "mark": 12, "day": 14}


def write_excel(written: Written) -> bytes:
    """One sheet for each table, and one for each list of names."""
    sheets = [
        ExcelSheet(
            sheet.title, [written.title, *(written.sentences if place == 0 else ()), *([sheet.note] if sheet.note else [])],
            [ExcelColumn(one.heading, max(WIDTHS[one.kind], one.share * 6 if one.kind == "text" else 0)) for one in sheet.columns], _rows(sheet),
        )
        for place, sheet in enumerate(written.sheets)
    ]  # fmt: skip
    sheets += [
        ExcelSheet(one.title, [written.title], [ExcelColumn("STT", 6), ExcelColumn("Tên", 60)], list(enumerate(one.names, start=1)))
        for one in written.missing
    ]
    return workbook_of(sheets or [ExcelSheet(written.title, written.sentences, [], [])])


def _rows(sheet: Sheet) -> Sequence[Sequence[object]]:
    return [*sheet.rows, *([sheet.total] if sheet.total else [])]


def write_csv(written: Written) -> bytes:
    """The first table, or the first list of names, as CSV; figures plain, so that they can be reckoned with."""
    if written.sheets:
        sheet = written.sheets[0]
        return csv_file([column.heading for column in sheet.columns], sheet.rows)
    names = written.missing[0].names if written.missing else ()
    return csv_file(["STT", "Tên"], list(enumerate(names, start=1)))


def write_report(written: Written) -> bytes:
    """The report as a Word document with the letterhead of its unit, number and signature to be filled in."""
    return write_word(as_document(written, Letterhead("party", "", written.unit, sign="BC", day=None), Signer("T/M BAN THƯỜNG VỤ")))
