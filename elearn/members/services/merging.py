"""Two records of one person become one, with all their results; what was carried over can be carried back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members import hooks
from elearn.members.hooks import Carried
from elearn.members.models import Consent, DuplicateVerdict, Member, MemberCard, MemberMerge, MemberSensitive, Membership, Position
from elearn.members.services.sign_in import end_sessions

OWN = (
    Carried(Position, "member_id", "Chức vụ"),
    Carried(MemberCard, "member_id", "Số thẻ đã có"),
    Carried(Consent, "member_id", "Đồng ý về dữ liệu"),
)
FILLED = ("birth_date", "birth_precision", "sex", "phone", "email")
NOBODY = ("merged", "erased")
MEMBERSHIPS = "Đơn vị đã qua"


@dataclass(frozen=True)
class Part:
    """Rows of one table: ids that go over and ids that stay."""

    table: Table
    column: str
    label: str
    carried: list[int]
    left: list[int]


def plan(session: Session, kept_id: int, gone_id: int) -> list[Part]:
    """What would be carried over and what cannot be, table by table; tables without a row are left out."""
    parts = [_part(session, one, kept_id, gone_id) for one in (*OWN, *hooks.results)]
    parts.append(_memberships(session, kept_id, gone_id))
    for one in hooks.kept_as_history:
        table, column = _table(one)
        ids = list(session.scalars(select(table.c.id).where(table.c[column] == gone_id).order_by(table.c.id)))
        parts.append(Part(table, column, one.label, [], ids))
    return [part for part in parts if part.carried or part.left]


def _table(one: Carried) -> tuple[Table, str]:
    table = one.model.__table__
    assert isinstance(table, Table)
    return table, one.column


def _part(session: Session, one: Carried, kept_id: int, gone_id: int) -> Part:
    table, column = _table(one)
    alone = [table.c[name] for name in one.alone]
    taken = {tuple(row) for row in session.execute(select(*alone).where(table.c[column] == kept_id))} if alone else set()
    carried: list[int] = []
    left: list[int] = []
    for number, *values in session.execute(select(table.c.id, *alone).where(table.c[column] == gone_id).order_by(table.c.id)):
        (left if alone and tuple(values) in taken else carried).append(number)
    return Part(table, column, one.label, carried, left)


def _memberships(session: Session, kept_id: int, gone_id: int) -> Part:
    """Where the duplicate belonged before goes over; where it belongs now stays, or the person would belong twice."""
    table = Membership.__table__
    assert isinstance(table, Table)
    query = select(Membership.unit_id, Membership.valid_from).where(Membership.member_id == kept_id)
    taken = {tuple(row) for row in session.execute(query)}
    carried: list[int] = []
    left: list[int] = []
    for one in session.scalars(select(Membership).where(Membership.member_id == gone_id).order_by(Membership.id)):
        stays = one.valid_to is None or (one.unit_id, one.valid_from) in taken
        (left if stays else carried).append(one.id)
    return Part(table, "member_id", MEMBERSHIPS, carried, left)


def check_merge(session: Session, kept_id: int, gone_id: int) -> None:
    """Raise DomainError where the two cannot be made one."""
    kept, gone = session.get_one(Member, kept_id), session.get_one(Member, gone_id)
    if kept_id == gone_id:
        raise InvalidInput("same", "Hãy chọn hai hồ sơ khác nhau.")
    if kept.status in NOBODY or gone.status in NOBODY:
        raise DomainError("record_closed", "Một trong hai hồ sơ đã gộp hoặc đã xoá.")
    numbers = set(
        session.scalars(
            select(MemberSensitive.national_id).where(
                MemberSensitive.member_id.in_((kept_id, gone_id)), MemberSensitive.national_id.is_not(None)
            )
        )
    )
    if len(numbers) > 1:
        raise DomainError("two_people", "Hai hồ sơ có hai số định danh khác nhau. Nếu một số ghi sai, hãy sửa trước rồi gộp.")


def preview(kept_id: int, gone_id: int) -> list[Part]:
    """What `merge` would carry over. Raises DomainError where it would refuse."""
    check_merge(db.session(), kept_id, gone_id)
    return plan(db.session(), kept_id, gone_id)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def merge(actor: tuple[int, str], kept_id: int, gone_id: int, reason: str, now: datetime) -> int:
    """Make two records one; returns the merger's id. Raises DomainError."""
    with transaction() as session:
        check_merge(session, kept_id, gone_id)
        kept, gone = session.get_one(Member, kept_id), session.get_one(Member, gone_id)
        parts = plan(session, kept_id, gone_id)
        for part in parts:
            _hand_over(session, part.table, part.column, part.carried, gone_id, kept_id)
        filled = _fill(kept, gone)
        moves_sensitive = _hand_sensitive(session, gone_id, kept_id)
        before = {
            "gone": {"status": gone.status},
            "filled": {field: [_plain(old), _plain(new)] for field, (old, new) in filled.items()},
            "sensitive": moves_sensitive,
        }
        one = MemberMerge(
            kept_id=kept_id, gone_id=gone_id, reason=reason[:300], made_at=now, made_by_id=actor[0], before=before,
            carried={part.table.name: part.carried for part in parts if part.carried},
            left={part.table.name: part.left for part in parts if part.left},
        )  # fmt: skip
        session.add(one)
        gone.status, gone.merged_into_id = "merged", kept_id
        end_sessions(session, gone_id, now)
        session.flush()
        for follow in hooks.after_merge:
            follow(session, gone_id, kept_id)
        record(
            session, now, actor, "merge_members", ("member", kept_id, kept.display_name), before={"gone_id": gone_id, "code": gone.code},
            after={"carried": {name: len(ids) for name, ids in one.carried.items()}}, reason=reason, concerns=(kept_id, gone_id),
        )  # fmt: skip
        return one.id


def _hand_over(session: Session, table: Table, column: str, ids: list[int], giver: int, taker: int) -> int:
    count = 0
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        statement = update(table).where(table.c.id.in_(some), table.c[column] == giver).values({column: taker})
        count += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return count


def _fill(kept: Member, gone: Member) -> dict[str, tuple[Any, Any]]:
    """Take over what only the duplicate knows."""
    filled: dict[str, tuple[Any, Any]] = {}
    for field in FILLED:
        old, new = getattr(kept, field), getattr(gone, field)
        if not old and new and (field != "birth_precision" or "birth_date" in filled):
            filled[field] = (old, new)
            setattr(kept, field, new)
    return filled


def _hand_sensitive(session: Session, giver: int, taker: int) -> bool:
    """The one row of sensitive columns goes over where the taker has none; returns whether it did."""
    count = select(func.count()).select_from(MemberSensitive)
    if session.scalar(count.where(MemberSensitive.member_id == taker)):
        return False
    table = MemberSensitive.__table__
    return bool(session.execute(update(table).where(table.c.member_id == giver).values(member_id=taker)).rowcount)  # type: ignore[arg-type, attr-defined]


def undo_merge(actor: tuple[int, str], merge_id: int, reason: str, now: datetime) -> None:
    """Carry everything back to the duplicate, which is a record of its own again. Raises DomainError."""
    with transaction() as session:
        one = session.get_one(MemberMerge, merge_id)
        kept, gone = session.get_one(Member, one.kept_id), session.get_one(Member, one.gone_id)
        if one.undone_at is not None:
            raise DomainError("undone", "Lần gộp này đã được hoàn tác.")
        if kept.status in NOBODY or gone.status != "merged":
            raise DomainError("record_closed", "Một trong hai hồ sơ đã được gộp tiếp hoặc đã xoá, nên không hoàn tác được.")
        tables = _tables()
        for name, ids in one.carried.items():
            table, column = tables[name]
            _hand_over(session, table, column, ids, one.kept_id, one.gone_id)
        for follow in hooks.after_merge:
            follow(session, one.kept_id, one.gone_id)
        for field, (old, new) in one.before["filled"].items():
            if _plain(getattr(kept, field)) == new:
                setattr(kept, field, date.fromisoformat(old) if field == "birth_date" and old else old)
        if one.before["sensitive"]:
            _hand_sensitive(session, one.kept_id, one.gone_id)
        gone.status, gone.merged_into_id, one.undone_at = one.before["gone"]["status"], None, now
        record(
            session, now, actor, "undo_merge", ("member", one.kept_id, kept.display_name), after={"gone_id": one.gone_id}, reason=reason,
            concerns=(one.kept_id, one.gone_id),
        )  # fmt: skip


def _tables() -> dict[str, tuple[Table, str]]:
    membership = Membership.__table__
    assert isinstance(membership, Table)
    found = {"memberships": (membership, "member_id")}
    for one in (*OWN, *hooks.results):
        table, column = _table(one)
        found[table.name] = (table, column)
    return found


def tell_apart(actor: tuple[int, str], first_id: int, second_id: int, now: datetime) -> None:
    """Note that two records are two people, so that they are not offered again."""
    first, second = sorted((first_id, second_id))
    with transaction() as session:
        if session.get(DuplicateVerdict, (first, second)) is not None:
            return
        session.execute(insert(DuplicateVerdict).values(first_id=first, second_id=second, decided_at=now, decided_by_id=actor[0]))
        name = session.get_one(Member, first).display_name
        record(session, now, actor, "tell_apart", ("member", first, name), after={"other_id": second}, concerns=(first, second))
