"""Writes the state of an installation into one zip and puts it back: database, files that were handed in, keys.

A backup is made while the site serves: SQLite copies a moment of itself, PostgreSQL dumps one snapshot; files are only ever added, and
come after the database, so every file that the database names is there. What is restored is first read wholly and compared with its digests.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine, inspect, make_url, text

from elearn.audit.services import record
from elearn.config import Config
from elearn.core.db import db, transaction
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_FILE, DUMP_FILE = "elearn.db", "database.dump"
FOLDERS = ("blobs", "keys")
"""Of the data folder; everything else there is made anew at the start."""
FILES = ("secret-key",)
SILENT = timedelta(seconds=30)
"""A site that has written no beat for so long is not running."""
CHUNK = 1 << 20


@dataclass(frozen=True)
class Backup:
    """A file that was written."""

    path: Path
    bytes: int
    made_at: datetime
    revision: str


def create_backup(config: Config, output: Path | None, actor: tuple[int | None, str], now: datetime) -> Backup:
    """Write a backup, only readable by its owner, and note it in the audit log. Raises DomainError no_tool, dump_failed or file_exists."""
    path = output or config.data_path / "backups" / f"elearn-{now:%Y%m%d-%H%M%S}.zip"
    if path.exists():
        raise DomainError("file_exists", "Đã có tệp %(path)s. Hãy chọn tên khác.", path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    revision = revision_of(db.engine.url)
    scratch = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, _private(scratch) as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                files = {}
                for name, source in _sources(Path(folder), config):
                    files[name] = _add(archive, name, source)
                told = {"format": FORMAT, "made_at": now.isoformat(), "revision": revision, "files": files}
                archive.writestr(MANIFEST, canonical(told))
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    size = path.stat().st_size
    with transaction() as session:
        record(session, now, actor, "create_backup", ("backup", path.name, path.name), after={"bytes": size, "revision": revision})
    return Backup(path, size, now, revision)


def restore_backup(config: Config, path: Path, now: datetime, replaces: bool = False) -> Path | None:
    """Put a backup back; return the folder in which the state before it was kept aside, None where there was none.

    Raises DomainError: bad_backup (nothing is touched), newer_backup (made by a later version of the program), other_database,
    site_running (a beat was written in the last half minute), not_empty without `replaces`, and no_tool or dump_failed.
    """
    address = make_url(config.database_address)
    with _opened(path) as archive:
        told = check_backup(archive)
        if told["revision"] not in known_revisions():
            raise DomainError("newer_backup", "Bản sao lưu này do phần mềm mới hơn làm ra. Hãy cập nhật phần mềm trước.")
        name = SQLITE_FILE if address.get_backend_name() == "sqlite" else DUMP_FILE
        if name not in told["files"]:
            raise DomainError("other_database", "Bản sao lưu này của một loại cơ sở dữ liệu khác nên không khôi phục vào đây được.")
        if is_running(address, now):
            raise DomainError("site_running", "Trang đang chạy. Hãy dừng mọi tiến trình phục vụ rồi khôi phục.")
        is_used = has_members(address)
        if is_used and not replaces:
            raise DomainError(
                "not_empty", "Ở đây đã có dữ liệu. Dùng --replace để thay; dữ liệu đang có được giữ riêng ra một thư mục."
            )
        db.session.remove()
        db.engine.dispose()
        aside = _set_aside(config, address, now)
        if name == SQLITE_FILE:
            _take_out(archive, name, Path(str(address.database)))
        else:
            with tempfile.TemporaryDirectory() as folder:
                dump = Path(folder) / name
                _take_out(archive, name, dump)
                _run("pg_restore", address, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))
        for entry in told["files"]:
            if entry != name:
                _take_out(archive, entry, config.data_path / entry)
    return aside


def check_backup(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of a backup whose every file was read and fits its digest. Raises DomainError bad_backup."""
    try:
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if told["format"] != FORMAT or {*archive.namelist()} != {*told["files"], MANIFEST}:
            raise ValueError
        for name, said in told["files"].items():
            parts = Path(name).parts
            if name not in (SQLITE_FILE, DUMP_FILE, *FILES) and (parts[0] not in FOLDERS or ".." in parts or len(parts) > 4):
                raise ValueError
            with archive.open(name) as source:
                if _digest(source) != (said["bytes"], said["sha256"]):
                    raise ValueError
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise DomainError("bad_backup", "Tệp này không phải bản sao lưu nguyên vẹn. Chưa có gì bị thay đổi.") from error
    return told


def revision_of(address: URL) -> str:
    """Revision of the tables in a database; "" where there are none."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return ""
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
    finally:
        engine.dispose()


def known_revisions() -> list[str]:
    """Revisions that this program can bring up to date, the newest first."""
    folder = Path(__file__).parents[2] / "migrations"
    return [one.revision for one in ScriptDirectory(str(folder)).walk_revisions()]


def has_members(address: URL) -> bool:
    """Whether anybody is known here."""
    return _ask(address, "members", "SELECT 1 FROM members LIMIT 1") is not None


def is_running(address: URL, now: datetime) -> bool:
    """Whether a serving process has written a beat in the last half minute."""
    at = _ask(address, "server_beats", "SELECT beat_at FROM server_beats WHERE id = 1")
    if at is None:
        return False
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return now - (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < SILENT


def _ask(address: URL, table: str, question: str) -> Any:
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        return None
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            return connection.scalar(text(question)) if inspect(connection).has_table(table) else None
    finally:
        engine.dispose()


def _sources(folder: Path, config: Config) -> Iterator[tuple[str, Path]]:
    """(name in the zip, file); the database first, so that files it names are already there when they are read."""
    address = make_url(config.database_address)
    if address.get_backend_name() == "sqlite":
        copy = folder / SQLITE_FILE
        with contextlib.closing(sqlite3.connect(str(address.database), timeout=60)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        yield SQLITE_FILE, copy
        copy.unlink()
    else:
        dump = folder / DUMP_FILE
        _run("pg_dump", address, "--format=custom", "--no-owner", f"--file={dump}")
        yield DUMP_FILE, dump
        dump.unlink()
    for name in FILES:
        if (config.data_path / name).is_file():
            yield name, config.data_path / name
    for top in FOLDERS:
        for path in sorted((config.data_path / top).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                yield path.relative_to(config.data_path).as_posix(), path


@contextlib.contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
        yield out


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    told, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as out:
        while part := source.read(CHUNK):
            told.update(part)
            size += len(part)
            out.write(part)
    return {"bytes": size, "sha256": told.hexdigest()}


def _digest(source: IO[bytes]) -> tuple[int, str]:
    told, size = hashlib.sha256(), 0
    while part := source.read(CHUNK):
        told.update(part)
        size += len(part)
    return size, told.hexdigest()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise DomainError("bad_backup", "Tệp này không phải bản sao lưu nguyên vẹn. Chưa có gì bị thay đổi.") from error
    with archive:
        yield archive


def _take_out(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Write a file to disk for good, readable by its owner alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.part")
    scratch.unlink(missing_ok=True)
    with archive.open(name) as source, _private(scratch) as out:
        shutil.copyfileobj(source, out, CHUNK)
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(target)


def _set_aside(config: Config, address: URL, now: datetime) -> Path | None:
    """Move what a restore would replace into a folder of its own; a PostgreSQL database is dumped there."""
    aside = config.data_path / f"before-restore-{now:%Y%m%d-%H%M%S}"
    moved = [config.data_path / name for name in (*FOLDERS, *FILES)]
    if address.get_backend_name() == "sqlite":
        base = str(address.database)
        moved += [Path(base + end) for end in ("", "-wal", "-shm")]
    elif has_members(address):
        aside.mkdir(mode=0o700)
        _run("pg_dump", address, "--format=custom", "--no-owner", f"--file={aside / DUMP_FILE}")
    for path in moved:
        if path.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            shutil.move(path, aside / path.name)
    return aside if aside.exists() else None


def _run(tool: str, address: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL; the password goes by the environment. Raises DomainError no_tool, dump_failed."""
    program = shutil.which(tool)
    if program is None:
        raise DomainError("no_tool", "Máy này chưa có %(tool)s (gói postgresql-client).", tool=tool)
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 — the program is PostgreSQL's own, its arguments are ours
        [program, f"--dbname={plain}", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, "PGPASSWORD": address.password or ""},
    )  # fmt: skip
    if done.returncode:
        raise DomainError("dump_failed", "%(tool)s báo lỗi: %(error)s", tool=tool, error=done.stderr.strip()[-300:])
