"""How long each kind of data is kept: what is past its time today, and its removal in small steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import Model, db, transaction
from elearn.jobs.models import Job
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local_day
from elearn.members.models import Import, ImportRow, InitialCode, RetentionPeriod, SignInFailure, SignInSession

CHUNK = 1000


@dataclass(frozen=True)
class Retained:
    """A kind of data that goes when it is old: rows of `model` for which `is_past(moment)` holds. `days` is the default; None: kept.

    `remove` is called with the ids of such rows where more must go than the rows themselves; afterwards `is_past` holds for none of them.
    """

    key: str
    title: str
    why: str
    days: int | None
    model: type[Model] | None = None
    is_past: Callable[[datetime], ColumnElement[bool]] | None = None
    remove: Callable[[Session, Sequence[int], datetime], None] | None = None


def _ended_imports(before: datetime) -> ColumnElement[bool]:
    ended = select(Import.id).where(Import.state.in_(("applied", "undone", "cancelled", "failed")), Import.made_at < before)
    return ImportRow.import_id.in_(ended)


KINDS: list[Retained] = [
    Retained("sign_in_failures", "Lần đăng nhập sai", "Để chặn dò mật khẩu.", 1, SignInFailure, lambda before: SignInFailure.at < before),
    Retained(
        "sign_in_sessions", "Phiên đăng nhập đã hết", "Để người dùng thấy thiết bị lạ.", 90, SignInSession,
        lambda before: or_(SignInSession.ended_at < before, SignInSession.expires_at < before),
    ),
    Retained(
        "initial_codes", "Mã trên phiếu đăng nhập", "Để đăng nhập lần đầu.", 30, InitialCode, lambda before: InitialCode.expires_at < before
    ),
    Retained(
        "import_rows", "Dòng của các lần nhập danh sách", "Để hoàn tác và tra kết quả từng dòng.", 90, ImportRow, _ended_imports
    ),
    Retained("jobs", "Việc chạy nền đã xong", "Để xem lại kết quả.", 30, Job, lambda before: Job.finished_at < before),
    Retained("audit", "Nhật ký", "Bằng chứng về mọi thay đổi; nội dung của người đã xoá dữ liệu được làm trống.", None),
    Retained("attempts", "Bài làm và kết quả", "Để tính lại kết quả và trả lời khiếu nại; gỡ tên khi người đó xoá dữ liệu.", None),
    Retained("consents", "Câu trả lời đồng ý", "Bằng chứng của sự đồng ý.", None),
]  # fmt: skip
"""Every kind of personal data held, in the order of the report."""


@dataclass(frozen=True)
class Due:
    """One line of the report: a kind, its period in force, how many rows are past it."""

    kind: Retained
    days: int | None
    reason: str
    past: int


def report(now: datetime) -> list[Due]:
    """What would be removed today; nothing is."""
    set_by = {row.kind: row for row in db.session.scalars(select(RetentionPeriod))}
    found = []
    for kind in KINDS:
        days = set_by[kind.key].days if kind.key in set_by and kind.model else kind.days
        found.append(Due(kind, days, set_by[kind.key].reason if kind.key in set_by else "", _count(kind, days, now)))
    return found


def _count(kind: Retained, days: int | None, now: datetime) -> int:
    if days is None or kind.model is None or kind.is_past is None:
        return 0
    return db.session.scalar(select(func.count()).select_from(kind.model).where(kind.is_past(now - timedelta(days=days)))) or 0


def days_of(key: str) -> int | None:
    """Days for which a kind of data is kept, as set or by default; None: for ever."""
    kind = next(one for one in KINDS if one.key == key)
    row = db.session.get(RetentionPeriod, key)
    return row.days if row and kind.model else kind.days


def set_period(actor: tuple[int, str], key: str, days: int, reason: str, now: datetime) -> None:
    """Keep a kind of data for so many days. Raises InvalidInput for one that is always kept, or for nonsense."""
    kind = next((one for one in KINDS if one.key == key and one.model), None)
    if kind is None:
        raise InvalidInput("no_kind", "Loại dữ liệu này không đặt thời hạn được.", "days")
    if not 1 <= days <= 36_500:
        raise InvalidInput("days", "Hãy ghi số ngày từ 1 đến 36.500.", "days")
    if len(reason.strip()) < 5:
        raise InvalidInput("reason", "Hãy ghi rõ hơn một chút, ít nhất 5 ký tự.", "reason")
    with transaction() as session:
        row = session.get(RetentionPeriod, key)
        before = row.days if row else kind.days
        if row is None:
            row = RetentionPeriod(kind=key)
            session.add(row)
        row.days, row.reason, row.set_on, row.set_by_id = days, reason.strip()[:300], local_day(now), actor[0]
        record(
            session,
            now,
            actor,
            "set_retention",
            ("retention", key, kind.title),
            before={"days": before},
            after={"days": days},
            reason=reason,
        )


def run(actor: tuple[int | None, str], now: datetime, folder: Path) -> dict[str, int]:
    """Remove what is past its time, in chunks; returns how many rows of each kind went."""
    removed: dict[str, int] = {}
    for due in report(now):
        if not due.past or due.days is None or due.kind.model is None or due.kind.is_past is None:
            continue
        condition = due.kind.is_past(now - timedelta(days=due.days))
        gone = 0
        while True:
            with transaction() as session:
                count = _remove_chunk(session, due.kind, due.kind.model, condition, now)
            if not count:
                break
            gone += count
        removed[due.kind.key] = gone
    _remove_files(folder)
    if removed:
        with transaction() as session:
            record(session, now, actor, "run_retention", ("retention", "all", "Dữ liệu hết hạn lưu"), after=removed)
    return removed


def _remove_chunk(session: Session, kind: Retained, model: type[Model], condition: ColumnElement[bool], now: datetime) -> int:
    key: Any = next(iter(model.__table__.primary_key))  # type: ignore[attr-defined]
    ids = session.scalars(select(key).where(condition).limit(CHUNK)).all()
    if ids and kind.remove:
        kind.remove(session, ids, now)
    elif ids:
        session.execute(delete(model).where(key.in_(ids)))
    return len(ids)


def _remove_files(folder: Path) -> None:
    """Files of imports that are over."""
    open_ids = set(db.session.scalars(select(Import.id).where(Import.state.in_(("mapping", "staging", "ready", "applying")))).all())
    for path in (folder / "imports").glob("*.bin"):
        if path.stem.isdecimal() and int(path.stem) not in open_ids:
            path.unlink(missing_ok=True)
