"""`flask members import`, `flask members undo`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from elearn.config import Config
from elearn.core import clock
from elearn.lib.errors import DomainError
from elearn.lib.periods import local_day
from elearn.members.queries import imports as queries
from elearn.members.rules.logins import login_key
from elearn.members.rules.permissions import Role
from elearn.members.services import importing, retention, roles
from elearn.units import queries as units

group = AppGroup("members", help="People: lists in, and back out.")
SYSTEM = (None, "Dòng lệnh")


def _config() -> Config:
    config: Config = current_app.config["ELEARN"]
    return config


class Bar:
    """Shows progress on a terminal; says nothing where the answer is for a program."""

    def __init__(self, is_quiet: bool) -> None:
        columns = (TextColumn("{task.description:<36}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), disable=is_quiet)
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total or None)
        self._progress.update(self._tasks[step], completed=done, total=total or None)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", default="", help="Code of the unit that the list is about; the top unit otherwise.")
@click.option("--decision", default="", help="Number and date of the decision behind the list.")
@click.option("--dry-run", is_flag=True, help="Preview only; nothing of anybody is written.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def import_members(file: Path, unit: str, decision: str, dry_run: bool, as_json: bool) -> None:
    """Import a list of people; doubtful and faulty rows are left for a person."""
    try:
        owner = units.find_by_code(unit) if unit else units.find_top()
        if owner is None:
            raise DomainError("no_unit", "Không có đơn vị nào với mã này.")
        folder, limit = _config().data_path, _config().max_import_mb * 1024 * 1024
        if file.stat().st_size > limit:
            raise DomainError(
                "file_too_large", "Tệp lớn hơn %(limit)s MB. Hãy chia danh sách thành nhiều tệp.", limit=_config().max_import_mb
            )
        unit_id = owner.id
        import_id = importing.open_import(SYSTEM, unit_id, file.read_bytes(), file.name, decision, folder, limit, clock.now())
        with Bar(as_json) as tell:
            importing.stage_import(import_id, folder, limit, local_day(clock.now()), tell)
            if not dry_run:
                importing.apply_import(import_id, SYSTEM, clock.now, tell)
        counts = queries.count_rows(import_id)
        problems = queries.list_result_rows(import_id, "problems")
        told = [
            {
                "sheet": row.sheet,
                "row": row.number,
                "field": one[0],
                "code": one[1],
                "severity": one[4],
                "message": one[2] % one[3] if one[3] else one[2],
            }
            for row in problems
            for one in row.problems
        ]
        if dry_run:
            importing.discard_import(import_id, SYSTEM, folder, clock.now())
    except DomainError as refusal:
        _refuse(refusal, as_json)
    if as_json:
        click.echo(json.dumps({"import": import_id, "dry_run": dry_run, "counts": counts, "problems": told}, ensure_ascii=False))
        return
    words = {
        "create": "thêm mới",
        "update": "cập nhật",
        "move": "chuyển đơn vị",
        "same": "không đổi",
        "doubtful": "nghi trùng",
        "faulty": "phải sửa",
    }
    click.echo(f"{'Xem trước' if dry_run else 'Lần nhập số'} {'' if dry_run else import_id}".strip())
    for key, text in words.items():
        click.echo(f"  {counts[key]:>8}  {text}")
    for one in told[:20]:
        click.echo(f"  {one['sheet']} dòng {one['row']}: {one['message']}")


@group.command("undo")
@click.argument("import_id", metavar="IMPORT", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def undo(import_id: int, as_json: bool) -> None:
    """Take an import back; what somebody has built on since stays and is counted."""
    try:
        if queries.find_import(import_id) is None:
            raise DomainError("no_import", "Không có lần nhập nào với số này.")
        with Bar(as_json) as tell:
            states = importing.undo_import(import_id, SYSTEM, _config().import_undo_days, clock.now, tell)
    except DomainError as refusal:
        _refuse(refusal, as_json)
    if as_json:
        click.echo(json.dumps({"import": import_id, "rows": states}, ensure_ascii=False))
    else:
        click.echo(f"Đã hoàn tác {states.get('undone', 0)} dòng, giữ lại {states.get('kept', 0)} dòng.")


@group.command("grant-role")
@click.argument("login")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.LEARNER]))
@click.argument("unit", metavar="UNIT-CODE")
@click.option("--reason", required=True, help="Number and date of the decision; stands in the audit log.")
def grant_role(login: str, role: str, unit: str, reason: str) -> None:
    """Give a role without a second person: for the first two administrators of an organisation."""
    try:
        roles.grant_by_system(SYSTEM, login_key(login), Role(role), unit, reason, clock.now())
    except DomainError as refusal:
        _refuse(refusal, False)
    click.echo("Đã giao quyền.")


def _refuse(refusal: DomainError, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": refusal.code, "message": str(refusal)}, ensure_ascii=False))
    click.secho(str(refusal), err=True, fg="red")
    sys.exit(1)


@group.command("retention")
@click.option("--run", "do_run", is_flag=True, help="Remove what is past its time; otherwise only counted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def keep_or_remove(do_run: bool, as_json: bool) -> None:
    """How much of each kind of data is past the time for which it is kept."""
    items = retention.report(clock.now())
    removed = retention.run(SYSTEM, clock.now(), _config().data_path) if do_run else {}
    if as_json:
        kinds = [
            {"kind": one.kind.key, "days": one.days, "past": one.past, "removed": removed.get(one.kind.key, 0)} for one in items
        ]
        click.echo(json.dumps({"dry_run": not do_run, "kinds": kinds}, ensure_ascii=False))
        return
    for one in items:
        days = f"{one.days} ngày" if one.days else "luôn giữ"
        click.echo(
            f"  {one.past:>9}  {one.kind.title} ({days})" + (f", đã xoá {removed[one.kind.key]}" if one.kind.key in removed else "")
        )
