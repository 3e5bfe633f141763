"""A backup made under writes holds what was acknowledged before it; it goes back onto an empty folder, and nothing is lost on the way."""

from __future__ import annotations

import sqlite3
import stat
import threading
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import func, select, text

from elearn.app import create_app
from elearn.audit.models import AuditEntry
from elearn.audit.services import record
from elearn.backups import services
from elearn.config import Config
from elearn.core import blobs, clock
from elearn.core.db import db, transaction, turns_of
from elearn.core.signing import public_key
from elearn.doctor import BROKEN, LOOK, SOUND, look
from elearn.lib.errors import DomainError
from elearn.members.models import Member
from tests.conftest import POSTGRESQL

BY = (None, "test")


@pytest.fixture
def site(app, tmp_path):
    """A site of its own on SQLite, with somebody in it, a file that was handed in and a key."""
    if POSTGRESQL:
        pytest.skip("the copy of a PostgreSQL database has a test of its own")
    folder = tmp_path / "site"
    folder.mkdir()
    with closing(sqlite3.connect(str(db.engine.url.database))) as source:
        source.execute("VACUUM INTO ?", (str(folder / "elearn.db"),))
    made = create_app(Config(data_dir=str(folder), secret_key="k" * 20), TESTING=True)
    (folder / "secret-key").write_text("geheim")
    (folder / "secret-key").chmod(0o600)
    with made.app_context():
        public_key()
        blobs.keep(b"bai thu hoach")
        yield made
        db.session.remove()
        db.engine.dispose()
        turns_of(made).close()


def here() -> Config:
    return current_app.config["ELEARN"]


def opened(folder: Path):
    return create_app(Config(data_dir=str(folder), secret_key="k" * 20), TESTING=True)


def test_it_goes_back_onto_an_empty_machine(site, tmp_path):
    made = services.create_backup(here(), tmp_path / "all.zip", BY, clock.now())
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    people, key = db.session.scalar(select(func.count()).select_from(Member)), public_key()
    with opened(tmp_path / "other").app_context() as context:
        assert services.restore_backup(here(), made.path, clock.now()) is None
        assert db.session.scalar(select(func.count()).select_from(Member)) == people
        assert public_key() == key, "what was signed before can still be checked"
        assert any((tmp_path / "other" / "blobs").rglob("*"))
        states = {one.what: one.state for one in look(context.app.config["ELEARN"], clock.now())}
        assert states["database"] == states["tables"] == states["audit"] == states["keys"] == SOUND
        db.session.remove()
        db.engine.dispose()
        turns_of(context.app).close()


def test_it_holds_every_write_that_was_acknowledged_before_it_began(site, tmp_path):
    done, stop = [], threading.Event()

    def write() -> None:
        with site.app_context():
            while not stop.is_set():
                with transaction() as session:
                    seq = record(session, clock.now(), BY, "test", ("test", len(done), ""))
                done.append(seq)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(done) < 5:
            pass
        before = done[-1]
        made = services.create_backup(here(), tmp_path / "busy.zip", BY, clock.now())
    finally:
        stop.set()
        writer.join()
    with opened(tmp_path / "other").app_context() as context:
        services.restore_backup(here(), made.path, clock.now())
        assert db.session.scalar(select(func.max(AuditEntry.seq))) >= before
        assert {one.what: one.state for one in look(context.app.config["ELEARN"], clock.now())}["audit"] == SOUND
        db.session.remove()
        db.engine.dispose()
        turns_of(context.app).close()


def test_it_replaces_only_when_told_and_keeps_aside_what_was_there(site, tmp_path):
    made = services.create_backup(here(), tmp_path / "all.zip", BY, clock.now())
    with transaction() as session:
        session.get_one(Member, 1).display_name = "Sau khi sao lưu"
    with pytest.raises(DomainError) as refusal:
        services.restore_backup(here(), made.path, clock.now())
    assert refusal.value.code == "not_empty"
    aside = services.restore_backup(here(), made.path, clock.now(), replaces=True)
    assert aside is not None
    assert {"elearn.db", "keys", "blobs", "secret-key"} <= {path.name for path in aside.iterdir()}
    assert db.session.get_one(Member, 1).display_name != "Sau khi sao lưu"


def test_it_refuses_while_the_site_serves(site, tmp_path):
    made = services.create_backup(here(), tmp_path / "all.zip", BY, clock.now())
    now = clock.now()
    with transaction() as session:
        session.execute(text("DELETE FROM server_beats"))
        session.execute(text("INSERT INTO server_beats (id, beat_at) VALUES (1, :at)"), {"at": f"{now:%Y-%m-%d %H:%M:%S.%f}"})
    with pytest.raises(DomainError) as refusal:
        services.restore_backup(here(), made.path, now + timedelta(seconds=5), replaces=True)
    assert refusal.value.code == "site_running"
    assert services.restore_backup(here(), made.path, now + timedelta(minutes=2), replaces=True)


@pytest.mark.parametrize("harm", ["cut", "flipped", "foreign", "outside"])
def test_it_refuses_a_file_that_is_not_whole_and_touches_nothing(site, tmp_path, harm):
    path = services.create_backup(here(), tmp_path / "all.zip", BY, clock.now()).path
    raw = bytearray(path.read_bytes())
    if harm == "cut":
        path.write_bytes(raw[: len(raw) // 2])
    elif harm == "flipped":
        raw[len(raw) // 3] ^= 1
        path.write_bytes(raw)
    elif harm == "foreign":
        path.write_bytes(b"PK, or nearly")
    else:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("../evil", b"x")
    before = (tmp_path / "site" / "elearn.db").stat().st_mtime_ns
    with pytest.raises(DomainError) as refusal:
        services.restore_backup(here(), path, clock.now(), replaces=True)
    assert refusal.value.code == "bad_backup"
    assert (tmp_path / "site" / "elearn.db").stat().st_mtime_ns == before


def test_it_refuses_a_backup_of_a_later_version(site, tmp_path, monkeypatch):
    path = services.create_backup(here(), tmp_path / "all.zip", BY, clock.now()).path
    monkeypatch.setattr(services, "known_revisions", lambda: ["0001"])
    with pytest.raises(DomainError) as refusal:
        services.restore_backup(here(), path, clock.now(), replaces=True)
    assert refusal.value.code == "newer_backup"


def test_it_tells_the_officers_and_the_doctor_when_the_last_one_was_made(site, tmp_path):
    config = site.config["ELEARN"]
    assert {one.what: one.state for one in look(config, clock.now())}["backup"] == LOOK
    services.create_backup(here(), None, BY, clock.now())
    found = {one.what: one.state for one in look(config, clock.now())}
    assert found["backup"] == SOUND
    assert {one.what: one.state for one in look(config, clock.now() + timedelta(days=2))}["backup"] == LOOK
    assert BROKEN not in found.values()


def test_the_doctor_finds_what_is_broken(site):
    config = site.config["ELEARN"]
    (config.data_path / "secret-key").chmod(0o644)
    with transaction() as session:
        record(session, clock.now(), BY, "test", ("test", 1, ""))
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    found = {one.what: one.state for one in look(config, clock.now())}
    assert found["keys"] == found["tables"] == BROKEN
    assert site.test_cli_runner().invoke(args=["doctor", "--json"]).exit_code == 1


@pytest.mark.skipif(not POSTGRESQL, reason="postgresql: the other half of .ci/run asks it")
def test_it_dumps_and_restores_postgresql(app, tmp_path):
    people = db.session.scalar(select(func.count()).select_from(Member))
    db.session.rollback()
    made = services.create_backup(here(), tmp_path / "pg.zip", BY, clock.now())
    with transaction() as session:
        session.get_one(Member, 1).display_name = "Sau khi sao lưu"
    aside = services.restore_backup(here(), made.path, clock.now() + timedelta(minutes=2), replaces=True)
    assert aside is not None
    assert (aside / services.DUMP_FILE).exists()
    assert db.session.scalar(select(func.count()).select_from(Member)) == people
    assert db.session.get_one(Member, 1).display_name != "Sau khi sao lưu"
    db.session.rollback()
