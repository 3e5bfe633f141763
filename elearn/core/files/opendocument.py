"""Sheets of an OpenDocument workbook (.ods), read as a stream: a cell said to be repeated a million times costs nothing."""

from __future__ import annotations

from datetime import date, datetime
from xml.parsers import expat

from elearn.core.files.workbook_xml import MAX_CELLS, too_many_cells, unusual_xml
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import FORMULA_WITHOUT_VALUE, Cell, SheetGrid

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_MAX_COLUMNS = 16_384
_MAX_ROWS = 1_048_576
_MAX_ELEMENTS = 15_000_000


class _Sheet:
    def __init__(self, name: str, hidden: bool) -> None:
        self.name = name
        self.hidden = hidden
        self.rows: list[list[Cell]] = []
        self.pending = 0  # empty rows that count only if something follows
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.faults: dict[tuple[int, int], str] = {}


class _Reader:
    def __init__(self) -> None:
        self.sheets: list[_Sheet] = []
        self.cells = 0
        self._elements = 0
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._column = 0
        self._row: list[Cell] = []
        self._row_faults: dict[int, str] = {}
        self._gap = 0  # empty cells that count only if something follows
        self._row_attributes: dict[str, str] = {}
        self._cell: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._aside = 0  # inside a comment

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise too_many_cells()
        if self._aside or name == _OFFICE + "annotation":
            self._aside += 1
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self._cell, self._text = attributes, None
        elif name == _TEXT + "p" and self._cell is not None:
            if self._text:
                self._text.append("\n")
            else:
                self._text = []
        elif name == _TEXT + "s" and self._text is not None:
            self._text.append(" " * min(_number(attributes.get(_TEXT + "c"), 1), 100))
        elif name == _TABLE + "table-row":
            self._row, self._gap, self._row_faults, self._row_attributes = [], 0, {}, attributes
        elif name == _TABLE + "table-column" and self.sheets:
            repeated = min(_number(attributes.get(_TABLE + "number-columns-repeated"), 1), _MAX_COLUMNS)
            if attributes.get(_TABLE + "visibility", "visible") != "visible":
                self.sheets[-1].hidden_columns.update(range(self._column, min(self._column + repeated, 1_000)))
            self._column += repeated
        elif name == _TABLE + "table":
            hidden = (
                attributes.get(_TABLE + "style-name", "") in self._hidden_styles or attributes.get(_TABLE + "display") == "false"
            )
            self.sheets.append(_Sheet(attributes.get(_TABLE + "name", ""), hidden))
            self._column = 0
        elif name == _STYLE + "style":
            self._style = attributes.get(_STYLE + "name", "")
        elif name == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false":
            self._hidden_styles.add(self._style)

    def text(self, text: str) -> None:
        if self._text is not None and not self._aside:
            self._text.append(text)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell") and self._cell is not None:
            self._close_cell(self._cell)
            self._cell, self._text = None, None
        elif name == _TABLE + "table-row" and self.sheets:
            self._close_row(self.sheets[-1])

    def _close_cell(self, attributes: dict[str, str]) -> None:
        repeated = min(_number(attributes.get(_TABLE + "number-columns-repeated"), 1), _MAX_COLUMNS)
        shown = "".join(self._text) if self._text else ""
        value = _value(attributes, shown)
        formula = attributes.get(_TABLE + "formula", "")
        fault = shown if formula and shown.startswith(("#", "Err:")) else ""
        if formula and _OFFICE + "value-type" not in attributes and not shown:
            fault = FORMULA_WITHOUT_VALUE
        if value == "" and not fault:
            self._gap += repeated
            return
        if len(self._row) + self._gap + repeated > _MAX_COLUMNS:
            raise too_many_cells()
        self._row.extend([""] * self._gap)
        self._gap = 0
        if fault:
            self._row_faults[len(self._row)] = fault
            value = ""
        self._row.extend([value] * repeated)

    def _close_row(self, sheet: _Sheet) -> None:
        repeated = min(_number(self._row_attributes.get(_TABLE + "number-rows-repeated"), 1), _MAX_ROWS)
        if not self._row:
            sheet.pending = min(sheet.pending + repeated, _MAX_ROWS)
            return
        self.cells += (len(self._row) + 1) * repeated + sheet.pending
        if self.cells > MAX_CELLS:
            raise too_many_cells()
        sheet.rows.extend([] for _row in range(sheet.pending))
        sheet.pending = 0
        is_hidden = self._row_attributes.get(_TABLE + "visibility", "visible") != "visible"
        for _row in range(repeated):
            sheet.rows.append(list(self._row))
            if is_hidden:
                sheet.hidden_rows.add(len(sheet.rows))
            sheet.faults.update({(len(sheet.rows), column): fault for column, fault in self._row_faults.items()})


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _value(attributes: dict[str, str], shown: str) -> Cell:
    kind = attributes.get(_OFFICE + "value-type", "")
    if kind in ("float", "currency", "percentage"):
        try:
            number = float(attributes.get(_OFFICE + "value", ""))
        except ValueError:
            return shown
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "date":
        written = attributes.get(_OFFICE + "date-value", "")
        try:
            return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
        except ValueError:
            return shown
    if kind == "boolean":
        return attributes.get(_OFFICE + "boolean-value") == "true"
    return shown or attributes.get(_OFFICE + "string-value", "")


def read_opendocument(content: bytes) -> list[SheetGrid]:
    """The sheets of an .ods file's content.xml; raises InvalidInput for broken or unusual XML and for too many cells."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_arguments: object) -> None:
        raise unusual_xml()

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise InvalidInput("broken_xml", "Tệp .ods bị hỏng. Hãy mở lại, lưu thành .xlsx rồi tải lên.", "file") from None
    return [
        SheetGrid(sheet.name, sheet.rows, sheet.hidden, frozenset(sheet.hidden_rows), frozenset(sheet.hidden_columns), sheet.faults)
        for sheet in reader.sheets
    ]
