"""A bank, a contest of two weeks and what people did in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.contests import services
from elearn.contests.models import Contest, Round
from elearn.contests.rules.settings import ContestSettings, PrizeKind, RoundSettings
from elearn.contests.services import ContestSpec, Person, RoundSpec
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.models import Attempt
from elearn.quizzes.services import Save, save_response, submit_attempt

NOW = datetime(2026, 10, 14, 3, 32, tzinfo=UTC)  # 10:32 in Viet Nam
OPENS, CLOSES = NOW - timedelta(days=2), NOW + timedelta(days=5)
AFTER = CLOSES + timedelta(minutes=1)
QUESTIONS = 4
MAI, KIEN = (6, "Hoàng Thị Mai"), (4, "Đặng Trung Kiên")
"""Who settles a round, and who publishes it."""
PRIZES = (PrizeKind("Nhất", 1, "First"), PrizeKind("Nhì", 1, "Second"))
SETTINGS = ContestSettings(minimum_age=14, excluded_roles=("content_editor",), prizes=PRIZES)
OWN = RoundSettings(attempt_limit=3, metric="people_all_correct")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`at(moment)` sets the server's clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOW)
    return set_clock


class Fair:
    """Makes a contest and lets people sit its rounds."""

    def contest(self, code: str = "lich-su", own: RoundSettings = OWN, **changes: Any) -> int:
        with transaction() as session:
            bank = put_bank(session, BankSpec(f"bank-{code}", "Lịch sử Đảng", "History", 1))
            for n in range(QUESTIONS):
                body = {"options": [{"text": "Đúng", "right": True}, {"text": "Sai"}, {"text": "Cũng sai"}]}
                spec = QuestionSpec(f"{code}-{n}", "single_choice", "t", "nhan_biet", f"Câu hỏi {n}?", body, "Vì thế.", None)
                put_question(session, bank.id, spec, NOW)
            parts = [{"bank": bank.id, "level": None, "count": QUESTIONS}]
            rounds = (
                RoundSpec("Tuần 1", OPENS, CLOSES, parts, settings=own),
                RoundSpec("Tuần 2", CLOSES + timedelta(hours=1), CLOSES + timedelta(days=7), parts, settings=own),
            )
            values: dict[str, Any] = {
                "title": "Tìm hiểu lịch sử Đảng", "unit_id": 1, "organiser_name": "Ban Tuyên giáo", "rounds": rounds,
                "settings": SETTINGS, "join_code": "482610",
            }  # fmt: skip
            return services.create_contest(session, ContestSpec(code=code, **{**values, **changes}), NOW).id

    def round(self, number: int = 1, code: str = "lich-su") -> Round:
        return db.session.scalars(select(Round).join(Contest).where(Contest.code == code, Round.number == number)).one()

    def person(self, member_id: int, *roles: str) -> Person:
        member = db.session.get_one(Member, member_id)
        return Person(member_id, member.display_name, member.unit_id, member.unit.name, frozenset(roles))

    def start(self, member_id: int, now: datetime = NOW, number: int = 1) -> int:
        return services.enter_round(self.round(number).id, self.person(member_id), now)

    def sit(
        self, member_id: int, right: int, prediction: int | None = None, now: datetime = NOW, seconds: int = 60, number: int = 1
    ) -> int:
        """An attempt with so many right answers, submitted so many seconds after its start."""
        attempt_id = self.start(member_id, now, number)
        paper = db.session.get_one(Attempt, attempt_id).paper
        for slot, asked in enumerate(paper, start=1):
            place = asked["order"].index(0 if slot <= right else 1)
            self.save(attempt_id, member_id, slot, "ABC"[place], slot, now)
        if prediction is not None:
            self.save(attempt_id, member_id, 0, prediction, len(paper) + 1, now)
        submit_attempt(attempt_id, member_id, "end", now + timedelta(seconds=seconds))
        db.session.rollback()
        return attempt_id

    def save(self, attempt_id: int, member_id: int, slot: int, response: Any, seq: int, now: datetime) -> None:
        save_response(attempt_id, member_id, Save(slot, response, seq, f"k{seq}", ""), now + timedelta(seconds=seq))

    def settle(self, number: int = 1, now: datetime = AFTER, reason: str = "") -> Any:
        return services.settle_round(self.round(number).id, MAI, now, reason)

    def publish(self, number: int = 1, now: datetime = AFTER) -> Any:
        settlement = self.settle(number, now)
        services.publish_round(settlement.id, KIEN, now)
        return settlement


@pytest.fixture
def fair(app: Flask, at: Any) -> Fair:
    found = Fair()
    found.contest()
    return found


@pytest.fixture
def closed(fair: Fair, at: Any) -> Fair:
    """A round that four people sat, one minute after its close: Hạnh first, Bình second, Lan and Quang behind."""
    fair.sit(1, 4, 2)
    fair.sit(2, 4, 5)
    fair.sit(3, 3, 2, seconds=90)
    fair.sit(3, 2, 2, now=NOW + timedelta(hours=1))
    fair.sit(10, 1)
    at(AFTER)
    return fair
