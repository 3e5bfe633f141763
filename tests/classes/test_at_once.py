"""Officers who act in the same moment: no place is filled twice, no unit goes beyond its quota."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from elearn.classes import services
from elearn.classes.models import Nomination
from elearn.classes.rules.nomination import LIVE, PLACED, Act
from elearn.core.db import db
from tests.classes.conftest import DUNG, NOW


def all_at_once(app, deeds):
    """Each deed in a thread of its own, all let go together."""
    gate = Barrier(len(deeds))

    def do(deed):
        with app.app_context():
            gate.wait(timeout=20)
            try:
                return deed()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_it_fills_no_place_twice_when_all_approve_at_once(app, desk, session):
    desk.add(2, 1, 2)
    desk.add(5, 3, 11)
    for what in (Act.SUBMIT, Act.CONFIRM):
        desk.act(what)
    ids, cohort = desk.ids(), desk.cohort
    session.remove()
    all_at_once(app, [lambda one=one: services.act(DUNG, cohort, [one], Act.APPROVE, "", NOW) for one in ids * 2])
    states = Counter(row.state for row in session.query(Nomination))
    assert states == {"approved": 2, "waiting": 2}
    assert sum(states[state] for state in PLACED) == 2


def test_it_keeps_the_quota_when_all_submit_at_once(app, desk, session):
    desk.add(2, 1, 2, 5, 10, 12)
    ids, cohort = desk.ids(), desk.cohort
    session.remove()
    outcomes = all_at_once(app, [lambda one=one: services.act(DUNG, cohort, [one], Act.SUBMIT, "", NOW) for one in ids])
    assert sum(outcome.total for outcome in outcomes) == 2
    assert sum(row.state in LIVE for row in session.query(Nomination)) == 2


def test_it_enters_a_person_once_when_two_nominate_them_at_once(app, desk, session):
    cohort = desk.cohort
    session.remove()
    added = all_at_once(app, [lambda: services.add_nominees(DUNG, cohort, 2, [1, 2], NOW)] * 6)
    assert sum(one.new for one in added) == 2
    assert session.query(Nomination).count() == 2
