"""Decisions on people: transfer, leaving, return and death; why one cannot hold for somebody, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

KINDS: Mapping[str, str] = {
    "transfer": "Chuyển sinh hoạt",
    "leave": "Thôi, chuyển đi nơi khác",
    "return": "Trở lại",
    "death": "Qua đời",
}
STATUS_AFTER: Mapping[str, str] = {"leave": "left", "death": "deceased", "return": "active"}
NEEDS_UNIT = frozenset(("transfer", "return"))
MOST_PEOPLE = 2000


@dataclass(frozen=True)
class Standing:
    """How a person stands before a decision: `since` is the first day of the open membership, `until` the last day that closed one."""

    status: str
    unit_id: int
    since: date | None = None
    until: date | None = None


def problem_of(kind: str, person: Standing, unit_id: int | None, effective_on: date) -> str:
    """Why the decision cannot hold for this person, as a Vietnamese source message; empty where it can."""
    if person.status in ("merged", "erased"):
        return "Hồ sơ này đã gộp hoặc đã xoá."
    if kind == "return":
        if person.status != "left":
            return "Người này không ở tình trạng đã thôi hay chuyển đi."
        if person.until is not None and person.until > effective_on:
            return "Ngày hiệu lực sớm hơn ngày người này thôi."
        return ""
    if person.status in ("left", "deceased"):
        return "Người này đã thôi hoặc đã mất từ trước."
    if kind == "transfer" and person.unit_id == unit_id:
        return "Người này đã ở đơn vị đó."
    if person.since is not None and person.since >= effective_on:
        return "Người này vào đơn vị hiện nay cùng ngày hoặc sau ngày hiệu lực."
    return ""


def read_names(text: str) -> list[str]:
    """Codes or logins as pasted: one a line, or parted by commas; each once, in order."""
    return list(dict.fromkeys(one for one in (part.strip() for part in re.split(r"[\n\r,;\t]+", text)) if one))
