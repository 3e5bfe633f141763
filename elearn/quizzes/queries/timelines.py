"""The log of an attempt as a page shows it, and the proof of a receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elearn.core.db import db
from elearn.members.rules.permissions import Actor
from elearn.questions.queries import TYPES, render_versions
from elearn.quizzes.models import Attempt, LateResponse
from elearn.quizzes.queries.attempts import access_attempt, events_of, late_of, things_shown
from elearn.quizzes.rules.attempts import PREDICTION_SLOT, first_fault, receipt, unwrap
from elearn.quizzes.rules.timeline import LateAnswer, Said, TimelineLine, lines_of, verdict

RECEIPT_LENGTH = 16


@dataclass(frozen=True)
class TimelinePage:
    """All that the page of an attempt's history says."""

    attempt: Attempt
    lines: list[TimelineLine]
    verdict: list[Said]
    late: list[tuple[LateResponse, str]]
    """Answers that came too late, with their words."""
    fault: int | None


@dataclass(frozen=True)
class ReceiptCheck:
    """What becomes of a receipt: "valid", "invalid" (the log does not fit its chain up to there) or "unknown"; for what it was given."""

    verdict: str
    at: datetime | None = None
    kind: str = ""
    slot: int | None = None
    response: str = ""


def words_in(attempt: Attempt) -> Callable[[int, Any], str]:
    """How the responses of an attempt are told in words."""
    shown = render_versions([asked["version"] for asked in attempt.paper])

    def words(slot: int, response: Any) -> str:
        if slot == PREDICTION_SLOT:
            return "" if response is None else str(response)
        version, asked = shown[slot - 1], attempt.paper[slot - 1]
        return TYPES[version.type].words(version.body, asked["order"], response)

    return words


def timeline_of(actor: Actor, attempt_id: int, now: datetime) -> TimelinePage:
    """The history of an attempt that the actor may see, its own taker's included; NotFound otherwise.

    The taker reads marks in it only where the quiz shows them by then.
    """
    attempt = access_attempt(actor, attempt_id)
    events = events_of(db.session.connection(), attempt_id)
    late, words = late_of(attempt_id), words_in(attempt)
    is_own = attempt.member_id == actor.member_id
    shows_marks = not is_own or "marks" in things_shown(attempt.quiz, attempt, now)
    fault = first_fault(attempt_id, events)
    return TimelinePage(
        attempt,
        lines_of(events, words, shows_marks),
        verdict(events, [LateAnswer(one.decision) for one in late], fault, attempt.is_pending),
        [(one, words(one.slot, unwrap(one.response).response)) for one in late],
        fault,
    )


def check_receipt(actor: Actor, attempt_id: int, text: str) -> ReceiptCheck:
    """Find the line for which a receipt was given and recompute the chain from the start up to it; NotFound for a foreign attempt."""
    attempt = access_attempt(actor, attempt_id)
    wanted = "".join(sign for sign in text.lower() if sign in "0123456789abcdef")
    events = events_of(db.session.connection(), attempt_id)
    found = next((event for event in events if receipt(event.digest) == wanted[:RECEIPT_LENGTH]), None)
    if len(wanted) != RECEIPT_LENGTH or found is None:
        return ReceiptCheck("unknown")
    fault = first_fault(attempt_id, [event for event in events if event.seq <= found.seq])
    response = ""
    if found.slot is not None and found.kind in ("answered", "late_taken"):
        response = words_in(attempt)(found.slot, unwrap(found.data).response)
    return ReceiptCheck("valid" if fault is None else "invalid", found.at, found.kind, found.slot, response)
