"""What the library offers to others: bulletins to be read, reading files in the background, what becomes of a person's rows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select

from elearn.core.contributions import Contributions, Task
from elearn.core.db import db
from elearn.core.i18n import gettext
from elearn.jobs.hooks import Tell, works
from elearn.lib.periods import from_local, local_day
from elearn.library.models import Document, DocumentReceipt
from elearn.library.queries.receipts import list_unread
from elearn.library.services.texts import read_kept
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor

RECEIPTS = member_hooks.Carried(DocumentReceipt, "member_id", "Bản tin đã đọc", ("document_id",))
ASKED_FOR = timedelta(days=60)


def wire(app: Flask) -> None:
    """Fill the hooks of jobs and members and the tasks of learners."""
    works["library_read"] = read_file
    member_hooks.add(member_hooks.results, RECEIPTS)
    member_hooks.add(member_hooks.own_data, own_data)
    offered: Contributions = app.extensions["contributions"]
    offered.tasks.append(bulletins_to_read)


def read_file(arguments: Any, tell: Tell) -> Any:
    """Read a long file in the background."""
    return read_kept(arguments["file"], tell)


def bulletins_to_read(actor: Actor, now: datetime) -> list[Task]:
    """Bulletins of the last two months that the person is asked to read, until their last day: after it the unit reminds."""
    return [
        Task(
            title=gettext("Đọc: %(title)s", title=document.title),
            detail=document.unit.short_name if document.unit else "",
            action=gettext("Đọc"),
            url=url_for("library.show", key=document.key),
            due_at=from_local(datetime.combine(document.read_by, time(23, 59))) if document.read_by else None,
        )
        for document in list_unread(actor.member_id, actor.unit_path, now - ASKED_FOR, local_day(now))
    ]


def own_data(member_id: int) -> dict[str, Any]:
    """Bulletins that a person said they have read, for the export of their own data."""
    query = select(Document.title, DocumentReceipt.read_at).join(Document, Document.id == DocumentReceipt.document_id)
    rows = db.session.execute(query.where(DocumentReceipt.member_id == member_id).order_by(DocumentReceipt.id))
    return {"bulletins_read": [{"title": title, "read_at": read_at.isoformat()} for title, read_at in rows]}
