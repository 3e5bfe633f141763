"""Terms of a programme, and who may attend under them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.classes.rules.eligibility import Busy, Person, ages_possible, check
from elearn.classes.rules.programmes import (
    DEFAULT_BANDS,
    Band,
    Lesson,
    Part,
    Terms,
    check_bands,
    check_terms,
    from_json,
    grade_of,
    read_bands,
    read_lessons,
    to_json,
    valid_until,
    write_bands,
    write_lessons,
)
from elearn.lib.errors import InvalidInput

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 16)
TERMS = Terms("Bồi dưỡng nhận thức về Đảng", (Lesson("Điều lệ Đảng", 5),), ("outstanding",), not_holding="NTVD")
SOUND = Person(1, "outstanding", date(2000, 5, 1), "day")

marks = st.decimals(0, 10, places=2)
bands = st.lists(st.integers(1, 1000), min_size=1, max_size=6, unique=True).map(
    lambda cuts: (
        (*tuple(Band(f"Mức {cut}", Decimal(cut).scaleb(-2)) for cut in sorted(cuts, reverse=True)), Band("Không đạt", Decimal(0)))
    )
)


@given(marks, bands)
def test_it_parts_nought_to_ten_into_grades(mark, some):
    check_bands(some)
    holding = [
        band for place, band in enumerate(some)
        if band.at_least <= mark and (place == 0 or mark < some[place - 1].at_least)
    ]  # fmt: skip
    assert holding == [grade_of(mark, some)]


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        ("10", "Xuất sắc"),
        ("9", "Xuất sắc"),
        ("8.99", "Giỏi"),
        ("8", "Giỏi"),
        ("7", "Khá"),
        ("5", "Trung bình"),
        ("4.99", "Không đạt"),
        ("0", "Không đạt"),
    ],
)
def test_it_grades_as_such_classes_do(mark, name):
    assert grade_of(Decimal(mark), DEFAULT_BANDS).name == name


@pytest.mark.parametrize(
    "some",
    [
        (Band("Đạt", Decimal(5)),),
        (Band("Đạt", Decimal(5)), Band("Không đạt", Decimal(1))),
        (Band("Đạt", Decimal(11)), Band("Không đạt", Decimal(0))),
        (Band("Khá", Decimal(5)), Band("Giỏi", Decimal(8)), Band("Không đạt", Decimal(0))),
        (Band("Đạt", Decimal(5)), Band("Đạt", Decimal(0))),
    ],
)
def test_it_refuses_grades_with_gaps_or_overlaps(some):
    with pytest.raises(InvalidInput):
        check_bands(some)


@pytest.mark.parametrize("weights", [(50, 49), (50, 51), (100, 0), ("33.3", "66.6")])
def test_it_wants_weights_that_make_exactly_one_hundred(weights):
    first, second = (Decimal(one) for one in weights)
    with pytest.raises(InvalidInput, match="đúng 100"):
        check_terms(replace(TERMS, parts=(Part("test", first), Part("essay", second))))
    check_terms(replace(TERMS, parts=(Part("test", Decimal("33.3")), Part("essay", Decimal("66.7")))))


@pytest.mark.parametrize(
    "change",
    [
        {"lessons": ()}, {"kinds": ("alien",)}, {"age_from": 40, "age_to": 30}, {"attendance_percent": Decimal(101)},
        {"attendance_by": "month"}, {"parts": (Part("test", Decimal(50)), Part("test", Decimal(50)))},
    ],
)  # fmt: skip
def test_it_refuses_terms_that_make_no_sense(change):
    with pytest.raises(InvalidInput):
        check_terms(replace(TERMS, **change))


def test_it_keeps_terms_exactly():
    terms = replace(TERMS, age_from=18, parts=(Part("test", Decimal("33.3")), Part("essay", Decimal("66.7"))), audience=("QCUT",))
    assert from_json(to_json(terms)) == terms
    assert from_json({"programme": "Cũ"}).attendance_percent == 80


def test_it_reads_lessons_and_grades_line_by_line():
    lessons = read_lessons("Khái lược lịch sử Đảng | 5\n\nĐiều lệ Đảng | 4\nPhấn đấu trở thành đảng viên")
    assert [(one.title, one.periods) for one in lessons] == [
        ("Khái lược lịch sử Đảng", 5), ("Điều lệ Đảng", 4), ("Phấn đấu trở thành đảng viên", 1),
    ]  # fmt: skip
    assert read_lessons(write_lessons(lessons)) == lessons
    assert read_bands(write_bands(DEFAULT_BANDS)) == DEFAULT_BANDS
    assert read_bands("Đạt | 6,5\nKhông đạt | 0")[0].at_least == Decimal("6.5")
    with pytest.raises(InvalidInput, match="Dòng 2"):
        read_lessons("Một | 2\nHai | nhiều")
    with pytest.raises(InvalidInput, match="Dòng 1"):
        read_bands("Giỏi | 12")


def said(person, terms=TERMS):
    return [reason.words for reason in check(person, terms, FIRST, LAST)]


def test_it_finds_nothing_against_a_sound_person():
    assert said(SOUND) == []


def test_it_gives_every_reason():
    person = replace(
        SOUND, kind="official", certificates=(("NTVD", date(2029, 3, 1)), ("KHAC", None)),
        classes=(Busy("Lớp K2", date(2026, 10, 16), date(2026, 10, 20)), Busy("Lớp K3", date(2026, 10, 17), date(2026, 10, 20))),
        is_active=False,
    )  # fmt: skip
    assert said(person) == [
        "tài khoản không còn hoạt động",
        "không đúng đối tượng: đang là Đảng viên chính thức",
        "đã có giấy chứng nhận còn hạn đến 01/03/2029",
        "trùng thời gian với lớp Lớp K2 (16/10/2026 đến 20/10/2026)",
    ]


def test_it_lets_those_return_whose_certificate_has_run_out():
    assert said(replace(SOUND, certificates=(("NTVD", FIRST),))) == []
    assert said(replace(SOUND, certificates=(("NTVD", None),))) == ["đã có giấy chứng nhận còn giá trị"]


@pytest.mark.parametrize(
    ("born", "precision", "against"),
    [
        (date(2008, 10, 12), "day", []),
        (date(2008, 10, 13), "day", ["mới 17 tuổi, yêu cầu từ 18"]),
        (date(2008, 1, 1), "year", []),
        (date(2009, 1, 1), "year", ["mới 17 tuổi, yêu cầu từ 18"]),
        (date(1965, 10, 12), "day", ["đã 61 tuổi, yêu cầu không quá 60"]),
        (date(1965, 1, 1), "year", []),
        (date(1965, 10, 1), "month", []),
        (None, "", ["chưa có ngày sinh để xét tuổi"]),
    ],
)
def test_it_refuses_an_age_only_where_no_possible_birthday_would_do(born, precision, against):
    terms = replace(TERMS, age_from=18, age_to=60)
    assert said(replace(SOUND, birth_date=born, birth_precision=precision), terms) == against


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2023, 4, 3), 60, date(2028, 4, 3)), (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)), (date(2026, 1, 1), None, None),
    ],
)  # fmt: skip
def test_it_counts_months_of_validity_on_the_calendar(day, months, until):
    assert valid_until(day, months) == until


@given(st.dates(date(1930, 1, 1), date(2010, 1, 1)), st.sampled_from(["day", "month", "year"]))
def test_it_never_reckons_the_least_age_above_the_greatest(born, precision):
    first = born.replace(day=1) if precision != "day" else born
    least, most = ages_possible(first if precision != "year" else first.replace(month=1), precision, FIRST)
    assert 0 <= most - least <= 1
