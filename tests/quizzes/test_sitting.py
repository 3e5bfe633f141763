"""Sitting a quiz through the requests that the page sends."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from elearn.core import clock
from elearn.core.db import db, write_connection
from elearn.lib.errors import DomainError
from elearn.quizzes import hooks, queries, services
from elearn.quizzes.models import Attempt, AttemptEvent, Quiz
from elearn.quizzes.queries.drawing import plan_of, pools_of
from elearn.quizzes.rules.attempts import Event, event_digest, receipt
from tests.quizzes.conftest import CANARY, right_label, save, soon, start, submit


@pytest.fixture
def attempt_id(made, people) -> int:
    return services.start_attempt(made.quiz_id, people.hanh.member_id, people.hanh.unit_id, clock.now())


def test_it_saves_and_says_so(as_, attempt_id):
    answer = save(as_("hanh"), attempt_id)
    assert answer.status_code == 200
    assert set(answer.json) == {"saved_at", "seq", "receipt", "remaining_seconds"}
    assert 590 <= answer.json["remaining_seconds"] <= 600
    assert queries.state_of(attempt_id).responses == {1: "A"}


def test_it_answers_the_same_to_a_repeated_key_and_changes_nothing(as_, attempt_id):
    client = as_("hanh")
    first = save(client, attempt_id)
    second = save(client, attempt_id, response="B")
    assert (first.json["seq"], first.json["receipt"], first.json["saved_at"]) == (
        second.json["seq"],
        second.json["receipt"],
        second.json["saved_at"],
    )
    assert queries.state_of(attempt_id).responses == {1: "A"}


def test_it_takes_saves_in_any_order(as_, attempt_id):
    client = as_("hanh")
    save(client, attempt_id, response="C", client_seq=7, key="late")
    save(client, attempt_id, response="B", client_seq=3, key="early")
    assert queries.state_of(attempt_id).responses == {1: "C"}


def test_it_gives_a_receipt_that_the_log_proves(as_, attempt_id):
    told = save(as_("hanh"), attempt_id).json
    rows = db.session.execute(sa.select(AttemptEvent).order_by(AttemptEvent.seq)).scalars().all()
    previous = ""
    for row in rows:
        previous = event_digest(previous, attempt_id, Event(row.seq, row.at, row.kind, row.slot, row.data, row.client_seq), row.key)
        assert row.digest == previous
    assert receipt(previous) == told["receipt"]


def test_it_tells_whole_seconds_as_long_as_other_moments(as_, made, people):
    """Whoever looks at sizes alone learns nothing from the moment, and scripts meet one form only."""
    sizes = []
    for milliseconds in (0, 137):
        with time_machine.travel(datetime(2026, 10, 14, 3, 0, tzinfo=UTC) + timedelta(milliseconds=milliseconds), tick=False):
            number, client = start(made, people.hanh), as_("hanh")
            told = [save(client, number), client.get(f"/attempts/{number}/state"), client.get(f"/attempts/{number}/clock")]
            told.append(submit(client, number))
            assert (
                told[0].json["saved_at"] == told[1].json["saved"]["1"] == told[2].json["server_now"] == told[3].json["submitted_at"]
            )
            assert told[0].json["saved_at"] == f"2026-10-14T03:00:00.{milliseconds:03}+00:00"
            sizes.append([len(answer.data) for answer in told])
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"slot": 1}, {"slot": "1", "response": "A", "client_seq": 1, "key": "k"}, {"slot": 99, "response": "A", "client_seq": 1, "key": "k"},
        {"slot": -1, "response": "A", "client_seq": 1, "key": "k"}, {"slot": 1, "response": "Z", "client_seq": 1, "key": "k"},
        {"slot": 1, "response": ["A"], "client_seq": 1, "key": "k"}, {"slot": 1, "response": "A" * 5000, "client_seq": 1, "key": "k"},
        {"slot": 1, "response": "A", "client_seq": -1, "key": "k"}, {"slot": 1, "response": "A", "client_seq": 2**80, "key": "k"},
        {"slot": 1, "response": "A", "client_seq": True, "key": "k"}, {"slot": 1, "response": "A", "client_seq": 1, "key": ""},
        {"slot": 1, "response": "A", "client_seq": 1, "key": "\ud800"}, {"slot": 1, "response": "A", "client_seq": 1, "key": "a\0b"},
        {"slot": 1, "response": "A", "client_seq": 1, "key": "k", "holder": "\ud800"}, {"slot": 1, "response": "\ud800", "client_seq": 1, "key": "k"},
        {"slot": 1, "response": "A", "client_seq": 1, "key": "x" * 65}, {"slot": 0, "response": "nhiều", "client_seq": 1, "key": "k"},
        [], "chữ",
    ],
)  # fmt: skip
def test_it_refuses_a_bad_save_and_writes_nothing(as_, attempt_id, body):
    # Dumped here, in ASCII: the test client could not send half a character.
    answer = as_("hanh").post(f"/attempts/{attempt_id}/responses", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["message"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AttemptEvent)) == 1


@pytest.mark.parametrize("path", ["", "/state", "/result"])
def test_it_hides_an_attempt_from_others_as_if_it_were_not_there(as_, attempt_id, path):
    foreign, absent = as_("binh").get(f"/attempts/{attempt_id}{path}"), as_("binh").get(f"/attempts/999999{path}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.data == absent.data


@pytest.mark.parametrize("path", ["responses", "flags", "hold", "submit"])
def test_it_lets_nobody_else_write(as_, attempt_id, path):
    body = {"slot": 1, "response": True if path == "flags" else "A", "client_seq": 1, "key": "k", "holder": "h"}
    for name in ("binh", "kien", "thanh"):
        assert as_(name).post(f"/attempts/{attempt_id}/{path}", json=body).status_code == 404
    assert as_().post(f"/attempts/{attempt_id}/{path}", json=body).status_code == 401
    assert as_("hanh").get(f"/attempts/{attempt_id}/{path}").status_code == 405


def test_it_never_shows_the_key_before_its_time(as_, attempt_id):
    client = as_("hanh")
    for slot in range(1, 21):
        save(client, attempt_id, slot, right_label(attempt_id, slot), slot, f"k{slot}")
    answers = [
        client.get(f"/attempts/{attempt_id}"),
        client.get(f"/attempts/{attempt_id}/state"),
        save(client, attempt_id, key="k1"),
    ]
    for answer in answers:
        text = answer.get_data(as_text=True)
        assert CANARY not in text + str(answer.headers)
        paper = re.search(r'id="attempt">(.*?)</script>', text, re.DOTALL)
        told = json.dumps(json.loads(paper[1])["paper"]) if paper else text
        assert "right" not in told
        assert "order" not in told


def test_it_answers_alike_to_right_and_wrong(as_, attempt_id):
    client = as_("hanh")
    good = right_label(attempt_id, 1)
    right = save(client, attempt_id, 1, good, 1, "a")
    wrong = save(client, attempt_id, 2, "D", 2, "b")
    assert len(right.data) == len(wrong.data)


def test_it_marks_at_submission_and_only_once(as_, attempt_id):
    client = as_("hanh")
    for slot in range(1, 13):
        save(client, attempt_id, slot, right_label(attempt_id, slot), slot, f"k{slot}")
    save(client, attempt_id, 0, "3.400", 50, "p")
    first = client.post(f"/attempts/{attempt_id}/submit", json={"key": "s"})
    again = client.post(f"/attempts/{attempt_id}/submit", json={"key": "s"})
    other = client.post(f"/attempts/{attempt_id}/submit", json={"key": "t"})
    assert first.json == again.json == other.json
    row = queries.attempts_at(1, db.session.get(Attempt, attempt_id).quiz_id)[0]
    assert (row.correct_count, row.mark, row.is_passed, row.prediction) == (12, 12, True, 3400)
    late = save(client, attempt_id, 1, "A", 99, "after")
    assert late.status_code == 409
    assert late.json["error"] == "already_submitted"


def test_it_tells_consequences_in_the_same_transaction(as_, attempt_id, monkeypatch):
    def break_off(connection, done):
        raise RuntimeError("pulled the plug")

    monkeypatch.setattr(hooks, "after_submit", [break_off])
    with pytest.raises(RuntimeError):
        services.submit_attempt(attempt_id, 1, "s", clock.now())
    assert queries.attempts_at(1, db.session.get(Attempt, attempt_id).quiz_id)[0].state == "open"
    assert queries.state_of(attempt_id).submitted_at is None


def test_it_shows_result_with_explanations_and_sources(as_, attempt_id):
    client = as_("hanh")
    save(client, attempt_id)
    client.post(f"/attempts/{attempt_id}/submit", json={"key": "s"})
    page = client.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert CANARY in page
    assert as_("thanh").get(f"/attempts/{attempt_id}/result").status_code == 200  # the examiner of the province
    assert as_("dung").get(f"/attempts/{attempt_id}/result").status_code == 404


def test_it_hides_the_key_until_the_quiz_closes(as_, make_quiz, people):
    made = make_quiz(review="after_close", closes_at=soon(hours=1))
    number = services.start_attempt(made.quiz_id, people.hanh.member_id, 3, clock.now())
    client = as_("hanh")
    client.post(f"/attempts/{number}/submit", json={"key": "s"})
    assert CANARY not in client.get(f"/attempts/{number}/result").get_data(as_text=True)
    with time_machine.travel(soon(hours=1, seconds=1), tick=False):
        assert CANARY in client.get(f"/attempts/{number}/result").get_data(as_text=True)


def test_it_goes_on_where_it_was(as_, made, attempt_id, people):
    assert services.start_attempt(made.quiz_id, people.hanh.member_id, 3, clock.now()) == attempt_id
    save(as_("hanh"), attempt_id, 3, "B", 4, "k")
    told = as_("hanh").get(f"/attempts/{attempt_id}/state").json
    assert told["responses"] == {"3": "B"}


def test_it_draws_the_same_paper_from_the_same_seed(made, people):
    papers = []
    connection = db.session.connection()
    pools = pools_of(connection, plan_of(db.session.get_one(Quiz, made.quiz_id)), clock.now().date())
    drawing = services.Drawing(lambda number: f"{number:02x}" * 32, pools)
    for person in (people.hanh, people.binh):
        number = services.start_attempt(made.quiz_id, person.member_id, person.unit_id, clock.now(), drawing)
        papers.append(db.session.get(Attempt, number).paper)
    assert papers[0] == papers[1]
    assert all(asked["order"][-1] == 3 for asked in papers[0])


@pytest.mark.parametrize(("late_ms", "status"), [(-1, 200), (0, 200), (5000, 200), (5001, 409)])
def test_it_judges_the_deadline_by_the_servers_clock(as_, attempt_id, late_ms, status):
    deadline_at = db.session.get(Attempt, attempt_id).deadline_at
    with time_machine.travel(deadline_at + timedelta(milliseconds=late_ms), tick=False):
        answer = save(as_("hanh"), attempt_id, begin=0, started_at="2099-01-01", now=-1, deadline="2099", time=None)
    assert answer.status_code == status
    assert answer.json.get("error", "") == ("" if status == 200 else "deadline_passed")
    db.session.rollback()
    assert db.session.get(Attempt, attempt_id).deadline_at == deadline_at
    assert len(queries.state_of(attempt_id).responses) == (status == 200)


def test_it_finishes_at_the_deadline_what_was_left_open(as_, made, attempt_id):
    save(as_("hanh"), attempt_id, 1, right_label(attempt_id, 1))
    deadline_at = db.session.get(Attempt, attempt_id).deadline_at
    assert services.finish_overdue(made.quiz_id, deadline_at + timedelta(seconds=5)) == 0
    assert services.finish_overdue(made.quiz_id, deadline_at + timedelta(seconds=6)) == 1
    row = queries.attempts_at(1, made.quiz_id)[0]
    assert (row.state, row.submitted_at, row.working_ms, row.correct_count) == ("submitted", deadline_at, 600_000, 1)


def test_it_says_that_time_is_up_and_counts_what_was_saved(as_, attempt_id):
    client = as_("hanh")
    save(client, attempt_id, 1, right_label(attempt_id, 1))
    with time_machine.travel(soon(minutes=11), tick=False):
        answer = client.post(f"/attempts/{attempt_id}/submit", json={"key": "s"})
        assert answer.status_code == 409
        assert answer.json["error"] == "deadline_passed"
        assert "1/20" in client.get(f"/attempts/{attempt_id}/result").get_data(as_text=True).replace(" ", "")


def test_it_leads_from_an_overdue_page_to_the_result(as_, attempt_id):
    client = as_("hanh")
    with time_machine.travel(soon(minutes=11), tick=False):
        assert client.get(f"/attempts/{attempt_id}").headers["Location"].endswith("/result")


def test_it_ends_with_the_round(make_quiz, people):
    made = make_quiz(opens_at=soon(hours=-1), closes_at=soon(minutes=3))
    number = services.start_attempt(made.quiz_id, people.hanh.member_id, 3, clock.now())
    row = queries.attempts_at(1, made.quiz_id)[0]
    assert (row.deadline_at - row.started_at) < timedelta(minutes=3, seconds=1)
    assert number


@pytest.mark.parametrize(("opens", "closes", "code"), [(1, 2, "quiz_not_open"), (-2, -1, "quiz_closed"), (-1, 0, "quiz_closed")])
def test_it_opens_only_within_its_hours(make_quiz, people, opens, closes, code):
    with time_machine.travel(clock.now(), tick=False):
        made = make_quiz(opens_at=soon(hours=opens), closes_at=soon(hours=closes))
        with pytest.raises(DomainError) as refusal:
            services.start_attempt(made.quiz_id, people.hanh.member_id, 3, clock.now())
    assert refusal.value.code == code


def test_it_keeps_the_limit_also_in_the_database(as_, made, people, attempt_id):
    services.submit_attempt(attempt_id, 1, "s", clock.now())
    second = services.start_attempt(made.quiz_id, 1, 3, clock.now())
    services.submit_attempt(second, 1, "s", clock.now())
    with pytest.raises(DomainError) as refusal:
        services.start_attempt(made.quiz_id, 1, 3, clock.now())
    assert refusal.value.code == "attempts_used_up"
    columns = {c.name: getattr(db.session.get(Attempt, second), c.key) for c in Attempt.__table__.columns if c.name != "id"}
    for number in (2, 3):
        with pytest.raises(sa.exc.IntegrityError), write_connection() as connection:
            connection.execute(sa.insert(Attempt).values({**columns, "number": number}))


def at_once(app, count, work):
    results, barrier = [], threading.Barrier(count)

    def go():
        with app.app_context():
            barrier.wait()
            try:
                results.append(work())
            except DomainError as refusal:
                results.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_it_makes_one_attempt_of_64_starts_at_once(app, made, people):
    db.session.rollback()
    for person in (people.hanh, people.binh, people.lan):
        results = at_once(
            app, 64, lambda person=person: services.start_attempt(made.quiz_id, person.member_id, person.unit_id, clock.now())
        )
        assert len(results) == 64
        assert len(set(results)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 3


def test_it_makes_one_more_attempt_of_64_retakes_at_once(app, made, attempt_id):
    services.submit_attempt(attempt_id, 1, "s", clock.now())
    db.session.rollback()
    results = at_once(app, 64, lambda: services.start_attempt(made.quiz_id, 1, 3, clock.now()))
    assert len(results) == 64
    assert len(set(results)) == 1
    services.submit_attempt(results[0], 1, "s", clock.now())
    db.session.rollback()
    assert set(at_once(app, 64, lambda: services.start_attempt(made.quiz_id, 1, 3, clock.now()))) == {"attempts_used_up"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 2


def test_it_submits_once_of_64_submissions_at_once(app, attempt_id):
    db.session.rollback()
    results = at_once(app, 64, lambda: services.submit_attempt(attempt_id, 1, f"s{threading.get_ident()}", clock.now())["receipt"])
    assert len(results) == 64
    assert len(set(results)) == 1
    kinds = db.session.scalars(sa.select(AttemptEvent.kind).where(AttemptEvent.kind == "submitted")).all()
    assert len(kinds) == 1


def test_it_loses_no_save_of_many_at_once(app, attempt_id):
    db.session.rollback()
    numbers = iter(range(1, 1000))
    lock = threading.Lock()

    def work():
        with lock:
            number = next(numbers)
        save_ = services.Save(number % 20 + 1, "A", number, f"key-{number}")
        return services.save_response(attempt_id, 1, save_, clock.now())["seq"]

    results = at_once(app, 40, work)
    assert sorted(results) == list(range(2, 42))


@pytest.mark.parametrize("deed", [sa.update(AttemptEvent).values(slot=5), sa.delete(AttemptEvent)])
def test_it_never_changes_its_log(attempt_id, deed):
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write_connection() as connection:
        connection.execute(deed)


def test_it_lets_a_second_page_take_over(as_, attempt_id):
    client = as_("hanh")
    assert client.post(f"/attempts/{attempt_id}/hold", json={"holder": "first"}).status_code == 200
    assert save(client, attempt_id, key="a", holder="first").status_code == 200
    assert client.post(f"/attempts/{attempt_id}/hold", json={"holder": "second"}).status_code == 200
    refused = save(client, attempt_id, key="b", client_seq=2, holder="first")
    assert refused.status_code == 409
    assert refused.json["error"] == "taken_over"
    assert save(client, attempt_id, key="a", holder="first").status_code == 200  # what was saved stays acknowledged
    assert save(client, attempt_id, key="c", client_seq=3, holder="second").status_code == 200


def test_it_flags_and_unflags(as_, attempt_id):
    client = as_("hanh")
    for number, is_on in enumerate((True, False, True)):
        body = {"slot": 4, "response": is_on, "client_seq": number, "key": f"f{number}"}
        assert client.post(f"/attempts/{attempt_id}/flags", json=body).status_code == 200
    assert queries.state_of(attempt_id).flags == {4}
    for slot, response in ((0, True), (21, True), (4, "có")):
        body = {"slot": slot, "response": response, "client_seq": 9, "key": f"x{slot}{response}"}
        assert client.post(f"/attempts/{attempt_id}/flags", json=body).status_code == 400


def test_it_counts_people_and_attempts_apart(made, people):
    for person in (people.hanh, people.hanh, people.binh):
        number = services.start_attempt(made.quiz_id, person.member_id, person.unit_id, clock.now())
        services.submit_attempt(number, person.member_id, "s", clock.now())
    assert queries.counts(made.quiz_id) == queries.Counts(people=2, attempts=3)


def test_it_works_without_scripts_as_far_as_submitting(as_, attempt_id):
    assert as_("hanh").post(f"/attempts/{attempt_id}/submit", data={}).headers["Location"].endswith("/result")


def test_it_shares_nothing_of_a_person_between_pages_of_one_quiz(as_, made, people):
    pages = {}
    for name, person in (("hanh", people.hanh), ("binh", people.binh)):
        number = services.start_attempt(made.quiz_id, person.member_id, person.unit_id, clock.now())
        client = as_(name)
        save(client, number, 2, "B", 1, f"of-{name}")
        with client.session_transaction() as cookie:
            cookie["_flashes"] = [("info", f"Lời nhắn cho {name}")]
        pages[name] = [(client.get(f"/attempts/{number}").get_data(as_text=True), number) for _ in range(2)]
    for name, other in (("hanh", "binh"), ("binh", "hanh")):
        (first, number), (second, _) = pages[name]
        assert f"Lời nhắn cho {name}" in first
        assert "Lời nhắn" not in second
        for page in (first, second):
            told = json.loads(re.search(r'id="attempt">(.*?)</script>', page, re.DOTALL)[1])
            assert told["paper"]["id"] == number
            assert told["urls"]["responses"] == f"/attempts/{number}/responses"
            assert f"attempts/{number}" in told["urls"]["sign_in"]
            assert getattr(people, name).name.replace(" ", "\u00a0") in page
            assert getattr(people, other).name.replace(" ", "\u00a0") not in page
            assert "@@" not in page
            assert "9000000000000000007" not in page
    assert pages["hanh"][1][1] != pages["binh"][1][1]


def test_it_keeps_what_people_wrote_from_ending_the_script(as_, made, attempt_id):
    db.session.rollback()
    with write_connection() as connection:
        connection.execute(sa.text("UPDATE members SET display_name = '</script><b>Hạnh</b> @@csrf@@' WHERE id = 1"))
    page = as_("hanh").get(f"/attempts/{attempt_id}").get_data(as_text=True)
    assert "<b>Hạnh" not in page
    json.loads(re.search(r'id="attempt">(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("path", ["", "/state", "/result"])
def test_it_knows_no_attempt_with_an_endless_number(as_, path):
    assert as_("hanh").get(f"/attempts/{'9' * 40}{path}").status_code == 404


def test_it_leads_from_an_overdue_result_to_the_result(as_, made, attempt_id):
    client = as_("hanh")
    with time_machine.travel(soon(minutes=11), tick=False):
        assert client.get(f"/attempts/{attempt_id}/result").headers["Location"].endswith(f"/attempts/{attempt_id}")
        assert client.get(f"/attempts/{attempt_id}").headers["Location"].endswith("/result")
        assert client.get(f"/attempts/{attempt_id}/result").status_code == 200
    assert queries.attempts_at(1, made.quiz_id)[0].state == "submitted"
