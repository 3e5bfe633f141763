"""How far units are: figures added up the tree, and the state of a row in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from elearn.lib.errors import InvalidInput
from elearn.submissions.rules.states import late_days

KINDS: Mapping[str, str] = {"course": "Học xong khoá", "submission": "Nộp bài"}


@dataclass(frozen=True)
class Tally:
    """Units or people of whom something is asked, and how many have done it; `exempt` are among the done, `late` too."""

    done: int = 0
    total: int = 0
    exempt: int = 0
    late: int = 0

    @property
    def missing(self) -> int:
        return self.total - self.done

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.done + other.done, self.total + other.total, self.exempt + other.exempt, self.late + other.late)


@dataclass(frozen=True)
class Place:
    """A unit as the tree of a report shows it."""

    unit_id: int
    name: str
    path: str
    depth: int


def roll_up(places: Sequence[Place], tallies: Mapping[int, Tally]) -> dict[int, Tally]:
    """Each unit with everything below it. Units without anything asked, there or below, are missing."""
    numbers: dict[int, list[int]] = {}
    for place in places:
        own = tallies.get(place.unit_id)
        if own is None:
            continue
        for part in place.path.strip("/").split("/"):
            sums = numbers.setdefault(int(part), [0, 0, 0, 0])
            sums[0] += own.done
            sums[1] += own.total
            sums[2] += own.exempt
            sums[3] += own.late
    return {unit_id: Tally(*sums) for unit_id, sums in numbers.items()}


@dataclass(frozen=True)
class Row:
    """One row of the tree: `level` counts from the unit that is looked at."""

    place: Place
    tally: Tally
    level: int
    has_below: bool


def rows_below(places: Sequence[Place], sums: Mapping[int, Tally], top: Place) -> list[Row]:
    """The unit that is looked at and the units directly below it of whom something is asked."""
    asked = [place for place in places if place.path.startswith(top.path) and place.unit_id in sums]
    with_below = {place.path[: place.path.rstrip("/").rfind("/") + 1] for place in asked}
    return [
        Row(place, sums[place.unit_id], place.depth - top.depth, place.path in with_below)
        for place in asked
        if place.depth - top.depth <= 1
    ]


def tree_rows(places: Sequence[Place], sums: Mapping[int, Tally], top_depth: int) -> list[Row]:
    """All units of whom something is asked, each followed by those below it; `places` come from the top down, siblings in their order."""
    below: dict[str, list[Place]] = {}
    for place in places:
        if place.unit_id in sums:
            below.setdefault(place.path[: place.path.rstrip("/").rfind("/") + 1], []).append(place)
    first = next((place for place in places if place.depth == top_depth and place.unit_id in sums), None)
    rows: list[Row] = []
    waiting = [first] if first else []
    while waiting:
        place = waiting.pop()
        children = below.get(place.path, [])
        rows.append(Row(place, sums[place.unit_id], place.depth - top_depth, bool(children)))
        waiting.extend(reversed(children))
    return rows


def outlook(done: int, total: int, due_at: datetime, now: datetime) -> tuple[str, str]:
    """(message, kind of state) of a row; the message may have the place `missing`."""
    if done >= total:
        return "Đủ", "done"
    words = "Chưa xong" if total == 1 else "thiếu %(missing)s"
    return words, "late" if now > due_at else "problem" if done == 0 else "quiet"


def overdue_days(due_at: datetime, now: datetime) -> int:
    """Days past the deadline, at least 1 once it is past; 0 before."""
    return late_days(now, due_at)


@dataclass(frozen=True)
class Missing:
    """Somebody, or a unit, that has not done what is asked."""

    name: str
    unit_name: str
    unit_path: str
    detail: str
    due_at: datetime
    member_id: int | None
    unit_id: int
    target_id: int | None = None


def paste_lines(rows: Iterable[Missing], now: datetime) -> list[str]:
    """Numbered names for a chat group: "1. Trần Thị Hạnh, Chi bộ Khu phố 5 (quá hạn 02 ngày)"."""
    lines = []
    for number, one in enumerate(rows, start=1):
        days = overdue_days(one.due_at, now)
        whose = f"{one.name}, {one.unit_name}" if one.member_id is not None else one.name
        lines.append(f"{number}. {whose}" + (f" (quá hạn {days:02} ngày)" if days else ""))
    return lines


def check_campaign(title: str, starts_at: datetime, due_at: datetime) -> None:
    """Raise InvalidInput, naming the field, unless title and window make sense."""
    if not title.strip():
        raise InvalidInput("title", "Hãy đặt tên cho đợt học tập.", field="title")
    if due_at <= starts_at:
        raise InvalidInput("window", "Hạn hoàn thành phải sau ngày bắt đầu.", field="due_on")


def check_requirement(title: str, due_at: datetime, campaign_due: datetime) -> None:
    """Raise InvalidInput, naming the field, for a requirement without a name or due after the campaign."""
    if not title.strip():
        raise InvalidInput("title", "Hãy ghi việc cần làm.", field="title")
    if due_at > campaign_due:
        raise InvalidInput("due_late", "Hạn của một việc không thể sau hạn của cả đợt.", field="due_on")
