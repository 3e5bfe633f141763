"""What pasted lines mean, as plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.classes.rules.matching import Candidate, Verdict, key_forms, match_all, match_line, parse, parse_line
from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold

HANH = Candidate(1, "Trần Thị Hạnh", "DV00001", "Chi bộ Khu phố 5")
HANH_2 = Candidate(21, "Trần Thị Hạnh", "DV00021", "Chi bộ Trường THCS")
BINH = Candidate(2, "Nguyễn Văn Bình", "DV00002", "Chi bộ Trường THCS")
NAM = Candidate(3, "Hoàng Văn Nam", "DV00003", "Chi bộ Khu phố 5")
STRANGER = Candidate(9, "", "", "", is_in_scope=False)
BY_KEY = {"dv00001": [HANH], "dv00002": [BINH], "binh": [BINH], "0912345678": [HANH], "dv00009": [STRANGER]}
BY_NAME = {"tran thi hanh": [HANH, HANH_2], "nguyen van binh": [BINH], "hoang van nam": [NAM]}


def verdict(raw: str) -> tuple[Verdict, int | None]:
    match = match_line(parse_line(raw), BY_KEY, BY_NAME)
    return match.verdict, match.chosen.member_id if match.chosen else None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Nguyễn Văn Bình", (Verdict.FOUND, 2)),
        ("  nguyen   van BINH ", (Verdict.FOUND, 2)),
        ("NGUYỄN VĂN BÌNH", (Verdict.FOUND, 2)),
        ("3\tNguyễn Văn Bình\t1961\tChi bộ Trường THCS", (Verdict.FOUND, 2)),
        ("3. Nguyễn Văn Bình", (Verdict.FOUND, 2)),
        ("Nguyễn Văn\tBình", (Verdict.FOUND, 2)),
        ("Hoàng Văn\tNam\tNam\t14/08/1979", (Verdict.FOUND, 3)),
        ("Nguyễn Văn Bình\tNam", (Verdict.FOUND, 2)),
        ("dv00002", (Verdict.FOUND, 2)),
        ("binh", (Verdict.FOUND, 2)),
        ("0912 345 678", (Verdict.FOUND, 1)),
        ("912345678", (Verdict.FOUND, 1)),
        ("+84912345678", (Verdict.FOUND, 1)),
        ("DV00001; Trần Thị Hạnh", (Verdict.FOUND, 1)),
        ("Trần Thị Hạnh", (Verdict.SEVERAL, None)),
        ("Trần Thị Hạnh\tChi bộ Trường THCS", (Verdict.FOUND, 21)),
        ("DV00002, Trần Thị Hạnh", (Verdict.LOOK, None)),
        ("DV77777\tNguyễn Văn Bình", (Verdict.LOOK, None)),
        ("DV00009", (Verdict.OUTSIDE, None)),
        ("DV00001 | DV00002", (Verdict.SEVERAL, None)),
        ("Lê Không Ai", (Verdict.UNKNOWN, None)),
    ],
)
def test_it_reads_a_line(raw, expected):
    assert verdict(raw) == expected


def test_it_says_nothing_of_people_outside_the_scope():
    match = match_line(parse_line("DV00009 Lò Văn Thuận"), BY_KEY, BY_NAME)
    assert match.candidates == ()


def test_it_takes_a_choice_only_among_those_offered():
    lines = parse(["Trần Thị Hạnh", "Trần Thị Hạnh"])
    first, second = match_all(lines, BY_KEY, BY_NAME, {0: 21, 1: 2})
    assert (first.verdict, first.text) == (Verdict.FOUND, "DV00021")
    assert second.verdict is Verdict.SEVERAL


def test_it_takes_a_person_named_twice_once():
    verdicts = [match.verdict for match in match_all(parse(["binh", "Nguyễn Văn Bình"]), BY_KEY, BY_NAME)]
    assert verdicts == [Verdict.FOUND, Verdict.REPEATED]


def test_it_refuses_an_empty_list_and_an_endless_one():
    for raws in ([], ["", "  \t "], ["Lê Văn A"] * 2001):
        with pytest.raises(InvalidInput):
            parse(raws)


@given(st.text(max_size=60))
def test_it_survives_any_line(raw):
    line = parse_line(raw)
    match = match_line(line, BY_KEY, BY_NAME)
    assert (match.chosen is not None) == (match.verdict in (Verdict.FOUND, Verdict.ENROLLED))


@given(st.sampled_from(["Nguyễn Văn Bình", "Hoàng Văn Nam"]), st.sampled_from([str.upper, str.lower, fold, str.title, str]))
def test_it_minds_neither_case_nor_accents(name, change):
    assert verdict(change(name)) == verdict(name)


def test_it_keeps_a_chosen_line_clear_when_read_again():
    (match,) = match_all(parse(["DV00002, Trần Thị Hạnh"]), BY_KEY, BY_NAME, {0: 2})
    assert verdict(match.text) == (Verdict.FOUND, 2)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["3", "3.", "Nguyễn Văn", "Bình", "DV00002", "1961", "Chi bộ 5", "nam"])).map("\t".join)
)
def test_it_reads_its_own_writing_alike(raw):
    once = parse_line(raw)
    again = parse_line(once.raw)
    assert (again.name, again.keys, again.hints) == (once.name, once.keys, once.hints)


def test_it_gives_back_the_zero_that_excel_drops():
    assert key_forms("912345678") == ("912345678", "0912345678")
