"""What a sitting page needs to know, and what a result shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, select

from elearn.core.db import db
from elearn.core.markdown import render
from elearn.lib.periods import as_json, local_day
from elearn.library.models import Document
from elearn.questions.queries import TYPES, Rendered, documents_by_id, render_versions
from elearn.questions.rules.choices import LABELS
from elearn.questions.types import Line
from elearn.quizzes.models import Attempt, QuestionReport
from elearn.quizzes.queries.attempts import files_of, moment_for, state_of
from elearn.quizzes.queries.granting import needs_of
from elearn.quizzes.queries.keys import items_of, scheme_of
from elearn.quizzes.rules.attempts import State
from elearn.quizzes.rules.cutting import cut_lines
from elearn.quizzes.rules.grading import Item, mark_item, max_of, plain, read_marks
from elearn.quizzes.rules.review import next_moments, visible

CHANGING = (
    "responses", "certainties", "saved", "receipts", "flags", "checked", "reported", "files", "prediction", "position", "server_now", "deadline",
    "remaining_ms", "state",
)  # fmt: skip
"""What of a paper changes while it is sat."""

_REPORTED = select(QuestionReport.slot).where(QuestionReport.attempt_id == bindparam("attempt"))


def question_of(version: Rendered, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A question as the page draws it; nothing of the key or the explanation is in it."""
    kind = TYPES[version.type]
    stem = kind.stem(version.text, version.body, asked["order"])
    return {
        "stem": str(version.stem if stem == version.text else version.html(stem)),
        "summary": version.summary,
        "hint": version.hint,
        "type": version.type,
        "control": kind.controls(version.body, asked["order"], version.html),
        "max": asked.get("max", "1") if kind.is_marked else "0",
        "section": asked.get("section", 0),
    }


def question_at(attempt_id: int, slot: int) -> dict[str, Any]:
    """The question in a place of an attempt's paper."""
    paper = db.session.execute(select(Attempt.paper).where(Attempt.id == attempt_id)).scalar_one()
    asked = paper[slot - 1]
    return question_of(render_versions([asked["version"]])[0], asked)


def questions_of(attempt: Attempt) -> list[dict[str, Any]]:
    """All questions, or where one goes forward only the present one among empty shells.

    A shell says to which section it belongs, and of what was left behind whether there was anything to answer.
    """
    is_forward = attempt.quiz.navigation == "forward" and attempt.state == "open"
    shown = render_versions([asked["version"] for asked in attempt.paper])
    return [
        question_of(version, asked)
        if not is_forward or slot == attempt.position
        else shell_of(asked, slot < attempt.position and not TYPES[version.type].is_marked)
        for slot, (version, asked) in enumerate(zip(shown, attempt.paper, strict=True), start=1)
    ]


def shell_of(asked: Mapping[str, Any], was_to_read: bool) -> dict[str, Any]:
    """What stands for a question that the taker has not reached, or has left for good."""
    return {"stem": "", "section": asked.get("section", 0), **({"control": {"kind": "none"}} if was_to_read else {})}


def sections_of(quiz: Any) -> list[dict[str, str]]:
    """The sections of a quiz's papers; one without a title where it has none."""
    return [
        {"title": str(section.get("title", "")), "intro": render(str(section.get("intro", ""))) if section.get("intro") else ""}
        for section in quiz.sections or [{}]
    ]


def paper_of(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """The paper with the answers so far, as JSON; nothing of the key or the explanations is in it."""
    quiz = attempt.quiz
    needs = needs_of(db.session.connection(), attempt.member_id, local_day(now))
    return {
        "id": attempt.id,
        "questions": questions_of(attempt),
        "sections": sections_of(quiz),
        "labels": LABELS,
        "navigation": quiz.navigation,
        "certainty": bool(quiz.certainty),
        "wrong_penalty": None if quiz.wrong_penalty is None else plain(quiz.wrong_penalty),
        "late_policy": quiz.late_policy,
        "grace_seconds": quiz.grace_seconds,
        "may_check": bool(visible(quiz.review, quiz.review_grid, "during")),
        "large_print": needs.is_large_print,
        "screen_reader": needs.is_screen_reader,
        **progress_of(attempt, now),
    }


def progress_of(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What of a paper changes while it is sat: `CHANGING`, and the highest number that a page has given its saves."""
    state = state_of(attempt.id)
    reported = db.session.scalars(_REPORTED, {"attempt": attempt.id})
    return {
        "state": attempt.state,
        "responses": {str(slot): response for slot, response in state.responses.items()},
        "certainties": {str(slot): sure for slot, sure in state.certainties.items()},
        "saved": {str(slot): as_json(at) for slot, at in state.saved_at.items()},
        "receipts": {str(slot): receipt for slot, receipt in state.receipts.items()},
        "flags": sorted(state.flags),
        "checked": sorted(state.checked),
        "reported": sorted(reported),
        "files": {
            str(slot): [{"name": one.name, "size": one.size} for one in files] for slot, files in files_of(attempt.id).items()
        },
        "prediction": state.prediction,
        "position": attempt.position,
        "client_seq": state.last_client_seq,
        "server_now": as_json(now),
        "deadline": as_json(attempt.deadline_at),
        "remaining_ms": max(0, int((attempt.deadline_at - now) / timedelta(milliseconds=1))),
    }


@dataclass(frozen=True)
class ShownAnswer:
    """A question in the result. What may not be seen now is None or empty: the mark, whether it is right, lines' keys, the explanation."""

    slot: int
    section: int
    type: str
    is_marked: bool
    stem: Markup
    lines: tuple[Line, ...]
    is_answered: bool
    response: str
    mark: Decimal | None
    max: Decimal
    is_pending: bool
    is_right: bool | None
    is_dropped: bool
    is_given: bool
    certainty: int | None
    comments: tuple[str, ...]
    explanation: Markup | None
    document: Document | None
    clause: str
    source: str


@dataclass(frozen=True)
class Result:
    """What a taker sees of an attempt now. `shows` names what is visible; `opens_at` says when more will be, None where it is not known;
    `opens_ever` whether more ever will."""

    answers: tuple[ShownAnswer, ...]
    shows: frozenset[str]
    opens_at: datetime | None
    opens_ever: bool
    answered_count: int
    marked_count: int


def result_of(attempt: Attempt, now: datetime) -> Result:
    """The result at `now`, cut down to what the quiz lets be seen at this moment."""
    quiz, connection = attempt.quiz, db.session.connection()
    moment, closes_at = moment_for(quiz, attempt, now)
    shows = visible(quiz.review, quiz.review_grid, moment)
    opens_at, opens_ever = next_moments(quiz.review, quiz.review_grid, moment, closes_at)
    state = state_of(attempt.id)
    items = items_of(connection, quiz.id, attempt.paper)
    marks = read_marks(attempt.marks) if attempt.marks else (None,) * len(items)
    shown = render_versions([asked["version"] for asked in attempt.paper], connection)
    documents = documents_by_id(version.document_id for version in shown) if "explanation" in shows else {}
    answers = tuple(
        shown_answer(attempt, slot, version, item, state, marks[slot - 1], shows, documents)
        for slot, (version, item) in enumerate(zip(shown, items, strict=True), start=1)
    )
    marked = [answer for answer in answers if answer.is_marked]
    return Result(answers, shows, opens_at, opens_ever, sum(answer.is_answered for answer in marked), len(marked))


def shown_answer(
    attempt: Attempt,
    slot: int,
    version: Rendered,
    item: Item,
    state: State,
    mark: Decimal | None,
    shows: frozenset[str],
    documents: Mapping[int, Document],
) -> ShownAnswer:
    """One question of a result, cut down to `shows`."""
    kind, scheme = TYPES[version.type], scheme_of(attempt.quiz)
    response, certainty = state.responses.get(slot), state.certainties.get(slot)
    stem = kind.stem(version.text, version.body, item.order)
    explains = "explanation" in shows
    is_right: bool | None = None
    if kind.is_marked and "correctness" in shows and not item.is_dropped and not (kind.needs_marker and mark is None):
        is_right = mark_item(item, response, scheme, certainty, state.given.get(slot))[1]
    return ShownAnswer(
        slot=slot,
        section=attempt.paper[slot - 1].get("section", 0),
        type=version.type,
        is_marked=kind.is_marked,
        stem=version.stem if stem == version.text else version.html(stem),
        lines=tuple(cut_lines(kind.review(item.body, item.order, response, version.html), shows)),
        is_answered=kind.read(item.body, item.order, response) is not None,
        response=kind.words(item.body, item.order, response),
        mark=mark if "marks" in shows else None,
        max=max_of(item, scheme),
        is_pending=kind.needs_marker and mark is None and attempt.state == "submitted",
        is_right=is_right,
        is_dropped=item.is_dropped and "marks" in shows,
        is_given=item.is_given and "marks" in shows,
        certainty=certainty,
        comments=state.comments.get(slot, ()) if "feedback" in shows else (),
        explanation=version.explanation if explains else None,
        document=documents.get(version.document_id or 0),
        clause=version.clause if explains else "",
        source=version.source if explains else "",
    )


def checked_answer(attempt: Attempt, slot: int) -> ShownAnswer:
    """What the taker may see of one question while the paper is still being sat: worked out now, for there is no marking yet."""
    quiz, connection = attempt.quiz, db.session.connection()
    shows = visible(quiz.review, quiz.review_grid, "during")
    state, items = state_of(attempt.id), items_of(connection, quiz.id, attempt.paper)
    item, version = items[slot - 1], render_versions([attempt.paper[slot - 1]["version"]], connection)[0]
    mark, _ = mark_item(item, state.responses.get(slot), scheme_of(quiz), state.certainties.get(slot))
    documents = documents_by_id([version.document_id]) if "explanation" in shows else {}
    return replace(shown_answer(attempt, slot, version, item, state, mark, shows, documents), is_pending=False)


def answer_json(answer: ShownAnswer) -> dict[str, Any]:
    """A shown answer for a script: what is None or empty may not be seen."""
    return {
        "slot": answer.slot,
        "mark": None if answer.mark is None else plain(answer.mark),
        "max": plain(answer.max),
        "is_right": answer.is_right,
        "lines": [
            {
                "label": line.label, "html": line.html, "is_chosen": line.is_chosen, "is_right": line.is_right,
                "response": line.response, "right": line.right, "feedback": line.feedback,
            }
            for line in answer.lines
        ],
        "explanation": str(answer.explanation) if answer.explanation else "",
    }  # fmt: skip
