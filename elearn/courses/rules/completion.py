"""What is read, what comes next, and when a course is complete.

A part is read when its reader has come to its end and gone on; opening it is not enough. A lesson is read when all its parts are, a course is
complete when all lessons are read and its quiz is passed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LessonState:
    """A lesson with the parts that were read."""

    position: int
    part_count: int
    parts_done: frozenset[int]
    part_open: int = 1

    @property
    def is_done(self) -> bool:
        return len(self.parts_done) >= self.part_count

    @property
    def is_begun(self) -> bool:
        return bool(self.parts_done) or self.part_open > 1


@dataclass(frozen=True)
class Step:
    """Where to go on: a part of a lesson, the quiz, or nowhere (both None and False)."""

    lesson: int | None = None
    part: int = 1
    is_quiz: bool = False


def after_part(part_count: int, parts_done: Collection[int], part: int) -> tuple[frozenset[int], bool]:
    """The parts read once `part` is, and whether that makes the lesson read. A part that does not exist changes nothing."""
    done = frozenset(parts_done) | ({part} if 1 <= part <= part_count else frozenset())
    return done, len(done) >= part_count


def next_step(lessons: Sequence[LessonState], has_quiz: bool, is_passed: bool) -> Step:
    """The first part not read of the first lesson not read; then the quiz; then nothing."""
    for lesson in lessons:
        if not lesson.is_done:
            missing = [part for part in range(1, lesson.part_count + 1) if part not in lesson.parts_done]
            part = lesson.part_open if lesson.part_open in missing else missing[0]
            return Step(lesson.position, part)
    return Step(is_quiz=has_quiz and not is_passed)


def is_complete(lessons_done: int, lesson_count: int, has_quiz: bool, is_passed: bool) -> bool:
    """All lessons read, and the quiz passed where there is one."""
    return lessons_done >= lesson_count and (is_passed or not has_quiz)
