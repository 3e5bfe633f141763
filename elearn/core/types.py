"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from elearn.lib.canonical import canonical

# 64-bit keys; SQLite makes a rowid alias only of a column declared INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")

# Strings compared byte by byte, such as sort keys and paths, whatever the database's language.
ByteString = String(400).with_variant(String(400, collation="C"), "postgresql")

MARK_SCALE = 10_000_000
"""Marks are kept as whole ten-millionths, so that they are exact and sort alike everywhere."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Mark(TypeDecorator[Decimal]):
    """An exact mark with up to seven decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * MARK_SCALE).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / MARK_SCALE).normalize() + Decimal(0)


class Json(TypeDecorator[Any]):
    """A JSON value as text in one canonical form: keys sorted, no spaces, Unicode kept."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)
