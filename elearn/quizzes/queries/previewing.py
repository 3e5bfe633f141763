"""A paper that nobody sits: what the page draws of it, and how answers given in it would be marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from elearn.core.db import db
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import as_json
from elearn.questions.queries import TYPES, documents_by_id, render_versions
from elearn.questions.rules.choices import LABELS
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.keys import items_of, scheme_of
from elearn.quizzes.queries.papers import ShownAnswer, question_of, sections_of, shown_answer
from elearn.quizzes.rules.attempts import State
from elearn.quizzes.rules.grading import CERTAINTIES, Marks, grade
from elearn.quizzes.rules.review import ALL

Paper = Sequence[Mapping[str, Any]]
NOTHING: dict[str, Any] = {
    "responses": {}, "certainties": {}, "saved": {}, "receipts": {}, "flags": [], "checked": [], "reported": [], "files": {},
    "prediction": None, "position": 1, "client_seq": 0,
}  # fmt: skip
"""Progress of a paper that has just been opened."""


class Previewed:
    """Stands for an attempt where a result is worked out."""

    state = "submitted"

    def __init__(self, quiz: Quiz, paper: Paper) -> None:
        self.quiz, self.paper = quiz, paper


def preview_of(quiz: Quiz, paper: Paper, now: datetime, deadline: datetime) -> dict[str, Any]:
    """What the sitting page draws, in the shape of `papers.paper_of`; all questions are in it, also where a taker goes forward only."""
    shown = render_versions([asked["version"] for asked in paper])
    return {
        **NOTHING,
        "id": 0,
        "preview": True,
        "state": "open",
        "questions": [question_of(version, asked) for version, asked in zip(shown, paper, strict=True)],
        "sections": sections_of(quiz),
        "labels": LABELS,
        "navigation": quiz.navigation,
        "certainty": bool(quiz.certainty),
        "late_policy": quiz.late_policy,
        "grace_seconds": quiz.grace_seconds,
        "may_check": False,
        "large_print": False,
        "screen_reader": False,
        "server_now": as_json(now),
        "deadline": as_json(deadline),
        "remaining_ms": max(0, int((deadline - now) / timedelta(milliseconds=1))),
    }


def marked_preview(
    quiz: Quiz, paper: Paper, responses: Mapping[int, Any], certainties: Mapping[int, Any]
) -> tuple[Marks, list[ShownAnswer]]:
    """Marks of the answers given, and each question with everything that could ever be shown. What is no response counts as none."""
    connection = db.session.connection()
    shown = render_versions([asked["version"] for asked in paper])
    items = items_of(connection, quiz.id, paper)
    read = _read(paper, shown, responses)
    sure = {slot: level for slot, level in certainties.items() if level in CERTAINTIES and slot in read}
    marks = grade(items, read, scheme_of(quiz), certainties=sure)
    state = State(responses=read, certainties=sure)
    documents = documents_by_id(version.document_id for version in shown)
    attempt = cast(Attempt, Previewed(quiz, paper))
    answers = [
        shown_answer(attempt, slot, version, item, state, marks.by_slot[slot - 1], ALL, documents)
        for slot, (version, item) in enumerate(zip(shown, items, strict=True), start=1)
    ]
    return marks, answers


def _read(paper: Paper, shown: Sequence[Any], responses: Mapping[int, Any]) -> dict[int, Any]:
    found = {}
    for slot, response in responses.items():
        if not 1 <= slot <= len(paper):
            continue
        version = shown[slot - 1]
        try:
            read = TYPES[version.type].read(version.body, paper[slot - 1]["order"], response)
        except InvalidInput:
            continue
        if read is not None:
            found[slot] = read
    return found
