"""The log of an attempt in words, line by line, and in one sentence: what happened, for its taker and for support.

Lines and clauses are source messages with the values that fill them; a value named `time` is a number of seconds, to be told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from elearn.quizzes.rules.attempts import CHECKED, MOVED, OUTAGE, PREDICTION_SLOT, Event, receipt, unwrap

Words = Callable[[int, Any], str]
"""The response in a slot in words."""


@dataclass(frozen=True)
class Said:
    """A source message and its values."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class TimelineLine:
    """One thing that happened; `receipt` is what the taker was given for it, "" where nothing was."""

    seq: int
    at: datetime
    kind: str
    said: Said
    receipt: str = ""


@dataclass(frozen=True)
class LateAnswer:
    """An answer that came too late, as far as the sentence tells of it."""

    decision: str


def lines_of(events: Iterable[Event], words: Words, shows_marks: bool) -> list[TimelineLine]:
    """A line for each event, in the order of the server. Marks are told only where they may be seen."""
    lines = []
    for event in sorted(events, key=lambda event: event.seq):
        said = _said(event, words, shows_marks)
        given = receipt(event.digest) if event.kind in ("answered", "submitted", "late_taken") and event.digest else ""
        lines.append(TimelineLine(event.seq, event.at, event.kind, said, given))
    return lines


def _said(event: Event, words: Words, shows_marks: bool) -> Said:
    told = event.data if isinstance(event.data, Mapping) else {}
    if event.kind in ("answered", "late_taken"):
        return _answer_said(event, words)
    if event.kind == "flagged":
        return Said("Đánh dấu câu %(slot)s" if event.data else "Bỏ đánh dấu câu %(slot)s", {"slot": event.slot})
    if event.kind == "shown":
        return _shown_said(event)
    if event.kind in ("lost", "regained"):
        return _network_said(event.kind, told.get("seconds"))
    if event.kind == "extended":
        if told.get("why") == OUTAGE:
            return Said("Máy chủ đã ngừng, trả lại %(time)s", {"time": told["seconds"]})
        return Said("Được thêm %(time)s", {"time": told["seconds"]})
    if event.kind == "submitted":
        return _submission_said(event, told, shows_marks)
    if event.kind == "marked":
        if shows_marks:
            return Said("Giám khảo cho câu %(slot)s %(mark)s điểm", {"slot": event.slot, "mark": told["mark"]})
        return Said("Giám khảo đã chấm câu %(slot)s", {"slot": event.slot})
    if event.kind == "regraded":
        return Said("Chấm lại, tổng %(total)s điểm", {"total": told["total"]}) if shows_marks else Said("Chấm lại")
    return Said({"started": "Bắt đầu làm bài", "held": "Mở bài ở một thẻ hoặc máy"}.get(event.kind, event.kind))


def _answer_said(event: Event, words: Words) -> Said:
    if event.slot == PREDICTION_SLOT:
        return Said("Lưu số dự đoán: %(response)s", {"response": "–" if event.data is None else event.data})
    answer = unwrap(event.data)
    values: dict[str, object] = {"slot": event.slot, "response": words(event.slot or 0, answer.response)}
    if event.kind == "late_taken":
        return Said("Nhận câu %(slot)s đến muộn: %(response)s", values)
    if answer.response is None:
        return Said("Bỏ trả lời câu %(slot)s", {"slot": event.slot})
    if answer.waited_seconds is not None:
        return Said("Lưu câu %(slot)s, trang đã giữ %(time)s: %(response)s", {**values, "time": answer.waited_seconds})
    if answer.certainty is not None:
        return Said("Lưu câu %(slot)s, độ chắc chắn %(sure)s: %(response)s", {**values, "sure": answer.certainty})
    return Said("Lưu câu %(slot)s: %(response)s", values)


def _shown_said(event: Event) -> Said:
    if event.data == MOVED:
        return Said("Chuyển sang câu %(slot)s", {"slot": event.slot})
    if event.data == CHECKED:
        return Said("Xem kết quả câu %(slot)s", {"slot": event.slot})
    return Said("Mở câu %(slot)s", {"slot": event.slot}) if event.slot else Said("Mở trang làm bài")


def _network_said(kind: str, seconds: object) -> Said:
    if seconds is None:
        return Said("Mất mạng" if kind == "lost" else "Có mạng trở lại")
    return Said("Mất mạng từ %(time)s trước" if kind == "lost" else "Có mạng trở lại sau %(time)s", {"time": seconds})


def _submission_said(event: Event, told: Mapping[str, Any], shows_marks: bool) -> Said:
    if told.get("discarded"):
        return Said("Hết giờ mà chưa nộp, lượt này không được tính")
    if shows_marks:
        total = {"total": told.get("total", "–")}
        return Said("Nộp bài, %(total)s điểm" if event.key else "Hết giờ, bài tự nộp, %(total)s điểm", total)
    return Said("Nộp bài" if event.key else "Hết giờ, bài tự nộp")


@dataclass(frozen=True)
class Outage:
    """How often the network was lost, as the page told it, and for how many seconds together."""

    count: int
    seconds: int


def outage_of(events: Sequence[Event]) -> Outage:
    """Losses of the network: each is told when it is over (`regained` with its length), or only that it began (`lost`)."""
    lost = [event for event in events if event.kind == "lost"]
    regained = [event for event in events if event.kind == "regained"]
    told = regained or lost
    seconds = sum(int(event.data.get("seconds") or 0) for event in told if isinstance(event.data, Mapping))
    return Outage(max(len(lost), len(regained)), seconds)


def verdict(events: Sequence[Event], late: Sequence[LateAnswer], fault: int | None, is_pending: bool = False) -> list[Said]:
    """The sentence about an attempt as clauses, to be joined by semicolons. `fault` is the first line of the log that does not fit its chain.

    What it claims of saved answers it claims of those that were acknowledged: each is a line, and the chain shows that none was changed.
    """
    clauses = [_log_clause(events, fault)]
    outage = outage_of(events)
    if outage.count and outage.seconds:
        clauses.append(Said("mất mạng %(n)s lần, tổng cộng %(time)s", {"n": outage.count, "time": outage.seconds}))
    elif outage.count:
        clauses.append(Said("mất mạng %(n)s lần", {"n": outage.count}))
    holds = sum(event.kind == "held" for event in events)
    if holds > 1:
        clauses.append(Said("đổi thẻ hoặc máy %(n)s lần", {"n": holds - 1}))
    more = sum(event.data["seconds"] for event in events if event.kind == "extended")
    if more:
        clauses.append(Said("được thêm %(time)s", {"time": more}))
    clauses.append(_end_clause(events))
    clauses += _late_clauses(late)
    regraded = sum(event.kind == "regraded" for event in events)
    if regraded:
        clauses.append(Said("đã chấm lại %(n)s lần", {"n": regraded}))
    if is_pending:
        clauses.append(Said("còn chờ giám khảo chấm"))
    return clauses


def _log_clause(events: Sequence[Event], fault: int | None) -> Said:
    if fault is not None:
        return Said("Nhật ký không còn nguyên vẹn từ dòng %(line)s", {"line": fault})
    if any(event.kind == "answered" for event in events):
        return Said("Mọi câu trả lời đã gửi đều được lưu")
    return Said("Chưa có câu trả lời nào được gửi")


def _end_clause(events: Sequence[Event]) -> Said:
    end = next((event for event in events if event.kind == "submitted"), None)
    if end is None:
        return Said("bài đang được làm")
    if isinstance(end.data, Mapping) and end.data.get("discarded"):
        return Said("hết giờ mà chưa nộp nên lượt này không được tính")
    return Said("nộp đúng giờ") if end.key else Said("hết giờ, bài tự nộp với các câu đã lưu")


def _late_clauses(late: Sequence[LateAnswer]) -> list[Said]:
    messages = {
        "waiting": "%(n)s câu trả lời đến muộn được giữ lại, chờ quyết định",
        "accepted": "%(n)s câu trả lời đến muộn được nhận",
        "refused": "%(n)s câu trả lời đến muộn không được nhận",
    }
    numbers = {decision: sum(one.decision == decision for one in late) for decision in messages}
    return [Said(messages[decision], {"n": number}) for decision, number in numbers.items() if number]
