"""Everything the system holds about one person, for that person: as JSON and as PDF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.core.exports.pdf import set_pdf
from elearn.members import hooks
from elearn.members.models import (
    Consent,
    ConsentText,
    Member,
    MemberCard,
    MemberSensitive,
    Membership,
    PersonnelDecision,
    Position,
    RightsRequest,
    RoleGrant,
    SignInSession,
)  # fmt: skip
from elearn.members.queries.records import identity_of, list_decisions_of
from elearn.units.models import Unit, UnitName

TEMPLATE = Path(__file__).with_name("own_data.typ")


def plain(value: Any) -> Any:
    """A value as JSON writes it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _rows(query: Any) -> list[dict[str, Any]]:
    return [{name: plain(value) for name, value in row._mapping.items()} for row in db.session.execute(query)]


def collect(member_id: int, now: datetime) -> dict[str, Any]:
    """What members and every feature above hold about the person and the records merged into theirs, by section."""
    ids = identity_of(member_id)
    found: dict[str, Any] = {"made_at": now.isoformat(), **_own(ids)}
    for number in ids:
        for offer in hooks.own_data:
            for name, value in offer(number).items():
                found.setdefault(name, [])
                found[name] += value
    return found


def _own(ids: Sequence[int]) -> dict[str, Any]:
    profile = select(
        Member.id, Member.code, Member.login, Member.display_name, Member.birth_date, Member.birth_precision, Member.sex, Member.phone,
        Member.email, Member.kind, Member.status, Member.created_at, Unit.name.label("unit"),
    ).join(Unit, Unit.id == Member.unit_id)  # fmt: skip
    sensitive = select(
        MemberSensitive.national_id, MemberSensitive.card_number, MemberSensitive.ethnicity, MemberSensitive.religion
    )
    grants = select(RoleGrant.role, Unit.name.label("unit"), RoleGrant.valid_from, RoleGrant.valid_to).join(
        Unit, Unit.id == RoleGrant.unit_id
    )
    consents = select(
        ConsentText.purpose, ConsentText.version, Consent.is_given, Consent.answered_at, Consent.language, Consent.text_digest
    ).join(ConsentText, ConsentText.id == Consent.text_id)
    asked = select(RightsRequest.kind, RightsRequest.body, RightsRequest.asked_at, RightsRequest.state, RightsRequest.answer)
    used = select(SignInSession.created_at, SignInSession.last_seen_at, SignInSession.agent)
    return {
        "profile": _rows(profile.where(Member.id.in_(ids))),
        "sensitive": _rows(sensitive.where(MemberSensitive.member_id.in_(ids))),
        "cards": _rows(
            select(MemberCard.number, MemberCard.valid_from, MemberCard.valid_to, MemberCard.reason).where(
                MemberCard.member_id.in_(ids)
            )
        ),
        "positions": _rows(select(Position.title, Position.valid_from, Position.valid_to).where(Position.member_id.in_(ids))),
        "units": [
            {**one, "valid_from": plain(one["valid_from"]), "valid_to": plain(one["valid_to"])} for one in list_units_then(ids)
        ],
        "decisions": [_told(one, unit) for one, unit in list_decisions_of(ids)],
        "roles": _rows(grants.where(RoleGrant.member_id.in_(ids))),
        "consents": _rows(consents.where(Consent.member_id.in_(ids)).order_by(Consent.id)),
        "requests": _rows(asked.where(RightsRequest.member_id.in_(ids)).order_by(RightsRequest.id)),
        "sign_ins": _rows(used.where(SignInSession.member_id.in_(ids)).order_by(SignInSession.created_at)),
    }


def _told(one: PersonnelDecision, unit: str | None) -> dict[str, Any]:
    return {"kind": one.kind, "number": one.number, "effective_on": one.effective_on.isoformat(), "unit": unit or ""}


def list_units_then(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Units to which a person belonged, under the name that each had when the person came, the latest first."""
    query: Any = (
        select(Membership, Unit.name, UnitName.name)
        .join(Unit, Unit.id == Membership.unit_id)
        .outerjoin(
            UnitName,
            (UnitName.unit_id == Membership.unit_id)
            & (UnitName.valid_from <= Membership.valid_from)
            & (UnitName.valid_to.is_(None) | (UnitName.valid_to > Membership.valid_from)),
        )
        .where(Membership.member_id.in_(ids))
    )
    rows = db.session.execute(query.order_by(Membership.valid_from.desc(), Membership.id.desc())).all()
    return [
        {"name": then or now, "name_now": now, "valid_from": one.valid_from, "valid_to": one.valid_to, "decision": one.decision}
        for one, now, then in rows
    ]


def export(actor: tuple[int, str], kind: str, labels: dict[str, str], title: str, now: datetime) -> bytes:
    """The person's own data as "json" or "pdf"; that it was taken is written down."""
    data = collect(actor[0], now)
    db.session.rollback()
    with transaction() as session:
        record(session, now, actor, "export_own_data", ("member", actor[0], actor[1]), after={"kind": kind})
    if kind == "json":
        return json.dumps(data, ensure_ascii=False, indent=2).encode()
    sections = [
        {"title": labels.get(name, name), "rows": [[[str(key), _word(value)] for key, value in row.items()] for row in rows]}
        for name, rows in data.items()
        if isinstance(rows, list) and rows
    ]
    return set_pdf(TEMPLATE.read_bytes(), {"title": title, "name": actor[1], "sections": sections, "at": data["made_at"]})


def _word(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
