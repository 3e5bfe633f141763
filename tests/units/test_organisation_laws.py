"""Laws of the organisation tree under random operations."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn.units.rules.edits import apply, conflicts, inverse, undo
from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Part, Plan, Rename, Split
from elearn.units.rules.organisation import Organisation
from elearn.units.rules.planning import plan
from elearn.units.rules.snapshots import roll_up
from tests.units.trees import day, naive, replay, unit

DAYS = 12
KINDS = ("commune", *(f"kind{number}" for number in range(20)))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    count = draw(st.integers(3, 8))
    parents = [None, *(draw(st.none() | st.integers(1, number)) for number in range(1, count))]
    return Organisation.of(unit(number, f"U{number}", parent) for number, parent in enumerate(parents, start=1))


@st.composite
def operations(draw: st.DrawFn, organisation: Organisation, number: int) -> Operation:
    codes = sorted(organisation.ids_by_code)
    some = st.sampled_from(codes)
    on = day(draw(st.integers(1, DAYS)))
    new = f"N{number}"
    # Each name and kind is new: what changes nothing leaves no fact behind that an earlier day would have to respect.
    name, kind = f"Khu phố {number}", f"kind{number}"
    match draw(st.sampled_from(["create", "rename", "move", "move", "merge", "absorb", "split", "part", "close", "dissolve"])):
        case "create":
            return Create(code=new, name=name, kind=kind, parent=draw(some | st.just("")), effective_on=on)
        case "rename":
            return Rename(unit=draw(some), name=name, kind=draw(st.sampled_from(["", kind])), effective_on=on)
        case "move":
            return Move(unit=draw(some), parent=draw(some | st.just("")), effective_on=on)
        case "merge":
            units = tuple(draw(st.lists(some, min_size=1, max_size=3, unique=True)))
            parent = draw(st.none() | some | st.just(""))
            return Merge(units=units, into=new, name=name, kind=kind, parent=parent, effective_on=on)
        case "absorb":
            units = tuple(draw(st.lists(some, min_size=1, max_size=2, unique=True)))
            children = draw(st.dictionaries(some, some, max_size=1))
            return Merge(units=units, into=draw(some), name=draw(st.sampled_from(["", name])), children=children, effective_on=on)
        case "split":
            parts = (Part(code=new, name=name, is_main=True), Part(code=draw(st.just(f"{new}b") | some), name=name, kind=kind))
            return Split(unit=draw(some), parts=parts, effective_on=on)
        case "part":
            parts = (Part(code=new, name=name, parent=draw(st.none() | some)),)
            children = {draw(some): new} if draw(st.booleans()) else {}
            return Split(unit=draw(some), parts=parts, carries_on=True, children=children, effective_on=on)
        case "close":
            return Close(unit=draw(some), effective_on=on)
        case _:
            return Close(unit=draw(some), successor=draw(some), effective_on=on)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Organisation, list[Operation], list[Plan]]:
    """An organisation, operations with days in any order that were accepted, and the plan of each."""
    start = organisation = draw(organisations())
    accepted: list[Operation] = []
    plans: list[Plan] = []
    for number in range(draw(st.integers(1, 14))):
        operation = draw(operations(organisation, number))
        made = plan(organisation, [operation], KINDS)
        if made.is_sound and made.edits:
            accepted.append(operation)
            plans.append(made)
            organisation = made.organisation
        else:
            assert not any(problem.code.startswith("facts_") for problem in made.problems)
            assert made.organisation == organisation and not made.edits and not made.moves
    return start, accepted, plans


LAWS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def check_facts(organisation: Organisation) -> None:
    """Spans fill a unit's life without gap or overlap; one kind, name and parent a day; the parent exists; main successors."""
    for each in organisation.units.values():
        assert each.valid_to is None or each.valid_to > each.valid_from
        for spans in (each.names, each.kinds, each.parents):
            assert (spans[0].valid_from, spans[-1].valid_to) == (each.valid_from, each.valid_to)
            assert all(before.valid_to == after.valid_from for before, after in pairwise(spans))
            assert all(span.valid_to is None or span.valid_from < span.valid_to for span in spans)
        mains = [link for link in each.successors if link.is_main]
        assert len(mains) <= (1 if each.valid_to else 0)
        assert not each.valid_to or not each.successors or mains or all(li.effective_on <= each.valid_to for li in each.successors)
        for link in each.successors:
            heir = organisation.units[link.successor_id]
            # Several steps may follow one another on one day: the heir may end on the very day on which it inherits.
            assert heir.valid_from <= link.effective_on and (heir.valid_to is None or link.effective_on <= heir.valid_to)
        assert all(link.effective_on == each.valid_to for link in mains)
    for number in range(DAYS + 2):
        assert not organisation.as_of(day(number)).faults


@LAWS
@given(histories())
def test_it_equals_a_replay_on_every_day(history):
    start, accepted, plans = history
    organisation = plans[-1].organisation if plans else start
    check_facts(organisation)
    tree = naive(start, day(0))
    for number in range(DAYS + 2):
        assert naive(organisation, day(number)) == replay(tree, accepted, day(number))


@LAWS
@given(histories())
def test_it_undoes_everything_exactly(history):
    start, _, plans = history
    organisation = plans[-1].organisation if plans else start
    edits = tuple(edit for made in plans for edit in made.edits)
    assert apply(start, edits) == organisation
    assert not conflicts(organisation, edits)
    assert apply(organisation, inverse(edits)) == start
    assert inverse(inverse(edits)) == edits


@LAWS
@given(histories(), st.data())
def test_it_keeps_the_tree_whole_when_only_an_earlier_step_is_undone(history, data):
    _, _, plans = history
    if plans:
        organisation = plans[-1].organisation
        chosen = data.draw(st.sampled_from(plans))
        undoing = undo(organisation, chosen.steps)
        check_facts(undoing.organisation)
        assert bool(undoing.conflicts) != bool(undoing.edits) or not chosen.edits
        assert apply(undoing.organisation, inverse(undoing.edits)) == organisation


@LAWS
@given(histories(), st.data())
def test_it_adds_up_as_then_and_as_now(history, data):
    start, _, plans = history
    organisation = plans[-1].organisation if plans else start
    then: date = day(data.draw(st.integers(0, DAYS)))
    snapshot = organisation.as_of(then)
    figures = {number: data.draw(st.integers(0, 50)) for number in snapshot.units}
    as_then = roll_up(snapshot, figures)
    mapped = organisation.mapped(figures, day(DAYS + 1))
    as_now = roll_up(organisation.as_of(day(DAYS + 1)), mapped.figures)
    assert not as_then.unmapped and not as_now.unmapped
    assert as_then.whole == as_now.whole + sum(mapped.unmapped.values()) == sum(figures.values())
    assert all(organisation.current_of(number) is None for number in mapped.unmapped)
    assert organisation.successor_map(day(DAYS + 1)) == organisation.successor_map()
