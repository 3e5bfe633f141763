"""A round's paper is begun through its contest and nowhere else; who may enter is asked in full."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from elearn.audit.models import AuditEntry
from elearn.contests.queries.entries import find_entrant
from elearn.contests.rules.entry import reason_against
from elearn.contests.rules.settings import Advance, ContestSettings, RoundSettings
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members.queries import actor_of
from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.services import open_attempt
from tests.contests.conftest import AFTER, CLOSES, NOW, SETTINGS


def set_rules(fair, settings: ContestSettings) -> None:
    with transaction():
        fair.round().contest.settings = settings.store()


def set_round(fair, own: RoundSettings, number: int = 1) -> None:
    with transaction():
        fair.round(number).settings = own.store()


def refusal(fair, member_id: int, now=NOW, number: int = 1) -> str:
    db.session.rollback()
    reason = reason_against(*find_entrant(fair.round(number).id, member_id, frozenset(), now), now)
    return reason.code if reason else ""


def test_it_is_not_begun_as_a_quiz_of_its_own(fair, as_):
    quiz_id, code = fair.round().quiz.id, fair.round().quiz.code
    with pytest.raises(DomainError) as refused:
        open_attempt(actor_of(1, "/1/2/3/", NOW), 3, quiz_id, NOW)
    assert refused.value.code == "started_elsewhere"
    for answer in (as_("hanh").get(f"/quizzes/{code}"), as_("hanh").post(f"/quizzes/{code}", data={})):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/contests/lich-su/rounds/1")
    assert as_("hanh").post(f"/quizzes/{code}", json={}).status_code == 409
    assert "Tuần 1" not in as_("hanh").get("/quizzes").text
    with transaction() as session:
        session.get_one(Quiz, quiz_id).join_code = "771234"
    assert as_("hanh").get("/quizzes/join?code=771234").headers["Location"] == "/contests/lich-su/rounds/1"
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


@pytest.mark.parametrize("column", ["author_id", "reviewed_by_id", "version"])
def test_it_keeps_out_who_wrote_or_read_what_may_be_asked(fair, column):
    set_rules(fair, dataclasses.replace(SETTINGS, excludes_writers=True))
    assert refusal(fair, 2) == ""
    with transaction() as session:
        question = session.scalars(select(Question).where(Question.code == "lich-su-0")).one()
        if column == "version":  # an earlier version, written by somebody else than the one in force
            session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).one().author_id = 2
        else:
            setattr(question, column, 2)
    assert refusal(fair, 2) == "role_excluded"
    assert refusal(fair, 1) == ""
    set_rules(fair, SETTINGS)
    assert refusal(fair, 2) == ""


def test_it_writes_down_a_try_of_somebody_excluded_once_a_day(fair, as_, at):
    def count() -> int:
        db.session.rollback()
        return db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "refuse_entry"))

    yen = as_("yen")
    for _ in range(3):
        assert yen.post("/contests/lich-su/rounds/1/enter").status_code == 409
    assert count() == 1
    at(NOW + timedelta(days=1))
    assert "không dự thi" in as_("yen").post("/contests/lich-su/rounds/1/enter").text
    assert count() == 2
    assert as_("hanh").post("/contests/lich-su/rounds/1/enter").status_code == 302
    assert count() == 2


def test_it_lets_the_first_of_an_earlier_round_go_on(closed):
    """Hạnh first, Bình second, Lan third, Quang fourth; equals share a place and go on together."""
    later = CLOSES + timedelta(hours=2)
    set_round(closed, RoundSettings(advance=Advance(1, 2)), 2)
    assert refusal(closed, 1, later, 2) == "not_advanced"  # nothing is settled yet
    closed.settle()
    assert [refusal(closed, one, later, 2) for one in (1, 2, 3, 10, 12)] == ["", "", *["not_advanced"] * 3]


def test_it_lets_the_first_of_each_unit_go_on(closed):
    """Hạnh, Bình and Quang stand for Bình Minh, Lan for Đông Hoà."""
    later = CLOSES + timedelta(hours=2)
    set_round(closed, RoundSettings(advance=Advance(1, 1, "unit")), 2)
    closed.settle()
    assert [refusal(closed, one, later, 2) for one in (1, 2, 3, 10)] == ["", "not_advanced", "", "not_advanced"]
    set_round(closed, RoundSettings(advance=Advance(1, 2, "unit")), 2)
    assert [refusal(closed, one, later, 2) for one in (1, 2, 3, 10)] == ["", "", "", "not_advanced"]


def test_it_asks_the_latest_settlement_who_goes_on(closed):
    later = CLOSES + timedelta(hours=2)
    set_round(closed, RoundSettings(advance=Advance(1, 1)), 2)
    closed.settle()
    assert refusal(closed, 2, later, 2) == "not_advanced"
    with transaction() as session:
        session.execute(select(Attempt).where(Attempt.member_id == 1)).scalar_one().is_discarded = True
    closed.settle(now=AFTER + timedelta(minutes=5), reason="Bài của một người không được tính")
    assert [refusal(closed, one, later, 2) for one in (1, 2)] == ["not_advanced", ""]


def test_it_is_open_to_units_and_kinds_that_are_named(fair):
    set_rules(fair, dataclasses.replace(SETTINGS, unit_ids=(2,)))
    assert [refusal(fair, one) for one in (1, 3)] == ["", "unit_not_invited"]
    set_rules(fair, dataclasses.replace(SETTINGS, member_kinds=("probationary",)))
    assert refusal(fair, 1) == "kind_not_invited"
