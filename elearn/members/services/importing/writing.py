"""Writes fields and units of many records with few statements, and puts units back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from elearn.lib.periods import local_day
from elearn.members.models import Member, MemberCard, MemberSensitive, Membership, Position
from elearn.members.rules.importing.changes import SENSITIVE
from elearn.members.rules.people import person_keys

FIELD_COLUMNS = {
    "full_name": "display_name", "sex": "sex", "phone": "phone", "email": "email", "kind": "kind", "birth_precision": "birth_precision",
}  # fmt: skip


class RecordWriter:
    """Writes fields of many records with few statements: gathered by `write`, sent by `flush`."""

    def __init__(self, session: Session, present: Mapping[int, Mapping[str, Any]], now: datetime) -> None:
        """`present` holds what `read_present` gave for the members."""
        self._session, self._present, self._today = session, present, local_day(now)
        self._members: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        self._sensitive: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        self._new_sensitive: list[dict[str, Any]] = []
        self._cards: list[tuple[int, str]] = []
        self._offices: list[tuple[int, str]] = []

    def write(self, member_id: int, values: Mapping[str, Any]) -> None:
        """Fields of changes.CARRIED to be written; the unit is not among them."""
        was = self._present[member_id]
        columns: dict[str, Any] = {FIELD_COLUMNS[field]: value for field, value in values.items() if field in FIELD_COLUMNS}
        if "birth_date" in values:
            columns["birth_date"] = date.fromisoformat(values["birth_date"]) if values["birth_date"] else None
        if "full_name" in values:
            keys = person_keys(values["full_name"], was["login"], was["code"])
            columns |= {"name_key": keys.name_key, "search_key": keys.search_key}
        if columns:
            self._members[tuple(columns)].append({"key": member_id, **{f"new_{name}": value for name, value in columns.items()}})
        kept = {
            field: (values[field] or None) if field in ("national_id", "card_number") else values[field]
            for field in SENSITIVE
            if field in values
        }
        if kept and was["has_sensitive"]:
            self._sensitive[tuple(kept)].append({"key": member_id, **{f"new_{name}": value for name, value in kept.items()}})
        elif kept:
            nothing = {"national_id": None, "card_number": None, "ethnicity": "", "religion": ""}
            self._new_sensitive.append({"member_id": member_id, **nothing, **kept})
        if "card_number" in values:
            self._cards.append((member_id, values["card_number"]))
        if "position" in values:
            self._offices.append((member_id, values["position"]))

    def flush(self) -> None:
        """Send what was gathered, one statement for each set of columns."""
        for model, key, gathered in ((Member, "id", self._members), (MemberSensitive, "member_id", self._sensitive)):
            table = model.__table__
            for names, rows in gathered.items():
                statement = update(table).where(table.c[key] == bindparam("key"))  # type: ignore[arg-type]
                self._session.connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)
        if self._new_sensitive:
            self._session.execute(insert(MemberSensitive), self._new_sensitive)
        self._write_cards()
        self._write_offices()

    def _write_cards(self) -> None:
        if not self._cards:
            return
        ids = [member_id for member_id, _ in self._cards]
        opened = (MemberCard.member_id.in_(ids), MemberCard.valid_to.is_(None))
        self._session.execute(delete(MemberCard).where(*opened, MemberCard.valid_from >= self._today))
        self._session.execute(update(MemberCard).where(*opened).values(valid_to=self._today))
        rows = [
            {"member_id": number, "number": card, "valid_from": self._today, "reason": ""} for number, card in self._cards if card
        ]
        if rows:
            self._session.execute(insert(MemberCard), rows)

    def _write_offices(self) -> None:
        if not self._offices:
            return
        ids = [member_id for member_id, _ in self._offices]
        latest = (
            select(func.max(Position.id))
            .where(Position.member_id.in_(ids), Position.valid_to.is_(None))
            .group_by(Position.member_id)
        )
        numbers = self._session.scalars(latest).all()
        self._session.execute(delete(Position).where(Position.id.in_(numbers), Position.valid_from >= self._today))
        self._session.execute(update(Position).where(Position.id.in_(numbers)).values(valid_to=self._today))
        rows = [{"member_id": number, "title": title[:200], "valid_from": self._today} for number, title in self._offices if title]
        if rows:
            self._session.execute(insert(Position), rows)


def move_member(session: Session, member_id: int, unit_id: int, origin: str, decision: str, day: date) -> dict[str, Any]:
    """Close the open membership and open one of another unit from `day` on; returns what undo needs."""
    session.execute(update(Member).where(Member.id == member_id).values(unit_id=unit_id))
    was = session.scalar(
        select(Membership)
        .where(Membership.member_id == member_id, Membership.valid_to.is_(None))
        .order_by(Membership.id.desc())
        .limit(1)
    )
    before: dict[str, Any] = {}
    if was is not None and was.valid_from < day:
        was.valid_to = day
        before = {"closed": was.id}
    elif was is not None:  # began today: it never held for a day
        before = {
            "removed": {
                "unit_id": was.unit_id, "valid_from": was.valid_from.isoformat(), "decision": was.decision, "origin": was.origin,
            }
        }  # fmt: skip
        session.delete(was)
    session.flush()
    again = session.scalar(
        select(Membership).where(Membership.member_id == member_id, Membership.unit_id == unit_id, Membership.valid_from == day)
    )
    if again is not None:
        session.delete(again)
        session.flush()
    session.add(Membership(member_id=member_id, unit_id=unit_id, valid_from=day, origin=origin, decision=decision))
    session.flush()
    return before


def move_back(session: Session, member_id: int, unit_id: int, origin: str, before: dict[str, Any]) -> bool:
    """Undo `move_member` where its membership is still the open one; returns whether it was."""
    opened = session.scalar(
        select(Membership)
        .where(Membership.member_id == member_id, Membership.valid_to.is_(None))
        .order_by(Membership.id.desc())
        .limit(1)
    )
    if opened is None or opened.origin != origin:
        return False
    session.execute(delete(Membership).where(Membership.id == opened.id))
    if "closed" in before:
        session.execute(update(Membership).where(Membership.id == before["closed"]).values(valid_to=None))
    if "removed" in before:
        was = before["removed"]
        session.execute(
            insert(Membership).values(member_id=member_id, **{**was, "valid_from": date.fromisoformat(was["valid_from"])})
        )
    session.execute(update(Member).where(Member.id == member_id).values(unit_id=unit_id))
    return True
