"""Drafts in and out of a bank: nothing is lost on the way, and a version never changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import InvalidInput
from elearn.library.models import Document
from elearn.questions.models import Bank, Category, Question, QuestionFinding, QuestionSketch, QuestionVersion
from elearn.questions.queries import TYPES, current_versions
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.versions import Content
from elearn.questions.services import add_version, draft_of, put_draft, put_drafts
from tests.questions.test_media import picture

OPTIONS = {"options": [{"text": "Ma Cao", "right": True}, {"text": "Hương Cảng"}, {"text": "Hà Nội"}]}


def draft(**more: object) -> Draft:
    return Draft(**{"type": "single_choice", "text": "Đại hội I của Đảng họp ở đâu?", "body": OPTIONS, **more})


@pytest.fixture
def bank(app):
    with transaction() as session:
        session.add(Bank(code="ngan-hang", title="Ngân hàng", unit_id=1))
        session.add(Document(key="nq-57", number="57-NQ/TW", kind="Nghị quyết", title="Về đột phá"))
    return db.session.scalar(sa.select(Bank))


def put(bank: Bank, *drafts: Draft, author: int | None = 7) -> list[str]:
    with transaction() as session:
        ids = put_drafts(session, session.get(Bank, bank.id), drafts, author, clock.now())
        return [session.get(Question, number).code for number in ids]


def stored(code: str) -> QuestionVersion:
    question = db.session.scalar(sa.select(Question).where(Question.code == code))
    return current_versions([question])[question.id]


FULL = {
    "text": {"text": "<p>Hình nào? <img src='@@PLUGINFILE@@/a.png' alt='Bản đồ'></p>", "format": "html"},
    "name": "Hình", "explanation": {"text": "Vì *thế*", "format": "plain"}, "default_mark": Decimal("2.5"), "code": "cau-1",
    "category": "Lịch sử / Đại hội", "tags": ["khó", "Đại hội"], "topic": "Đại hội I", "level": "thong_hieu", "source": "Nghị quyết 57-NQ/TW",
    "document": "nq-57", "clause": "Điều 3", "as_of": date(2026, 1, 2), "valid_to": date(2027, 1, 1), "extra": {"gift": {"penalty": "0.1"}},
}  # fmt: skip


def test_it_gives_a_draft_back_as_it_came(bank):
    came = draft(**FULL, files={"a.png": picture()})
    assert put(bank, came) == ["cau-1"]
    back = draft_of(stored("cau-1"))
    again = put(bank, back)[0]
    assert again != "cau-1"
    twice = draft_of(stored(again))
    twice.code = came.code
    for name in Draft.__dataclass_fields__:
        assert getattr(twice, name) == (getattr(back, name) if name == "files" else getattr(came, name)), name
    paths = set(db.session.scalars(sa.select(Category.path)))
    assert paths == {"Lịch sử", "Lịch sử / Đại hội"}


@pytest.mark.parametrize("kind", list(TYPES), ids=lambda kind: kind.key)
def test_it_keeps_every_type_with_its_words_to_be_found(bank, kind):
    example = kind.examples[0]
    came = Draft(kind.key, example.text or "Câu thử", dict(example.body))
    if came.type in ("gap_fill", "calculated"):
        came.text = next(one.text for one in kind.examples if one.text)
    code = put(bank, came)[0]
    assert draft_of(stored(code)).body == came.body
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionSketch))
    assert "cau thu" in db.session.scalar(sa.select(Question.search_key)) or came.text != "Câu thử"


def test_it_numbers_questions_after_their_bank_and_takes_wanted_codes_that_are_free(bank):
    codes = put(bank, draft(), draft(code="cau-x"), draft(code="cau-x"), draft(code="có dấu"), draft(code="lint"))
    assert codes == ["ngan-hang-0001", "cau-x", "ngan-hang-0002", "ngan-hang-0003", "ngan-hang-0004"]
    assert put(bank, draft()) == ["ngan-hang-0005"]


def test_it_finds_the_document_that_a_source_in_words_means(bank):
    put(bank, draft(code="a", source="Điều 3, Nghị quyết 57-NQ/TW ngày 22/12/2024"), draft(code="b", source="Báo Nhân Dân, số 57"))
    assert stored("a").document.key == "nq-57"
    assert stored("a").source.startswith("Điều 3")
    assert stored("b").document is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": " "}, "text"), ({"type": "khac"}, "type"), ({"body": {"options": [{"text": "a"}]}}, "body"), ({"level": "cao"}, "level"),
        ({"default_mark": Decimal(-1)}, "default_mark"), ({"source": "x" * 401}, "source"), ({"files": {"a.svg": b"<svg/>"}}, "picture"),
        ({"text": "x" * 100_001}, "text"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_not_sound_and_keeps_nothing(bank, more, field):
    with pytest.raises(InvalidInput) as refusal:
        put(bank, draft(), draft(**more))
    assert refusal.value.field == field
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(Question))


@pytest.mark.parametrize("code", ["có dấu", "lint", "a/b", "", "co-roi"])
def test_it_refuses_a_code_that_was_asked_for_and_cannot_be(bank, code):
    put(bank, draft(code="co-roi"))
    with pytest.raises(InvalidInput) as refusal, transaction() as session:
        put_draft(session, session.get(Bank, bank.id), draft(), 7, clock.now(), code=code)
    assert refusal.value.field == "code"


def edit(code: str, changed: Draft, author: int = 4) -> QuestionVersion | None:
    with transaction() as session:
        question = session.scalar(sa.select(Question).where(Question.code == code))
        return add_version(session, question, changed, author, clock.now(), "Sửa lỗi")


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Khác?"}, {"text": {"text": "Đại hội I của Đảng họp ở đâu?", "format": "plain"}}, {"explanation": "Vì"}, {"name": "Tên"},
        {"default_mark": Decimal(2)}, {"source": "Báo"}, {"clause": "Điều 1"}, {"as_of": date(2026, 1, 1)}, {"valid_to": date(2026, 1, 1)},
        {"extra": {"a": 1}}, {"files": {"a.png": b""}}, {"document": "nq-57"}, {"body": {"options": [*OPTIONS["options"], {"text": "Huế"}]}},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_it_makes_a_version_of_every_change_of_what_is_said(bank, change):
    put(bank, draft(code="cau"))
    first = stored("cau")
    digest = first.digest
    change = {name: {"a.png": picture()} if name == "files" else value for name, value in change.items()}
    assert edit("cau", draft(**change)) is not None
    question = db.session.scalar(sa.select(Question))
    assert (question.version_number, question.status, question.author_id) == (2, "draft", 4)
    assert db.session.scalar(sa.select(QuestionVersion.digest).where(QuestionVersion.number == 1)) == digest


def test_it_makes_no_version_of_a_change_of_place(bank):
    put(bank, draft(code="cau"))
    assert edit("cau", draft(topic="Khác", level="van_dung", tags=["mới"], category="Kệ")) is None
    question = db.session.scalar(sa.select(Question))
    assert (question.topic, question.level, question.category.path, question.version_number) == ("Khác", "van_dung", "Kệ", 1)
    assert [tag.tag for tag in question.tags] == ["mới"]
    assert "moi" in question.search_key


def test_it_keeps_digests_that_were_made_before_there_was_more_to_say():
    said = Content("true_false", "Câu?", {"answer": True}, "Vì", None, "Điều 1")
    assert said.digest() == (
        "5cda436fa511b19d5319db44859b82d0e414a51d4d73b67b278f7aa6a7249e13"  # as the first release wrote it
    )


def test_it_notes_what_the_linter_finds(bank):
    put(bank, draft(code="cau"))
    assert set(db.session.scalars(sa.select(QuestionFinding.rule))) == {"missing_source", "missing_explanation"}
    edit("cau", draft(source="Báo", explanation="Vì"))
    assert not db.session.scalars(sa.select(QuestionFinding.rule)).all()
