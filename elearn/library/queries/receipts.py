"""Who of a branch has read a bulletin: asked are the members who belonged to it on the day of its publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.periods import local_day
from elearn.lib.tree import is_within
from elearn.library.models import Document, DocumentReceipt
from elearn.library.queries import branch_ids
from elearn.library.rules.shelves import READERS
from elearn.members.models import Member, Membership
from elearn.members.rules.permissions import Actor, role_paths
from elearn.units.queries.history import snapshot_on
from elearn.units.rules.snapshots import Snapshot, roll_up


@dataclass(frozen=True)
class Line:
    """A unit with all below it: how many were asked, how many said that they have read."""

    unit_id: int
    name: str
    asked: int
    read: int
    has_below: bool


@dataclass(frozen=True)
class Receipts:
    """A unit, the units right below it, and the way from the top that the reader may see."""

    whole: Line
    lines: tuple[Line, ...]
    way: tuple[tuple[int, str], ...]
    day: date


def access_bulletin(actor: Actor, document_id: int) -> Document:
    """A published bulletin whose receipts the actor may see for some units; NotFound otherwise."""
    document = db.session.get(Document, document_id)
    if document is None or document.unit is None or document.published_at is None or document.shelf != "bulletin":
        raise NotFound()
    tops = role_paths(actor, "document.receipts")
    if not any(is_within(top, document.unit.path) or is_within(document.unit.path, top) for top in tops):
        raise NotFound()
    return document


def _asked(day: date) -> Select[int]:
    """Memberships of the day of those who are asked to read. Who is not asked is put together once: looking each person up costs twice as much."""
    others = select(Member.id).where(or_(Member.kind.not_in(READERS), Member.status != "active"))
    in_force = (Membership.valid_from <= day, or_(Membership.valid_to.is_(None), Membership.valid_to > day))
    return select(Membership.unit_id).where(*in_force, Membership.member_id.not_in(others))


def _receipt(document_id: int) -> ColumnElement[bool]:
    return and_(DocumentReceipt.member_id == Membership.member_id, DocumentReceipt.document_id == document_id)


def _tops(actor: Actor, document: Document, snapshot: Snapshot) -> list[int]:
    """The highest units that are both of the bulletin's branch and in the actor's care, on the day."""
    assert document.unit_id is not None
    if document.unit_id not in snapshot.units:
        return []
    paths = role_paths(actor, "document.receipts")
    owner = snapshot.units[document.unit_id]
    if any(is_within(owner.path, path) for path in paths):
        return [owner.id]
    ids = [branch_ids(path)[-1] for path in paths]
    return [number for number in ids if number in snapshot.units and is_within(snapshot.units[number].path, owner.path)]


def count_receipts(actor: Actor, document: Document, unit_id: int | None) -> Receipts:
    """x of y for a unit and those right below it; two statements over the people, whatever their number. Raises NotFound."""
    assert document.published_at is not None
    day = local_day(document.published_at)
    snapshot = snapshot_on(day)
    tops = _tops(actor, document, snapshot)
    unit_id = tops[0] if unit_id is None and tops else unit_id
    if (
        unit_id is None
        or unit_id not in snapshot.units
        or not any(is_within(snapshot.units[unit_id].path, snapshot.units[top].path) for top in tops)
    ):
        raise NotFound()
    by_unit = _asked(day).with_only_columns(Membership.unit_id, func.count()).group_by(Membership.unit_id)
    asked = roll_up(snapshot, _figures(by_unit)).totals
    read = roll_up(snapshot, _figures(by_unit.join(DocumentReceipt, _receipt(document.id)))).totals

    def line(number: int) -> Line:
        return Line(number, snapshot.units[number].name, asked[number], read[number], number in snapshot.children)

    below = snapshot.ordered(snapshot.children.get(unit_id, ()))
    way = [(number, snapshot.units[number].short_name) for number in branch_ids(snapshot.units[unit_id].path)]
    allowed = next(place for place, (number, _) in enumerate(way) if number in tops)
    return Receipts(line(unit_id), tuple(line(unit.id) for unit in below if asked[unit.id]), tuple(way[allowed:]), day)


def _figures(query: Select[int, int]) -> dict[int, int]:
    return dict(db.session.execute(query).all())


def _missing(document: Document, unit_id: int) -> Select[int]:
    assert document.published_at is not None
    day = local_day(document.published_at)
    snapshot = snapshot_on(day)
    units = [unit.id for unit in snapshot.within(unit_id)]
    have_read = select(DocumentReceipt.member_id).where(DocumentReceipt.document_id == document.id)
    query = _asked(day).where(Membership.member_id.not_in(have_read))
    return query if len(units) == len(snapshot.units) else query.where(Membership.unit_id.in_(units))


def page_of_missing(document: Document, unit_id: int, number: int) -> Page[Member]:
    """Members of a unit and below who have not said that they have read; the unit must have come from `count_receipts`."""
    ids = _missing(document, unit_id).with_only_columns(Membership.member_id)
    query = select(Member).where(Member.id.in_(ids)).options(joinedload(Member.unit))
    return page_of(db.session(), query.order_by(Member.name_key, Member.id), number)


def list_missing_ids(document: Document, unit_id: int) -> Sequence[int]:
    """The same as ids, all of them."""
    return db.session.scalars(_missing(document, unit_id).with_only_columns(Membership.member_id).distinct()).all()


def find_receipt(document_id: int, member_id: int) -> datetime | None:
    """When the member said that they have read it; None where they have not."""
    same = (DocumentReceipt.document_id == document_id, DocumentReceipt.member_id == member_id)
    return db.session.scalar(select(DocumentReceipt.read_at).where(*same))


def list_unread(member_id: int, unit_path: str, since: datetime, today: date) -> Sequence[Document]:
    """Bulletins of a member's branch, published since then, that they are asked to read by today or later and have not."""
    is_asked = select(Member.id).where(Member.id == member_id, Member.kind.in_(READERS)).exists()
    read = (
        select(DocumentReceipt.id)
        .where(DocumentReceipt.document_id == Document.id, DocumentReceipt.member_id == member_id)
        .exists()
    )
    query = select(Document).where(
        Document.unit_id.in_(branch_ids(unit_path)),
        Document.shelf == "bulletin",
        Document.published_at >= since,
        or_(Document.read_by.is_(None), Document.read_by >= today),
        is_asked,
        ~read,
    )
    return db.session.scalars(query.options(joinedload(Document.unit)).order_by(Document.read_by, Document.id)).all()
