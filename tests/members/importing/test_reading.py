"""Single values and what is left out: phones, days, names, rows that are no people, headings that are remembered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.grid import SheetGrid
from elearn.members.rules.importing import values
from elearn.members.rules.importing.columns import FIELDS, field_of_heading
from elearn.members.rules.importing.dates import read_day
from elearn.members.rules.importing.layout import recognise
from elearn.members.rules.importing.reading import list_left_out, read_rows
from elearn.members.rules.importing.sorts import unit_name

TODAY = date(2026, 11, 23)
PLAIN = [["STT", "Họ và tên", "Ngày sinh", "Điện thoại"], [1, "Nguyễn Văn An", "02/03/1985", "0912345678"]]
CELLS = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.none(),
    st.dates(),
    st.sampled_from(["STT", "Họ và tên", "Nam", "Ngày sinh", "Cộng", "I.", "Chi bộ 1"]),
)


def grid(rows):
    return SheetGrid("Danh sách", [list(row) for row in rows])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("912345678", "0912345678"), ("+84912345678", "0912345678"), ("84912345678", "0912345678"), ("0084912345678", "0912345678"), ("(84) 912-345-678", "0912345678"),
        ("0912 345 678", "0912345678"), ("ĐT: 0912.345.678", "0912345678"), ("0912345678 (Zalo)", "0912345678"), ("0912345678; 0387654321", "0912345678"),
        ("0912345678 - 0387654321", "0912345678"), ("02373852123", "02373852123"), ("2373852123", "02373852123"), ("01681234567", "0381234567"), ("1681234567", "0381234567"),
        ("+1 202 555 0123", "+12025550123"), ("09123", ""), ("không có", ""), ("0112345678", ""), ("9.12E+08", ""), ("84", ""), ("0", ""),
    ],
)  # fmt: skip
def test_it_reads_phones(text, expected):
    value, remarks = values.phone(text)
    assert value == expected
    assert bool(value) or remarks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("038085012345", "038085012345"), ("38085012345", "038085012345"), ("1085012345", "001085012345"), ("171 234 567", "171234567"), ("138085012345", ""), ("abc", ""),
        ("3.8E+10", ""), ("1234567", ""), ("0380850123456", ""),
    ],
)  # fmt: skip
def test_it_reads_identity_numbers(text, expected):
    assert values.national_id(text)[0] == expected


@given(
    st.dates(date(1920, 1, 1), date(2010, 1, 1)),
    st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d%m%Y", "%Y-%m-%d 00:00:00", "ngày %d tháng %m năm %Y"]),
)
def test_it_reads_every_way_of_writing_a_day(day, form):
    assert read_day(day.strftime(form), today=TODAY).day == day


@given(st.dates(date(1920, 1, 1), date(2010, 1, 1)))
def test_it_reads_days_as_numbers(day):
    assert read_day((day - date(1899, 12, 30)).days, today=TODAY).day == day
    assert read_day(day, today=TODAY).precision == "day"


@given(st.dates(TODAY - timedelta(days=365 * 80), TODAY - timedelta(days=365 * 20)))
def test_it_gives_two_digit_years_their_century(day):
    assert read_day(day.strftime("%d/%m/%y"), today=TODAY, youngest=14).day == day


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none()))
def test_it_reads_anything_as_a_day_or_says_why_not(cell):
    reading = read_day(cell, today=TODAY)
    assert (reading.day is None) == bool(reading.fault)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=12))
def test_it_never_fails_on_any_sheet(rows):
    sheet = grid(rows)
    layout = recognise(sheet)
    people = list(read_rows(sheet, layout, today=TODAY))
    list(list_left_out(sheet, layout))
    assert all(str(problem) for person in people for problem in person.problems)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8))
def test_it_reads_or_names_every_row_that_is_not_empty(rows):
    sheet = grid([*PLAIN, *rows])
    layout = recognise(sheet)
    told = {row.number for row in read_rows(sheet, layout, today=TODAY)} | {
        number for number, _sort, _text in list_left_out(sheet, layout)
    }
    filled = {
        number
        for number, row in enumerate(sheet.rows, 1)
        if number >= layout.first_row and any(cell not in (None, "") and str(cell).strip() for cell in row)
    }
    assert filled <= told


def test_it_tells_every_row_it_leaves_out():
    rows = [*PLAIN, ["I. Chi bộ 2"], [1, "Trần Thị Bình", "1/1/1980", None], ["Cộng: 2"], [None, "Người lập"], [None, "Lê Văn Ký"]]
    sheet = grid(rows)
    layout = recognise(sheet)
    assert [row.number for row in read_rows(sheet, layout, today=TODAY)] == [2, 4]
    assert [(number, sort) for number, sort, _text in list_left_out(sheet, layout)] == [
        (3, "unit"),
        (5, "total"),
        (6, "signature"),
        (7, "signature"),
    ]


def test_it_reads_by_a_corrected_mapping():
    sheet = grid([["Cột 1", "Cột 2"], ["Nguyễn Văn An", "U1"], ["Trần Thị Bình", "U2"]])
    layout = recognise(sheet)
    rows = list(read_rows(sheet, layout, {0: "full_name", 1: "unit"}, today=TODAY))
    assert [row.values for row in rows if row.number > 1] == [
        {"full_name": "Nguyễn Văn An", "unit": "U1"},
        {"full_name": "Trần Thị Bình", "unit": "U2"},
    ]


def test_it_remembers_headings_whatever_stands_below():
    first = recognise(grid(PLAIN))
    second = recognise(grid([["DANH SÁCH"], [], [text.upper() for text in PLAIN[0]], [1, "Lê Văn Cường", 1980, None]]))
    assert first.fingerprint == second.fingerprint != ""
    assert recognise(grid([[*PLAIN[0], "Ghi chú"], [1, "Lê Văn Cường", 1980, None, "x"]])).fingerprint != first.fingerprint


def test_it_sees_numbers_that_start_again():
    assert recognise(grid([*PLAIN, ["Chi bộ 2"], PLAIN[1]])).ordinal_restarts
    assert not recognise(grid(PLAIN)).ordinal_restarts


def test_it_bounds_every_field():
    for field in FIELDS.values():
        sheet = grid([["Họ và tên", "Cột"], ["Nguyễn Văn An", "x" * 5_000]])
        for row in read_rows(sheet, recognise(sheet), {0: "full_name", 1: field.key}, today=TODAY):
            assert all(len(value) <= field.max_length for value in row.values.values())


def test_it_compares_the_identity_number_with_the_rest():
    sheet = grid(
        [
            ["Họ và tên", "Năm sinh", "Giới tính", "CCCD"],
            ["Nguyễn Văn An", 1985, "Nam", "038185012345"],
            ["Lê Thị Ba", 1986, "Nữ", "038185012345"],
        ]
    )
    first, second = read_rows(sheet, recognise(sheet), today=TODAY)
    assert [problem.code for problem in first.problems] == ["identity_disagrees_sex"]
    assert [problem.code for problem in second.problems] == ["identity_disagrees_birth"]


def test_it_knows_its_own_headings():
    for field in FIELDS.values():
        for heading in field.headings[:3]:
            assert field_of_heading(heading)[0] == field.key, heading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I. Chi bộ Khu phố 5 (12 đảng viên)", "Chi bộ Khu phố 5"), ("1.2. Chi bộ Trường Mầm non", "Chi bộ Trường Mầm non"), ("CHI BỘ 3: 15 đồng chí", "CHI BỘ 3"),
        ("II/ Chi bộ 7", "Chi bộ 7"), ("Chi bộ 12", "Chi bộ 12"), ("Văn phòng", "Văn phòng"),
    ],
)  # fmt: skip
def test_it_cleans_unit_headings(text, expected):
    assert unit_name(text) == expected
