"""Bulk inserts in Core, and what telling of progress looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select

from elearn.core.db import Model

CHUNK = 5000

Tell = Callable[[str, int, int], None]
"""Called with the name of a step, how much of it is done, and how much there is."""


def next_id(connection: Connection, model: type[Model]) -> int:
    """The first id that is free above all others."""
    highest: int | None = connection.scalar(select(func.max(model.__table__.c.id)))
    return (highest or 0) + 1


def insert_all(
    connection: Connection,
    model: type[Model],
    rows: Iterable[Mapping[str, Any]],
    tell: Callable[[int], None] | None = None,
) -> int:
    """Insert rows in chunks; return how many there were. `tell` hears of it after each chunk."""
    statement = insert(model.__table__)  # type: ignore[arg-type]
    chunk: list[Mapping[str, Any]] = []
    count = 0
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            connection.execute(statement, chunk)
            count += len(chunk)
            chunk = []
            if tell:
                tell(count)
    if chunk:
        connection.execute(statement, chunk)
        count += len(chunk)
    if tell:
        tell(count)
    return count


def advance_sequences(connection: Connection, *models: type[Model]) -> None:
    """Let PostgreSQL go on counting behind ids that were given; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for model in models:
        name = model.__tablename__
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608
