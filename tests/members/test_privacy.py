"""Consent, requests about one's own data, who looked, and how long data is kept."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.admin.rules.deeds import words_of
from elearn.audit.services import record
from elearn.content.services.consent import load_consent_texts
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members.models import Consent, ConsentText, RightsRequest, SignInFailure
from elearn.members.rules.rights import answer_due, done_due, is_working_day, parse_holidays
from elearn.members.services import privacy, retention

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)  # a Thursday
HANH = (1, "Trần Thị Hạnh")
TEXT = ("Công bố tên", "Publishing names", "Dữ liệu: tên.", "Data: name.")


def page_of(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("asked", "days", "holidays", "due"),
    [
        (datetime(2026, 10, 1, 3, tzinfo=UTC), 2, (), datetime(2026, 10, 5, 17, tzinfo=UTC)),  # Thursday: Friday, Monday
        (datetime(2026, 10, 2, 3, tzinfo=UTC), 2, (), datetime(2026, 10, 6, 17, tzinfo=UTC)),  # Friday: Monday, Tuesday
        (datetime(2026, 10, 3, 3, tzinfo=UTC), 2, (), datetime(2026, 10, 6, 17, tzinfo=UTC)),  # Saturday
        (datetime(2026, 10, 1, 18, tzinfo=UTC), 2, (), datetime(2026, 10, 6, 17, tzinfo=UTC)),  # already Friday in Viet Nam
        (datetime(2026, 10, 1, 3, tzinfo=UTC), 2, (date(2026, 10, 5),), datetime(2026, 10, 6, 17, tzinfo=UTC)),
    ],
)
def test_it_counts_working_days_on_the_clock_of_viet_nam(asked, days, holidays, due):
    assert answer_due(asked, days, holidays) == due


def test_it_counts_plain_days_for_what_is_done():
    assert done_due(NOW, 15) == datetime(2026, 10, 16, 17, tzinfo=UTC)
    assert parse_holidays("2027-01-01, 2027-04-30") == {date(2027, 1, 1), date(2027, 4, 30)}
    assert not is_working_day(date(2027, 1, 1), parse_holidays("2027-01-01"))


@pytest.fixture
def text_id(app):
    privacy.publish_text("publish_name", 1, TEXT, NOW)
    return db.session.scalar(select(ConsentText.id))


def test_it_gives_and_withdraws_consent_and_keeps_the_proof(as_, text_id):
    hanh = as_("hanh")
    page = page_of(hanh, "/me/consents")
    assert "Chưa trả lời" in page
    assert "checked" not in page
    assert not privacy.has_consent(1, "publish_name")
    assert hanh.post(f"/me/consents/{text_id}", data={"answer": "yes"}).status_code == 302
    assert privacy.has_consent(1, "publish_name")
    db.session.rollback()
    hanh.post(f"/me/consents/{text_id}", data={"answer": "no"})
    assert not privacy.has_consent(1, "publish_name")
    kept = db.session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [one.is_given for one in kept] == [True, False]
    assert kept[0].text_digest == privacy.digest_of(TEXT[0], TEXT[2])
    assert hanh.post("/me/consents/99", data={"answer": "yes"}).status_code == 404


def test_it_proves_the_language_in_which_a_text_was_shown(as_, text_id):
    hanh = as_("hanh")
    hanh.post("/language", data={"language": "en"})
    hanh.post(f"/me/consents/{text_id}", data={"answer": "yes"})
    kept = db.session.scalar(select(Consent))
    assert (kept.language, kept.text_digest) == ("en", privacy.digest_of(TEXT[1], TEXT[3]))


def test_it_never_changes_a_published_text_and_asks_anew_for_the_next_version(text_id):
    privacy.answer_consent(HANH, text_id, True, "vi", NOW)
    with pytest.raises(DomainError, match="tăng số bản"):
        privacy.publish_text("publish_name", 1, (*TEXT[:2], "Khác.", "Other."), NOW)
    assert not privacy.publish_text("publish_name", 1, TEXT, NOW)
    assert privacy.publish_text("publish_name", 2, (*TEXT[:2], "Khác.", "Other."), NOW)
    assert not privacy.has_consent(1, "publish_name")


def test_it_loads_the_texts_of_the_content_folder(app, tmp_path):
    from pathlib import Path

    root = Path(__file__).parents[2] / "content"
    assert load_consent_texts(root, NOW) == 3
    assert load_consent_texts(root, NOW) == 0
    (tmp_path / "consent").mkdir()
    (tmp_path / "consent" / "x.md").write_text("không có phần đầu")
    with pytest.raises(DomainError, match=r"x\.md"):
        load_consent_texts(tmp_path, NOW)


def ask(client, kind="see", body="Cho tôi xem"):
    return client.post("/me/requests", data={"kind": kind, "body": body})


def test_it_takes_a_request_and_answers_it(as_):
    hanh, kien = as_("hanh"), as_("kien")
    assert ask(hanh, "nonsense").status_code == 400
    assert ask(hanh).status_code == 302
    assert "Hạn trả lời" in page_of(hanh, "/me/requests")
    assert "Yêu cầu về dữ liệu cá nhân" in page_of(kien, "/admin")
    assert "Trần Thị Hạnh" in page_of(kien, "/admin/privacy")
    assert kien.post("/admin/privacy/requests/1", data={"step": "finish"}).status_code == 409
    assert kien.post("/admin/privacy/requests/1", data={"step": "accept", "words": "ừ"}).status_code == 400
    assert kien.post("/admin/privacy/requests/1", data={"step": "extend", "words": "chờ đơn vị khác"}).status_code == 302
    assert kien.post("/admin/privacy/requests/1", data={"step": "extend", "words": "lần thứ hai"}).status_code == 409
    assert kien.post("/admin/privacy/requests/1", data={"step": "accept", "words": "Đã gửi bản sao"}).status_code == 302
    assert "Đã gửi bản sao" in page_of(hanh, "/me/requests")
    assert kien.post("/admin/privacy/requests/1", data={"step": "finish"}).status_code == 302
    db.session.expire_all()
    one = db.session.get(RightsRequest, 1)
    assert (one.state, one.done_by_id) == ("done", 4)
    assert "Trần Thị Hạnh" in page_of(kien, "/admin/privacy?show=ended")


def test_it_shows_a_request_to_nobody_else(as_):
    ask(as_("hanh"))
    assert as_("binh").post("/me/requests/1/withdraw").status_code == 404
    assert as_("dung").get("/admin/privacy/requests/1").status_code == 403
    assert as_("hanh").post("/me/requests/1/withdraw").status_code == 302
    assert as_("hanh").post("/me/requests/1/withdraw").status_code == 409
    assert as_("kien").post("/admin/privacy/requests/1", data={"step": "accept", "words": "Đã gửi"}).status_code == 409


def test_it_lets_nobody_answer_their_own_request(as_):
    kien = as_("kien")
    ask(kien)
    assert kien.post("/admin/privacy/requests/1", data={"step": "accept", "words": "Tự trả lời"}).status_code == 409


def test_it_lets_nobody_finish_an_erasure_alone(as_):
    ask(as_("hanh"), "erase")
    kien = as_("kien")
    kien.post("/admin/privacy/requests/1", data={"step": "accept", "words": "Đồng ý xoá"})
    assert "Cần người thứ hai" in page_of(kien, "/admin/privacy/requests/1")
    assert kien.post("/admin/privacy/requests/1", data={"step": "finish"}).status_code == 409


def test_it_tells_people_who_looked_at_their_record(as_):
    with transaction() as session:
        record(session, NOW, (14, "Ngô Thị Nga"), "view_sensitive", ("member", 1, "Trần Thị Hạnh"))
        record(session, NOW, (14, "Ngô Thị Nga"), "export_members", ("unit", 1, "An Sơn"), concerns=[1, 2], reason="báo cáo quý")
        record(session, NOW, (4, "Đặng Trung Kiên"), "view_sensitive", ("member", 2, "Nguyễn Văn Bình"))
    page = page_of(as_("hanh"), "/me/looks")
    assert page.count("Ngô Thị Nga") == 2
    assert words_of("view_sensitive") in page
    assert "báo cáo quý" in page
    assert "Đặng Trung Kiên" not in page
    assert "Chưa có ai" in page_of(as_("lan"), "/me/looks")


def test_it_counts_what_is_past_its_time_and_removes_it(app, as_, tmp_path):
    now = clock.now()
    with transaction() as session:
        for days in (0, 2, 40):
            session.add(SignInFailure(login_hash="a", address_hash="b", at=now - timedelta(days=days)))
    due = {one.kind.key: one for one in retention.report(now)}
    assert due["sign_in_failures"].past == 2
    assert due["audit"].days is None
    kien = as_("kien")
    assert (
        kien.post("/admin/privacy/retention", data={"kind": "sign_in_failures", "days": "30", "reason": "theo quy chế"}).status_code
        == 302
    )
    assert {one.kind.key: one for one in retention.report(now)}["sign_in_failures"].past == 1
    for days, reason in (("0", "theo quy chế"), ("abc", "theo quy chế"), ("30", "x")):
        assert kien.post("/admin/privacy/retention", data={"kind": "jobs", "days": days, "reason": reason}).status_code == 400
    assert kien.post("/admin/privacy/retention", data={"kind": "audit", "days": "30", "reason": "theo quy chế"}).status_code == 400
    assert "1 dòng quá 30 ngày" in page_of(kien, "/admin/privacy/retention/run")
    told = json.loads(app.test_cli_runner().invoke(args=["members", "retention", "--run", "--json"]).stdout)
    assert {one["kind"]: one["removed"] for one in told["kinds"]}["sign_in_failures"] == 1
    assert as_("mai").get("/admin/privacy/retention").status_code == 403
