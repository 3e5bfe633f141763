"""Who goes on from an earlier round, by its latest published standings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, String, and_, cast, func, literal, select
from sqlalchemy.orm import joinedload

from elearn.contests.models import AdvanceDecline, Entry, Round, Settlement, StageContestant, Standing
from elearn.contests.rules.advance import Going, Ranked, who_goes_on
from elearn.contests.rules.entry import EntryTerms
from elearn.contests.rules.settings import Advance
from elearn.core.db import db
from elearn.units.models import Unit

NEXT_SHOWN = 10
"""Those just behind, of whom somebody may move up."""


def _rows(contest_id: int, advance: Advance, most: int) -> Select[Any]:
    """(entry_id, place, among, member_id) of the published standings of the earlier round, in their order, without the disqualified.

    `among` is what an entry competes in; of each, those whom fewer than `most` stand ahead of.
    """
    among: Any = {
        "all": literal(""),
        "unit": cast(Standing.unit_id, String(20)),
        "group": func.coalesce(StageContestant.group_title, Unit.segment),
    }[advance.per]
    ranked = (
        select(
            Standing.entry_id,
            Standing.place,
            Standing.position,
            Entry.member_id,
            among.label("among"),
            func.rank().over(partition_by=among, order_by=Standing.place).label("within"),
        )
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, and_(Round.id == Settlement.round_id, Round.published_version == Settlement.version))
        .join(Entry, Entry.id == Standing.entry_id)
        .join(Unit, Unit.id == Standing.unit_id)
        .outerjoin(StageContestant, StageContestant.entry_id == Entry.id)
        .where(Round.contest_id == contest_id, Round.number == advance.from_round, Entry.is_counted)
        .subquery()
    )
    of = ranked.c
    return select(of.entry_id, of.place, of.among, of.member_id).where(of.within <= most).order_by(of.position)


def has_advanced(connection: Connection, terms: EntryTerms, member_id: int) -> bool:
    """Whether a member may enter a round by their place in an earlier one; True where the round takes everybody."""
    advance = terms.own.advance
    if advance is None:
        return True
    declined = _declined(connection, terms.round_id)
    rows = connection.execute(_rows(terms.contest_id, advance, advance.top + len(declined))).all()
    own = next((row.entry_id for row in rows if row.member_id == member_id), None)
    if own is None:
        return False
    going = who_goes_on([Ranked(row.entry_id, row.place, row.among) for row in rows], advance.top, declined)
    return going[own] in (Going.FIRST, Going.MOVED_UP)


def _declined(connection: Connection, round_id: int) -> set[int]:
    return set(connection.scalars(select(AdvanceDecline.entry_id).where(AdvanceDecline.round_id == round_id)))


@dataclass(frozen=True)
class Advancing:
    """Somebody of the earlier round, and how they stand towards the later one; `decline` where they leave their place to another."""

    entry: Entry
    place: int
    among: str
    going: Going
    decline: AdvanceDecline | None = None

    @property
    def goes_on(self) -> bool:
        """Whether they may enter the later round."""
        return self.going in (Going.FIRST, Going.MOVED_UP)


def list_advancing(found: Round, following: int = NEXT_SHOWN) -> list[Advancing]:
    """Who goes on to a round, who declined, and those just behind, in the order of the earlier standings; empty before their publication."""
    advance = found.own_rules.advance
    if advance is None:
        return []
    declines = {one.entry_id: one for one in db.session.scalars(select(AdvanceDecline).where(AdvanceDecline.round_id == found.id))}
    rows = db.session.execute(_rows(found.contest_id, advance, advance.top + len(declines) + following)).all()
    going = who_goes_on([Ranked(row.entry_id, row.place, row.among) for row in rows], advance.top, declines.keys())
    query = select(Entry).where(Entry.id.in_([row.entry_id for row in rows]))
    entries = {one.id: one for one in db.session.scalars(query)}
    return [Advancing(entries[row.entry_id], row.place, row.among, going[row.entry_id], declines.get(row.entry_id)) for row in rows]


def find_source(found: Round) -> Round | None:
    """The earlier round from which people go on to a round; None where it takes everybody."""
    advance = found.own_rules.advance
    if advance is None:
        return None
    query = select(Round).where(Round.contest_id == found.contest_id, Round.number == advance.from_round)
    return db.session.scalar(query.options(joinedload(Round.contest)))
