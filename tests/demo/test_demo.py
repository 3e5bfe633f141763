"""What `flask demo load` leaves in the database is what use would have left."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.contests.models import Entry, Round, Settlement, Standing
from elearn.core import clock
from elearn.core.db import db
from elearn.courses.models import CourseEdition, LessonProgress, Taking
from elearn.demo.rules.guided import GUIDED
from elearn.members.models import Member, Membership, RoleGrant
from elearn.questions.queries import render_versions
from elearn.quizzes.models import Attempt, AttemptEvent
from elearn.quizzes.rules.attempts import Event, event_digest, fold
from elearn.quizzes.rules.grading import Item, grade
from elearn.units.models import Unit, UnitParent
from tests import cast
from tests.demo.conftest import PASSWORD


def learner_id() -> int:
    return db.session.scalars(select(Member.id).where(Member.login == "hocvien1")).one()


def test_it_prints_and_keeps_the_sign_ins(demo: Flask) -> None:
    kept = Path(demo.config["ELEARN"].data_path) / "demo-accounts.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = demo.test_cli_runner().invoke(args=["demo", "accounts"])
    assert again.exit_code == 0
    for output in (demo.extensions["demo_output"], again.output):
        assert PASSWORD in output
        assert all(account.login in output for account in GUIDED)


def test_it_refuses_a_second_load(demo: Flask) -> None:
    before = db.session.scalar(select(func.count()).select_from(Member))
    again = demo.test_cli_runner().invoke(args=["demo", "load"])
    assert again.exit_code == 1
    assert "đã có thành viên" in again.output
    assert db.session.scalar(select(func.count()).select_from(Member)) == before == 200


def test_it_does_nothing_by_itself_where_there_are_members(demo: Flask) -> None:
    from elearn.demo.cli import load_if_empty

    assert load_if_empty() is False


def test_it_builds_a_sound_tree(demo: Flask) -> None:
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    in_force = dict(db.session.execute(select(UnitParent.unit_id, UnitParent.parent_id).where(UnitParent.valid_to.is_(None))).all())
    assert sum(unit.parent_id is None for unit in units.values()) == 1
    for unit in units.values():
        above = units[unit.parent_id] if unit.parent_id else None
        assert unit.path == f"{above.path if above else '/'}{unit.id}/"
        assert unit.depth == unit.path.count("/") - 2
        if unit.valid_to is None:
            assert in_force[unit.id] == unit.parent_id


def test_it_keeps_one_membership_in_force_for_everybody(demo: Flask) -> None:
    query = select(Membership.member_id, Membership.unit_id).where(Membership.valid_to.is_(None))
    rows = db.session.execute(query).all()
    assert len(rows) == len({row.member_id for row in rows})
    assert set(rows) == set(db.session.execute(select(Member.id, Member.unit_id)).all())


def test_it_writes_logs_whose_fold_is_the_attempt(demo: Flask) -> None:
    events: dict[int, list[AttemptEvent]] = {}
    for line in db.session.scalars(select(AttemptEvent).order_by(AttemptEvent.attempt_id, AttemptEvent.seq)):
        events.setdefault(line.attempt_id, []).append(line)
    attempts = db.session.scalars(select(Attempt)).all()
    assert len(attempts) == len(events) > 100
    for attempt in attempts:
        digest = ""
        log = []
        for number, line in enumerate(events[attempt.id], start=1):
            event = Event(line.seq, line.at, line.kind, line.slot, line.data, line.client_seq)
            digest = event_digest(digest, attempt.id, event, line.key)
            assert (line.seq, line.digest) == (number, digest)
            log.append(event)
        assert [event.at for event in log] == sorted(event.at for event in log)
        state = fold(log)
        shown = render_versions([asked["version"] for asked in attempt.paper])
        items = [Item(one.type, one.body, tuple(asked["order"])) for one, asked in zip(shown, attempt.paper, strict=True)]
        marks = grade(items, state.responses)
        assert log[0].data == {"seed": attempt.seed, "paper": attempt.paper}
        assert (marks.total, marks.correct_count) == (attempt.mark, attempt.correct_count)
        assert (state.prediction, state.submitted_at) == (attempt.prediction, attempt.submitted_at)
        assert attempt.submitted_at is not None
        assert attempt.started_at < attempt.submitted_at <= min(attempt.deadline_at, clock.now())
        assert attempt.working_ms == round((attempt.submitted_at - attempt.started_at).total_seconds() * 1000)


def test_it_sits_papers_one_after_the_other(demo: Flask) -> None:
    query = select(Attempt).order_by(Attempt.quiz_id, Attempt.member_id, Attempt.number)
    before: Attempt | None = None
    for attempt in db.session.scalars(query):
        if before is not None and (before.quiz_id, before.member_id) == (attempt.quiz_id, attempt.member_id):
            assert attempt.number == before.number + 1
            assert before.submitted_at is not None
            assert attempt.started_at > before.submitted_at
        else:
            assert attempt.number == 1
        before = attempt


def test_it_counts_lessons_as_the_courses_do(demo: Flask) -> None:
    done = (
        select(LessonProgress.taking_id, func.count().label("lessons"))
        .where(LessonProgress.completed_at.is_not(None))
        .group_by(LessonProgress.taking_id)
    )
    counted = dict(db.session.execute(done).all())
    takings = db.session.scalars(select(Taking)).all()
    assert any(taking.completed_at for taking in takings)
    for taking in takings:
        assert taking.lessons_done == counted.get(taking.id, 0)
        best = db.session.get(Attempt, taking.best_attempt_id) if taking.best_attempt_id else None
        own = select(func.max(Attempt.mark)).where(Attempt.quiz_id == taking.edition.quiz_id, Attempt.member_id == taking.member_id)
        assert (best.mark if best else None) == db.session.scalar(own)
        is_complete = taking.lessons_done == len(taking.edition.lessons) and taking.passed_at is not None
        assert (taking.completed_at is not None) == is_complete


def test_it_has_a_past_a_running_and_a_coming_round(demo: Flask) -> None:
    now = clock.now()
    past, running, coming = db.session.scalars(select(Round).order_by(Round.number)).all()
    assert past.closes_at < now
    assert past.published_version == 1
    assert running.opens_at <= now < running.closes_at
    assert coming.opens_at > now
    for one in (past, running):
        entered = set(db.session.scalars(select(Entry.member_id).where(Entry.round_id == one.id)))
        sat = set(db.session.scalars(select(Attempt.member_id).where(Attempt.quiz_id == one.quiz_id)))
        assert entered == sat
    settlement = db.session.scalars(select(Settlement)).one()
    prizes = db.session.execute(select(Standing.prize, func.count()).where(Standing.prize != "").group_by(Standing.prize))
    assert sorted(count for _, count in prizes) == [1, 2, 3, 5]
    assert 0.1 < settlement.all_correct_count / settlement.people_count < 0.6


def test_it_gives_the_first_learner_something_to_see(demo: Flask) -> None:
    takings = db.session.scalars(select(Taking).where(Taking.member_id == learner_id())).all()
    assert sum(taking.completed_at is not None for taking in takings) == 1
    assert sum(taking.completed_at is None and taking.lessons_done > 0 for taking in takings) >= 1
    assert db.session.scalar(
        select(Standing.prize).join(Entry, Entry.id == Standing.entry_id).where(Entry.member_id == learner_id())
    )


@pytest.mark.parametrize("login", [account.login for account in GUIDED])
def test_it_opens_the_first_page_for_every_guide(demo: Flask, login: str) -> None:
    client = demo.test_client()
    cast.sign_in(demo, client, login)
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 200
    name = next(account.name for account in GUIDED if account.login == login)
    if login != "moi":
        assert name.split()[-1] in answer.text
    role = db.session.scalar(
        select(RoleGrant.role).join(Member, Member.id == RoleGrant.member_id).where(Member.login == login).limit(1)
    )
    if role:
        assert client.get("/admin", follow_redirects=True).status_code == 200


def test_it_lets_a_guide_in_by_password(demo: Flask) -> None:
    answer = demo.test_client().post("/sign-in", data={"login": "hocvien1", "password": PASSWORD})
    assert answer.status_code == 302
    assert db.session.scalar(select(CourseEdition.id).limit(1))
