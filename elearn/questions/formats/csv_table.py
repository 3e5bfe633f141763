"""Text files of questions, one a line: read in every encoding and with every usual separator, written as UTF-8 with semicolons.

Cells that a spreadsheet would take for formulas have an apostrophe put before them, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import Cell, SheetGrid
from elearn.lib.legacy_encodings import decode
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.files import MOST_BYTES, check_size
from elearn.questions.rules.question_tables.columns import find_head
from elearn.questions.rules.question_tables.reading import read_tables
from elearn.questions.rules.question_tables.writing import WRITES, table_of

_BOM = b"\xef\xbb\xbf"
_SEPARATORS = ";,\t|"
_LONGEST_CELL = 1_000_000
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")


def _strict(data: bytes) -> SheetGrid | None:
    """The table where the file is sound UTF-8 and quoted as it should be; None for anything else.

    A reader that guesses would take a long text with many lines for a stray quotation mark.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    best: SheetGrid | None = None
    weight = 0
    for separator in _SEPARATORS:
        head = _rows(text[:20_000], separator, is_whole=False)
        found = find_head(head[:30])
        if found is not None and found.weight > weight:
            rows = _rows(text, separator, is_whole=True)
            if rows:
                best, weight = SheetGrid("", rows), found.weight
    return best


def _rows(text: str, separator: str, is_whole: bool) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(list(row))
    except csv.Error:
        return [] if is_whole else rows
    finally:
        csv.field_size_limit(limit)
    return rows


def _starts(data: bytes) -> list[list[Cell]]:
    """The first rows by the separator that makes a heading of them, for recognising."""
    text = decode(data[:20_000]).text
    for separator in _SEPARATORS:
        rows = _rows(text, separator, is_whole=False)
        if find_head(rows[:30]) is not None:
            return rows
    return []


class CsvTable:
    key = "csv"
    name = "CSV"
    suffixes = (".csv", ".tsv", ".txt")
    mimetype = "text/csv"
    writes = WRITES
    examples = (
        b'Question,A,B,C,Answer,Level\r\n1 + 1 = ?,1,2,3,B,easy\r\n"Which, of these?",x,y,z,"A, C",hard\r\n2 = 2,True,False,,A,\r\n',
        b"cau hoi;dap an;loai\n2 + 3 = ?;5;so\nwho?;frog|toad;\n'=1+1 is 2;Dung;\n",
    )

    def looks_like(self, name: str, data: bytes) -> int:
        """See `rules.exchange.Format`."""
        if not data or data.startswith((b"PK", b"{", b"<", b"\xd0\xcf")) or b"\0\0" in data[:2000]:
            return 0
        is_named = name.lower().endswith((".csv", ".tsv"))
        if _starts(data):
            return 90 if is_named else 75
        return 30 if is_named else 0

    def read(self, data: bytes) -> Reading:
        """See `rules.exchange.Format`."""
        check_size(data)
        try:
            grid = None if data.startswith((b"PK", b"\xd0\xcf")) else _strict(data)
            grids = [grid] if grid is not None else read_spreadsheet(data, "", max_bytes=MOST_BYTES)
            return read_tables(grids, is_guarded=True)
        except InvalidInput as refusal:
            refusal.values.setdefault("line", 1)  # what is no text has no lines
            raise

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """See `rules.exchange.Format`."""
        table = table_of(drafts)
        target = io.StringIO(newline="")
        writer = csv.writer(target, delimiter=";")
        writer.writerow(table.headings)
        for row in table.rows:
            if any(len(words) > _LONGEST_CELL for words in row):
                raise InvalidInput("not_expressible", "Có câu quá dài cho một ô. Hãy xuất sang JSON hoặc Moodle XML.", "text")
            writer.writerow([f"'{words}" if _FORMULA.match(words) else words for words in row])
        return _BOM + target.getvalue().encode()


FORMAT = CsvTable()
