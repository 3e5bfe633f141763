"""Banks and their categories: made, renamed, moved with all below, taken away when empty."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.db import db
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions import queries
from elearn.questions.models import Bank, Category
from elearn.questions.rules.shelves import moved, place_below, tidy_path
from tests.questions.banked import draft, make_bank, put, question

PATHS = ["A", "A / B", "A / B / C", "AB", "D"]


@pytest.mark.parametrize(("given_path", "tidy"), [("  A /B//C ", "A / B / C"), ("/", ""), ("", ""), ("A  B", "A B")])
def test_it_tidies_paths(given_path, tidy):
    assert tidy_path(given_path) == tidy
    assert tidy_path(tidy) == tidy


@given(st.sampled_from(PATHS), st.sampled_from(["E", "E / B", "F / X", "G / A"]))
def test_it_moves_a_category_with_all_below_it(old, new):
    going = moved(PATHS, old, new)
    assert set(going) == {path for path in PATHS if path == old or path.startswith(old + " / ")}
    assert all(target.startswith(new) for target in going.values())
    left = [going.get(path, path) for path in PATHS]
    assert len(set(left)) == len(PATHS)


@pytest.mark.parametrize(("old", "new"), [("A", "A / X"), ("A", "A / B / A"), ("A / B", "D"), ("D", "AB")])
def test_it_refuses_a_place_below_itself_or_taken(old, new):
    with pytest.raises(DomainError):
        moved(PATHS, old, new)


@pytest.mark.parametrize("name", ["", "  ", "a/b", "x" * 401])
def test_it_refuses_names_that_are_none(name):
    with pytest.raises(InvalidInput):
        place_below("", name)


@pytest.fixture
def bank(app):
    number = make_bank()
    put("mot", draft(category="Lịch sử / Đại hội"), draft(text="Câu hai?", category="Lịch sử"), draft(text="Câu ba?"))
    return number


def paths() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(Category.path)))


def number_of(path: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Category.id).where(Category.path == path)).one()


def test_it_counts_what_stands_on_and_below(bank):
    shelves = {one.path: (one.own, one.below, one.is_empty) for one in queries.list_categories(bank)}
    assert shelves == {"Lịch sử": (1, 2, False), "Lịch sử / Đại hội": (1, 1, False)}


def test_it_adds_renames_moves_and_takes_away(bank, as_):
    client = as_("yen")
    assert client.post("/admin/questions/mot/categories", data={"name": "Điều lệ", "parent": "0"}).status_code == 302
    assert (
        client.post("/admin/questions/mot/categories", data={"name": "Chương I", "parent": str(number_of("Điều lệ"))}).status_code
        == 302
    )
    again = client.post("/admin/questions/mot/categories", data={"name": "Điều lệ", "parent": "0"})
    assert again.status_code == 400
    assert "cùng tên" in again.get_data(as_text=True)
    address = f"/admin/questions/mot/categories/{number_of('Lịch sử')}"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"name": "Sử Đảng", "parent": str(number_of("Điều lệ"))}).status_code == 302
    assert paths() == ["Điều lệ", "Điều lệ / Chương I", "Điều lệ / Sử Đảng", "Điều lệ / Sử Đảng / Đại hội"]
    assert question("mot-0001").category.path == "Điều lệ / Sử Đảng / Đại hội"
    full = f"/admin/questions/mot/categories/{number_of('Điều lệ / Sử Đảng')}/delete"
    assert client.post(full).status_code == 409
    empty = f"/admin/questions/mot/categories/{number_of('Điều lệ / Chương I')}/delete"
    assert client.post(empty).status_code == 302
    assert "Điều lệ / Chương I" not in paths()


def test_it_offers_no_place_inside_itself(bank, as_):
    page = as_("yen").get(f"/admin/questions/mot/categories/{number_of('Lịch sử')}").get_data(as_text=True)
    assert "Lịch sử / Đại hội</option>" not in page
    answer = as_("yen").post(
        f"/admin/questions/mot/categories/{number_of('Lịch sử')}", data={"name": "X", "parent": str(number_of("Lịch sử / Đại hội"))}
    )
    assert answer.status_code == 400


def test_it_keeps_categories_of_other_banks_apart(bank, as_):
    make_bank("hai")
    put("hai", draft(category="Riêng"))
    assert as_("yen").get(f"/admin/questions/mot/categories/{number_of('Riêng')}").status_code == 404
    assert as_("yen").post(f"/admin/questions/mot/categories/{number_of('Riêng')}/delete").status_code == 404


def test_it_makes_a_bank_and_describes_it(app, as_):
    client = as_("yen")
    form = {"title": "Lịch sử Đảng", "unit": "binh-minh", "summary": "Gồm …", "is_lent": "y"}
    assert client.post("/admin/questions/new", data=form).headers["Location"].endswith("/admin/questions/lich-su-dang")
    assert client.post("/admin/questions/new", data=form).headers["Location"].endswith("/admin/questions/lich-su-dang-2")
    taken = client.post("/admin/questions/new", data={**form, "code": "lich-su-dang"})
    assert taken.status_code == 400
    assert "ngân hàng khác dùng" in taken.get_data(as_text=True)
    for code in ("có dấu", "new", "x"):
        assert client.post("/admin/questions/new", data={**form, "code": code}).status_code == 400
    assert client.post("/admin/questions/lich-su-dang/settings", data={"title": "Sử Đảng", "summary": ""}).status_code == 302
    db.session.rollback()
    bank = db.session.scalars(sa.select(Bank).where(Bank.code == "lich-su-dang")).one()
    assert (bank.title, bank.unit_id, bank.is_lent) == ("Sử Đảng", 2, False)


def test_it_makes_no_bank_for_a_unit_of_others(app, as_):
    from elearn.core.db import transaction
    from elearn.members.models import RoleGrant
    from tests.cast import LONG_AGO

    with transaction() as session:
        session.add(RoleGrant(member_id=5, role="content_editor", unit_id=2, valid_from=LONG_AGO))
    client = as_("dung")
    assert "dong-hoa" not in client.get("/admin/questions/new").get_data(as_text=True)
    assert client.post("/admin/questions/new", data={"title": "Lấn", "unit": "dong-hoa"}).status_code == 400
    assert not db.session.scalars(sa.select(Bank)).all()
