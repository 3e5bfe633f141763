"""Documents: order and words of the list, what replaced what, and how many statements that costs."""

from __future__ import annotations

from datetime import date

import pytest

from elearn.core.db import db, transaction
from elearn.library import queries
from elearn.library.models import Document
from elearn.library.queries.finding import page_of_found
from elearn.library.services import DocumentSpec, put_documents
from elearn.members.rules.permissions import Actor
from tests.counting import statements


def spec(key: str, number: str = "", superseded_by: str | None = None, **values) -> DocumentSpec:
    told = {
        "kind": "Quy định",
        "title": f"Về việc {key}",
        "issuer": "Ban Bí thư",
        "issued_on": date(2020, 1, 1),
        "url": "",
        "valid_to": None,
    }
    return DocumentSpec(key=key, number=number, superseded_by=superseded_by, checked_on=None, **{**told, **values})


@pytest.fixture
def documents(app) -> None:
    specs = [
        spec("cu", "47-QĐ/TW", "moi", issued_on=date(2011, 11, 1)),
        spec("moi", "37-QĐ/TW", issued_on=date(2021, 10, 25)),
        spec("moi-lan-hai", "37-QĐ/TW", issued_on=date(2021, 10, 25)),
        spec("het-han", "10-QĐ/TW", valid_to=date(2022, 1, 1)),
        spec("trang", kind="Trang tin"),
    ]
    with transaction() as session:
        put_documents(session, specs)


def test_it_keeps_the_order_of_keys_in_one_statement(documents):
    with statements() as sent:
        found = queries.list_by_keys(["moi", "khong-co", "cu", "trang"])
        assert found[1].superseded_by.name == "Quy định 37-QĐ/TW"
    assert [document.key for document in found] == ["moi", "cu", "trang"]
    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 1


HANH = Actor(1, "/1/2/3/")


def test_it_lists_a_document_once_however_many_files_describe_it(documents):
    page = queries.page_of_shelf(HANH, "paper", 1)
    assert [document.number for document in page.items] == ["37-QĐ/TW", "10-QĐ/TW", "47-QĐ/TW"]


@pytest.mark.parametrize(("words", "keys"), [("qd/tw cu", ["cu"]), ("BAN BÍ THƯ 10", ["het-han"]), ("%", []), ("không có", [])])
def test_it_finds_by_words_accents_aside(documents, words, keys):
    assert [found.document.key for found in page_of_found(HANH, words, 1).items] == keys


@pytest.mark.parametrize(("key", "day", "is_valid"), [
    ("cu", date(2026, 1, 1), False), ("moi", date(2026, 1, 1), True), ("het-han", date(2021, 12, 31), True), ("het-han", date(2022, 1, 1), False),
])  # fmt: skip
def test_it_knows_what_is_in_force(documents, key, day, is_valid):
    assert queries.is_in_force(queries.get_document(key), day) is is_valid


def test_it_says_on_the_page_what_replaced_it_and_what_it_replaced(documents, as_):
    client = as_("hanh")
    for path, words in (("/documents/cu", "đã được thay thế"), ("/documents/moi", "Văn bản này thay thế")):
        assert words in client.get(path).get_data(as_text=True)
    assert client.get("/documents?page=99").status_code == 200
    assert client.post("/documents/cu").status_code == 405
    assert "Không có văn bản nào khớp" in client.get("/documents?q=%25%27%3B--").get_data(as_text=True)


def test_it_changes_only_what_changed(documents):
    with transaction() as session:
        ids, outcomes = put_documents(
            session, [spec("moi", "37-QĐ/TW", issued_on=date(2021, 10, 25)), spec("trang", kind="Sách"), spec("them")]
        )
    assert outcomes == {"same": 1, "changed": 1, "created": 1}
    assert len(ids) == db.session.query(Document).count() == 6
