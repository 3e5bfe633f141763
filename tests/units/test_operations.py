"""Each operation on plain values, each refusal, what can still be undone, and how long thousands take."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from elearn.units.rules.edits import CannotApply, apply, conflicts, inverse, undo
from elearn.units.rules.operations import Close, Create, Merge, Move, Part, Rename, Split, Succession
from elearn.units.rules.organisation import Decision, Organisation
from elearn.units.rules.planning import plan
from elearn.units.rules.snapshots import roll_up
from tests.units.trees import FIRST, KINDS, REFORM, day, naive, small, unit

EVE = REFORM - timedelta(days=1)
DECISION = Decision("12-QĐ/TU", date(2025, 6, 1))
ON = {"effective_on": REFORM, "decision": DECISION}


def done(*operations, organisation=None):
    before = organisation or small()
    made = plan(before, operations, KINDS)
    assert made.is_sound, [problem.message % problem.values for problem in made.problems]
    assert apply(made.organisation, inverse(made.edits)) == before
    eve = min(each.effective_on for each in operations) - timedelta(days=1)
    assert made.organisation.as_of(eve) == before.as_of(eve)
    return made


def parents(made, on=REFORM):
    return {code: facts["parent"] for code, facts in naive(made.organisation, on).items()}


def test_it_creates_and_what_is_below_in_one_batch():
    made = done(
        Create(code="N", name="Mới", kind="commune", parent="D1", **ON), Create(code="N1", name="Tổ", kind="cell", parent="N", **ON)
    )
    assert parents(made)["N"] == "D1" and parents(made)["N1"] == "N"
    assert made.organisation.units[-1].names[0].decision == DECISION


def test_it_renames_and_changes_the_kind():
    made = done(Rename(unit="A", name="Phường A", kind="district", **ON))
    assert naive(made.organisation, REFORM)["A"] == {"name": "Phường A", "kind": "district", "parent": "D1"}


def test_it_moves_with_all_below():
    made = done(Move(unit="A", parent="D2", **ON))
    snapshot = made.organisation.as_of(REFORM)
    assert snapshot.units[7].path == "/1/3/4/7/" and snapshot.units[7].depth == 3
    assert {each.code for each in snapshot.within(3)} == {"D2", "E", "A", "A1", "A2"}


def test_it_merges_into_a_new_unit_and_takes_the_units_below_along():
    made = done(Merge(units=("A", "B"), into="C", name="Xã C", children={"A2": "E"}, **ON))
    assert {code: parents(made).get(code) for code in ("A", "B", "C", "A1", "A2")} == {
        "A": None, "B": None, "C": "D1", "A1": "C", "A2": "E",
    }  # fmt: skip
    assert made.moves == (Succession(4, -1, REFORM), Succession(5, -1, REFORM))
    assert made.organisation.current_of(4) == -1
    assert made.organisation.current_of(4, EVE) == 4
    assert made.organisation.current_of(-1, EVE) is None


def test_it_merges_into_a_unit_that_exists():
    made = done(Merge(units=("A", "B"), into="A", name="Xã A mới", parent="T", **ON))
    assert made.moves == (Succession(5, 4, REFORM),)
    assert naive(made.organisation, REFORM)["A"] == {"name": "Xã A mới", "kind": "commune", "parent": "T"}


def test_it_splits_and_ends_or_carries_on():
    parts = (Part(code="X", name="X", is_main=True), Part(code="Y", name="Y"))
    made = done(Split(unit="A", parts=parts, children={"A2": "Y"}, **ON))
    assert (parents(made)["A1"], parents(made)["A2"]) == ("X", "Y")
    assert made.moves == (Succession(4, -1, REFORM),)
    assert [link.is_main for link in made.organisation.units[4].successors] == [True, False]
    made = done(Split(unit="A", parts=(Part(code="Y", name="Y"),), carries_on=True, children={"A2": "Y"}, **ON))
    assert (parents(made)["A1"], parents(made)["A2"], made.moves) == ("A", "Y", ())


def test_it_closes_with_and_without_a_successor():
    assert done(Close(unit="E", **ON)).moves == (Succession(6, None, REFORM),)
    made = done(Close(unit="A", successor="D1", **ON))
    assert parents(made)["A1"] == "D1" and made.organisation.current_of(4) == 2


def test_it_follows_successors_over_several_reforms_and_keeps_what_ends():
    made = done(Merge(units=("A", "B"), into="C", name="C", **ON))
    later = REFORM + timedelta(days=90)
    made = plan(
        made.organisation, [Close(unit="C", successor="E", effective_on=later), Close(unit="D1", effective_on=later)], KINDS
    )
    assert made.is_sound and made.organisation.successor_map()[4] == 6
    mapped = made.organisation.mapped({4: 5, 5: 6, 2: 7})
    assert mapped.figures == {6: 11} and mapped.unmapped == {2: 7}
    rolled = roll_up(made.organisation.as_of(later), {**mapped.figures, 2: 7})
    assert rolled.totals[1] == rolled.whole == 11 and rolled.unmapped == {2: 7}


@pytest.mark.parametrize(
    ("operation", "field", "code"),
    [
        (Create(code="A", name="N", kind="cell", **ON), "code", "code_taken"),
        (Create(code=" ", name="N", kind="cell", **ON), "code", "no_code"),
        (Create(code="N", name=" ", kind="cell", **ON), "name", "unnamed"),
        (Create(code="N", name="n" * 201, kind="cell", **ON), "name", "too_long"),
        (Create(code="N", name="N", kind="tổ", **ON), "kind", "unknown_kind"),
        (Create(code="N", name="N", kind="cell", parent="Z", **ON), "parent", "unknown_unit"),
        (Create(code="N", name="N", kind="", **ON), "kind", "no_kind"),
        (Rename(unit="Z", name="N", **ON), "unit", "unknown_unit"),
        (Rename(unit="A", name="N", effective_on=FIRST - timedelta(days=1)), "effective_on", "too_early"),
        (Move(unit="D1", parent="A1", **ON), "parent", "circle"),
        (Move(unit="A", parent="A", **ON), "parent", "circle"),
        (Merge(units=("D1", "A"), into="C", name="C", **ON), "units", "own_ancestor"),
        (Merge(units=("A1",), into="D1", **ON), "units", "own_ancestor"),
        (Merge(units=("A", "E"), into="C", name="C", **ON), "parent", "no_parent"),
        (Merge(units=("A", "B"), into="C", **ON), "name", "unnamed"),
        (Merge(units=("A",), into="A", **ON), "units", "no_units"),
        (Merge(units=("A", "B"), into="C", name="C", parent="A1", **ON), "parent", "parent_ends"),
        (Merge(units=("A", "B"), into="C", name="C", children={"E": "T"}, **ON), "children", "not_child"),
        (Split(unit="A", parts=(Part(code="X", name="X"),), **ON), "parts", "no_parts"),
        (Split(unit="A", parts=(Part(code="X", name="X"), Part(code="Y", name="Y")), **ON), "parts", "no_main"),
        (Split(unit="A", parts=(Part(code="X", name="X"), Part(code="X", name="Y")), **ON), "parts", "same_part"),
        (Split(unit="A", parts=(Part(code="X", name="X", is_main=True), Part(code="Y")), **ON), "parts.1.name", "unnamed"),
        (Close(unit="A", **ON), "children", "children_left"),
        (Close(unit="A", successor="A", **ON), "successor", "own_successor"),
        (Close(unit="A", successor="A1", **ON), "children", "circle"),
        (Close(unit="E", effective_on=FIRST), "unit", "first_day"),
    ],
)
def test_it_refuses(operation, field, code):
    made = plan(small(), [operation], KINDS)
    assert [(problem.field, problem.code) for problem in made.problems] == [(field, code)]
    assert all(problem.message % problem.values for problem in made.problems)
    assert made.organisation == small() and not made.edits and not made.moves


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (Rename(unit="E", name="N", **ON), "closed"),
        (Rename(unit="E", name="N", effective_on=date(2021, 5, 1)), "later_change"),
        (Create(code="N", name="N", kind="cell", parent="E", effective_on=date(2021, 5, 1)), "parent_ends"),
        (Move(unit="A", parent="T", effective_on=date(2021, 5, 1)), "later_change"),
        (Close(unit="A", successor="B", effective_on=date(2021, 5, 1)), "later_change"),
        (Close(unit="D2", successor="D1", effective_on=date(2021, 5, 1)), "later_change"),
    ],
)
def test_it_refuses_a_day_before_later_changes(operation, code):
    day = date(2022, 1, 1)
    before = done(Close(unit="E", effective_on=day), Move(unit="A", parent="D2", effective_on=day)).organisation
    made = plan(before, [operation], KINDS)
    assert [problem.code for problem in made.problems] == [code]


def test_it_says_which_operations_wait_for_one_with_a_problem():
    made = plan(small(), [Create(code="N", name="", kind="cell", **ON), Move(unit="A", parent="N", **ON)], KINDS)
    assert [(problem.operation, problem.code) for problem in made.problems] == [(0, "unnamed"), (1, "waits")]


def test_it_warns_of_the_same_name_below_one_parent():
    made = plan(
        small(),
        [Rename(unit="A", name="Thuỷ", **ON), Rename(unit="B", name="Thủy", **ON), Rename(unit="E", name="Thuỷ", **ON)],
        KINDS,
    )
    assert made.is_sound and [(each.operation, each.code) for each in made.problems] == [(0, "same_name"), (1, "same_name")]
    made = plan(small(), [Move(unit="A", parent="D1", **ON)], KINDS)
    assert made.is_sound and [each.code for each in made.problems] == ["no_change"] and not made.edits


def test_it_lists_what_can_no_longer_be_undone():
    made = done(Merge(units=("A", "B"), into="C", name="C", **ON), Rename(unit="E", name="Xã E", **ON))
    later = {"effective_on": REFORM + timedelta(days=30)}
    after = plan(
        made.organisation,
        [Rename(unit="C", name="Xã C", **later), Create(code="C9", name="Tổ", kind="cell", parent="C", **later)],
        KINDS,
    )
    found = conflicts(after.organisation, made.edits)
    assert {conflict.code for conflict in found} >= {"changed", "built_on"}
    assert all(conflict.edit in made.edits and conflict.message % conflict.values for conflict in found)
    with pytest.raises(CannotApply):
        apply(after.organisation, inverse(made.edits))
    # The step of the merger stays whole, the other is undone.
    undoing = undo(after.organisation, made.steps)
    assert undoing.edits == inverse(made.steps[1]) and len(undoing.conflicts) == 1
    assert undoing.organisation.current_of(4) == -1


def test_it_is_quick_with_thousands_of_units():
    units = [unit(1, "T", None, kind="province")]
    units += [unit(2 + n, f"X{n}", 1) for n in range(500)]
    units += [unit(1000 + n, f"C{n}", 2 + n % 500, kind="cell") for n in range(4500)]
    organisation = Organisation.of(units)
    operations = [Merge(units=(f"X{3 * n}", f"X{3 * n + 1}"), into=f"N{n}", name=f"Xã mới {n}", **ON) for n in range(150)]
    operations += [Rename(unit=f"C{n}", name=f"Chi bộ {n}", **ON) for n in range(150)]
    started = time.perf_counter()
    made = plan(organisation, operations, KINDS)
    planned = time.perf_counter()
    snapshot = made.organisation.as_of(REFORM)
    seen = time.perf_counter()
    assert made.is_sound and len(snapshot.units) == 5001 - 150
    # Ten times what was measured on an idle machine, for one that is busy.
    assert planned - started < 5 and seen - planned < 0.6


def test_it_refuses_a_kind_or_place_before_a_split_that_took_it_over():
    parted = plan(small(), [Split(unit="A", parts=(Part(code="N", name="N"),), carries_on=True, effective_on=day(20))], KINDS)
    assert parted.is_sound
    late = [
        Rename(unit="A", name="A", kind="cell", effective_on=day(10)), Move(unit="A", parent="D2", effective_on=day(10)),
        Rename(unit="A", name="Tên mới", effective_on=day(10)),
    ]  # fmt: skip
    problems = plan(parted.organisation, late, KINDS).problems
    assert [(problem.operation, problem.code) for problem in problems] == [(0, "later_change"), (1, "later_change")]
