"""What may be asked in writing, and until when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from elearn.lib.errors import InvalidInput


class Kind(StrEnum):
    PLAN = "plan"
    ESSAY = "essay"
    ACTION_PROGRAMME = "action_programme"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.PLAN: "Kế hoạch học tập và làm theo Bác",
    Kind.ESSAY: "Bài thu hoạch",
    Kind.ACTION_PROGRAMME: "Chương trình hành động",
}


@dataclass(frozen=True)
class Field:
    """One box to be written in. Label and hint are source messages, or words of the organiser."""

    key: str
    label: str
    hint: str = ""


FIVE_CLEAR_POINTS = (
    Field("who", "Rõ người", "Ai làm, ai phối hợp."),
    Field("what", "Rõ việc", "Việc cụ thể sẽ làm, nêu được bằng một động từ."),
    Field("when", "Rõ thời gian", "Bắt đầu khi nào, xong vào ngày nào."),
    Field("responsibility", "Rõ trách nhiệm", "Ai chịu trách nhiệm chính, ai kiểm tra."),
    Field("result", "Rõ kết quả", "Kết quả đo được: bao nhiêu, ở đâu, nhìn vào đâu để biết đã xong."),
)
ONE_TEXT = (Field("text", "Nội dung"),)
FIELDS: Mapping[Kind, tuple[Field, ...]] = {Kind.PLAN: FIVE_CLEAR_POINTS, Kind.ESSAY: ONE_TEXT, Kind.ACTION_PROGRAMME: ONE_TEXT}
"""Boxes offered for each kind where the organiser names no others."""
MOST_FIELDS = 12
LONGEST_ANSWER = 20_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class AssignmentSpec:
    """What is asked. `asked_of` is "unit" or "member"; without `fields` only a file is taken."""

    origin: str
    origin_id: int
    kind: Kind
    asked_of: str
    title: str
    unit_id: int
    due_at: datetime
    closes_at: datetime | None = None
    prompt: str = ""
    fields: tuple[Field, ...] = ()
    takes_file: bool = True


def check_assignment(spec: AssignmentSpec) -> None:
    """Raise InvalidInput, naming the field, for what cannot be asked."""
    if not spec.title.strip() or len(spec.title) > 200:
        raise InvalidInput("title", "Hãy đặt tên cho bài cần nộp, nhiều nhất 200 ký tự.", field="title")
    if not spec.fields and not spec.takes_file:
        raise InvalidInput(
            "nothing_taken", "Hãy cho gõ trực tiếp hoặc cho nộp tệp, nếu không thì không ai nộp được.", field="takes_file"
        )
    if len(spec.fields) > MOST_FIELDS:
        raise InvalidInput("many_fields", "Nhiều nhất %(most)s ô để viết.", field="fields", most=MOST_FIELDS)
    keys = [one.key for one in spec.fields]
    if len(set(keys)) < len(keys) or not all(_KEY.fullmatch(key) for key in keys):
        raise InvalidInput("field_keys", "Mỗi ô để viết cần một mã riêng, chữ thường không dấu.", field="fields")
    if spec.closes_at is not None and spec.closes_at < spec.due_at:
        raise InvalidInput("closes_early", "Ngày thôi nhận bài không thể trước hạn nộp.", field="closes_at")


def check_tighter(due_at: datetime, above: datetime, now: datetime) -> None:
    """Raise InvalidInput unless a deadline set below keeps within the one above and still lies ahead."""
    if due_at > above:
        raise InvalidInput("loosened", "Hạn của đơn vị chỉ được sớm hơn hoặc bằng hạn cấp trên giao.", field="due_at")
    if due_at <= now:
        raise InvalidInput("due_past", "Hạn mới phải ở sau lúc này.", field="due_at")


def as_data(fields: Sequence[Field]) -> list[dict[str, str]]:
    """Fields as they are kept."""
    return [{"key": one.key, "label": one.label, "hint": one.hint} for one in fields]


def kept_answers(keys: Sequence[str], sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed into known boxes, line ends made one; raises InvalidInput for a text that is too long."""
    found = {key: sent.get(key, "").replace("\r\n", "\n").strip() for key in keys}
    for key, value in found.items():
        if len(value) > LONGEST_ANSWER:
            raise InvalidInput(
                "long_answer", "Dài quá %(most)s ký tự. Hãy rút gọn hoặc nộp bằng tệp.", field=key, most=LONGEST_ANSWER
            )
    return {key: value for key, value in found.items() if value}
