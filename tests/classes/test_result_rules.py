"""From figures to a result with its rule in words; the mark sheet and two who write into it at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.classes.rules.programmes import Part, Terms, grade_of
from elearn.classes.rules.results import Figures, check_change, is_pass, propose, weighted
from elearn.classes.rules.sheet import Row, Typed, read_mark, read_paste, settle, show_mark
from elearn.lib.errors import InvalidInput

D = Decimal
TERMS = Terms("Bồi dưỡng", parts=(Part("test", D(50)), Part("essay", D(50))))
FULL = Figures(D(18), D(20), {"test": D("8.5"), "essay": D(8)})


def test_it_says_which_rule_gave_the_result():
    assert propose(TERMS, FULL).why == "dự 18/20 buổi = 90%; điểm 8,25 → Giỏi"
    assert propose(TERMS, replace(FULL, attended=D(14))).why == "không đạt vì dự 14/20 buổi = 70%, dưới 80%"
    assert propose(replace(TERMS, attendance_by="period"), replace(FULL, attended=D(17), total=D(18))).why.startswith(
        "dự 17/18 tiết = 94,44%;"
    )
    assert propose(TERMS, Figures(D(18), D(20), {"test": D(9)})).why == "dự 18/20 buổi = 90%; còn thiếu bài thu hoạch"
    assert propose(TERMS, Figures(marks={"test": D(9), "essay": D(9)})).why == "còn thiếu số buổi dự"
    free = propose(TERMS, replace(FULL, exempt=frozenset({"essay"}), marks={"test": D("8.5")}))
    assert (free.why, free.mark) == ("dự 18/20 buổi = 90%; miễn bài thu hoạch; điểm 8,50 → Giỏi", D("8.50"))


@pytest.mark.parametrize(("attended", "passes"), [(16, True), (15, False)])
def test_it_compares_attendance_without_rounding(attended, passes):
    assert propose(TERMS, replace(FULL, attended=D(attended))).is_passed is passes
    third = replace(TERMS, attendance_percent=D("66.7"))
    assert propose(third, replace(FULL, attended=D(2), total=D(3))).is_passed is False


def test_it_proposes_nothing_while_something_is_missing():
    assert not propose(TERMS, Figures(D(18), D(20), {})).is_complete
    assert propose(TERMS, Figures(D(1), D(20), {})).grade == "Không đạt"
    assert propose(replace(TERMS, attendance_percent=D(0)), Figures(marks=FULL.marks)).grade == "Giỏi"


def test_it_rounds_once_and_half_up():
    terms = replace(TERMS, parts=(Part("test", D("33.3")), Part("essay", D("66.7"))))
    assert weighted(terms, Figures(marks={"test": D(8), "essay": D(9)})) == D("8.67")
    assert weighted(TERMS, Figures(marks={"test": D("7.99"), "essay": D("8")})) == D("8.00")
    assert propose(TERMS, replace(FULL, marks={"test": D("4.99"), "essay": D("4.99")})).is_passed is False


marks = st.decimals(0, 10, places=2)


@given(marks, marks, st.integers(1, 99), st.integers(0, 20))
def test_it_never_passes_who_attends_too_little_nor_leaves_the_scale(first, second, weight, attended):
    terms = replace(TERMS, parts=(Part("test", D(weight)), Part("essay", D(100 - weight))))
    proposal = propose(terms, Figures(D(attended), D(20), {"test": first, "essay": second}))
    assert min(first, second) <= proposal.mark <= max(first, second)
    assert proposal.is_passed == (attended >= 16 and proposal.mark >= 5)
    assert attended < 16 or proposal.grade == grade_of(proposal.mark, terms.bands).name


def test_it_wants_a_reason_where_the_council_differs():
    check_change("Khá", "Khá", "", "Hạnh")
    check_change("Khá", "Giỏi", "Có thành tích xuất sắc", "Hạnh")
    with pytest.raises(InvalidInput, match="Hạnh: kết luận khác"):
        check_change("Khá", "Giỏi", " ", "Hạnh")
    with pytest.raises(InvalidInput):
        is_pass(TERMS, "Tuyệt vời")


@pytest.mark.parametrize(("text", "mark"), [("8,25", "8.25"), ("8.5", "8.5"), (" 10 ", "10"), ("0", "0"), ("7,0", "7")])
def test_it_reads_marks_as_they_are_typed(text, mark):
    assert read_mark(text) == D(mark)
    assert read_mark(show_mark(read_mark(text))) == D(mark)


@pytest.mark.parametrize("text", ["10,1", "-1", "8,255", "tám", "8,", "1e1", "8 5", "٨"])
def test_it_refuses_what_is_no_mark(text):
    with pytest.raises(InvalidInput):
        read_mark(text)
    assert read_mark("  ") is None


cells = st.dictionaries(st.tuples(st.integers(1, 4), st.sampled_from(["test", "essay"])), marks)


@given(cells, cells, cells)
def test_it_overwrites_nothing_that_somebody_else_has_written(base, typed, current):
    keys = set(base) | set(typed)
    settled = settle([Typed(key, base.get(key), typed.get(key)) for key in sorted(keys)], current)
    for key in settled.writes:
        assert current.get(key) == base.get(key)
    for conflict in settled.conflicts:
        assert conflict.current != base.get(conflict.key)
        assert conflict.typed not in (conflict.current, base.get(conflict.key))
    untouched = {key for key in keys if typed.get(key) == base.get(key)}
    assert not untouched & (set(settled.writes) | {one.key for one in settled.conflicts})


ROWS = [Row(1, "DV00001", "Trần Thị Hạnh"), Row(2, "DV00002", "Nguyễn Văn Bình"), Row(3, "DV00003", "Nguyễn Văn Bình")]


def test_it_reads_a_paste_from_excel():
    found, wrong = read_paste(
        "1\tTrần Thị Hạnh\tChi bộ 5\t8,5\t9\nDV00002\t7\n\nNguyễn Văn Bình\t6\nAi Đó\t5\nDV00003\tmười", ROWS, ["test", "essay"]
    )
    assert found == {(1, "test"): D("8.5"), (1, "essay"): D(9), (2, "test"): D(7)}
    assert [line.split(":")[0] for line in wrong] == ["4", "5", "6"]
    assert "trùng tên" in wrong[0]
