"""What a field of a content file may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kind:
    """`problem` gives a Vietnamese source message for a value, "" where it is sound; `values` fill its places besides %(name)s."""

    problem: Callable[[Any], str]
    is_required: bool = True
    values: Mapping[str, object] = field(default_factory=dict)


def text(longest: int = 20_000, required: bool = True) -> Kind:
    """Words, no longer than the database holds."""

    def problem(value: Any) -> str:
        if not isinstance(value, str):
            return "Trường “%(name)s” phải là chữ; số hay ngày thì đặt trong ngoặc kép."
        return "" if len(value) <= longest else "Trường “%(name)s” dài quá %(longest)s ký tự."

    return Kind(problem, required, {"longest": longest})


def code(required: bool = True) -> Kind:
    """Lower-case ASCII words joined by hyphens."""

    def problem(value: Any) -> str:
        is_sound = isinstance(value, str) and _CODE.fullmatch(value) and len(value) <= 80
        return "" if is_sound else "Mã ở trường “%(name)s” chỉ gồm chữ thường không dấu, số và dấu gạch nối, dài nhất 80 ký tự."

    return Kind(problem, required)


def one_of(*allowed: str, required: bool = True) -> Kind:
    """One of these words."""
    words = ", ".join(allowed)
    return Kind(
        lambda value: "" if value in allowed else "Trường “%(name)s” phải là một trong: %(allowed)s.", required, {"allowed": words}
    )


def count(most: int, required: bool = True) -> Kind:
    """A whole number from 1 to `most`."""

    def problem(value: Any) -> str:
        is_sound = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
        return "" if is_sound else "Trường “%(name)s” phải là số nguyên từ 1 đến %(most)s."

    return Kind(problem, required, {"most": most})


def day(required: bool = True) -> Kind:
    """A day that exists, without a time."""

    def problem(value: Any) -> str:
        is_sound = isinstance(value, date) and not isinstance(value, datetime)
        return "" if is_sound else "Trường “%(name)s” phải là ngày có thật, dạng 2026-11-01."

    return Kind(problem, required)


def items(required: bool = True, fewest: int = 1) -> Kind:
    """A list that is not empty, unless `fewest` is 0."""

    def problem(value: Any) -> str:
        if not isinstance(value, list):
            return "Trường “%(name)s” phải là danh sách."
        return "" if len(value) >= fewest else "Danh sách “%(name)s” còn trống."

    return Kind(problem, required)


def codes(fewest: int = 1) -> Kind:
    """A list of codes, none twice."""
    one = code()

    def problem(value: Any) -> str:
        if not isinstance(value, list) or any(one.problem(item) for item in value):
            return "Trường “%(name)s” phải là danh sách các mã: chữ thường không dấu, số và dấu gạch nối."
        if len(value) < fewest:
            return "Danh sách “%(name)s” còn trống."
        return "" if len(set(value)) == len(value) else "Danh sách “%(name)s” có mã viết hai lần."

    return Kind(problem)


def yes_or_no(required: bool = False) -> Kind:
    """true or false."""
    return Kind(lambda value: "" if isinstance(value, bool) else "Trường “%(name)s” phải là true hoặc false.", required)


def web_address(required: bool = False) -> Kind:
    """An address of the web."""

    def problem(value: Any) -> str:
        is_sound = isinstance(value, str) and value.startswith(("http://", "https://")) and len(value) <= 500
        return "" if is_sound else "Địa chỉ phải bắt đầu bằng http:// hoặc https:// và dài nhất 500 ký tự."

    return Kind(problem, required)


def part(required: bool = True) -> Kind:
    """Anything: a mapping that is examined by itself."""
    return Kind(lambda value: "", required)


def several(*allowed: str, fewest: int = 0) -> Kind:
    """A list of these words, none twice."""
    words = ", ".join(allowed)

    def problem(value: Any) -> str:
        if not isinstance(value, list) or any(item not in allowed for item in value):
            return "Trường “%(name)s” phải là danh sách gồm các từ: %(allowed)s."
        if len(value) < fewest:
            return "Danh sách “%(name)s” còn trống."
        return "" if len(set(value)) == len(value) else "Danh sách “%(name)s” có từ viết hai lần."

    return Kind(problem, False, {"allowed": words})


def whole(least: int, most: int, required: bool = False) -> Kind:
    """A whole number within bounds."""

    def problem(value: Any) -> str:
        is_sound = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if is_sound else "Trường “%(name)s” phải là số nguyên từ %(least)s đến %(most)s."

    return Kind(problem, required, {"least": least, "most": most})


def hour(required: bool = True) -> Kind:
    """An hour of the day in quotation marks; without them YAML takes 10:00 for 600."""
    return Kind(
        lambda value: (
            "" if _reads(time.fromisoformat, value, 5) else 'Trường “%(name)s” phải là giờ trong ngoặc kép, dạng "10:00".'
        ),
        required,
    )


def moment(required: bool = True) -> Kind:
    """A day with an hour on the clock of Viet Nam, in quotation marks."""
    return Kind(
        lambda value: (
            ""
            if _reads(datetime.fromisoformat, value, 16)
            else 'Trường “%(name)s” phải là ngày giờ trong ngoặc kép, dạng "2026-11-01 10:00".'
        ),
        required,
    )


def _reads(reader: Callable[[str], object], value: Any, length: int) -> bool:
    try:
        return isinstance(value, str) and len(value) == length and bool(reader(value) is not None)
    except ValueError:
        return False
