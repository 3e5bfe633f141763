"""Requests about one's own data: what may be asked, and the clocks of the law.

The days themselves are settings: Decree 356/2025 gives two working days for the answer and fifteen for what is done about it,
with one extension of as many again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from elearn.lib.errors import DomainError
from elearn.lib.periods import from_local, local

KINDS = {
    "see": "Xem dữ liệu về tôi",
    "correct": "Sửa dữ liệu sai",
    "erase": "Xoá dữ liệu của tôi",
    "restrict": "Hạn chế xử lý",
    "object": "Phản đối việc xử lý",
    "withdraw": "Rút lại sự đồng ý",
    "complain": "Khiếu nại",
}
STATES = {
    "open": "Chờ trả lời",
    "answered": "Đã trả lời, đang làm",
    "done": "Đã xong",
    "refused": "Không chấp nhận",
    "withdrawn": "Đã rút",
}
SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday, holidays aside."""
    return day.weekday() < SATURDAY and day not in holidays


def answer_due(asked_at: datetime, working_days: int, holidays: Collection[date]) -> datetime:
    """End (midnight in Viet Nam) of the last of so many working days after the day of asking."""
    day = local(asked_at).date()
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return from_local(datetime.combine(day + timedelta(days=1), time()))


def done_due(asked_at: datetime, days: int) -> datetime:
    """End of the last of so many days after the day of asking, whatever days they are."""
    return from_local(datetime.combine(local(asked_at).date() + timedelta(days=days + 1), time()))


def parse_holidays(text: str) -> frozenset[date]:
    """Days written as 2027-01-01,2027-04-30; raises ValueError for anything else."""
    return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())


def check_step(state: str, step: str) -> None:
    """Raise DomainError where a step does not follow from the state of a request."""
    allowed = {"answer": ("open",), "extend": ("open", "answered"), "finish": ("answered",), "withdraw": ("open", "answered")}
    if state not in allowed[step]:
        raise DomainError("wrong_step", "Yêu cầu này đã ở bước khác nên không làm việc đó được nữa. Hãy tải lại trang.")


def check_finisher(kind: str, answered_by: int | None, finisher: int, concerned: int) -> None:
    """Raise DomainError where an erasure would be done by the person who allowed it, or by whom it concerns."""
    if kind == "erase" and finisher in (answered_by, concerned):
        raise DomainError("four_eyes", "Việc xoá phải do một người khác với người đã trả lời thực hiện.")
