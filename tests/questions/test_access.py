"""Who may open, edit, review and draw from which bank: lists and pages agree with the access table."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from elearn.core.db import db
from elearn.members.rules.permissions import Actor, Grant, Role, may
from elearn.questions import queries
from elearn.questions.models import Bank
from tests.cast import unit_path
from tests.questions.banked import draft, make_bank, put

PATHS = [unit_path(key) for key in ("an_son", "binh_minh", "khu_pho_5", "dong_hoa", "thuong")]
PERMISSIONS = ["question.view", "question.edit", "question.review", "question.use"]


@pytest.fixture
def banks(app):
    """One lent and one kept to itself for units of every depth."""
    for number in (1, 2, 3, 5):
        make_bank(f"lent-{number}", number)
        make_bank(f"own-{number}", number, is_lent=False)


@pytest.mark.parametrize("permission", PERMISSIONS)
@pytest.mark.parametrize("role", list(Role))
def test_it_lists_exactly_what_the_access_table_allows(banks, permission, role):
    everything = db.session.scalars(sa.select(Bank)).all()
    for path in PATHS:
        for grants in ((Grant(role, path),), (Grant(role, path), Grant(Role.CONTENT_EDITOR, PATHS[4])), ()):
            actor = Actor(50, PATHS[2], grants)
            listed = set(db.session.scalars(queries.visible_banks(actor, permission).with_only_columns(Bank.code)))
            assert listed == {bank.code for bank in everything if may(actor, permission, queries.subject_of(bank))}


def test_it_shows_banks_lent_from_above_to_draw_from_only(banks):
    actor = Actor(50, PATHS[1], (Grant(Role.CONTENT_EDITOR, PATHS[1]),))
    shelves = {shelf.bank.code: shelf.is_open for shelf in queries.list_banks(actor)}
    assert shelves == {"lent-2": True, "own-2": True, "lent-3": True, "own-3": True, "lent-1": False}


PAGES = [
    "",
    "/new",
    "/new/single_choice",
    "/categories",
    "/lint",
    "/exports",
    "/list.xlsx",
    "/settings",
    "/mot-0001",
    "/mot-0001/edit",
    "/mot-0001/versions",
]


@pytest.fixture
def question(app):
    make_bank()
    put("mot", draft())


@pytest.mark.parametrize("page", PAGES)
def test_it_opens_pages_by_role(question, as_, page):
    is_for_editors = page in ("/new", "/new/single_choice", "/settings", "/mot-0001/edit")
    for name in ("yen", "kien"):
        assert as_(name).get(f"/admin/questions/mot{page}").status_code == 200, name
    for name in ("phuoc", "thanh"):
        assert as_(name).get(f"/admin/questions/mot{page}").status_code == (403 if is_for_editors else 200), name
    for name in ("hanh", "dung", "mai", "quang"):
        assert as_(name).get(f"/admin/questions/mot{page}").status_code == 403, name


POSTS = [
    "/settings",
    "/categories",
    "/new/single_choice",
    "/mot-0001/edit",
    "/preview/single_choice",
    "/mot-0001/status",
    "/bulk",
    "/undo",
]


@pytest.mark.parametrize("page", POSTS)
def test_it_lets_only_editors_and_readers_post(question, as_, page):
    for name in ("thanh", "hanh", "dung", "quang"):
        assert as_(name).post(f"/admin/questions/mot{page}", data={"step": "review", "what": "level"}).status_code == 403, name


@pytest.mark.parametrize("page", PAGES + POSTS)
def test_it_answers_for_a_foreign_bank_as_for_none(app, as_, page):
    """A bank of a commune, asked for by the editor of another."""
    make_bank("khac", 5)
    put("khac", draft(code="khac-0001"))
    with app.app_context():
        from elearn.core.db import transaction
        from elearn.members.models import RoleGrant
        from tests.cast import LONG_AGO

        with transaction() as session:
            session.add(RoleGrant(member_id=5, role="content_editor", unit_id=2, valid_from=LONG_AGO))
    client = as_("dung")
    method = client.post if page in POSTS and page not in PAGES else client.get
    foreign = method(f"/admin/questions/khac{page.replace('mot', 'khac')}", data={"step": "review", "what": "level"})
    absent = method(f"/admin/questions/khong-co{page}", data={"step": "review", "what": "level"})
    assert foreign.status_code == absent.status_code == 404
    assert foreign.get_data().replace(b"khac", b"") == absent.get_data().replace(b"khong-co", b"")


@pytest.mark.parametrize("page", ["/new", "/settings", "/nguon-01/edit", "/new/essay"])
def test_it_edits_no_bank_that_content_files_keep(app, as_, page):
    make_bank("nguon", is_from_files=True)
    put("nguon", draft(code="nguon-01"), author=None, status="in_use")
    answer = as_("yen").get(f"/admin/questions/nguon{page}")
    assert answer.status_code == 404
    assert "tệp nội dung" in answer.get_data(as_text=True)
    shown = as_("yen").get("/admin/questions/nguon").get_data(as_text=True)
    assert "Viết câu mới" not in shown
    assert 'type="checkbox" name="ids"' not in shown
