"""Receipts, the history of an attempt in words and in one sentence, and what examiners give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
import time_machine

from elearn.core import clock
from elearn.core.db import db, transaction, write_connection
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.marking.models import Script
from elearn.marking.services import give_opinion, take_next
from elearn.members.rules.permissions import Actor
from elearn.quizzes import hooks, queries, services
from elearn.quizzes.models import AttemptEvent
from elearn.quizzes.rules.attempts import KINDS, Event
from elearn.quizzes.rules.timeline import LateAnswer, lines_of, verdict
from elearn.quizzes.views.timeline import sentence, show_length
from tests.conftest import POSTGRESQL
from tests.quizzes.conftest import OFFICER, REASON, row_of, save, slot_of, soon, start, submit

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
ANSWERED = Event(2, NOW, "answered", 1, "A", 1, "k", "a" * 64)
IN_TIME, BY_ITSELF = Event(9, NOW, "submitted", None, {"total": "1"}, key="s"), Event(9, NOW, "submitted", None, {"total": "1"})


def event(seq: int, kind: str, slot=None, data=None) -> Event:
    return Event(seq, NOW, kind, slot, data)


@pytest.mark.parametrize(
    ("events", "late", "fault", "is_pending", "told"),
    [
        ([ANSWERED, IN_TIME], [], None, False, "Mọi câu trả lời đã gửi đều được lưu; nộp đúng giờ."),
        (
            [ANSWERED, event(3, "lost", None, {"seconds": 131}), event(4, "regained", None, {"seconds": 130}), IN_TIME], [], None, False,
            "Mọi câu trả lời đã gửi đều được lưu; mất mạng 1 lần, tổng cộng 2 phút 10 giây; nộp đúng giờ.",
        ),
        ([ANSWERED, event(3, "lost"), IN_TIME], [], None, False, "Mọi câu trả lời đã gửi đều được lưu; mất mạng 1 lần; nộp đúng giờ."),
        ([ANSWERED, BY_ITSELF], [], None, False, "Mọi câu trả lời đã gửi đều được lưu; hết giờ, bài tự nộp với các câu đã lưu."),
        ([BY_ITSELF], [], None, False, "Chưa có câu trả lời nào được gửi; hết giờ, bài tự nộp với các câu đã lưu."),
        ([ANSWERED], [], None, False, "Mọi câu trả lời đã gửi đều được lưu; bài đang được làm."),
        (
            [ANSWERED, event(3, "held", None, "a"), event(4, "held", None, "b"), event(5, "extended", None, {"seconds": 3600}), IN_TIME], [],
            None, False, "Mọi câu trả lời đã gửi đều được lưu; đổi thẻ hoặc máy 1 lần; được thêm 1 giờ; nộp đúng giờ.",
        ),
        (
            [ANSWERED, BY_ITSELF], [LateAnswer("waiting"), LateAnswer("waiting"), LateAnswer("refused")], None, False,
            "Mọi câu trả lời đã gửi đều được lưu; hết giờ, bài tự nộp với các câu đã lưu; 2 câu trả lời đến muộn được giữ lại, chờ quyết định; "
            "1 câu trả lời đến muộn không được nhận.",
        ),
        (
            [ANSWERED, IN_TIME, event(10, "regraded", None, {"total": "2"})], [LateAnswer("accepted")], None, True,
            "Mọi câu trả lời đã gửi đều được lưu; nộp đúng giờ; 1 câu trả lời đến muộn được nhận; đã chấm lại 1 lần; còn chờ giám khảo chấm.",
        ),
        (
            [ANSWERED, event(9, "submitted", None, {"discarded": True})], [], None, False,
            "Mọi câu trả lời đã gửi đều được lưu; hết giờ mà chưa nộp nên lượt này không được tính.",
        ),
        ([ANSWERED, IN_TIME], [], 2, False, "Nhật ký không còn nguyên vẹn từ dòng 2; nộp đúng giờ."),
    ],
)  # fmt: skip
def test_it_tells_an_attempt_in_one_sentence(app, events, late, fault, is_pending, told):
    with app.test_request_context():
        assert sentence(verdict(events, late, fault, is_pending)) == told


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 giây"), (59, "59 giây"), (60, "1 phút"), (3661, "1 giờ 1 phút 1 giây"), (7200, "2 giờ")]
)
def test_it_tells_a_length_of_time(app, seconds, words):
    with app.test_request_context():
        assert show_length(seconds) == words


def test_it_has_a_line_for_every_kind_of_event(app):
    data = {
        "answered": "A", "late_taken": "B", "flagged": True, "extended": {"seconds": 5, "deadline": "x"}, "submitted": {"total": "1"},
        "marked": {"mark": "2", "marks": [], "total": "2"}, "regraded": {"total": "3"}, "lost": {"seconds": 3},
    }  # fmt: skip
    events = [Event(seq, NOW, kind, 1, data.get(kind)) for seq, kind in enumerate(KINDS, start=1)]
    for shows_marks in (True, False):
        lines = lines_of(events, lambda slot, response: str(response), shows_marks)
        assert len(lines) == len(KINDS)
        assert all(line.said.message not in KINDS for line in lines)
        told = " ".join(line.said.message % line.said.values for line in lines)
        assert ("điểm" in told) == shows_marks


def actor(people, name="hanh") -> Actor:
    return Actor(getattr(people, name).member_id, "/1/")


def test_it_proves_a_receipt_and_knows_a_forged_one(as_, made, people):
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    given = save(client, attempt_id, 2, "B", 1, "a").json["receipt"]
    save(client, attempt_id, 2, "C", 2, "b")
    first = queries.check_receipt(actor(people), attempt_id, f" {given.upper()[:8]}-{given[8:]} ")
    assert (first.verdict, first.slot, first.kind) == ("valid", 2, "answered")
    assert first.response.startswith("B. ")
    for forged in ("0" * 16, given[:15], given + "0", "", "không phải mã"):
        assert queries.check_receipt(actor(people), attempt_id, forged).verdict == "unknown"
    end = submit(client, attempt_id).json["receipt"]
    assert queries.check_receipt(actor(people), attempt_id, end).kind == "submitted"
    with pytest.raises(NotFound):
        queries.check_receipt(actor(people, "binh"), attempt_id, given)
    page = client.get(f"/attempts/{attempt_id}/timeline?receipt={given}").get_data(as_text=True)
    assert "Mã đúng" in page
    assert "Không có mã này" in client.get(f"/attempts/{attempt_id}/timeline?receipt={'0' * 16}").get_data(as_text=True)


@pytest.mark.skipif(bool(POSTGRESQL), reason="takes the triggers of SQLite away")
def test_it_says_so_where_the_log_was_tampered_with(as_, made, people):
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    save(client, attempt_id, 1, "A", 1, "a")
    given = save(client, attempt_id, 2, "B", 2, "b").json["receipt"]
    db.session.rollback()
    with write_connection() as connection:
        for name in connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'attempt_events'")
        ).all():
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        connection.execute(sa.update(AttemptEvent).where(AttemptEvent.seq == 2).values(data="D"))
    assert queries.check_receipt(actor(people), attempt_id, given).verdict == "invalid"
    assert "không còn nguyên vẹn từ dòng 2" in client.get(f"/attempts/{attempt_id}/timeline").get_data(as_text=True)


def test_it_shows_the_history_to_its_taker_and_those_who_support(as_, made, people):
    attempt_id = start(made, people.hanh)
    save(as_("hanh"), attempt_id, 3, "A", 1, "a")
    page = as_("hanh").get(f"/attempts/{attempt_id}/timeline").get_data(as_text=True)
    assert "Bắt đầu làm bài" in page
    assert "Lưu câu 3: A." in page
    assert "đang được làm" in page
    assert as_("thanh").get(f"/attempts/{attempt_id}/timeline").status_code == 200
    for name in ("binh", "dung", "mai"):
        assert as_(name).get(f"/attempts/{attempt_id}/timeline").status_code == 404
    assert as_("hanh").get("/attempts/999/timeline").status_code == 404


# What examiners give


@pytest.fixture
def essay(make_every, people, as_) -> int:
    attempt_id = start(make_every(pass_percent=20), people.hanh)
    client = as_("hanh")
    save(client, attempt_id, slot_of("essay"), {"text": "Bài của tôi", "files": []}, 1, "e")
    submit(client, attempt_id)
    return attempt_id


def test_it_hands_written_work_in_and_takes_the_mark(as_, essay, people, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "after_submit", [lambda connection, done: told.append(done)])
    db.session.rollback()
    (script,) = db.session.scalars(sa.select(Script)).all()
    slot = slot_of("essay")
    assert (script.origin, script.origin_id, script.slot, script.text, script.max_mark) == (
        "attempt",
        essay,
        slot,
        "Bài của tôi",
        2,
    )
    assert (script.pile, script.unit_id) == (f"quiz:{row_of(essay).quiz_id}:{row_of(essay).paper[slot - 1]['version']}", 1)
    assert (row_of(essay).is_pending, row_of(essay).is_passed) == (True, None)
    with transaction() as session:
        taken = take_next(session, script.pile, (9, "Thanh"), clock.now())
        assert give_opinion(session, taken, (9, "Thanh"), {"0": "3"}, "Lập luận chặt", clock.now()) == Decimal("1.5")
    row = row_of(essay)
    assert (row.mark, row.max_mark, row.is_pending, row.is_passed, row.marks[slot - 1]) == (Decimal("1.5"), 11, False, False, "1.5")
    assert [(one.attempt_id, one.mark, one.is_passed) for one in told] == [(essay, Decimal("1.5"), False)]
    page = as_("hanh").get(f"/attempts/{essay}/result").get_data(as_text=True)
    assert "Lập luận chặt" in page
    assert "cho câu 10 1,5 điểm" in as_("hanh").get(f"/attempts/{essay}/timeline").get_data(as_text=True)


def test_it_lets_nobody_mark_their_own(essay, people):
    db.session.rollback()
    (script,) = db.session.scalars(sa.select(Script)).all()
    with transaction() as session, pytest.raises(DomainError):
        take_next(session, script.pile, (people.hanh.member_id, "Hạnh"), clock.now())


def test_it_changes_a_mark_that_was_given_and_nothing_else(essay):
    slot = slot_of("essay")
    for mark, total, passed in (("2", "2", False), ("0.5", "0.5", False), ("2", "2", False)):
        services.set_given_mark(essay, slot, Decimal(mark), (9, "Thanh"), clock.now())
        row = row_of(essay)
        assert (row.mark, row.is_passed, row.correct_count) == (Decimal(total), passed, int(mark == "2"))
    assert queries.state_of(essay).given == {slot: Decimal(2)}
    for bad_slot, mark in ((slot, "2.01"), (slot, "-1"), (1, "1"), (99, "1")):
        with pytest.raises(InvalidInput):
            services.set_given_mark(essay, bad_slot, Decimal(mark), (9, "Thanh"), clock.now())
    with pytest.raises(NotFound):
        services.set_given_mark(999, slot, Decimal(1), (9, "Thanh"), clock.now())


def test_it_marks_nothing_that_is_still_being_written(make_every, people):
    attempt_id = start(make_every(), people.hanh)
    with pytest.raises(DomainError) as refused:
        services.set_given_mark(attempt_id, slot_of("essay"), Decimal(1), (9, "Thanh"), clock.now())
    assert refused.value.code == "still_open"


def test_it_hands_in_again_what_a_late_answer_changed(as_, essay, people):
    """A late essay that is accepted replaces the text; the mark for the former one is gone until it is marked again."""
    slot = slot_of("essay")
    services.set_given_mark(essay, slot, Decimal(2), (9, "Thanh"), clock.now())
    with time_machine.travel(soon(seconds=30), tick=False):
        save(as_("hanh"), essay, slot, {"text": "Bản đầy đủ", "files": []}, 9, "late", waited_seconds=60)
    services.accept_late([one.id for one in queries.late_of(essay)], REASON, OFFICER, clock.now())
    row = row_of(essay)
    assert (row.is_pending, row.mark, row.is_passed, row.marks[slot - 1]) == (True, 0, None, None)
    db.session.rollback()
    (script,) = db.session.scalars(sa.select(Script)).all()
    assert (script.text, script.state) == ("Bản đầy đủ", "waiting")
    services.set_given_mark(essay, slot, Decimal(1), (9, "Thanh"), clock.now())
    assert row_of(essay).mark == 1


def test_it_finishes_at_once_where_an_essay_was_left_empty(as_, make_every, people):
    attempt_id = start(make_every(), people.hanh)
    submit(as_("hanh"), attempt_id)
    row = row_of(attempt_id)
    assert (row.is_pending, row.marks[slot_of("essay") - 1], row.is_passed) == (False, "0", False)
    assert row.submitted_at - row.started_at < timedelta(minutes=1)
