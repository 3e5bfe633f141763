"""What a rehearsal showed, in words: how many can start in a minute, what was slow, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.contests.rules.words import Value, Words

STEPS: Mapping[str, str] = {
    "open": "mở trang cuộc thi",
    "start": "bắt đầu làm bài",
    "paper": "nhận đề",
    "save": "lưu một câu trả lời",
    "submit": "nộp bài",
    "result": "xem kết quả",
}
"""By key, in the order in which an entrant meets them."""
SLOW_MS = 3_000
"""From so many milliseconds on people press the button again."""


@dataclass(frozen=True)
class Step:
    """How long one step took: milliseconds of the middle entrant, of 95 in 100, of the slowest."""

    key: str
    count: int
    p50_ms: int
    p95_ms: int
    max_ms: int


@dataclass(frozen=True)
class Rehearsal:
    """What was measured. `start_seconds`: from the first start asked for to the last paper received."""

    entrants: int
    finished: int
    failures: tuple[str, ...]
    start_seconds: float
    steps: tuple[Step, ...]

    @property
    def starts_per_minute(self) -> int:
        """Starts that the server carried, rounded down."""
        started = next((one.count for one in self.steps if one.key == "paper"), 0)
        return int(started * 60 / self.start_seconds) if self.start_seconds > 0 else 0

    @property
    def slowest(self) -> Step | None:
        """The step that kept 95 in 100 waiting longest."""
        return max(self.steps, key=lambda one: one.p95_ms, default=None)

    @property
    def is_good(self) -> bool:
        """Everybody finished, and nobody had to wait so long that they press again."""
        return not self.failures and self.finished == self.entrants and all(one.p95_ms < SLOW_MS for one in self.steps)


def step_of(key: str, seconds: Sequence[float]) -> Step:
    """The figures of one step from its single times."""
    ordered = sorted(seconds)

    def at(share: float) -> int:
        return int(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000)

    return Step(key, len(ordered), at(0.5), at(0.95), int(ordered[-1] * 1000)) if ordered else Step(key, 0, 0, 0, 0)


def verdict(found: Rehearsal) -> list[Words]:
    """Plain sentences for the officer."""
    told = [
        Words("%(finished)s trên %(all)s người thử đã làm xong bài.", {"finished": found.finished, "all": found.entrants}),
        Words("Máy chủ nhận được khoảng %(rate)s lượt bắt đầu mỗi phút.", {"rate": found.starts_per_minute}),
    ]
    slowest = found.slowest
    if slowest is not None:
        values: dict[str, Value] = {"step": Words(STEPS[slowest.key]), "p95": slowest.p95_ms, "most": slowest.max_ms}
        told.append(Words("Chậm nhất là %(step)s: 95 trong 100 lần dưới %(p95)s mili giây, lâu nhất %(most)s mili giây.", values))
    if found.failures:
        told.append(Words("%(n)s người gặp lỗi; lỗi đầu tiên: %(first)s", {"n": len(found.failures), "first": found.failures[0]}))
    if found.is_good:
        told.append(Words("Máy chủ chịu được số người này."))
    else:
        told.append(Words("Máy chủ chưa chịu được số người này: hãy chia giờ mở, bật phòng chờ hoặc tăng máy chủ, rồi thử lại."))
    return told
