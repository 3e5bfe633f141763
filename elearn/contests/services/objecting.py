"""Disqualifies entries, with two officers, and takes and answers objections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from elearn.audit.services import record
from elearn.contests.models import Disqualification, Entry, Objection, Round, Settlement
from elearn.contests.queries.entrants import is_later_claim
from elearn.contests.rules.checklist import objections_until
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound

Officer = tuple[int, str]
LONGEST = 2000
OPEN_AT_ONCE = 3
"""Objections of one person in one round that may wait for an answer."""


def _subject(entry: Entry) -> tuple[str, object, str]:
    return ("entry", entry.id, entry.display_name)


def _concerns(entry: Entry) -> tuple[int, ...]:
    return () if entry.member_id is None else (entry.member_id,)


def propose_disqualification(entry_id: int, reason: str, by: Officer, now: datetime) -> int:
    """Ask that a result does not count; a second officer has to confirm. Returns the proposal's id.

    Raises InvalidInput without a reason, DomainError already_proposed, NotFound.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("reason_needed", "Hãy ghi lý do. Người dự thi sẽ đọc được.", field="reason")
    try:
        with transaction() as session:
            entry = session.get(Entry, entry_id)
            if entry is None:
                raise NotFound()
            made = Disqualification(
                entry_id=entry_id, reason=reason[:400], proposed_by_id=by[0], proposed_by_name=by[1], proposed_at=now
            )
            session.add(made)
            session.flush()
            record(session, now, by, "propose_disqualification", _subject(entry), reason=reason, concerns=_concerns(entry))
            return made.id
    except IntegrityError as problem:
        raise DomainError("already_proposed", "Đã có đề nghị huỷ kết quả này, hoặc kết quả đã huỷ.") from problem


def decide_disqualification(disqualification_id: int, confirms: bool, by: Officer, now: datetime) -> None:
    """Confirm or refuse a proposal. Whoever proposed it cannot confirm it, but may take it back by refusing.

    A confirmed one takes effect at the next settling. Raises DomainError same_person, already_decided; NotFound.
    """
    with transaction() as session:
        found = session.get(Disqualification, disqualification_id)
        if found is None:
            raise NotFound()
        if found.state != "proposed":
            raise DomainError("already_decided", "Đề nghị này đã được quyết định.")
        if confirms and found.proposed_by_id == by[0]:
            raise DomainError("same_person", "Người đề nghị không tự quyết định được. Hãy nhờ một cán bộ khác xem và quyết định.")
        found.state = "confirmed" if confirms else "refused"
        found.decided_by_id, found.decided_by_name, found.decided_at = by[0], by[1], now
        if confirms:
            found.entry.is_counted = False
        action = "disqualify" if confirms else "refuse_disqualification"
        after = {"proposed_by": found.proposed_by_name}
        record(session, now, by, action, _subject(found.entry), after=after, reason=found.reason, concerns=_concerns(found.entry))


def revoke_disqualification(disqualification_id: int, reason: str, by: Officer, now: datetime) -> None:
    """Let a disqualified result count again from the next settling on. Raises InvalidInput without a reason, DomainError, NotFound."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput("reason_needed", "Hãy ghi lý do. Người dự thi sẽ đọc được.", field="reason")
    with transaction() as session:
        found = session.get(Disqualification, disqualification_id)
        if found is None:
            raise NotFound()
        if found.state != "confirmed":
            raise DomainError("not_confirmed", "Kết quả này chưa bị huỷ.")
        found.state, found.revoked_by_id, found.revoked_at, found.revoke_reason = "revoked", by[0], now, reason[:400]
        found.entry.is_counted = not is_later_claim(session.connection(), found.entry.member_id)
        record(session, now, by, "revoke_disqualification", _subject(found.entry), reason=reason, concerns=_concerns(found.entry))


def object_to_result(round_id: int, member: tuple[int, str], text: str, now: datetime) -> int:
    """Take an objection of somebody who entered the round, while its result is provisional. Returns its id.

    Raises InvalidInput for an empty text, DomainError no_entry, not_provisional, objections_over, too_many_open.
    """
    text = text.strip()
    if not text:
        raise InvalidInput("text_needed", "Hãy viết điều bạn khiếu nại.", field="text")
    if len(text) > LONGEST:
        raise InvalidInput("text_too_long", "Hãy viết ngắn hơn %(limit)s ký tự.", field="text", limit=LONGEST)
    with transaction() as session:
        found = session.get(Round, round_id)
        if found is None:
            raise NotFound()
        if session.scalar(select(Entry.id).where(Entry.round_id == round_id, Entry.member_id == member[0])) is None:
            raise DomainError("no_entry", "Chỉ người đã dự vòng này mới khiếu nại kết quả được.")
        published = session.scalar(
            select(Settlement).where(Settlement.round_id == round_id, Settlement.version == found.published_version)
        )
        if published is None or published.status != "provisional" or published.published_at is None:
            raise DomainError(
                "not_provisional", "Kết quả chưa công bố hoặc đã là kết quả chính thức, nên không nhận khiếu nại ở đây."
            )
        if now >= objections_until(published.published_at, found.rules.objection_days):
            raise DomainError("objections_over", "Đã hết thời hạn khiếu nại ghi trong thể lệ.")
        own = select(Objection).where(Objection.round_id == round_id, Objection.member_id == member[0], Objection.state == "open")
        if len(session.scalars(own).all()) >= OPEN_AT_ONCE:
            raise DomainError("too_many_open", "Bạn có %(n)s khiếu nại đang chờ trả lời. Hãy đợi trả lời trước.", n=OPEN_AT_ONCE)
        made = Objection(
            round_id=round_id, member_id=member[0], member_name=member[1][:120], version=published.version, text=text, made_at=now
        )
        session.add(made)
        session.flush()
        subject = ("round", round_id, f"{found.contest.title}, {found.title}")
        record(session, now, member, "object_to_result", subject, after={"version": published.version})
        return made.id


def answer_objection(objection_id: int, accepts: bool, answer: str, by: Officer, now: datetime) -> None:
    """Answer an objection; the objector reads the answer. Raises InvalidInput without one, DomainError already_decided, NotFound."""
    answer = answer.strip()
    if not answer:
        raise InvalidInput("answer_needed", "Hãy viết câu trả lời. Người khiếu nại sẽ đọc được.", field="answer")
    if len(answer) > LONGEST:
        raise InvalidInput("text_too_long", "Hãy viết ngắn hơn %(limit)s ký tự.", field="answer", limit=LONGEST)
    with transaction() as session:
        found = session.get(Objection, objection_id)
        if found is None:
            raise NotFound()
        if found.state != "open":
            raise DomainError("already_decided", "Khiếu nại này đã được trả lời.")
        found.state, found.answer = ("accepted" if accepts else "refused"), answer
        found.decided_by_id, found.decided_by_name, found.decided_at = by[0], by[1], now
        subject = ("objection", found.id, found.member_name)
        record(session, now, by, "answer_objection", subject, after={"state": found.state}, concerns=(found.member_id,))
