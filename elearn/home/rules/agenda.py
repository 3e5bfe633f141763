"""In which order things are asked of a person, and how the nearest deadline is said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from elearn.lib.periods import local, local_day


class Asked(Protocol):
    """What the order looks at; `core.contributions.Task` has it."""

    @property
    def title(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def is_required(self) -> bool: ...


T = TypeVar("T", bound=Asked)


def in_order(tasks: Iterable[T]) -> list[T]:
    """By deadline, the soonest first; without a deadline last. Where that is equal required things come before optional ones."""
    dated: list[T] = []
    undated: list[T] = []
    for task in tasks:
        (undated if task.due_at is None else dated).append(task)
    dated.sort(key=lambda task: (task.due_at, not task.is_required, task.title))
    undated.sort(key=lambda task: (not task.is_required, task.title))
    return dated + undated


def nearest_deadline(tasks: Iterable[Asked], now: datetime) -> datetime | None:
    """The soonest deadline that is still to come; None where there is none."""
    return min((task.due_at for task in tasks if task.due_at is not None and task.due_at >= now), default=None)


def deadline_words(due_at: datetime, now: datetime) -> str:
    """A message for a deadline, with places for time, weekday and date: today and tomorrow are said so, other days by weekday.

    An hour at the very end or start of a day is left out: it only means the day.
    """
    days = (local_day(due_at) - local_day(now)).days
    has_hour = (local(due_at).hour, local(due_at).minute) not in ((0, 0), (23, 59))
    if due_at < now:
        return "đã quá hạn từ %(date)s"
    if days == 0:
        return "%(time)s hôm nay" if has_hour else "hết hôm nay"
    if days == 1:
        return "%(time)s ngày mai" if has_hour else "hết ngày mai"
    if days < 7:
        return "%(time)s %(weekday)s %(short_date)s" if has_hour else "%(weekday)s %(short_date)s"
    return "%(time)s ngày %(date)s" if has_hour else "ngày %(date)s"
