"""Numbers as people type them, tolerances and units."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.questions.rules.numeric import NUMBER, Accepted
from elearn.questions.rules.quantities import LONGEST, may_be_unit, quantity, rounded, said, take_apart, written
from tests.questions.peer import cases


@pytest.mark.parametrize("case", cases("numerical_parse.json"), ids=lambda case: case["response"] if case else "")
def test_it_takes_numbers_apart_as_the_peer_does(case):
    found = take_apart(case["response"], case["decimal_point"], case["thousands_sep"], case["unit_before"])
    expected = case["expected_[int,frac,exp,unit]"]
    assert list(found or [None] * 4) == expected


@pytest.mark.parametrize(
    ("text", "settings", "expected"),
    [
        ("3,14159", (",", " "), ("3", "14159", "", "")),
        ("-1 000", (",", " "), ("-1000", "", "", "")),
        ("1.000,50 m", (",", "."), ("1000", "50", "", "m")),
        ("£1,234.56", (".", ",", True), ("1234", "56", "", "£")),
        ("$100.", (".", ",", True), ("100", "", "", "$")),
        ("frog 100", (".", ",", True), ("100", "", "", "frog")),
        ("$ -1e4", (".", ",", True), ("-1", "", "4", "$")),
        ("1e-6 %", (".", ","), ("1", "", "-6", "%")),
        ("7", (".", ""), ("7", "", "", "")),
        ("", (".", ","), None),
        ("-", (".", ","), None),
        ("frog", (".", ",", True), None),
    ],
)
def test_it_takes_numbers_apart_by_other_settings(text, settings, expected):
    assert take_apart(text, *settings) == expected


@pytest.mark.parametrize(
    ("text", "readings", "unit"),
    [
        ("3,14", ["3.14"], ""),
        ("3.14", ["3.14"], ""),
        ("3,141", ["3.141"], ""),
        ("1.000", ["1000", "1"], ""),
        ("12.500", ["12500", "12.5"], ""),
        ("0.125", ["0.125"], ""),
        ("1234.500", ["1234.5"], ""),
        ("7.200", ["7200", "7.2"], ""),
        ("1.000,5", ["1000.5"], ""),
        ("1,000.5", ["1000.5"], ""),
        ("1.000.000", ["1000000"], ""),
        ("1,000,000", ["1000000"], ""),
        ("1 000 000", ["1000000"], ""),
        ("1\u00a0000,5", ["1000.5"], ""),
        ("−5", ["-5"], ""),
        ("+5 m/s", ["5"], "m/s"),
        (",5", ["0.5"], ""),
        ("5,", ["5"], ""),
        ("3×10^8", ["300000000"], ""),
        ("3.10^8", ["300000000"], ""),
        ("3,5 . 10⁸ m", ["350000000"], "m"),
        ("3·10⁻²", ["0.03"], ""),
        ("2e3 kg", ["2000"], "kg"),
        ("5 m²", ["5"], "m²"),
        ("12%", ["12"], "%"),
        ("$1,234.56", ["1234.56"], "$"),
        ("₫ 5.000", ["5000", "5"], "₫"),
        ("1 000 người", ["1000"], "người"),
        ("３，１４", [], ""),
    ],
)
def test_it_reads_what_takers_type(text, readings, unit):
    found = quantity(text)
    assert ([str(Decimal(one.numerator) / one.denominator) for one in found.readings] if found else []) == readings
    assert not found or found.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "", "ba", "2/3", "5 hoặc 6", "5-6", "2 m 50", "1.0.0", "1.00.000", "12 34", "1,5,5", "1.000,000.5", "--5", ".", ",", "-", "1e999",
        "1e99999", "1×10^", "5 = 5", "٣", "1 000.000.000", "0x10", "١٢", "1" * (LONGEST + 1), "1_000",
    ],
)  # fmt: skip
def test_it_takes_nothing_else_for_a_number(text):
    assert quantity(text) is None


def test_it_gives_the_taker_the_better_reading():
    body = {"answers": [{"value": "1", "fraction": "0"}, {"value": "1000"}]}
    assert NUMBER.share(body, None, "1.000") == 1
    assert NUMBER.share({"answers": [{"value": "1"}]}, None, "1.000") == 1
    assert NUMBER.share(body, None, "1,000") == 0


@given(st.text("0123456789.,eE+-x×*^ m²%", max_size=LONGEST))
def test_it_reads_in_no_time(text):
    began = time.process_time()
    quantity(text)
    assert time.process_time() - began < 0.05


@given(st.decimals(-(10**12), 10**12, places=6))
def test_it_reads_back_what_it_writes(value):
    number = Fraction(value)
    assert number in (quantity(said(number)) or quantity("0")).readings
    assert Fraction(written(number)) == number


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_it_rounds_to_the_nearest(value, decimals):
    assert abs(Fraction(rounded(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)


def test_it_rounds_halves_away_from_nought():
    assert [str(rounded(Fraction(value), 1)) for value in ("0.25", "-0.25", "0.35")] == ["0.3", "-0.3", "0.4"]


@pytest.mark.parametrize(
    ("kind", "tolerance", "inside", "outside"),
    [
        ("absolute", "0.5", ["9.5", "10.5"], ["9.49", "10.51"]),
        ("relative", "0.01", ["9.9", "10.1"], ["9.899", "10.101"]),
        ("geometric", "0.25", ["8", "12.5"], ["7.99", "12.51"]),
        ("absolute", "0", ["10"], ["10.0000001", "9.9999999"]),
    ],
)
def test_it_holds_to_the_tolerance(kind, tolerance, inside, outside):
    for sign in (1, -1):
        accepted = Accepted("", (Fraction(10 * sign),), Fraction(1), Fraction(tolerance), kind)
        assert all(accepted.holds(Fraction(value) * sign) for value in inside)
        assert not any(accepted.holds(Fraction(value) * sign) for value in outside)


UNITS = {
    "units": [{"unit": "m/s"}, {"unit": "km/h", "multiplier": "3.6"}, {"unit": "mW"}, {"unit": "MW", "multiplier": "0.000000001"}]
}


@pytest.mark.parametrize(
    ("policy", "text", "share"),
    [
        ("required", "10 m/s", "1"),
        ("required", "36 km / h", "1"),
        ("required", "36 KM/H", "1"),
        ("required", "10", "0.8"),
        ("required", "10 km/h", "0.8"),
        ("required", "10 táo", "0.8"),
        ("optional", "10", "1"),
        ("optional", "10 táo", "0.8"),
        ("optional", "36km/h", "1"),
        ("none", "10 km/h", "1"),
        ("none", "36 km/h", "0"),
        ("required", "10 mw", "0.8"),
    ],
)
def test_it_judges_units_by_the_policy(policy, text, share):
    body = {"answers": [{"value": "10"}], **UNITS, "unit_policy": policy, "unit_penalty": "0.2"}
    assert NUMBER.share(body, None, text) == Fraction(share)


def test_it_knows_what_may_be_a_unit():
    assert all(map(may_be_unit, ["m", "%", "°C", "triệu đồng", "m/s", "₫", "kg/m3"]))
    assert not any(map(may_be_unit, ["/3", "m 50", "hoặc 6", "e5", "x10^", "- 1", "2m"]))


def test_it_names_classes_by_their_range():
    body = {
        "answers": [
            {"value": "3.14", "tolerance": "0.01"},
            {"value": "200", "tolerance": "0.05", "tolerance_kind": "relative", "fraction": "0"},
            {"value": "*", "fraction": "0"},
        ]
    }
    assert [part.model for part in NUMBER.model("", body)] == ["3.14 (3.13..3.15)", "200 (190..210)", "*"]
    with_units = {"answers": [{"value": "3"}], "units": [{"unit": "m"}], "unit_before": False}
    assert NUMBER.model("", with_units)[0].model == "3 m (3..3)"
