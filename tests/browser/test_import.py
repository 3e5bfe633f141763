"""A list of people goes in by real Chromium, on a phone and on a desktop: columns, doubtful pairs side by side, a fault put right, undo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from elearn.core.db import db
from elearn.core.exports.excel import Column, workbook
from elearn.members.models import Member
from elearn.units.models import Unit, UnitKind
from tests.browser.conftest import Visitor
from tests.browser.test_journeys import behind

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ELEARN_TEST_PICTURES", "")


def see(visitor: Visitor, name: str) -> None:
    """Examine the page, and keep a picture of it where a folder for them is named."""
    visitor.look()
    if PICTURES:
        visitor.page.screenshot(path=Path(PICTURES) / f"import-{name}-{visitor.size}.png", full_page=True)


def list_of(visitor: Visitor) -> bytes:
    """Somebody new, somebody with another telephone, somebody who may be another, and a day that does not exist."""
    with behind(visitor.site):
        cell = db.session.scalar(
            select(Unit).join(UnitKind).where(UnitKind.code == "cell", Unit.valid_to.is_(None)).order_by(Unit.id)
        )
        known = db.session.scalars(
            select(Member).where(Member.unit_id == cell.id, Member.birth_precision == "day").order_by(Member.id).limit(2)
        ).all()
        rows = [
            (1, f"Nguyễn Thị Mới {visitor.size.title()}", "14/10/1990", "Nữ", "", cell.code),
            (2, known[0].display_name, f"{known[0].birth_date:%d/%m/%Y}", "", "0911000000", cell.code),
            (3, known[1].display_name, "", "", "", cell.code),
            (4, "Phạm Đức Long", "31/02/1990", "Nam", "", cell.code),
        ]
    head = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Điện thoại", "Đơn vị")
    return workbook("DANH SÁCH ĐẢNG VIÊN", [], [Column(one) for one in head], rows)


def wait_for_work(visitor: Visitor) -> None:
    """The progress page goes on by itself when the work is done."""
    visitor.page.wait_for_url(lambda url: "/jobs/" not in url, timeout=60_000)


def test_a_list_is_imported_and_taken_back(visitor):
    page = visitor.page
    visitor.sign_in("nhansu1")
    visitor.go("/admin/imports")
    see(visitor, "list")
    page.get_by_label("Tệp danh sách").set_input_files(
        {"name": "ds.xlsx", "mimeType": "application/octet-stream", "buffer": list_of(visitor)}
    )
    visitor.press("Đọc tệp")
    page.wait_for_url("**/mapping")
    see(visitor, "mapping")
    visitor.press("Đọc và đối chiếu")
    wait_for_work(visitor)
    see(visitor, "preview")
    assert page.get_by_text("không có trong lịch").is_visible()
    visitor.press("Quyết định 1 dòng nghi trùng")
    see(visitor, "pair")
    page.get_by_role("button", name="Là ").first.click()
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Phải sửa").first.click()
    page.get_by_role("link", name="Sửa ô này").first.click()
    page.wait_for_url("**/rows/4*")
    assert page.get_by_label("Ngày sinh").input_value() == "31/02/1990"
    see(visitor, "row")
    page.get_by_label("Ngày sinh").fill("28/02/1990")
    visitor.press("Lưu và kiểm tra lại")
    assert page.get_by_text("Đã sửa dòng").is_visible()
    page.get_by_role("link", name="Nhập ").last.click()
    page.wait_for_url("**/apply")
    see(visitor, "apply")
    page.get_by_role("button", name="Nhập ").click()
    wait_for_work(visitor)
    see(visitor, "result")
    with behind(visitor.site):
        assert db.session.scalar(select(Member.id).where(Member.display_name == f"Nguyễn Thị Mới {visitor.size.title()}"))
    visitor.press("Hoàn tác lần nhập này")
    see(visitor, "undo")
    visitor.press("Hoàn tác")
    wait_for_work(visitor)
    see(visitor, "undone")
    with behind(visitor.site):
        assert not db.session.scalar(select(Member.id).where(Member.display_name == f"Nguyễn Thị Mới {visitor.size.title()}"))
