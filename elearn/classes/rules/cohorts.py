"""When a class may be opened or changed, and what it is called by default."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local
from elearn.lib.vietnamese import fold

_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,58}")


MODES: Mapping[str, str] = {"place": "Tại một nơi", "online": "Trực tuyến", "both": "Tại chỗ và trực tuyến"}
MOST_QUOTA = 5000
MOST_CONFIRM_HOURS = 24 * 30


@dataclass(frozen=True)
class Helper:
    """A lecturer or a member of the class committee; `member_id` None: from outside."""

    name: str
    duty: str = ""
    member_id: int | None = None


class CohortClosed(DomainError):
    """The class is over: nothing more is changed in it."""


def suggest_code(course_title: str, starts_at: datetime, taken: Collection[str] = ()) -> str:
    """Initials of the course and year and month of the start, e.g. BDNT-2026-10; a number follows where that is taken."""
    letters = "".join(word[0] for word in fold(course_title).split() if word[0].isalpha()).upper()[:6] or "LOP"
    stem = f"{letters}-{local(starts_at):%Y-%m}"
    if stem not in taken:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def suggest_title(course_title: str, starts_at: datetime) -> str:
    """Name of the course with month and year of the start."""
    return f"{course_title}, khoá {local(starts_at):%m/%Y}"[:200]


def check_cohort(code: str, starts_at: datetime, due_at: datetime) -> None:
    """Raise InvalidInput naming the field unless code and dates make sense."""
    if not _CODE.fullmatch(code):
        raise InvalidInput("code_shape", "Mã lớp chỉ gồm chữ hoa không dấu, số và dấu gạch, ví dụ BDNT-2026-10.", field="code")
    if due_at <= starts_at:
        raise InvalidInput("due_before_start", "Hạn học xong phải sau ngày bắt đầu.", field="due_at")


def check_plan(quotas: Mapping[int, int], capacity: int | None, mode: str, confirm_hours: int) -> None:
    """Raise InvalidInput naming the field unless quotas, places and hours make sense."""
    if not quotas:
        raise InvalidInput("no_quotas", "Hãy giao chỉ tiêu cho ít nhất một đơn vị.", field="quotas")
    if any(not 0 < quota <= MOST_QUOTA for quota in quotas.values()):
        raise InvalidInput("quota_size", "Chỉ tiêu mỗi đơn vị từ 1 đến %(most)s người.", field="quotas", most=MOST_QUOTA)
    if capacity is not None and capacity < 1:
        raise InvalidInput("capacity", "Quy mô lớp từ 1 người trở lên; để trống nếu không giới hạn.", field="capacity")
    if mode not in MODES:
        raise InvalidInput("mode", "Hãy chọn hình thức học.", field="mode")
    if not 1 <= confirm_hours <= MOST_CONFIRM_HOURS:
        raise InvalidInput(
            "confirm_hours", "Thời gian nhận chỗ từ 1 đến %(most)s giờ.", field="confirm_hours", most=MOST_CONFIRM_HOURS
        )


def read_helpers(text: str) -> tuple[Helper, ...]:
    """People from lines "name | duty"."""
    found = []
    for line in text.splitlines():
        name, _, duty = line.partition("|")
        if name.strip():
            found.append(Helper(name.strip()[:120], duty.strip()[:200]))
    return tuple(found)


def check_open(closed_at: datetime | None) -> None:
    """Raise CohortClosed where the class is over."""
    if closed_at is not None:
        raise CohortClosed("cohort_closed", "Lớp này đã kết thúc nên danh sách không đổi được nữa. Hãy mở lại lớp trước.")
