"""Banks: versions that never change, and the officers' pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question, retire_missing

FIRST = QuestionSpec("mot-01", "true_false", "Chủ đề một", "nhan_biet", "Mệnh đề <b>một</b>?", {"answer": True}, "Vì sao", None)
SECOND = replace(FIRST, code="mot-02", topic="Chủ đề hai", level="van_dung", text="Đường Kách mệnh ra năm 1927?")


def put(*specs: QuestionSpec) -> list[str]:
    with transaction() as session:
        bank = put_bank(session, BankSpec("mot", "Ngân hàng một", "Bank one", 1))
        return [put_question(session, bank.id, spec, clock.now()) for spec in specs]


@pytest.fixture
def bank(app):
    put(FIRST, SECOND)


def test_it_makes_then_leaves_then_versions(app):
    assert put(FIRST) == ["created"]
    assert put(FIRST) == ["same"]
    assert put(replace(FIRST, topic="Khác", level="thong_hieu")) == ["same"]
    changed = [{"text": "Câu khác?"}, {"body": {"answer": False}}, {"explanation": "Vì thế"}, {"clause": "Điều 3"}]
    assert [put(replace(FIRST, **change))[0] for change in changed] == ["versioned"] * 4
    texts = db.session.scalars(sa.select(QuestionVersion.text).order_by(QuestionVersion.number)).all()
    assert texts[0] == FIRST.text
    assert len(texts) == 5


def test_it_retires_what_is_missing_and_takes_it_back(bank):
    with transaction() as session:
        assert retire_missing(session, 1, ["mot-01"]) == 1
        assert retire_missing(session, 1, ["mot-01"]) == 0
    assert put(SECOND) == ["same"]
    assert set(db.session.scalars(sa.select(Question.status))) == {"in_use"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"mot-01", "mot-02"}), ("?q=duong+kach", {"mot-02"}), ("?q=MENH+DE", {"mot-01"}), ("?q=khong-co", set()), ("?q=%25", set()),
        ("?level=van_dung", {"mot-02"}), ("?topic=Chủ+đề+một", {"mot-01"}), ("?topic=khác", set()), ("?page=99999", {"mot-01", "mot-02"}),
        ("?page=-1&level=x%00", set()), ("?q=%00duong", {"mot-02"}),
    ],
)  # fmt: skip
def test_it_finds_questions_without_accents_by_level_and_topic(bank, as_, query, found):
    page = as_("yen").get(f"/admin/questions/mot{query}").get_data(as_text=True)
    assert {code for code in ("mot-01", "mot-02") if f"/admin/questions/mot/{code}" in page} == found


def test_it_shows_a_question_with_key_and_all_versions(bank, as_):
    put(replace(FIRST, text="Bản hai?"))
    page = as_("phuoc").get("/admin/questions/mot/mot-01").get_data(as_text=True)
    assert "Bản hai?" in page
    assert "Vì sao" in page
    assert "<b>một</b>" not in page


@pytest.mark.parametrize("path", ["", "/mot", "/mot/mot-01"])
def test_it_keeps_banks_from_those_without_the_role(bank, as_, path):
    for name in ("hanh", "dung", "quang", "thuan"):
        assert as_(name).get(f"/admin/questions{path}").status_code == 403
    assert as_("thanh").get(f"/admin/questions{path}").status_code == 200
    assert as_("yen").post(f"/admin/questions{path}").status_code == 405


@pytest.mark.parametrize("path", ["khong-co", "khong-co/mot-01", "mot/khong-co"])
def test_it_knows_only_what_is_there(bank, as_, path):
    assert as_("yen").get(f"/admin/questions/{path}").status_code == 404
