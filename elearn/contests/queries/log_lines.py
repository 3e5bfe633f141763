"""The lines of a checkpoint: which events it takes in, read in the order of the log."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import BigInteger, Connection, and_, column, select, values

from elearn.contests.models import Amendment
from elearn.contests.rules.seals import AMENDED
from elearn.quizzes.models import AttemptEvent

ROWS = 2_000
"""Attempts asked for in one statement; databases limit how many values one may hold."""
_event = AttemptEvent.__table__.c


def unpack(lines: bytes) -> list[tuple[int, int, int]]:
    """(attempt id, first seq, last seq) that a checkpoint takes in."""
    return [(attempt_id, first, last) for attempt_id, first, last in json.loads(zlib.decompress(lines))]


def amendments_in(connection: Connection, round_id: int, taken: Sequence[tuple[int, int, int]]) -> Sequence[Amendment]:
    """The changes of rules that a checkpoint takes in; they stand before the events of attempts."""
    if not taken or taken[0][0] != AMENDED:
        return []
    _, first, last = taken[0]
    query = select(Amendment.__table__).where(Amendment.round_id == round_id, Amendment.number >= first, Amendment.number <= last)
    return cast(Sequence[Amendment], connection.execute(query.order_by(Amendment.number)).all())


def events_in(connection: Connection, taken: Sequence[tuple[int, int, int]], *columns: Any) -> Iterator[Any]:
    """The events of a checkpoint in the order of the log; rows of `columns`."""
    names: list[Any] = [column("attempt_id", BigInteger), column("first", BigInteger), column("last", BigInteger)]
    for first in range(0, len(taken), ROWS):
        wanted = values(*names, name="wanted").data(list(taken[first : first + ROWS])).cte("wanted")
        query = (
            select(*columns)
            .select_from(wanted)
            .join(
                AttemptEvent.__table__,
                and_(_event.attempt_id == wanted.c.attempt_id, _event.seq >= wanted.c.first, _event.seq <= wanted.c.last),
            )
            .order_by(_event.attempt_id, _event.seq)
        )
        yield from connection.execute(query)
