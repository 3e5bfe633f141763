"""Tells quizzes what a passed quiz means, and the first page what is being learnt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for

from elearn.core.contributions import Achievement, Study
from elearn.core.display import show_date, show_number
from elearn.core.i18n import choose_locale, gettext
from elearn.courses import queries, services
from elearn.courses.models import CourseEdition, Taking
from elearn.library import hooks as library_hooks
from elearn.library.models import Document
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor, role_paths
from elearn.quizzes import hooks as quiz_hooks

TAKINGS = member_hooks.Carried(Taking, "member_id", "Khoá học", ("edition_id",))


def title_of(edition: CourseEdition) -> str:
    """The title in the reader's language."""
    return edition.title_en if choose_locale() == "en" and edition.title_en else edition.title


def courses_to_attach(actor: Actor) -> list[tuple[int, str]]:
    """Courses of the units whose documents the actor looks after."""
    return queries.list_owned(role_paths(actor, "document.manage"))


def course_use(course_id: int) -> library_hooks.Use | None:
    """A course that a document is attached to."""
    found = queries.find_title(course_id)
    return (
        library_hooks.Use(gettext("Khoá học: %(title)s", title=found[1]), url_for("courses.show", code=found[0])) if found else None
    )


def lessons_that_cite(document: Document) -> list[library_hooks.Use]:
    """Lessons of editions in force among whose sources the document is."""
    return [
        library_hooks.Use(
            gettext("Bài %(n)s của khoá %(course)s", n=position, course=title),
            url_for("courses.lesson", code=code, number=position),
        )
        for code, title, position in queries.list_citing(document.key)
    ]


def way_back(quiz_id: int, member_id: int) -> str | None:
    """The course page for a quiz of a course."""
    code = queries.find_course_code(quiz_id)
    return url_for("courses.show", code=code) if code else None


def studies(actor: Any, now: datetime) -> list[Study]:
    """Courses begun and not complete, the latest read first."""
    begun = queries.list_takings(actor.member_id)
    takings = [taking for taking in begun if taking.completed_at is None and taking.edition.course.is_published]
    counts = queries.lesson_counts([taking.edition_id for taking in takings])
    return [
        Study(
            title_of(taking.edition),
            gettext("Đọc lần cuối %(day)s", day=show_date(taking.last_read_at)),
            taking.lessons_done,
            counts.get(taking.edition_id, 0),
            url_for("courses.show", code=taking.edition.course.code),
        )
        for taking in takings
    ]


def achievements(actor: Any, now: datetime) -> list[Achievement]:
    """Completed courses, with the best mark out of ten."""
    takings = [taking for taking in queries.list_takings(actor.member_id) if taking.completed_at is not None]
    best = queries.best_marks(takings)
    earned = []
    for taking in takings:
        attempt = best[taking.id][0] if taking.id in best else None
        honour = ""
        if attempt is not None and attempt.mark is not None:
            honour = gettext("%(mark)s điểm", mark=show_number(attempt.mark * 10 / attempt.max_mark, 1))
        url = url_for("courses.show", code=taking.edition.course.code)
        title = gettext("Hoàn thành khoá: %(title)s", title=title_of(taking.edition))
        assert taking.completed_at is not None
        earned.append(Achievement(title, honour, "", taking.completed_at, url, "certificate"))
    return earned


def own_data(member_id: int) -> dict[str, Any]:
    """Courses of a person, for the export of their own data."""
    return {
        "courses": [
            {
                "title": one.edition.title, "started_at": one.started_at.isoformat(), "last_read_at": one.last_read_at.isoformat(),
                "lessons_done": one.lessons_done, "completed_at": one.completed_at.isoformat() if one.completed_at else None,
            }
            for one in queries.list_takings(member_id)
        ]
    }  # fmt: skip


def wire(app: Flask) -> None:
    """Fill the lists; an application made twice fills them once."""
    if services.note_passed not in quiz_hooks.after_submit:
        quiz_hooks.after_submit.append(services.note_passed)
        quiz_hooks.way_back.append(way_back)
        quiz_hooks.after_regrade.append(services.follow_regrade)
    member_hooks.add(member_hooks.results, TAKINGS)
    member_hooks.add(member_hooks.own_data, own_data)
    library_hooks.places["course"] = library_hooks.Place("Khoá học", courses_to_attach, course_use)
    member_hooks.add(library_hooks.uses, lessons_that_cite)
    contributions = app.extensions["contributions"]
    contributions.studies.append(studies)
    contributions.achievements.append(achievements)
