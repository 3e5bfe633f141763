"""A bank goes out as a file: what a format cannot say is told before, what it can comes back the same."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from elearn.audit.models import AuditEntry
from elearn.core.db import db
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import FORMATS
from tests.questions.imports.conftest import put

ORDERING = Draft("ordering", "Xếp", {"items": ["một", "hai"]})
CHOICE = Draft(
    "single_choice", "Ở đâu?", {"options": [{"text": "Ma Cao", "right": True}, {"text": "Hà Nội"}]}, level="nhan_biet", code="cau-1"
)
PAGE = "/admin/questions/lich-su/exports"


def test_it_says_beforehand_what_is_left_out(bank, as_):
    put(bank, CHOICE, ORDERING)
    page = as_("yen").get(PAGE).text
    assert "1 câu: Sắp thứ tự (1)" in " ".join(page.split())
    assert page.count("không câu nào") >= 2
    assert f"{PAGE}/json" in page


@pytest.mark.parametrize("form", [form for form in FORMATS if form.writes], ids=lambda form: form.key)
def test_it_gives_a_file_of_every_format_that_comes_back(bank, as_, form):
    put(bank, CHOICE, ORDERING)
    answer = as_("yen").get(f"{PAGE}/{form.key}")
    assert answer.status_code == 200
    assert f"lich-su{form.suffixes[0]}" in answer.headers["Content-Disposition"]
    drafts = form.read(answer.data).drafts
    assert len(drafts) == (2 if "ordering" in form.writes else 1)
    assert drafts[0].type == "single_choice"
    assert db.session.scalar(sa.select(AuditEntry.action)) == "export_list"


def test_it_takes_only_what_the_filters_leave(bank, as_):
    put(bank, CHOICE, ORDERING)
    client = as_("phuoc")
    assert "1 câu" in client.get(f"{PAGE}?level=nhan_biet").text
    drafts = FORMATS["json"].read(client.get(f"{PAGE}/json?level=nhan_biet").data).drafts
    assert [draft.code for draft in drafts] == ["cau-1"]
    assert "Không có câu nào khớp" in client.get(f"{PAGE}?level=van_dung").text


@pytest.mark.parametrize(("name", "status"), [("hanh", 403), ("dung", 403), ("phuoc", 200), ("thanh", 200)])
def test_it_is_for_those_who_may_see_the_bank(bank, as_, name, status):
    put(bank, CHOICE)
    assert as_(name).get(PAGE).status_code == status
    assert as_(name).get(f"{PAGE}/json").status_code == status


def test_it_knows_no_other_formats(bank, as_):
    assert as_("yen").get(f"{PAGE}/wordperfect").status_code == 404
    assert as_("yen").get("/admin/questions/khong-co/exports").status_code == 404
