"""`flask doctor`: looks at everything on which a site stands and says in one line each what is sound and what is not."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from elearn.audit.queries import check_chain, last_time_of
from elearn.backups.services import known_revisions, revision_of
from elearn.config import Config
from elearn.contests.rules.readiness import OLDEST_BACKUP, SMALLEST_FREE, SMALLEST_SHARE
from elearn.core import clock
from elearn.core.db import db

SOUND, LOOK, BROKEN = "sound", "look", "broken"
SIGNS = {SOUND: "  ✓", LOOK: "  !", BROKEN: "  ✗"}
MOST_DRIFT = timedelta(seconds=2)


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not sound."""

    what: str
    state: str
    words: str


def _database(config: Config, now: datetime) -> Iterator[Finding]:
    if db.engine.dialect.name == "sqlite":
        said = db.session.execute(text("PRAGMA quick_check(1)")).scalar()
        broken = db.session.execute(text("PRAGMA foreign_key_check")).first()
        if said != "ok" or broken is not None:
            yield Finding(
                "database",
                BROKEN,
                f"Cơ sở dữ liệu hỏng: {said if said != 'ok' else broken}. Hãy dừng trang và khôi phục bản sao lưu.",
            )
            return
    else:
        there = db.session.execute(text("SELECT now()")).scalar()
        if there is not None and abs(there - now) > MOST_DRIFT:
            yield Finding("clocks", BROKEN, "Đồng hồ của máy này và của máy cơ sở dữ liệu lệch nhau quá hai giây.")
    yield Finding("database", SOUND, f"Cơ sở dữ liệu {db.engine.dialect.name} trả lời và nguyên vẹn.")


def _tables(config: Config, now: datetime) -> Iterator[Finding]:
    present, newest = revision_of(db.engine.url), known_revisions()[0]
    if present == newest:
        yield Finding("tables", SOUND, f"Các bảng ở bản {present}, mới nhất.")
    elif present in known_revisions():
        yield Finding("tables", BROKEN, f"Các bảng ở bản {present}, phần mềm cần bản {newest}: chạy `flask db upgrade`.")
    else:
        yield Finding("tables", BROKEN, f"Các bảng ở bản {present or 'không rõ'}, mới hơn phần mềm này. Hãy cập nhật phần mềm.")


def _log(config: Config, now: datetime) -> Iterator[Finding]:
    found = check_chain(db.session())
    if found.broken_at is None:
        yield Finding("audit", SOUND, f"Nhật ký nguyên vẹn, {found.length} dòng.")
    else:
        yield Finding("audit", BROKEN, f"Nhật ký không còn khớp từ dòng {found.broken_at}.")


def _disk(config: Config, now: datetime) -> Iterator[Finding]:
    disk = shutil.disk_usage(config.data_path)
    share = disk.free / max(1, disk.total)
    state = BROKEN if disk.free < SMALLEST_FREE else LOOK if share < SMALLEST_SHARE else SOUND
    yield Finding("disk", state, f"Ổ đĩa còn {disk.free / 1024**3:.1f} GB, {share:.0%}.")


def _keys(config: Config, now: datetime) -> Iterator[Finding]:
    paths = [config.data_path / "secret-key", config.data_path / "keys" / "ed25519"]
    loose = [path.name for path in paths if path.exists() and path.stat().st_mode & 0o077]
    if loose:
        yield Finding("keys", BROKEN, f"Người khác trên máy đọc được khoá: {', '.join(loose)}. Hãy đặt quyền 600.")
    else:
        yield Finding("keys", SOUND, "Các khoá chỉ chủ của chúng đọc được.")


def _backup(config: Config, now: datetime) -> Iterator[Finding]:
    at = last_time_of(db.session(), "backup")
    if at is None:
        yield Finding("backup", LOOK, "Chưa có bản sao lưu nào: chạy `flask backup create` và chép tệp sang máy khác.")
        return
    hours = int((now - at).total_seconds() // 3600)
    yield Finding("backup", SOUND if now - at <= OLDEST_BACKUP else LOOK, f"Bản sao lưu gần nhất cách đây {hours} giờ.")


def _address(config: Config, now: datetime) -> Iterator[Finding]:
    if config.base_url.startswith("https://"):
        yield Finding("address", SOUND, f"Trang mở ở {config.base_url}.")
    else:
        yield Finding(
            "address", LOOK, f"Trang mở ở {config.base_url}, không mã hoá: mật khẩu đi trần trên mạng nếu không phải máy này."
        )


def _clock(config: Config, now: datetime) -> Iterator[Finding]:
    newest = max((datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in Path(config.data_path).iterdir()), default=now)
    if newest - now > MOST_DRIFT:
        yield Finding("clock", BROKEN, "Đồng hồ của máy đã lùi: có tệp dữ liệu ghi sau giờ hiện tại.")
    else:
        yield Finding("clock", SOUND, f"Đồng hồ: {now:%Y-%m-%d %H:%M:%S} UTC.")


CHECKS: tuple[Callable[[Config, datetime], Iterator[Finding]], ...] = (
    _database, _tables, _log, _disk, _keys, _backup, _clock, _address,
)  # fmt: skip


def look(config: Config, now: datetime) -> list[Finding]:
    """Everything that was found, in the order of the checks; one that fails itself is a finding."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found += check(config, now)
        except (SQLAlchemyError, OSError) as error:
            found.append(Finding(check.__name__.strip("_"), BROKEN, f"Không xem được: {str(error).splitlines()[0][:200]}"))
    return found


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Look at database, tables, log, disk, keys, backup, clock and address; exit 1 where something is broken."""
    found = look(current_app.config["ELEARN"], clock.now())
    is_sound = all(one.state != BROKEN for one in found)
    if as_json:
        click.echo(json.dumps({"sound": is_sound, "findings": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{SIGNS[one.state]} {one.words}")
    sys.exit(0 if is_sound else 1)


def init_doctor(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(doctor)
