"""The order of tasks and the words for a deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.contributions import Task
from elearn.home.rules.agenda import deadline_words, in_order, nearest_deadline

NOW = datetime(2026, 10, 14, 3, 32, tzinfo=UTC)  # Wednesday 10:32 in Viet Nam
moments = st.one_of(st.none(), st.integers(-500, 500).map(lambda hours: NOW + timedelta(hours=hours)))
tasks = st.lists(
    st.builds(lambda due, must, title: Task(title, "", "", "", due, is_required=must), moments, st.booleans(), st.text(max_size=3))
)


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (datetime(2026, 10, 14, 10, 0, tzinfo=UTC), "%(time)s hôm nay"),
        (datetime(2026, 10, 14, 16, 59, tzinfo=UTC), "hết hôm nay"),
        (datetime(2026, 10, 15, 10, 0, tzinfo=UTC), "%(time)s ngày mai"),
        (datetime(2026, 10, 14, 17, 0, tzinfo=UTC), "hết ngày mai"),
        (datetime(2026, 10, 19, 2, 0, tzinfo=UTC), "%(time)s %(weekday)s %(short_date)s"),
        (datetime(2026, 10, 20, 16, 59, tzinfo=UTC), "%(weekday)s %(short_date)s"),
        (datetime(2026, 10, 21, 16, 59, tzinfo=UTC), "ngày %(date)s"),
        (datetime(2026, 10, 30, 2, 0, tzinfo=UTC), "%(time)s ngày %(date)s"),
        (datetime(2026, 10, 13, 2, 0, tzinfo=UTC), "đã quá hạn từ %(date)s"),
    ],
)
def test_it_says_a_deadline_as_people_do(due_at, words):
    assert deadline_words(due_at, NOW) == words


@given(tasks)
def test_it_loses_nothing_and_puts_the_soonest_first(given_tasks):
    ordered = in_order(given_tasks)
    assert sorted(map(id, ordered)) == sorted(map(id, given_tasks))
    keys = [(task.due_at is None, task.due_at or NOW, not task.is_required) for task in ordered]
    assert keys == sorted(keys)
    assert in_order(ordered) == ordered


@given(tasks)
def test_it_names_the_nearest_deadline_still_to_come(given_tasks):
    nearest = nearest_deadline(given_tasks, NOW)
    coming = [task.due_at for task in given_tasks if task.due_at and task.due_at >= NOW]
    assert nearest == (min(coming) if coming else None)
