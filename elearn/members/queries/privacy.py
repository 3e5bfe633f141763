"""Reads of consent, of requests about one's own data, and of who looked at a person's record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from elearn.audit.models import AuditConcern, AuditDetail, AuditEntry
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.members.models import Consent, ConsentText, Member, RightsRequest
from elearn.members.queries import below, covers_everybody, may_for
from elearn.members.rules.people import GUEST_UNIT
from elearn.members.rules.permissions import Actor, role_paths
from elearn.units.models import Unit


def list_texts() -> Sequence[ConsentText]:
    """The texts that are asked today, by purpose."""
    return db.session.scalars(select(ConsentText).where(ConsentText.withdrawn_at.is_(None)).order_by(ConsentText.purpose)).all()


def list_answers(member_id: int) -> Sequence[Consent]:
    """Every answer of a person with its text, the latest first."""
    query = select(Consent).options(joinedload(Consent.text)).where(Consent.member_id == member_id)
    return db.session.scalars(query.order_by(Consent.id.desc())).all()


def count_answers() -> dict[int, tuple[int, int]]:
    """Text id → (people who agree now, people who refused or withdrew)."""
    last = select(func.max(Consent.id)).group_by(Consent.member_id, Consent.text_id)
    query = (
        select(Consent.text_id, Consent.is_given, func.count())
        .where(Consent.id.in_(last))
        .group_by(Consent.text_id, Consent.is_given)
    )
    found: dict[int, tuple[int, int]] = {}
    for text_id, is_given, count in db.session.execute(query):
        yes, no = found.get(text_id, (0, 0))
        found[text_id] = (count, no) if is_given else (yes, count)
    return found


def list_requests(member_id: int) -> Sequence[RightsRequest]:
    """A person's own requests, the latest first."""
    return db.session.scalars(
        select(RightsRequest).where(RightsRequest.member_id == member_id).order_by(RightsRequest.id.desc())
    ).all()


def page_of_requests(actor: Actor, is_open: bool, number: int) -> Page[RightsRequest]:
    """Requests of people in the actor's subtrees: open ones by their deadline, ended ones the latest first."""
    paths = role_paths(actor, "privacy.manage")
    theirs = below(Unit.path, paths)
    if covers_everybody(paths):
        theirs = or_(theirs, Unit.code == GUEST_UNIT)
    query: Any = (
        select(RightsRequest)
        .join(Member, Member.id == RightsRequest.member_id)
        .join(Unit, Unit.id == Member.unit_id)
        .where(theirs, RightsRequest.state.in_(("open", "answered")) == is_open)
        .options(joinedload(RightsRequest.member).joinedload(Member.unit))
    )
    order = RightsRequest.answer_due_at if is_open else RightsRequest.id.desc()
    return page_of(db.session(), query.order_by(order, RightsRequest.id), number)


def access_request(actor: Actor, request_id: int) -> RightsRequest:
    """The request, or NotFound where the actor may not know of it."""
    one = db.session.get(RightsRequest, request_id)
    if one is None or not may_for(actor, "privacy.manage", one.member):
        raise NotFound()
    return one


LOOKS = ("view_sensitive", "export_sensitive", "export_members", "save_sensitive", "edit_sensitive")


def page_of_looks(member_id: int, number: int) -> Page[Row[Any]]:
    """Who looked at a person's sensitive data or changed the record: (entry, name then, present unit), the latest first."""
    concerned = select(AuditConcern.seq).where(AuditConcern.member_id == member_id)
    own = and_(AuditEntry.subject_kind == "member", AuditEntry.subject_id == str(member_id))
    actor = aliased(Member)
    query: Any = (
        select(AuditEntry, AuditDetail.actor_name, Unit.name)
        .join(AuditDetail, AuditDetail.seq == AuditEntry.seq)
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .outerjoin(Unit, Unit.id == actor.unit_id)
        .where(or_(own, AuditEntry.seq.in_(concerned)), or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id != member_id))
    )
    return page_of(db.session(), query.order_by(AuditEntry.seq.desc()), number, scalars=False)
