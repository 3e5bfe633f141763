"""What questions offer to features below: work on files in the background, and what waits for an officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for

from elearn.core import clock
from elearn.core.contributions import Contributions, Decision
from elearn.core.i18n import gettext, ngettext
from elearn.jobs.hooks import Tell, works
from elearn.lib.periods import local_day
from elearn.library import hooks as library_hooks
from elearn.library.models import Document
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor, may_anywhere
from elearn.questions import queries
from elearn.questions.queries.banks import count_citing
from elearn.questions.services import importing


def wire(app: Flask) -> None:
    """Register the work, and the decisions."""
    works.update(questions_read=read_file, questions_apply=apply_import, questions_undo=undo_import)
    member_hooks.add(library_hooks.uses, questions_that_cite)
    offered: Contributions = app.extensions["contributions"]
    offered.decisions.append(questions_to_decide)


def questions_that_cite(document: Document) -> list[library_hooks.Use]:
    """How many questions rest on the document, as one line that leads to them."""
    count = count_citing(document.id)
    if not count:
        return []
    words = ngettext("%(num)s câu hỏi dẫn tài liệu này", "%(num)s câu hỏi dẫn tài liệu này", count)
    return [library_hooks.Use(words, url_for("questions.all_questions", document=document.key))]


def read_file(arguments: Any, tell: Tell) -> Any:
    """Read a file that was kept for later."""
    folder = current_app.config["ELEARN"].data_path
    return importing.read_kept(arguments["import"], folder, clock.now(), (arguments["member"], arguments["name"]), tell)


def apply_import(arguments: Any, tell: Tell) -> Any:
    """Write the questions of a long file."""
    return {"questions": importing.apply_import(arguments["import"], (arguments["member"], arguments["name"]), clock.now, tell)}


def undo_import(arguments: Any, tell: Tell) -> Any:
    """Take a long import back."""
    return importing.undo_import(arguments["import"], (arguments["member"], arguments["name"]), clock.now, tell)


def questions_to_decide(actor: Actor, now: datetime) -> list[Decision]:
    """What waits for this person in the banks of their scope."""
    found = []
    if may_anywhere(actor, "question.review"):
        waiting = queries.count_waiting(queries.list_bank_ids(actor, "question.review"), actor.member_id)
        if waiting:
            found.append(
                Decision(
                    ngettext("Thẩm định %(num)s câu hỏi", "Thẩm định %(num)s câu hỏi", waiting),
                    gettext("Bản nháp do người khác viết; thẩm định xong mới đưa vào dùng được."),
                    gettext("Xem các câu"),
                    url_for("questions.all_questions", status="draft"),
                )
            )
    if may_anywhere(actor, "question.edit"):
        own = queries.list_bank_ids(actor, "question.edit")
        returned = queries.count_sent_back(own, actor.member_id)
        if returned:
            found.append(
                Decision(
                    ngettext("Sửa %(num)s câu hỏi bị trả lại", "Sửa %(num)s câu hỏi bị trả lại", returned),
                    gettext("Người thẩm định đã ghi lý do ở từng câu."),
                    gettext("Xem các câu"),
                    url_for("questions.all_questions", flag="sent_back", author="me"),
                )
            )
        expired = queries.count_expired(own, local_day(now))
        if expired:
            found.append(
                Decision(
                    ngettext(
                        "Đối chiếu %(num)s câu hỏi có nguồn hết hiệu lực",
                        "Đối chiếu %(num)s câu hỏi có nguồn hết hiệu lực",
                        expired,
                    ),
                    gettext("Văn bản đã được thay thế hoặc dữ kiện đã quá ngày; sửa câu hoặc ngừng dùng."),
                    gettext("Xem các câu"),
                    url_for("questions.all_questions", flag="expired"),
                )
            )
    return found
