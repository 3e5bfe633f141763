"""A bank with a few questions, for tests that are not about making them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.library.models import Document
from elearn.questions.models import Bank, Question
from elearn.questions.rules.exchange import Draft
from elearn.questions.services import put_drafts

YEN, PHUOC, KIEN = 7, 8, 4
OPTIONS = {"options": [{"text": "Ma Cao", "right": True}, {"text": "Hương Cảng"}, {"text": "Hà Nội"}]}


def draft(**more: Any) -> Draft:
    """A sound draft."""
    return Draft(**{"type": "single_choice", "text": "Đại hội I của Đảng họp ở đâu?", "body": OPTIONS, **more})


def make_bank(code: str = "mot", unit_id: int = 1, **more: Any) -> int:
    """A bank; its id."""
    with transaction() as session:
        bank = Bank(code=code, title=f"Ngân hàng {code}", unit_id=unit_id, **more)
        session.add(bank)
        session.flush()
        return bank.id


def put(code: str, *drafts: Draft, author: int | None = YEN, status: str = "draft") -> list[str]:
    """Put drafts into the bank; the codes of the questions."""
    with transaction() as session:
        bank = session.scalars(sa.select(Bank).where(Bank.code == code)).one()
        ids = put_drafts(session, bank, drafts, author, clock.now(), status=status)
        return [session.get_one(Question, number).code for number in ids]


def make_documents() -> None:
    """A document in force and one that it replaced."""
    with transaction() as session:
        new = Document(key="nq-57", number="57-NQ/TW", kind="Nghị quyết", title="Về đột phá")
        session.add(new)
        session.flush()
        session.add(Document(key="nq-52", number="52-NQ/TW", kind="Nghị quyết", title="Về cách mạng", superseded_by_id=new.id))


def question(code: str) -> Question:
    """The question as it stands now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Question).where(Question.code == code)).one()
