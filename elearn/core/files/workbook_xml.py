"""What a workbook's own XML tells and the fast reader does not: hidden rows and columns, cells without a value, how far the cells reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from elearn.core.files.archives import Archive
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import FORMULA_WITHOUT_VALUE

MAX_CELLS = 6_000_000
MAX_TEXT_BYTES = 400 * 1024 * 1024
_MAX_FAULTS = 5_000
_WINDOW = 4 * 1024 * 1024
_OVERLAP = 12_000

_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
# Every repetition is bounded and stops at the next "<": what is no sheet at all must not keep a pattern busy.
_FILLED_CELL = re.compile(rb"""<(?:\w{1,9}:)?c\s[^<>]{0,400}?\br=["']([A-Za-z]{1,9})([0-9]{1,9})["'][^<>]{0,400}(?<!/)>""")
_UNNAMED_CELL = re.compile(rb"""<(?:\w{1,9}:)?c(?![^<>]{0,400}\br=["'][A-Za-z]{1,9}[0-9]{1,9}["'])[\s>/]""")
_LONG_TAG = re.compile(rb"<(?:\w{1,9}:)?(?:c|row)\s[^<>]{390}|<\w{10,}:(?:c|row)[\s>/]")
_CELL_START = re.compile(rb"<(?:\w{1,9}:)?c[\s>/]")
_ROW = re.compile(rb"<(?:\w{1,9}:)?row\b([^<>]{0,400})>")
_ROW_END = re.compile(rb"</(?:\w{1,9}:)?row>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true|on)["']|\bht=["']0(?:\.0{1,9})?["']""")
_NUMBER = re.compile(rb"""\br=["']([0-9]{1,9})["']""")
_COLUMN = re.compile(rb"<(?:\w{1,9}:)?col\b([^<>]{0,400})>")
_MIN = re.compile(rb"""\bmin=["']([0-9]{1,9})["']""")
_MAX = re.compile(rb"""\bmax=["']([0-9]{1,9})["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,9})([0-9]{1,9})["']""")
_ERROR_CELL = re.compile(rb"""<(?:\w{1,9}:)?c\b([^<>]{0,400}\bt=["']e["'][^<>]{0,400})>""")
_VALUE = re.compile(rb"<(?:\w{1,9}:)?v>([^<]{0,40})<")
_UNCALCULATED = re.compile(
    rb"<(?:\w{1,9}:)?c\b([^<>]{0,400})>\s{0,20}<(?:\w{1,9}:)?f\b(?:[^<>]{0,400}/>|[^<>]{0,400}>[^<]{0,9000}</(?:\w{1,9}:)?f>)\s{0,20}"
    rb"(?:<(?:\w{1,9}:)?v\s{0,9}/>|<(?:\w{1,9}:)?v>\s{0,20}</(?:\w{1,9}:)?v>)?\s{0,20}</(?:\w{1,9}:)?c>"
)
_TEXT_TYPE = re.compile(rb"""\bt=["']str["']""")
_SHARED_USE = re.compile(rb"""\bt=["']s["'][^<>]{0,400}>\s{0,20}<(?:\w{1,9}:)?v>\s{0,20}([0-9]{1,9})""")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Rows from 1, columns from 0."""

    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    faults: dict[tuple[int, int], str]


def too_many_cells() -> InvalidInput:
    """The refusal of a sheet that would fill the memory."""
    return InvalidInput(
        "too_many_cells",
        "Bảng quá rộng hoặc quá dài (trên %(limit)s ô). Hãy xoá các cột, dòng thừa ở xa danh sách rồi tải lên lại.",
        "file",
        limit=f"{MAX_CELLS:,}".replace(",", "."),
    )


def unusual_xml() -> InvalidInput:
    """The refusal of XML that no spreadsheet program writes."""
    return InvalidInput(
        "unusual_xml", "Tệp chứa phần khai báo XML mà chương trình bảng tính không bao giờ ghi, nên không được đọc.", "file"
    )


def check_xml(content: bytes) -> None:
    """Raises InvalidInput for XML with a document type or entities, or in an encoding that could hide them."""
    encoding = _ENCODING.match(content[:300])
    if b"\0" in content[:4] or content[:2] in (b"\xfe\xff", b"\xff\xfe") or b"<" not in content[:300] or _DECLARED.search(content):
        raise unusual_xml()
    if encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise unusual_xml()


def column_number(letters: bytes) -> int:
    """The column from 0 of its letters: b"A" → 0."""
    number = 0
    for byte in letters.upper()[:6]:
        number = number * 26 + byte - 64
    return number - 1


def elements(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and attributes of each element, namespaces left off; for small parts only."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}))

    def refuse(*_arguments: object) -> None:
        raise unusual_xml()

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise InvalidInput(
            "broken_xml", "Tệp bị hỏng: không đọc được mục lục các trang tính. Hãy mở bằng Excel và lưu lại.", "file"
        ) from None
    yield from found


def sheet_parts(archive: Archive) -> dict[str, str]:
    """Sheet name → name of its part, in workbook order."""
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in archive:
        for name, attributes in elements(archive.read("xl/_rels/workbook.xml.rels")):
            if name == "Relationship":
                target = attributes.get("Target", "")
                targets[attributes.get("Id", "")] = (
                    target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
                )
    parts: dict[str, str] = {}
    for name, attributes in elements(archive.read("xl/workbook.xml")):
        if name == "sheet":
            parts[attributes.get("name", "")] = targets.get(attributes.get("id", ""), "")
    return parts


def _windows(content: bytes) -> Iterator[bytes]:
    """The content in pieces, so that the working memory stays small; they overlap by more than a cell, so that none is cut in two."""
    for start in range(0, len(content), _WINDOW):
        yield content[start : start + _WINDOW + _OVERLAP]


def inspect_sheet(content: bytes) -> SheetFacts:
    """Facts of a sheet's XML; raises InvalidInput where its cells reach too far."""
    columns: set[bytes] = set()
    last_row = 0
    faults: dict[tuple[int, int], str] = {}
    for window in _windows(content):
        found = _FILLED_CELL.findall(window)
        if found:
            some_columns, some_rows = zip(*found, strict=True)
            columns.update(some_columns)
            last_row = max(last_row, max(map(int, set(some_rows))))
        if len(faults) < _MAX_FAULTS:
            faults.update(_faults(window))
    last_column = max(map(column_number, columns), default=-1)
    if _UNNAMED_CELL.search(content):
        rows = _ROW_END.split(content)
        last_row = max(last_row, len(rows))
        last_column = max(last_column, max(len(_CELL_START.findall(row)) for row in rows))
    if _LONG_TAG.search(content):
        raise unusual_xml()
    if last_row * (last_column + 1) > MAX_CELLS:
        raise too_many_cells()
    return SheetFacts(_hidden_rows(content), _hidden_columns(content), faults)


def _faults(window: bytes) -> dict[tuple[int, int], str]:
    faults: dict[tuple[int, int], str] = {}
    if b't="e"' in window or b"t='e'" in window:
        for found in _ERROR_CELL.finditer(window):
            place = _REFERENCE.search(found[1])
            value = _VALUE.search(window, found.end(), found.end() + 1_000)
            if place and not found[1].endswith(b"/"):
                faults[int(place[2]), column_number(place[1])] = value[1].decode("ascii", "replace") if value else "#?"
    if b"<f" in window or b":f>" in window or b":f " in window:
        for found in _UNCALCULATED.finditer(window):
            place = _REFERENCE.search(found[1])
            if place and not _TEXT_TYPE.search(found[1]):
                faults[int(place[2]), column_number(place[1])] = FORMULA_WITHOUT_VALUE
    return faults


def _hidden_rows(content: bytes) -> frozenset[int]:
    if b"hidden=" not in content and b"ht=" not in content:
        return frozenset()
    hidden = set()
    number = 0
    for found in _ROW.finditer(content):
        given = _NUMBER.search(found[1])
        number = int(given[1]) if given else number + 1
        if _HIDDEN.search(found[1]):
            hidden.add(number)
    return frozenset(hidden)


def _hidden_columns(content: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for found in _COLUMN.finditer(content, 0, max(0, content.find(b"sheetData"))):
        first, last = _MIN.search(found[1]), _MAX.search(found[1])
        if first and last and re.search(rb"""\bhidden=["'](?:1|true)["']""", found[1]):
            hidden.update(range(int(first[1]) - 1, min(int(last[1]), 16_384)))
    return frozenset(hidden)


def check_shared_texts(shared: bytes, sheets: list[bytes]) -> None:
    """Raises InvalidInput where long texts used over and over would fill the memory."""
    lengths = [len(text) for text in re.split(rb"</(?:\w+:)?si>", shared)]
    uses = sum(sheet.count(b't="s"') + sheet.count(b"t='s'") for sheet in sheets)
    if max(lengths) * uses <= MAX_TEXT_BYTES:
        return
    total = 0
    for sheet in sheets:
        for found in _SHARED_USE.finditer(sheet):
            index = int(found[1])
            total += lengths[index] if index < len(lengths) else 0
        if total > MAX_TEXT_BYTES:
            raise too_many_cells()
