"""Lists narrowed by words and filters, in the address and in Excel; the quick ways of the database find the same."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
import sqlalchemy as sa

from elearn.audit.models import AuditEntry
from elearn.core import clock
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.questions import hooks, queries
from elearn.questions.hooks import Performance
from elearn.questions.queries import Filters, finding
from tests.questions.banked import PHUOC, YEN, draft, make_bank, make_documents, put

TRUTH = {"answer": True}


@pytest.fixture
def bank(app):
    number = make_bank()
    make_documents()
    put(
        "mot",
        draft(
            code="a1",
            topic="Đại hội I",
            level="nhan_biet",
            category="Sử / Đại hội",
            tags=["Khó"],
            document="nq-57",
            explanation="Vì",
        ),
        draft(
            code="a2",
            text="Đường Kách mệnh ra năm nào?",
            topic="Tác phẩm",
            level="van_dung",
            category="Sử",
            document="nq-52",
            explanation="Vì",
        ),
        draft(
            code="a3",
            type="true_false",
            text="Bác sinh năm 1890 (một-tám-chín-không).",
            body=TRUTH,
            source="Báo",
            valid_to=date(2020, 1, 1),
        ),
        status="in_use",
    )
    put("mot", draft(code="b1", text="Nguyên tắc “tập trung dân chủ”?", tags=["khó", "điều lệ"]), author=PHUOC)
    put("mot", draft(code="c1", text="Câu cũ đã bỏ, về Nghị quyết.", document="nq-52"), status="retired")
    return number


CASES = [
    ("", {"a1", "a2", "a3", "b1", "c1"}), ("q=duong+kach", {"a2"}), ("q=DAI+HOI", {"a1"}), ("q=kach+menh+nao", {"a2"}), ("q=ma+ca", {"a1", "a2", "b1", "c1"}),
    ("q=tap", {"b1"}), ("q=tam+chin", {"a3"}), ("q=1890", {"a3"}), ("q=890", set()), ("q=a2", {"a2"}), ("q=kho", {"a1", "a3", "b1"}), ("q=%25", set()),
    ("level=van_dung", {"a2"}), ("level=-", {"a3", "b1", "c1"}), ("topic=Tác+phẩm", {"a2"}), ("status=draft", {"b1"}), ("type=true_false", {"a3"}),
    ("type=essay", set()), ("category=Sử", {"a1", "a2"}), ("category=Sử+/+Đại+hội", {"a1"}), ("category=-", {"a3", "b1", "c1"}), ("category=S", set()),
    ("tag=KHÓ", {"a1", "b1"}), ("tag=dieu+le", {"b1"}), ("author=me", {"a1", "a2", "a3", "c1"}), (f"author={PHUOC}", {"b1"}), ("author=x", set()),
    ("document=nq-52", {"a2", "c1"}), ("flag=expired", {"a2", "a3"}), ("lint=expired_source", {"a2", "a3"}), ("lint=missing_source", {"b1"}),
    ("lint=any", {"a3", "b1", "c1"}), ("lint=khac", set()), ("flag=sent_back", set()), ("q=duong&level=nhan_biet", set()), ("q=ho&status=in_use", {"a1"}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "codes"), CASES)
def test_it_finds_by_words_and_filters(bank, as_, query, codes):
    page = as_("yen").get(f"/admin/questions/mot?{query}").get_data(as_text=True)
    assert {code for code in ("a1", "a2", "a3", "b1", "c1") if f'/admin/questions/mot/{code}"' in page} == codes


@pytest.mark.parametrize(("few", "many"), [(0, 0), (0, 100), (100, 100)])
@pytest.mark.parametrize(("query", "codes"), CASES)
def test_it_finds_the_same_whichever_way_is_quickest(bank, monkeypatch, query, codes, few, many):
    monkeypatch.setattr(finding, "FEW", few)
    monkeypatch.setattr(finding, "MANY", many)
    asked = {
        name: value.replace("+", " ").replace("%25", "%") for name, _, value in (part.partition("=") for part in query.split("&"))
    }
    page = queries.page_of_questions([bank], Filters.read(asked), 1, local_day(clock.now()), YEN)
    assert [question.code for question in page.items] == sorted(codes)


def test_it_looks_only_into_the_banks_asked(bank):
    other = make_bank("hai")
    put("hai", draft(code="h1"))
    for filters in (Filters(), Filters(q="dai hoi"), Filters(lint="any"), Filters(tag="khó")):
        page = queries.page_of_questions([other], filters, 1, local_day(clock.now()))
        assert {question.code for question in page.items} <= {"h1"}


def test_it_pages_and_says_when_there_is_more_than_it_counts(bank, as_, monkeypatch):
    put("mot", *(draft(text=f"Câu số {number} trong loạt?") for number in range(60)))
    page = as_("yen").get("/admin/questions/mot?q=loat&page=3").get_data(as_text=True)
    assert "60 câu" in page
    assert "51" in page
    monkeypatch.setattr(finding, "MOST_COUNTED", 30)
    assert "Hơn 30 câu" in as_("yen").get("/admin/questions/mot?q=loat").get_data(as_text=True)


def test_it_keeps_the_filters_in_every_address(bank, as_):
    page = as_("yen").get("/admin/questions/mot?level=van_dung&q=duong").get_data(as_text=True)
    assert "/admin/questions/mot?q=duong&amp;level=van_dung&amp;status=draft" in page
    assert "/admin/questions/mot/list.xlsx?q=duong&amp;level=van_dung" in page


def test_it_finds_in_all_banks_that_one_may_open(bank, as_):
    make_bank("rieng", 2)
    put("rieng", draft(code="r1"))
    page = as_("yen").get("/admin/questions/all?q=dai+hoi").get_data(as_text=True)
    assert "/admin/questions/mot/a1" in page
    assert "/admin/questions/rieng/r1" in page
    assert as_("hanh").get("/admin/questions/all").status_code == 403


def test_it_goes_out_as_excel_with_its_key_and_is_recorded(bank, as_, monkeypatch):
    monkeypatch.setattr(
        hooks, "performances", [lambda ids: {number: Performance(12, Decimal("0.75"), Decimal("0.4")) for number in ids[:1]}]
    )
    answer = as_("yen").get("/admin/questions/mot/list.xlsx?status=in_use")
    rows = python_calamine.load_workbook(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    head = next(index for index, row in enumerate(rows) if row and row[0] == "Mã")
    table = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
    assert [row["Mã"] for row in table] == ["a1", "a2", "a3"]
    assert table[0]["Đáp án"] == "A. Ma Cao"
    assert table[0]["Người viết"] == "Bùi Ngọc Yến"
    assert (table[0]["Lượt làm"], table[0]["Tỉ lệ đúng"]) == (12, 0.75)
    assert table[1]["Nguồn"] == "Nghị quyết 52-NQ/TW"
    db.session.rollback()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "export_list")).one()
    assert entry.detail.after == {"rows": 3, "status": "in_use"}


def test_it_flags_a_document_that_was_replaced(bank, as_):
    page = as_("yen").get("/admin/questions/mot/a2").get_data(as_text=True)
    assert "thay thế bởi" in page
    assert "Văn bản đã hết hiệu lực" in as_("yen").get("/admin/questions/mot?flag=expired").get_data(as_text=True)
    assert "Đối chiếu 2 câu hỏi có nguồn hết hiệu lực" in as_("yen").get("/admin").get_data(as_text=True)
