"""A member says that they have read a bulletin; those who have not are reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from elearn.core.db import transaction
from elearn.core.i18n import gettext
from elearn.library.models import Document, DocumentReceipt
from elearn.notices.services import Sent, begin_bulk, notify
from elearn.notices.services.sending import MOST_AT_ONCE

AT_MOST_EVERY = timedelta(days=2)


def confirm_read(member_id: int, unit_id: int, document_id: int, now: datetime) -> None:
    """Write down that the member has read it; pressing twice changes nothing."""
    with transaction() as session:
        same = (DocumentReceipt.document_id == document_id, DocumentReceipt.member_id == member_id)
        if session.scalar(select(DocumentReceipt.id).where(*same)) is None:
            session.add(DocumentReceipt(document_id=document_id, member_id=member_id, unit_id=unit_id, read_at=now))


def remind(actor: tuple[int, str], document: Document, members: Sequence[int], url: str, now: datetime) -> Sent | str:
    """Remind those members; the id of a job instead of the outcome where they are very many."""
    title = gettext("Mời đọc %(name)s", name=document.title)[:200]
    body = gettext("Đồng chí chưa xác nhận đã đọc bản tin này. Đọc xong, xin bấm “Đã đọc” ở cuối trang.")
    if len(members) > MOST_AT_ONCE:
        return begin_bulk(actor, "document", document.id, members, title, body, url, now, AT_MOST_EVERY)
    document_id = document.id
    with transaction() as session:
        return notify(session, actor, "document", document_id, members, title, body, url, now, AT_MOST_EVERY)
