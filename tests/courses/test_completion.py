"""What is read, what comes next, and when a course is complete."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from elearn.courses.rules.completion import LessonState, after_part, is_complete, next_step

parts = st.integers(1, 6)


@given(parts, st.lists(st.integers(-3, 9)))
def test_it_reads_a_lesson_when_every_part_is_read_in_whatever_order(count, steps):
    done: frozenset[int] = frozenset()
    for step in steps:
        before = done
        done, is_done = after_part(count, done, step)
        assert before <= done
        assert is_done == (set(range(1, count + 1)) <= set(steps[: steps.index(step) + 1]) or is_done)
    assert done == frozenset(step for step in steps if 1 <= step <= count)


@given(st.lists(st.tuples(parts, st.sets(st.integers(1, 6)), st.integers(1, 6)), max_size=6), st.booleans(), st.booleans())
def test_it_always_leads_to_something_not_done_yet(shapes, has_quiz, is_passed):
    lessons = [
        LessonState(position, count, frozenset(part for part in done if part <= count), open_)
        for position, (count, done, open_) in enumerate(shapes, start=1)
    ]
    step = next_step(lessons, has_quiz, is_passed)
    if step.lesson is not None:
        lesson = lessons[step.lesson - 1]
        assert step.part not in lesson.parts_done
        assert all(before.is_done for before in lessons[: step.lesson - 1])
    else:
        assert all(lesson.is_done for lesson in lessons)
        done = sum(lesson.is_done for lesson in lessons)
        assert step.is_quiz != is_complete(done, len(lessons), has_quiz, is_passed)


def test_it_asks_for_both_reading_and_passing():
    assert not is_complete(4, 4, has_quiz=True, is_passed=False)
    assert not is_complete(3, 4, has_quiz=True, is_passed=True)
    assert is_complete(4, 4, has_quiz=True, is_passed=True)
    assert is_complete(4, 4, has_quiz=False, is_passed=False)
