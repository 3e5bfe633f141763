"""`flask contests list` and `flask contests close`."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from elearn.contests import services
from elearn.contests.queries import contests
from elearn.contests.rules.rounds import ROUND_STATE_NAMES
from elearn.core import clock
from elearn.core.display import show_datetime, show_number
from elearn.core.errors import said
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError

group = AppGroup("contests", help="Rounds of contests: listing and closing them.")
BY_COMMAND = (None, "flask contests close")


@group.command("list")
@click.option("--closed", is_flag=True, help="Only rounds past their close.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_rounds(closed: bool, as_json: bool) -> None:
    """List rounds in order of opening."""
    rounds = contests.list_rounds(clock.now(), closed)
    if as_json:
        told = [
            {
                "id": one.id, "contest": one.contest, "title": one.title, "state": str(one.state),
                "opens_at": one.opens_at.isoformat(), "closes_at": one.closes_at.isoformat(), "entries": one.entries,
            }
            for one in rounds
        ]  # fmt: skip
        click.echo(json.dumps({"rounds": told}, ensure_ascii=False))
        return
    for one in rounds:
        state, closes = gettext(ROUND_STATE_NAMES[one.state]), show_datetime(one.closes_at)
        click.echo(f"{one.id}\t{one.contest}\t{one.title}\t{state}\t{closes}\t{show_number(one.entries)}")


@group.command("close")
@click.argument("round_id", metavar="ROUND", type=int)
@click.option("--reason", default="", help="Why published standings change.")
def close(round_id: int, reason: str) -> None:
    """Settle and publish the round with this id; exit 1 with the reason where that cannot be."""
    now = clock.now()
    found = contests.find_round(round_id)
    if found is None:
        click.echo(gettext("Không có vòng thi mang số %(number)s.", number=round_id), err=True)
        sys.exit(1)
    title = f"{found.contest.title}, {found.title}"
    try:
        settlement = services.settle_round(round_id, BY_COMMAND, now, reason)
        services.publish_round(settlement.id, BY_COMMAND, now)
    except DomainError as refusal:
        click.echo(said(refusal), err=True)
        sys.exit(1)
    click.echo(
        gettext(
            "%(title)s: đã công bố bản chốt %(version)s, %(people)s người, %(attempts)s lượt.",
            title=title, version=settlement.version, people=show_number(settlement.people_count),
            attempts=show_number(settlement.attempts_count),
        )
    )  # fmt: skip
