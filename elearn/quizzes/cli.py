"""`flask quizzes statistics`."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from elearn.core import clock
from elearn.core.display import show_datetime, show_number
from elearn.core.i18n import gettext
from elearn.quizzes.queries.statistics import WHICH, find_named
from elearn.quizzes.rules.statistics_words import WHICH_NAMES, WHOLE

group = AppGroup("quizzes", help="Quizzes: their statistics.")


@group.command("statistics")
@click.argument("quiz_name", metavar="QUIZ")
@click.option("--which", type=click.Choice(WHICH), help="Attempts taken; without it those that the quiz counts.")
@click.option("--json", "as_json", is_flag=True, help="As JSON: whole quiz, items, options.")
def statistics(quiz_name: str, which: str | None, as_json: bool) -> None:
    """Work out the statistics of the quiz with this code or id, keep and print them; exit 1 where there is no such quiz."""
    # numpy comes with it, which no other command needs.
    from elearn.quizzes.services.analysing import analyse_quiz

    quiz = find_named(quiz_name)
    if quiz is None:
        click.echo(gettext("Không có bài kiểm tra nào mang mã hoặc số %(name)s.", name=quiz_name), err=True)
        sys.exit(1)
    code, title = quiz.code, quiz.title
    found = analyse_quiz(quiz.id, which or (quiz.counted if quiz.counted in WHICH else "all"), clock.now())
    head = {"quiz": code, "title": title, "which": found.which, "people": found.people, "attempts": found.attempts}
    if as_json:
        told = {**head, "worked_out_at": found.worked_out_at.isoformat(), **found.data}
        click.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    click.echo(
        gettext(
            "%(title)s. %(which)s: %(people)s người, %(attempts)s lượt. Tính đến %(moment)s.", title=title,
            which=gettext(WHICH_NAMES[found.which]), people=show_number(found.people), attempts=show_number(found.attempts),
            moment=show_datetime(found.worked_out_at),
        )
    )  # fmt: skip
    for one in WHOLE:
        click.echo(f"{gettext(one.name)}\t{show_number(found.data['whole'][one.key], one.places)}")
    for item in found.data["items"]:
        place = f"{item['slot']}" + (f"–{item['last_slot']}" if "last_slot" in item else "")
        variant = f" ({item['variant']})" if "variant" in item else ""
        figures = "\t".join(show_number(item[key], 4) for key in ("facility", "sd", "discrimination_index", "effective_weight"))
        click.echo(f"{place}{variant}\t{item['question'] or '–'}\t{item['s']}\t{figures}")
