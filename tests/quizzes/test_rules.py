"""The fold over the log, deadlines, digests and marks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from elearn.quizzes.rules.attempts import Answer, Event, deadline, event_digest, first_fault, fold, unwrap, wrap
from elearn.quizzes.rules.grading import Item, grade, is_passed

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
answers = st.builds(
    lambda seq, slot, letter, client: Event(seq, NOW + timedelta(seconds=seq), "answered", slot, letter, client),
    st.integers(1, 60), st.integers(0, 5), st.sampled_from("ABCD"), st.integers(0, 60),
)  # fmt: skip
flags = st.builds(
    lambda seq, slot, is_on, client: Event(seq, NOW, "flagged", slot, is_on, client),
    st.integers(1, 60), st.integers(1, 5), st.booleans(), st.integers(0, 60),
)  # fmt: skip
logs = st.lists(st.one_of(answers, flags), max_size=40, unique_by=lambda event: event.seq)


@given(logs, st.randoms(use_true_random=False))
def test_it_folds_alike_in_any_order_and_with_doubles(log, chance: random.Random):
    mixed = log + chance.sample(log, len(log) // 2)
    chance.shuffle(mixed)
    assert fold(mixed) == fold(log)


@given(logs)
def test_it_keeps_the_last_answer_that_the_page_made(log):
    state = fold(log)
    for slot in range(1, 6):
        mine = [event for event in log if event.kind == "answered" and event.slot == slot]
        expected = max(mine, key=lambda event: (event.client_seq, event.seq)).data if mine else None
        assert state.responses.get(slot) == expected


@given(logs)
def test_it_only_adds_to_what_was_said(log):
    """Answers to one question say nothing about another."""
    one = [event for event in log if event.slot == 1]
    assert fold(log).responses.get(1) == fold(one).responses.get(1)


@given(st.integers(1, 10_000), st.integers(-10_000, 10_000))
def test_it_ends_at_the_working_time_or_the_close(seconds, until_close):
    closes_at = NOW + timedelta(seconds=until_close)
    end = deadline(NOW, seconds, closes_at)
    assert end == min(NOW + timedelta(seconds=seconds), closes_at)
    assert deadline(NOW, seconds, None) == NOW + timedelta(seconds=seconds)


def test_it_chains_events_by_everything_they_say():
    event = Event(1, NOW, "answered", 1, "A", 1)
    changed = [Event(2, NOW, "answered", 1, "A", 1), Event(1, NOW + timedelta(milliseconds=1), "answered", 1, "A", 1)]
    changed += [Event(1, NOW, "flagged", 1, "A", 1), Event(1, NOW, "answered", 2, "A", 1), Event(1, NOW, "answered", 1, "B", 1)]
    digests = {event_digest("", 1, each, "k") for each in [event, *changed]}
    digests |= {event_digest("x", 1, event, "k"), event_digest("", 2, event, "k"), event_digest("", 1, event, "l")}
    assert len(digests) == 9


notes = st.builds(
    lambda seq, slot, kind: Event(seq, NOW, kind, slot, kind if kind in ("moved", "checked") else None),
    st.integers(1, 60), st.integers(1, 5), st.sampled_from(["moved", "checked"]),
).map(lambda event: replace(event, kind="shown"))  # fmt: skip
late = answers.map(lambda event: replace(event, kind="late_taken"))
sure = st.builds(
    lambda event, n: replace(event, data=wrap(Answer(event.data, n, 9))), answers.filter(lambda e: e.slot), st.integers(1, 3)
)
given_marks = st.builds(
    lambda seq, slot, mark: Event(seq, NOW, "marked", slot, {"mark": mark, "marks": [mark, None], "total": mark}),
    st.integers(1, 60), st.integers(1, 5), st.sampled_from(["0", "1.5", "4"]),
)  # fmt: skip
more_time = st.builds(lambda seq, n: Event(seq, NOW, "extended", None, {"seconds": n}), st.integers(1, 60), st.integers(1, 900))
ends = st.builds(
    lambda seq, kind: Event(seq, NOW + timedelta(seconds=seq), kind, None, {"marks": [str(seq), None], "total": str(seq)}),
    st.integers(1, 60), st.sampled_from(["submitted", "regraded"]),
)  # fmt: skip
whole_logs = st.lists(
    st.one_of(answers, flags, notes, late, sure, given_marks, more_time, ends), max_size=40, unique_by=lambda e: e.seq
)


@given(whole_logs, st.randoms(use_true_random=False))
def test_it_folds_every_kind_alike_in_any_order_and_with_doubles(log, chance: random.Random):
    mixed = log + chance.sample(log, len(log) // 2)
    chance.shuffle(mixed)
    state = fold(mixed)
    assert state == fold(log)
    assert state.extended_seconds == sum(event.data["seconds"] for event in log if event.kind == "extended")
    last = max((event for event in log if event.kind in ("submitted", "marked", "regraded")), key=lambda e: e.seq, default=None)
    assert state.marks == (None if last is None else (Decimal(last.data["marks"][0]), None))
    assert set(state.certainties) <= set(state.responses)


@given(
    st.sampled_from([None, "A", ["A"], {"1": "A"}, {"text": "x", "files": []}, {"response": "A"}, 7]),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(0, 9),
)
def test_it_keeps_what_is_said_beside_a_response(response, certainty, waited):
    answer = Answer(response, certainty, waited)
    assert unwrap(wrap(answer)) == answer


def test_it_gives_receipts_for_what_counts():
    log = [Event(1, NOW, "answered", 1, "A", 5, "k", "a" * 64), Event(2, NOW, "answered", 1, "B", 3, "l", "b" * 64)]
    assert fold(log).receipts == {1: "a" * 16}


def test_it_finds_the_first_line_that_was_changed():
    log, digest = [], ""
    for seq in range(1, 6):
        event = Event(seq, NOW, "answered", 1, "A", seq, f"k{seq}")
        digest = event_digest(digest, 7, event, event.key)
        log.append(replace(event, digest=digest))
    assert first_fault(7, reversed(log)) is None
    assert first_fault(7, log[:3]) is None
    for place in range(5):
        changed = [*log[:place], replace(log[place], data="B"), *log[place + 1 :]]
        assert first_fault(7, changed) == place + 1
    assert first_fault(7, [*log[:2], *log[3:]]) == 4
    assert first_fault(8, log) == 1


BODY = {"options": [{"text": "a", "right": True}, {"text": "b"}, {"text": "c"}]}


@given(st.lists(st.sampled_from([None, "A", "B", "C"]), min_size=1, max_size=30))
def test_it_marks_within_bounds_and_exactly(responses):
    items = [Item("single_choice", BODY, (0, 1, 2))] * len(responses)
    marks = grade(items, {slot: response for slot, response in enumerate(responses, start=1) if response})
    assert marks.total == sum(marks.by_slot) == responses.count("A") == marks.correct_count
    assert marks.max_total == len(responses)
    assert all(0 <= mark <= 1 for mark in marks.by_slot)


def test_it_passes_at_the_mark_and_not_below():
    assert is_passed(Decimal(12), Decimal(20), 60) is True
    assert is_passed(Decimal("11.9999999"), Decimal(20), 60) is False
    assert is_passed(Decimal(20), Decimal(20), None) is None
