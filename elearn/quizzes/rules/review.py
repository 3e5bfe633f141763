"""What is shown of an attempt, and when.

Four moments, five things. The taker's own responses are shown at every moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

MOMENTS = ("during", "right_after", "while_open", "after_close")
THINGS = ("marks", "correctness", "feedback", "right_answer", "explanation")
RIGHT_AFTER = timedelta(minutes=2)

ALL = frozenset(THINGS)
NONE: frozenset[str] = frozenset()
PRESETS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "after_submit": {"right_after": ALL, "while_open": ALL, "after_close": ALL},
    "marks_only": {"right_after": frozenset({"marks"}), "while_open": frozenset({"marks"}), "after_close": ALL},
    "after_close": {"after_close": ALL},
    "nothing": {},
}


def moment_of(state: str, submitted_at: datetime | None, closes_at: datetime | None, now: datetime) -> str:
    """Which of the moments it is for an attempt. `closes_at` is the last moment at which anybody may still sit the quiz, None for never."""
    if state == "open" or submitted_at is None:
        return "during"
    if closes_at is not None and now >= closes_at:
        return "after_close"
    return "right_after" if now < submitted_at + RIGHT_AFTER else "while_open"


def visible(review: str, grid: Mapping[str, Sequence[str]] | None, moment: str) -> frozenset[str]:
    """The things that are shown at the moment: by a named preset, or by the grid where `review` is "custom". Unknown names show nothing."""
    if review == "custom":
        return ALL & frozenset((grid or {}).get(moment, ()))
    return PRESETS.get(review, {}).get(moment, NONE)


def next_moments(
    review: str, grid: Mapping[str, Sequence[str]] | None, moment: str, closes_at: datetime | None
) -> tuple[datetime | None, bool]:
    """(when more than now will be shown, whether it ever will be): (None, False) for never, (None, True) for an end that nobody knows yet."""
    now_visible = visible(review, grid, moment)
    later = MOMENTS[MOMENTS.index(moment) + 1 :]
    if "after_close" in later and visible(review, grid, "after_close") - now_visible:
        return closes_at, closes_at is not None
    return None, False
