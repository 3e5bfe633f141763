"""Writing questions on pages: each is one transaction with its line in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError
from elearn.questions.models import Bank, Question
from elearn.questions.rules.exchange import Draft
from elearn.questions.services.banks import Named
from elearn.questions.services.drafts import add_version, put_draft
from elearn.questions.services.media import keep_picture


def create_question(by: Named, bank_id: int, draft: Draft, kept: Mapping[str, str], now: datetime, code: str | None = None) -> str:
    """A new draft question; returns its code. Raises InvalidInput with the field."""
    with transaction() as session:
        bank = session.get_one(Bank, bank_id)
        question = put_draft(session, bank, draft, by[0], now, code=code, kept=kept)
        record(session, now, by, "create_question", ("question", question.id, question.code), after={"bank": bank.code})
        return question.code


def save_question(
    by: Named, question_id: int, draft: Draft, kept: Mapping[str, str], note: str, seen_version: int, now: datetime
) -> int | None:
    """The question as the draft has it; returns the number of the new version, None where only its place changed.

    Raises InvalidInput with the field, DomainError where somebody wrote a version after the one that was seen.
    """
    with transaction() as session:
        question = session.get_one(Question, question_id)
        if question.version_number != seen_version:
            raise DomainError(
                "changed_meanwhile",
                "Người khác đã sửa câu này trong lúc bạn viết. Những gì bạn viết vẫn còn trên trang; hãy mở câu ở thẻ khác để so.",
            )
        was = {"version": question.version_number, "status": question.status}
        version = add_version(session, question, draft, by[0], now, note, kept)
        now_is = {"version": question.version_number, "status": question.status}
        record(session, now, by, "edit_question", ("question", question.id, question.code), before=was, after=now_is, reason=note)
        return version.number if version else None


def upload_picture(by: Named, data: bytes, now: datetime) -> str:
    """Keep an uploaded picture and return its digest. Raises InvalidInput (field "picture")."""
    with transaction() as session:
        return keep_picture(session, data, by[0], now)
