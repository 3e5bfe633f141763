"""Pages of written work: who gets in, what is kept after a refusal, what officers do."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.submissions import services
from elearn.submissions.models import SubmissionStep
from elearn.submissions.wiring import erase_person, own_data
from tests.counting import statements
from tests.submissions.conftest import DUE, DUNG, HANH, NOW, PLAN, target
from tests.submissions.test_writing import PDF, docx, hand_in


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def boxes(**answers):
    return {f"answer-{key}": value for key, value in answers.items()}


def test_it_takes_a_plan_from_the_first_word_to_acceptance(as_, asked):
    plan, dung, kien = asked.unit(2), as_("dung"), as_("kien")
    assert "Rõ trách nhiệm" in text_of(dung.get(f"/submissions/{plan}"))
    saved = dung.post(f"/submissions/{plan}", data={"revision": "0", **boxes(who="Chi uỷ")}, headers={"Accept": "application/json"})
    assert saved.json["revision"] == 1
    answer = dung.post(
        f"/submissions/{plan}", data={"revision": "1", "do": "preview", **boxes(**{**PLAN, "result": ""})}, follow_redirects=True
    )
    assert "Chưa nộp được" in text_of(answer)
    dung.post(f"/submissions/{plan}", data={"revision": "2", "do": "save", **boxes(**PLAN)})
    assert "Nộp bài" in text_of(dung.get(f"/submissions/{plan}/preview"))
    assert "Rút lại để sửa" in text_of(dung.post(f"/submissions/{plan}/hand-in", follow_redirects=True))
    listing = text_of(kien.get(f"/admin/submissions/{asked.plans}?state=submitted"))
    assert "phường Bình Minh" in listing
    assert "xã Đông Hoà" not in listing
    answer = kien.post(f"/admin/submissions/targets/{plan}/return", data={"return-reason": "x"})
    assert answer.status_code == 400
    assert "lý do" in text_of(answer)
    kien.post(f"/admin/submissions/targets/{plan}/return", data={"return-reason": "Chưa rõ kết quả bao nhiêu buổi"})
    assert "Chưa rõ kết quả bao nhiêu buổi" in text_of(dung.get(f"/submissions/{plan}"))
    dung.post(f"/submissions/{plan}/hand-in")
    kien.post(f"/admin/submissions/{asked.plans}/accept", data={"target": [plan, asked.unit(5), 999]})
    assert target(plan).state == "accepted"
    page = text_of(kien.get(f"/admin/submissions/targets/{plan}"))
    assert "Xem bản 1" in page


def test_it_keeps_what_was_typed_when_it_refuses(as_, asked):
    plan, dung = asked.unit(2), as_("dung")
    services.save_draft((10, "Vũ Đình Quang"), plan, {"who": "Người khác"}, 0, NOW)
    answer = dung.post(f"/submissions/{plan}", data={"revision": "0", **boxes(who="Chữ của tôi")})
    assert answer.status_code == 409
    assert "Chữ của tôi" in text_of(answer)
    assert "Vũ Đình Quang vừa lưu" in text_of(answer)
    assert 'name="revision" value="1"' in text_of(answer)
    wrong = {"revision": "1", **boxes(who="Chữ của tôi"), "file": (io.BytesIO(PDF), "ke-hoach.docx")}
    answer = dung.post(f"/submissions/{plan}", data=wrong, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "Tên tệp ke-hoach.docx không đúng với nội dung: bên trong là PDF" in text_of(answer)
    assert "Chữ của tôi" in text_of(dung.get(f"/submissions/{plan}"))


def test_it_gives_the_file_back_to_its_writer_and_its_reviewer_only(as_, asked):
    plan, dung = asked.unit(2), as_("dung")
    sent = {"revision": "0", "file": (io.BytesIO(docx()), "Kế hoạch.docx")}
    dung.post(f"/submissions/{plan}", data=sent, content_type="multipart/form-data")
    assert dung.get(f"/submissions/{plan}/file").data == docx()
    dung.post(f"/submissions/{plan}/hand-in")
    assert as_("kien").get(f"/admin/submissions/targets/{plan}/versions/1/file").data == docx()
    for name in ("thuan", "hanh", "quang"):
        assert as_(name).get(f"/submissions/{plan}/file").status_code == 404
        assert as_(name).get(f"/admin/submissions/targets/{plan}/versions/1/file").status_code in (403, 404)


@pytest.mark.parametrize(
    ("name", "writes_plan", "writes_essay", "lists", "reads", "reviews_plan", "reviews_essay"),
    [
        ("hanh", 404, 200, 403, 403, 403, 403), ("binh", 404, 404, 403, 403, 403, 403), ("dung", 200, 404, 200, 200, 403, 302),
        ("quang", 404, 404, 200, 403, 403, 403), ("thuan", 404, 404, 200, 404, 404, 404), ("kien", 404, 404, 200, 200, 302, 302),
        ("mai", 404, 404, 403, 403, 403, 403),
    ],
)  # fmt: skip
def test_it_lets_each_do_their_part(as_, asked, name, writes_plan, writes_essay, lists, reads, reviews_plan, reviews_essay):
    plan, essay, client = asked.unit(2), asked.member(1), as_(name)
    hand_in(plan)
    hand_in(essay, actor=HANH, answers={"text": "Bài"})
    assert client.get(f"/submissions/{plan}").status_code == writes_plan
    assert client.get(f"/submissions/{essay}").status_code == writes_essay
    assert client.get(f"/admin/submissions/{asked.plans}").status_code == lists
    assert client.get(f"/admin/submissions/targets/{plan}").status_code == reads
    assert client.post(f"/admin/submissions/targets/{plan}/accept").status_code == reviews_plan
    assert client.post(f"/admin/submissions/targets/{essay}/accept").status_code == reviews_essay


def test_it_shows_each_level_its_own_part(as_, asked):
    page = text_of(as_("thuan").get(f"/admin/submissions/{asked.essays}"))
    assert "Phạm Thị Lan Anh" in page
    assert "Trần Thị Hạnh" not in page
    assert as_("thuan").get(f"/admin/submissions/{asked.essays}?unit=2").status_code == 200
    assert "Trần Thị Hạnh" not in text_of(as_("thuan").get(f"/admin/submissions/{asked.essays}?unit=2"))
    assert as_("thuan").get(f"/admin/submissions/{asked.essays}/excel").data[:2] == b"PK"


def test_it_lets_a_named_member_write_for_the_unit(as_, asked, session):
    plan = asked.unit(2)
    assert as_("thuan").get("/admin/submissions/writers/2").status_code == 404
    answer = as_("dung").post("/admin/submissions/writers/2", data={"code": "DV00003"})
    assert answer.status_code == 400  # of another commune
    as_("dung").post("/admin/submissions/writers/2", data={"code": "dv00001"})
    assert as_("hanh").get(f"/submissions/{plan}").status_code == 200
    assert "Kế hoạch làm theo Bác 2026" in text_of(as_("hanh").get("/"))
    as_("dung").post("/admin/submissions/writers/2/1/remove")
    assert as_("hanh").get(f"/submissions/{plan}").status_code == 404


def test_it_asks_until_it_is_handed_in_or_exempt(as_, asked):
    hanh = as_("hanh")
    assert "Nộp bài" in text_of(hanh.get("/"))
    assert "Bài thu hoạch" in text_of(hanh.get("/submissions"))
    as_("dung").post(f"/admin/submissions/targets/{asked.member(1)}/exempt", data={"exempt-reason": "Đảng viên cao tuổi"})
    assert "Bài thu hoạch" not in text_of(hanh.get("/"))
    assert "Đảng viên cao tuổi" in text_of(hanh.get(f"/submissions/{asked.member(1)}"))
    assert hanh.post(f"/submissions/{asked.member(1)}", data={}).status_code == 409
    as_("dung").post(f"/admin/submissions/targets/{asked.member(1)}/unexempt")
    assert "Bài thu hoạch" in text_of(hanh.get("/"))


def test_it_tightens_a_deadline_within_ones_own_part(as_, asked):
    dung = as_("dung")
    page = f"/admin/submissions/{asked.essays}/deadline"
    assert dung.post(page, data={"unit": 5, "due_on": "20/10/2026"}).status_code == 400
    answer = dung.post(page, data={"unit": 2, "due_on": "02/11/2026"})
    assert answer.status_code == 400
    assert "sớm hơn" in text_of(answer)
    assert dung.post(page, data={"unit": 2, "due_on": "20/10/2026"}).status_code == 302
    assert "20/10/2026" in text_of(as_("hanh").get(f"/submissions/{asked.member(1)}"))
    assert "31/10/2026" in text_of(as_("lan").get(f"/submissions/{asked.member(3)}"))


def test_it_withdraws_only_before_the_deadline(as_, asked, at_the_hour):
    essay, hanh = asked.member(1), as_("hanh")
    hand_in(essay, actor=HANH, answers={"text": "Bài"})
    assert hanh.get(f"/submissions/{essay}/withdraw").status_code == 200
    hanh.post(f"/submissions/{essay}/withdraw")
    assert target(essay).state == "draft"
    services.hand_in(HANH, essay, NOW)
    at_the_hour.move_to(DUE + timedelta(hours=1))
    assert as_("hanh").post(f"/submissions/{essay}/withdraw").status_code == 409


def test_it_asks_as_many_statements_for_a_long_list_as_for_a_short_one(as_, asked):
    kien = as_("kien")
    kien.get(f"/admin/submissions/{asked.essays}")
    with statements() as short:
        kien.get(f"/admin/submissions/{asked.essays}")
    with transaction() as inside:
        services.take_targets(inside, DUNG, asked.essays, select(Member.id).where(Member.id != 13), NOW)
    with statements() as long:
        assert "Hoàng Thị Mai" in text_of(kien.get(f"/admin/submissions/{asked.essays}"))
    assert len(long) == len(short)


def test_it_forgets_what_an_erased_person_wrote(asked, session):
    essay = asked.member(1)
    hand_in(essay, actor=HANH, answers={"text": "Bài riêng"})
    assert own_data(1)["submissions"][0]["handed_in"] == {"text": "Bài riêng"}
    with transaction() as inside:
        erase_person(inside, 1, "(đã xoá)")
    db.session.rollback()
    assert own_data(1)["submissions"][0]["handed_in"] == {}
    assert (target(essay).name, target(essay).state) == ("(đã xoá)", "submitted")
    assert {one.by_name for one in session.scalars(select(SubmissionStep).where(SubmissionStep.target_id == essay))} == {"(đã xoá)"}
