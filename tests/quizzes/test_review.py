"""What is shown when; and that nothing of the key leaves before its time, for every type of question."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, combinations

import pytest
import time_machine

from elearn.core import clock
from elearn.core.db import db
from elearn.questions.queries import TYPES, html_of, render_versions
from elearn.questions.types import Line
from elearn.quizzes import services
from elearn.quizzes.queries.papers import result_of
from elearn.quizzes.rules.cutting import cut_lines
from elearn.quizzes.rules.review import ALL, MOMENTS, PRESETS, THINGS, moment_of, next_moments, visible
from elearn.quizzes.wiring import own_data
from tests.quizzes.conftest import CANARY, EVERY, FEEDBACK, GUIDE, HIDDEN, row_of, save, soon, start, submit

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "submitted_at", "closes_at", "moment"),
    [
        ("open", None, None, "during"), ("open", None, NOW - HOUR, "during"), ("submitted", NOW, NOW + HOUR, "right_after"),
        ("submitted", NOW - timedelta(seconds=119), None, "right_after"), ("submitted", NOW - timedelta(seconds=120), None, "while_open"),
        ("submitted", NOW - HOUR, NOW + HOUR, "while_open"), ("submitted", NOW, NOW, "after_close"),
        ("submitted", NOW - HOUR, NOW - HOUR, "after_close"),
    ],
)  # fmt: skip
def test_it_knows_the_moment(state, submitted_at, closes_at, moment):
    assert moment_of(state, submitted_at, closes_at, NOW) == moment


def test_it_has_four_presets_and_the_whole_grid():
    table = {name: [visible(name, None, moment) for moment in MOMENTS] for name in PRESETS}
    nothing, marks = frozenset(), frozenset({"marks"})
    assert table == {
        "after_submit": [nothing, ALL, ALL, ALL],
        "marks_only": [nothing, marks, marks, ALL],
        "after_close": [nothing, nothing, nothing, ALL],
        "nothing": [nothing] * 4,
    }
    for moment in MOMENTS:
        for things in chain.from_iterable(combinations(THINGS, n) for n in range(6)):
            grid = {moment: list(things)}
            assert visible("custom", grid, moment) == set(things)
            assert all(visible("custom", grid, other) == nothing for other in MOMENTS if other != moment)
    assert visible("custom", None, "while_open") == visible("unknown", None, "while_open") == nothing
    assert visible("custom", {"while_open": ["everything"]}, "while_open") == nothing


def test_it_says_whether_more_will_be_shown():
    assert next_moments("marks_only", None, "while_open", NOW) == (NOW, True)
    assert next_moments("after_close", None, "right_after", None) == (None, False)  # a quiz that never closes never opens its key
    assert next_moments("after_submit", None, "while_open", NOW) == (None, False)
    assert next_moments("nothing", None, "during", NOW) == (None, False)
    assert next_moments("after_close", None, "after_close", NOW) == (None, False)


LINES = [
    Line("A", "phải", is_chosen=False, is_right=True, feedback="vì thế"),
    Line("B", "trái", is_chosen=True, is_right=False, feedback="chưa phải"),
    Line("1", "cá", is_right=False, response="trời", right="nước"),
    Line("2", "chim", is_right=False, response="", right="trời"),
    Line("", "", feedback="về cả câu"),
]


def test_it_cuts_lines_down():
    nothing = cut_lines(LINES, frozenset())
    assert [(line.is_right, line.right, line.feedback) for line in nothing] == [(None, "", "")] * 5
    assert [(line.label, line.html, line.is_chosen, line.response) for line in nothing] == [
        (line.label, line.html, line.is_chosen, line.response) for line in LINES
    ]
    assert [line.is_right for line in cut_lines(LINES, frozenset({"correctness"}))] == [None, False, False, None, None]
    assert [line.feedback for line in cut_lines(LINES, frozenset({"feedback"}))] == ["", "chưa phải", "", "", "về cả câu"]
    assert [line.right for line in cut_lines(LINES, frozenset({"right_answer"}))] == ["", "", "nước", "trời", ""]
    assert cut_lines(LINES, ALL) == LINES


def answers_of(attempt_id: int, is_right: bool) -> dict[int, object]:
    """A right or a wrong response to every question of a paper of every type."""
    found = {}
    for slot, (kind, (_, _, _, wrong)) in enumerate(EVERY.items(), start=1):
        asked = row_of(attempt_id).paper[slot - 1]
        body, order = render_versions([asked["version"]])[0].body, asked["order"]
        right = TYPES[kind].right(body, order) if kind != "essay" else EVERY[kind][2]
        if is_right or kind in ("essay", "description"):
            found[slot] = right
        elif kind in ("single_choice", "true_false"):
            found[slot] = "B" if right == "A" else "A"
        elif kind == "multiple_choice":
            found[slot] = [label for label in "ABC" if label not in right]
        elif kind in ("matching", "ordering"):
            found[slot] = right[::-1]
        else:
            found[slot] = wrong
    return found


def sit(client, attempt_id: int, is_right: bool) -> list:
    """Answers of the server to a whole sitting."""
    told = [client.post(f"/attempts/{attempt_id}/hold", json={"holder": "trang"})]
    for slot, response in answers_of(attempt_id, is_right).items():
        told.append(save(client, attempt_id, slot, response, slot, f"key-{slot:02}", holder="trang"))
        told.append(
            client.post(
                f"/attempts/{attempt_id}/flags", json={"slot": slot, "response": True, "client_seq": slot, "key": f"f{slot:02}"}
            )
        )
    told += [client.get(f"/attempts/{attempt_id}{path}") for path in ("", "/state", "/clock?holder=x", "/timeline")]
    told.append(client.post(f"/attempts/{attempt_id}/check", json={"slot": 1, "client_seq": 99, "key": "c"}))
    told.append(client.post(f"/attempts/{attempt_id}/notes", json={"key": "n", "notes": []}))
    return told


def hidden_in(answer, but=()) -> set[str]:
    """Canaries in an answer. What the taker wrote themselves is theirs."""
    text = answer.get_data(as_text=True) + str(answer.headers)
    return {word for word in HIDDEN if word in text and word not in but}


@pytest.mark.parametrize("review", ["nothing", "after_close", "marks_only", "after_submit"])
def test_it_lets_nothing_of_the_key_out_while_a_paper_is_sat(as_, make_every, people, review):
    attempt_id = start(make_every(review=review, closes_at=soon(hours=2)), people.hanh)
    for answer in sit(as_("hanh"), attempt_id, is_right=False):
        assert not hidden_in(answer), answer.request.path
        text = answer.get_data(as_text=True)
        if 'id="attempt"' in text:
            paper = json.dumps(json.loads(text.split('id="attempt">')[1].split("</script>")[0])["paper"])
            assert not any(
                word in paper for word in ('"right"', '"fraction"', '"answer"', '"order"', '"tolerance"', '"formula"', '"rubric"')
            )


@pytest.mark.parametrize("review", ["nothing", "after_close", "marks_only"])
def test_it_lets_nothing_of_the_key_out_of_a_result_before_its_time(as_, make_every, people, review):
    made = make_every(review=review, closes_at=soon(hours=2))
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    sit(client, attempt_id, is_right=False)
    told = [submit(client, attempt_id), save(client, attempt_id, 1, "A", 999, "after")]
    told += [client.get(f"/attempts/{attempt_id}{path}") for path in ("/result", "/timeline", "/state")]
    for answer in told:
        assert not hidden_in(answer), answer.request.path
    result = result_of(row_of(attempt_id), clock.now())
    for one in result.answers:
        assert one.explanation is None
        assert all(line.right == "" and line.is_right is None and line.feedback == "" for line in one.lines)
        assert one.is_right is None
        assert (one.mark is None) == (review != "marks_only" or one.is_pending)
    page = client.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert ("result-mark" in page) == (review == "marks_only")
    assert "Đáp án đúng" not in page
    with time_machine.travel(soon(hours=2, seconds=1), tick=False):
        page = client.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
        assert (CANARY in page) == (FEEDBACK in page) == ("Đáp án đúng" in page) == (review != "nothing")
        assert GUIDE not in page  # what examiners are told is theirs


def test_it_answers_alike_to_right_and_wrong_of_every_type(as_, make_every, people):
    """Sizes, states and headers of what is answered while a paper is sat say nothing about the responses."""
    made = make_every(review="nothing", attempt_limit=2)
    shapes = []
    for is_right in (True, False):
        attempt_id = start(made, people.hanh)
        client = as_("hanh")
        told = sit(client, attempt_id, is_right)
        told.append(submit(client, attempt_id))
        shapes.append(
            [
                (answer.status_code, len(answer.data), sorted(name for name, _ in answer.headers))
                for answer in told
                if answer.request.path.endswith(("/responses", "/flags", "/hold", "/notes", "/check", "/submit"))
            ]
        )
    assert shapes[0] == shapes[1]


def test_it_hides_totals_where_marks_are_hidden(as_, make_every, people):
    """Neither the total nor what an examiner gave stands on any page of the taker, nor in the export of their own data."""
    attempt_id = start(make_every(review="nothing"), people.hanh)
    client = as_("hanh")
    sit(client, attempt_id, is_right=True)
    submit(client, attempt_id)
    services.set_given_mark(attempt_id, list(EVERY).index("essay") + 1, Decimal("1.2345678"), (9, "Thanh"), clock.now())
    assert row_of(attempt_id).mark == Decimal("10.2345678")
    for path in ("/result", "/timeline", "/state"):
        text = client.get(f"/attempts/{attempt_id}{path}").get_data(as_text=True)
        assert not any(word in text for word in ("10,2345678", "10.2345678", "1,2345678", "1.2345678", "Đạt<"))
    assert "10.2345678" not in json.dumps(own_data(people.hanh.member_id))
    officer = as_("thanh").get(f"/attempts/{attempt_id}/timeline").get_data(as_text=True)
    assert "1,2345678" in officer


def test_it_shows_everything_at_its_time(as_, make_every, people):
    attempt_id = start(make_every(), people.hanh)
    client = as_("hanh")
    sit(client, attempt_id, is_right=False)
    submit(client, attempt_id)
    result = result_of(row_of(attempt_id), clock.now())
    assert result.shows == ALL
    for one, kind in zip(result.answers, EVERY, strict=True):
        asked = row_of(attempt_id).paper[one.slot - 1]
        body = render_versions([asked["version"]])[0].body
        responses = answers_of(attempt_id, is_right=False)
        assert list(one.lines) == TYPES[kind].review(body, asked["order"], responses[one.slot], html_of)
    page = client.get(f"/attempts/{attempt_id}/result").get_data(as_text=True)
    assert all(word in page for word in (CANARY, FEEDBACK, "Chờ chấm"))
    assert db.session.get_one(type(row_of(attempt_id)), attempt_id).is_pending
