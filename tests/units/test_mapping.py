"""A mapping file old → new: its rows as operations, and a whole province reorganised and back."""

from __future__ import annotations

import random
import time
from datetime import date, datetime

import pytest

from elearn.units.rules.edits import apply, conflicts, inverse
from elearn.units.rules.mapping import COLUMNS, HEADINGS, columns_of, problems_of, read_day, read_mapping
from elearn.units.rules.operations import Close, Create, Merge, Move, Part, Rename, Split
from elearn.units.rules.organisation import Decision, Organisation
from elearn.units.rules.planning import plan
from elearn.units.rules.preview import as_rows
from elearn.units.rules.snapshots import roll_up
from tests.units.trees import REFORM, small, unit

KINDS = {"province": "Đảng bộ tỉnh", "district": "Đảng bộ huyện", "commune": "Đảng bộ xã", "cell": "Chi bộ"}


def read(rows, organisation=None):
    table = [(number, {"effective_on": REFORM, **row}) for number, row in enumerate(rows, start=2)]
    return read_mapping(table, organisation or small(), KINDS)


def test_it_knows_the_headings_in_both_languages():
    assert columns_of(list(HEADINGS.values())) == {column: position for position, column in enumerate(COLUMNS)}
    assert columns_of(["", "NEW CODE *", "old_code", "khác"]) == {"new_code": 1, "old_code": 2}


@pytest.mark.parametrize("written", ["1/7/2025", "01-07-2025", "2025-07-01", 45839, datetime(2025, 7, 1), REFORM])
def test_it_reads_days_as_written(written):
    assert read_day(written) == REFORM


@pytest.mark.parametrize("written", ["", "31/2/2025", "hôm nay", 7, None])
def test_it_takes_nothing_else_for_a_day(written):
    assert read_day(written) is None


def test_it_takes_rows_with_the_same_new_code_for_one_merger():
    reading = read([
        {"old_code": "A", "new_code": "C", "new_name": "Xã C", "parent": "T", "decision_number": "12-QĐ", "decision_date": "1/6/2025"},
        {"old_name": "đơn vị b", "action": "Sáp nhập", "new_code": "C", "decision_number": "12-QĐ", "decision_date": "1/6/2025"},
    ])  # fmt: skip
    decision = Decision("12-QĐ", date(2025, 6, 1))
    assert reading.operations == (
        Merge(units=("A", "B"), into="C", name="Xã C", parent="T", effective_on=REFORM, decision=decision),
    )
    assert reading.rows == ((2, 3),) and not reading.problems


def test_it_takes_rows_with_the_same_old_code_for_one_split():
    reading = read(
        [{"old_code": "B", "new_code": "X", "new_name": "X", "is_main": "x"}, {"old_code": "B", "new_code": "Y", "new_name": "Y"}]
    )
    parts = (Part(code="X", name="X", is_main=True), Part(code="Y", name="Y"))
    assert reading.operations == (Split(unit="B", parts=parts, effective_on=REFORM),)


def test_it_understands_rows_without_an_action():
    reading = read([
        {"old_code": "A1", "new_name": "Khu phố 1"},
        {"old_code": "A2", "parent": "B"},
        {"new_code": "N", "new_name": "Mới", "kind": "Chi bộ", "parent": "A"},
        {"old_code": "E", "action": "giải thể"},
    ])  # fmt: skip
    assert set(map(type, reading.operations)) == {Rename, Move, Create, Close}
    assert isinstance(reading.operations[-1], Close) and not reading.problems
    assert plan(small(), reading.operations, KINDS).is_sound


def test_it_finds_the_order_by_itself():
    reading = read([
        {"old_code": "D2", "action": "close"},
        {"old_code": "E", "new_code": "F", "new_name": "F", "parent": "N2"},
        {"new_code": "N2", "new_name": "Cấp dưới", "kind": "commune", "parent": "N1"},
        {"new_code": "N1", "new_name": "Cấp trên", "kind": "district", "parent": "T"},
    ])  # fmt: skip
    assert [type(operation) for operation in reading.operations] == [Create, Create, Merge, Close]
    assert plan(small(), reading.operations, KINDS).is_sound


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"old_code": "Z", "new_code": "C"}, "old_code"),
        ({"old_name": "Không có", "new_code": "C"}, "old_name"),
        ({"old_code": "A", "action": "biến mất"}, "action"),
        ({"old_code": "A"}, "action"),
        ({"old_code": "A", "kind": "hội"}, "kind"),
        ({"old_code": "A", "new_code": "C", "effective_on": "32/1/2025"}, "effective_on"),
        ({"old_code": "A", "new_code": "C", "effective_on": ""}, "effective_on"),
        ({"old_code": "A", "new_code": "C", "decision_date": "hôm qua"}, "decision_date"),
        ({"old_code": "A", "new_code": "C", "is_main": "có lẽ"}, "is_main"),
        ({"new_name": "Chỉ có tên"}, "old_code"),
    ],
)
def test_it_names_the_row_and_column_of_a_problem(row, column):
    reading = read([row])
    assert [(problem.row, problem.column) for problem in reading.problems] == [(2, column)]
    assert all(problem.message % problem.values for problem in reading.problems)
    assert not reading.operations


def test_it_refuses_rows_that_contradict_each_other():
    assert read([{"old_code": "A", "new_code": "C", "new_name": "C"}, {"old_code": "B", "new_code": "C", "new_name": "D"}]).problems
    assert read([{"old_code": "A", "new_code": "C"}, {"old_code": "A", "new_code": "D"}]).problems
    assert read([{"old_code": "A", "new_code": "C"}, {"old_code": "A", "new_code": "C"}]).problems
    assert read([{"old_code": "A", "parent": "B"}, {"old_code": "B", "parent": "A"}]).problems


def province() -> tuple[Organisation, list[dict[str, object]]]:
    """150 communes with five cells each in 12 districts, and the file that makes 60 communes of them without districts."""
    units = [unit(1, "T", None, "Đảng bộ tỉnh An Sơn", "province")]
    units += [unit(10 + number, f"H{number:02}", 1, f"Đảng bộ huyện {number}", "district") for number in range(12)]
    units += [unit(100 + number, f"X{number:03}", 10 + number % 12, f"Đảng bộ xã cũ {number}") for number in range(150)]
    units += [
        unit(1000 + 5 * commune + cell, f"X{commune:03}-{cell}", 100 + commune, f"Chi bộ {cell} xã {commune}", "cell")
        for commune in range(150)
        for cell in range(5)
    ]
    rows: list[dict[str, object]] = [{"old_code": f"H{number:02}", "action": "Giải thể"} for number in range(12)]
    for number in range(150):
        # The last ten communes stay themselves and only move up; the others make 50 new ones.
        stays = number >= 140
        new = {} if stays else {"new_code": f"P{number % 50:02}", "new_name": f"Đảng bộ xã mới {number % 50}", "kind": "Đảng bộ xã"}
        rows.append({"old_code": f"X{number:03}", "parent": "T", **new})
    return Organisation.of(units), rows


def test_it_reorganises_a_province_from_one_file_and_undoes_it():
    before, rows = province()
    random.Random(3).shuffle(rows)
    started = time.perf_counter()
    reading = read(rows, before)
    made = plan(before, reading.operations, KINDS)
    assert time.perf_counter() - started < 5
    assert not reading.problems and not made.problems
    after = made.organisation
    now, then = after.as_of(REFORM), after.as_of(date(2025, 6, 30))
    assert sum(each.kind == "commune" for each in now.units.values()) == 60
    assert not any(each.kind == "district" for each in now.units.values())
    assert all(now.units[each.parent_id].kind == "province" for each in now.units.values() if each.kind == "commune")
    assert then == before.as_of(date(2025, 6, 30))
    assert len(made.moves) == 140 + 12
    # People belong to communes and cells; the districts' own end without a successor and must be told apart, not lost.
    chance = random.Random(4)
    figures = {number: chance.randrange(100) for number, each in then.units.items() if each.kind != "district"}
    as_then, mapped = roll_up(then, figures), after.mapped(figures, REFORM)
    as_now = roll_up(now, mapped.figures)
    assert as_then.whole == as_now.whole == sum(figures.values()) and not mapped.unmapped
    assert after.mapped({10: 7}, REFORM).unmapped == {10: 7}
    assert not conflicts(after, made.edits)
    assert apply(after, inverse(made.edits)) == before


def test_it_puts_problems_of_the_plan_at_their_row():
    reading = read([{"old_code": "A", "new_code": "C", "parent": "T"}, {"old_code": "D2", "action": "close"}])
    found = problems_of(reading, plan(small(), reading.operations, KINDS))
    assert [(problem.row, problem.column, problem.code) for problem in found] == [
        (2, "new_name", "unnamed"), (3, "old_code", "children_left"),
    ]  # fmt: skip


def test_it_says_in_words_what_will_be_done():
    reading = read([
        {"old_code": "A", "new_code": "C", "new_name": "Xã C", "parent": "T"},
        {"old_code": "B", "new_code": "C"},
        {"old_code": "A1", "parent": "C"},
        {"old_code": "E", "action": "close"},
        {"old_code": "D1", "new_code": "D1", "action": "merge"},
        {"old_code": "D2", "new_code": "D1"},
    ])  # fmt: skip
    assert not reading.problems
    assert [row.sentence for row in as_rows(small(), reading.operations)] == [
        "Sáp nhập Đơn vị A và Đơn vị B thành Xã C",
        "Sáp nhập Đơn vị D2 vào Đơn vị D1",
        "Chuyển Đơn vị A1 về trực thuộc Xã C",
        "Giải thể Đơn vị E",
    ]


def test_it_lets_part_of_a_split_unit_go_where_others_merge():
    reading = read([
        {"old_code": "A", "new_code": "D", "new_name": "Xã D", "parent": "T"},
        {"old_code": "A", "new_code": "C", "is_main": "x"},
        {"old_code": "B", "new_code": "C", "new_name": "Xã C"},
    ])  # fmt: skip
    made = plan(small(), reading.operations, KINDS)
    assert not reading.problems and made.is_sound
    now = made.organisation
    assert now.current_of(4) == now.current_of(5) == now.ids_by_code["C"]
    assert [link.is_main for link in now.units[4].successors] == [True, False]


def test_it_lets_a_split_unit_carry_on_under_another_name():
    reading = read([
        {"old_code": "A", "new_name": "Xã A nhỏ"},
        {"old_code": "A", "new_code": "D", "new_name": "Xã D"},
    ])  # fmt: skip
    made = plan(small(), reading.operations, KINDS)
    assert not reading.problems and made.is_sound and not made.moves
    assert {each.name for each in made.organisation.as_of(REFORM).units.values()} >= {"Xã A nhỏ", "Xã D"}


def test_it_merges_upper_and_lower_units_on_one_day():
    reading = read([
        {"old_code": "A", "new_code": "C", "new_name": "Xã C", "parent": "D"},
        {"old_code": "B", "new_code": "C"},
        {"old_code": "D1", "new_code": "D", "new_name": "Huyện D"},
        {"old_code": "D2", "new_code": "D"},
    ])  # fmt: skip
    made = plan(small(), reading.operations, KINDS)
    assert not reading.problems and made.is_sound
    now = made.organisation.as_of(REFORM)
    assert sorted(each.code for each in now.units.values()) == ["A1", "A2", "C", "D", "E", "T"]
    assert apply(made.organisation, inverse(made.edits)) == small()
