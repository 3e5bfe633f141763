"""What was previewed is written, chunk by chunk: each chunk and the state of its rows in one transaction, so that it is safe to run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import Deed, record, record_many
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Tell
from elearn.lib.periods import local_day
from elearn.members.models import Import, ImportRow, Member, MemberCard, MemberSensitive, Membership, Position
from elearn.members.rules.importing.changes import SENSITIVE, changes_of
from elearn.members.rules.logins import login_key, login_of
from elearn.members.rules.people import person_keys
from elearn.members.services.importing.staging import read_present
from elearn.members.services.importing.writing import RecordWriter, move_member

CHUNK = 500
WRITING = "Đang ghi hồ sơ"
IS_CREATE = or_(ImportRow.action == "create", and_(ImportRow.action == "doubtful", ImportRow.decision == "create"))
IS_CHANGE = or_(ImportRow.action.in_(("update", "move")), and_(ImportRow.action == "doubtful", ImportRow.decision == "match"))
IS_WRITTEN = or_(IS_CREATE, IS_CHANGE)


def apply_import(import_id: int, actor: tuple[int | None, str], now: Callable[[], datetime], tell: Tell) -> dict[str, int]:
    """Write every row that is to be written; returns how many were applied, skipped and failed."""
    written = select(func.count()).select_from(ImportRow).where(ImportRow.import_id == import_id, IS_WRITTEN)
    total = db.session.scalar(written) or 0
    done, after = total - (db.session.scalar(written.where(ImportRow.state == "staged")) or 0), 0
    with transaction() as session:
        one = session.get_one(Import, import_id)
        one.state = "applying" if one.state == "ready" else one.state
    while True:
        tell(WRITING, done, total)
        with transaction() as session:
            places = _apply_chunk(session, import_id, after, actor, now())
        if not places:
            break
        done, after = done + len(places), places[-1]
    with transaction() as session:
        return _finish(session, import_id, actor, now())


def _apply_chunk(session: Session, import_id: int, after: int, actor: tuple[int | None, str], now: datetime) -> list[int]:
    """One chunk behind the place `after`; returns the places written.

    It is read anew inside its transaction: rows that another run has written meanwhile are not there any more.
    """
    query = select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.place > after, IS_WRITTEN, ImportRow.state == "staged"
    )
    rows = session.scalars(query.order_by(ImportRow.place).limit(CHUNK)).all()
    if not rows:
        return []
    places, decision = [row.place for row in rows], session.get_one(Import, import_id).decision
    taken = taken_numbers(session, rows)
    creates, changes, fates = [], [], []
    for row in rows:
        clash = _clash(row, taken)
        if clash:
            fates.append(_fate(row, "failed", clash))
        elif row.action == "create" or (row.action == "doubtful" and row.decision == "create"):
            creates.append(row)
        else:
            changes.append(row)
    deeds = _create(session, creates, import_id, decision, now, fates) + _change(session, changes, import_id, decision, now, fates)
    table = ImportRow.__table__
    names = ("state", "outcome", "member_id", "changes", "before")
    statement = (
        update(ImportRow).where(table.c.id == bindparam("row_id")).values({name: bindparam(f"new_{name}") for name in names})
    )
    session.connection().execute(statement, fates)
    record_many(session, now, actor, deeds)
    return places


def _fate(row: ImportRow, state: str, outcome: str = "", **more: Any) -> dict[str, Any]:
    """What is written down of a row once it has been dealt with."""
    told = {"member_id": row.member_id, "changes": row.changes, "before": row.before, **more}
    return {"row_id": row.id, "new_state": state, "new_outcome": outcome, **{f"new_{name}": value for name, value in told.items()}}


def taken_numbers(session: Session, rows: Sequence[ImportRow]) -> dict[tuple[str, str], int]:
    """(field, number) → id of the member who has it already, for the numbers that only one person may have."""
    found: dict[tuple[str, str], int] = {}
    for field, column, key in (
        ("national_id", MemberSensitive.national_id, MemberSensitive.member_id),
        ("card_number", MemberSensitive.card_number, MemberSensitive.member_id),
        ("code", Member.code, Member.id),
        ("login", Member.login_key, Member.id),
    ):
        numbers = {row.values[field] for row in rows if row.values.get(field)}
        numbers = {login_key(one) for one in numbers} if field == "login" else numbers
        if numbers:
            found |= {
                (field, str(number)): owner for number, owner in session.execute(select(column, key).where(column.in_(numbers)))
            }
    return found


_WORDS = {"national_id": "Số định danh", "card_number": "Số thẻ", "code": "Mã", "login": "Tên đăng nhập"}
_CLASH = {
    "national_id": "Số định danh này đã thuộc về một hồ sơ khác.",
    "card_number": "Số thẻ này đã thuộc về một hồ sơ khác.",
    "code": "Mã này đã thuộc về một hồ sơ khác.",
    "login": "Tên đăng nhập này đã thuộc về một hồ sơ khác.",
}


def _clash(row: ImportRow, taken: dict[tuple[str, str], int]) -> str:
    """Why a row cannot be written because of a number that is somebody else's; the row's own numbers become taken."""
    mine = row.member_id or -row.id
    for field, words in _CLASH.items():
        number = row.values.get(field, "")
        number = login_key(number) if field == "login" and number else number
        if number and taken.setdefault((field, number), mine) != mine:
            is_written = field in SENSITIVE or not row.member_id
            if is_written and (field != "national_id" or len(number) == 12):
                return words
    return ""


def _create(
    session: Session, rows: Sequence[ImportRow], import_id: int, decision: str, now: datetime, fates: list[dict[str, Any]]
) -> list[Deed]:
    if not rows:
        return []
    number = (session.scalar(select(func.max(Member.id))) or 0) + 1
    members = []
    for offset, row in enumerate(rows):
        members.append(_member(row, number + offset, now))
    _make_unique(session, members)
    ids = session.scalars(insert(Member).returning(Member.id, sort_by_parameter_order=True), members).all()
    today, origin = local_day(now), f"import:{import_id}"
    stays: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    offices: list[dict[str, Any]] = []
    deeds = []
    for row, member, member_id in zip(rows, members, ids, strict=True):
        values = row.values
        stays.append({"member_id": member_id, "unit_id": row.unit_id, "valid_from": today, "decision": decision, "origin": origin})
        if any(values.get(field) for field in SENSITIVE):
            kept.append({"member_id": member_id, **_sensitive(values)})
        if values.get("card_number"):
            cards.append({"member_id": member_id, "number": values["card_number"], "valid_from": today, "reason": ""})
        if values.get("position"):
            offices.append({"member_id": member_id, "title": values["position"][:200]})
        fates.append(_fate(row, "applied", member_id=member_id))
        after = {"unit_id": row.unit_id, "code": member["code"], "fields": sorted(values)}
        deeds.append(Deed("create_member", ("member", member_id, member["display_name"]), after=after, reason=origin))
    for model, written in ((Membership, stays), (MemberSensitive, kept), (MemberCard, cards), (Position, offices)):
        if written:
            session.execute(insert(model), written)
    return deeds


def _member(row: ImportRow, number: int, now: datetime) -> dict[str, Any]:
    values = row.values
    name = values["full_name"]
    login = values.get("login") or login_of(name, number)
    code = values.get("code") or f"TV{number:06}"
    birth = values.get("birth_date", "")
    keys = person_keys(name, login, code)
    return {
        "code": code, "login": login, "login_key": login_key(login), "display_name": name, "name_key": keys.name_key,
        "search_key": keys.search_key, "birth_date": date.fromisoformat(birth) if birth else None,
        "birth_precision": values.get("birth_precision", "") if birth else "", "sex": values.get("sex", ""),
        "phone": values.get("phone", "")[:20], "email": values.get("email", "")[:120], "kind": values.get("kind", "official"),
        "unit_id": row.unit_id, "status": "active", "password_hash": "", "must_change_password": True, "created_at": now,
    }  # fmt: skip


def _make_unique(session: Session, members: list[dict[str, Any]]) -> None:
    """Give another number to codes and logins of our own making that somebody has already."""
    for field in ("code", "login_key"):
        column = getattr(Member, field)
        wanted = [member[field] for member in members]
        taken = set(session.scalars(select(column).where(column.in_(wanted))).all())
        for member in members:
            turn, first = 1, member[field]
            while member[field] in taken:
                turn += 1
                member[field] = f"{first}-{turn}"
                if session.scalar(select(Member.id).where(column == member[field])) is not None:
                    taken.add(member[field])
            taken.add(member[field])
            if turn > 1 and field == "login_key":
                member["login"] = member[field]
            if turn > 1:
                member["search_key"] = person_keys(member["display_name"], member["login"], member["code"]).search_key


def _sensitive(values: Any) -> dict[str, Any]:
    national_id = values.get("national_id", "")
    return {
        "national_id": national_id if len(national_id) == 12 else None, "card_number": values.get("card_number", "")[:50] or None,
        "ethnicity": values.get("ethnicity", "")[:60], "religion": values.get("religion", "")[:60],
    }  # fmt: skip


def _change(
    session: Session, rows: Sequence[ImportRow], import_id: int, decision: str, now: datetime, fates: list[dict[str, Any]]
) -> list[Deed]:
    present = read_present(session, [row.member_id for row in rows if row.member_id])
    deeds = []
    writer = RecordWriter(session, present, now)
    for row in rows:
        assert row.member_id is not None
        was = present.get(row.member_id)
        seen = {field: old for field, (old, _new) in (row.changes or {}).items()}
        if was is None or any(was[field] not in (old, row.changes[field][1]) for field, old in seen.items()):
            fates.append(_fate(row, "failed", "Hồ sơ đã được người khác sửa sau khi xem trước. Hãy đối chiếu lại."))
            continue
        changes = changes_of(row.values, row.unit_id, was)
        writer.write(row.member_id, {field: new for field, (_old, new) in changes.items()})
        before: dict[str, Any] = {}
        if "unit_id" in changes:
            before = move_member(
                session, row.member_id, int(str(changes["unit_id"][1])), f"import:{import_id}", decision, local_day(now)
            )
        fates.append(_fate(row, "applied", changes=changes, before=before))
        if changes:
            deeds.append(
                Deed(
                    "import_change", ("member", row.member_id, was["full_name"]), before=shown(changes, 0), after=shown(changes, 1),
                    reason=f"import:{import_id}",
                )
            )  # fmt: skip
    writer.flush()
    return deeds


def shown(changes: dict[str, tuple[object, object]], side: int) -> dict[str, object]:
    """One side of changes for the log: sensitive values only as "changed", never in clear."""
    return {field: "•••" if field in SENSITIVE and pair[side] else pair[side] for field, pair in changes.items()}


def _finish(session: Session, import_id: int, actor: tuple[int | None, str], now: datetime) -> dict[str, int]:
    """Close the import: what was not to be written says why; safe to run again."""
    staged = and_(ImportRow.import_id == import_id, ImportRow.state == "staged")
    for condition, state, outcome in (
        (ImportRow.action == "same", "applied", "Không có gì khác với hồ sơ."),
        (ImportRow.action == "faulty", "skipped", "Dòng còn lỗi nên không được nhập."),
        (ImportRow.decision == "skip", "skipped", "Đã chọn bỏ qua."),
        (ImportRow.action == "doubtful", "skipped", "Chưa ai quyết định có phải cùng một người không."),
    ):
        session.execute(update(ImportRow).where(staged, condition).values(state=state, outcome=outcome))
    states = dict(
        session.execute(
            select(ImportRow.state, func.count()).where(ImportRow.import_id == import_id).group_by(ImportRow.state)
        ).all()
    )
    one = session.get_one(Import, import_id)
    if one.state == "applying":
        one.state, one.applied_at = "applied", now
        record(
            session,
            now,
            actor,
            "import_members",
            ("import", import_id, one.file_name),
            after={"rows": states, "counts": one.counts},
        )
    return states
