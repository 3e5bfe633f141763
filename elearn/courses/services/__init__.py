"""Use cases of courses: editions, reading, the quiz at the end."""

from __future__ import annotations

from elearn.courses.services.editions import EditionSpec, LessonSpec, put_course
from elearn.courses.services.reading import (
    finish_part,
    note_passed,
    note_position,
    start_course,
    start_quiz,
    switch_edition,
)
from elearn.courses.services.regrading import follow_regrade

__all__ = [
    "EditionSpec",
    "LessonSpec",
    "finish_part",
    "follow_regrade",
    "note_passed",
    "note_position",
    "put_course",
    "start_course",
    "start_quiz",
    "switch_edition",
]
