"""Bulletins: a member says that they have read; x of y by unit, names of those missing, a reminder to them only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from elearn.core import clock
from elearn.core.db import transaction
from elearn.lib.errors import NotFound
from elearn.lib.periods import local_day
from elearn.library.models import Document, DocumentReceipt
from elearn.library.queries import receipts
from elearn.members.models import Member, Membership
from elearn.members.queries import actor_of
from elearn.notices.models import NoticeCopy
from tests.counting import statements


@pytest.fixture
def bulletin(app, session):
    """A bulletin of Bình Minh; asked are Hạnh and Bảo (Khu phố 5), Bình (Trường THCS), Dũng and Quang (Bình Minh)."""
    now = clock.now()
    with transaction() as writing:
        one = Document(
            key="ban-tin-11",
            kind="Bản tin",
            title="Bản tin tháng 11",
            shelf="bulletin",
            unit_id=2,
            text="",
            published_at=now - timedelta(hours=1),
        )
        writing.add(one)
    return session.scalar(select(Document))


def actor(people, name):
    paths = {"kien": "/1/", "dung": "/1/2/", "quang": "/1/2/", "thuan": "/1/5/"}
    return actor_of(getattr(people, name).member_id, paths[name], clock.now())


def test_it_counts_who_pressed(bulletin, as_, people):
    page = as_("hanh").get("/documents/ban-tin-11").get_data(as_text=True)
    assert "Xác nhận đã đọc" in page
    for name in ("hanh", "hanh", "binh"):
        as_(name).post("/documents/ban-tin-11/read")
    assert "Bạn đã đọc" in as_("hanh").get("/documents/ban-tin-11").get_data(as_text=True)
    counted = receipts.count_receipts(actor(people, "kien"), bulletin, None)
    assert (counted.whole.name, counted.whole.read, counted.whole.asked) == ("Đảng bộ phường Bình Minh", 2, 5)
    assert [(line.name, line.read, line.asked) for line in counted.lines] == [
        ("Chi bộ Khu phố 5", 1, 2),
        ("Chi bộ Trường THCS", 1, 1),
    ]
    page = as_("quang").get(f"/admin/documents/{bulletin.id}/receipts?unit=3").get_data(as_text=True)
    assert "1/2 đã đọc" in page
    assert "Lê Quốc Bảo" in page
    assert "Trần Thị Hạnh" not in page.split("Chưa đọc")[-1]


def test_it_asks_only_members_of_the_party_and_of_the_branch(bulletin, as_, people):
    with transaction() as writing:
        writing.execute(update(Member).where(Member.id == people.binh.member_id).values(kind="outstanding"))
    counted = receipts.count_receipts(actor(people, "dung"), bulletin, None)
    assert counted.whole.asked == 4
    assert as_("lan").post("/documents/ban-tin-11/read").status_code == 404, "another branch"


def test_it_stays_with_the_unit_of_the_day_of_publication(bulletin, people):
    later = local_day(clock.now()) + timedelta(days=1)
    with transaction() as writing:
        writing.execute(update(Membership).where(Membership.member_id == people.hanh.member_id).values(valid_to=later))
        writing.add(Membership(member_id=people.hanh.member_id, unit_id=4, valid_from=later))
    counted = receipts.count_receipts(actor(people, "dung"), bulletin, None)
    assert [line.asked for line in counted.lines] == [2, 1]


def test_it_shows_units_only_to_who_cares_for_them(bulletin, as_, people):
    assert as_("thuan").get(f"/admin/documents/{bulletin.id}/receipts").status_code == 404
    assert as_("dung").get(f"/admin/documents/{bulletin.id}/receipts?unit=1").status_code == 404, "above the bulletin"
    assert as_("hanh").get(f"/admin/documents/{bulletin.id}/receipts").status_code == 403
    with pytest.raises(NotFound):
        receipts.count_receipts(actor(people, "quang"), bulletin, 5)


def test_it_shows_the_own_part_of_a_bulletin_from_above(bulletin, as_, people):
    with transaction() as writing:
        writing.execute(update(Document).values(unit_id=1))
    counted = receipts.count_receipts(actor(people, "thuan"), bulletin, None)
    assert (counted.whole.name, counted.whole.asked) == ("Đảng bộ xã Đông Hoà", 2)
    assert [name for _, name in counted.way] == ["Đông Hoà"]


def test_it_reminds_only_those_missing_and_not_twice(bulletin, as_, session, people):
    as_("hanh").post("/documents/ban-tin-11/read")
    page = (
        as_("dung").post(f"/admin/documents/{bulletin.id}/remind", data={"unit": 3}, follow_redirects=True).get_data(as_text=True)
    )
    assert "Đã nhắc 1 người" in page
    assert session.scalars(select(NoticeCopy.member_id)).all() == [people.moi.member_id]
    page = (
        as_("dung").post(f"/admin/documents/{bulletin.id}/remind", data={"unit": 3}, follow_redirects=True).get_data(as_text=True)
    )
    assert "lần này không nhắc lại" in page


def test_it_is_a_task_until_it_is_read(bulletin, as_):
    with transaction() as writing:
        writing.execute(update(Document).values(read_by=(clock.now() + timedelta(days=5)).date()))
    assert "Bản tin tháng 11" in as_("binh").get("/").get_data(as_text=True)
    assert "Bản tin tháng 11" in as_("hanh").get("/").get_data(as_text=True)
    as_("hanh").post("/documents/ban-tin-11/read")
    assert "Bản tin tháng 11" not in as_("hanh").get("/").get_data(as_text=True)
    assert "Bản tin tháng 11" not in as_("lan").get("/").get_data(as_text=True)
    with transaction() as writing:
        writing.execute(update(Document).values(read_by=(clock.now() - timedelta(days=3)).date()))
    assert "Bản tin tháng 11" not in as_("binh").get("/").get_data(as_text=True), "its last day is over"


def test_it_goes_out_as_excel_and_as_text(bulletin, as_):
    answer = as_("dung").get(f"/admin/documents/{bulletin.id}/receipts.xlsx")
    assert answer.data[:2] == b"PK"
    page = as_("dung").get(f"/admin/documents/{bulletin.id}/receipts").get_data(as_text=True)
    assert "Đảng bộ phường Bình Minh: 0/5 đảng viên đã đọc, còn 5." in page


def test_it_costs_the_same_for_many_people(bulletin, people, session):
    me = actor(people, "dung")
    with statements() as few:
        receipts.count_receipts(me, bulletin, None)
    with transaction() as writing:
        writing.add_all(
            [
                DocumentReceipt(document_id=bulletin.id, member_id=number, unit_id=2, read_at=datetime.now(UTC))
                for number in (1, 2, 5, 10, 12)
            ]
        )
    one = session.scalar(select(Document))
    with statements() as many:
        assert receipts.count_receipts(me, one, None).whole.read == 5
    assert len(many) == len(few)
    assert session.scalar(select(func.count()).select_from(DocumentReceipt)) == 5
