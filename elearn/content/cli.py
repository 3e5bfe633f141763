"""`flask content check` and `flask content sync`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from elearn.content.rules.faults import Fault
from elearn.content.services import check_content, sync_content
from elearn.content.services.syncing import ContentFaulty, content_digest
from elearn.content.services.top import find_or_make_top
from elearn.core import clock
from elearn.core.i18n import gettext
from elearn.lib.periods import local_day

group = AppGroup("content", help="Courses, question banks and documents as files.")


def _root(path: str | None) -> Path:
    return Path(path or current_app.config["ELEARN"].content_dir)


def _said(fault: Fault) -> str:
    return gettext(fault.message, **dict(fault.values))


def _print_faults(faults: list[Fault], as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps({"faults": [{"file": f.file, "line": f.line, "message": _said(f)} for f in faults]}, ensure_ascii=False)
        )
        return
    for fault in faults:
        click.echo(f"{fault.file}:{fault.line}: {_said(fault)}")


@group.command()
@click.argument("path", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the list of faults.")
def check(path: str | None, as_json: bool) -> None:
    """Report every fault of every content file with its line."""
    faults = check_content(_root(path), local_day(clock.now()))
    _print_faults(faults, as_json)
    if faults:
        sys.exit(1)
    if not as_json:
        click.echo(gettext("Nội dung không có lỗi."))


@group.command()
@click.argument("path", required=False)
def sync(path: str | None) -> None:
    """Load what changed; loading again changes nothing."""
    load_content(path, is_quiet=False)


def load_content(path: str | None = None, is_quiet: bool = True) -> None:
    """Load the content unless it is the very same as last time; exit 1 with the faults where a file is faulty."""
    root = _root(path)
    config = current_app.config["ELEARN"]
    now = clock.now()
    unit_id = find_or_make_top(config.site_name, local_day(now))
    digest = f"{content_digest(root)} {config.database_address} {unit_id}"
    stamp = config.data_path / "content.stamp"
    if is_quiet and stamp.exists() and stamp.read_text() == digest:
        return
    try:
        result = sync_content(root, unit_id, now)
    except ContentFaulty as refusal:
        _print_faults(refusal.faults, as_json=False)
        click.echo(gettext(refusal.message), err=True)
        sys.exit(1)
    stamp.write_text(digest)
    click.echo(", ".join(f"{name} {count}" for name, count in sorted(result.outcomes.items()) if count))
