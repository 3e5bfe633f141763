"""Parts of a contest as officers type them: prizes, hours, the order of criteria."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from elearn.contests.rules.settings import GIVEN, Hours, PrizeKind
from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold

DAYS = {"t2": 0, "t3": 1, "t4": 2, "t5": 3, "t6": 4, "t7": 5, "cn": 6}
LONGEST_TITLE = 60
MOST_PRIZES = 40
_HOURS = re.compile(r"([tcn0-9 ,\-–]+?)\s*:?\s+(\d{1,2})[:hg](\d{2})?\s*[-–]\s*(\d{1,2})[:hg](\d{2})?")
Faults = dict[str, str]
"""Vietnamese source messages by "row-field"."""


@dataclass(frozen=True)
class PrizeRow:
    """A row of the prizes as typed."""

    title: str = ""
    count: str = ""
    amount: str = ""
    given: str = "ranking"
    title_en: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.title.strip() or self.count.strip() or self.amount.strip())


def prize_rows(prizes: Sequence[PrizeKind]) -> tuple[PrizeRow, ...]:
    """The rows for prizes that are there; the way back from `read_prizes`."""
    return tuple(
        PrizeRow(one.title, str(one.count), f"{one.amount:,}".replace(",", ".") if one.amount else "", one.given, one.title_en)
        for one in prizes
    )


def read_prizes(rows: Sequence[PrizeRow]) -> tuple[tuple[PrizeKind, ...], Faults]:
    """The prizes of the rows, empty ones left out, and their faults."""
    found: list[PrizeKind] = []
    faults: Faults = {}
    for place, row in enumerate(rows[:MOST_PRIZES]):
        if row.is_empty:
            continue
        title = " ".join(row.title.split())
        count, amount = _whole(row.count), _whole(row.amount) if row.amount.strip() else 0
        if not title:
            faults[f"{place}-title"] = "Hãy ghi tên giải."
        elif len(title) > LONGEST_TITLE:
            faults[f"{place}-title"] = "Tên giải dài nhất 60 ký tự."
        elif any(one.title == title for one in found):
            faults[f"{place}-title"] = "Hai loại giải trùng tên."
        if count is None or not 1 <= count <= 10_000:
            faults[f"{place}-count"] = "Số giải từ 1 đến 10.000."
        if amount is None or amount > 10**12:
            faults[f"{place}-amount"] = "Ghi số tiền bằng đồng, ví dụ 2.000.000."
        if row.given not in GIVEN:
            faults[f"{place}-given"] = "Lựa chọn này không có trong danh sách."
        if not any(name.startswith(f"{place}-") for name in faults):
            found.append(PrizeKind(title, count or 0, " ".join(row.title_en.split())[:LONGEST_TITLE], amount or 0, row.given))
    return tuple(found), faults


def _whole(text: str) -> int | None:
    """A whole number, its thousands set apart by dots or blanks; None for anything else."""
    bare = re.sub(r"[.\s]", "", text.strip().removesuffix("đ").removesuffix("đồng"))
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 14 else None


def read_hours(text: str) -> tuple[Hours, ...]:
    """Lines such as "T2-T6 7:30-17:30" or "T7, CN 8h-11h". Raises InvalidInput naming the line that cannot be read."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _HOURS.fullmatch(fold(line).strip())
        days = _days(match[1]) if match else ()
        if not match or not days:
            raise _unread(line)
        try:
            hours = Hours(days, time(int(match[2]), int(match[3] or 0)), time(int(match[4]), int(match[5] or 0)))
        except ValueError as problem:
            raise _unread(line) from problem
        if hours.begin >= hours.end:
            raise _unread(line)
        found.append(hours)
    return tuple(found)


def _unread(line: str) -> InvalidInput:
    text = "Không đọc được dòng “%(line)s”. Ví dụ: T2-T6 7:30-17:30, giờ mở trước giờ đóng."
    return InvalidInput("bad_hours", text, field="hours", line=line.strip()[:60])


def _days(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.replace("–", "-").split(","):
        first, _, last = (one.strip() for one in part.partition("-"))
        if first not in DAYS or (last and last not in DAYS) or (last and DAYS[last] < DAYS[first]):
            return ()
        found |= set(range(DAYS[first], DAYS[last or first] + 1))
    return tuple(sorted(found))


def show_hours(hours: Sequence[Hours]) -> str:
    """Hours as they are typed; the way back from `read_hours`."""
    names = {number: name.upper() for name, number in DAYS.items()}
    lines = []
    for one in hours:
        days = sorted(one.days)
        is_run = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
        told = f"{names[days[0]]}-{names[days[-1]]}" if is_run else ", ".join(names[day] for day in days)
        lines.append(f"{told} {one.begin.hour}:{one.begin:%M}-{one.end.hour}:{one.end:%M}")
    return "\n".join(lines)


def read_chain(keys: Sequence[str], known: Mapping[str, object] | Sequence[str]) -> tuple[str, ...]:
    """The criteria chosen, in order, places that were left empty passed over. Raises InvalidInput for what cannot be."""
    chosen = tuple(key for key in keys if key)
    if not chosen:
        raise InvalidInput("bad_criteria", "Hãy chọn ít nhất một tiêu chí xếp hạng.", field="criteria")
    if any(key not in known for key in chosen):
        raise InvalidInput("no_criterion", "Lựa chọn này không có trong danh sách.", field="criteria")
    if len(set(chosen)) != len(chosen):
        raise InvalidInput("criterion_twice", "Mỗi tiêu chí chỉ chọn một lần.", field="criteria")
    if "drawn_lots" in chosen[:-1]:
        raise InvalidInput("lots_not_last", "Bốc thăm phải là tiêu chí cuối cùng.", field="criteria")
    return chosen


def closing_days(first_weekday: int, closes_on: str) -> int:
    """Days from the opening to the closing: 0 for "same", otherwise to the next such weekday (0 Monday … 6 Sunday), 1 to 7."""
    return 0 if closes_on == "same" else (int(closes_on) - first_weekday - 1) % 7 + 1
