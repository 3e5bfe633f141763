"""A wrong key found afterwards: proposed, looked at, applied by a second person, seen by takers, reverted."""

from __future__ import annotations

import re
from decimal import Decimal as D

import pytest

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.jobs.services import work_off
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.models import Attempt, AttemptEvent, Correction, ReportCase
from elearn.quizzes.rules.attempts import Event, first_fault
from elearn.quizzes.services import QuizSpec, Save, create_quiz, save_response, start_attempt, submit_attempt
from elearn.quizzes.services.correcting import apply_correction, preview_correction, propose_correction, revert_correction

YEAR = {"options": [{"text": "1930", "right": True}, {"text": "1935"}, {"text": "1945"}]}
PLACE = {"answers": [{"text": "Ma Cao"}]}
MAI, KIEN = (6, "Hoàng Thị Mai"), (4, "Đặng Trung Kiên")


@pytest.fixture
def sat(app):
    """A quiz of two questions sat by three: hanh (A, Ma Cao), binh (B, Macao), lan (nothing). Its pass mark is one of two."""
    now = clock.now()
    with transaction() as session:
        bank = put_bank(session, BankSpec("sua", "Ngân hàng sửa", "Bank", 1))
        for code, kind, body in (("sua-1", "single_choice", YEAR), ("sua-2", "short_answer", PLACE)):
            put_question(session, bank.id, QuestionSpec(code, kind, "", "nhan_biet", f"Hỏi {code}?", body, "", None), now)
        blueprint = [{"bank": bank.id, "level": None, "count": 2}]
        quiz = create_quiz(
            session,
            QuizSpec("sua", "Bài sửa", "", 1, blueprint, 600, 3, pass_percent=50, shuffle_options=False, shuffle_questions=False),
        )
        quiz_id = quiz.id
    found = {}
    for name, member_id, unit_id, year, place in (
        ("hanh", 1, 3, "1930", "Ma Cao"),
        ("binh", 2, 4, "1935", "Macao"),
        ("lan", 3, 6, None, None),
    ):
        attempt_id = start_attempt(quiz_id, member_id, unit_id, clock.now())
        attempt = db.session.get_one(Attempt, attempt_id)
        for slot, asked in enumerate(attempt.paper, 1):
            version = version_of(asked["version"])
            said = (
                place
                if version.type == "short_answer"
                else year and "ABC"[[YEAR["options"][place]["text"] for place in asked["order"]].index(year)]
            )
            if said:
                save_response(attempt_id, member_id, Save(slot, said, slot, f"k{slot}"), clock.now())
        submit_attempt(attempt_id, member_id, "nop", clock.now())
        found[name] = attempt_id
    return quiz_id, found


def version_of(number):
    from elearn.questions.models import QuestionVersion

    return db.session.get_one(QuestionVersion, number)


def version_id(code):
    from elearn.questions.models import Question, QuestionVersion

    return db.session.scalar(db.select(QuestionVersion.id).join(Question).where(Question.code == code))


def results(found):
    db.session.rollback()
    rows = {name: db.session.get_one(Attempt, number) for name, number in found.items()}
    return {name: (row.mark, row.correct_count, row.is_passed) for name, row in rows.items()}


def whole_chain(attempt_id):
    columns = (
        AttemptEvent.seq, AttemptEvent.at, AttemptEvent.kind, AttemptEvent.slot, AttemptEvent.data, AttemptEvent.client_seq,
        AttemptEvent.key, AttemptEvent.digest,
    )  # fmt: skip
    return [Event(*row) for row in db.session.execute(db.select(*columns).where(AttemptEvent.attempt_id == attempt_id))]


FURTHER = {"body": {"answers": [{"text": "Macao", "fraction": "1"}, *PLACE["answers"]]}}
OTHER_YEAR = {"body": {"options": [{"text": "1930"}, {"text": "1935", "right": True}, {"text": "1945"}]}}


def propose(quiz_id, code, kind, detail, policy="exact"):
    return propose_correction(quiz_id, version_id(code), kind, detail, policy, "Văn kiện Đảng ghi khác", MAI, clock.now())


def test_a_further_answer_moves_only_those_who_gave_it(sat):
    quiz_id, found = sat
    before = results(found)
    assert before == {"hanh": (D(2), 2, True), "binh": (D(0), 0, False), "lan": (D(0), 0, False)}
    number = propose(quiz_id, "sua-2", "accept", FURTHER)
    summary = preview_correction(number, clock.now())
    assert summary["tally"] == {"attempts": 1, "people": 1, "up": 1, "down": 0, "now_pass": 1, "now_fail": 0}
    assert results(found) == before  # a preview changes nothing
    assert apply_correction(number, KIEN, clock.now())["tally"] == summary["tally"]
    assert results(found)["binh"] == (D(1), 1, True)
    events = whole_chain(found["binh"])
    assert events[-1].kind == "regraded"
    assert first_fault(found["binh"], events) is None
    revert_correction(number, KIEN, "Xem lại văn bản", clock.now())
    assert results(found) == before
    assert first_fault(found["binh"], whole_chain(found["binh"])) is None


def test_nobody_loses_unless_marks_are_to_be_exact(sat):
    quiz_id, found = sat
    kind = propose(quiz_id, "sua-1", "key", OTHER_YEAR, "never_lower")
    preview_correction(kind, clock.now())
    apply_correction(kind, KIEN, clock.now())
    assert results(found) == {"hanh": (D(2), 2, True), "binh": (D(1), 1, True), "lan": (D(0), 0, False)}
    revert_correction(kind, KIEN, "Tính đúng", clock.now())
    exact = propose(quiz_id, "sua-1", "key", OTHER_YEAR)
    assert preview_correction(exact, clock.now())["tally"]["down"] == 1
    apply_correction(exact, KIEN, clock.now())
    assert results(found)["hanh"] == (D(1), 1, True)


@pytest.mark.parametrize(
    ("kind", "detail", "expected"),
    [
        ("drop", {"how": "remove"}, {"hanh": (D(1), 2, True), "binh": (D(0), 1, False), "lan": (D(0), 1, False)}),
        ("drop", {"how": "give"}, {"hanh": (D(2), 2, True), "binh": (D(1), 1, True), "lan": (D(1), 1, True)}),
        ("weight", {"mark": "3"}, {"hanh": (D(4), 2, True), "binh": (D(0), 0, False), "lan": (D(0), 0, False)}),
    ],
)
def test_it_drops_and_reweights(sat, kind, detail, expected):
    quiz_id, found = sat
    number = propose(quiz_id, "sua-1", kind, detail)
    preview_correction(number, clock.now())
    apply_correction(number, KIEN, clock.now())
    assert results(found) == expected


def test_it_takes_two_persons_and_a_fresh_preview(sat):
    quiz_id, found = sat
    number = propose(quiz_id, "sua-2", "accept", FURTHER)
    with pytest.raises(DomainError, match="Chưa tính xong"):
        apply_correction(number, KIEN, clock.now())
    preview_correction(number, clock.now())
    with pytest.raises(DomainError, match="không tự áp dụng"):
        apply_correction(number, MAI, clock.now())
    again = start_attempt(quiz_id, 2, 4, clock.now())
    paper = db.session.get_one(Attempt, again).paper
    slot = next(slot for slot, asked in enumerate(paper, 1) if version_of(asked["version"]).type == "short_answer")
    save_response(again, 2, Save(slot, "Macao", 1, "k"), clock.now())
    submit_attempt(again, 2, "nop", clock.now())
    with pytest.raises(DomainError, match="Hãy tính lại"):
        apply_correction(number, KIEN, clock.now())
    assert results(found)["binh"][0] == D(0)
    assert preview_correction(number, clock.now())["tally"]["attempts"] == 2
    apply_correction(number, KIEN, clock.now())
    # What is submitted from now on is marked by the corrected key.
    last = start_attempt(quiz_id, 3, 6, clock.now())
    paper = db.session.get_one(Attempt, last).paper
    slot = next(slot for slot, asked in enumerate(paper, 1) if version_of(asked["version"]).type == "short_answer")
    save_response(last, 3, Save(slot, "macao", 1, "k"), clock.now())
    submit_attempt(last, 3, "nop", clock.now())
    assert db.session.get_one(Attempt, last, populate_existing=True).mark == D(1)


@pytest.mark.parametrize(
    ("kind", "detail", "field"),
    [
        ("key", {"body": {"options": [{"text": "1930", "right": True}, {"text": "1935"}]}}, "version"),
        ("key", {"body": {"options": [{"text": "1930"}, {"text": "1935"}, {"text": "1945"}]}}, "key"),
        ("key", {"body": YEAR}, "key"),
        ("weight", {"mark": "0"}, "mark"),
        ("weight", {"mark": "nhiều"}, "mark"),
        ("drop", {}, "how"),
        ("other", {}, "kind"),
    ],
)
def test_it_refuses_what_does_not_fit(sat, kind, detail, field):
    with pytest.raises(InvalidInput) as refusal:
        propose(sat[0], "sua-1", kind, detail)
    assert refusal.value.field == field


def test_officers_go_through_the_pages_and_the_taker_sees_why(sat, as_):
    _, found = sat
    mai, kien, binh = as_("mai"), as_("kien"), as_("binh")
    assert "Hỏi sua-2?" in mai.get("/admin/quizzes/sua/corrections").text
    page = f"/admin/quizzes/sua/corrections/new/{version_id('sua-2')}"
    assert "Ma Cao" in mai.get(page).text
    refused = mai.post(page, data={"kind": "accept", "answer": "Macao", "policy": "never_lower", "reason": ""})
    assert refused.status_code == 400
    assert 'value="Macao"' in refused.text
    assert (
        mai.post(page, data={"kind": "accept", "answer": "Macao", "policy": "never_lower", "reason": "Cách viết khác"}).status_code
        == 302
    )
    assert work_off() == 1
    number = db.session.scalar(db.select(Correction.id))
    url = f"/admin/quizzes/corrections/{number}"
    text = mai.get(url).text
    assert "Nguyễn Văn Bình" in text.replace("\u00a0", " ")
    assert "một cán bộ khác" in text
    assert mai.post(url + "/apply", follow_redirects=True).text.count("không tự áp dụng được") == 1
    assert "Xem việc sửa câu hỏi" in kien.get("/admin").text
    assert "Đã áp dụng" in kien.post(url + "/apply", follow_redirects=True).text
    assert kien.get(url + ".xlsx").status_code == 200
    result = binh.get(f"/attempts/{found['binh']}/result").text
    assert "Điểm được tính lại" in result
    assert "Cách viết khác" in result
    assert re.search(r"Trước đó 0 điểm, nay 1 điểm", result)
    assert as_("hanh").get(url).status_code == 403
    assert as_("thuan").get(url).status_code == 404
    assert as_("thuan").get("/admin/quizzes/sua/corrections").status_code == 404


def test_reports_of_one_question_are_one_case_and_one_answer(sat, as_):
    _, found = sat
    slots = {}
    for name in ("binh", "lan"):
        client = as_(name)
        paper = db.session.get_one(Attempt, found[name]).paper
        slots[name] = next(slot for slot, asked in enumerate(paper, 1) if asked["version"] == version_id("sua-2"))
        answer = client.post(
            f"/attempts/{found[name]}/reports", json={"slot": slots[name], "text": f"{name}: Macao cũng đúng", "key": "r"}
        )
        assert answer.status_code == 200
    case = db.session.scalar(db.select(ReportCase))
    assert len(case.reports) == 2
    mai = as_("mai")
    assert "2" in mai.get("/admin/quizzes/cases").text
    url = f"/admin/quizzes/cases/{case.id}"
    assert "binh: Macao cũng đúng" in mai.get(url).text
    assert "áp dụng việc sửa cho câu này trước" in mai.post(url, data={"decision": "corrected", "answer": "Đã nhận"}).text
    assert mai.post(url, data={"decision": "kept", "answer": "Tên chính thức là Ma Cao."}).status_code == 302
    for name in ("binh", "lan"):
        assert "Tên chính thức là Ma Cao." in as_(name).get(f"/attempts/{found[name]}/result").text
    assert "Tên chính thức" not in as_("hanh").get(f"/attempts/{found['hanh']}/result").text
    assert as_("thuan").get(url).status_code == 404
