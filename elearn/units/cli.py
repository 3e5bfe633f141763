"""`flask units import`, `flask units undo`, `flask units export`."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError
from elearn.lib.periods import local
from elearn.units.rules.mapping import read_day
from elearn.units.rules.organisation import Decision
from elearn.units.services import exports, undoing
from elearn.units.services.changes import CannotChange
from elearn.units.services.mapping_files import FileOutlook, apply_file, preview_mapping, preview_orgs

group = AppGroup("units", help="The organisation tree: mapping files in, lists out.")
BY_COMMAND = (None, "flask units")


class Day(click.ParamType[date]):
    """A day as officers or programs write it."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; a usage error where it is none."""
        found = value.date() if isinstance(value, datetime) else read_day(value)
        if found is None:
            self.fail(f"{value!r} is not a day such as 2025-07-01 or 01/07/2025", param, ctx)
        return found


def _today() -> date:
    return local(clock.now()).date()


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["mapping", "oneroster"]), default="mapping", help="Kind of file.")
@click.option("--on", "day", type=Day(), help="First day where a row names none.")
@click.option("--decision", default="", help="Number and date of the decision; of a OneRoster file only.")
@click.option("--title", default="", help="What the change is called; the name of the file otherwise.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def import_units(file: Path, form: str, day: date | None, decision: str, title: str, dry_run: bool) -> None:
    """Do what FILE says as one change; exit 1 with every problem where anything stands against it."""
    now = clock.now()
    try:
        data = file.read_bytes()
        if form == "mapping":
            limit = int(current_app.config["ELEARN"].max_upload_mb) * 1024 * 1024
            seen = preview_mapping(data, file.name, day, now, max_bytes=limit)
        else:
            seen = preview_orgs(data, day or _today(), Decision(decision), now)
        _tell(seen)
        if seen.errors:
            sys.exit(1)
        if dry_run or not seen.operations:
            click.echo(gettext("Chưa ghi gì."))
            return
        number = apply_file(BY_COMMAND, seen, title, file.name, now)
    except CannotChange as refusal:
        for problem in refusal.problems:
            click.echo(gettext(problem.message, **problem.values), err=True)
        sys.exit(1)
    except DomainError as refusal:
        click.echo(said(refusal), err=True)
        sys.exit(1)
    click.echo(gettext("Đã thực hiện: thay đổi số %(number)s, %(count)s thao tác.", number=number, count=len(seen.operations)))


def _tell(seen: FileOutlook) -> None:
    for row, lines in zip(seen.outlook.rows, seen.rows, strict=True):
        click.echo(f"{','.join(map(str, lines))}\t{row.action}\t{row.effective_on.isoformat()}\t{row.sentence}")
    for name, count in seen.outlook.counts.items():
        click.echo(f"{name}\t{count}")
    for problem in seen.problems:
        column = seen.headings.get(problem.column, problem.column)
        words = gettext(problem.message, **problem.values)
        kind = gettext("chú ý") if problem.is_warning else gettext("lỗi")
        click.echo(
            gettext("Dòng %(row)s, cột %(column)s, %(kind)s: %(why)s", row=problem.row, column=column, kind=kind, why=words),
            err=True,
        )


@group.command("undo")
@click.argument("change_id", metavar="CHANGE", type=int)
@click.option("--reason", required=True, help="Why; written into the log.")
def undo_units(change_id: int, reason: str) -> None:
    """Take the change with this number back; exit 1 with the reasons where something was built on it."""
    try:
        counts = undoing.undo_change(BY_COMMAND, change_id, reason, clock.now())
    except undoing.CannotUndo as refusal:
        for one in refusal.reasons:
            click.echo(gettext(one.message, **one.values), err=True)
        sys.exit(1)
    except DomainError as refusal:
        click.echo(said(refusal), err=True)
        sys.exit(1)
    click.echo(gettext("Đã hoàn tác."))
    for name, count in counts.items():
        click.echo(f"{name}\t{count}")


@group.command("export")
@click.option("--format", "form", type=click.Choice(["xlsx", "oneroster"]), default="xlsx", help="Kind of file.")
@click.option("--on", "day", type=Day(), help="As organised on this day; today otherwise.")
@click.option(
    "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Where to write; standard output otherwise."
)
def export_units(form: str, day: date | None, output: Path | None) -> None:
    """Write the units of a day as an Excel list or as orgs.csv."""
    on = day or _today()
    content = exports.units_workbook(on) if form == "xlsx" else exports.orgs_csv(on)
    if output is None:
        click.echo(content, nl=False)
    else:
        output.write_bytes(content)
