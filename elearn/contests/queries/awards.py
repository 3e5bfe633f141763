"""Who gets which prize of a round, how far they are verified, and what was handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, and_, exists, select
from sqlalchemy.orm import joinedload

from elearn.contests.models import (
    Contest,
    Entry,
    HandAward,
    PrizeDelivery,
    PrizeRefusal,
    Round,
    Settlement,
    Standing,
    UnitStanding,
    WinnerCheck,
)
from elearn.contests.queries.standings import find_latest, find_published
from elearn.contests.rules.awards import Recipient, hidden_phone, verification
from elearn.contests.rules.settings import ContestSettings, PrizeKind
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.units.models import Unit

FOUND = 10
"""People and units offered for a prize given by hand."""


@dataclass(frozen=True)
class Winner:
    """Somebody who gets a prize. `row` is that of a person in the standings; `reason` that of a prize given by hand.

    `state` tells where the verification stands; None for units and for people who did not take part.
    """

    recipient: Recipient
    prize: str
    amount: int
    given: str
    name: str
    unit_name: str
    reason: str = ""
    row: Standing | None = None
    entry_id: int | None = None
    member_id: int | None = None
    phone: str = ""
    checks: Mapping[str, WinnerCheck] = field(default_factory=dict)
    delivery: PrizeDelivery | None = None

    @property
    def is_person(self) -> bool:
        """A person, not a unit."""
        return self.recipient.kind == "entry" or (
            self.recipient.kind == "hand" and (self.entry_id is not None or bool(self.unit_name))
        )

    @property
    def state(self) -> str | None:
        """ "todo", "partly", "verified" or "problem"."""
        if self.entry_id is None:
            return None
        return verification({kind: one.is_good for kind, one in self.checks.items()})


def rules_of(found: Round, settlement: Settlement | None) -> ContestSettings:
    """The rules by which a settlement gave its prizes; those of the round before there is one."""
    return ContestSettings.read(settlement.rules) if settlement else found.rules


def list_awarded(found: Round, settlement: Settlement | None) -> list[Winner]:
    """Everybody who gets a prize by a settlement, and those named by hand: by prize, as the rules list them, then by place."""
    prizes = {one.title: (place, one) for place, one in enumerate(rules_of(found, settlement).prizes)}
    winners = [*_by_ranking(settlement), *_by_units(settlement), *_by_hand(found.id)]
    entry_ids = [one.entry_id for one in winners if one.entry_id is not None]
    checks = checks_of(entry_ids)
    deliveries = _deliveries(found.id)
    phones = dict(
        db.session.execute(
            select(Member.id, Member.phone).where(Member.id.in_([one.member_id for one in winners if one.member_id]))
        ).all()
    )
    told = [
        Winner(
            one.recipient, one.prize, prizes[one.prize][1].amount if one.prize in prizes else 0, one.given, one.name, one.unit_name,
            one.reason, one.row, one.entry_id, one.member_id, hidden_phone(phones.get(one.member_id or 0, "")),
            checks.get(one.entry_id or 0, {}), deliveries.get((one.recipient, one.prize)),
        )
        for one in winners
    ]  # fmt: skip
    last = len(prizes)
    return sorted(told, key=lambda one: prizes[one.prize][0] if one.prize in prizes else last)


def _by_ranking(settlement: Settlement | None) -> Iterable[Winner]:
    if settlement is None:
        return
    query = select(Standing).where(Standing.settlement_id == settlement.id, Standing.prize != "").order_by(Standing.position)
    for row in db.session.scalars(query):
        yield Winner(
            Recipient("entry", row.entry_id), row.prize, 0, "ranking", row.display_name, row.unit_name, row=row,
            entry_id=row.entry_id, member_id=row.entry.member_id,
        )  # fmt: skip


def _by_units(settlement: Settlement | None) -> Iterable[Winner]:
    if settlement is None:
        return
    query = (
        select(UnitStanding)
        .where(UnitStanding.settlement_id == settlement.id, UnitStanding.prize != "")
        .order_by(UnitStanding.position)
    )
    for row in db.session.scalars(query):
        yield Winner(Recipient("unit", row.unit_id), row.prize, 0, "units", row.unit_name, "")


def _by_hand(round_id: int) -> Iterable[Winner]:
    for one in list_hand_awards(round_id):
        yield Winner(
            Recipient("hand", one.id), one.prize, 0, "hand", one.display_name, one.shown_unit, one.reason, entry_id=one.entry_id,
            member_id=one.entry.member_id if one.entry else None,
        )  # fmt: skip


def list_hand_awards(round_id: int) -> Sequence[HandAward]:
    """Prizes given by hand, in the order in which they were given."""
    return db.session.scalars(select(HandAward).where(HandAward.round_id == round_id).order_by(HandAward.id)).all()


def list_beside_ranking(found: Round, settlement: Settlement) -> list[Winner]:
    """Prizes of units and those given by hand, for the page of results: nothing about verification or telephones."""
    places = {one.title: place for place, one in enumerate(rules_of(found, settlement).prizes)}
    winners = [*_by_units(settlement), *_by_hand(found.id)]
    return sorted(winners, key=lambda one: places.get(one.prize, len(places)))


def checks_of(entry_ids: Sequence[int]) -> dict[int, dict[str, WinnerCheck]]:
    """What was checked, by entry and kind."""
    found: dict[int, dict[str, WinnerCheck]] = defaultdict(dict)
    for one in db.session.scalars(select(WinnerCheck).where(WinnerCheck.entry_id.in_(entry_ids))):
        found[one.entry_id][one.kind] = one
    return dict(found)


def recipient_of(delivery: PrizeDelivery) -> Recipient:
    """Whose delivery it is."""
    if delivery.entry_id is not None:
        return Recipient("entry", delivery.entry_id)
    if delivery.unit_id is not None:
        return Recipient("unit", delivery.unit_id)
    return Recipient("hand", delivery.hand_award_id or 0)


def _deliveries(round_id: int) -> dict[tuple[Recipient, str], PrizeDelivery]:
    query = select(PrizeDelivery).where(PrizeDelivery.round_id == round_id, PrizeDelivery.undone_at.is_(None))
    return {(recipient_of(one), one.prize): one for one in db.session.scalars(query)}


def list_reserves(settlement: Settlement | None) -> Sequence[Standing]:
    """Those who move up, the first at the head."""
    if settlement is None:
        return []
    query = select(Standing).where(Standing.settlement_id == settlement.id, Standing.reserve.is_not(None))
    return db.session.scalars(query.order_by(Standing.reserve)).all()


def list_refused(round_id: int) -> Sequence[PrizeRefusal]:
    """Those who are passed over in a round."""
    query = select(PrizeRefusal).join(Entry, Entry.id == PrizeRefusal.entry_id).where(Entry.round_id == round_id)
    return db.session.scalars(query.order_by(PrizeRefusal.at, PrizeRefusal.entry_id)).all()


def access_winner(found: Round, settlement: Settlement | None, recipient: Recipient) -> Winner:
    """Somebody who gets a prize of the round, who stands by, or who was passed over; NotFound for anybody else."""
    for one in list_awarded(found, settlement):
        if one.recipient == recipient:
            return one
    if recipient.kind == "entry":
        entry = db.session.scalar(select(Entry).where(Entry.id == recipient.id, Entry.round_id == found.id))
        if entry is not None and (_is_refused(entry.id) or _stands_by(settlement, entry.id)):
            row = None
            if settlement is not None:
                row = db.session.scalar(
                    select(Standing).where(Standing.settlement_id == settlement.id, Standing.entry_id == entry.id)
                )
            phone = db.session.scalar(select(Member.phone).where(Member.id == entry.member_id)) or ""
            checks = checks_of([entry.id]).get(entry.id, {})
            return Winner(
                recipient, "", 0, "ranking", entry.display_name, entry.competing_unit_name, row=row, entry_id=entry.id,
                member_id=entry.member_id, phone=hidden_phone(phone), checks=checks,
            )  # fmt: skip
    raise NotFound()


def _is_refused(entry_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(PrizeRefusal.entry_id == entry_id))))


def _stands_by(settlement: Settlement | None, entry_id: int) -> bool:
    if settlement is None:
        return False
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Standing.settlement_id == settlement.id, Standing.entry_id == entry_id, Standing.reserve.is_not(None)
                )
            )
        )
    )


def find_refusal(entry_id: int) -> PrizeRefusal | None:
    """Why an entry is passed over; None where it is not."""
    return db.session.get(PrizeRefusal, entry_id)


def list_deliveries(recipient: Recipient, round_id: int) -> Sequence[PrizeDelivery]:
    """What was handed to a recipient, undone ones too, the latest first."""
    query = select(PrizeDelivery).where(PrizeDelivery.round_id == round_id)
    of = {"entry": PrizeDelivery.entry_id, "unit": PrizeDelivery.unit_id, "hand": PrizeDelivery.hand_award_id}[recipient.kind]
    return db.session.scalars(query.where(of == recipient.id).order_by(PrizeDelivery.id.desc())).all()


def names_of(member_ids: Iterable[int]) -> dict[int, str]:
    """Names of officers, by id."""
    return dict(db.session.execute(select(Member.id, Member.display_name).where(Member.id.in_(set(member_ids)))).all())


def find_candidates(found: Round, words: str) -> tuple[Sequence[Entry], Sequence[Unit]]:
    """Entrants of a round and units below its organiser in whose names every word occurs, for a prize given by hand."""
    parts = fold(words).split()[:6]
    if not parts:
        return [], []
    entries, units = select(Entry).where(Entry.round_id == found.id, Entry.is_counted), select(Unit)
    units = units.where(Unit.path.startswith(found.contest.unit.path, autoescape=True), Unit.valid_to.is_(None))
    for part in parts:
        entries = entries.where(Entry.search_key.contains(part, autoescape=True))
        units = units.where(Unit.search_key.contains(part, autoescape=True))
    return (
        db.session.scalars(entries.order_by(Entry.display_name, Entry.id).limit(FOUND)).all(),
        db.session.scalars(units.order_by(Unit.depth, Unit.sort_key).limit(FOUND)).all(),
    )


def prizes_by_hand(found: Round) -> list[PrizeKind]:
    """Prizes of a round that the organiser gives to whom they name."""
    return [one for one in found.rules.prizes if one.given == "hand"]


def list_own_awards(member_id: int) -> Sequence[Row[HandAward, Round, datetime | None]]:
    """(prize, round, when its standings were published) of prizes given to a member by hand, the latest first."""
    query = (
        select(HandAward, Round, Settlement.published_at)
        .join(Entry, Entry.id == HandAward.entry_id)
        .join(Round, Round.id == HandAward.round_id)
        .join(Settlement, and_(Settlement.round_id == Round.id, Settlement.version == Round.published_version))
        .join(Contest, Contest.id == Round.contest_id)
        .where(Entry.member_id == member_id, Contest.is_published)
        .options(joinedload(Round.contest))
    )
    return db.session.execute(query.order_by(HandAward.id.desc())).all()


def published_or_latest(found: Round) -> tuple[Settlement | None, bool]:
    """(settlement, whether everybody sees it): the published one, else the latest."""
    published = find_published(found)
    return (published, True) if published else (find_latest(found.id), False)
