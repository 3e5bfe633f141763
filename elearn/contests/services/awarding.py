"""What officers do with prizes: verify winners, refuse them, give prizes by hand, hand prizes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from elearn.audit.services import Deed, record, record_many
from elearn.contests.models import Entry, HandAward, PrizeDelivery, PrizeRefusal, Round, Settlement, Standing, WinnerCheck
from elearn.contests.queries.awards import list_awarded
from elearn.contests.queries.standings import find_published
from elearn.contests.rules.awards import CHECKS, HOW, REFUSED, Recipient, check_hand_award, check_handover
from elearn.contests.services.settling import give_again, holders_by_hand, latest_of, work_out
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.units.models import Unit

ActorName = tuple[int, str]
VERIFIED_ANEW = "Xét lại người đạt giải sau khi xác minh."
"""Reason of a new version of published standings: why somebody was refused concerns only those who decide."""


@dataclass(frozen=True)
class Handover:
    """How prizes went out: on which day, by whose hand, by which way (`rules.awards.HOW`)."""

    day: date
    by: str
    how: str
    note: str = ""


@dataclass(frozen=True)
class Named:
    """Whom the organiser names: an entry, a unit, or somebody else by name and unit."""

    entry_id: int | None = None
    unit_id: int | None = None
    name: str = ""
    unit_name: str = ""


def check_winners(
    round_id: int, entry_ids: Sequence[int], kind: str, is_good: bool, note: str, actor: ActorName, now: datetime
) -> int:
    """Write down what was found of winners; returns of how many. Entries of other rounds are left alone."""
    if kind not in CHECKS:
        raise InvalidInput("no_check", "Không có việc xác minh này.", field="kind")
    with transaction() as session:
        entries = session.scalars(select(Entry).where(Entry.id.in_(entry_ids), Entry.round_id == round_id)).all()
        deeds = []
        for entry in entries:
            found = session.get(WinnerCheck, (entry.id, kind))
            before = {"is_good": found.is_good, "note": found.note} if found else None
            session.merge(WinnerCheck(entry_id=entry.id, kind=kind, is_good=is_good, note=note[:400], by_id=actor[0], at=now))
            deeds.append(
                Deed(
                    "check_winner", ("entry", entry.id, entry.display_name), before,
                    {"check": kind, "is_good": is_good, "note": note}, concerns=_concerns(entry),
                )
            )  # fmt: skip
        record_many(session, now, actor, deeds)
        return len(entries)


def show_phone(entry_id: int, actor: ActorName, now: datetime) -> str:
    """The telephone number of a winner; that somebody looked is written down first."""
    with transaction() as session:
        entry = session.get_one(Entry, entry_id)
        member = session.get(Member, entry.member_id) if entry.member_id else None
        record(session, now, actor, "view_phone", ("entry", entry.id, entry.display_name), concerns=_concerns(entry))
        return member.phone if member else ""


def refuse_winner(round_id: int, entry_id: int, kind: str, reason: str, actor: ActorName, now: datetime) -> Settlement | None:
    """Pass a winner over: the next in rank moves up. Returns the version that says so, None where no prize changed hands.

    Standings that were published keep standing: the change waits as a new version. Raises delivered where the prize is out already.
    """
    if kind not in REFUSED:
        raise InvalidInput("no_kind", "Hãy chọn lý do.", field="kind")
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi cụ thể lý do không công nhận.", field="reason")
    with transaction() as session:
        entry = _entry(session, round_id, entry_id)
        if session.get(PrizeRefusal, entry_id) is not None:
            raise DomainError("refused_already", "Người này đã được ghi là không công nhận.")
        out = select(func.count()).where(PrizeDelivery.entry_id == entry_id, PrizeDelivery.undone_at.is_(None))
        if session.scalar(out):
            raise DomainError("delivered", "Giải đã trao. Hãy hoàn lại việc trao trước.")
        session.add(PrizeRefusal(entry_id=entry_id, kind=kind, reason=reason[:400], by_id=actor[0], at=now))
        session.flush()
        subject = ("entry", entry.id, entry.display_name)
        record(session, now, actor, "refuse_winner", subject, after={"kind": kind}, reason=reason, concerns=_concerns(entry))
        return _follow(session, round_id, actor, now)


def restore_winner(round_id: int, entry_id: int, reason: str, actor: ActorName, now: datetime) -> Settlement | None:
    """Take a refusal back; those who had moved up give way again."""
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do.", field="reason")
    with transaction() as session:
        entry = _entry(session, round_id, entry_id)
        refusal = session.get(PrizeRefusal, entry_id)
        if refusal is None:
            raise NotFound()
        before = {"kind": refusal.kind, "reason": refusal.reason}
        session.delete(refusal)
        session.flush()
        subject = ("entry", entry.id, entry.display_name)
        record(session, now, actor, "restore_winner", subject, before=before, reason=reason, concerns=_concerns(entry))
        return _follow(session, round_id, actor, now)


def _follow(session: Session, round_id: int, actor: ActorName, now: datetime) -> Settlement | None:
    """Give the prizes anew: within a version that nobody has seen, else as the next version."""
    last = latest_of(session, round_id)
    if last is None:
        return None
    settled = session.get_one(Round, round_id)
    if last.published_at is None:
        give_again(session, settled, last)
        last.settled_by_id = actor[0]  # what stands there now is theirs: another officer looks at it and publishes
        settlement: Settlement | None = last
    else:
        settlement = work_out(session, settled, last, actor, now, VERIFIED_ANEW)
        if settlement is not None:
            figures = {"version": settlement.version, "people": settlement.people_count}
            subject = ("round", round_id, f"{settled.contest.title}, {settled.title}")
            record(session, now, actor, "settle_round", subject, after=figures, reason=VERIFIED_ANEW)
    return settlement


def award_by_hand(round_id: int, prize: str, to: Named, reason: str, actor: ActorName, now: datetime) -> int:
    """Give a prize to whom the organiser names; returns its id.

    Raises where no such prize is left, or where the person has had the one prize that the rules allow.
    """
    with transaction() as session:
        settled = session.get_one(Round, round_id)
        kind = next((one for one in settled.rules.prizes if one.title == prize), None)
        given = session.scalars(select(HandAward).where(HandAward.round_id == round_id, HandAward.prize == prize)).all()
        check_hand_award(kind, len(given), reason)
        award = HandAward(round_id=round_id, prize=prize, reason=reason[:400], by_id=actor[0], at=now)
        if to.entry_id is not None:
            entry = _entry(session, round_id, to.entry_id)
            award.entry_id, award.entry = entry.id, entry
            _check_per_person(session, settled, entry)
        elif to.unit_id is not None:
            unit = session.get(Unit, to.unit_id)
            if unit is None:
                raise NotFound()
            award.unit_id, award.name = unit.id, unit.name
        elif to.name.strip():
            award.name, award.unit_name = to.name.strip()[:200], to.unit_name.strip()[:200]
        else:
            raise InvalidInput("nobody_named", "Hãy chọn một người, một đơn vị, hoặc ghi họ tên.", field="recipient")
        if any((one.entry_id, one.unit_id, one.name) == (award.entry_id, award.unit_id, award.name) for one in given):
            raise InvalidInput("given_already", "Đã trao giải này cho người hay đơn vị ấy.", field="recipient")
        session.add(award)
        session.flush()
        subject = ("hand_award", award.id, award.display_name)
        concerns = _concerns(award.entry) if award.entry else ()
        record(
            session,
            now,
            actor,
            "award_by_hand",
            subject,
            after={"prize": prize, "round": round_id},
            reason=reason,
            concerns=concerns,
        )
        return award.id


def _check_per_person(session: Session, settled: Round, entry: Entry) -> None:
    """Raise where the rules allow a person one prize and this one has it."""
    rule = settled.rules.per_person
    if rule == "none" or entry.member_id is None:
        return
    query = (
        select(func.count())
        .select_from(Standing)
        .join(Entry, Entry.id == Standing.entry_id)
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, Round.id == Settlement.round_id)
        .where(Entry.member_id == entry.member_id, Standing.prize != "")
    )
    last = select(func.max(Settlement.version)).where(Settlement.round_id == settled.id).scalar_subquery()
    here = (Round.id == settled.id) & (Settlement.version == last)
    if rule == "contest":
        elsewhere = (
            (Round.contest_id == settled.contest_id) & (Round.id != settled.id) & (Settlement.version == Round.published_version)
        )
        query = query.where(or_(here, elsewhere))
    else:
        query = query.where(here)
    if session.scalar(query) or entry.member_id in holders_by_hand(session, settled, rule):
        raise InvalidInput("one_prize", "Theo thể lệ mỗi người nhận một giải, và người này đã có giải.", field="recipient")


def withdraw_award(round_id: int, award_id: int, reason: str, actor: ActorName, now: datetime) -> None:
    """Take a prize given by hand back. Raises delivered where it is out already."""
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do.", field="reason")
    with transaction() as session:
        award = session.get(HandAward, award_id)
        if award is None or award.round_id != round_id:
            raise NotFound()
        deliveries = session.scalars(select(PrizeDelivery).where(PrizeDelivery.hand_award_id == award_id)).all()
        if any(one.undone_at is None for one in deliveries):
            raise DomainError("delivered", "Giải đã trao. Hãy hoàn lại việc trao trước.")
        for one in deliveries:
            session.delete(one)
        subject = ("hand_award", award.id, award.display_name)
        before = {"prize": award.prize, "reason": award.reason, "round": round_id}
        concerns = _concerns(award.entry) if award.entry else ()
        record(session, now, actor, "withdraw_award", subject, before=before, reason=reason, concerns=concerns)
        session.flush()
        session.delete(award)


def hand_over(round_id: int, recipients: Sequence[Recipient], handover: Handover, actor: ActorName, now: datetime) -> int:
    """Write down that prizes went out; returns how many. Those that are out already stay as they are."""
    if handover.how not in HOW:
        raise InvalidInput("no_way", "Hãy chọn cách trao.", field="how")
    if not handover.by.strip():
        raise InvalidInput("nobody_named", "Hãy ghi người trao.", field="handed_by")
    with transaction() as session:
        settled = session.get_one(Round, round_id)
        check_handover(handover.day, local_day(now), local_day(settled.closes_at), settled.published_version is not None)
        wanted = set(recipients)
        deeds = []
        for one in list_awarded(settled, find_published(settled)):
            if one.recipient not in wanted or one.delivery is not None:
                continue
            of = one.recipient
            keys: dict[str, Any] = {{"entry": "entry_id", "unit": "unit_id", "hand": "hand_award_id"}[of.kind]: of.id}
            session.add(
                PrizeDelivery(
                    round_id=round_id, prize=one.prize, **keys, handed_on=handover.day, handed_by=handover.by.strip()[:120],
                    how=handover.how, note=handover.note[:400], recorded_by_id=actor[0], recorded_at=now,
                )
            )  # fmt: skip
            after = {"prize": one.prize, "on": handover.day.isoformat(), "by": handover.by, "how": handover.how}
            concerns = (one.member_id,) if one.member_id else ()
            deeds.append(Deed("hand_over_prize", (of.kind, of.id, one.name), after=after, concerns=concerns))
        record_many(session, now, actor, deeds)
        return len(deeds)


def undo_handover(round_id: int, delivery_id: int, reason: str, actor: ActorName, now: datetime) -> None:
    """Take back that a prize went out; the record stays with the reason."""
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do.", field="reason")
    with transaction() as session:
        delivery = session.get(PrizeDelivery, delivery_id)
        if delivery is None or delivery.round_id != round_id or delivery.undone_at is not None:
            raise NotFound()
        delivery.undone_at, delivery.undone_by_id, delivery.undone_reason = now, actor[0], reason[:400]
        before = {"prize": delivery.prize, "on": delivery.handed_on.isoformat()}
        entry = session.get(Entry, delivery.entry_id) if delivery.entry_id else None
        subject = ("prize_delivery", delivery.id, delivery.prize)
        record(session, now, actor, "undo_handover", subject, before, reason=reason, concerns=_concerns(entry) if entry else ())


def _entry(session: Session, round_id: int, entry_id: int) -> Entry:
    entry = session.get(Entry, entry_id)
    if entry is None or entry.round_id != round_id:
        raise NotFound()
    return entry


def _concerns(entry: Entry) -> tuple[int, ...]:
    return (entry.member_id,) if entry.member_id else ()
