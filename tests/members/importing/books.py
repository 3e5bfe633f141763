"""Invented lists of people in every layout that officers send, each with the people it holds."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax.saxutils import escape

import xlsxwriter

from elearn.lib.legacy_encodings import to_tcvn3, to_vni

Row = Sequence[object]
FILTERED = ' table:visibility="filter"'


@dataclass(frozen=True)
class Book:
    """`people` have the values expected of each person, in order (those not named are not compared); `codes` the problems per person."""

    data: bytes
    people: list[dict[str, str]]
    name: str = "danh-sach.xlsx"
    codes: list[set[str]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    header_rows: tuple[int, ...] = ()
    legacy: str = ""
    hidden: list[bool] = field(default_factory=list)


BOOKS: dict[str, Callable[[], Book]] = {}


def book(maker: Callable[[], Book]) -> Callable[[], Book]:
    BOOKS[maker.__name__] = maker
    return maker


def xlsx(
    rows: Sequence[Row],
    *,
    merges: Sequence[tuple[int, int, int, int]] = (),
    extra: Callable[[xlsxwriter.Workbook, object], None] | None = None,
) -> bytes:
    """A workbook of one sheet; days are written as real days, merged places are (first row, first column, last row, last column)."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = workbook.add_worksheet("Danh sách")
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for place in merges:
        sheet.merge_range(*place, "")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, date):
                sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, str):
                sheet.write_string(number, column, cell)
            else:
                sheet.write(number, column, cell)
    if extra:
        extra(workbook, sheet)
    workbook.close()
    return target.getvalue()


def ods(rows: Sequence[Row], *, hidden: Sequence[int] = (), empty_after: int = 0) -> bytes:
    """A small OpenDocument workbook, written by hand."""

    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value:%d/%m/%y}</text:p></table:table-cell>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row{FILTERED if number in hidden else ''}>{''.join(map(cell, row))}"
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for number, row in enumerate(rows)
    )
    empty = f'<table:table-row table:number-rows-repeated="{empty_after}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Trang 1">{body}{empty if empty_after else ""}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return target.getvalue()


def xls(rows: Sequence[Row], *, hidden: Sequence[int] = ()) -> bytes:
    """An old binary workbook."""
    import xlwt

    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, column, cell, day)
            elif cell is not None:
                sheet.write(number, column, cell)
        sheet.row(number).hidden = number in hidden
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def to_windows_1258(text: str) -> bytes:
    """Letters with their tone after them, as Vietnamese Windows saved text files."""
    out = []
    for letter in text:
        try:
            letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
            letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones
        out.append(letter)
    return "".join(out).encode("cp1258")


AN = {"full_name": "Nguyễn Văn An", "birth_date": "1985-03-02", "sex": "male", "phone": "0912345678"}
BINH = {"full_name": "Trần Thị Bình", "birth_date": "1990-12-25", "sex": "female", "phone": "0387654321"}
HOA = {"full_name": "Đặng Thị Hoà", "birth_date": "1978-07-15", "sex": "female", "phone": "0903111222"}
PLAIN = [
    ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Điện thoại"),
    (1, "Nguyễn Văn An", "02/03/1985", "Nam", "0912345678"),
    (2, "Trần Thị Bình", "25/12/1990", "Nữ", "0387654321"),
    (3, "Đặng Thị Hoà", "15/07/1978", "Nữ", "0903111222"),
]
THREE = [AN, BINH, HOA]
PLAIN_CSV = "".join(";".join(map(str, row)) + "\r\n" for row in PLAIN)


def names(*of: str) -> list[dict[str, str]]:
    return [{"full_name": name} for name in of]


@book
def a_plain_list() -> Book:
    return Book(xlsx(PLAIN), THREE, header_rows=(1,))


@book
def english_headings() -> Book:
    rows = [
        ("No.", "Full name", "Date of birth", "Sex", "Mobile phone", "E-mail", "Unit"),
        (1, "Nguyễn Văn An", "1985-03-02", "M", "+84 912 345 678", "AN@Example.vn", "U01"),
    ]
    return Book(xlsx(rows), [AN | {"email": "an@example.vn", "unit": "U01"}])


@book
def titles_above() -> Book:
    rows = [
        ("ĐẢNG BỘ XÃ TÂN HƯNG", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"),
        ("CHI BỘ KHU PHỐ 5",),
        ("*", None, None, "Tân Hưng, ngày 03 tháng 4 năm 2026"),
        (),
        ("DANH SÁCH ĐẢNG VIÊN THAM GIA HỌC NGHỊ QUYẾT",),
        ("(Kèm theo Công văn số 12-CV/ĐU)",),
        (),
        *PLAIN,
    ]
    return Book(xlsx(rows), THREE, header_rows=(8,))


@book
def header_of_two_merged_lines_with_birth_years() -> Book:
    rows = [
        ("STT", "Họ và tên", "Năm sinh", None, "Số điện thoại", "Ghi chú"),
        (None, None, "Nam", "Nữ", None, None),
        (1, "Nguyễn Văn An", 1985, None, "0912345678", None),
        (2, "Trần Thị Bình", None, "1990", "0387654321", "mới chuyển đến"),
    ]
    people = [
        AN | {"birth_date": "1985-01-01", "birth_precision": "year"},
        BINH | {"birth_date": "1990-01-01", "birth_precision": "year", "note": "mới chuyển đến"},
    ]
    return Book(xlsx(rows, merges=[(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1), (0, 4, 1, 4)]), people, header_rows=(1, 2))


@book
def header_of_three_lines() -> Book:
    rows = [
        ("TT", "Họ và tên", "Thông tin cá nhân", None, None, "Đảng viên", None),
        (None, None, "Ngày, tháng, năm sinh", None, "Điện thoại", "Ngày vào Đảng", None),
        (None, None, "Nam", "Nữ", None, "Dự bị", "Chính thức"),
        ("1", "2", "3", "4", "5", "6", "7"),
        (1, "Nguyễn Văn An", "02/03/1985", None, "0912345678", "03/02/2010", "03/02/2011"),
        (2, "Trần Thị Bình", None, "25/12/1990", "0387654321", "19/05/2015", date(2016, 5, 19)),
    ]
    people = [
        AN | {"joined_on": "2010-02-03", "official_on": "2011-02-03"},
        BINH | {"joined_on": "2015-05-19", "official_on": "2016-05-19"},
    ]
    return Book(xlsx(rows), people, header_rows=(1, 2, 3))


@book
def family_and_given_name_in_two_columns() -> Book:
    rows = [("STT", "Họ đệm", "Tên", "Ngày sinh"), (1, "Nguyễn Văn", "An", "2/3/1985"), (2, "Trần Thị", "Bình", "25-12-1990")]
    return Book(
        xlsx(rows),
        [{"full_name": "Nguyễn Văn An", "birth_date": "1985-03-02"}, {"full_name": "Trần Thị Bình", "birth_date": "1990-12-25"}],
    )


@book
def name_heading_merged_over_two_columns() -> Book:
    rows = [
        ("STT", "Họ và tên", None, "Ngày sinh"),
        (1, "Nguyễn Văn", "An", "2/3/1985"),
        (2, "Trần Thị", "Bình", "25.12.1990"),
        (3, "Lê", "Cường", "1/1/1970"),
    ]
    return Book(xlsx(rows, merges=[(0, 1, 0, 2)]), names("Nguyễn Văn An", "Trần Thị Bình", "Lê Cường"))


@book
def name_in_three_columns() -> Book:
    rows = [
        ("STT", "Họ", "Tên đệm", "Tên", "SĐT"),
        (1, "Nguyễn", "Văn", "An", "0912 345 678"),
        (2, "Lê", None, "Cường", "0912.345.679"),
    ]
    return Book(
        xlsx(rows), [{"full_name": "Nguyễn Văn An", "phone": "0912345678"}, {"full_name": "Lê Cường", "phone": "0912345679"}]
    )


@book
def dates_as_text_number_and_day() -> Book:
    rows = [
        ("Họ tên", "Ngày sinh"), ("Nguyễn Văn An", date(1985, 3, 2)), ("Nguyễn Văn Ba", 31108), ("Nguyễn Văn Ca", "2/3/85"), ("Nguyễn Văn Danh", "02.03.1985"),
        ("Nguyễn Văn Em", "1985-03-02"), ("Nguyễn Văn Giang", "tháng 3/1985"), ("Nguyễn Văn Hùng", 1985), ("Nguyễn Văn Kha", "3/1985"), ("Nguyễn Văn Lộc", "02031985"),
        ("Nguyễn Văn Mạnh", "Ngày 2 tháng 3 năm 1985"), ("Nguyễn Văn Năm", "31/02/1985"), ("Nguyễn Văn Phú", "01/01/2090"), ("Nguyễn Văn Quý", "01/01/2020"), ("Nguyễn Văn Sơn", "không rõ"),
        ("Nguyễn Văn Tài", "1/1/1899"), ("Nguyễn Văn Út", "1/1/1905"),
    ]  # fmt: skip
    exact = {"birth_date": "1985-03-02", "birth_precision": "day"}
    month = {"birth_date": "1985-03-01", "birth_precision": "month"}
    year = {"birth_date": "1985-01-01", "birth_precision": "year"}
    none = {"birth_date": ""}
    codes = (
        [set(), set(), {"two_digit_year"}]
        + [set()] * 7
        + [{"date_impossible"}, {"date_in_future"}, {"age_unlikely"}, {"date_unreadable"}, {"date_too_early"}, {"age_unlikely"}]
    )
    return Book(xlsx(rows), [exact] * 5 + [month, year, month, exact, exact] + [none] * 6, codes=codes)


@book
def phone_and_identity_without_leading_zeros() -> Book:
    rows = [
        ("Họ và tên", "Số CCCD", "Số điện thoại"),
        ("Nguyễn Văn An", 38085012345.0, 912345678.0),
        ("Trần Thị Bình", 1190012345, "84387654321"),
        ("Lê Văn Cường", "038 085 012 346", "0912.345.678 / 0387.654.321"),
        ("Phạm Thị Dung", "171234567", "01681234567"),
        ("Hoàng Văn Em", "3.8085E+10", "9.1E+08"),
        ("Vũ Thị Giang", "12345", "123"),
        ("Bùi Văn Hải", "'038085012347", "+856 20 5551 2345"),
    ]
    people = [
        {"national_id": "038085012345", "phone": "0912345678"}, {"national_id": "001190012345", "phone": "0387654321"}, {"national_id": "038085012346", "phone": "0912345678"},
        {"national_id": "171234567", "phone": "0381234567"}, {"national_id": "", "phone": ""}, {"national_id": "", "phone": ""}, {"national_id": "038085012347", "phone": "+8562055512345"},
    ]  # fmt: skip
    codes = [
        {"zeros_restored"},
        {"zeros_restored"},
        {"two_phones"},
        {"old_identity_card", "old_phone"},
        {"digits_lost"},
        {"national_id_invalid", "phone_invalid"},
        set(),
    ]
    return Book(xlsx(rows), people, codes=codes)


@book
def units_as_heading_rows_and_numbers_that_restart() -> Book:
    rows = [
        ("DANH SÁCH ĐẢNG VIÊN",), (), ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Điện thoại"),
        ("I. Chi bộ Khu phố 5 (2 đảng viên)",), PLAIN[1], PLAIN[2], ("Cộng: 2 đảng viên",),
        ("II", "CHI BỘ TRƯỜNG THCS LÊ LỢI"), (1, *PLAIN[3][1:]), ("Cộng", None, 1), ("Tổng cộng: 3 người",),
    ]  # fmt: skip
    return Book(xlsx(rows), THREE, units=["Chi bộ Khu phố 5", "Chi bộ Khu phố 5", "CHI BỘ TRƯỜNG THCS LÊ LỢI"])


@book
def units_without_numbering_under_a_parent() -> Book:
    rows = [
        ("STT", "Họ và tên", "Năm sinh"), ("ĐẢNG BỘ XÃ TÂN HƯNG",), (None, "Chi bộ thôn Đông"), (1, "Nguyễn Văn An", 1985), (None, "Chi bộ thôn Đoài: 1 đồng chí"), (1, "Trần Thị Bình", 1990),
    ]  # fmt: skip
    people = [
        {"full_name": "Nguyễn Văn An", "parent_unit": "ĐẢNG BỘ XÃ TÂN HƯNG"},
        {"full_name": "Trần Thị Bình", "parent_unit": "ĐẢNG BỘ XÃ TÂN HƯNG"},
    ]
    return Book(xlsx(rows), people, units=["Chi bộ thôn Đông", "Chi bộ thôn Đoài"])


@book
def units_at_two_levels_with_counts() -> Book:
    rows = [
        ("STT", "Họ và tên", "Năm sinh", "Chức vụ"), ("A", "KHỐI ĐẢNG", 2), ("I", "Văn phòng", 1), (1, "Nguyễn Văn An", 1980, "CVP"), ("II", "Ban Tổ chức", 1), (1, "Đoàn Văn Hậu", 1981, None),
        ("B", "KHỐI CHÍNH QUYỀN"), (1, "Ban Thị Mai", 1982, None),
    ]  # fmt: skip
    people = [
        {"full_name": "Nguyễn Văn An", "parent_unit": "KHỐI ĐẢNG"},
        {"full_name": "Đoàn Văn Hậu", "parent_unit": "KHỐI ĐẢNG"},
        {"full_name": "Ban Thị Mai", "parent_unit": ""},
    ]
    return Book(xlsx(rows), people, units=["Văn phòng", "Ban Tổ chức", "KHỐI CHÍNH QUYỀN"])


@book
def days_with_the_month_first() -> Book:
    rows = [
        ("Họ và tên", "Ngày sinh"),
        *((f"Nguyễn Văn {name}", f"{index}/{index + 13}/1980") for index, name in enumerate(("An", "Ba", "Ca"), 1)),
        ("Lê Thị Dung", "3/4/1980"),
    ]
    people = [
        {"birth_date": "1980-01-14"},
        {"birth_date": "1980-02-15"},
        {"birth_date": "1980-03-16"},
        {"birth_date": "1980-03-04"},
    ]
    return Book(xlsx(rows), people, codes=[set(), set(), set(), {"month_first"}])


@book
def only_names() -> Book:
    return Book(xlsx([("Họ và tên",), ("Nguyễn Văn An",), ("Trần Thị Bình",)]), names("Nguyễn Văn An", "Trần Thị Bình"))


@book
def party_status_by_ticks() -> Book:
    rows = [
        ("STT", "Họ và tên", "Năm sinh", "Đảng viên", None),
        (None, None, None, "Chính thức", "Dự bị"),
        (1, "Nguyễn Văn An", 1980, "x", None),
        (2, "Trần Thị Bình", 1990, None, "x"),
    ]
    return Book(xlsx(rows), [{"kind": "official"}, {"kind": "probationary"}], header_rows=(1, 2))


@book
def totals_and_signatures_at_the_bottom() -> Book:
    rows = [
        *PLAIN, ("Tổng cộng", None, None, None, 3), ("Ấn định danh sách có 03 đồng chí",), (), (None, None, None, "Tân Hưng, ngày 5 tháng 4 năm 2026"),
        (None, "NGƯỜI LẬP", None, "TM. CẤP UỶ"), (None, "(ký, ghi rõ họ tên)", None, "BÍ THƯ"), (), (), (None, "Lê Văn Ký", None, "Phạm Văn Duyệt"),
    ]  # fmt: skip
    return Book(xlsx(rows), THREE)


@book
def header_repeated_on_every_printed_page() -> Book:
    return Book(xlsx([*PLAIN[:3], (), PLAIN[0], PLAIN[3]]), THREE)


@book
def formulas_with_and_without_results() -> Book:
    def formulas(_workbook: object, sheet: object) -> None:
        sheet.write_formula(1, 1, '="Nguyễn"&" Văn An"', None, "Nguyễn Văn An")  # type: ignore[attr-defined]
        sheet.write_formula(2, 2, "=DATE(1990,12,25)", None, "")  # type: ignore[attr-defined]
        sheet.write_formula(3, 4, "=VLOOKUP(1,A1:B2,3)", None, "#REF!")  # type: ignore[attr-defined]

    rows = [
        PLAIN[0],
        (1, None, "02/03/1985", "Nam", "0912345678"),
        (2, "Trần Thị Bình", None, "Nữ", "0387654321"),
        (3, "Đặng Thị Hoà", "15/07/1978", "Nữ", None),
    ]
    codes = [set(), {"formula_without_value"}, {"error_value"}]
    return Book(xlsx(rows, extra=formulas), [AN, BINH | {"birth_date": ""}, HOA | {"phone": ""}], codes=codes)


@book
def hidden_rows_and_a_hidden_sheet() -> Book:
    def hide(workbook: xlsxwriter.Workbook, sheet: object) -> None:
        sheet.set_row(2, None, None, {"hidden": True})  # type: ignore[attr-defined]
        secret = workbook.add_worksheet("Cũ")
        secret.write_row(0, 0, ["Họ và tên", "Ngày sinh"])
        secret.write_row(1, 0, ["Người Đã Cũ", "1/1/1970"])
        secret.hide()

    return Book(xlsx(PLAIN, extra=hide), THREE, hidden=[False, True, False])


@book
def forty_thousand_empty_formatted_rows() -> Book:
    def fill(workbook: xlsxwriter.Workbook, sheet: object) -> None:
        framed = workbook.add_format({"border": 1})
        for number in range(4, 40_004):
            for column in range(5):
                sheet.write_blank(number, column, None, framed)  # type: ignore[attr-defined]

    return Book(xlsx(PLAIN, extra=fill), THREE)


@book
def prepared_numbers_without_people() -> Book:
    return Book(xlsx([*PLAIN, (4,), (5,), (6, None, None, None, None)]), THREE)


@book
def the_same_person_four_times() -> Book:
    return Book(xlsx([PLAIN[0], *[PLAIN[1]] * 4]), [AN] * 4)


@book
def names_in_capitals_with_double_spaces() -> Book:
    rows = [
        ("STT", "HỌ VÀ TÊN", "NĂM SINH"),
        (1, "NGUYỄN  VĂN AN", 1985),
        (2, " Trần\u00a0Thị\nBình ", 1990),
        (3, unicodedata.normalize("NFD", "Đặng Thị Hoà"), 1978),
        (4, "lê văn cường", 1980),
    ]
    return Book(
        xlsx(rows),
        names("Nguyễn Văn An", "Trần Thị Bình", "Đặng Thị Hoà", "Lê Văn Cường"),
        codes=[{"name_capitals"}, set(), set(), {"name_small_letters"}],
    )


@book
def sex_by_ticks() -> Book:
    rows = [
        ("STT", "Họ và tên", "Nam", "Nữ", "Ngày sinh"),
        (1, "Nguyễn Văn An", "x", None, "02/03/1985"),
        (2, "Trần Thị Bình", None, "X", "25/12/1990"),
        (3, "Lê Văn Cường", "x", "x", "1/1/1980"),
    ]
    people = [{"sex": "male"}, {"sex": "female"}, {"full_name": "Lê Văn Cường"}]
    return Book(xlsx(rows), people, codes=[set(), set(), {"sex_both"}])


@book
def sex_by_one_column_of_women() -> Book:
    rows = [
        ("STT", "Họ và tên", "Nữ", "Ngày sinh"),
        (1, "Nguyễn Văn An", None, "02/03/1985"),
        (2, "Trần Thị Bình", "x", "25/12/1990"),
    ]
    return Book(xlsx(rows), [{"sex": "male"}, {"sex": "female"}])


@book
def sex_by_figures_that_the_heading_explains() -> Book:
    rows = [
        ("Họ và tên", "Giới tính (1: Nam, 0: Nữ)", "Ngày sinh"),
        ("Nguyễn Văn An", 1, "02/03/1985"),
        ("Trần Thị Bình", 0, "25/12/1990"),
    ]
    return Book(xlsx(rows), [{"sex": "male"}, {"sex": "female"}])


@book
def birth_in_three_columns() -> Book:
    rows = [
        ("STT", "Họ và tên", "Ngày sinh", None, None),
        (None, None, "Ngày", "Tháng", "Năm"),
        (1, "Nguyễn Văn An", 2, 3, 1985),
        (2, "Trần Thị Bình", None, 12, 1990),
        (3, "Lê Văn Cường", None, None, 1970),
    ]
    return Book(
        xlsx(rows),
        [
            {"birth_date": "1985-03-02"},
            {"birth_date": "1990-12-01", "birth_precision": "month"},
            {"birth_date": "1970-01-01", "birth_precision": "year"},
        ],
    )


@book
def without_any_heading() -> Book:
    return Book(xlsx([*PLAIN[1:], *PLAIN[1:]]), THREE * 2, header_rows=())


@book
def kinds_positions_and_party_columns() -> Book:
    rows = [
        (
            "STT",
            "Họ và tên",
            "Số thẻ đảng viên",
            "Đối tượng",
            "Chức vụ",
            "Đơn vị công tác",
            "Chi bộ",
            "Dân tộc",
            "Tôn giáo",
            "Quê quán",
            "Ngày vào Đảng",
            "Thư điện tử",
        ),
        (
            1,
            "Nguyễn Văn An",
            38012345,
            "Chính thức",
            "Bí thư",
            "UBND xã",
            "Chi bộ 1",
            "Kinh",
            "Không",
            "Thanh Hoá",
            "3/2/2010",
            "an@example.vn",
        ),
        (2, "Trần Thị Bình", None, "Dự bị", None, "UBND xã", "Chi bộ 2", "Mường", "Công giáo", None, date(2025, 5, 19), "binh@"),
        (3, "Lê Văn Cường", None, "Quần chúng ưu tú", None, None, "Chi bộ 1", None, None, None, None, None),
        (4, "Phạm Thị Dung", None, "cán bộ", None, None, "Chi bộ 1", None, None, None, None, None),
        (5, "Hoàng Văn Em", None, "khách mời", None, None, "Chi bộ 1", None, None, None, None, None),
        (6, "Vũ Văn Gấm", None, "abc", None, None, "Chi bộ 1", None, None, None, None, None),
    ]
    people = [
        {"card_number": "38012345", "kind": "official", "position": "Bí thư", "unit": "Chi bộ 1", "ethnicity": "Kinh", "hometown": "Thanh Hoá", "joined_on": "2010-02-03", "email": "an@example.vn"},
        {"kind": "probationary", "religion": "Công giáo", "joined_on": "2025-05-19", "email": ""}, {"kind": "outstanding"}, {"kind": "cadre"}, {"kind": "guest"}, {"kind": ""},
    ]  # fmt: skip
    return Book(xlsx(rows), people, codes=[set(), {"email_invalid"}, set(), set(), set(), {"kind_unknown"}])


@book
def cells_typed_in_a_tcvn3_font() -> Book:
    rows = [
        tuple(to_tcvn3(cell) if isinstance(cell, str) else cell for cell in row)
        for row in [*PLAIN, (4, "Lê Ánh Nguyệt", "1/1/1980", "Nữ", None)]
    ]
    return Book(xlsx(rows), [*THREE, {"full_name": "Lê Ánh Nguyệt"}], legacy="tcvn3")


@book
def cells_typed_in_a_vni_font_under_unicode_headings() -> Book:
    rows = [
        PLAIN[0],
        *(tuple(to_vni(cell) if isinstance(cell, str) else cell for cell in row) for row in PLAIN[1:]),
        (4, "Phạm Đình Đức", "1/1/1980", "Nam", None),
    ]
    return Book(xlsx(rows), [*THREE, {"full_name": "Phạm Đình Đức"}], legacy="vni")


@book
def rows_without_a_name_or_with_rubbish() -> Book:
    rows = [
        PLAIN[0],
        PLAIN[1],
        (2, None, "25/12/1990", "Nữ", "0387654321"),
        (3, "Đặng\x01 Thị Hoà", "15/07/1978", "Nữ", "0903111222"),
        (4, "Nguy?n V?n B", "1/1/1980", "Nam", None),
    ]
    return Book(xlsx(rows), [AN, BINH | {"full_name": ""}, HOA, {}], codes=[set(), {"name_missing"}, set(), {"name_damaged"}])


@book
def an_old_xls() -> Book:
    rows = [("DANH SÁCH",), *PLAIN[:2], (2, "Trần Thị Bình", date(1990, 12, 25), "Nữ", 387654321), PLAIN[3]]
    return Book(xls(rows, hidden=[4]), THREE, "danh-sach.xls", hidden=[False, False, True])


@book
def an_xls_typed_in_a_tcvn3_font() -> Book:
    return Book(
        xls([tuple(to_tcvn3(cell) if isinstance(cell, str) else cell for cell in row) for row in PLAIN]),
        THREE,
        "cu.xls",
        legacy="tcvn3",
    )


@book
def an_opendocument_sheet() -> Book:
    rows = [("DANH SÁCH",), (), *PLAIN[:2], (2, "Trần Thị Bình", date(1990, 12, 25), "Nữ", 387654321), PLAIN[3]]
    return Book(ods(rows, hidden=[5], empty_after=1_048_000), THREE, "danh-sach.ods", hidden=[False, False, True])


@book
def csv_in_utf8() -> Book:
    return Book(PLAIN_CSV.encode(), THREE, "ds.csv")


@book
def csv_in_utf8_with_mark_and_commas() -> Book:
    return Book(PLAIN_CSV.replace(";", ",").encode("utf-8-sig"), THREE, "ds.csv")


@book
def csv_in_utf16() -> Book:
    return Book(PLAIN_CSV.replace(";", "\t").encode("utf-16"), THREE, "ds.txt")


@book
def csv_in_utf16_without_mark() -> Book:
    return Book(PLAIN_CSV.replace(";", "\t").encode("utf-16-be"), THREE, "ds.txt")


@book
def csv_in_windows_1258() -> Book:
    return Book(to_windows_1258(PLAIN_CSV), THREE, "ds.csv")


@book
def csv_in_tcvn3() -> Book:
    return Book(to_tcvn3(PLAIN_CSV).encode("latin-1"), THREE, "ds.csv")


@book
def csv_in_vni() -> Book:
    return Book(to_vni(PLAIN_CSV).replace(";", "|").encode("latin-1"), THREE, "ds.csv")
