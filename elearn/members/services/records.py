"""One person's record is entered and corrected by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local_day
from elearn.members.models import Member, MemberCard, MemberSensitive, Membership, Position
from elearn.members.rules.logins import login_key, login_of
from elearn.members.rules.people import check_code, check_login, check_person, check_positions, check_sensitive, person_keys
from elearn.units.models import Unit

ATTEMPTS = 20
CLOSED = ("merged", "erased")


def save_member(actor: tuple[int, str], member_id: int | None, values: Mapping[str, str], reason: str, now: datetime) -> int:
    """Enter a person or correct one; returns the id. Unit and card of a known person change elsewhere. Raises InvalidInput."""
    today = local_day(now)
    columns = check_person(values, today)
    login, code = check_login(values.get("login", "")), check_code(values.get("code", ""))
    titles = check_positions(values["positions"]) if "positions" in values else None
    with transaction() as session:
        if member_id is None:
            return _create(session, actor, columns, (login, code), titles or [], values.get("unit", ""), reason, now)
        member = session.get_one(Member, member_id)
        if member.status in CLOSED:
            raise InvalidInput("record_closed", "Hồ sơ này đã gộp hoặc đã xoá, không sửa được.", "full_name")
        if login:
            columns |= {"login": login, "login_key": login_key(login)}
        if code:
            columns["code"] = code
        _refuse_taken(session, login, code, member_id)
        before = {field: _plain(getattr(member, field)) for field, value in columns.items() if getattr(member, field) != value}
        after = {field: _plain(columns[field]) for field in before}
        for field in before:
            setattr(member, field, columns[field])
        member.name_key, member.search_key = person_keys(member.display_name, member.login, member.code)
        if titles is not None:
            was = _set_positions(session, member_id, titles, today)
            if was != titles:
                before["positions"], after["positions"] = was, titles
        if after:
            record(
                session,
                now,
                actor,
                "edit_member",
                ("member", member_id, member.display_name),
                before=before,
                after=after,
                reason=reason,
            )
        return member_id


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _refuse_taken(session: Session, login: str, code: str, but: int | None) -> None:
    for field, column, value, message in (
        ("login", Member.login_key, login_key(login) if login else "", "Tên đăng nhập này đã thuộc về một hồ sơ khác."),
        ("code", Member.code, code, "Mã này đã thuộc về một hồ sơ khác."),
    ):
        owner = session.scalar(select(Member.id).where(column == value)) if value else None
        if owner is not None and owner != but:
            raise InvalidInput(f"{field}_taken", message, field)


def _create(
    session: Session, actor: tuple[int, str], columns: dict[str, Any], chosen: tuple[str, str], titles: list[str], unit: str, reason: str,
    now: datetime,
) -> int:  # fmt: skip
    found = session.get(Unit, int(unit)) if unit.isdecimal() and len(unit) < 10 else None
    if found is None or found.valid_to is not None:
        raise InvalidInput("no_unit", "Hãy chọn một đơn vị đang hoạt động.", "unit")
    login, code = chosen
    _refuse_taken(session, login, code, None)
    first = (session.scalar(select(func.max(Member.id))) or 0) + 1
    for number in range(first, first + ATTEMPTS):
        own_login, own_code = login or login_of(columns["display_name"], number), code or f"TV{number:06}"
        name_key, search_key = person_keys(columns["display_name"], own_login, own_code)
        member = Member(
            **columns, login=own_login, login_key=login_key(own_login), code=own_code, name_key=name_key, search_key=search_key,
            unit_id=found.id, status="active", password_hash="", must_change_password=True, created_at=now,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(member)
                session.flush()
        except IntegrityError:  # somebody else has entered one with the same number meanwhile
            continue
        today = local_day(now)
        session.add(Membership(member_id=member.id, unit_id=found.id, valid_from=today))
        session.add_all(Position(member_id=member.id, title=title, valid_from=today) for title in titles)
        after = {"unit_id": found.id, "code": own_code, "login": own_login} | {
            field: _plain(value) for field, value in columns.items() if value
        }
        record(session, now, actor, "create_member", ("member", member.id, member.display_name), after=after, reason=reason)
        return member.id
    raise InvalidInput("login_taken", "Tên đăng nhập này đã thuộc về một hồ sơ khác.", "login")


def _set_positions(session: Session, member_id: int, titles: Sequence[str], today: date) -> list[str]:
    """End offices that are not named any more, begin those that are new; returns the titles held before."""
    held = session.scalars(
        select(Position).where(Position.member_id == member_id, Position.valid_to.is_(None)).order_by(Position.id)
    ).all()
    was = [one.title for one in held]
    for one in held:
        if one.title in titles:
            continue
        if one.valid_from is None or one.valid_from < today:
            one.valid_to = today
        else:  # entered today: it never held for a day
            session.delete(one)
    session.add_all(Position(member_id=member_id, title=title, valid_from=today) for title in titles if title not in was)
    return was


def save_sensitive(actor: tuple[int, str], member_id: int, values: Mapping[str, str], reason: str, now: datetime) -> list[str]:
    """Write sensitive columns; a new card number closes the one before. Returns the fields that changed; the log says no more."""
    columns = check_sensitive(values)
    with transaction() as session:
        member = session.get_one(Member, member_id)
        if member.status in CLOSED:
            raise InvalidInput("record_closed", "Hồ sơ này đã gộp hoặc đã xoá, không sửa được.", "national_id")
        for field, message in (
            ("national_id", "Số định danh này đã thuộc về một hồ sơ khác."),
            ("card_number", "Số thẻ này đã thuộc về một hồ sơ khác."),
        ):
            column = getattr(MemberSensitive, field)
            query = select(MemberSensitive.member_id).where(column == columns.get(field), MemberSensitive.member_id != member_id)
            if columns.get(field) and session.scalar(query) is not None:
                raise InvalidInput(f"{field}_taken", message, field)
        row = session.get(MemberSensitive, member_id)
        if row is None:
            row = MemberSensitive(member_id=member_id, ethnicity="", religion="")
            session.add(row)
        changed = [field for field, value in columns.items() if (getattr(row, field) or None) != (value or None)]
        for field in changed:
            setattr(row, field, columns[field])
        if "card_number" in changed:
            _follow_card(session, member_id, columns["card_number"], reason, local_day(now))
        if changed:
            record(
                session, now, actor, "edit_sensitive", ("member", member_id, member.display_name),
                before=dict.fromkeys(changed, "•••"), after=dict.fromkeys(changed, "•••"), reason=reason,
            )  # fmt: skip
        return changed


def _follow_card(session: Session, member_id: int, number: str | None, reason: str, today: date) -> None:
    session.execute(
        update(MemberCard).where(MemberCard.member_id == member_id, MemberCard.valid_to.is_(None)).values(valid_to=today)
    )
    if number:
        session.execute(insert(MemberCard).values(member_id=member_id, number=number, valid_from=today, reason=reason[:200]))


def note_look(actor: tuple[int, str], member_id: int, now: datetime) -> dict[str, str]:
    """Sensitive columns of a person in clear; that somebody looked is written down first."""
    with transaction() as session:
        member = session.get_one(Member, member_id)
        row = session.get(MemberSensitive, member_id)
        shown = {
            field: (getattr(row, field) or "") if row is not None else ""
            for field in ("national_id", "card_number", "ethnicity", "religion")
        }
        record(session, now, actor, "view_sensitive", ("member", member_id, member.display_name))
        return shown


def note_export(actor: tuple[int, str], members: Sequence[int], what: str, reason: str, now: datetime) -> None:
    """Write down that sensitive columns of people went into a file."""
    with transaction() as session:
        record(
            session,
            now,
            actor,
            "export_sensitive",
            ("export", "members", what),
            after={"people": len(members)},
            reason=reason,
            concerns=members,
        )
