"""Counts of units as officers paste them: a unit and a number on each line, as two columns of Excel give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold

_CELLS = re.compile(r"[\t;|]")


def cells_of(text: str) -> set[str]:
    """Everything that may name a unit."""
    return {cell.strip() for line in text.splitlines() for cell in _CELLS.split(line) if cell.strip()}


def read_counts(text: str, by_code: Mapping[str, int], by_name: Mapping[str, Sequence[int]], field: str) -> dict[int, int]:
    """Counts by unit id from lines "unit | number"; a code or a name may stand first. Raises InvalidInput naming `field` and the line."""
    found: dict[int, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in _CELLS.split(line) if cell.strip()]
        if len(cells) < 2 or not cells[-1].isdecimal():
            if cells and len(cells) > 1 and any(ch.isdigit() for ch in cells[-1]):
                raise InvalidInput("quota_number", "Dòng %(number)s: chỉ tiêu phải là một số nguyên.", field=field, number=number)
            continue
        unit = next((by_code[cell] for cell in cells[:-1] if cell in by_code), None)
        named = next((by_name[fold(cell)] for cell in cells[:-1] if fold(cell) in by_name), ())
        if unit is None and len(named) > 1:
            raise InvalidInput(
                "unit_ambiguous", "Dòng %(number)s: có %(n)s đơn vị tên “%(name)s”. Hãy ghi mã đơn vị.",
                field=field, number=number, n=len(named), name=cells[0],
            )  # fmt: skip
        if unit is None and not named:
            raise InvalidInput(
                "unit_unknown", "Dòng %(number)s: không tìm thấy đơn vị “%(name)s”.", field=field, number=number, name=cells[0]
            )
        unit = unit if unit is not None else named[0]
        if unit in found:
            raise InvalidInput("unit_twice", "Dòng %(number)s: đơn vị này đã có ở dòng trên.", field=field, number=number)
        if int(cells[-1]):
            found[unit] = int(cells[-1])
    return found
