"""Files that come in as spreadsheets: bad ones are refused at once and with a reason, hidden and missing things are told."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.lib.errors import InvalidInput
from tests.members.importing.books import PLAIN, ods, xls, xlsx

LIMIT = 20 << 20


def read(data: bytes, name: str = "a.xlsx", **more: bool):
    return read_spreadsheet(data, name, max_bytes=LIMIT, **more)


def zipped(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def changed(data: bytes, **parts: bytes) -> bytes:
    """A workbook with some parts replaced; names are "sheet1", "workbook", "shared"."""
    paths = {"sheet1": "xl/worksheets/sheet1.xml", "workbook": "xl/workbook.xml", "shared": "xl/sharedStrings.xml"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return zipped(content | {paths[name]: part for name, part in parts.items()})


def lying(data: bytes, part: str, size: int) -> bytes:
    """The archive with the size of a part understated in its directory and its own header."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(part)
    false, true = struct.pack("<I", size), struct.pack("<I", entry.file_size)
    out = bytearray(data)
    at = out.find(true, entry.header_offset)
    out[at : at + 4] = false
    directory = out.rfind(part.encode())
    out[directory - 46 + 24 : directory - 46 + 28] = false
    return bytes(out)


def sheet_of(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


GOOD = xlsx(PLAIN)
with zipfile.ZipFile(io.BytesIO(GOOD)) as _good:
    WORKBOOK, RELATIONS = _good.read("xl/workbook.xml"), _good.read("xl/_rels/workbook.xml.rels")
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(stream: str) -> bytes:
    """The smallest OLE file with one empty stream."""
    header = ENCRYPTED + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)

    def entry(name: str, kind: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, *[0xFFFFFFFF] * 3)
            + b"\0" * 36
            + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )

    return header + fat + (entry("Root Entry", 5) + entry(stream, 2)).ljust(512, b"\0")


BAD = {
    "an empty file": (b"", "empty_file"),
    "blanks only": (b"  \r\n\t ", "empty_file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "not_a_spreadsheet"),
    "a photograph": (b"\xff\xd8\xff\xe0" + b"\0" * 500, "not_a_spreadsheet"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not_a_spreadsheet"),
    "a Word document": (zipped({"word/document.xml": b"<w/>"}), "not_a_spreadsheet"),
    "an old Word document": (compound("WordDocument"), "not_a_spreadsheet"),
    "an archive of pictures": (zipped({"a.png": b"x"}), "not_a_spreadsheet"),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_spreadsheet"),
    "random bytes": (bytes(range(256)) * 20, "not_a_spreadsheet"),
    "a protected workbook": (compound("EncryptedPackage"), "protected_file"),
    "half a workbook": (GOOD[: len(GOOD) // 2], "broken_archive"),
    "half an old workbook": (xls(PLAIN)[:3000], "broken_archive"),
    "a document type": (changed(GOOD, sheet1=DOCTYPE), "unusual_xml"),
    "a document type in the index": (changed(GOOD, workbook=DOCTYPE), "unusual_xml"),
    "a document type in UTF-16": (changed(GOOD, sheet1=DOCTYPE.decode().encode("utf-16")), "unusual_xml"),
    "a document type in .ods": (ods(PLAIN)[:0] + zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": DOCTYPE}), "unusual_xml"),
    "a path that climbs": (zipped({"xl/workbook.xml": b"<x/>", "../../etc/passwd": b"x"}), "suspicious_archive"),
    "an absolute path": (zipped({"xl/workbook.xml": b"<x/>", "/etc/passwd": b"x"}), "suspicious_archive"),
    "two parts of one name": (zipped({"xl/workbook.xml": b"<x/>", "XL/workbook.xml": b"<y/>"}), "suspicious_archive"),
    "too many parts": (zipped({f"xl/{number}.xml": b"" for number in range(5_001)}), "archive_bomb"),
    "a far corner": (changed(GOOD, sheet1=sheet_of(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "too_many_cells"),
    "a far corner written otherwise": (changed(GOOD, sheet1=sheet_of(b"<row r='1'><c t='n' r='A1'><v>1</v></c><c\nr='XFD1048576'\n><v>1</v></c></row>")), "too_many_cells"),
    "long texts over and over": (
        changed(GOOD, shared=b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"a" * 30_000 + b"</t></si></sst>", sheet1=sheet_of(b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 20_000)))),
        "too_many_cells",
    ),
    "no sheet with anything": (xlsx([]), "empty_workbook"),
    "broken XML": (changed(GOOD, workbook=b"<workbook><sheets>"), "broken_xml"),
    "an index that leads nowhere": (changed(GOOD, sheet1=b"<worksheet><sheetData><row"), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_it_refuses(name):
    data, code = BAD[name]
    with pytest.raises(InvalidInput) as refused:
        read(data)
    assert refused.value.field == "file"
    assert refused.value.code == code or not code
    assert "%" not in str(refused.value)


def test_it_refuses_a_file_over_the_limit():
    with pytest.raises(InvalidInput) as refused:
        read_spreadsheet(GOOD + b"\0" * 100, "a.xlsx", max_bytes=len(GOOD))
    assert refused.value.code == "file_too_large"


def bombs() -> dict[str, bytes]:
    big = b"0" * 60_000_000
    honest = changed(GOOD, sheet1=big)
    return {
        "an honest bomb": honest,
        "a lying bomb": lying(honest, "xl/worksheets/sheet1.xml", 4_000),
        "a bomb in .ods": zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": big}),
    }


def test_it_refuses_zip_bombs_at_once():
    for name, data in bombs().items():
        tracemalloc.start()
        began = time.perf_counter()
        with pytest.raises(InvalidInput) as refused:
            read(data)
        seconds, peak = time.perf_counter() - began, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert refused.value.code == "archive_bomb", name
        assert seconds < 1
        assert peak < 100 << 20


@pytest.mark.parametrize(
    "piece", [b"<c ", b'<c r="A1" ', b'<c r="A1" t="e">', b"<c><f>", b"<row ", b" ", b'<c r="A1"><f>1</f> ', b"<"]
)
def test_it_is_not_kept_busy_by_what_is_no_sheet(piece):
    noise = piece * (3_000_000 // len(piece))
    began = time.perf_counter()
    with pytest.raises(InvalidInput):
        read(
            zipped(
                {"xl/workbook.xml": WORKBOOK, "xl/_rels/workbook.xml.rels": RELATIONS, "xl/worksheets/sheet1.xml": sheet_of(noise)},
                method=zipfile.ZIP_STORED,
            )
        )
    assert time.perf_counter() - began < 4


def test_it_gives_a_million_repeated_cells_no_room():
    row = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row>'
    with zipfile.ZipFile(io.BytesIO(ods([("a",)]))) as archive:
        content = archive.read("content.xml").decode().replace("</table:table>", row + "</table:table>")
    with pytest.raises(InvalidInput) as refused:
        read(zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()}))
    assert refused.value.code == "too_many_cells"


def test_it_tells_what_is_hidden_and_missing():
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    sheet = workbook.add_worksheet("Một")
    sheet.write_row(0, 0, ["a", "b", "c"])
    sheet.write_row(1, 0, ["d", "e", "f"])
    sheet.write_formula(2, 0, "=1+1", None, "")
    sheet.write_formula(2, 1, "=NA()", None, "#N/A")
    sheet.write_formula(2, 2, '=""', None, "còn đây")
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    other = workbook.add_worksheet("Ẩn")
    other.write(0, 0, "x")
    other.hide()
    workbook.close()
    first, second = read(target.getvalue())
    assert first.hidden_rows == {2}
    assert first.hidden_columns == {1}
    assert first.faults == {(3, 0): "formula", (3, 1): "#N/A"}
    assert first.rows[2][2] == "còn đây"
    assert [note.code for note in first.notes] == ["hidden_rows", "hidden_columns"]
    assert second.hidden
    assert second.rows == []
    assert [note.code for note in second.notes] == ["hidden_sheet"]
    assert read(target.getvalue(), include_hidden=True)[1].rows == [["x"]]


def test_it_numbers_rows_as_the_sheet_does():
    grid = read(xlsx([(), (), (None, "x")]))[0]
    assert grid.rows[2][1] == "x"
    grid = read(xls([(), (), (None, "x")]))[0]
    assert grid.rows[2][1] == "x"
    grid = read(ods([(), (), (None, "x")]))[0]
    assert grid.rows[2][1] == "x"


def test_it_counts_empty_formatted_rows_for_nothing():
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    sheet = workbook.add_worksheet()
    framed = workbook.add_format({"border": 1})
    sheet.write(0, 0, "x")
    for number in range(1, 40_001):
        for column in range(10):
            sheet.write_blank(number, column, None, framed)
    workbook.close()
    began = time.perf_counter()
    assert len(read(target.getvalue())[0].rows) == 1
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]), ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]), ("a|b\n1|2\n\n\n", [["a", "b"], ["1", "2"]]),
        ("sep=;\na;b\n", [["a", "b"]]), ('"a;x";b\n"1\n2";3\n', [["a;x", "b"], ["1\n2", "3"]]), ("tên\nAn\n", [["tên"], ["An"]]),
    ],
)  # fmt: skip
def test_it_finds_the_separator(text, expected):
    assert read(text.encode(), "a.csv")[0].rows == expected


def test_it_survives_a_stray_quotation_mark():
    text = 'Họ tên;Ghi chú\nNguyễn Văn An;"mới\n' + "".join(f"Trần Thị {number};x\n" for number in range(40))
    assert len(read(text.encode(), "a.csv")[0].rows) == 42


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=20))
def test_it_never_fails_otherwise_on_damaged_workbooks(at, noise):
    try:
        read(GOOD[:at] + noise + GOOD[at + len(noise) :])
    except InvalidInput as refused:
        assert refused.field == "file"


OLD = xls(PLAIN)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(OLD) - 1), st.binary(min_size=1, max_size=20))
def test_it_never_fails_otherwise_on_damaged_old_workbooks(at, noise):
    try:
        read(OLD[:at] + noise + OLD[at + len(noise) :])
    except InvalidInput as refused:
        assert refused.field == "file"


def test_it_refuses_an_old_workbook_that_claims_to_be_vast():
    data = bytearray(OLD)
    at = data.find(struct.pack("<HH", 0x200, 14))
    assert at > 0
    data[at + 4 : at + 18] = struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFFFF, 0)
    with pytest.raises(InvalidInput) as refused:
        read(bytes(data))
    assert refused.value.code == "broken_archive"


def test_it_checks_what_it_unpacks():
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>"}, method=zipfile.ZIP_STORED))
    at = data.find(b"<workbook/>")
    data[at + 1] ^= 1
    assert zlib.crc32(bytes(data[at : at + 11])) != zlib.crc32(b"<workbook/>")
    with pytest.raises(InvalidInput) as refused:
        read(bytes(data))
    assert refused.value.code == "broken_archive"
