"""The blueprint of the banks and what its pages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from elearn.core import clock
from elearn.core.i18n import gettext
from elearn.lib.periods import local_day
from elearn.members.rules.permissions import may
from elearn.questions import queries
from elearn.questions.models import Bank
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.linting import RULES
from elearn.questions.rules.versions import STATES

blueprint = Blueprint("questions", __name__, template_folder="../templates")
Answer = ResponseReturnValue

STATE_KINDS: Mapping[str, str] = {"draft": "wait", "reviewed": "quiet", "in_use": "done", "retired": "quiet"}
_UNDO = "question_undo"


def today() -> date:
    """The present day where the organisation is."""
    return local_day(clock.now())


def rights(bank: Bank) -> dict[str, bool]:
    """What the reader may do with the bank: its pages offer only that."""
    subject, actor = queries.subject_of(bank), current_user.actor
    may_edit = may(actor, "question.edit", subject)
    return {
        "may_keep": may_edit,
        "may_edit": may_edit and not bank.is_from_files,
        "may_review": may(actor, "question.review", subject),
    }


def offer_undo(bank_id: int, seq: int | None, words: str) -> None:
    """Let the next page of the bank offer the way back from a change."""
    if seq is not None:
        session[_UNDO] = {"bank": bank_id, "seq": seq, "words": words}


def take_undo(bank_id: int) -> dict[str, Any] | None:
    """The way back to offer on this page, once; None where there is none."""
    found = session.get(_UNDO)
    if not isinstance(found, dict) or found.get("bank") != bank_id:
        return None
    session.pop(_UNDO)
    return found


def filter_choices(
    filters: queries.Filters, topics: Sequence[str] = (), categories: Sequence[str] = ()
) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Selects of the filter form: (name, label, words for none, (key, words) …)."""
    author = [("me", gettext("Câu tôi viết"))]
    if filters.author.isdecimal():
        author.append((filters.author, gettext("Người đang lọc")))
    found = [
        ("level", gettext("Mức độ"), gettext("mọi mức độ"), [*((key, gettext(name)) for key, name in LEVELS.items()), ("-", gettext("chưa ghi mức độ"))]),
        ("type", gettext("Loại câu hỏi"), gettext("mọi loại"), [(kind.key, gettext(kind.name)) for kind in queries.TYPES]),
        ("topic", gettext("Chủ đề"), gettext("mọi chủ đề"), [(topic, topic) for topic in topics]),
        ("category", gettext("Chuyên mục"), gettext("mọi chuyên mục"), [*((path, path) for path in categories), ("-", gettext("chưa xếp chuyên mục"))]),
        ("lint", gettext("Điều nên xem lại"), gettext("không lọc"), [("any", gettext("có điều nên xem lại")), *((key, gettext(one.name)) for key, one in RULES.items() if key != "near_duplicate")]),
        ("flag", gettext("Đánh dấu"), gettext("không lọc"), [("expired", gettext("nguồn hết hiệu lực")), ("sent_back", gettext("bị trả lại, chờ người viết"))]),
        ("author", gettext("Người viết"), gettext("mọi người"), author),
    ]  # fmt: skip
    return [
        one
        for one in found
        if one[0] not in ("topic", "category") or (one[0] == "topic" and topics) or (one[0] == "category" and categories)
    ]


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Names that every page of questions uses."""
    return {"levels": LEVELS, "states": STATES, "state_kinds": STATE_KINDS, "types": queries.TYPES, "lint_rules": RULES}
