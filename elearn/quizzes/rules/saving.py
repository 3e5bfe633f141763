"""The one policy on writing into an attempt. Every route that writes asks it; none decides by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from elearn.lib.errors import DomainError, InvalidInput
from elearn.quizzes.rules.attempts import PREDICTION_SLOT
from elearn.quizzes.rules.timing import is_over

MOST_EVENTS = 20_000
"""Lines of one log: far more than hands can make, few enough to be folded."""


@dataclass(frozen=True)
class Sitting:
    """An attempt as the policy sees it."""

    state: str
    deadline_at: datetime
    grace_seconds: int
    holder: str
    navigation: str
    position: int
    question_count: int
    has_prediction: bool
    events: int = 0


def check_write(sitting: Sitting, slot: int | None, holder: str, now: datetime, checked: frozenset[int] = frozenset()) -> None:
    """Raise where nothing may be written any more, not by this page, or not to this question; `slot` None is the attempt as a whole.

    InvalidInput bad_slot; DomainError already_submitted, deadline_passed, taken_over, wrong_position, already_checked, log_full.
    """
    if slot is not None and not (1 <= slot <= sitting.question_count or (slot == PREDICTION_SLOT and sitting.has_prediction)):
        raise InvalidInput("bad_slot", "Đề này không có câu đó.", field="slot")
    if sitting.state != "open":
        raise DomainError("already_submitted", "Bài này đã nộp, không sửa được nữa.")
    if is_over(sitting.deadline_at, sitting.grace_seconds, now):
        raise DomainError("deadline_passed", "Đã hết giờ. Các câu đã lưu trước đó vẫn được tính.")
    if holder and sitting.holder and holder != sitting.holder:
        raise DomainError("taken_over", "Bài đang mở ở thẻ hoặc máy khác. Câu trả lời đã lưu.")
    if sitting.navigation == "forward" and slot not in (None, PREDICTION_SLOT, sitting.position):
        raise DomainError("wrong_position", "Bài này làm lần lượt từng câu. Chỉ câu đang mở mới trả lời được.")
    if slot in checked:
        raise DomainError("already_checked", "Bạn đã xem kết quả câu này nên không sửa được nữa.")
    if sitting.events >= MOST_EVENTS:
        raise DomainError("log_full", "Bài này đã có quá nhiều lần lưu. Hãy nộp bài.")


def check_late(sitting: Sitting, slot: int) -> None:
    """Raise wrong_position for a late answer that could not have been given even in time."""
    if sitting.navigation == "forward" and slot not in (PREDICTION_SLOT, sitting.position):
        raise DomainError("wrong_position", "Bài này làm lần lượt từng câu. Chỉ câu đang mở mới trả lời được.")


def check_move(sitting: Sitting, slot: int) -> None:
    """Raise wrong_position unless `slot` is the next one of a paper that goes forward only; the order is kept by the server."""
    if sitting.navigation != "forward" or slot != sitting.position + 1 or slot > sitting.question_count:
        raise DomainError("wrong_position", "Bài này làm lần lượt từng câu. Chỉ câu đang mở mới trả lời được.")
