"""Writes attempts that were never sat: paper, log and marks as the rules of quizzes would have made them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from elearn.demo.rules.sittings import Sitting, answer_times, respond
from elearn.demo.services.organisation import Known
from elearn.demo.services.writing import advance_sequences, insert_all, next_id
from elearn.questions.queries import TYPES, Rendered, render_versions
from elearn.quizzes.models import Attempt, AttemptEvent, Quiz
from elearn.quizzes.queries.drawing import plan_of, pools_of
from elearn.quizzes.rules.attempts import PREDICTION_SLOT, Event, deadline, event_digest
from elearn.quizzes.rules.grading import MARKING_VERSION, Item, Marks, grade, is_passed, plain, told
from elearn.quizzes.rules.papers import Asked, Plan, place_questions, write_paper
from elearn.quizzes.services import Drawing

BUFFER = 400
"""Attempts held before they are written: an attempt must stand before its log."""


@dataclass(frozen=True, slots=True)
class Sat:
    """What came of a sitting."""

    attempt_id: int
    member_id: int
    mark: Decimal
    is_passed: bool | None
    submitted_at: datetime


@dataclass
class Papers:
    """Draws papers of one quiz as a start would."""

    quiz: Any
    plan: Plan
    pools: Sequence[Sequence[int]]
    shown: dict[int, Rendered]

    @classmethod
    def of(cls, connection: Connection, quiz_id: int) -> Papers:
        quiz = connection.execute(select(Quiz.__table__).where(Quiz.__table__.c.id == quiz_id)).one()
        plan = plan_of(quiz)
        pools = pools_of(connection, plan, date.min)  # the sittings lie in the past: every fact held then
        wanted = sorted({version for pool in pools for version in pool})
        return cls(quiz, plan, pools, {shown.version_id: shown for shown in render_versions(wanted, connection)})

    def make(self, seed: str) -> tuple[list[dict[str, Any]], list[Rendered]]:
        """The paper that the seed decides, and its questions with their keys."""
        placed = place_questions(self.plan, self.pools, seed)
        questions = [self.shown[one.version_id] for one in placed]
        asked = {one.version_id: Asked(one.type, one.body, one.default_mark) for one in questions}
        return write_paper(self.plan, placed, asked, seed), questions


@dataclass
class Log:
    """The chained events of one attempt."""

    attempt_id: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    digest: str = ""

    def append(self, at: datetime, kind: str, slot: int | None, data: Any, client_seq: int | None, key: str | None) -> None:
        event = Event(len(self.rows) + 1, at, kind, slot, data, client_seq)
        self.digest = event_digest(self.digest, self.attempt_id, event, key)
        self.rows.append(
            {
                "attempt_id": self.attempt_id, "seq": event.seq, "at": at, "kind": kind, "slot": slot, "data": data,
                "client_seq": client_seq, "key": key, "digest": self.digest,
            }
        )  # fmt: skip


def write_sittings(
    connection: Connection,
    quiz_id: int,
    planned: Iterable[tuple[Known, int, Sitting]],
    luck: random.Random,
    drawing_of: Callable[[int], Drawing] | None = None,
) -> list[Sat]:
    """Write submitted attempts at a quiz; `planned` gives person, number of the attempt and the sitting.

    `drawing_of` a member's id says from what their papers are drawn, where that was sealed before.
    """
    papers = Papers.of(connection, quiz_id)
    attempts: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    sat: list[Sat] = []

    def write() -> None:
        insert_all(connection, Attempt, attempts)
        insert_all(connection, AttemptEvent, events)
        attempts.clear()
        events.clear()

    for attempt_id, (person, number, sitting) in enumerate(planned, start=next_id(connection, Attempt)):
        seed = f"{luck.getrandbits(256):064x}"
        if drawing_of is not None:
            drawing = drawing_of(person.id)
            seed, papers.pools = drawing.seed_of(number), drawing.pools
        row, log = _attempt(papers, attempt_id, person, number, sitting, seed, luck)
        attempts.append(row)
        events.extend(log.rows)
        sat.append(Sat(attempt_id, person.id, row["mark"], row["is_passed"], row["submitted_at"]))
        if len(attempts) == BUFFER:
            write()
    write()
    if sat:
        advance_sequences(connection, Attempt)
    return sat


def _attempt(
    papers: Papers, attempt_id: int, person: Known, number: int, sitting: Sitting, seed: str, luck: random.Random
) -> tuple[dict[str, Any], Log]:
    quiz = papers.quiz
    paper, questions = papers.make(seed)
    wrong = set(luck.sample(range(1, len(paper) + 1), min(sitting.wrong, len(paper))))
    log = Log(attempt_id)
    log.append(sitting.started_at, "started", None, {"seed": seed, "paper": paper}, None, None)
    responses: dict[int, Any] = {}
    times = answer_times(luck, sitting, len(paper) + 1)
    for slot, (shown, asked) in enumerate(zip(questions, paper, strict=True), start=1):
        response = respond(luck, TYPES[shown.type], shown.body, asked["order"], slot not in wrong)
        if response is not None:
            responses[slot] = response
            log.append(times[slot - 1], "answered", slot, response, slot, f"demo-{slot}")
    if quiz.prediction_prompt and sitting.prediction is not None:
        log.append(times[-1], "answered", PREDICTION_SLOT, sitting.prediction, len(paper) + 1, "demo-prediction")
    items = [
        Item(q.type, q.body, asked["order"], Decimal(asked.get("max", "1"))) for q, asked in zip(questions, paper, strict=True)
    ]
    marks = grade(items, responses)
    submitted_at = sitting.started_at + timedelta(seconds=sitting.seconds)
    log.append(submitted_at, "submitted", None, {"marks": told(marks.by_slot), "total": plain(marks.total)}, None, "demo-submit")
    return _row(quiz, attempt_id, person, number, seed, paper, sitting, submitted_at, marks), log


def _row(
    quiz: Any, attempt_id: int, person: Known, number: int, seed: str, paper: list[dict[str, Any]], sitting: Sitting,
    submitted_at: datetime, marks: Marks,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": attempt_id, "quiz_id": quiz.id, "member_id": person.id, "unit_id": person.unit_id, "number": number,
        "attempt_limit": quiz.attempt_limit, "seed": seed, "paper": paper, "started_at": sitting.started_at,
        "deadline_at": deadline(sitting.started_at, quiz.time_limit_seconds, quiz.closes_at), "holder": "", "state": "submitted",
        "submitted_at": submitted_at, "working_ms": sitting.seconds * 1000, "mark": marks.total, "max_mark": marks.max_total,
        "correct_count": marks.correct_count, "prediction": sitting.prediction if quiz.prediction_prompt else None,
        "is_passed": is_passed(marks.total, marks.max_total, quiz.pass_percent), "marks": told(marks.by_slot), "marking": MARKING_VERSION,
    }  # fmt: skip
