"""Settlements and the standings that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from elearn.contests.models import Contest, Entry, Round, Settlement, Standing, UnitStanding
from elearn.contests.queries.contests import criteria_of
from elearn.contests.queries.counted import order_of
from elearn.contests.rules.candidates import BEHIND, Step
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.members.models import Member


def find_published(found: Round) -> Settlement | None:
    """The settlement that everybody may see; None before the first publication."""
    if found.published_version is None:
        return None
    query = select(Settlement).where(Settlement.round_id == found.id, Settlement.version == found.published_version)
    return db.session.scalar(query)


def access_published(found: Round) -> Settlement:
    """The published settlement; NotFound before the first publication."""
    settlement = find_published(found)
    if settlement is None:
        raise NotFound("not_published", "Vòng này chưa công bố kết quả.")
    return settlement


def list_versions(found: Round) -> Sequence[Settlement]:
    """Versions of a round that were published, the newest first; NotFound before the first publication."""
    query = select(Settlement).where(Settlement.round_id == found.id, Settlement.published_at.is_not(None))
    versions = db.session.scalars(query.order_by(Settlement.version.desc())).all()
    if not versions:
        raise NotFound("not_published", "Vòng này chưa công bố kết quả.")
    return versions


def access_version(found: Round, asked: str) -> Settlement:
    """The published version that is asked for by its number, the present one where none is; NotFound for one that never was public."""
    if not asked:
        return access_published(found)
    for one in list_versions(found):
        if str(one.version) == asked:
            return one
    raise NotFound()


def list_settlements(round_id: int) -> Sequence[Row[Settlement, str | None, str | None]]:
    """(settlement, who settled, who published), the latest version first."""
    publisher = Member.__table__.alias("publisher")
    query = (
        select(Settlement, Member.display_name, publisher.c.display_name)
        .outerjoin(Member, Member.id == Settlement.settled_by_id)
        .outerjoin(publisher, publisher.c.id == Settlement.published_by_id)
        .where(Settlement.round_id == round_id)
    )
    return db.session.execute(query.order_by(Settlement.version.desc())).all()


def find_latest(round_id: int) -> Settlement | None:
    """The latest settlement of a round, published or not."""
    query = select(Settlement).where(Settlement.round_id == round_id).order_by(Settlement.version.desc())
    return db.session.scalars(query.limit(1)).first()


def access_settlement(round_id: int, version: int) -> Settlement:
    """A version of a round that the caller has been allowed to oversee."""
    settlement = db.session.scalar(select(Settlement).where(Settlement.round_id == round_id, Settlement.version == version))
    if settlement is None:
        raise NotFound()
    return settlement


def page_of_standings(settlement_id: int, words: str, number: int, size: int = 50, unit_id: int | None = None) -> Page[Standing]:
    """Rows in their order, of everybody or of a unit; with words, those in whose name or unit every word occurs, accents aside."""
    query = select(Standing).where(Standing.settlement_id == settlement_id)
    if unit_id is None and not words.strip():
        # Positions have no gaps: the last one is the count, and a page is a span of them, however many rows there are.
        total = db.session.scalar(select(func.max(Standing.position)).where(Standing.settlement_id == settlement_id)) or 0
        number = min(number, max(1, -(-total // size)))
        span = Standing.position.between((number - 1) * size + 1, number * size)
        return Page(db.session.scalars(query.where(span).order_by(Standing.position)).all(), number, total, size)
    if unit_id is not None:
        query = query.where(Standing.unit_id == unit_id)
    for word in fold(words).split()[:6]:
        query = query.where(Standing.entry.has(Entry.search_key.contains(word, autoescape=True)))
    return page_of(db.session(), query.order_by(Standing.position), number, size)


def rows_beside(settlement_id: int, rows: Sequence[Standing]) -> dict[int, Standing]:
    """Rows and their neighbours by position, in one statement."""
    known = {row.position: row for row in rows}
    wanted = {position + step for position in known for step in (-1, 1)} - known.keys()
    query = select(Standing).where(Standing.settlement_id == settlement_id, Standing.position.in_(wanted))
    return {**known, **{row.position: row for row in db.session.scalars(query)}}


def iterate_standings(settlement_id: int) -> Iterator[Standing]:
    """All rows in their order, a thousand at a time."""
    query = select(Standing).where(Standing.settlement_id == settlement_id).order_by(Standing.position)
    yield from db.session.scalars(query.execution_options(yield_per=1000))


def list_top(settlement_id: int, count: int) -> Sequence[Standing]:
    """The first rows."""
    query = select(Standing).where(Standing.settlement_id == settlement_id, Standing.position <= count)
    return db.session.scalars(query.order_by(Standing.position)).all()


def list_winners(settlement_id: int) -> Sequence[Standing]:
    """Rows with a prize."""
    query = select(Standing).where(Standing.settlement_id == settlement_id, Standing.prize != "")
    return db.session.scalars(query.order_by(Standing.position)).all()


def find_own(settlement_id: int, member_id: int) -> Standing | None:
    """The row of a member."""
    mine = select(Entry.id).where(Entry.member_id == member_id)
    return db.session.scalar(select(Standing).where(Standing.settlement_id == settlement_id, Standing.entry_id.in_(mine)))


def list_steps(settlement: Settlement, own: Standing) -> list[Step]:
    """For each criterion: how many are ahead of a row by it, and how many others are equal to it so far; one statement."""
    criteria = criteria_of(settlement.criteria)
    table = Standing.__table__.c
    columns: list[Any] = []
    so_far: list[ColumnElement[bool]] = []
    for one in criteria:
        value = getattr(own, one.column)
        value = BEHIND if value is None else -value if one.is_largest_first else value
        key = order_of(one, table)
        columns.append(func.sum(case((and_(*so_far, key < value), 1), else_=0)))
        so_far.append(key == value)
        columns.append(func.sum(case((and_(*so_far), 1), else_=0)))
    row = db.session.execute(select(*columns).where(table.settlement_id == settlement.id)).one()
    return [Step(one.key, int(row[2 * n]), int(row[2 * n + 1]) - 1) for n, one in enumerate(criteria)]


def list_units(settlement_id: int, count: int | None = None) -> Sequence[UnitStanding]:
    """Units by place; the first `count`, or all."""
    query = select(UnitStanding).where(UnitStanding.settlement_id == settlement_id)
    query = query.order_by(UnitStanding.position)
    return db.session.scalars(query.limit(count)).all()


def find_unit(settlement_id: int, unit_id: int) -> UnitStanding | None:
    """The figures of a unit in a settlement; None where it did not take part."""
    return db.session.get(UnitStanding, (settlement_id, unit_id))


def count_units(settlement_id: int) -> int:
    """How many units took part."""
    query = select(func.count()).select_from(UnitStanding).where(UnitStanding.settlement_id == settlement_id)
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class PastRound:
    """A published round in the list on the contest's page; `first` holds the highest prize."""

    round: Round
    settlement: Settlement
    first: Standing | None


def list_past(rounds: Sequence[Round]) -> list[PastRound]:
    """Published rounds, the latest first."""
    published = [one for one in rounds if one.published_version is not None]
    if not published:
        return []
    wanted = or_(*(and_(Settlement.round_id == one.id, Settlement.version == one.published_version) for one in published))
    settlements = {one.round_id: one for one in db.session.scalars(select(Settlement).where(wanted))}
    heads = select(Standing.settlement_id, func.min(Standing.position)).where(
        Standing.settlement_id.in_([one.id for one in settlements.values()]), Standing.prize != ""
    )
    positions = db.session.execute(heads.group_by(Standing.settlement_id)).all()
    firsts: dict[int, Standing] = {}
    if positions:
        rows = or_(*(and_(Standing.settlement_id == which, Standing.position == at) for which, at in positions))
        firsts = {one.settlement_id: one for one in db.session.scalars(select(Standing).where(rows))}
    past = [PastRound(one, settlements[one.id], firsts.get(settlements[one.id].id)) for one in published]
    return sorted(past, key=lambda item: -item.round.number)


def list_own_prizes(member_id: int, count: int) -> Sequence[Row[Standing, Settlement, Round, Contest]]:
    """A member's prizes in published standings, the latest first."""
    query = (
        select(Standing, Settlement, Round, Contest)
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, and_(Round.id == Settlement.round_id, Round.published_version == Settlement.version))
        .join(Contest, Contest.id == Round.contest_id)
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Entry.member_id == member_id, Standing.prize != "", Contest.is_published)
    )
    return db.session.execute(query.order_by(Settlement.published_at.desc()).limit(count)).all()
