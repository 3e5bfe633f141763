"""What may still be changed in a contest, and how: freely, with the word of a second officer, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from elearn.lib.errors import DomainError


class Way(StrEnum):
    """How a change is made."""

    FREE = "free"
    PROPOSAL = "proposal"
    CLOSED = "closed"


@dataclass(frozen=True)
class Held:
    """How far a round has come; for a whole contest the first opening, the last closing and the sums of its rounds."""

    is_published: bool
    opens_at: datetime | None
    closes_at: datetime | None
    entrants: int = 0
    attempts: int = 0


def way_of(held: Held, now: datetime) -> Way:
    """Free until the round has opened or somebody has entered; then a second officer must agree; after the close nothing."""
    if held.closes_at is not None and held.is_published and now >= held.closes_at:
        return Way.CLOSED
    if held.entrants or (held.is_published and held.opens_at is not None and now >= held.opens_at):
        return Way.PROPOSAL
    return Way.FREE


def check_may_change(held: Held, now: datetime) -> Way:
    """The way; raises DomainError round_over where nothing may be changed any more."""
    way = way_of(held, now)
    if way is Way.CLOSED:
        raise DomainError(
            "round_over",
            "Vòng đã đóng nên quy tắc không đổi được nữa. Kết quả sai thì sửa bằng một bản chốt mới, có lý do công khai.",
        )
    return way


def check_never(before: Mapping[str, Any], after: Mapping[str, Any], held: Held, now: datetime) -> None:
    """Raise DomainError, with the reason, for what never changes: the chain once published, and what others have relied on.

    `before` and `after` are plain values of a contest or of a round, with `settings` as they are stored.
    """
    own, new = before.get("settings") or {}, after.get("settings") or {}
    if held.is_published and own.get("criteria") != new.get("criteria"):
        raise DomainError(
            "chain_published",
            "Thứ tự xếp hạng không đổi được sau khi cuộc thi đã công bố: người dự thi theo thứ tự ấy. Khi chưa ai vào thi, hãy thôi công bố rồi sửa.",
        )
    if way_of(held, now) is Way.FREE:
        return
    if before.get("kind") != after.get("kind"):
        raise DomainError("kind_fixed", "Loại vòng không đổi được sau khi vòng mở. Hãy thêm một vòng khác.")
    if held.entrants and own.get("metric") != new.get("metric"):
        raise DomainError("metric_fixed", "Câu dự đoán không đổi được: đã có người vào thi và dự đoán theo câu đang có.")
    if held.attempts and _count(before) != _count(after):
        raise DomainError("paper_fixed", "Số câu của đề không đổi được khi đã có lượt thi: các lượt sẽ không so được với nhau.")
    if held.attempts and own.get("counted") != new.get("counted"):
        raise DomainError("counted_fixed", "Cách chọn lượt được tính không đổi được khi đã có lượt thi.")
    if before.get("opens_at") != after.get("opens_at") and held.opens_at is not None and now >= held.opens_at:
        raise DomainError("opened_already", "Vòng đã mở nên giờ mở không đổi được. Giờ đóng thì đổi được.")


def _count(plain: Mapping[str, Any]) -> int:
    return sum(1 if "question" in part else int(part["count"]) for part in plain.get("blueprint") or ())


@dataclass(frozen=True)
class Told:
    """One difference in words: what of the contest, what it said, what it will say."""

    label: str
    before: str
    after: str

    def store(self) -> dict[str, str]:
        """As plain JSON."""
        return {"label": self.label, "before": self.before, "after": self.after}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Told]:
    """What reads otherwise, in the order in which it is read; a sentence that is new or gone stands beside nothing."""
    labels = [*before, *(label for label in after if label not in before)]
    return [
        Told(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]
