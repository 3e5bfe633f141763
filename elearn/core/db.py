"""The database: one `db`, durable settings, and writers that take turns.

Reads begin an ordinary transaction; every write happens inside `transaction()` (ORM) or `write_connection()` (Core).
On SQLite a writer first takes its turn on a file lock, which the system hands on in order, and then says BEGIN IMMEDIATE:
several processes that only rely on busy_timeout starve each other.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Model)

ORDINARY = ("foreign_keys=ON", "cache_size=-16000")
BULK = ("foreign_keys=OFF", "cache_size=-262144")
"""For a transaction whose rows are selected from the very rows that they point to: looking each up again costs more than writing it."""


class WriterTurns:
    """Hands the right to write to one thread of one process after the other, in order of asking."""

    def __init__(self, path: Path | None) -> None:
        """`path` is the lock file shared by all processes; None where the database itself orders writers."""
        self._path = path
        self._thread_lock = threading.Lock()
        self._holder: int | None = None
        self._handle: Any = None
        self._process: int | None = None

    def _lock_file(self, path: Path) -> Any:
        """The open lock file of this process: a lock taken on one inherited from a parent would be the parent's."""
        if self._process != os.getpid():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handle, self._process = path.open("a+b"), os.getpid()
        return self._handle

    def close(self) -> None:
        """Let go of the lock file."""
        if self._handle is not None:
            self._handle.close()
            self._handle = self._process = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, hold it for the length of the block. Raises RuntimeError for a write inside a write."""
        if self._path is None:
            yield
            return
        if self._holder == threading.get_ident():
            raise RuntimeError("a write transaction inside a write transaction would wait for itself")
        with self._thread_lock:
            handle = self._lock_file(self._path)
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._holder = threading.get_ident()
            try:
                yield
            finally:
                self._holder = None
                fcntl.flock(handle, fcntl.LOCK_UN)


def engine_options(address: str) -> dict[str, Any]:
    """Options for `create_engine`: short waits are errors to be told, not hangs."""
    if address.startswith("sqlite"):
        # "AUTOCOMMIT" at the driver: our own BEGIN below is the only one.
        return {"connect_args": {"timeout": 10, "check_same_thread": False}, "pool_size": 20, "max_overflow": 20}
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}


def harden(engine: Engine) -> None:
    """Make SQLite durable and explicit about transactions; does nothing on other databases."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON", *ORDINARY):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("is_bulk"):
            connection.info["is_bulk"] = True
            for pragma in BULK:
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("is_write") else "BEGIN DEFERRED")

    @event.listens_for(engine, "checkin")
    def on_checkin(dbapi_connection: Any, record: Any) -> None:
        if dbapi_connection is not None and record.info.pop("is_bulk", False):
            for pragma in ORDINARY:
                dbapi_connection.execute(f"PRAGMA {pragma}")


def turns_of(app: Flask) -> WriterTurns:
    """The turns of this application's database."""
    turns: WriterTurns = app.extensions["writer_turns"]
    return turns


def init_db(app: Flask) -> None:
    """Connect `db` to the application."""
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(address)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        harden(engine)
        lock = Path(f"{engine.url.database}.writer") if engine.dialect.name == "sqlite" and engine.url.database else None
    app.extensions["writer_turns"] = WriterTurns(lock)


@contextmanager
def transaction(is_bulk: bool = False) -> Iterator[Session]:
    """One write transaction of the ORM session: commits at the end, rolls everything back on an error.

    What the session read before is read again inside, under the writer's turn, so that a decision rests on the present state.
    `is_bulk` is for one that writes hundreds of thousands of rows selected from those they point to (see BULK).
    """
    from flask import current_app

    session: Session = db.session()
    session.rollback()
    with turns_of(current_app._get_current_object()).turn():  # type: ignore[attr-defined]
        session.connection(execution_options={"is_write": True, "is_bulk": is_bulk})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def write_connection() -> Iterator[Connection]:
    """One write transaction in Core, for the hot paths: same turns, no ORM.

    The read transaction of the session ends first, so that what the session reads afterwards is what was written here.
    """
    from flask import current_app

    if db.session.registry.has():
        db.session.rollback()
    turns = turns_of(current_app._get_current_object())  # type: ignore[attr-defined]
    with turns.turn(), db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        yield connection


@contextmanager
def read_connection() -> Iterator[Connection]:
    """One read transaction in Core."""
    with db.engine.connect() as connection:
        yield connection
