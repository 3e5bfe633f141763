"""How a piece of writing goes from missing to accepted, and when it is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day


class State(StrEnum):
    MISSING = "missing"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


STATE_NAMES: Mapping[State, str] = {
    State.MISSING: "Chưa viết",
    State.DRAFT: "Đang viết",
    State.SUBMITTED: "Đã nộp",
    State.RETURNED: "Trả lại, chờ bổ sung",
    State.ACCEPTED: "Đã nhận",
}
STEP_NAMES: Mapping[str, str] = {
    "submitted": "Nộp bài",
    "withdrawn": "Rút lại để sửa",
    "returned": "Trả lại để bổ sung",
    "accepted": "Nhận bài",
    "exempted": "Cho miễn",
    "unexempted": "Bỏ miễn",
}
HANDED_IN = (State.SUBMITTED, State.ACCEPTED)
"""What counts as done; an exemption does too."""
BEING_WRITTEN = (State.MISSING, State.DRAFT, State.RETURNED)
"""While in these, it may be written and handed in, and it counts as missing."""


def late_days(submitted_at: datetime, due_at: datetime) -> int:
    """Days by which a handing in is late on the calendar of Viet Nam, at least 1; 0 in time."""
    if submitted_at <= due_at:
        return 0
    return max(1, (local_day(submitted_at) - local_day(due_at)).days)


def effective_due(due_at: datetime, tightened: Iterable[datetime]) -> datetime:
    """The deadline that holds where units above have set earlier ones."""
    return min([due_at, *tightened])


@dataclass(frozen=True)
class Deadlines:
    """The deadline of what is asked and the earlier ones that units have set, by path."""

    due_at: datetime
    tightened: tuple[tuple[str, datetime], ...] = ()

    def of(self, path: str) -> datetime:
        """The deadline that holds for a unit."""
        return effective_due(self.due_at, (due_at for above, due_at in self.tightened if path.startswith(above)))

    def above(self, path: str) -> datetime:
        """The deadline that a unit must keep: without the one it set itself."""
        return effective_due(self.due_at, (due_at for above, due_at in self.tightened if path.startswith(above) and above != path))


def check_writable(
    state: str, is_exempt: bool, is_removed: bool, closes_at: datetime | None, now: datetime, is_asked: bool = True
) -> None:
    """Raise DomainError unless a draft may be written and handed in."""
    if not is_asked:
        raise DomainError("not_asked", "Việc này chưa được giao hoặc đã kết thúc, nên lúc này không nhận bài.")
    if is_removed:
        raise DomainError("off_list", "Bạn hoặc đơn vị không còn trong danh sách phải nộp bài này.")
    if is_exempt:
        raise DomainError("exempt", "Bài này đã được miễn, không cần nộp nữa.")
    if closes_at is not None and now > closes_at:
        raise DomainError("closed", "Đã hết thời gian nhận bài. Bản nháp vẫn còn; hãy liên hệ đơn vị giao bài.")
    if state not in BEING_WRITTEN:
        raise DomainError("handed_in", "Bài đã nộp nên không sửa được nữa. Hãy rút lại trước, nếu còn hạn.")


def check_withdrawable(state: str, due_at: datetime, now: datetime) -> None:
    """Raise DomainError unless what was handed in may be taken back."""
    if state != State.SUBMITTED:
        raise DomainError("not_submitted", "Chỉ rút lại được bài đã nộp mà chưa được nhận.")
    if now > due_at:
        raise DomainError("past_due", "Đã quá hạn nên không rút lại được nữa. Muốn sửa, hãy nhờ cán bộ trả lại bài.")


def check_complete(fields: Sequence[Mapping[str, str]], answers: Mapping[str, str], has_file: bool) -> None:
    """Raise InvalidInput, naming the first empty box, unless all boxes are filled or a file stands in for them."""
    if has_file:
        return
    if not fields:
        raise InvalidInput("no_file", "Hãy tải tệp lên trước khi nộp.", field="file")
    for one in fields:
        if not answers.get(one["key"], "").strip():
            raise InvalidInput("empty_field", "Còn mục chưa viết. Hãy viết đủ các mục, hoặc nộp bằng tệp.", field=one["key"])


def check_reviewable(state: str, step: str) -> None:
    """Raise DomainError unless an officer may return or accept it."""
    if step == "accepted" and state != State.SUBMITTED:
        raise DomainError("nothing_to_accept", "Chỉ nhận được bài đang ở trạng thái đã nộp.")
    if step == "returned" and state not in HANDED_IN:
        raise DomainError("nothing_to_return", "Chỉ trả lại được bài đã nộp hoặc đã nhận.")


@dataclass(frozen=True)
class Counts:
    """Targets of an assignment by state. `exempt` stand apart from the states; `late` are among those handed in."""

    missing: int = 0
    draft: int = 0
    submitted: int = 0
    returned: int = 0
    accepted: int = 0
    exempt: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        return self.missing + self.draft + self.submitted + self.returned + self.accepted + self.exempt

    @property
    def done(self) -> int:
        """Handed in or exempt."""
        return self.submitted + self.accepted + self.exempt

    @property
    def not_done(self) -> int:
        return self.total - self.done

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.missing + other.missing, self.draft + other.draft, self.submitted + other.submitted, self.returned + other.returned,
            self.accepted + other.accepted, self.exempt + other.exempt, self.late + other.late,
        )  # fmt: skip
