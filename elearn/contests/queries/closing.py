"""What is looked at before a result is settled, published and made final; disqualifications, objections and what changed between versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from elearn.contests.models import Disqualification, Entry, Objection, Round, Settlement, Standing, WinnerCheck
from elearn.contests.rules.awards import CHECKS
from elearn.contests.rules.checklist import Facts
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.quizzes.models import Attempt, Correction, ReportCase

STANDS = ("proposed", "confirmed")


def facts_of(found: Round) -> Facts:
    """The counts of the list, each by one statement."""
    quiz_id = found.quiz_id
    entries = select(func.count()).select_from(Entry).where(Entry.round_id == found.id)
    doubts = select(func.count()).select_from(Disqualification).join(Entry, Entry.id == Disqualification.entry_id)
    doubts = doubts.where(Entry.round_id == found.id)
    without = entries.join(Member, Member.id == Entry.member_id).where(Member.birth_date.is_(None), Entry.is_counted)
    asks_age = bool(found.rules.minimum_age or found.rules.maximum_age or found.rules.born_from or found.rules.born_to)
    return Facts(
        open_attempts=_count(Attempt, Attempt.quiz_id == quiz_id, Attempt.state == "open"),
        unmarked=_count(Attempt, Attempt.quiz_id == quiz_id, Attempt.is_pending.is_(True), Attempt.is_discarded.is_(False)),
        open_reports=_count(ReportCase, ReportCase.quiz_id == quiz_id, ReportCase.state == "open"),
        waiting_corrections=_count(Correction, Correction.quiz_id == quiz_id, Correction.state == "previewed"),
        proposed_disqualifications=db.session.scalar(doubts.where(Disqualification.state == "proposed")) or 0,
        confirmed_disqualifications=db.session.scalar(doubts.where(Disqualification.state == "confirmed")) or 0,
        open_objections=_count(Objection, Objection.round_id == found.id, Objection.state == "open"),
        without_birth_date=(db.session.scalar(without) or 0) if asks_age else 0,
        unverified_winners=_count_unverified(found.id),
        teams_left_out=_count_teams(found) if found.kind == "total" else None,
    )


def _count_teams(total: Round) -> int:
    """Entries of the rounds that are added up which belong to nobody: a total is one of people."""
    numbers = total.own_rules.sources or tuple(one.number for one in total.contest.rounds if one.number < total.number)
    query = select(func.count()).select_from(Entry).join(Round, Round.id == Entry.round_id)
    of_these = (Round.contest_id == total.contest_id, Round.number.in_(numbers), Entry.member_id.is_(None), Entry.is_counted)
    return db.session.scalar(query.where(*of_these)) or 0


def _count_unverified(round_id: int) -> int:
    """People with a prize in the latest version of whom something is still to be checked, or was found wrong."""
    latest = select(func.max(Settlement.id)).where(Settlement.round_id == round_id).scalar_subquery()
    good = select(func.count()).where(WinnerCheck.entry_id == Standing.entry_id, WinnerCheck.is_good.is_(True)).scalar_subquery()
    return _count(Standing, Standing.settlement_id == latest, Standing.prize != "", good < len(CHECKS))


def _count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


@dataclass(frozen=True)
class ListedEntry:
    """An entry as officers see it, with its row in the latest settlement and what stands against it."""

    entry: Entry
    standing: Standing | None
    doubt: Disqualification | None


def page_of_entries(found: Round, words: str, number: int, only_doubted: bool = False) -> Page[ListedEntry]:
    """Entries of a round by place, then by name; with words, those in whose name or units every word occurs, accents aside."""
    latest = select(func.max(Settlement.id)).where(Settlement.round_id == found.id).scalar_subquery()
    query: Any = (
        select(Entry, Standing, Disqualification)
        .select_from(Entry)
        .outerjoin(Standing, and_(Standing.entry_id == Entry.id, Standing.settlement_id == latest))
        .outerjoin(Disqualification, and_(Disqualification.entry_id == Entry.id, Disqualification.state.in_(STANDS)))
        .where(Entry.round_id == found.id)
    )
    for word in fold(words).split()[:6]:
        query = query.where(Entry.search_key.contains(word, autoescape=True))
    if only_doubted:
        query = query.where(or_(Disqualification.id.is_not(None), Entry.is_counted.is_(False)))
    page = page_of(db.session(), query.order_by(Standing.position.is_(None), Standing.position, Entry.id), number, scalars=False)
    return Page([ListedEntry(*row) for row in page.items], page.number, page.total, page.size)


def access_entry(round_id: int, entry_id: int) -> Entry:
    """An entry of a round that the caller has been allowed to oversee."""
    found = db.session.scalar(select(Entry).where(Entry.id == entry_id, Entry.round_id == round_id))
    if found is None:
        raise NotFound()
    return found


def find_doubt(entry_id: int) -> Disqualification | None:
    """The disqualification that stands against an entry, proposed or confirmed."""
    return db.session.scalar(
        select(Disqualification).where(Disqualification.entry_id == entry_id, Disqualification.state.in_(STANDS))
    )


def list_doubts(round_id: int) -> Sequence[Disqualification]:
    """All that were ever proposed in a round, the newest first."""
    query = select(Disqualification).join(Entry, Entry.id == Disqualification.entry_id).where(Entry.round_id == round_id)
    return db.session.scalars(query.order_by(Disqualification.id.desc())).all()


def list_doubts_of_member(member_id: int) -> Sequence[Row[Disqualification, Round]]:
    """Confirmed disqualifications of a person, with the round, the newest first."""
    query = (
        select(Disqualification, Round)
        .select_from(Disqualification)
        .join(Entry, Entry.id == Disqualification.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(Entry.member_id == member_id, Disqualification.state == "confirmed")
    )
    return db.session.execute(query.order_by(Disqualification.id.desc())).all()


def list_objections(round_id: int) -> Sequence[Objection]:
    """Objections of a round, the open ones first, then the newest."""
    query = select(Objection).where(Objection.round_id == round_id)
    return db.session.scalars(query.order_by(Objection.state != "open", Objection.id.desc())).all()


def list_own_objections(round_id: int, member_id: int) -> Sequence[Objection]:
    """What a person objected in a round, the newest first."""
    query = select(Objection).where(Objection.round_id == round_id, Objection.member_id == member_id)
    return db.session.scalars(query.order_by(Objection.id.desc())).all()


def access_objection(round_id: int, objection_id: int) -> Objection:
    """An objection of a round that the caller has been allowed to oversee."""
    found = db.session.scalar(select(Objection).where(Objection.id == objection_id, Objection.round_id == round_id))
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Moved:
    """A row that differs between two versions. Places and prizes before and now; None where the row was not, or is no longer, there."""

    entry: Entry
    before: Standing | None
    now: Standing | None


def page_of_changes(before: Settlement, now: Settlement, number: int) -> Page[Moved]:
    """Entries whose place or prize differs between two versions, by the better of both places."""
    old, new = Standing.__table__.alias("old"), Standing.__table__.alias("new")
    both = and_(old.c.entry_id == Entry.id, old.c.settlement_id == before.id)
    differs = or_(
        old.c.place.is_distinct_from(new.c.place), func.coalesce(old.c.prize, "").is_distinct_from(func.coalesce(new.c.prize, ""))
    )
    present = or_(old.c.entry_id.is_not(None), new.c.entry_id.is_not(None))
    best = func.coalesce(func.min(new.c.place), func.min(old.c.place))
    query: Any = (
        select(Entry, func.min(old.c.position), func.min(new.c.position))
        .select_from(Entry)
        .outerjoin(old, both)
        .outerjoin(new, and_(new.c.entry_id == Entry.id, new.c.settlement_id == now.id))
        .where(Entry.round_id == now.round_id, present, differs)
        .group_by(Entry.id)
    )
    page = page_of(db.session(), query.order_by(best, Entry.id), number, scalars=False)
    rows = page.items
    olds = _rows_at(before.id, [row[1] for row in rows])
    news = _rows_at(now.id, [row[2] for row in rows])
    return Page([Moved(entry, olds.get(was), news.get(is_now)) for entry, was, is_now in rows], page.number, page.total, page.size)


def _rows_at(settlement_id: int, positions: Sequence[int | None]) -> dict[int | None, Standing]:
    wanted = [one for one in positions if one is not None]
    query = select(Standing).where(Standing.settlement_id == settlement_id, Standing.position.in_(wanted))
    return {one.position: one for one in db.session.scalars(query)}
