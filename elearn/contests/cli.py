"""`flask contests list`, `close`, `archive`, `verify` and `recount`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from elearn.contests import services
from elearn.contests.queries import contests
from elearn.contests.rules.rounds import ROUND_STATE_NAMES
from elearn.contests.rules.verifying import Report
from elearn.core import clock
from elearn.core.display import show_datetime, show_number
from elearn.core.errors import said
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError

group = AppGroup("contests", help="Rounds of contests: listing, closing, archiving and verifying them.")
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


@group.command("archive")
@click.argument("round_id", metavar="ROUND", type=int)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The zip file to write.")
def archive(round_id: int, output: Path) -> None:
    """Write a published round into one zip from which anybody can work it out again (docs/archive.md)."""
    try:
        done = services.archive_round(round_id, output, clock.now())
    except DomainError as refusal:
        click.echo(said(refusal), err=True)
        sys.exit(1)
    size, events = show_number(done.size // 1024), show_number(done.events)
    click.echo(gettext("Đã ghi hồ sơ vào %(path)s: %(size)s KB, %(events)s sự kiện.", path=output, size=size, events=events))


@group.command("verify")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(path: Path, as_json: bool) -> None:
    """Work a round out again from its archive alone, without a database; exit 1 where something differs."""
    report = services.verify_file(path)
    if as_json:
        click.echo(json.dumps(told_of(report), ensure_ascii=False))
    else:
        show(report)
    sys.exit(0 if report.is_right else 1)


@group.command("recount")
@click.argument("round_id", metavar="ROUND", type=int)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def recount(round_id: int, as_json: bool) -> None:
    """Work a settled round out again in place and compare it with what was published; exit 1 where something differs."""
    try:
        done = services.recount_round(round_id, clock.now())
    except DomainError as refusal:
        click.echo(said(refusal), err=True)
        sys.exit(1)
    if as_json:
        told = {"version": done.version, "people": done.people, "differing": done.differing, "is_right": done.is_right}
        click.echo(json.dumps({**told, "verified": told_of(done.report) if done.report else None}, ensure_ascii=False))
    else:
        if done.report is None:
            click.echo(gettext("Vòng này không niêm phong: chỉ so bảng xếp hạng với các lượt hiện có."))
        else:
            show(done.report)
        message = gettext(
            "Bản chốt %(version)s, %(people)s người: %(n)s dòng khác khi xếp hạng lại.",
            version=done.version, people=show_number(done.people), n=show_number(done.differing),
        )  # fmt: skip
        click.echo(message)
    sys.exit(0 if done.is_right else 1)


def told_of(report: Report) -> dict[str, Any]:
    """A report as JSON."""
    return {
        "is_right": report.is_right, "round": report.round, "public_key": report.public_key,
        "checked": [gettext(message, **values) for message, values in report.checked],
        "notes": [gettext(message, **values) for message, values in report.notes],
        "fault_count": report.fault_count,
        "faults": [{"file": one.file, "line": one.line, "what": gettext(one.message, **one.values)} for one in report.faults],
    }  # fmt: skip


def show(report: Report) -> None:
    """A report in lines: what was checked, what has to be taken on trust, what differs."""
    told = told_of(report)
    if report.round:
        click.echo(gettext("Vòng thi %(round)s, khoá ký %(key)s", round=report.round, key=report.public_key))
    for line in told["checked"]:
        click.echo(f"  ✓ {line}" if report.is_right else f"  · {line}")
    for line in told["notes"]:
        click.echo(f"  ! {line}")
    for fault in told["faults"]:
        where = f"{fault['file']}:{fault['line']}" if fault["line"] else fault["file"]
        click.echo(f"  ✗ {where} {fault['what']}".replace("✗  ", "✗ "))
    if report.is_right:
        click.echo(gettext("Hồ sơ đúng: mọi thứ tính lại đều khớp."))
    else:
        click.echo(gettext("Hồ sơ KHÔNG khớp: %(n)s chỗ khác.", n=show_number(report.fault_count)))
