"""The contract of reports: each has a name, a page, Excel, Word, CSV and print, an entry in the list, and says why where it has nothing."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from elearn.audit.models import AuditEntry
from elearn.members.rules.permissions import PERMISSIONS
from elearn.reports.queries import REPORTS
from tests.reports.makers import MAKERS

LATER = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
EVERY = [report.key for report in REPORTS]


@pytest.fixture(autouse=True)
def at_the_hour():
    with time_machine.travel(LATER, tick=False):
        yield


def test_it_makes_facts_for_every_report():
    assert sorted(MAKERS) == sorted(EVERY)


@pytest.mark.parametrize("key", EVERY)
def test_it_names_itself(key):
    report = REPORTS[key]
    assert report.key == key
    assert report.permission in PERMISSIONS
    assert all((report.name, report.about, report.empty))
    assert all(choice.label for choice in report.choices)


@pytest.mark.parametrize("key", EVERY)
def test_it_says_why_there_is_nothing(app, as_, key):
    client = as_(MAKERS[key].officer)
    page = client.get(f"/admin/reports/{key}")
    assert page.status_code == 200
    assert "Chưa có số liệu cho báo cáo này" in page.get_data(as_text=True)
    assert client.get(f"/admin/reports/{key}.xlsx").status_code == 404


@pytest.mark.parametrize("key", EVERY)
def test_it_has_a_page_and_files_that_say_the_same(app, as_, session, key):
    maker = MAKERS[key]
    maker.make()
    client = as_(maker.officer)
    assert f"/admin/reports/{key}" in client.get("/admin/reports").get_data(as_text=True)
    page = client.get(f"/admin/reports/{key}").get_data(as_text=True)
    for words in maker.says:
        assert words in page
    assert "data-print" in page
    asked = {"unit": "999999", "round": "x", "year": "-1"}
    assert client.get(f"/admin/reports/{key}", query_string=asked).status_code == 200, "what cannot be chosen is passed over"

    word = docx.Document(io.BytesIO(client.get(f"/admin/reports/{key}.docx").data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    told = "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])
    for words in maker.says:
        assert words in told
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/admin/reports/{key}.xlsx").data))
    cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    for words in maker.says:
        assert any(words in cell for cell in cells), words
    raw = client.get(f"/admin/reports/{key}.csv").data
    assert raw.startswith(b"\xef\xbb\xbf")
    first = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert raw.decode("utf-8-sig").splitlines()[0].split(",")[0] in [str(row[0]) for row in first if row]
    exports = (
        select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "export_list", AuditEntry.subject_kind == "report")
    )
    assert session.scalar(exports) == 3
    assert client.get(f"/admin/reports/{key}.exe").status_code == 404


@pytest.mark.parametrize("key", EVERY)
def test_it_is_closed_to_who_may_not_see_it(app, as_, key):
    assert as_("hanh").get(f"/admin/reports/{key}").status_code == 403
    assert as_("nga").get(f"/admin/reports/{key}").status_code == 403
    maker = MAKERS[key]
    maker.make()
    page = as_("thuan").get(f"/admin/reports/{key}")
    if page.status_code == 200:
        assert "Khu phố 5" not in page.get_data(as_text=True), "another commune's"
