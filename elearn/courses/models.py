"""Courses in editions. A person or a class stays on the edition on which it began."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime
from elearn.quizzes.models import Quiz
from elearn.units.models import Unit


class Course(Model):
    """A course through all its editions."""

    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="owner")
    position: Mapped[int] = mapped_column(default=0, comment="order in the catalogue")
    is_published: Mapped[bool] = mapped_column(default=True, comment="shown to learners")
    edition_number: Mapped[int] = mapped_column(comment="number of the edition in force")
    unit: Mapped[Unit] = relationship()


class CourseEdition(Model):
    """The text of a course at one time; never changed once written."""

    __tablename__ = "course_editions"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of all that the edition says")
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(200), default="")
    as_of: Mapped[date | None] = mapped_column(comment="day on which the text was true")
    reviewed_on: Mapped[date | None] = mapped_column(comment="day of the second reading")
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"), comment="end-of-course quiz")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    course: Mapped[Course] = relationship()
    quiz: Mapped[Quiz | None] = relationship()
    lessons: Mapped[list[Lesson]] = relationship(order_by="Lesson.position")


class Lesson(Model):
    """One lesson of an edition, cut into parts that fill a screen each."""

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("edition_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_editions.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    code: Mapped[str] = mapped_column(String(80), comment="file name without its ending")
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(comment="reading time")
    as_of: Mapped[date | None] = mapped_column()
    parts: Mapped[Any] = mapped_column(Json, comment='[{"title": …, "html": …, "words": n}, …]; HTML is sanitised at sync')
    sources: Mapped[Any] = mapped_column(Json, comment="keys of documents, in the order of the footnote numbers")


class Taking(Model):
    """A person who takes an edition of a course."""

    __tablename__ = "takings"
    __table_args__ = (UniqueConstraint("member_id", "edition_id"), Index("ix_takings_edition_id", "edition_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_editions.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lessons_done: Mapped[int] = mapped_column(default=0, comment="lessons read to the end")
    passed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first passed quiz of the edition")
    best_attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), comment="attempt with the most marks")
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="all lessons read and the quiz passed")
    edition: Mapped[CourseEdition] = relationship()


class LessonProgress(Model):
    """How far a person has read a lesson."""

    __tablename__ = "lesson_progress"
    taking_id: Mapped[int] = mapped_column(ForeignKey("takings.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    part: Mapped[int] = mapped_column(default=1, comment="part open last, from 1")
    offset_permille: Mapped[int] = mapped_column(default=0, comment="how far down that part, 0 to 1000")
    parts_done: Mapped[Any] = mapped_column(Json, comment="numbers of the parts read to their end")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="all parts read to their end")
