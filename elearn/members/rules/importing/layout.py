"""How a sheet of people is laid out: titles, heading lines, what each column holds, unit headings between the people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from elearn.lib.grid import SheetGrid


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column is taken for; `reason` is a Vietnamese source message with its `values`; confidence from 0 to 1."""

    column: int
    heading: str
    field: str
    confidence: float
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Row numbers count from 1. `fingerprint` is the same for sheets with the same headings, and is "" where there are none.

    `legacy` is "tcvn3" or "vni" where the cells were typed in such a font. `last_row` is the last row that may hold a person.
    """

    titles: tuple[str, ...]
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[ColumnGuess, ...]
    fingerprint: str
    has_unit_headings: bool = False
    ordinal_restarts: bool = False
    legacy: str = ""

    @property
    def mapping(self) -> dict[int, str]:
        """Column → field, ignored ones left out."""
        return {guess.column: guess.field for guess in self.columns if guess.field not in ("", "ignored")}

    @property
    def is_usable(self) -> bool:
        """Whether names can be read at all."""
        return not {"full_name", "given_name"}.isdisjoint(self.mapping.values())


def recognise(grid: SheetGrid) -> Layout:
    """The layout of a sheet; of one without any recognisable column the mapping is empty."""
    raise NotImplementedError
