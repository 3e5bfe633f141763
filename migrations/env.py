"""Runs migrations: on SQLite each inside one explicit transaction, everywhere under the writer's turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from elearn.core.db import Model, db, turns_of


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite make a table anew under its own name: it would take the rows that point there for orphans.

    The check is only off for the length of the migrations, and only on this connection; they end with a check of every key.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        orphans = driver.execute("PRAGMA foreign_key_check").fetchmany(3)
        if orphans:
            raise RuntimeError(f"rows without what they point to: {orphans}")
    finally:
        if not driver.in_transaction:
            driver.execute("PRAGMA foreign_keys=ON")
        else:
            connection.invalidate()


def run() -> None:
    """Bring the database to the version asked for; each migration is wholly done or not at all."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with turns_of(app).turn(), db.engine.connect().execution_options(is_write=True) as connection, without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            transaction_per_migration=True,
            transactional_ddl=True,
            compare_type=True,
            render_as_batch=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
