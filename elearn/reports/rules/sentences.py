"""Figures in the sentences of such reports: noughts before counts below ten, decimal comma, "tính đến ngày …".

Style as in published reports of provincial boards: "08 kế hoạch", "116/121 cấp uỷ (95,87%)", "còn 59 tập thể chưa nộp".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from elearn.lib.document import padded
from elearn.lib.numbers import format_number, format_percent

counted = padded


def short_day(day: date) -> str:
    """ "15/6/2023", "05/6/2023", "03/02/2023": noughts before days below ten and before January and February, as documents write days."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


def as_of(day: date) -> str:
    """ "Tính đến ngày 15/6/2023"."""
    return f"Tính đến ngày {short_day(day)}"


def span_words(first: date, last: date) -> str:
    """ "Từ ngày 01/01/2023 đến ngày 30/6/2023"."""
    return f"Từ ngày {short_day(first)} đến ngày {short_day(last)}"


def ratio(part: int, whole: int) -> str:
    """ "116/121"; figures of a ratio stand without noughts."""
    return f"{format_number(part)}/{format_number(whole)}"


def share(part: int, whole: int) -> str:
    """ "95,87%"."""
    return format_percent(part, whole)


def done_of(part: int, whole: int, who: str, what: str) -> str:
    """ "116/121 cấp uỷ đã tổ chức (95,87%)"; where nobody was asked: "chưa giao cấp uỷ nào"."""
    if not whole:
        return f"chưa giao {who} nào"
    return f"{ratio(part, whole)} {who} {what} ({share(part, whole)})"


def left(part: int, whole: int, who: str, what: str) -> str:
    """ "còn 59 tập thể chưa nộp", "còn 05 …"; "không còn tập thể nào chưa nộp" where all have."""
    missing = whole - part
    return f"còn {counted(missing)} {who} {what}" if missing > 0 else f"không còn {who} nào {what}"


def listed(parts: Sequence[str]) -> str:
    """ "a", "a và b", "a, b và c"; parts that are empty are left out."""
    said = [part for part in parts if part]
    return f"{', '.join(said[:-1])} và {said[-1]}" if len(said) > 1 else "".join(said)


def sentence(text: str) -> str:
    """With a capital at its head and a full stop at its end."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""
