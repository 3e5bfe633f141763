"""An attempt is a log of events; what it is now is a pure fold over them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

PREDICTION_SLOT = 0
"""The question without a mark, answered by a number; questions count from 1."""
KINDS = (
    "started", "held", "shown", "answered", "flagged", "lost", "regained", "extended", "submitted", "late_taken", "marked", "regraded",
)  # fmt: skip
NOTES = ("shown", "lost", "regained")
"""What a page tells beside its saves."""
MOVED, CHECKED = "moved", "checked"
"""Data of `shown`: the taker went on to this question for good; the taker looked at its result and cannot change it any more."""
OUTAGE = "outage"
"""Why more time was given: the server itself had not answered; that time is no working time."""
WRAPPED = frozenset(("response", "certainty", "waited"))


@dataclass(frozen=True)
class Event:
    """One line of the log. `seq` is the server's order, `client_seq` the order in which the page made its saves."""

    seq: int
    at: datetime
    kind: str
    slot: int | None = None
    data: Any = None
    client_seq: int | None = None
    key: str | None = None
    digest: str = ""


@dataclass(frozen=True)
class Answer:
    """A response with what was said beside it: how sure the taker is, how many seconds the page had kept it."""

    response: Any
    certainty: int | None = None
    waited_seconds: int | None = None


def wrap(answer: Answer) -> Any:
    """The data of a save: the bare response where nothing was said beside it."""
    beside = {"certainty": answer.certainty, "waited": answer.waited_seconds}
    said = {name: value for name, value in beside.items() if value is not None}
    return {"response": answer.response, **said} if said else answer.response


def unwrap(data: Any) -> Answer:
    """The way back from `wrap`."""
    if isinstance(data, Mapping) and "response" in data and len(data) > 1 and data.keys() <= WRAPPED:
        return Answer(data["response"], data.get("certainty"), data.get("waited"))
    return Answer(data)


@dataclass
class State:
    """What an attempt is after its events. Marks are those of the last marking, None before it.

    `extended_seconds` is all that was given, `returned_seconds` the part of it in which the server had not answered.
    """

    responses: dict[int, Any] = field(default_factory=dict)
    certainties: dict[int, int] = field(default_factory=dict)
    saved_at: dict[int, datetime] = field(default_factory=dict)
    receipts: dict[int, str] = field(default_factory=dict)
    flags: set[int] = field(default_factory=set)
    checked: set[int] = field(default_factory=set)
    prediction: int | None = None
    position: int = 1
    submitted_at: datetime | None = None
    marks: tuple[Decimal | None, ...] | None = None
    given: dict[int, Decimal] = field(default_factory=dict)
    comments: dict[int, tuple[str, ...]] = field(default_factory=dict)
    extended_seconds: int = 0
    returned_seconds: int = 0
    last_client_seq: int = 0


def fold(events: Iterable[Event]) -> State:
    """The state after the events, in whatever order they come and however often.

    For each slot the save with the highest (client_seq, seq) counts, so that late and doubled saves change nothing.
    """
    state = State()
    newest: dict[tuple[str, int], tuple[int, int]] = {}
    for _, event in sorted({event.seq: event for event in events}.items()):
        state.last_client_seq = max(state.last_client_seq, event.client_seq or 0)
        if event.kind in ("answered", "late_taken", "flagged"):
            if event.slot is None:
                continue
            place = ("flagged" if event.kind == "flagged" else "answered", event.slot)
            rank = (event.client_seq or 0, event.seq)
            if newest.get(place, (-1, -1)) < rank:
                newest[place] = rank
                (_take_flag if event.kind == "flagged" else _take_answer)(state, event, event.slot)
        elif event.kind == "shown" and event.slot is not None:
            if event.data == MOVED:
                state.position = max(state.position, event.slot)
            elif event.data == CHECKED:
                state.checked.add(event.slot)
        elif event.kind == "extended":
            state.extended_seconds += event.data["seconds"]
            if event.data.get("why") == OUTAGE:
                state.returned_seconds += event.data["seconds"]
        elif event.kind in ("submitted", "marked", "regraded"):
            _take_marks(state, event)
    return state


def _take_flag(state: State, event: Event, slot: int) -> None:
    (state.flags.add if event.data else state.flags.discard)(slot)


def _take_answer(state: State, event: Event, slot: int) -> None:
    state.saved_at[slot] = event.at
    if event.digest:
        state.receipts[slot] = receipt(event.digest)
    if slot == PREDICTION_SLOT:
        state.prediction = event.data
        return
    answer = unwrap(event.data)
    # What was given was given to the words that stood here before.
    state.given.pop(slot, None)
    state.comments.pop(slot, None)
    state.responses[slot] = answer.response
    state.certainties.pop(slot, None)
    if answer.certainty is not None:
        state.certainties[slot] = answer.certainty


def _take_marks(state: State, event: Event) -> None:
    told = event.data if isinstance(event.data, Mapping) else {}
    if event.kind == "submitted":
        state.submitted_at = event.at if state.submitted_at is None else min(event.at, state.submitted_at)
    if event.kind == "marked" and event.slot is not None:
        state.given[event.slot] = Decimal(told["mark"])
        state.comments[event.slot] = tuple(told.get("comments", ()))
    if "marks" in told:
        state.marks = tuple(None if mark is None else Decimal(mark) for mark in told["marks"])


def working_ms(started_at: datetime, submitted_at: datetime, returned_seconds: int) -> int:
    """Milliseconds of work: from start to submission, without what an outage took."""
    return max(0, (submitted_at - started_at) // timedelta(milliseconds=1) - returned_seconds * 1000)


def deadline(started_at: datetime, time_limit_seconds: int, closes_at: datetime | None) -> datetime:
    """The end of the working time, or the close of the quiz where that comes first."""
    own = started_at + timedelta(seconds=time_limit_seconds)
    return min(own, closes_at) if closes_at else own


def event_digest(previous: str, attempt_id: int, event: Event, key: str | None) -> str:
    """SHA-256 over the digest before and the event in canonical JSON: the log is a chain."""
    body = [attempt_id, event.seq, event.at.isoformat(), event.kind, event.slot, event.data, event.client_seq, key]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}|{text}".encode()).hexdigest()


def receipt(digest: str) -> str:
    """What the taker is given of a digest: enough to find the event in the log and to show that it was there."""
    return digest[:16]


def first_fault(attempt_id: int, events: Iterable[Event]) -> int | None:
    """Recompute the chain over the whole log in the server's order; the seq of the first line that does not fit, None where all do."""
    previous, expected = "", 1
    for event in sorted(events, key=lambda event: event.seq):
        previous = event_digest(previous, attempt_id, event, event.key)
        if event.seq != expected or event.digest != previous:
            return event.seq
        expected += 1
    return None
