"""`flask backup create`, `flask backup restore`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from elearn.backups import services
from elearn.core import clock
from elearn.lib.errors import DomainError

group = AppGroup("backup", help="The whole state in one file: database, files that were handed in, keys.")
BY_COMMAND = (None, "flask backup create")


@group.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; otherwise one under backups/ in the data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def create(output: Path | None, as_json: bool) -> None:
    """Write a backup while the site serves. Keep it on another machine: it holds the keys."""
    try:
        made = services.create_backup(current_app.config["ELEARN"], output, BY_COMMAND, clock.now())
    except DomainError as refusal:
        click.echo(refusal.message % refusal.values, err=True)
        sys.exit(1)
    if as_json:
        click.echo(
            json.dumps(
                {"path": str(made.path), "bytes": made.bytes, "revision": made.revision, "made_at": made.made_at.isoformat()}
            )
        )
    else:
        click.echo(f"{made.path}  {made.bytes / 1024**2:.1f} MiB")


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where there are people already; what is there is kept aside.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup back, with the site stopped; then run `flask db upgrade`."""
    try:
        aside = services.restore_backup(current_app.config["ELEARN"], file, clock.now(), replace)
    except DomainError as refusal:
        click.echo(refusal.message % refusal.values, err=True)
        sys.exit(1)
    click.echo("Đã khôi phục. Hãy chạy `flask db upgrade` rồi mở lại trang.")
    if aside is not None:
        click.echo(f"Dữ liệu trước đó nằm ở {aside}.")
