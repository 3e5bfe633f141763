"""Finds signals of unfair play, keeps what a person made of them, and forgets them when the result is final."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Entry, EntryDevice, Round, SignalCase, SignalEntry
from elearn.contests.queries import fairness
from elearn.contests.rules.signals import SHARED_DEVICE, Signal, bursts, groups, same_answers, too_fast
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound

Officer = tuple[int, str]


def note_device(round_id: int, member_id: int, device_hash: str, now: datetime) -> None:
    """Keep on which device a person entered; the same device again changes nothing."""
    entry = db.session.scalar(select(Entry.id).where(Entry.round_id == round_id, Entry.member_id == member_id))
    if entry is None or db.session.get(EntryDevice, (entry, device_hash)) is not None:
        return
    try:
        with transaction() as session:
            session.add(EntryDevice(entry_id=entry, device_hash=device_hash, first_at=now))
    except IntegrityError:
        pass  # another page of the same device was first


def find_signals(round_id: int, now: datetime, tell: Callable[[str, int, int], None] = lambda *_: None) -> int:
    """Look through a settled round and write down what is new; returns how many. Decides nothing. Safe to run again."""
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound()
    signals = groups("same_phone", fairness.list_phones(round_id), 2)
    signals += groups("same_device", fairness.list_devices(round_id), SHARED_DEVICE)
    signals += bursts(fairness.list_registered(round_id))
    if found.quiz_id is not None:
        sheets = list(fairness.iterate_sheets(found, lambda done, of: tell("Đọc các bài được tính", done, of)))
        signals += too_fast(sheets) + same_answers(sheets)
    tell("Ghi các dấu hiệu", 0, 0)
    with transaction() as session:
        known = set(session.scalars(select(SignalCase.key).where(SignalCase.round_id == round_id)))
        fresh = [one for one in signals if _digest(one) not in known]
        for one in fresh:
            case = SignalCase(round_id=round_id, kind=one.kind, key=_digest(one), facts=dict(one.facts), found_at=now)
            case.entries = [SignalEntry(entry_id=entry_id) for entry_id in one.entry_ids]
            session.add(case)
    return len(fresh)


def _digest(signal: Signal) -> str:
    return hashlib.sha256(signal.key.encode()).hexdigest()


def decide_signal(case_id: int, is_upheld: bool, note: str, by: Officer, now: datetime) -> None:
    """Keep what a person made of a signal. To uphold it changes no result: a disqualification is proposed and confirmed on its own.

    Raises InvalidInput without a note, DomainError already_decided, NotFound.
    """
    note = note.strip()
    if not note:
        raise InvalidInput("note_needed", "Hãy ghi bạn đã xem gì và kết luận ra sao.", field="note")
    with transaction() as session:
        case = session.get(SignalCase, case_id)
        if case is None:
            raise NotFound()
        if case.state != "open":
            raise DomainError("already_decided", "Dấu hiệu này đã có người kết luận.")
        case.state, case.note = ("upheld" if is_upheld else "dismissed"), note[:400]
        case.decided_by_id, case.decided_by_name, case.decided_at = by[0], by[1], now
        subject = ("signal", case.id, case.kind)
        record(session, now, by, "decide_signal", subject, after={"state": case.state, "round": case.round_id}, reason=note)


def forget_signals(session: Session, round_id: int) -> int:
    """Delete signals and devices of a round, inside the caller's transaction; returns how many signals there were."""
    cases = select(SignalCase.id).where(SignalCase.round_id == round_id)
    session.execute(delete(SignalEntry).where(SignalEntry.case_id.in_(cases)))
    count = session.execute(delete(SignalCase).where(SignalCase.round_id == round_id)).rowcount  # type: ignore[attr-defined]
    session.execute(delete(EntryDevice).where(EntryDevice.entry_id.in_(select(Entry.id).where(Entry.round_id == round_id))))
    return int(count)
