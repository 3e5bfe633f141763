"""An attempt is a log of events; what it is now is a pure fold over them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

PREDICTION_SLOT = 0
"""The question without a mark, answered by a number; questions count from 1."""


@dataclass(frozen=True)
class Event:
    """One line of the log. `seq` is the server's order, `client_seq` the order in which the page made its saves."""

    seq: int
    at: datetime
    kind: str
    slot: int | None = None
    data: Any = None
    client_seq: int | None = None


@dataclass
class State:
    """What an attempt is after its events."""

    responses: dict[int, Any] = field(default_factory=dict)
    saved_at: dict[int, datetime] = field(default_factory=dict)
    flags: set[int] = field(default_factory=set)
    prediction: int | None = None
    submitted_at: datetime | None = None
    last_client_seq: int = 0


def fold(events: Iterable[Event]) -> State:
    """The state after the events, in whatever order they come and however often.

    For each slot the save with the highest (client_seq, seq) counts, so that late and doubled saves change nothing.
    """
    state = State()
    newest: dict[tuple[str, int], tuple[int, int]] = {}
    for event in events:
        if event.kind == "submitted":
            state.submitted_at = event.at if state.submitted_at is None else min(event.at, state.submitted_at)
        state.last_client_seq = max(state.last_client_seq, event.client_seq or 0)
        if event.kind not in ("answered", "flagged") or event.slot is None:
            continue
        place, rank = (event.kind, event.slot), (event.client_seq or 0, event.seq)
        if newest.get(place, (-1, -1)) >= rank:
            continue
        newest[place] = rank
        if event.kind == "flagged":
            (state.flags.add if event.data else state.flags.discard)(event.slot)
        elif event.slot == PREDICTION_SLOT:
            state.prediction = event.data
            state.saved_at[event.slot] = event.at
        else:
            state.responses[event.slot] = event.data
            state.saved_at[event.slot] = event.at
    return state


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
