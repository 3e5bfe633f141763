"""Runs migrations: on SQLite each inside one explicit transaction, everywhere under the writer's turn."""

from __future__ import annotations

from alembic import context
from flask import current_app

from elearn.core.db import Model, db, turns_of


def run() -> None:
    """Bring the database to the version asked for; each migration is wholly done or not at all."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with turns_of(app).turn(), db.engine.connect().execution_options(is_write=True) as connection:
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
