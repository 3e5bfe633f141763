"""`flask audit check`, `flask audit checkpoint`."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from elearn.audit.queries import check_chain, find_checkpoint, fits_checkpoint
from elearn.core.db import db

group = AppGroup("audit", help="The audit log: whether it is whole.")


@group.command()
@click.option("--checkpoint", default="", metavar="NUMBER:DIGEST", help="Also compare with a checkpoint that was kept outside.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def check(checkpoint: str, as_json: bool) -> None:
    """Work the chain out anew; exit 1 where it does not fit."""
    number, _, digest = checkpoint.partition(":")
    if checkpoint and not (number.isdecimal() and len(number) < 19 and len(digest) == 64):
        raise click.BadParameter("NUMBER:DIGEST, as `flask audit checkpoint` prints it.", param_hint="--checkpoint")
    session = db.session()
    found = check_chain(session)
    fits = fits_checkpoint(session, int(number), digest) if checkpoint else None
    is_whole = found.broken_at is None and fits is not False
    if as_json:
        told = {"entries": found.length, "blanked": found.blanked, "broken_at": found.broken_at, "whole": is_whole}
        click.echo(json.dumps(told | ({"fits_checkpoint": fits} if checkpoint else {})))
    elif found.broken_at is not None:
        click.echo(f"Nhật ký không còn khớp từ dòng {found.broken_at}.", err=True)
    elif fits is False:
        click.echo(f"Dòng {number} không còn mã đã ghi lại: nhật ký đã bị viết lại.", err=True)
    else:
        click.echo(f"Nhật ký nguyên vẹn: {found.length} dòng, {found.blanked} dòng đã bỏ tên theo yêu cầu xoá dữ liệu.")
    sys.exit(0 if is_whole else 1)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def checkpoint(as_json: bool) -> None:
    """Print number, digest and time of the last entry, to be kept where nobody who runs the server can change it."""
    found = find_checkpoint(db.session())
    if found is None:
        click.echo("Nhật ký chưa có dòng nào.", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps({"entry": found.seq, "digest": found.digest, "at": found.at.isoformat()}))
    else:
        click.echo(f"{found.seq}:{found.digest} {found.at.isoformat()}")
