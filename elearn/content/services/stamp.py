"""Knows without reading the files again whether the content at hand is what the database holds."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from elearn.content.services.syncing import content_digest
from elearn.core.db import db
from elearn.courses.models import Course, CourseEdition
from elearn.library.models import Document
from elearn.questions.models import Question, QuestionVersion

RENDERING = 1
"""A higher number loads the same files again: raise it where lessons are rendered in another way."""


def stamp_of(root: Path) -> str:
    """A line that changes with the files, with the way of rendering, and with what was loaded into the database.

    The counts tell a database that was emptied, exchanged or restored from the one that was filled last.
    """
    counts = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Document, Question, QuestionVersion, Course, CourseEdition)
    ]
    latest = db.session.scalar(select(func.max(CourseEdition.created_at)))
    return f"{content_digest(root)} {RENDERING} {counts} {latest.isoformat() if latest else ''}"
