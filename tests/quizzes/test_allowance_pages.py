"""Officers grant time, attempts and standing help on pages, look at attempts, and decide about late answers."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from python_calamine import CalamineWorkbook

from elearn.core import clock
from elearn.core.db import db
from elearn.lib.errors import DomainError
from elearn.quizzes import queries, services
from elearn.quizzes.models import Accommodation, Allowance, LateResponse
from elearn.quizzes.services import NeedSpec, Save
from tests.quizzes.conftest import OFFICER, REASON, right_label, row_of, save, start, submit

BASE = "/admin/quizzes/thu"


def all_of(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id)).all()


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.text("SELECT action FROM audit_entries ORDER BY seq")))


# More time and attempts


def test_it_grants_to_a_person_found_by_name(as_, made, people):
    client = as_("kien")
    found = client.get(f"{BASE}/allowances?q=tran+hanh")
    assert "Trần Thị Hạnh" in found.text
    assert "Chi bộ Khu phố 5" in found.text
    attempt_id = start(made, people.hanh)
    before = row_of(attempt_id).deadline_at
    form = client.get(f"{BASE}/allowances/person/1")
    assert "Lượt 1" in form.text
    answer = client.post(f"{BASE}/allowances/person/1", data={"minutes": "15", "attempts": "1", "reason": "Máy hỏng giữa chừng"})
    assert answer.status_code == 302
    assert row_of(attempt_id).deadline_at == before + timedelta(minutes=15)
    grant = all_of(Allowance)[0]
    assert (grant.member_id, grant.extra_seconds, grant.extra_attempts, grant.granted_by_name) == (1, 900, 1, "Đặng Trung Kiên")
    page = client.get(f"{BASE}/allowances").text
    for words in ("15 phút", "1 lượt", "Máy hỏng giữa chừng", "Đặng Trung Kiên", "1 lượt chưa nộp"):
        assert words in page, words


@pytest.mark.parametrize(
    ("form", "field"),
    [({"minutes": "0", "attempts": "0", "reason": "đủ dài"}, "minutes"), ({"minutes": "5", "reason": "x"}, "reason"),
     ({"minutes": "-1", "reason": "đủ dài"}, "minutes"), ({"minutes": "mười", "reason": "đủ dài"}, "minutes")],
)  # fmt: skip
def test_it_says_at_which_field_a_grant_is_wrong(as_, made, form, field):
    answer = as_("kien").post(f"{BASE}/allowances/person/1", data=form)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert not all_of(Allowance)


def test_it_grants_to_a_unit_in_the_officers_care(as_, made, people):
    client = as_("kien")
    attempts = [start(made, person) for person in (people.hanh, people.lan)]
    before = [row_of(one).deadline_at for one in attempts]
    assert (
        client.post(f"{BASE}/allowances/unit", data={"unit": "2", "minutes": "10", "reason": "Mất điện ở phường"}).status_code
        == 302
    )
    moved = [row_of(one).deadline_at - at for one, at in zip(attempts, before, strict=True)]
    assert moved == [timedelta(minutes=10), timedelta(0)]
    assert client.post(f"{BASE}/allowances/unit", data={"unit": "99", "minutes": "10", "reason": "Mất điện"}).status_code == 400


def test_it_says_how_many_are_at_it_before_it_extends_for_all(as_, made, people):
    client = as_("kien")
    attempts = [start(made, person) for person in (people.hanh, people.binh, people.lan)]
    before = [row_of(one).deadline_at for one in attempts]
    sheet = client.post(f"{BASE}/allowances/all", data={"minutes": "5", "attempts": "0", "reason": "Mạng chậm toàn tỉnh"})
    assert sheet.status_code == 200
    assert "3 lượt chưa nộp được thêm 5 phút ngay bây giờ" in sheet.text
    assert not all_of(Allowance)  # nothing happened yet
    form = {"minutes": "5", "attempts": "0", "reason": "Mạng chậm toàn tỉnh", "confirmed": "yes"}
    done = client.post(f"{BASE}/allowances/all", data=form, follow_redirects=True)
    assert "3 lượt chưa nộp được thêm giờ ngay." in done.text
    assert [row_of(one).deadline_at - at for one, at in zip(attempts, before, strict=True)] == [timedelta(minutes=5)] * 3
    assert client.post(f"{BASE}/allowances/all", data={"minutes": "0", "reason": "Mạng chậm toàn tỉnh"}).status_code == 400


def test_it_takes_a_grant_back(as_, made):
    client = as_("kien")
    client.post(f"{BASE}/allowances/person/1", data={"minutes": "15", "reason": "Nhầm người rồi"})
    grant_id = all_of(Allowance)[0].id
    assert client.get(f"/admin/quizzes/allowances/{grant_id}/revoke").status_code == 200
    assert client.post(f"/admin/quizzes/allowances/{grant_id}/revoke", data={"reason": "x"}).status_code == 400
    assert client.post(f"/admin/quizzes/allowances/{grant_id}/revoke", data={"reason": "Nhầm người"}).status_code == 302
    assert all_of(Allowance)[0].revoked_at is not None
    assert "Đã rút lại" in client.get(f"{BASE}/allowances").text
    again = client.post(f"/admin/quizzes/allowances/{grant_id}/revoke", data={"reason": "Nhầm người"}, follow_redirects=True)
    assert "đã được rút lại" in again.text
    assert client.get("/admin/quizzes/allowances/999/revoke").status_code == 404
    assert as_("thuan").post(f"/admin/quizzes/allowances/{grant_id}/revoke", data={"reason": "Nhầm người"}).status_code == 404


def test_it_finds_only_people_in_the_officers_care(as_, make_quiz):
    make_quiz(unit_id=2)
    client = as_("dung")  # trains Bình Minh only
    assert "Trần Thị Hạnh" in client.get(f"{BASE}/allowances?q=hanh").text
    assert "Phạm Thị Lan Anh" not in client.get(f"{BASE}/allowances?q=lan").text
    assert client.get(f"{BASE}/allowances/person/3").status_code == 404
    assert client.post(f"{BASE}/allowances/person/3", data={"minutes": "5", "reason": "đủ dài"}).status_code == 404
    assert as_("thanh").get(f"{BASE}/allowances").status_code in (403, 404)


# Standing help


def test_it_grants_standing_help_and_ends_it(as_, app):
    client = as_("dung")
    assert "Trần Thị Hạnh" in client.get("/admin/quizzes/accommodations?q=hanh").text
    form = {"factor": "1500", "is_large_print": "y", "valid_to": "31/12/2099", "reason": "Thị lực kém, có giấy"}
    assert client.post("/admin/quizzes/accommodations/1", data=form).status_code == 302
    grant = all_of(Accommodation)[0]
    assert (grant.time_permille, grant.is_large_print, grant.is_screen_reader, grant.valid_to.year) == (1500, True, False, 2099)
    listed = client.get("/admin/quizzes/accommodations").text
    assert "Thời gian gấp 1,5 lần, chữ to" in listed
    assert "Thị lực kém" not in listed
    end = f"/admin/quizzes/accommodations/1/{grant.id}/end"
    assert client.post(end, data={"reason": "Không cần nữa"}).status_code == 302
    assert "Đã kết thúc" in client.get("/admin/quizzes/accommodations/1").text
    assert "Trần Thị Hạnh" not in client.get("/admin/quizzes/accommodations").text
    assert client.get(f"/admin/quizzes/accommodations/2/{grant.id}/end").status_code == 404


def test_it_opens_a_reason_only_on_demand_and_writes_that_down(as_, people):
    services.grant_accommodation(people.hanh.member_id, NeedSpec(1500), "Thị lực kém", OFFICER, clock.now())
    client = as_("dung")
    assert "Thị lực kém" not in client.get("/admin/quizzes/accommodations/1").text
    assert "view_accommodation" not in actions()
    assert "Thị lực kém" in client.post("/admin/quizzes/accommodations/1/reasons").text
    assert "Thị lực kém" in as_("hanh").get("/quizzes").text  # one's own
    assert "Thị lực kém" not in as_("binh").get("/quizzes").text
    assert actions().count("view_accommodation") == 1
    assert "Xem lý do hỗ trợ khi làm bài" in as_("hanh").get("/me/looks").text


@pytest.mark.parametrize(
    ("form", "field"),
    [({"factor": "1000", "reason": "đủ dài"}, "factor"), ({"factor": "1500", "reason": ""}, "reason"),
     ({"factor": "9999", "reason": "đủ dài"}, "factor"), ({"factor": "1500", "valid_from": "hôm qua", "reason": "đủ dài"}, "valid_from"),
     ({"factor": "1500", "valid_from": "02/01/2027", "valid_to": "01/01/2027", "reason": "đủ dài"}, "valid_to")],
)  # fmt: skip
def test_it_says_at_which_field_help_is_wrong(as_, app, form, field):
    answer = as_("dung").post("/admin/quizzes/accommodations/1", data=form)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text


def test_it_keeps_standing_help_to_those_who_grant_it(as_, people):
    services.grant_accommodation(people.hanh.member_id, NeedSpec(1500), "Thị lực kém", OFFICER, clock.now())
    grant_id = all_of(Accommodation)[0].id
    pages = ("/admin/quizzes/accommodations/1", f"/admin/quizzes/accommodations/1/{grant_id}/end")
    for name, status in (("thuan", 404), ("yen", 403), ("thanh", 403), ("quang", 403), ("hanh", 403)):
        client = as_(name)
        for page in pages:
            assert client.get(page).status_code == status, (name, page)
        assert client.post("/admin/quizzes/accommodations/1/reasons").status_code == status
    assert "Trần Thị Hạnh" not in as_("thuan").get("/admin/quizzes/accommodations?q=hanh").text


def test_it_is_reached_from_a_persons_record(as_, app):
    assert "/admin/quizzes/accommodations/1" in as_("dung").get("/admin/members/1").text
    assert "/admin/quizzes/accommodations/1" not in as_("nga").get("/admin/members/1").text


# Attempts


@pytest.fixture
def three(as_, made, people):
    """hanh has handed in, binh is at it, lan's time is over."""
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        over = start(made, people.lan)
    done = start(made, people.hanh)
    save(as_("hanh"), done, 1, right_label(done, 1))
    submit(as_("hanh"), done)
    return done, start(made, people.binh), over


def names_in(page: str) -> set[str]:
    return {name for name in ("Trần Thị Hạnh", "Nguyễn Văn Bình", "Phạm Thị Lan Anh") if name in page}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Trần Thị Hạnh", "Nguyễn Văn Bình", "Phạm Thị Lan Anh"}), ("?q=tran+hanh", {"Trần Thị Hạnh"}), ("?q=khong+ai", set()),
        ("?state=submitted", {"Trần Thị Hạnh"}), ("?state=open", {"Nguyễn Văn Bình", "Phạm Thị Lan Anh"}), ("?state=pending", set()),
        ("?state=late", set()), ("?state=discarded", set()), ("?unit=2", {"Trần Thị Hạnh", "Nguyễn Văn Bình"}), ("?unit=6", {"Phạm Thị Lan Anh"}),
        ("?unit=x&state=y", {"Trần Thị Hạnh", "Nguyễn Văn Bình", "Phạm Thị Lan Anh"}),
    ],
)  # fmt: skip
def test_it_lists_attempts(as_, three, query, names):
    page = as_("mai").get(f"{BASE}/attempts{query}")
    assert page.status_code == 200
    assert names_in(page.text) == names


def test_it_tells_people_and_attempts_apart_and_offers_what_the_reader_may(as_, three):
    page = as_("mai").get(f"{BASE}/attempts").text
    assert "1 người đã nộp 1 lượt; 1 lượt đang làm." in page
    assert "1/20" in page
    assert "Hết giờ, chưa chốt" in page
    assert f"/attempts/{three[0]}/result" not in page  # contest officers do not open what people wrote
    examiner = as_("thanh").get(f"{BASE}/attempts").text
    assert f"/attempts/{three[0]}/result" in examiner
    assert f"/attempts/{three[1]}/timeline" in examiner
    assert f"/attempts/{three[1]}/result" not in examiner


def test_it_shows_viewers_only_people_in_their_own_care(as_, make_quiz, people):
    made = make_quiz(unit_id=2, is_for_all=True)
    for person in (people.hanh, people.lan):
        start(made, person)
    assert names_in(as_("dung").get(f"{BASE}/attempts").text) == {"Trần Thị Hạnh", "Phạm Thị Lan Anh"}  # who runs the quiz
    assert names_in(as_("quang").get(f"{BASE}/attempts").text) == {"Trần Thị Hạnh"}
    assert names_in(as_("quang").get(f"{BASE}/attempts?unit=6").text) == set()
    assert "Thôn Thượng" not in as_("quang").get(f"{BASE}/attempts").text
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(as_("quang").get(f"{BASE}/attempts.xlsx").data)).get_sheet_by_index(0).to_python()
    )
    assert "Phạm Thị Lan Anh" not in str(rows)


def test_it_finishes_attempts_whose_time_is_over(as_, three):
    client = as_("mai")
    assert "1 lượt đã hết giờ mà chưa chốt" in client.get(f"{BASE}/attempts").text
    done = client.post(f"{BASE}/attempts/finish", follow_redirects=True)
    assert "Đã chốt 1 lượt hết giờ." in done.text
    assert [row_of(one).state for one in three] == ["submitted", "open", "submitted"]
    assert as_("quang").post(f"{BASE}/attempts/finish").status_code == 403
    assert as_("thuan").post(f"{BASE}/attempts/finish").status_code == 404


def test_it_gives_the_list_as_excel(as_, three):
    answer = as_("mai").get(f"{BASE}/attempts.xlsx?unit=2")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows if row and row[0] in names_in(str(rows))] == ["Nguyễn Văn Bình", "Trần Thị Hạnh"]
    assert "export_list" in actions()


# Late answers


@pytest.fixture
def late(as_, made, people):
    """hanh's attempt, with two answers that came after its time, one of them right."""
    attempt_id = start(made, people.hanh)
    ends = row_of(attempt_id).deadline_at
    for slot, answer in ((1, right_label(attempt_id, 1)), (2, "A")):
        with pytest.raises(DomainError):
            services.save_response(
                attempt_id,
                people.hanh.member_id,
                Save(slot, answer, slot, f"muon{slot}", waited_seconds=130),
                ends + timedelta(minutes=5),
            )
    services.finish_when_overdue(attempt_id, people.hanh.member_id, ends + timedelta(minutes=6))
    return attempt_id


def test_it_shows_late_answers_with_what_the_page_said(as_, late):
    client = as_("mai")
    page = client.get(f"{BASE}/late").text
    for words in ("Trần Thị Hạnh", "Câu 1", "đúng ", "giữ 130 giây", "hết giờ lúc"):
        assert words in page, words
    assert "2 câu gửi muộn" in client.get(f"{BASE}/attempts?state=late").text
    today = client.get("/admin").text
    assert "2 câu trả lời gửi muộn: Bài thử" in today
    assert "gửi muộn" not in as_("quang").get("/admin").text


def test_it_takes_some_late_answers_and_leaves_others(as_, late):
    first, second = (one.id for one in all_of(LateResponse))
    client = as_("mai")
    assert row_of(late).mark == 0
    taken = client.post(f"{BASE}/late", data={"late": [first], "reason": REASON, "do": "accept"}, follow_redirects=True)
    assert "Đã tính 1 câu trả lời gửi muộn" in taken.text
    assert row_of(late).mark == 1
    client.post(f"{BASE}/late", data={"late": [second], "reason": "Không có lý do", "do": "refuse"})
    assert [(one.decision, one.decided_by_name) for one in all_of(LateResponse)] == [
        ("accepted", "Hoàng Thị Mai"), ("refused", "Hoàng Thị Mai"),
    ]  # fmt: skip
    assert "Không có câu nào chờ quyết định" in client.get(f"{BASE}/late").text
    assert not queries.late_waiting(row_of(late).quiz_id)


def test_it_wants_a_reason_and_a_choice(as_, late, make_quiz):
    first = all_of(LateResponse)[0].id
    client = as_("mai")
    answer = client.post(f"{BASE}/late", data={"late": [first], "reason": "", "do": "accept"})
    assert answer.status_code == 400
    assert 'id="reason-error"' in answer.text
    assert f'value="{first}" checked' in answer.text
    nothing = client.post(f"{BASE}/late", data={"reason": REASON, "do": "accept"})
    assert nothing.status_code == 400
    assert "Chưa chọn câu trả lời nào" in nothing.text
    make_quiz(code="khac", title="Bài khác")
    foreign = client.post("/admin/quizzes/khac/late", data={"late": [first], "reason": REASON, "do": "accept"})
    assert foreign.status_code == 404
    assert all(one.decision == "waiting" for one in all_of(LateResponse))
