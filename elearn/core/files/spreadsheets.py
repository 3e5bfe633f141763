"""Spreadsheets that come in: .xlsx, .xls, .ods, .csv as plain rows, with what is hidden or missing told."""

from __future__ import annotations

import io
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, load_workbook

from elearn.core.files.archives import Archive, repack
from elearn.core.files.binary_workbook import OLE_MAGIC, BinarySheet, CompoundFile, inspect_workbook
from elearn.core.files.delimited import read_delimited
from elearn.core.files.opendocument import read_opendocument
from elearn.core.files.workbook_xml import SheetFacts, check_shared_texts, check_xml, inspect_sheet, sheet_parts
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import Cell, Note, SheetGrid, column_letters

MAX_SHEETS = 200
_ZIP_MAGIC = b"PK\x03\x04"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHER_KINDS = (
    (b"%PDF", "PDF"), (b"\x89PNG", "ảnh PNG"), (b"\xff\xd8\xff", "ảnh JPEG"), (b"GIF8", "ảnh GIF"), (b"BM", "ảnh BMP"), (b"II*\0", "ảnh TIFF"), (b"MM\0*", "ảnh TIFF"),
    (b"RIFF", "ảnh hoặc âm thanh"), (b"Rar!", "nén RAR"), (b"7z\xbc\xaf", "nén 7z"), (b"\x1f\x8b", "nén gzip"), (b"MZ", "chương trình"), (b"\x7fELF", "chương trình"),
    (b"{\\rtf", "Word (RTF)"), (b"SQLite format 3", "cơ sở dữ liệu"), (b"OggS", "âm thanh"), (b"ID3", "âm thanh"), (b"\0\0\0\x18ftyp", "video"),
)  # fmt: skip
_WEB_PAGES = (b"<html", b"<!doctype", b"<table", b"<head", b"<style", b"<meta")


def read_spreadsheet(data: bytes, name: str, *, max_bytes: int, include_hidden: bool = False) -> list[SheetGrid]:
    """The sheets of a file in its order; those hidden come without rows unless asked for.

    What the file is shows in its bytes; `name` only gives a text file's sheet its name.
    Raises InvalidInput (field "file"), saying what is wrong and what to do, for what is no sound spreadsheet.
    """
    if not data.strip(b" \t\r\n\0"):
        raise InvalidInput("empty_file", "Tệp không có nội dung nào.", "file")
    if len(data) > max_bytes:
        raise InvalidInput(
            "file_too_large",
            "Tệp lớn hơn %(limit)s MB. Hãy chia danh sách thành nhiều tệp.",
            "file",
            limit=max_bytes // 1024 // 1024,
        )
    if data.startswith(_ZIP_MAGIC):
        grids = _from_archive(Archive(data))
    elif data.startswith(OLE_MAGIC):
        grids = _from_compound(data)
    else:
        _refuse_other_kinds(data)
        grids = [read_delimited(data, PurePath(name).stem or name)]
    if not any(grid.rows for grid in grids):
        raise InvalidInput("empty_workbook", "Tệp không có trang tính nào có dữ liệu.", "file")
    return [_told(grid, include_hidden) for grid in grids]


def _told(grid: SheetGrid, include_hidden: bool) -> SheetGrid:
    """The sheet with notes on what is hidden in it."""
    notes = list(grid.notes)
    rows, hidden_rows = (
        grid.rows,
        frozenset(number for number in grid.hidden_rows if number <= len(grid.rows) and any(grid.rows[number - 1])),
    )
    if grid.hidden:
        notes.append(Note("hidden_sheet", "Trang tính “%(name)s” đang ẩn nên không được đọc.", {"name": grid.name}))
        if include_hidden:
            notes.pop()
        else:
            rows, hidden_rows = [], frozenset()
    if hidden_rows:
        some = ", ".join(str(number) for number in sorted(hidden_rows)[:10])
        notes.append(
            Note(
                "hidden_rows",
                "Có %(count)s dòng đang ẩn (dòng %(rows)s…): vẫn được đọc và được đánh dấu.",
                {"count": len(hidden_rows), "rows": some},
            )
        )
    width = max(map(len, rows), default=0)
    hidden_columns = frozenset(column for column in grid.hidden_columns if column < width)
    if hidden_columns:
        letters = ", ".join(column_letters(column) for column in sorted(hidden_columns))
        notes.append(Note("hidden_columns", "Cột đang ẩn: %(columns)s. Các cột này vẫn được đọc.", {"columns": letters}))
    return SheetGrid(grid.name, rows, grid.hidden, hidden_rows, hidden_columns, grid.faults if rows else {}, tuple(notes))


def _from_archive(archive: Archive) -> list[SheetGrid]:
    if "xl/workbook.xml" in archive:
        return _from_xlsx(archive)
    if "mimetype" in archive and archive.read("mimetype").strip().startswith(_ODS_TYPE) and "content.xml" in archive:
        if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _protected()
        content = archive.read("content.xml")
        check_xml(content)
        return read_opendocument(content)
    kinds = {
        "word/document.xml": "văn bản Word",
        "ppt/presentation.xml": "trình chiếu PowerPoint",
        "xl/workbook.bin": "Excel nhị phân (.xlsb)",
        "content.xml": "OpenDocument không phải bảng tính",
    }
    raise _not_a_spreadsheet(next((kind for part, kind in kinds.items() if part in archive), "nén ZIP"))


def _from_xlsx(archive: Archive) -> list[SheetGrid]:
    """Only parts that were looked through, and exactly those, reach the reader."""
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if name in archive:
            check_xml(archive.read(name))
    by_sheet = sheet_parts(archive)
    if len(by_sheet) > MAX_SHEETS:
        raise InvalidInput("too_many_sheets", "Tệp có quá nhiều trang tính (trên %(limit)s).", "file", limit=MAX_SHEETS)
    parts: dict[str, bytes] = {}
    wanted = {name.casefold() for name in by_sheet.values()} | {
        "[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml",
    }  # fmt: skip
    for name in archive.names():
        if name.casefold() in wanted:
            parts[name] = archive.read(name)
            check_xml(parts[name])
    folded = {name.casefold(): content for name, content in parts.items()}
    contents = {name: folded[part.casefold()] for name, part in by_sheet.items() if part.casefold() in folded}
    facts = {name: inspect_sheet(content) for name, content in contents.items()}
    if "xl/sharedstrings.xml" in folded:
        check_shared_texts(folded["xl/sharedstrings.xml"], list(contents.values()))
    packed = repack(parts)
    del parts, folded, contents
    return _read(packed, facts)


def _from_compound(data: bytes) -> list[SheetGrid]:
    streams = CompoundFile(data)
    if "EncryptedPackage" in streams:
        raise _protected()
    if "WordDocument" in streams:
        raise _not_a_spreadsheet("văn bản Word")
    if "PowerPoint Document" in streams:
        raise _not_a_spreadsheet("trình chiếu PowerPoint")
    stream = next((name for name in ("Workbook", "Book") if name in streams), None)
    if stream is None:
        raise _not_a_spreadsheet("OLE không rõ loại")
    found = inspect_workbook(streams.read(stream))
    return _read(io.BytesIO(data), {name: _facts(sheet) for name, sheet in found.items()})


def _facts(sheet: BinarySheet) -> SheetFacts:
    return SheetFacts(frozenset(sheet.hidden_rows), frozenset(sheet.hidden_columns), sheet.faults)


def _read(source: io.BytesIO, facts: dict[str, SheetFacts]) -> list[SheetGrid]:
    grids = []
    try:
        workbook: CalamineWorkbook = load_workbook(source)
        for sheet in workbook.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            known = facts.get(sheet.name, SheetFacts(frozenset(), frozenset(), {}))
            rows: list[list[Cell]] = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)  # type: ignore[assignment]
            grids.append(
                SheetGrid(
                    sheet.name,
                    rows,
                    sheet.visible != SheetVisibleEnum.Visible,
                    known.hidden_rows,
                    known.hidden_columns,
                    known.faults,
                )
            )
    except (CalamineError, ValueError, OSError):
        raise InvalidInput(
            "broken_workbook", "Không đọc được bảng tính này. Hãy mở bằng Excel, lưu thành .xlsx rồi tải lên lại.", "file"
        ) from None
    except BaseException as error:
        # The reader is compiled: what it did not foresee arrives as a panic, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise InvalidInput(
            "broken_workbook", "Không đọc được bảng tính này. Hãy mở bằng Excel, lưu thành .xlsx rồi tải lên lại.", "file"
        ) from None
    return grids


def _refuse_other_kinds(data: bytes) -> None:
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic) and not (magic in (b"BM", b"MZ", b"ID3") and data[:200].isascii() and b"\0" not in data[:200]):
            raise _not_a_spreadsheet(kind)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_WEB_PAGES) or (start.startswith(b"<?xml") and b"spreadsheet" in start):
        raise _not_a_spreadsheet("trang web hoặc XML lưu với đuôi Excel")
    if start.startswith((b"<?xml", b'{"')):
        raise _not_a_spreadsheet("XML hoặc JSON")
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff") or 4 * data[:4000].count(0) > len(data[:4000])
    if not is_utf16 and sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in data[:4000]) * 50 > len(data[:4000]):
        raise _not_a_spreadsheet("nhị phân không rõ loại")


def _protected() -> InvalidInput:
    return InvalidInput("protected_file", "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", "file")


def _not_a_spreadsheet(kind: str) -> InvalidInput:
    return InvalidInput(
        "not_a_spreadsheet",
        "Tệp này không phải bảng tính mà là tệp %(kind)s. Hãy mở danh sách bằng Excel, lưu thành .xlsx rồi tải lên lại.",
        "file",
        kind=kind,
    )
