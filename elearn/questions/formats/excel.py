"""Spreadsheets of questions: .xlsx, .xls and .ods are read, .xlsx is written. What a table says and what not: `rules.question_tables`."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import xlsxwriter

from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.lib.errors import InvalidInput
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.files import MOST_BYTES, check_size
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.question_tables.reading import read_tables
from elearn.questions.rules.question_tables.words import EXAMPLE_ROWS, GUIDE, GUIDE_SHEET, SHEET, TYPES
from elearn.questions.rules.question_tables.writing import WRITES, Table, headings_of, table_of

_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # the same questions make the same file
_MOST_UNITS = 32_767  # of UTF-16 in a cell
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDTHS = {"text": 60, "explanation": 40, "key": 14, "source": 30, "code": 12, "mark": 8, "level": 14, "type": 20, "topic": 20}
_OPTION_WIDTH = 26
_TEMPLATE_ROWS = 1_000  # as far as lists of types and levels are offered
_TEMPLATE_FIELDS = (
    "code", "text", "A", "B", "C", "D", "E", "key", "explanation", "type", "level", "topic", "source", "clause", "mark", "tags", "category",
)  # fmt: skip


def _sheet(target: io.BytesIO, table: Table) -> xlsxwriter.Workbook:
    """A workbook with the table as its first sheet; text is written as text, so that no cell becomes a formula."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": _NO_DATE})
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#F4F0EA", "border": 1, "text_wrap": True, "valign": "vcenter"})
    cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    number = book.add_format({"valign": "top"})
    for column, name in enumerate(table.fields):
        hidden: dict[str, Any] = {"hidden": True} if name == "extra" else {}
        sheet.set_column(column, column, _WIDTHS.get(name, _OPTION_WIDTH if len(name) == 1 else 16), None, hidden)
        sheet.write_string(0, column, table.headings[column], head)
    for line, row in enumerate(table.rows, start=1):
        for column, (name, words) in enumerate(zip(table.fields, row, strict=True)):
            if not words:
                continue
            if len(words) * 2 > _MOST_UNITS and len(words.encode("utf-16-le")) // 2 > _MOST_UNITS:
                raise InvalidInput(
                    "not_expressible",
                    "Câu ở dòng %(line)s quá dài cho một ô Excel (cột %(column)s). Hãy xuất sang JSON hoặc Moodle XML.",
                    "text",
                    line=line + 1,
                    column=table.headings[column],
                )
            if name == "mark" and float(words) == Decimal(words):
                sheet.write_number(line, column, float(words), number)
            else:
                sheet.write_string(line, column, words, cell)
    sheet.freeze_panes(1, 2)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.fields) - 1)
    return book


def template() -> bytes:
    """A workbook to fill in: headings, two rows as examples, lists to choose from, and a sheet that explains the columns."""
    target = io.BytesIO()
    fields = list(_TEMPLATE_FIELDS)
    rows = [[row.get(name, "") for name in fields] for row in EXAMPLE_ROWS]
    book = _sheet(target, Table(fields, headings_of(fields), rows))
    sheet = book.get_worksheet_by_name(SHEET)
    choices: Mapping[str, list[str]] = {"type": list(TYPES.values()), "level": list(LEVELS.values())}
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, name in enumerate(fields):
        if name in choices:
            sheet.data_validation(
                1, column, _TEMPLATE_ROWS, column, {"validate": "list", "source": choices[name], "ignore_blank": True}
            )
        if name != "mark":
            # Cells of text: a spreadsheet would make dates out of answers such as 2/9.
            sheet.set_column(column, column, _WIDTHS.get(name, _OPTION_WIDTH if len(name) == 1 else 16), text)
    guide = book.add_worksheet(GUIDE_SHEET)
    guide.set_column(0, 0, 28)
    guide.set_column(1, 1, 110)
    bold, plain = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    for line, (name, words) in enumerate(GUIDE):
        guide.write_string(line, 0, name, bold)
        guide.write_string(line, 1, words, plain)
    book.close()
    return target.getvalue()


class Excel:
    key = "xlsx"
    name = "Excel"
    suffixes = (".xlsx", ".xls", ".ods")
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    writes = WRITES

    @cached_property
    def examples(self) -> tuple[bytes, ...]:
        """The template, and a small table of every type."""
        return (template(), self.write(_EXAMPLES))

    def looks_like(self, name: str, data: bytes) -> int:
        """See `rules.exchange.Format`."""
        if data.startswith(b"PK\x03\x04"):
            if b"xl/workbook.xml" in data:
                return 90
            return 80 if b"application/vnd.oasis.opendocument.spreadsheet" in data[:200] else 0
        if data.startswith(_OLE):
            return 70 if name.lower().endswith(".xls") or "Workbook".encode("utf-16-le") in data else 0
        return 0

    def read(self, data: bytes) -> Reading:
        """See `rules.exchange.Format`."""
        check_size(data)
        if data and not data.startswith((b"PK", _OLE)):
            raise InvalidInput(
                "not_a_spreadsheet",
                "Tệp không phải bảng tính Excel (.xlsx, .xls) hay .ods: dòng %(line)s không đúng.",
                "file",
                line=1,
            )
        try:
            return read_tables(read_spreadsheet(data, "", max_bytes=MOST_BYTES))
        except InvalidInput as refusal:
            refusal.values.setdefault("line", 1)  # a workbook that cannot be opened has no lines
            raise

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """See `rules.exchange.Format`. Raises InvalidInput also where a text is too long for a cell."""
        target = io.BytesIO()
        _sheet(target, table_of(drafts)).close()
        return target.getvalue()


_EXAMPLES = (
    Draft(
        "single_choice",
        "1 + 1 = ?",
        {"options": [{"text": "1"}, {"text": "2", "right": True}, {"text": "3", "feedback": "no"}]},
        code="e1",
    ),
    Draft(
        "multiple_choice",
        "even?",
        {"options": [{"text": "2", "right": True}, {"text": "3"}, {"text": "4", "right": True}]},
        level="van_dung",
    ),
    Draft("true_false", "=1+1 is a formula", {"answer": True}, tags=["a", "b"]),
    Draft("short_answer", "who?", {"answers": [{"text": "frog*"}, {"text": "a|b"}]}),
    Draft("numeric", "pi?", {"answers": [{"value": "3.14", "tolerance": "0.01"}]}),
    Draft("essay", "write", {"lines": 10}),
)
FORMAT = Excel()
