"""Fills the library as its officers would have: a plan, a history in chapters, and two bulletins that many have said they read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from elearn.core.db import transaction
from elearn.demo.rules.readings import CHAPTERS, PLAN, bulletin
from elearn.demo.services.organisation import Known
from elearn.demo.services.writing import insert_all
from elearn.lib.periods import local_day
from elearn.library.models import DocumentReceipt
from elearn.library.rules.shelves import READERS
from elearn.library.services.editing import Entry, publish, save_document, save_volume
from elearn.members.models import Member

SHARES = (0.86, 0.47)
"""Who has read the bulletin of last month, and that of this month."""


def make_library(unit_id: int, editor: Known, luck: random.Random, now: datetime) -> None:
    """Enter everything for the unit at the top; receipts come from its members."""
    actor, today = (editor.id, editor.name), local_day(now)
    issuer = "Ban Tuyên giáo và Dân vận Tỉnh uỷ"
    entered = now - timedelta(days=40)
    plan = Entry(
        unit_id, "paper", "05-KH/TU", "Kế hoạch", "Học tập, quán triệt và thực hiện các nghị quyết năm nay", "Tỉnh uỷ An Sơn",
        today.replace(month=1, day=15), text=PLAN,
    )  # fmt: skip
    _enter(actor, plan, entered)
    summary = "Tài liệu mẫu: địa danh và sự việc trong sách này là giả định."
    volume_id = save_volume(actor, None, unit_id, "Lịch sử Đảng bộ tỉnh An Sơn, tập I", summary, entered)
    for place, (title, text) in enumerate(CHAPTERS, start=1):
        chapter = Entry(unit_id, "chapter", "", "Sách", title, issuer, None, volume_id=volume_id, place=place, text=text)
        _enter(actor, chapter, entered)
    this_month = today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    for month, share in zip((last_month, this_month), SHARES, strict=True):
        title = f"Bản tin sinh hoạt chi bộ tháng {month.month}/{month.year}"
        published = min(now - timedelta(hours=6), now - (today - month) + timedelta(hours=8))
        entry = Entry(
            unit_id, "bulletin", "", "Bản tin", title, issuer, month, read_by=_last_day(month) if month == last_month else today + timedelta(days=6),
            text=bulletin(month),
        )  # fmt: skip
        document_id = _enter(actor, entry, published)
        with transaction() as session:
            insert_all(session.connection(), DocumentReceipt, _receipts(session, document_id, share, luck, published, now))


def _enter(actor: tuple[int, str], entry: Entry, at: datetime) -> int:
    document_id, _ = save_document(actor, None, entry, [], at)
    publish(actor, document_id, at)
    return document_id


def _receipts(
    session: Any, document_id: int, share: float, luck: random.Random, since: datetime, now: datetime
) -> Iterator[dict[str, Any]]:
    query = select(Member.id, Member.unit_id).where(Member.kind.in_(READERS), Member.status == "active").order_by(Member.id)
    for member_id, unit_id in session.execute(query).all():
        # Some units read well, others hardly: that is what the page of receipts is there for.
        if luck.random() < min(1.0, share * (0.55 + (unit_id * 37 % 100) / 100)):
            read_at = since + (now - since) * luck.random()
            yield {"document_id": document_id, "member_id": member_id, "unit_id": unit_id, "read_at": read_at}


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
