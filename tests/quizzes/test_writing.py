"""Every way to write into an attempt: forward only, late, certain, with files, with notes, checked; and nothing else can be written."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from elearn.core import clock
from elearn.core.db import db
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.questions.queries import TYPES, render_versions
from elearn.quizzes import queries, services
from elearn.quizzes.models import Attempt, AttemptEvent, LateResponse, QuestionReport, ReportCase
from tests.quizzes.conftest import CANARY, EVERY, OFFICER, REASON, right_label, row_of, save, slot_of, soon, start, submit

WRITING = {
    "quizzes.respond", "quizzes.flag", "quizzes.move", "quizzes.check", "quizzes.hold", "quizzes.note", "quizzes.report", "quizzes.submit",
    "quizzes.hand_in", "quizzes.remove_file",
}  # fmt: skip


def post(client, attempt_id, path, slot, key, response=None, made=1, **more):
    body = {"slot": slot, "response": response, "client_seq": made, "key": key, **more}
    return client.post(f"/attempts/{attempt_id}/{path}", json=body)


def kinds(attempt_id) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id).order_by(AttemptEvent.seq))
    )


def test_it_knows_every_route_by_which_a_taker_writes(app):
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/attempts/") and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert found == WRITING  # a new one is added here and to the tests below


@pytest.fixture
def forward(make_quiz, people) -> int:
    return start(make_quiz(navigation="forward"), people.hanh)


@pytest.mark.parametrize("path", ["responses", "flags", "check"])
def test_it_goes_forward_only_by_every_route(as_, forward, path):
    client, response = as_("hanh"), True if path == "flags" else "A"
    for slot in (2, 5, 20):
        answer = post(client, forward, path, slot, f"early{slot}", response)
        assert (answer.status_code, answer.json["error"]) == (409, "wrong_position")
    assert post(client, forward, "position", 2, "move").status_code == 200
    answer = post(client, forward, path, 1, "back", response)
    assert (answer.status_code, answer.json["error"]) == (409, "wrong_position")
    assert "answered" not in kinds(forward)
    assert "flagged" not in kinds(forward)


def test_it_moves_only_to_the_next_question(as_, forward):
    client = as_("hanh")
    for slot in (1, 3, 0, 21):
        assert post(client, forward, "position", slot, f"k{slot}").status_code in (400, 409)
    moved = post(client, forward, "position", 2, "m2")
    assert moved.json["question"]["stem"].startswith("<p>Câu thử" if "<p>" in moved.json["question"]["stem"] else "Câu thử")
    assert {"saved_at", "seq", "receipt", "remaining_seconds", "question"} == set(moved.json)
    assert post(client, forward, "position", 2, "m2").json == moved.json | {"remaining_seconds": moved.json["remaining_seconds"]}
    assert post(client, forward, "position", 3, "m3").status_code == 200
    assert "question" not in post(client, forward, "position", 2, "m2").json  # repeated: what was left stays left
    assert row_of(forward).position == queries.state_of(forward).position == 3


def test_it_sends_only_the_present_question(as_, forward):
    client = as_("hanh")
    page = client.get(f"/attempts/{forward}").get_data(as_text=True)
    assert page.count("Câu thử") == 2  # its stem and its summary
    post(client, forward, "position", 2, "m2")
    page = client.get(f"/attempts/{forward}").get_data(as_text=True)
    assert page.count("Câu thử") == 2


def test_it_takes_the_prediction_wherever_one_is(as_, forward):
    assert save(as_("hanh"), forward, 0, "12", 1, "p").status_code == 200


def test_it_moves_nowhere_in_a_free_paper(as_, made, people):
    assert post(as_("hanh"), start(made, people.hanh), "position", 2, "m").json["error"] == "wrong_position"


def test_it_writes_nothing_but_what_a_save_may_write(as_, made, people):
    """Fields that nobody asked for change no column (mass assignment)."""
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    client.post(f"/attempts/{attempt_id}/hold", json={"holder": "trang"})
    extra = {
        "role": "system_administrator", "is_admin": True, "score": 20, "mark": 20, "unit_id": 5, "verified": True, "attempt_no": 9,
        "number": 9, "started_at": "2099-01-01", "deadline": "2099-01-01", "deadline_at": "2099-01-01T00:00:00+00:00", "user_id": 2,
        "member_id": 2, "state": "submitted", "attempt_limit": 99, "extra_seconds": 9999, "is_passed": True, "position": 20, "seq": 77,
        "at": "2020-01-01", "digest": "0" * 64, "kind": "marked",
    }  # fmt: skip
    before = snapshot()
    answers = [
        save(client, attempt_id, 1, "A", 1, "a", holder="trang", **extra),
        post(client, attempt_id, "flags", 1, "f", True, 2, **extra),
        client.post(f"/attempts/{attempt_id}/notes", json={"key": "n", "notes": [{**extra, "kind": "shown", "slot": 2}], **extra}),
        client.post(f"/attempts/{attempt_id}/hold", json={"holder": "trang", **extra}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    after = snapshot()
    assert after["attempts"] == before["attempts"]
    assert after["members"] == before["members"]
    assert kinds(attempt_id) == ["started", "held", "answered", "flagged", "shown"]


def snapshot() -> dict[str, list]:
    db.session.rollback()
    return {name: db.session.execute(sa.text(f"SELECT * FROM {name} ORDER BY 1")).all() for name in ("attempts", "members")}


# Late


@pytest.mark.parametrize("is_swept", [False, True])
def test_it_keeps_what_comes_too_late_and_nothing_in_the_log(as_, made, people, is_swept):
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    with time_machine.travel(soon(seconds=605, milliseconds=400), tick=False):
        if is_swept:
            services.finish_overdue(made.quiz_id, clock.now())
        answers = [save(client, attempt_id, 3, "B", 7, "tre", waited_seconds=130) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 409
        assert answer.json["error"] == ("already_submitted" if is_swept else "deadline_passed")
        assert "giữ lại" in answer.json["message"]
    assert "answered" not in kinds(attempt_id)
    rows = queries.late_of(attempt_id)
    assert [(one.slot, one.response, one.client_seq, one.waited_seconds, one.decision) for one in rows] == [
        (3, "B", 7, 130, "waiting")
    ]
    assert set(queries.late_waiting(made.quiz_id)) == {attempt_id}


def test_it_keeps_after_a_submission_only_what_was_made_before(as_, made, people):
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    submit(client, attempt_id)
    with time_machine.travel(soon(seconds=60), tick=False):
        new, held = save(client, attempt_id, 1, "A", 5, "moi"), save(client, attempt_id, 2, "A", 6, "cu", waited_seconds=90)
    assert (new.json["error"], held.json["error"]) == ("already_submitted", "already_submitted")
    assert "giữ lại" not in new.json["message"]
    assert [one.slot for one in queries.late_of(attempt_id)] == [2]


def test_it_refuses_a_bad_late_answer_like_any_other(as_, made, people):
    attempt_id = start(made, people.hanh)
    with time_machine.travel(soon(hours=1), tick=False):
        assert save(as_("hanh"), attempt_id, 1, "Z").status_code == 400
        assert save(as_("hanh"), attempt_id, 99, "A").status_code == 400
        assert save(as_("binh"), attempt_id, 1, "A").status_code == 404
    assert queries.late_of(attempt_id) == []


def test_it_keeps_no_late_answer_to_a_question_that_was_left(as_, forward):
    with time_machine.travel(soon(hours=1), tick=False):
        assert save(as_("hanh"), forward, 5, "A", 1, "a").json["error"] == "wrong_position"
        assert save(as_("hanh"), forward, 1, "A", 2, "b").json["error"] == "deadline_passed"
    assert [one.slot for one in queries.late_of(forward)] == [1]


def late_answers(as_, made, people, *slots) -> tuple[int, list[int]]:
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    labels = {slot: right_label(attempt_id, slot) for slot in (1, *slots)}
    save(client, attempt_id, 1, labels[1], 1, "ontime")
    with time_machine.travel(soon(hours=1), tick=False):
        for slot in slots:
            save(client, attempt_id, slot, labels[slot], 10 + slot, f"late{slot}")
        submit(client, attempt_id)
    return attempt_id, [one.id for one in queries.late_of(attempt_id)]


def test_it_takes_late_answers_with_a_reason_and_marks_again(as_, make_quiz, people):
    made = make_quiz(pass_percent=15)
    attempt_id, ids = late_answers(as_, made, people, 2, 3)
    assert (row_of(attempt_id).mark, row_of(attempt_id).is_passed) == (1, False)
    with pytest.raises(InvalidInput):
        services.accept_late(ids, "  ", OFFICER, clock.now())
    assert services.accept_late(ids, REASON, OFFICER, clock.now()) == 2
    row, state = row_of(attempt_id), queries.state_of(attempt_id)
    assert (row.mark, row.correct_count, row.is_passed, row.state) == (3, 3, True, "submitted")
    assert [str(mark) for mark in state.marks[:4]] == ["1", "1", "1", "0"]
    assert kinds(attempt_id)[-3:] == ["late_taken", "late_taken", "regraded"]
    with pytest.raises(DomainError) as refused:
        services.accept_late(ids, REASON, OFFICER, clock.now())
    assert refused.value.code == "already_decided"
    page = as_("hanh").get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert REASON in page
    audited = db.session.execute(sa.text("SELECT action, subject_id FROM audit_entries WHERE action = 'accept_late'")).all()
    assert audited == [("accept_late", str(attempt_id))]


def test_it_leaves_refused_answers_where_they_are(as_, made, people):
    attempt_id, ids = late_answers(as_, made, people, 2)
    services.refuse_late(ids, REASON, OFFICER, clock.now())
    assert row_of(attempt_id).mark == 1
    (late,) = queries.late_of(attempt_id)
    assert (late.decision, late.reason, late.decided_by_name) == ("refused", REASON, OFFICER[1])
    assert queries.late_waiting(made.quiz_id) == {}
    with pytest.raises(NotFound):
        services.refuse_late([999], REASON, OFFICER, clock.now())


def test_it_takes_no_late_answer_over_one_that_was_made_later(as_, made, people):
    """Order of making counts, not of arriving: what another device saved meanwhile was newer."""
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    right = right_label(attempt_id, 1)
    wrong = "A" if right != "A" else "B"
    save(client, attempt_id, 1, right, 9, "newer")
    with time_machine.travel(soon(hours=1), tick=False):
        save(client, attempt_id, 1, wrong, 4, "older")
        submit(client, attempt_id)
    services.accept_late([one.id for one in queries.late_of(attempt_id)], REASON, OFFICER, clock.now())
    assert row_of(attempt_id).mark == 1
    assert queries.state_of(attempt_id).responses[1] == right


def test_it_discards_what_was_not_submitted_where_the_quiz_says_so(as_, make_quiz, people):
    made = make_quiz(late_policy="discard")
    attempt_id, ids = late_answers(as_, made, people, 2)
    row = row_of(attempt_id)
    assert (row.state, row.mark, row.is_discarded, row.is_passed, row.correct_count) == ("submitted", 0, True, False, 0)
    assert queries.counted_at(people.hanh.member_id, row.quiz) is None
    page = as_("hanh").get(f"/attempts/{attempt_id}/timeline").get_data(as_text=True)
    assert "lượt này không được tính" in page
    services.accept_late(ids, REASON, OFFICER, clock.now())
    row = row_of(attempt_id)
    assert (row.mark, row.is_discarded) == (2, False)
    assert queries.counted_at(people.hanh.member_id, row.quiz).mark == 2


def test_it_counts_a_submission_in_time_where_others_are_discarded(as_, make_quiz, people):
    made = make_quiz(late_policy="discard")
    attempt_id = start(made, people.hanh)
    with time_machine.travel(soon(seconds=604), tick=False):
        assert submit(as_("hanh"), attempt_id).status_code == 200
    assert row_of(attempt_id).is_discarded is False


@pytest.mark.parametrize(("policy", "ended"), [("submit", 600), ("grace", 690)])
def test_it_states_a_grace_and_counts_it(as_, make_quiz, people, policy, ended):
    made = make_quiz(late_policy=policy, grace_seconds=90)
    attempt_id = start(made, people.hanh)
    started = row_of(attempt_id).started_at
    right = right_label(attempt_id, 1)
    with time_machine.travel(started + timedelta(seconds=690), tick=False):
        assert save(as_("hanh"), attempt_id, 1, right, 1, "a").status_code == 200
    services.finish_overdue(made.quiz_id, started + timedelta(seconds=900))
    row = row_of(attempt_id)
    assert row.submitted_at - started == timedelta(seconds=ended)
    assert row.mark == 1


# Beside the answers


def test_it_takes_certainty_only_where_it_counts(as_, make_quiz, people):
    sure = start(make_quiz(certainty=True), people.hanh)
    client = as_("hanh")
    right = right_label(sure, 1)
    wrong = "A" if right_label(sure, 2) != "A" else "B"
    assert save(client, sure, 1, right, 1, "a", certainty=3).status_code == 200
    assert save(client, sure, 2, wrong, 2, "b", certainty=2).status_code == 200
    for bad in (0, 4, "3", True):
        assert save(client, sure, 3, "A", 3, "c", certainty=bad).status_code == 400
    assert client.get(f"/attempts/{sure}/state").json["certainties"] == {"1": 3, "2": 2}
    submit(client, sure)
    row = row_of(sure)
    assert (row.mark, row.max_mark, row.correct_count) == (1, 60, 1)


def test_it_ignores_certainty_elsewhere(as_, made, people):
    attempt_id = start(made, people.hanh)
    save(as_("hanh"), attempt_id, certainty=3)
    assert queries.state_of(attempt_id).certainties == {}


def test_it_writes_down_what_the_page_tells(as_, made, people):
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    notes = [{"kind": "lost", "seconds": 135}, {"kind": "regained", "seconds": 130}, {"kind": "shown", "slot": 3}]
    for _ in range(2):  # repeated with its key: once
        assert save(client, attempt_id, 3, "A", 1, "a", notes=notes, waited_seconds=130).status_code == 200
    for _ in range(2):
        assert client.post(f"/attempts/{attempt_id}/notes", json={"notes": notes, "key": "n"}).json == {"ok": True}
    assert kinds(attempt_id) == ["started", "lost", "regained", "shown", "answered", "lost", "regained", "shown"]
    bad = [
        {"kind": "submitted"}, {"kind": "shown", "slot": -1}, {"kind": "shown", "slot": "1"}, {"kind": "lost", "seconds": True}, {}, 5,
        {"kind": "marked", "slot": 1},
    ]  # fmt: skip
    for note in bad:
        assert client.post(f"/attempts/{attempt_id}/notes", json={"notes": [note], "key": "x"}).status_code == 400
    assert client.post(f"/attempts/{attempt_id}/notes", json={"notes": notes * 30, "key": "x"}).status_code == 400
    assert queries.state_of(attempt_id).responses == {3: "A"}
    submit(client, attempt_id)
    count = len(kinds(attempt_id))
    assert client.post(f"/attempts/{attempt_id}/notes", json={"notes": notes, "key": "y"}).status_code == 200
    assert len(kinds(attempt_id)) == count


def test_it_enters_reports_as_one_case_for_each_question(as_, make_quiz, people):
    made = make_quiz(paper_seed="chung", shuffle_questions=False)
    first, second = start(made, people.hanh), start(made, people.binh)
    for name, attempt_id in (("hanh", first), ("binh", second), ("hanh", first)):
        answer = as_(name).post(f"/attempts/{attempt_id}/reports", json={"slot": 4, "text": "Hai đáp án đều đúng", "key": "r"})
        assert answer.json == {"reported": True}
    db.session.rollback()
    (case,) = db.session.scalars(sa.select(ReportCase)).all()
    assert case.version_id == row_of(first).paper[3]["version"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionReport)) == 2
    assert as_("hanh").get(f"/attempts/{first}/state").json["reported"] == [4]
    for body in (
        {"slot": 99, "text": "x"},
        {"slot": 1, "text": "  "},
        {"slot": 1, "text": "x" * 1001},
        {"slot": 1},
        {"slot": 1, "text": "\ud800"},
    ):
        sent = as_("hanh").post(f"/attempts/{first}/reports", data=json.dumps(body), content_type="application/json")
        assert sent.status_code == 400
    assert as_("binh").post(f"/attempts/{first}/reports", json={"slot": 1, "text": "x"}).status_code == 404


def test_it_shows_results_during_the_sitting_only_where_the_quiz_does_and_locks_what_was_seen(as_, make_quiz, people):
    grid = {"during": ["correctness", "right_answer", "explanation"]}
    attempt_id = start(make_quiz(review="custom", review_grid=grid), people.hanh)
    client = as_("hanh")
    right = right_label(attempt_id, 2)
    save(client, attempt_id, 2, right, 1, "a")
    seen = post(client, attempt_id, "check", 2, "c")
    assert seen.status_code == 200
    assert seen.json["result"]["is_right"] is True
    assert CANARY in seen.json["result"]["explanation"]
    assert seen.json["result"]["mark"] is None
    for path, response in (("responses", "A"), ("responses", None)):
        assert post(client, attempt_id, path, 2, f"again{response}", response, 9).json["error"] == "already_checked"
    assert save(client, attempt_id, 3, "A", 10, "b").status_code == 200
    assert client.get(f"/attempts/{attempt_id}/state").json["checked"] == [2]


def test_it_shows_nothing_during_the_sitting_otherwise(as_, made, people):
    attempt_id = start(made, people.hanh)
    answer = post(as_("hanh"), attempt_id, "check", 2, "c")
    assert (answer.status_code, answer.json["error"]) == (409, "nothing_to_see")
    assert kinds(attempt_id) == ["started"]


# Files

PDF = b"%PDF-1.7 bai lam"


def hand_in(client, attempt_id, slot, name="bài làm.pdf", data=PDF, **more):
    form = {"slot": str(slot), "file": (io.BytesIO(data), name), **more}
    return client.post(
        f"/attempts/{attempt_id}/files", data=form, content_type="multipart/form-data", headers={"Accept": "application/json"}
    )


@pytest.fixture
def every(make_every, people) -> int:
    return start(make_every(), people.hanh)


def test_it_takes_files_for_an_essay_and_gives_them_back(as_, every):
    client, slot = as_("hanh"), slot_of("essay")
    assert hand_in(client, every, slot).json == {"name": "bài làm.pdf", "size": len(PDF)}
    assert hand_in(client, every, slot, "../../ảnh.png", b"\x89PNG\r\n\x1a\n123").json["name"] == "ảnh.png"
    assert hand_in(client, every, slot, "ba.pdf").json["error"] == "too_many_files"
    assert client.get(f"/attempts/{every}/state").json["files"] == {
        str(slot): [{"name": "bài làm.pdf", "size": len(PDF)}, {"name": "ảnh.png", "size": 11}]
    }
    assert save(client, every, slot, {"text": "xem tệp", "files": ["bài làm.pdf"]}, 1, "a").status_code == 200
    refused = save(client, every, slot, {"text": "xem tệp", "files": ["khác.pdf"]}, 2, "b")
    assert (refused.status_code, refused.json["error"]) == (400, "no_file")
    one = queries.files_of(every)[slot][0]
    got = client.get(f"/attempts/{every}/files/{one.id}")
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert as_("binh").get(f"/attempts/{every}/files/{one.id}").status_code == 404
    assert client.get(f"/attempts/{every}/files/999").status_code == 404
    removed = client.post(f"/attempts/{every}/files/remove", json={"slot": slot, "name": "ảnh.png"})
    assert removed.json == {"removed": True}
    assert client.post(f"/attempts/{every}/files/remove", json={"slot": slot, "name": "ảnh.png"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ"), ("a.pdf", b"<html>"), ("a.svg", b"<svg/>"), ("a.pdf", b""), (".pdf", PDF), ("a.txt", b"\xff\xfe"), ("a.txt", b"a\0b"),
        ("a.html", b"x"), ("a.pdf.js", PDF), ("a.pdf", PDF + b"x" * (10 * 1024 * 1024)),
    ],
)  # fmt: skip
def test_it_refuses_files_that_are_not_what_they_say(as_, every, name, data):
    answer = hand_in(as_("hanh"), every, slot_of("essay"), name, data)
    assert (answer.status_code, answer.json["error"]) == (400, "bad_file")
    assert queries.files_of(every) == {}


def test_it_takes_files_nowhere_else_and_from_nobody_else(as_, every):
    assert hand_in(as_("hanh"), every, slot_of("short_answer")).json["error"] == "no_files"
    assert hand_in(as_("hanh"), every, 99).status_code == 400
    assert hand_in(as_("hanh"), every, "x").status_code == 400
    assert hand_in(as_("binh"), every, slot_of("essay")).status_code == 404
    with time_machine.travel(soon(hours=1), tick=False):
        late = hand_in(as_("hanh"), every, slot_of("essay"))
        assert (late.status_code, late.json["error"]) == (409, "deadline_passed")
        # Kept, so that a late answer may name it.
        kept = save(as_("hanh"), every, slot_of("essay"), {"text": "", "files": ["bài làm.pdf"]}, 3, "t")
        assert (kept.status_code, kept.json["error"]) == (409, "deadline_passed")
    assert [one.slot for one in queries.late_of(every)] == [slot_of("essay")]


def test_it_takes_a_right_response_of_every_type(as_, every):
    client = as_("hanh")
    for slot, kind in enumerate(EVERY, start=1):
        asked = row_of(every).paper[slot - 1]
        version = render_versions([asked["version"]])[0]
        right = TYPES[kind].right(version.body, asked["order"]) if kind != "essay" else EVERY[kind][2]
        answer = save(client, every, slot, right, slot, f"k{slot}")
        assert answer.status_code == 200, kind
    submit(client, every)
    row = row_of(every)
    assert (row.mark, row.max_mark, row.is_pending, row.is_passed) == (9, 11, True, None)
    assert row.marks == ["1"] * 9 + [None, "0"]


def test_it_survives_bodies_that_are_no_save(as_, made, people):
    attempt_id = start(made, people.hanh)
    for data in (
        "[" * 100_000,
        '{"slot":1,"client_seq":1,"key":"k","response":' + "[" * 500 + "]" * 500 + "}",
        '{"slot":1,"client_seq":1,"key":"k","response":NaN}',
    ):
        answer = as_("hanh").post(f"/attempts/{attempt_id}/responses", data=data, content_type="application/json")
        assert answer.status_code == 400
    assert kinds(attempt_id) == ["started"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LateResponse)) == 0
    assert db.session.get_one(Attempt, attempt_id).state == "open"
