"""A merger of two cells in real Chromium, on a phone and on a desktop: previewed, done, seen as then and as now, undone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from elearn.core import clock
from elearn.core.db import db
from elearn.lib.periods import local
from elearn.units.models import Unit, UnitKind
from tests.browser.conftest import Visitor
from tests.browser.test_journeys import behind

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ELEARN_TEST_PICTURES", "")


def see(visitor: Visitor, name: str) -> None:
    """Examine the page, and keep a picture of it where a folder for them is named."""
    visitor.look()
    if PICTURES:
        visitor.page.screenshot(path=Path(PICTURES) / f"{name}-{visitor.size}.png", full_page=True)


def two_cells(visitor: Visitor) -> list[tuple[int, str, int]]:
    """(id, name, parent) of two cells below the same unit that still exist."""
    with behind(visitor.site):
        cells = select(Unit).join(UnitKind).where(UnitKind.code == "cell", Unit.valid_to.is_(None))
        crowded = (
            cells.with_only_columns(Unit.parent_id)
            .group_by(Unit.parent_id)
            .having(func.count() > 1)
            .order_by(Unit.parent_id)
            .limit(1)
        )
        found = db.session.scalars(cells.where(Unit.parent_id == db.session.scalar(crowded)).order_by(Unit.sort_key).limit(2))
        return [(unit.id, unit.name, unit.parent_id or 0) for unit in found]


def test_two_cells_are_merged_and_the_merger_undone(visitor):
    (first, name, parent), (_, other_name, _) = two_cells(visitor)
    today = local(clock.now()).date()
    visitor.sign_in("quantri1")
    visitor.go("/admin/units")
    see(visitor, "tree")
    visitor.page.locator("[data-tree-name]").nth(1).focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_selector("[data-fold]")
    visitor.page.keyboard.press("ArrowDown")
    assert visitor.page.evaluate("document.activeElement.matches('[data-tree-name]')")
    visitor.page.keyboard.press("ArrowLeft")
    see(visitor, "tree-open")
    visitor.go(f"/admin/units/{first}")
    see(visitor, "unit")
    visitor.press("Sáp nhập")
    see(visitor, "merge")
    visitor.press("Xem trước")
    see(visitor, "merge-faults")
    visitor.page.get_by_label(other_name, exact=True).check()
    visitor.page.get_by_label("Mã đơn vị sau sáp nhập").fill(f"SN-{visitor.size}")
    visitor.page.get_by_label("Tên đầy đủ sau sáp nhập").fill("Chi bộ Hợp Nhất")
    visitor.page.get_by_label("Số quyết định").fill("12-QĐ/ĐU")
    visitor.page.get_by_label("Ngày hiệu lực").fill(f"{today:%d/%m/%Y}")
    visitor.press("Xem trước")
    assert visitor.page.get_by_text("Sẽ thực hiện").is_visible() and visitor.page.get_by_text(other_name).first.is_visible()
    see(visitor, "preview")
    visitor.press("Thực hiện")
    visitor.page.wait_for_url("**/admin/units/changes/*")
    see(visitor, "done")
    change = visitor.page.url
    visitor.go(f"/admin/units?open={parent}")
    assert visitor.page.get_by_role("link", name="Chi bộ Hợp Nhất", exact=True).is_visible()
    visitor.go(f"/admin/units?open={parent}&on={today - timedelta(days=1):%d/%m/%Y}")
    assert visitor.page.get_by_role("link", name=name, exact=True).is_visible()
    see(visitor, "then")
    visitor.go(f"/admin/units/{first}")
    see(visitor, "ended")
    visitor.go("/admin/units/report?levels=2")
    assert visitor.page.get_by_text("Hai cách cộng bằng nhau").is_visible()
    see(visitor, "report")
    visitor.go("/admin/units/mapping")
    see(visitor, "upload")
    visitor.page.get_by_label("Tệp bảng ánh xạ").set_input_files(
        {
            "name": "bang.csv",
            "mimeType": "text/csv",
            "buffer": f"Mã cũ,Tên mới,Ngày hiệu lực\nsai,Chi bộ X,\nSN-{visitor.size},Chi bộ Y,{today}\n".encode(),
        }
    )
    visitor.press("Xem trước")
    visitor.page.wait_for_url("**/admin/units/files/*")
    see(visitor, "file")
    visitor.page.goto(change)
    visitor.press("Hoàn tác")
    see(visitor, "undo")
    visitor.page.get_by_label("Lý do").fill("ghi nhầm quyết định")
    visitor.press("Hoàn tác")
    visitor.page.wait_for_url("**/admin/units/changes/*")
    assert visitor.page.get_by_text("Đã hoàn tác ngày").is_visible()
    visitor.go("/admin/units/changes")
    see(visitor, "changes")
