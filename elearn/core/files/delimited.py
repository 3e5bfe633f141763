"""Text files of separated values: the encoding and the separator are found out from the text itself."""

from __future__ import annotations

import csv
import io

from elearn.core.files.workbook_xml import MAX_CELLS, too_many_cells
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import Cell, Note, SheetGrid
from elearn.lib.legacy_encodings import decode

_SEPARATORS = ";\t,|"
_SAMPLE_LINES = 60
_NAMES = {"tcvn3": "TCVN3 (ABC, .VnTime)", "vni": "VNI-Windows", "windows-1258": "Windows-1258", "utf-16": "UTF-16"}


def read_delimited(data: bytes, name: str) -> SheetGrid:
    """The one sheet of a .csv, .txt or .tsv file; raises InvalidInput for what is no text or has too many cells."""
    decoded = decode(data)
    text = decoded.text.lstrip("\ufeff")
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.strip():
        raise InvalidInput("empty_file", "Tệp không có nội dung nào.", "file")
    separator, text = _separator(text)
    if text.count(separator) + text.count("\n") > MAX_CELLS:
        raise too_many_cells()
    rows = _rows(text, separator)
    notes: tuple[Note, ...] = ()
    if decoded.encoding in _NAMES:
        note = Note(
            "converted_encoding", "Tệp dùng bảng mã %(encoding)s, đã chuyển sang Unicode.", {"encoding": _NAMES[decoded.encoding]}
        )
        notes = (note,)
    while rows and not any(rows[-1]):
        rows.pop()
    return SheetGrid(name, rows, notes=notes)


def _separator(text: str) -> tuple[str, str]:
    """The separator that cuts most lines alike, and the text without the line Excel writes to name it."""
    first, _, rest = text.partition("\n")
    if first[:4].lower() == "sep=" and len(first.strip()) == 5:
        return first[4], rest
    lines = [line for line in text[:200_000].splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        counts = [_count_outside_quotes(line, separator) for line in lines]
        common = max(set(counts) - {0}, key=counts.count, default=0)
        score = counts.count(common) * min(common, 12) if common else 0
        if score > best_score:
            best, best_score = separator, score
    return best, text


def _count_outside_quotes(line: str, separator: str) -> int:
    return sum(part.count(separator) for part in line.split('"')[::2])


def _rows(text: str, separator: str) -> list[list[Cell]]:
    """Quoted fields are honoured unless a stray quotation mark would swallow what follows it."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        try:
            rows: list[list[Cell]] = [
                list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
            ]
        except csv.Error:
            continue
        if quoting == csv.QUOTE_NONE or not any(isinstance(cell, str) and cell.count("\n") > 8 for row in rows for cell in row):
            return rows
    raise InvalidInput(
        "broken_csv", "Không tách được các cột của tệp văn bản này. Hãy lưu danh sách thành .xlsx rồi tải lên lại.", "file"
    )
