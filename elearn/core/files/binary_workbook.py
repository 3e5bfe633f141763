"""The records of an old workbook (.xls): password, hidden rows, errors, and how far its cells reach, before a reader is let at it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from elearn.core.files.workbook_xml import MAX_CELLS, MAX_TEXT_BYTES, too_many_cells
from elearn.lib.errors import InvalidInput

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFA
_BOUND_SHEET, _FILE_PASS, _ROW, _COLUMN_INFO, _BOOL_ERROR, _SHARED_TEXT, _SST, _CONTINUE, _BOF = (
    0x85,
    0x2F,
    0x208,
    0x7D,
    0x205,
    0xFD,
    0xFC,
    0x3C,
    0x809,
)
_FORMULA = 0x06
_DIMENSIONS = 0x200
_CELLS = {_FORMULA, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6, 0xBD}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(slots=True)
class BinarySheet:
    """Rows from 1, columns from 0."""

    name: str = ""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def _broken() -> InvalidInput:
    return InvalidInput(
        "broken_archive", "Tệp bị hỏng hoặc tải lên chưa trọn. Hãy mở lại bằng Excel, lưu thành .xlsx rồi tải lên lần nữa.", "file"
    )


class CompoundFile:
    """The streams of an OLE compound file, as far as needed; raises InvalidInput for a broken one."""

    def __init__(self, data: bytes) -> None:
        try:
            self._open(data)
        except (struct.error, IndexError, UnicodeDecodeError):
            raise _broken() from None

    def _open(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise _broken()
        self._size = 1 << shift
        directory_start, _, self._mini_cutoff, mini_start, _, difat_start, difat_count = struct.unpack_from("<IIIIIII", data, 48)
        fat_sectors = [number for number in struct.unpack_from("<109I", data, 76) if number < _END_OF_CHAIN]
        for _ in range(min(difat_count, 1_000)):
            if difat_start >= _END_OF_CHAIN:
                break
            numbers = struct.unpack(f"<{self._size // 4}I", self._sector(difat_start))
            fat_sectors += [number for number in numbers[:-1] if number < _END_OF_CHAIN]
            difat_start = numbers[-1]
        self._fat = [number for sector in fat_sectors for number in struct.unpack(f"<{self._size // 4}I", self._sector(sector))]
        self._mini_fat = [
            number for sector in self._chain(mini_start) for number in struct.unpack(f"<{self._size // 4}I", self._sector(sector))
        ]
        directory = b"".join(self._sector(sector) for sector in self._chain(directory_start))
        self._streams: dict[str, tuple[int, int]] = {}
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            if directory[at + 66] in (1, 2, 5) and 2 <= length <= 64:
                name = directory[at : at + length - 2].decode("utf-16-le")
                self._streams.setdefault(name, struct.unpack_from("<IQ", directory, at + 116)[:2])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if len(sector) < self._size:
            sector = sector.ljust(self._size, b"\0") if sector else b""
        if not sector:
            raise _broken()
        return sector

    def _chain(self, start: int) -> list[int]:
        chain = []
        while start < _END_OF_CHAIN:
            chain.append(start)
            if len(chain) > len(self._fat):
                raise _broken()
            start = self._fat[start]
        return chain

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        """The content of a stream."""
        try:
            start, size = self._streams[name]
            if size >= self._mini_cutoff:
                return b"".join(self._sector(sector) for sector in self._chain(start))[:size]
            root_start, _ = self._streams["Root Entry"]
            small = b"".join(self._sector(sector) for sector in self._chain(root_start))
            pieces: list[bytes] = []
            while start < _END_OF_CHAIN and len(pieces) <= len(self._mini_fat):
                pieces.append(small[start * 64 : start * 64 + 64])
                start = self._mini_fat[start]
            return b"".join(pieces)[:size]
        except (struct.error, IndexError, KeyError):
            raise _broken() from None


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, int, int]]:
    """Kind, offset of the body and its length."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        at += 4 + length


def _text_lengths(pieces: list[bytes]) -> list[int]:
    """Bytes of each shared text; a text may go on in the next record, which begins by saying how wide its letters are."""
    lengths = []
    piece, at = 0, 8
    count = struct.unpack_from("<I", pieces[0], 4)[0]
    for _ in range(min(count, 1_000_000)):
        if at >= len(pieces[piece]):
            piece, at = piece + 1, 0
        if piece >= len(pieces):
            break
        letters, flags = struct.unpack_from("<HB", pieces[piece], at)
        at += 3
        runs = struct.unpack_from("<H", pieces[piece], at)[0] * 4 if flags & 8 else 0
        at += 2 if flags & 8 else 0
        extension = struct.unpack_from("<I", pieces[piece], at)[0] if flags & 4 else 0
        at += 4 if flags & 4 else 0
        lengths.append(letters)
        wide = flags & 1
        while letters:
            room = (len(pieces[piece]) - at) >> wide
            taken = min(room, letters)
            letters -= taken
            at += taken << wide
            if letters:
                piece, at = piece + 1, 1
                wide = pieces[piece][0] & 1
        at += runs + extension
        while piece < len(pieces) and at > len(pieces[piece]):
            at -= len(pieces[piece])
            piece += 1
    return lengths


def inspect_workbook(stream: bytes) -> dict[str, BinarySheet]:
    """What is known of each sheet; raises InvalidInput for a protected workbook and for too many cells."""
    sheets: list[BinarySheet] = []
    sheet = None
    shared: list[bytes] = []
    uses: list[int] = []
    before = 0
    names: list[str] = []
    places: set[int] = set()
    beginnings: set[int] = set()
    try:
        for kind, at, length in _records(stream):
            if kind == _BOF:
                beginnings.add(at - 4)
            if kind == _DIMENSIONS and length >= 12:
                _check_dimensions(*struct.unpack_from("<IIHH", stream, at))
            elif kind in _CELLS and sheet is None:
                raise _broken()
            elif kind in _CELLS and sheet is not None and length >= 6:
                row, column = struct.unpack_from("<HH", stream, at)
                sheet.last_row = max(sheet.last_row, row + 1)
                sheet.last_column = max(sheet.last_column, column + (length - 6) // 6 if kind == 0xBD else column + 1)
                if kind == _SHARED_TEXT:
                    uses.append(struct.unpack_from("<I", stream, at + 6)[0])
                elif kind == _BOOL_ERROR and stream[at + 7]:
                    sheet.faults[row + 1, column] = _ERRORS.get(stream[at + 6], "#?")
                elif kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
                    sheet.faults[row + 1, column] = _ERRORS.get(stream[at + 8], "#?")
            elif kind == _ROW and sheet is not None:
                row, flags = struct.unpack_from("<H", stream, at)[0], struct.unpack_from("<I", stream, at + 12)[0]
                if flags & 0x20:
                    sheet.hidden_rows.add(row + 1)
            elif kind == _COLUMN_INFO and sheet is not None:
                first, last, _, _, flags = struct.unpack_from("<HHHHH", stream, at)
                if flags & 1:
                    sheet.hidden_columns.update(range(first, min(last, 255) + 1))
            elif kind == _BOF and struct.unpack_from("<H", stream, at + 2)[0] in (0x10, 0x20, 0x40):
                sheet = BinarySheet()
                sheets.append(sheet)
            elif kind == _BOUND_SHEET:
                places.add(struct.unpack_from("<I", stream, at)[0])
                letters, wide = stream[at + 6], stream[at + 7] & 1
                names.append(stream[at + 8 : at + 8 + (letters << wide)].decode("utf-16-le" if wide else "latin-1"))
            elif kind == _FILE_PASS:
                raise InvalidInput("protected_file", "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", "file")
            elif kind == _SST or (kind == _CONTINUE and before == _SST):
                shared.append(stream[at : at + length])
                kind = _SST
            before = kind
        _check(sheets, shared, uses)
        if not places <= beginnings:
            raise _broken()  # a reader would begin in the middle of a record
    except (struct.error, IndexError, UnicodeDecodeError):
        raise _broken() from None
    for name, found in zip(names, sheets, strict=False):
        found.name = name
    return {found.name: found for found in sheets}


def _check_dimensions(first_row: int, end_row: int, first_column: int, end_column: int) -> None:
    """A reader sets aside room for as many cells as a sheet says it has."""
    if (
        end_row < first_row
        or end_column < first_column
        or (end_row - first_row + 1) * (end_column - first_column + 1) > 2 * 65_536 * 256
    ):
        raise _broken()


def _check(sheets: list[BinarySheet], shared: list[bytes], uses: list[int]) -> None:
    if any(sheet.last_row * sheet.last_column > MAX_CELLS or sheet.last_column > 256 for sheet in sheets):
        raise too_many_cells()
    if sum(map(len, shared)) * len(uses) > MAX_TEXT_BYTES:
        lengths = _text_lengths(shared)
        if sum(lengths[index] for index in uses if index < len(lengths)) > MAX_TEXT_BYTES:
            raise too_many_cells()
