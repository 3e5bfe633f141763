"""`flask contests list`, `close`, `rehearse`, `archive`, `verify` and `recount`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from flask.sessions import SecureCookieSessionInterface

from elearn.contests import services
from elearn.contests.queries import contests
from elearn.contests.rules.reading import Report
from elearn.contests.rules.rehearsals import STEPS, verdict
from elearn.contests.rules.rounds import ROUND_STATE_NAMES
from elearn.contests.rules.words import Words
from elearn.contests.services.rehearsing import MOST_ENTRANTS, rehearse
from elearn.core import clock
from elearn.core.display import show_datetime, show_number
from elearn.core.errors import said
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError
from elearn.members.views import TOKEN

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


@group.command("rehearse")
@click.argument("round_id", metavar="ROUND", type=int)
@click.option("--entrants", "count", type=click.IntRange(1, MOST_ENTRANTS), required=True, help="How many invented entrants come.")
@click.option("--seconds", type=click.FloatRange(0, 3600), default=10, show_default=True, help="Within how many seconds they come.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def rehearse_round(round_id: int, count: int, seconds: float, as_json: bool) -> None:
    """Let invented entrants sit a shadow of the round on a server of their own; nothing real is touched. Exit 1 where the server does not bear them."""
    say = (lambda _: None) if as_json else (lambda words: click.echo(gettext(words), err=True))
    try:
        found = rehearse(round_id, count, seconds, clock.now(), sign_in_cookie, say)
    except DomainError as refusal:
        click.echo(said(refusal), err=True)
        sys.exit(1)
    words = [spoken(one) for one in verdict(found)]
    if as_json:
        told = {
            "round": round_id, "entrants": found.entrants, "finished": found.finished, "failures": len(found.failures),
            "starts_per_minute": found.starts_per_minute, "is_good": found.is_good, "verdict": words,
            "steps": {one.key: {"p50_ms": one.p50_ms, "p95_ms": one.p95_ms, "max_ms": one.max_ms} for one in found.steps},
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in found.steps:
            click.echo(f"{gettext(STEPS[one.key]):<24}{one.p50_ms:>8}{one.p95_ms:>8}{one.max_ms:>8} ms")
        click.echo("\n".join(words))
    sys.exit(0 if found.is_good else 1)


def sign_in_cookie(secret: str, token: str) -> str:
    """The cookie of somebody who has signed in with a token, as a server with that secret would have given it."""
    app = Flask("rehearsal")
    app.secret_key = secret
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None, "there is a key"
    return str(serializer.dumps({TOKEN: token}))


def spoken(words: Words) -> str:
    """Words of a rule for the terminal."""
    values = {name: spoken(value) if isinstance(value, Words) else value for name, value in words.values.items()}
    return str(gettext(words.message, **values))


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
