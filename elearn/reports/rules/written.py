"""A report as a plain value: sentences, tables, names of those missing; page, Excel, Word, CSV and text for a chat group all come from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from elearn.lib.document import Annex, Block, Document, Letterhead, Paragraph, Signer, Table
from elearn.lib.document import Column as WordColumn
from elearn.lib.numbers import format_number
from elearn.reports.rules.sentences import short_day

Kind = Literal["text", "count", "percent", "mark", "day"]
MOST_ROWS_ON_PAGE = 300
"""A page shows no more rows of a table; files hold all."""


@dataclass(frozen=True)
class Column:
    """Heading, what its cells hold, and its share of the width of a page."""

    heading: str
    kind: Kind = "text"
    share: int = 2

    @property
    def is_figure(self) -> bool:
        """Whether its cells stand at the right."""
        return self.kind in ("count", "percent", "mark")


Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class Sheet:
    """A table; `total` is its last row, apart because files that are sorted again must not carry it along."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    note: str = ""


@dataclass(frozen=True)
class Missing:
    """Who has not done something: a line that says how many, and their names in order."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A whole report."""

    title: str
    day: date
    unit: str
    sentences: tuple[str, ...]
    sheets: tuple[Sheet, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def row_count(self) -> int:
        """Rows of all tables, and names: what went out."""
        return sum(len(sheet.rows) for sheet in self.sheets) + sum(len(one.names) for one in self.missing)


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """`part` of `whole` in percent with two decimals, rounded half up; None where `whole` is 0."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if whole else None


def cell_text(value: Value, kind: Kind) -> str:
    """A cell as it is read: 7.200, 95,87, 15/6/2023; "–" where there is no value."""
    if value is None or value == "":
        return "–" if value is None else ""
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, str):
        return value
    return format_number(value, 2 if kind == "percent" else None)


def row_texts(sheet: Sheet, row: Sequence[Value]) -> tuple[str, ...]:
    """A row in words."""
    return tuple(cell_text(value, column.kind) for value, column in zip(row, sheet.columns, strict=True))


def as_document(written: Written, head: Letterhead, signer: Signer) -> Document:
    """The report as officers send it: sentences, then each table, then annexes with the names of those missing."""
    body: list[Block] = [Paragraph(text) for text in written.sentences]
    for sheet in written.sheets:
        body.append(Paragraph(sheet.title, is_bold=True, is_indented=False))
        columns = tuple(WordColumn(one.heading, one.share, "right" if one.is_figure else "left") for one in sheet.columns)
        rows = [row_texts(sheet, row) for row in (*sheet.rows, *([sheet.total] if sheet.total else []))]
        body.append(Table(columns, tuple(rows)))
        if sheet.note:
            body.append(Paragraph(sheet.note, is_italic=True, is_indented=False))
    for one in written.missing:
        body.append(Annex("DANH SÁCH", one.title, "(Kèm theo báo cáo)"))
        body.append(
            Table(
                (WordColumn("STT", 1, "center"), WordColumn("Tên", 9)),
                tuple((str(number), name) for number, name in enumerate(one.names, start=1)),
            )
        )
    return Document(head, "BÁO CÁO", written.title, tuple(body), signers=(signer,), recipients=("Như trên", "Lưu"))


def as_text(written: Written, most_names: int = 100) -> str:
    """For a chat group: title, sentences, names of those missing."""
    lines = [written.title.upper(), *written.sentences]
    for one in written.missing:
        lines += ["", one.title, *(f"{number}. {name}" for number, name in enumerate(one.names[:most_names], start=1))]
        if len(one.names) > most_names:
            lines.append(f"… và {format_number(len(one.names) - most_names)} tên nữa.")
    return "\n".join(lines)
