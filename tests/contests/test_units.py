"""Units: measures, formulas, targets; what officers see of them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.contests.models import UnitStanding
from elearn.contests.rules.settings import ContestSettings, UnitFormula, UnitTarget, check_units
from elearn.contests.rules.unit_scores import UnitFigures, measures_of, rank_units, reached, shown_score, word_formula
from elearn.core.db import db, transaction
from elearn.lib.errors import InvalidInput
from elearn.units.models import UnitHeadcount
from tests.contests.conftest import SETTINGS, Fair

ADMIN = "/admin/contests/lich-su/rounds/1/units"
POINT = 10_000_000
G3 = UnitFormula({"rate": 35, "mean": 35, "pass": 30}, pass_percent=80)
"""35 % participation rate + 35 % mean × 10 + 30 % pass rate."""


def unit(
    number: int, people: int = 10, score: int = 80, headcount: int | None = 20, passed: int = 5, attempts: int = 12
) -> UnitFigures:
    """A unit whose people have the mean score, of 100."""
    return UnitFigures(number, f"Xã {number}", people, attempts, 2, passed, people * score * POINT, 100 * POINT, headcount)


figures = st.builds(
    unit,
    number=st.integers(1, 40),
    people=st.integers(0, 50),
    score=st.integers(0, 100),
    headcount=st.none() | st.integers(1, 60),
    passed=st.just(0),
)
several = st.lists(figures, unique_by=lambda one: one.unit_id, max_size=12)


def test_it_weighs_rate_mean_and_passes() -> None:
    (row,) = rank_units([unit(1)], G3)
    assert row.score == Fraction(35, 100) * 50 + Fraction(35, 100) * 80 + Fraction(30, 100) * 50
    assert shown_score(row.score) == 60_500_000


def test_it_draws_small_units_towards_the_mean_of_all() -> None:
    small, large = unit(1, people=1, score=100), unit(2, people=99, score=50)
    plain = rank_units([small, large], UnitFormula({"mean": 100}))
    assert [row.figures.unit_id for row in plain] == [1, 2]
    assert plain[0].score == 100
    drawn = rank_units([small, large], UnitFormula({"mean": 100}, shrink_to=9))
    assert drawn[0].score == (100 + 9 * Fraction(5050, 100)) / 10
    assert drawn[1].score > 50


def test_it_counts_a_measure_that_is_not_defined_as_nothing() -> None:
    (row,) = rank_units([unit(1, people=0, score=0, headcount=None, attempts=0)], G3)
    assert (row.score, row.measures["rate"], row.measures["mean"], row.measures["pass"]) == (0, None, None, None)


def test_it_never_counts_a_unit_above_full() -> None:
    assert measures_of(unit(1, people=30, headcount=20), Fraction(0), 0)["rate"] == 100


@given(several, st.randoms(), st.integers(0, 30))
def test_it_ranks_units_whatever_their_order(found: list[UnitFigures], chance: Any, shrink_to: int) -> None:
    formula = replace(G3, shrink_to=shrink_to)
    rows = rank_units(found, formula)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert rows == rank_units(shuffled, formula)
    assert [row.position for row in rows] == list(range(1, len(found) + 1))
    for row in rows:
        assert row.place == 1 + sum(other.score > row.score or _ahead(other, row) for other in rows)
        assert 0 <= row.score <= 100


def _ahead(other: Any, row: Any) -> bool:
    """Equal by the formula, ahead by what decides ties."""
    keys = ("mean", "rate", "attempts")
    return other.score == row.score and [other.measures[key] or 0 for key in keys] > [row.measures[key] or 0 for key in keys]


def test_it_asks_of_a_unit_what_names_it_first() -> None:
    targets = (UnitTarget(50), UnitTarget(20, unit_ids=(7, 8)), UnitTarget(9, "people", (9,)))
    assert [reached(targets, number, 10, 30).is_missing for number in (1, 7, 9)] == [20, 0, 0]  # type: ignore[union-attr]
    assert reached((), 1, 10, 30) is None


@pytest.mark.parametrize(
    "settings",
    [
        ContestSettings(units=UnitFormula({"rate": 50})),
        ContestSettings(units=UnitFormula({"rate": 150, "mean": -50})),
        ContestSettings(units=UnitFormula({"luck": 100})),
        ContestSettings(units=UnitFormula(pass_percent=101)),
        ContestSettings(unit_targets=(UnitTarget(0),)),
        ContestSettings(unit_targets=(UnitTarget(5, "marks"),)),
    ],
)
def test_it_takes_no_formula_that_cannot_be(settings: ContestSettings) -> None:
    with pytest.raises(InvalidInput):
        check_units(settings)


def test_it_says_formulas_in_words() -> None:
    assert [one.message for one in word_formula(UnitFormula())] == ["Đơn vị có nhiều người dự hơn thì xếp trên."]
    assert len(word_formula(replace(G3, shrink_to=5))) == 4


@pytest.fixture
def measured(closed: Fair) -> Fair:
    """Headcounts as of several days; a target for everybody, a lower one for Đông Hoà; the contest ranks units by rate and mean."""
    with transaction() as session:
        for unit_id, day, people in (
            (3, date(2026, 1, 1), 10),
            (3, date(2026, 9, 1), 6),
            (3, date(2027, 1, 1), 99),
            (6, date(2026, 5, 1), 2),
        ):
            session.add(UnitHeadcount(unit_id=unit_id, counted_on=day, people_count=people))
        contest = session.merge(closed.round().contest)
        formula = UnitFormula({"rate": 50, "mean": 50}, pass_percent=100)
        contest.settings = replace(SETTINGS, units=formula, unit_targets=(UnitTarget(4), UnitTarget(2, unit_ids=(5,)))).store()
    return closed


def test_it_takes_headcounts_as_of_the_day(measured: Fair) -> None:
    settlement = measured.settle()
    rows = {one.unit_id: one for one in db.session.scalars(select(UnitStanding).where(UnitStanding.settlement_id == settlement.id))}
    # Bình Minh: 3 people of 6, two of them all right; Đông Hoà: one of 2.
    assert {key: (one.headcount, one.people_count, one.passed_count) for key, one in rows.items()} == {2: (6, 3, 2), 5: (2, 1, 0)}
    assert (rows[2].score, rows[5].score) == (62_500_000, 62_500_000), "25 + 37,5 of both: the mean is the same"
    assert (rows[2].place, rows[5].place) == (1, 2), "then attempts decide: three against two"


def test_an_officer_compares_formulas_before_publishing(measured: Fair, as_: Any) -> None:
    mai = as_("mai")
    assert "Vòng này chưa chốt" in mai.get(ADMIN).text
    measured.settle()
    page = mai.get(f"{ADMIN}?a_mean=100&b_people=60").text
    assert "Hạng thử A" in page
    assert "Các trọng số đang cộng lại 60%, cần đúng 100%." in page
    assert "thiếu 1" in page
    assert "đạt 2" in page
    for nonsense in ("a_mean=x", "a_mean=-5", "a_mean=100&a_shrink=x", "a_mean=99999"):
        assert mai.get(f"{ADMIN}?{nonsense}").status_code == 200
    answer = mai.get(f"{ADMIN}.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[1:4] for row in rows if row[1] in ("Đảng bộ phường Bình Minh", "Đảng bộ xã Đông Hoà")] == [
        ["Đảng bộ phường Bình Minh", 3.0, 3.0], ["Đảng bộ xã Đông Hoà", 1.0, 2.0],
    ]  # fmt: skip


def test_it_shows_units_to_officers_only(measured: Fair, as_: Any) -> None:
    measured.settle()
    for path in (ADMIN, f"{ADMIN}.xlsx"):
        assert as_("hanh").get(path).status_code == 403
        assert as_("thanh").get(path).status_code == 200
