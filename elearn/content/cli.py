"""`flask content check` and `flask content sync`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from elearn.content.rules.faults import Fault
from elearn.content.services import SyncResult, check_content, sync_content
from elearn.content.services.consent import load_consent_texts
from elearn.content.services.stamp import stamp_of
from elearn.content.services.syncing import ContentFaulty
from elearn.content.services.top import find_or_make_top
from elearn.core import clock
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError
from elearn.lib.periods import local_day

group = AppGroup("content", help="Courses, question banks and documents as files.")


def _root(path: str | None) -> Path:
    return Path(path or current_app.config["ELEARN"].content_dir)


def _said(fault: Fault) -> str:
    return gettext(fault.message, **dict(fault.values))


def _print_faults(faults: list[Fault], as_json: bool) -> None:
    if as_json:
        told = {"faults": [{"file": fault.file, "line": fault.line, "message": _said(fault)} for fault in faults]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for fault in faults:
        click.echo(f"{fault.file}:{fault.line}: {_said(fault)}")


@group.command()
@click.argument("path", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the list of faults.")
def check(path: str | None, as_json: bool) -> None:
    """Report every fault of every content file with its line; exit 1 where there is one."""
    faults = check_content(_root(path), local_day(clock.now()))
    _print_faults(faults, as_json)
    if faults:
        if not as_json:
            click.echo(gettext("%(n)s lỗi trong %(files)s tệp.", n=len(faults), files=len({f.file for f in faults})), err=True)
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
    try:
        load_consent_texts(root, now)
    except DomainError as refusal:
        click.echo(gettext(refusal.message, **refusal.values), err=True)
        sys.exit(1)
    stamp = config.data_path / "content.stamp"
    if root.is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8") == stamp_of(root):
        if not is_quiet:
            click.echo(gettext("Nội dung không đổi, không có gì để nạp."))
        return
    unit_id = find_or_make_top(config.site_name, local_day(now))
    try:
        result = sync_content(root, unit_id, now)
    except ContentFaulty as refusal:
        _print_faults(refusal.faults, as_json=False)
        click.echo(gettext(refusal.message), err=True)
        sys.exit(1)
    stamp.write_text(stamp_of(root), encoding="utf-8")
    _print_result(result)


def _print_result(result: SyncResult) -> None:
    names = {
        "document": gettext("Tài liệu: %(created)s mới, %(changed)s sửa, %(same)s giữ nguyên."),
        "question": gettext("Câu hỏi: %(created)s mới, %(changed)s sửa, %(same)s giữ nguyên, %(retired)s thôi dùng."),
        "course": gettext("Khoá học: %(created)s mới, %(changed)s có bản mới, %(same)s giữ nguyên."),
        "contest": gettext("Cuộc thi: %(created)s mới, %(same)s đã có nên giữ nguyên."),
    }
    for kind, words in names.items():
        told = {name: result.outcomes[f"{kind}_{name}"] for name in ("created", "same", "retired")}
        changed = result.outcomes[f"{kind}_versioned"] + result.outcomes[f"{kind}_changed"]
        click.echo(words % {**told, "changed": changed})
