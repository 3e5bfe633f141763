"""How far a learner of a class is, in one of four states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Progress(StrEnum):
    """The four states; what a person has done counts whatever the deadline."""

    NOT_STARTED = "not_started"
    STUDYING = "studying"
    FAILED = "failed"
    COMPLETED = "completed"


PROGRESS_NAMES: dict[Progress, str] = {
    Progress.NOT_STARTED: "Chưa học",
    Progress.STUDYING: "Đang học",
    Progress.FAILED: "Chưa đạt",
    Progress.COMPLETED: "Đã xong",
}


def progress_of(has_started: bool, has_mark: bool, is_passed: bool, is_completed: bool) -> Progress:
    """The state of one learner. "Chưa đạt": has been marked and has not passed; a new attempt may still change it."""
    if is_completed:
        return Progress.COMPLETED
    if has_mark and not is_passed:
        return Progress.FAILED
    return Progress.STUDYING if has_started else Progress.NOT_STARTED


@dataclass(frozen=True)
class Learner:
    """One row of a class: the person as enrolled, and what they have done."""

    enrolment_id: int
    member_id: int
    name: str
    code: str
    unit_name: str
    lessons_done: int
    best_mark: Decimal | None
    max_mark: Decimal | None
    progress: Progress
    last_active_at: datetime | None
    completed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True)
class Tally:
    """People (người) of a class by state; those withdrawn are not counted."""

    enrolled: int = 0
    started: int = 0
    passed: int = 0
    completed: int = 0
    failed: int = 0

    @property
    def not_started(self) -> int:
        return self.enrolled - self.started

    @property
    def studying(self) -> int:
        return self.started - self.completed - self.failed


def ten_point(mark: Decimal | None, max_mark: Decimal | None) -> Decimal | None:
    """A mark on the scale of ten, as reports show it; None where there is none."""
    if mark is None or not max_mark:
        return None
    return (mark * 10 / max_mark).quantize(Decimal("0.01"))
