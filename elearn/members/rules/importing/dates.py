"""Days as officers write them, with how exactly they are known: day, month or only the year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from elearn.lib.grid import Cell
from elearn.lib.vietnamese import fold

_DAY_FIRST = re.compile(
    r"([0-9]{1,2})\s*[/.\-, ]\s*([0-9]{1,2})\s*[/.\-, ]\s*([0-9]{4}|[0-9]{2})(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})(?:[T ]+[0-9:.]+Z?)?")
_MONTH = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})")
_YEAR = re.compile(r"(?:nam\s+)?([0-9]{4})")
_WORDS = re.compile(r"(?:(?:ngay|sinh ngay)\s*)?([0-9]{1,2})?\s*,?\s*thang\s*([0-9]{1,2})\s*,?\s*(?:nam|/|-)?\s*([0-9]{4})")
_RUN = re.compile(r"[0-9]{7,8}")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_EPOCH = date(1899, 12, 30)
_EARLIEST_YEAR = 1900
MIN_AGE, MAX_AGE = 14, 110


@dataclass(frozen=True, slots=True)
class Reading:
    """A day with its precision, or the `fault` that kept it from being one; `doubt` names what a person should look at."""

    day: date | None = None
    precision: str = ""
    fault: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a column's other cells tell of it: the month written first; texts and real days that cannot both be right."""

    month_first: bool = False
    mixed: bool = False
    swapped: bool = False


def habit_of(cells: Iterable[Cell]) -> Habit:
    """How a column writes its days.

    `mixed`: some texts must have the month first and others the day. `swapped`: every real day has a number up to 12 although all
    the texts lie above, as happens when a spreadsheet set to American dates swallows "03/04/1985" and leaves "25/04/1985" as text.
    """
    first_above = second_above = both_below = days_low = days_high = 0
    for cell in cells:
        if isinstance(cell, str):
            found = _DAY_FIRST.match(cell)
            if found:
                first, second = int(found[1]), int(found[2])
                first_above += first > 12
                second_above += second > 12 >= first
                both_below += first <= 12 and second <= 12
        elif isinstance(cell, date):
            days_low += cell.day <= 12
            days_high += cell.day > 12
    return Habit(
        second_above > 2 and not first_above,
        bool(second_above and first_above),
        days_low >= 5 and not days_high and first_above >= 3 and not both_below,
    )


def read_day(cell: Cell, *, today: date, youngest: int = 0, habit: Habit | None = None) -> Reading:
    """A cell as a day not after `today`; two-digit years go to the last hundred years that leave an age of at least `youngest`."""
    habit = habit or Habit()
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _checked(cell, "day", today, "day_month_swapped" if habit.swapped and cell.day != cell.month else "")
    if isinstance(cell, bool) or cell is None:
        return Reading(fault="date_unreadable")
    if isinstance(cell, int | float):
        return _from_number(float(cell), today)
    if not isinstance(cell, str):
        return Reading(fault="date_unreadable")
    return _from_text(cell.strip(" \t.,;'’"), today, youngest, habit)


def _checked(day: date, precision: str, today: date, doubt: str = "") -> Reading:
    if day > today:
        return Reading(fault="date_in_future")
    if day.year < _EARLIEST_YEAR:
        return Reading(fault="date_too_early")
    return Reading(day, precision, "", doubt)


def _made(year: int, month: int, day: int, today: date, precision: str = "day", doubt: str = "") -> Reading:
    try:
        return _checked(date(year, month, day), precision, today, doubt)
    except ValueError:
        return Reading(fault="date_impossible")


def _from_number(number: float, today: date) -> Reading:
    if not -1e9 < number < 1e9:  # nor a number that is none
        return Reading(fault="date_unreadable")
    whole = int(number)
    if _EARLIEST_YEAR <= number <= today.year + 1 and number == whole:
        return _made(whole, 1, 1, today, "year")
    if 3_000 <= number < 80_000:
        return _checked(_EPOCH + timedelta(days=whole), "day", today)
    if number == whole and 1_000_000 <= whole < 100_000_000:
        return _from_run(f"{whole:08d}", today)
    return Reading(fault="date_unreadable")


def _from_run(digits: str, today: date) -> Reading:
    """Eight digits without anything between: the day first, or the year."""
    digits = digits.zfill(8)
    for year, month, day in ((digits[4:], digits[2:4], digits[:2]), (digits[:4], digits[4:6], digits[6:])):
        reading = _made(int(year), int(month), int(day), today) if int(year) >= _EARLIEST_YEAR else Reading()
        if reading.day:
            return reading
    return Reading(fault="date_impossible")


def _from_text(text: str, today: date, youngest: int, habit: Habit) -> Reading:
    if found := _DAY_FIRST.fullmatch(text):
        return _day_first(int(found[1]), int(found[2]), found[3], today, youngest, habit)
    if found := _YEAR_FIRST.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]), today)
    if found := _MONTH.fullmatch(text):
        return _made(int(found[2]), int(found[1]), 1, today, "month")
    folded = fold(text)
    if found := _YEAR.fullmatch(folded):
        return _made(int(found[1]), 1, 1, today, "year")
    if found := _WORDS.fullmatch(folded):
        return _made(int(found[3]), int(found[2]), int(found[1] or 1), today, "day" if found[1] else "month")
    if _RUN.fullmatch(text):
        return _from_run(text, today)
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), today)
    return Reading(fault="date_unreadable")


def _day_first(first: int, second: int, year_text: str, today: date, youngest: int, habit: Habit) -> Reading:
    year, doubt = int(year_text), ""
    if len(year_text) == 2:
        century = today.year // 100 * 100
        year += century if century + year <= today.year - youngest else century - 100
        doubt = "two_digit_year"
    if first == 0 and 1 <= second <= 12:
        return _made(year, second, 1, today, "month", doubt)
    if first == 0 and second == 0:
        return _made(year, 1, 1, today, "year", doubt)
    if habit.month_first or (second > 12 >= first):
        certain = habit.month_first and (second > 12 or first == second)
        return _made(year, first, second, today, "day", "" if certain else "month_first")
    if habit.mixed and second <= 12 and first <= 12 and first != second:
        doubt = "day_month_ambiguous"
    return _made(year, second, first, today, "day", doubt)


def age_on(day: date, birth: date) -> int:
    """Full years of age."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
