"""The first page: what is asked of a person, what they study, what they have earned."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.contributions import Achievement, Study, Task, contributions
from elearn.core.display import show_date, show_short_date, show_time, show_weekday
from elearn.core.guards import public, signed_in
from elearn.core.i18n import gettext
from elearn.home.rules.agenda import deadline_words, in_order, nearest_deadline
from elearn.members.queries.records import identity_of

blueprint = Blueprint("home", __name__, template_folder="templates")
SHOWN_RESULTS = 3


@blueprint.get("/")
@public
def show() -> str | Response:
    now = clock.now()
    if not current_user.is_authenticated:
        openings: list[Task] = [task for offer in contributions().openings for task in offer(now)]
        return render_template("home/landing.html", now=now, openings=in_order(openings), **_public_places())
    if current_user.is_guest:
        found = (url for offer in contributions().guest_homes if (url := offer(current_user.member_id)))
        return redirect(next(found, url_for("members.requests")))
    tasks = in_order(_gathered(contributions().tasks, now))
    required = [task for task in tasks if task.is_required]
    asked = {task.url for task in tasks}
    studies: list[Study] = [one for one in _gathered(contributions().studies, now) if one.url not in asked]
    earned = _earned(now)
    return render_template(
        "home/show.html",
        now=now,
        tasks=tasks,
        required=required,
        lead=_lead(required, now),
        studies=studies,
        earned=earned[:SHOWN_RESULTS],
        earned_count=len(earned),
        shown=SHOWN_RESULTS,
        **_public_places(),
    )


@blueprint.get("/results")
@signed_in
def results() -> str:
    """Everything earned, the latest first."""
    return render_template("home/results.html", earned=_earned(clock.now()), **_public_places())


def _gathered(offers: list[Any], now: datetime) -> list[Any]:
    return [one for offer in offers for one in offer(current_user.actor, now)]


def _earned(now: datetime) -> list[Achievement]:
    actors = [replace(current_user.actor, member_id=number) for number in identity_of(current_user.member_id)]
    found: list[Achievement] = [one for actor in actors for offer in contributions().achievements for one in offer(actor, now)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _lead(required: list[Task], now: datetime) -> tuple[str, str]:
    """The sentence under the title, in full and as short as a phone wants it."""
    if not required:
        words = gettext("Không còn việc nào đến hạn.")
        return words, words
    count = len(required)
    due_at = nearest_deadline(required, now)
    if due_at is None:
        return gettext("%(n)s việc được giao.", n=count), gettext("%(n)s việc.", n=count)
    nearest = gettext(
        deadline_words(due_at, now),
        time=show_time(due_at), weekday=show_weekday(due_at), date=show_date(due_at), short_date=show_short_date(due_at),
    )  # fmt: skip
    return (
        gettext("%(n)s việc được giao, xếp theo hạn. Gần nhất: %(nearest)s.", n=count, nearest=nearest),
        gettext("%(n)s việc. Gần nhất: %(nearest)s.", n=count, nearest=nearest),
    )


def _public_places() -> dict[str, str | None]:
    """Addresses of pages of other features, each only where the feature is there."""
    wanted = {
        "contests_url": "contests.catalogue",
        "courses_url": "courses.catalogue",
        "join_url": "contests.join",
        "quizzes_url": "quizzes.catalogue",
    }
    return {name: url_for(end) if end in current_app.view_functions else None for name, end in wanted.items()}
