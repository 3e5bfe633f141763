"""Quizzes made for one test, a person who sits one on a phone, and what the server knows of it afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.questions.models import Question
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes import services
from elearn.quizzes.models import Attempt
from elearn.quizzes.queries import events_of, late_of, state_of
from elearn.quizzes.services import QuizSpec, create_quiz
from elearn.units.models import Unit
from tests.browser.conftest import Visitor, new_visitor
from tests.browser.test_journeys import behind

PICTURES = os.environ.get("ELEARN_TEST_PICTURES", "")
Asked = tuple[str, str, Mapping[str, Any]]


def choice(*texts: str, right: int = 0) -> dict[str, Any]:
    """A body with one right option."""
    return {"options": [{"text": text, **({"right": True} if place == right else {})} for place, text in enumerate(texts)]}


def plain(number: int) -> Asked:
    """A question of which the first option is right."""
    return ("single_choice", f"Câu hỏi thử số {number}?", choice("đúng", "sai một", "sai hai", "sai ba"))


def new_quiz(
    site: Any, code: str, questions: Sequence[Asked | tuple[str, str, Mapping[str, Any], dict[str, Any]]], **rules: Any
) -> int:
    """Id of a quiz that asks these questions in this order; a fourth part of a question goes into the blueprint."""
    with behind(site), transaction() as session:
        now = clock.now()
        top = session.scalar(sa.select(Unit.id).where(Unit.parent_id.is_(None)))
        bank = put_bank(session, BankSpec(f"thu-{code}", f"Ngân hàng thử {code}", "", top))
        blueprint = []
        for number, (kind, text, body, *more) in enumerate(questions, start=1):
            name = f"thu-{code}-{number}"
            put_question(session, bank.id, QuestionSpec(name, kind, "", "", text, body, f"Giải thích câu {number}.", None), now)
            question = session.scalar(sa.select(Question.id).where(Question.code == name))
            blueprint.append({"question": question, **(more[0] if more else {})})
        told = {"time_limit_seconds": 1200, "attempt_limit": 3, "shuffle_questions": False, "shuffle_options": False, **rules}
        return create_quiz(session, QuizSpec(f"thu-{code}", f"Bài thử {code}", "", top, blueprint, **told)).id


def begin(site: Any, login: str, quiz_id: int) -> int:
    """Id of the attempt that the person now has open."""
    with behind(site):
        member = db.session.scalar(sa.select(Member).where(Member.login == login))
        return services.start_attempt(quiz_id, member.id, member.unit_id, clock.now())


def answers_of(site: Any, attempt_id: int) -> dict[int, Any]:
    """The responses on the server."""
    with behind(site):
        return state_of(attempt_id).responses


def log_of(site: Any, attempt_id: int) -> list[Any]:
    """The events on the server."""
    with behind(site):
        return events_of(db.session.connection(), attempt_id)


def kept_late(site: Any, attempt_id: int) -> dict[int, Any]:
    """Answers that came too late and were kept."""
    with behind(site):
        return {one.slot: one.response for one in late_of(attempt_id)}


def end_in(site: Any, attempt_id: int, seconds: float) -> None:
    """Let the time of an attempt end so many seconds from now."""
    with behind(site), transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        attempt.started_at -= timedelta(minutes=5)
        attempt.deadline_at = clock.now() + timedelta(seconds=seconds)


def see(visitor: Visitor, name: str) -> None:
    """Examine the page, and keep a picture of it where a folder for them is named."""
    visitor.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")  # nothing half hidden by the bar at the foot
    visitor.look()
    visitor.page.evaluate("scrollTo(0, 0)")
    if PICTURES:
        visitor.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@contextmanager
def on_phone(site: Any, chromium: Any, scheme: str = "light", size: str = "phone") -> Iterator[Visitor]:
    """Somebody at a browser of that size."""
    yield from new_visitor(chromium, site, size, scheme)


class Taker:
    """A person at the page of their attempt."""

    def __init__(self, visitor: Visitor, login: str, quiz_id: int) -> None:
        self.visitor, self.page, self.site = visitor, visitor.page, visitor.site
        visitor.sign_in(login)
        self.attempt_id = begin(visitor.site, login, quiz_id)
        self.open()

    def open(self, page: Any = None) -> Any:
        """The page of the attempt, when it may save."""
        page = page or self.page
        with page.expect_response("**/hold"):
            page.goto(f"{self.site.url}/attempts/{self.attempt_id}")
        return page

    def saved(self, page: Any = None) -> None:
        """Wait until the answer on the screen is on the server."""
        (page or self.page).locator("[data-saved-line]:visible", has_text="Đã lưu lúc").wait_for()

    def waits(self, count: int) -> None:
        """Wait until the page says that so many answers wait on the device."""
        self.page.locator("[data-saved-line]:visible", has_text=f"Chờ gửi {count} câu").wait_for()

    def choose(self, label: str, page: Any = None) -> None:
        (page or self.page).locator(f"[data-options] input[value={label}]").check()

    def next(self, page: Any = None) -> None:
        (page or self.page).locator("[data-go=next]:visible").click()

    def go(self, slot: int) -> None:
        """To a question, by the list of questions."""
        if self.visitor.size == "phone":
            self.page.locator("[data-open-palette]:visible").click()
        self.page.locator(f'#palette [data-slot="{slot}"]').click()

    def see(self, name: str) -> None:
        see(self.visitor, name)
