"""One page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """`items` of page `number` (from 1) out of `total` items in all."""

    items: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    def url(self, number: int) -> str:
        """Address of another page of the same list with the same filters."""
        asked = {key: value for key, value in request.args.to_dict().items() if key != "endpoint" and not key.startswith("_")}
        arguments: dict[str, Any] = {**asked, **(request.view_args or {})}  # _scheme and the like are url_for's own
        return url_for(request.endpoint or "", **{**arguments, "page": number})


def page_number() -> int:
    """The page asked for in the address; 1 where it is missing or nonsense."""
    raw = request.args.get("page", "1")
    return max(1, int(raw)) if raw.isdigit() and len(raw) < 7 else 1


def page_of(session: Session, query: Select[Any], number: int, size: int = PAGE_SIZE, scalars: bool = True) -> Page[Any]:
    """Run an ordered query for one page; two statements whatever the number of rows."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(number, max(1, -(-total // size)))
    rows = session.execute(query.limit(size).offset((number - 1) * size))
    return Page(rows.scalars().all() if scalars else rows.all(), number, total, size)
