"""Expressions that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch_ms(FunctionElement[int]):
    """Whole milliseconds since 1970 of a `UtcDateTime` column, rounded down; integers all the way, so that no database rounds differently."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_ms, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # Kept as text with six decimals: 2026-10-14 03:32:00.123456
    moment = compiler.process(element.clauses, **options)
    return f"(CAST(strftime('%s', {moment}) AS INTEGER) * 1000 + CAST(substr({moment}, 21, 3) AS INTEGER))"


@compiles(epoch_ms, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)}) * 1000) AS BIGINT)"
