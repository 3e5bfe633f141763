"""What a sitting page needs to know, and what a result shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from elearn.library.models import Document
from elearn.questions.queries import TYPES, documents_by_id, html_of, render_versions
from elearn.questions.rules.choices import labels
from elearn.quizzes.models import Attempt
from elearn.quizzes.queries.attempts import state_of
from elearn.quizzes.rules.grading import exact


def paper_of(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """The paper with the answers so far, as JSON; nothing of the key or the explanations is in it."""
    state = state_of(attempt.id)
    shown = render_versions([asked["version"] for asked in attempt.paper])
    questions: list[dict[str, Any]] = [
        {
            "stem": str(version.stem),
            "summary": version.summary,
            "hint": version.hint,
            "multiple": version.is_multiple,
            "options": TYPES[version.type].controls(version.body, asked["order"], html_of).get("options", []),
        }
        for version, asked in zip(shown, attempt.paper, strict=True)
    ]
    return {
        "id": attempt.id,
        "state": attempt.state,
        "questions": questions,
        "labels": labels(max((len(question["options"]) for question in questions), default=0)),
        "responses": {str(slot): response for slot, response in state.responses.items()},
        "saved": {str(slot): at.isoformat() for slot, at in state.saved_at.items()},
        "flags": sorted(state.flags),
        "prediction": state.prediction,
        "client_seq": state.last_client_seq,
        "server_now": now.isoformat(),
        "deadline": attempt.deadline_at.isoformat(),
        "remaining_ms": max(0, int((attempt.deadline_at - now) / timedelta(milliseconds=1))),
    }


@dataclass(frozen=True)
class ShownOption:
    """An option in the result; `is_right` is None while the key is not to be seen."""

    label: str
    text: Markup
    is_chosen: bool
    is_right: bool | None


@dataclass(frozen=True)
class ShownAnswer:
    """A question in the result."""

    slot: int
    stem: Markup
    options: tuple[ShownOption, ...]
    is_answered: bool
    mark: Decimal | None
    explanation: Markup | None
    document: Document | None
    clause: str


@dataclass(frozen=True)
class Result:
    """What a taker sees of a submitted attempt; `opens_at` says when the key may be seen, None where it is now."""

    answers: tuple[ShownAnswer, ...]
    opens_at: datetime | None
    answered_count: int


def result_of(attempt: Attempt, now: datetime) -> Result:
    """The result at `now`: with key and explanations only once the quiz lets them be seen."""
    quiz = attempt.quiz
    is_hidden = quiz.review == "after_close" and quiz.closes_at is not None and now < quiz.closes_at
    state = state_of(attempt.id)
    shown = render_versions([asked["version"] for asked in attempt.paper])
    documents = {} if is_hidden else documents_by_id(version.document_id for version in shown)
    answers = []
    for slot, (version, asked) in enumerate(zip(shown, attempt.paper, strict=True), start=1):
        kind, order, response = TYPES[version.type], asked["order"], state.responses.get(slot)
        lines, share = kind.review(version.body, order, response, html_of), kind.mark(version.body, order, response)
        answers.append(
            ShownAnswer(
                slot,
                version.stem,
                tuple(
                    # Sanitised by html_of.
                    ShownOption(line.label, Markup(line.html), line.is_chosen, None if is_hidden else line.is_right)  # noqa: S704
                    for line in lines
                ),
                response is not None,
                None if is_hidden or share is None else exact(share),
                None if is_hidden else version.explanation,
                documents.get(version.document_id or 0),
                version.clause,
            )
        )
    return Result(tuple(answers), quiz.closes_at if is_hidden else None, sum(answer.is_answered for answer in answers))
