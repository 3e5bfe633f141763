"""Every page of contests: works, hides from outsiders, refuses bad input and wrong verbs, keeps private what is private."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.audit.models import AuditEntry
from elearn.contests.models import Contest, Round
from elearn.core.db import db, transaction
from tests.contests.conftest import AFTER, CLOSES, NOW, OPENS, Fair

HERE = "/contests/lich-su"
ADMIN = "/admin/contests/lich-su/rounds/1"
PUBLISHED = [f"{HERE}/rounds/1/standings", f"{HERE}/rounds/1/standings/screen", f"{HERE}/rounds/1/standings.xlsx"]


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_it_shows_the_contest_to_everybody(fair: Fair, as_: Any) -> None:
    fair.sit(1, 4, 2)
    page = text(as_().get(HERE))
    assert "Tìm hiểu lịch sử Đảng" in page
    assert 'data-countdown-to="2026-10-19T03:32:00+00:00"' in page
    assert "/sign-in?next=/contests/lich-su/rounds/1" in page
    assert "482" in page
    for question in ("Ai được dự", "Mỗi lượt", "Lượt được tính", "Xếp hạng", "Giải mỗi tuần"):
        assert question in page
    assert "1 Nhất, 1 Nhì. Mỗi người nhận một giải trong cả cuộc thi." in page
    assert "Không dự thi: tổ ra đề." in page
    assert "Số câu đúng, rồi dự đoán gần nhất, rồi thời gian làm bài ngắn hơn, rồi nộp sớm hơn." in page


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (OPENS - timedelta(hours=1), "Tuần 1 sắp mở"),
        (NOW, "Tuần 1 đang mở"),
        (AFTER, "Tuần 2 sắp mở"),
        (CLOSES + timedelta(days=9), "đang chốt"),
    ],
)
def test_it_says_where_the_contest_stands(fair: Fair, as_: Any, at: Any, moment: Any, words: str) -> None:
    at(moment)
    assert words in text(as_().get(HERE))
    assert as_().get("/contests").status_code == 200


def test_it_answers_in_english_too(closed: Fair, as_: Any) -> None:
    closed.publish()
    client = as_("hanh")
    client.set_cookie("language", "en")
    for path in ("/contests", HERE, *PUBLISHED):
        assert client.get(path).status_code == 200


def test_it_hides_an_unpublished_contest(fair: Fair, as_: Any) -> None:
    with transaction() as session:
        session.query(Contest).update({"is_published": False})
    for name in (None, "hanh", "thuan"):
        assert as_(name).get(HERE).status_code == 404
        assert "Tìm hiểu" not in text(as_(name).get("/contests"))
    assert as_("hanh").get(f"{HERE}/rounds/1").status_code == 404
    assert as_("hanh").post(f"{HERE}/rounds/1/enter").status_code == 404
    assert as_("mai").get(HERE).status_code == 200
    assert as_().get("/join?code=482610").status_code == 404


@pytest.mark.parametrize("path", [*PUBLISHED, f"{HERE}/rounds/9/standings", "/contests/khac", "/contests/khac/rounds/1/standings"])
def test_it_has_no_standings_before_they_are_published(closed: Fair, as_: Any, path: str) -> None:
    closed.settle()
    for name in (None, "hanh", "mai"):
        assert as_(name).get(path).status_code == 404


@pytest.mark.parametrize("typed", ["482610", "482 610", " 482-610 "])
def test_it_leads_from_six_digits_to_the_contest(fair: Fair, as_: Any, typed: str) -> None:
    assert as_().get("/join", query_string={"code": typed}).location == HERE


@pytest.mark.parametrize(
    ("typed", "status"), [("111111", 404), ("48", 404), ("abc", 404), ("", 400), ("9" * 30, 400), ("<b>", 404)]
)
def test_it_says_so_when_the_digits_are_wrong(fair: Fair, as_: Any, typed: str, status: int) -> None:
    answer = as_().get("/join", query_string={"code": typed})
    assert answer.status_code == status
    assert "error" in text(answer)
    assert "<b>" not in text(answer).split("<main")[1].split("<form")[1].split("error")[0]


def test_it_leads_from_the_qr_code(fair: Fair, as_: Any) -> None:
    assert as_().get("/join").status_code == 200
    assert as_().get("/join/482610").location == HERE
    assert as_().get("/join/000000").location == "/join?code=000000"


def test_it_enters_somebody_signed_in(fair: Fair, as_: Any) -> None:
    assert as_().get(f"{HERE}/rounds/1").location.startswith("/sign-in")
    assert as_().post(f"{HERE}/rounds/1/enter").status_code == 401
    client = as_("hanh")
    assert "Bắt đầu làm bài" in text(client.get(f"{HERE}/rounds/1"))
    first = client.post(f"{HERE}/rounds/1/enter").location
    assert first.startswith("/attempts/")
    assert client.get(first).status_code == 200
    assert "Làm tiếp" in text(client.get(f"{HERE}/rounds/1"))
    assert client.post(f"{HERE}/rounds/1/enter").location == first
    assert client.get(f"{HERE}/rounds/1/enter").status_code == 405
    assert client.get(f"{HERE}/rounds/9").status_code == 404


def test_it_says_why_somebody_cannot_enter(fair: Fair, as_: Any) -> None:
    assert "mở lúc" in text(as_("hanh").get(f"{HERE}/rounds/2"))
    assert as_("hanh").post(f"{HERE}/rounds/2/enter").status_code == 409
    page = text(as_("yen").get(f"{HERE}/rounds/1"))
    assert "ra đề" in page
    assert "Bắt đầu làm bài" not in page
    assert as_("yen").post(f"{HERE}/rounds/1/enter").status_code == 409


def test_it_shows_the_readers_own_place_first_with_the_reason(closed: Fair, as_: Any) -> None:
    closed.publish()
    page = text(as_("binh").get(PUBLISHED[0]))
    assert "Bạn đạt giải Nhì Tuần 1" in page
    assert "Bạn đúng 4/4 câu, như 1 người khác." in page
    assert "Bạn đoán 5, số thật là 2, lệch 3; 1 người bằng bạn đến đây đoán gần hơn." in page
    assert "Vì thế bạn xếp thứ 2." in page
    assert page.index("Bạn đạt giải") < page.index("Bảng xếp hạng")
    assert "Bạn xếp" not in text(as_().get(PUBLISHED[0]))
    assert "Bạn xếp" not in text(as_("kien").get(PUBLISHED[0]))


def test_it_finds_people_without_accents(closed: Fair, as_: Any) -> None:
    closed.publish()
    found = text(as_().get(f"{PUBLISHED[0]}?q=lan anh"))
    assert "Phạm Thị Lan Anh" in found
    assert "Nguyễn Văn Bình" not in found
    assert "Lan Anh" in text(as_().get(f"{PUBLISHED[0]}?q=dong hoa"))
    for nonsense in ("%", "_", "<script>", "x" * 300, "' OR 1=1"):
        answer = as_().get(PUBLISHED[0], query_string={"q": nonsense})
        assert answer.status_code == 200
        assert "Không có ai khớp" in text(answer)
    assert as_().get(f"{PUBLISHED[0]}?page=999&units=all").status_code == 200
    assert as_().get(f"{PUBLISHED[1]}?page=abc").status_code == 200


def test_it_publishes_names_and_units_and_nothing_else_about_people(closed: Fair, as_: Any) -> None:
    with transaction() as session:
        session.execute(db.text("UPDATE members SET phone = '0912345678', email = 'hanh@example.vn'"))
    closed.publish()
    sheet = zipfile.ZipFile(io.BytesIO(as_().get(PUBLISHED[2]).data))
    file = " ".join(sheet.read(name).decode(errors="ignore") for name in sheet.namelist())
    assert "Trần Thị Hạnh" in file
    for told in (*(text(as_().get(path)) for path in (HERE, *PUBLISHED[:2])), file):
        for private in ("0912345678", "hanh@example.vn", "DV00001", "1980", "Khu phố 5"):
            assert private not in told


def test_it_closes_a_round_in_three_steps(closed: Fair, as_: Any) -> None:
    mai = as_("mai")
    assert "Bước 1: Chốt" in text(mai.get(ADMIN))
    assert mai.post(f"{ADMIN}/settle").location == ADMIN
    page = text(mai.get(ADMIN))
    assert "Bước 2" in page
    assert "Trần Thị Hạnh" in page
    assert as_().get(PUBLISHED[0]).status_code == 404
    assert "một người khác xem và công bố" in page, "whoever settled does not publish"
    assert mai.post(f"{ADMIN}/publish", data={"version": "1"}).status_code == 409
    kien = as_("kien")
    assert "4 người, 5 lượt, 2 người đúng hết" in text(kien.get(f"{ADMIN}/publish?version=1"))
    assert kien.post(f"{ADMIN}/publish", data={"version": "1"}).location == ADMIN
    assert "đang công bố" in text(mai.get(ADMIN))
    assert as_().get(PUBLISHED[0]).status_code == 200
    assert "Giải Nhất" in text(as_().get(HERE))
    mai.post(f"{ADMIN}/settle")
    assert "Không có gì thay đổi" in text(mai.get(ADMIN))
    assert "Trần Thị Hạnh" in text(as_().get(PUBLISHED[1]))


def test_it_asks_for_a_reason_at_its_place(closed: Fair, as_: Any) -> None:
    closed.publish()
    with transaction() as session:
        session.execute(db.text("UPDATE attempts SET correct_count = 1 WHERE member_id = 2"))
    mai = as_("mai")
    answer = mai.post(f"{ADMIN}/settle")
    assert answer.status_code == 400
    assert "Hãy ghi lý do đính chính" in text(answer)
    assert mai.post(f"{ADMIN}/settle", data={"reason": "x" * 500}).status_code == 400
    mai.post(f"{ADMIN}/settle", data={"reason": "Sửa đáp án câu 3"})
    as_("kien").post(f"{ADMIN}/publish", data={"version": "2"})
    assert "Sửa đáp án câu 3" in text(as_().get(PUBLISHED[0]))


@pytest.mark.parametrize("action", ["settle", "publish"])
def test_it_lets_only_officers_of_the_contest_close_it(closed: Fair, as_: Any, action: str) -> None:
    closed.settle()
    data = {"version": "1"}
    for name, status in ((None, 401), ("hanh", 403), ("thuan", 403), ("dung", 403), ("thanh", 403)):
        assert as_(name).post(f"{ADMIN}/{action}", data=data).status_code == status
    assert db.session.query(Round.published_version).filter_by(number=1).scalar() is None


def test_it_shows_officers_what_they_oversee(closed: Fair, as_: Any) -> None:
    for name in ("mai", "thanh", "kien"):
        assert "Tuần 1" in text(as_(name).get("/admin/contests"))
        assert as_(name).get(ADMIN).status_code == 200
    assert "settle" not in text(as_("thanh").get(ADMIN))
    for name in ("hanh", "dung"):
        assert as_(name).get("/admin/contests").status_code == 403
        assert as_(name).get(ADMIN).status_code == 403
    assert as_().get(ADMIN).location.startswith("/sign-in")
    assert as_("mai").get("/admin/contests/khac/rounds/1").status_code == 404
    assert as_("mai").get(f"{ADMIN}/settle").status_code == 405
    for version in ("9", "abc", "", "9" * 20):
        assert as_("mai").get(f"{ADMIN}/publish?version={version}").status_code == 404


def test_it_refuses_to_settle_an_open_round(fair: Fair, as_: Any) -> None:
    answer = as_("mai").post(f"{ADMIN}/settle")
    assert answer.status_code == 409
    assert "còn mở" in text(answer)
    assert "chưa đóng" in text(as_("mai").get(ADMIN))


def test_it_offers_tasks_prizes_and_decisions(closed: Fair, app: Any, at: Any) -> None:
    from elearn.contests import wiring
    from elearn.members.queries import actor_of

    with app.test_request_context():
        hanh, mai = actor_of(1, "/1/2/3/", NOW), actor_of(6, "/1/", NOW)
        (task,) = wiring.tasks_of_member(hanh, NOW)
        assert (task.title, task.due_at, task.is_required) == ("Dự thi Tuần 1", CLOSES, False)
        assert "Đã dự 1 trên 3 lượt." in task.detail
        assert wiring.tasks_of_member(actor_of(7, "/1/", NOW), NOW) == [], "whoever writes questions is not invited"
        assert not wiring.tasks_of_member(hanh, AFTER)
        assert wiring.open_rounds(NOW)[0].url == HERE
        assert wiring.page_of_quiz(closed.round().quiz_id, 1) == HERE
        assert wiring.page_of_quiz(999, 1) is None
        assert [one.title for one in wiring.decisions_of_officer(mai, AFTER)] == ["Tuần 1 đã đóng, chờ chốt"]
        assert wiring.decisions_of_officer(hanh, AFTER) == []
        closed.settle()
        assert [one.title for one in wiring.decisions_of_officer(mai, AFTER)] == ["Tuần 1 chưa công bố"]
        closed.publish()
        assert wiring.decisions_of_officer(mai, AFTER) == []
        (prize,) = wiring.prizes_of_member(hanh, AFTER)
        assert (prize.honour, prize.detail, prize.kind) == ("Giải Nhất", "Hạng 1 trên 4 người", "medal")
        (figure,) = wiring.figures_of_officer(mai, CLOSES + timedelta(days=1))
        assert figure.series == (4, 0)


def test_it_records_that_an_officer_took_the_standings_out(closed: Fair, as_: Any) -> None:
    closed.publish()
    for login, count in ((None, 0), ("hanh", 0), ("mai", 1)):
        client = as_(login) if login else as_()
        assert client.get(PUBLISHED[2]).status_code == 200
        db.session.rollback()
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export_list")).all()
        assert len(found) == count
    assert found[0].subject_kind == "round"
    assert found[0].detail.after["rows"] > 0
