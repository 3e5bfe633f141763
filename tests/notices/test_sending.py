"""Messages reach those who should have them, once, and not oftener than told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from elearn.audit.models import AuditEntry
from elearn.core.db import transaction
from elearn.jobs.models import Job
from elearn.jobs.services import work_off
from elearn.lib.errors import InvalidInput
from elearn.members.models import Member
from elearn.notices import services
from elearn.notices.models import Notice, NoticeCopy
from tests.counting import statements

NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def send(app, people):
    def send(members, now=NOW, origin_id=7, every=DAY, **more):
        values = {"title": "Nhắc nộp kế hoạch", "body": "Hạn nộp 15/6.", "url": "/home", **more}
        with transaction() as session:
            return services.notify(
                session,
                (people.dung.member_id, people.dung.name),
                "campaign",
                origin_id,
                members,
                now=now,
                at_most_every=every,
                **values,
            )

    return send


def test_it_reaches_each_person_once(send, session, people):
    hanh, binh = people.hanh.member_id, people.binh.member_id
    assert send([hanh, binh, hanh]) == services.Sent(2, 0)
    copies = session.scalars(select(NoticeCopy).order_by(NoticeCopy.member_id)).all()
    assert [(copy.member_id, copy.mail_state, copy.read_at) for copy in copies] == [(hanh, "", None), (binh, "", None)]
    assert copies[0].notice.sent_by_name == people.dung.name
    assert session.scalar(select(AuditEntry.action)) == "send_notice"


def test_it_holds_back_who_was_told_of_the_same_thing_lately(send, people):
    hanh, binh = people.hanh.member_id, people.binh.member_id
    send([hanh])
    assert send([hanh, binh], now=NOW + timedelta(hours=3)) == services.Sent(1, 1)
    assert send([hanh], now=NOW + timedelta(hours=3), origin_id=8) == services.Sent(1, 0), "another thing"
    assert send([hanh, binh], now=NOW + DAY) == services.Sent(1, 1), "a day is over for one of them"
    assert send([hanh], now=NOW + DAY, every=timedelta()) == services.Sent(1, 0), "no limit"


def test_it_leaves_no_message_where_nobody_gets_it(send, session, people):
    assert send([people.nghi.member_id, 999_999]) == services.Sent(0, 0)
    assert not session.scalar(select(func.count()).select_from(Notice))
    assert not session.scalar(select(func.count()).select_from(AuditEntry))


def test_it_refuses_nonsense_and_writes_nothing(send, session, people):
    with pytest.raises(InvalidInput):
        send([people.hanh.member_id], url="https://other.example/")
    assert not session.scalar(select(func.count()).select_from(Notice))


def test_it_takes_as_many_statements_for_five_hundred_as_for_one(send, session, people):
    with statements() as one:
        send([people.hanh.member_id])
    with statements() as many:
        send(list(range(1, 501)), origin_id=9)
    assert len(many) == len(one)


def test_it_sends_to_very_many_as_a_job_that_may_be_run_again(app, session, people):
    actor = (people.dung.member_id, people.dung.name)
    everybody = [getattr(people, login).member_id for login in ("hanh", "binh", "lan", "nghi")]
    job_id = services.begin_bulk(actor, "campaign", 7, everybody, "Nhắc nộp", "", "/home", NOW, DAY)
    work_off()
    assert session.get(Job, job_id).result == {"sent": 3, "held_back": 0}
    with transaction() as writing:
        writing.execute(update(Job).values(state="queued"))
    work_off()
    assert session.get(Job, job_id).result == {"sent": 3, "held_back": 0}
    assert session.scalar(select(func.count()).select_from(NoticeCopy)) == 3


def test_it_counts_unread_on_pages_of_learners_but_never_of_sittings(send, as_, people):
    send([people.hanh.member_id])
    assert "Thông báo, 1 chưa đọc" in as_("hanh").get("/documents").get_data(as_text=True)
    with statements() as asked:
        page = as_("hanh").get("/contests").get_data(as_text=True)
    assert "Thông báo" in page
    assert not any("notice_copies" in one for one in asked)


def test_it_is_read_where_it_is_opened(send, as_, session, people):
    send([people.hanh.member_id, people.binh.member_id])
    hanh = as_("hanh")
    copy_id = session.scalar(select(NoticeCopy.id).where(NoticeCopy.member_id == people.hanh.member_id))
    assert "1 thông báo chưa đọc" in hanh.get("/notices").get_data(as_text=True)
    page = hanh.get(f"/notices/{copy_id}").get_data(as_text=True)
    assert "Hạn nộp 15/6." in page
    assert 'href="/home"' in page
    assert "Không có thông báo nào chưa đọc" in hanh.get("/notices").get_data(as_text=True)
    assert as_("binh").get(f"/notices/{copy_id}").status_code == 404, "somebody else's"
    assert "1 thông báo chưa đọc" in as_("binh").get("/notices").get_data(as_text=True)
    as_("binh").post("/notices/read")
    assert "Không có thông báo nào chưa đọc" in as_("binh").get("/notices").get_data(as_text=True)


def test_it_says_why_there_is_nothing(as_):
    assert "Chưa có thông báo nào" in as_("lan").get("/notices").get_data(as_text=True)


def test_it_goes_over_at_a_merger_and_is_blanked_at_an_erasure(send, session, people):
    from elearn.members.services import erasure, merging

    hanh, binh, lan = people.hanh.member_id, people.binh.member_id, people.lan.member_id
    send([hanh, binh])
    send([binh], origin_id=8, title="Giấy chứng nhận của Nguyễn Văn Bình")
    merging.merge((people.nga.member_id, people.nga.name), hanh, binh, "một người", NOW)
    assert session.scalars(select(NoticeCopy.member_id).order_by(NoticeCopy.id)).all() == [hanh, binh, hanh]
    with transaction() as writing:
        writing.execute(update(Member).where(Member.id == lan).values(email="lan@example.vn"))
        erasure.erase_record(writing, hanh, NOW)
    titles = session.scalars(select(Notice.title).order_by(Notice.id)).all()
    assert titles == ["Nhắc nộp kế hoạch", "Người đã xoá dữ liệu"]
