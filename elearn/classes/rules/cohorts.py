"""When a class may be opened or changed, and what it is called by default."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local
from elearn.lib.vietnamese import fold

_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,58}")


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


def check_open(closed_at: datetime | None) -> None:
    """Raise CohortClosed where the class is over."""
    if closed_at is not None:
        raise CohortClosed("cohort_closed", "Lớp này đã kết thúc nên danh sách không đổi được nữa. Hãy mở lại lớp trước.")
