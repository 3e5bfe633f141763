"""Random operations through the services: the tables say what the plan says, nobody is lost, and undoing all leads back."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from elearn.members.queries.organised import count_now, count_on
from elearn.units.queries import history
from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Part, Rename, Split
from elearn.units.rules.snapshots import roll_up
from elearn.units.services.changes import CannotChange, apply_change
from elearn.units.services.undoing import undo_change
from tests.units.test_changes import KIEN, NOW, state
from tests.units.test_province import homes_of
from tests.units.trees import naive, replay

START = date(2026, 1, 1)


def operation(chance: random.Random, codes: list[str], number: int) -> Operation:
    """Some operation on some units, sensible or not."""
    on = START + timedelta(days=number)
    name, one, other = f"Chi bộ {number}", chance.choice(codes), chance.choice(codes)
    match chance.choice(["create", "rename", "move", "merge", "absorb", "split", "part", "close"]):
        case "create":
            return Create(code=f"n{number}", name=name, kind="cell", parent=one, effective_on=on)
        case "rename":
            return Rename(unit=one, name=name, effective_on=on)
        case "move":
            return Move(unit=one, parent=other, effective_on=on)
        case "merge":
            units = tuple(dict.fromkeys((one, other)))
            return Merge(units=units, into=f"n{number}", name=name, kind="cell", parent=chance.choice(codes), effective_on=on)
        case "absorb":
            return Merge(units=(one,), into=other, effective_on=on)
        case "split":
            parts = (Part(code=f"n{number}", name=name, is_main=True), Part(code=f"n{number}b", name=name))
            return Split(unit=one, parts=parts, effective_on=on)
        case "part":
            return Split(unit=one, parts=(Part(code=f"n{number}", name=name, parent=other),), carries_on=True, effective_on=on)
    return Close(unit=one, successor=other, effective_on=on)


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_and_back(app, session, seed):
    chance = random.Random(seed)
    before, people_before = state(session), homes_of(session)
    tree = naive(before[0], START - timedelta(days=1))
    done: list[tuple[int, Operation]] = []
    refused = 0
    for number in range(40):
        codes = [unit.code for unit in history.load_organisation(session).units.values() if unit.valid_to is None]
        made = operation(chance, codes, number)
        try:
            done.append((apply_change(KIEN, "", [made], NOW), made))
        except CannotChange:
            refused += 1
    assert len(done) > 8 and refused
    session.rollback()
    organisation = history.load_organisation(session)
    for days in (-1, 0, 10, 20, 30, 39):
        on = START + timedelta(days=days)
        assert naive(organisation, on) == replay(tree, [made for _, made in done], on)
        snapshot = history.snapshot_on(on)
        assert snapshot == organisation.as_of(on)
        as_then = roll_up(snapshot, count_on(on))
        found, lost = count_now(on)
        as_now = roll_up(history.snapshot_on(NOW.date()), found)
        # The same fourteen people, whichever way they are counted.
        assert as_then.whole == as_now.whole == 14 and not lost and not as_then.unmapped and not as_now.unmapped
    for number, _ in reversed(done):
        undo_change(KIEN, number, "đưa về như cũ", NOW)
    assert state(session) == before and homes_of(session) == people_before
