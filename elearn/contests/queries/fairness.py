"""What signals of unfair play are made of, and the signals that wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from elearn.contests.models import Entry, EntryDevice, Round, Settlement, SignalCase, SignalEntry, Standing
from elearn.contests.rules.signals import Sheet
from elearn.core.db import db, read_connection
from elearn.core.sql import epoch_ms
from elearn.lib.errors import NotFound
from elearn.members.models import Member
from elearn.questions.queries import TYPES
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.attempts import events_of
from elearn.quizzes.queries.keys import items_of
from elearn.quizzes.rules.attempts import fold

CHUNK = 500


def iterate_sheets(found: Round, tell: Callable[[int, int], None] = lambda *_: None) -> Iterator[Sheet]:
    """The counted attempts of the latest settlement: what was answered to each question, in words that do not depend on the paper's order."""
    latest = select(func.max(Settlement.id)).where(Settlement.round_id == found.id).scalar_subquery()
    with read_connection() as connection:
        rows = connection.execute(
            select(Standing.entry_id, Standing.attempt_id, Standing.working_ms, Attempt.paper)
            .join(Attempt, Attempt.id == Standing.attempt_id)
            .where(Standing.settlement_id == latest)
            .order_by(Standing.position)
        ).all()
        quiz = connection.scalar(select(Quiz.id).where(Quiz.id == found.quiz_id)) or 0
        for number, (entry_id, attempt_id, working_ms, paper) in enumerate(rows):
            if number % CHUNK == 0:
                tell(number, len(rows))
            items = items_of(connection, quiz, paper)
            responses = fold(events_of(connection, attempt_id)).responses
            chosen: dict[int, str] = {}
            wrong = set()
            for slot, (asked, item) in enumerate(zip(paper, items, strict=True), start=1):
                parts = TYPES[item.type].classes(item.body, item.order, responses.get(slot))
                chosen[asked["version"]] = "|".join(part.actual for part in parts)
                if any(part.fraction < 1 for part in parts):
                    wrong.add(asked["version"])
            yield Sheet(entry_id, chosen, frozenset(wrong), working_ms)


def list_phones(round_id: int) -> list[tuple[str, int]]:
    """(phone, entry id) of everybody whose phone is on record; used for comparing only, never shown."""
    query = (
        select(Member.phone, Entry.id)
        .join(Entry, Entry.member_id == Member.id)
        .where(Entry.round_id == round_id, Member.phone != "")
    )
    return [(phone, entry_id) for phone, entry_id in db.session.execute(query)]


def list_devices(round_id: int) -> list[tuple[str, int]]:
    """(mark of a device, entry id)."""
    query = (
        select(EntryDevice.device_hash, Entry.id).join(Entry, Entry.id == EntryDevice.entry_id).where(Entry.round_id == round_id)
    )
    return [(mark, entry_id) for mark, entry_id in db.session.execute(query)]


def list_registered(round_id: int) -> list[tuple[int, int, int]]:
    """(unit id, milliseconds, entry id) of those who entered without an account."""
    query = (
        select(Entry.unit_id, epoch_ms(Entry.entered_at), Entry.id)
        .join(Member, Member.id == Entry.member_id)
        .where(Entry.round_id == round_id, Member.kind == "guest", Member.password_hash == "")
    )
    return [(unit_id, moment, entry_id) for unit_id, moment, entry_id in db.session.execute(query)]


def list_cases(round_id: int) -> Sequence[SignalCase]:
    """Signals of a round, those that wait first, by kind."""
    query = select(SignalCase).where(SignalCase.round_id == round_id)
    query = query.options(selectinload(SignalCase.entries).options(joinedload(SignalEntry.entry)))
    return db.session.scalars(query.order_by(SignalCase.state != "open", SignalCase.kind, SignalCase.id).limit(500)).all()


def access_case(round_id: int, case_id: int) -> SignalCase:
    """A signal of a round that the caller has been allowed to look into."""
    found = db.session.scalar(select(SignalCase).where(SignalCase.id == case_id, SignalCase.round_id == round_id))
    if found is None:
        raise NotFound()
    return found
