"""A bank of the province, and hands to import into it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.library.models import Document
from elearn.questions.models import Bank, Question, QuestionImport, QuestionImportRow
from elearn.questions.rules.exchange import Draft
from elearn.questions.services import put_drafts

SOUND = """Câu 1: Đại hội I của Đảng họp ở đâu?
A. Hương Cảng
B. Ma Cao
C. Hà Nội
Đáp án: B

Câu 2: Ai chủ trì hội nghị hợp nhất năm 1930?
A. Trần Phú
B. Nguyễn Ái Quốc
Đáp án: B

Câu 3: Cách mạng tháng Tám thành công năm nào?
A. 1941
B. 1945
C. 1954
Đáp án: B
"""
FAULTY = """Câu 1: Đại hội II của Đảng họp ở đâu?
A. Pác Bó
B. Vinh Quang
C. Tân Trào
Đáp án: B

Câu 2: Ai chủ trì hội nghị hợp nhất năm 1930?
A. Trần Phú
B. Nguyễn Ái Quốc

Câu 3: Cách mạng tháng Tám thành công năm nào?
A. 1945
Đáp án: A
"""


@pytest.fixture
def bank(app: Any) -> Bank:
    with transaction() as session:
        session.add(Bank(code="lich-su", title="Lịch sử Đảng", unit_id=1))
        session.add(Document(key="nq-57", number="57-NQ/TW", kind="Nghị quyết", title="Về đột phá"))
    return db.session.scalar(sa.select(Bank).where(Bank.code == "lich-su"))


def put(bank: Bank, *drafts: Draft, status: str = "draft", author: int | None = 7) -> list[str]:
    """Codes of questions that stand in the bank from now on."""
    with transaction() as session:
        ids = put_drafts(session, session.get(Bank, bank.id), drafts, author, clock.now(), status)
        return [session.get(Question, number).code for number in ids]


class Hands:
    """Somebody at the pages of one bank's imports."""

    def __init__(self, client: Any, code: str = "lich-su") -> None:
        self.client, self.code = client, code
        self.import_id = ""

    @property
    def url(self) -> str:
        return f"/admin/questions/{self.code}/imports"

    def send(self, data: bytes | str, name: str = "cau-hoi.txt", key: str = "") -> Any:
        """Upload a file; where it was taken `import_id` is that of the import."""
        content = data.encode() if isinstance(data, str) else data
        answer = self.client.post(self.url, data={"file": (io.BytesIO(content), name), "format": key})
        found = re.match(r"/admin/.*/imports/([\w-]+)$", answer.headers.get("Location", ""))
        self.import_id = found[1] if found else ""
        return answer

    def open(self, data: bytes | str, name: str = "cau-hoi.txt", key: str = "") -> Hands:
        answer = self.send(data, name, key)
        assert answer.status_code == 302, answer.text
        assert self.import_id
        return self

    def page(self, tail: str = "") -> str:
        answer = self.client.get(f"{self.url}/{self.import_id}{tail}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, tail: str, **data: Any) -> Any:
        return self.client.post(f"{self.url}/{self.import_id}{tail}", data=data)

    def state(self) -> str:
        db.session.rollback()
        return db.session.get(QuestionImport, self.import_id).state

    def rows(self) -> list[QuestionImportRow]:
        db.session.rollback()
        query = sa.select(QuestionImportRow).where(QuestionImportRow.import_id == self.import_id)
        return list(db.session.scalars(query.order_by(QuestionImportRow.place)))

    def questions(self) -> list[Question]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Question).where(Question.import_id == self.import_id).order_by(Question.code)))


@pytest.fixture
def hands(bank: Bank, as_: Any) -> Hands:
    """Yến edits content for the whole province."""
    return Hands(as_("yen"))
