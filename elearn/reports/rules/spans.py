"""Months, quarters and years to choose from, and the days they stand for."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from elearn.lib.periods import from_local

_SPAN = re.compile(r"(20[0-9]{2})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?")


def options_until(today: date, years: int = 3) -> list[tuple[str, str]]:
    """(value, name) of this year, its halves, quarters and months so far, then of the years before; the latest month first."""
    found = [(f"{today.year}", f"Năm {today.year}")]
    for year in range(today.year, today.year - years, -1):
        month = today.month if year == today.year else 12
        if year < today.year:
            found.append((f"{year}", f"Năm {year}"))
        found += [
            (f"{year}-H{half}", f"6 tháng {'đầu' if half == 1 else 'cuối'} năm {year}") for half in (2, 1) if month > (half - 1) * 6
        ]
        found += [(f"{year}-Q{quarter}", f"Quý {quarter}/{year}") for quarter in (4, 3, 2, 1) if month > (quarter - 1) * 3]
        found += [(f"{year}-{number:02}", f"Tháng {number}/{year}") for number in range(month, 0, -1)]
    return found


def moments_of(days: tuple[date, date]) -> tuple[datetime, datetime]:
    """The half-open time from the first day to the end of the last, local midnights as UTC."""
    first, last = days
    return from_local(datetime.combine(first, time.min)), from_local(datetime.combine(last + timedelta(days=1), time.min))


def days_of(value: str) -> tuple[date, date] | None:
    """First and last day of a value; None where it is none."""
    found = _SPAN.fullmatch(value)
    if found is None:
        return None
    year, month, quarter, half = (int(part) if part else 0 for part in found.groups())
    first, months = (month, 1) if month else (quarter * 3 - 2, 3) if quarter else (half * 6 - 5, 6) if half else (1, 12)
    start = date(year, first, 1)
    after = date(year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
    return start, after - timedelta(days=1)
