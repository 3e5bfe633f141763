"""Versions of a question: what makes one, and the states through which a question goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions.rules.texts import Rich, format_of, words_of

STATES: Mapping[str, str] = {"draft": "Bản nháp", "reviewed": "Đã thẩm định", "in_use": "Đang dùng", "retired": "Đã ngừng dùng"}


@dataclass(frozen=True)
class Content:
    """All that makes a version; topic, level, category and tags may change without a new one. `files` maps names in texts to digests."""

    type: str
    text: Rich
    body: Mapping[str, Any]
    explanation: Rich = ""
    document_id: int | None = None
    clause: str = ""
    name: str = ""
    default_mark: Decimal = Decimal(1)
    files: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    as_of: date | None = None
    valid_to: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 over everything; what stands at its default is left out, so that older versions keep their digests."""
        says: dict[str, Any] = {
            "type": self.type, "text": words_of(self.text), "body": self.body, "explanation": words_of(self.explanation),
            "document": self.document_id, "clause": self.clause,
        }  # fmt: skip
        more = {
            "text_format": "" if format_of(self.text) == "markdown" else format_of(self.text),
            "explanation_format": "" if format_of(self.explanation) == "markdown" else format_of(self.explanation),
            "name": self.name,
            "default_mark": "" if self.default_mark == 1 else str(self.default_mark.normalize()),
            "files": dict(self.files),
            "source": self.source,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "valid_to": self.valid_to.isoformat() if self.valid_to else "",
            "extra": dict(self.extra),
        }
        says.update({key: value for key, value in more.items() if value})
        return hashlib.sha256(canonical(says).encode()).hexdigest()


@dataclass(frozen=True)
class Standing:
    """Where a question stands: its state, who wrote the version in force (None: a file), who read it."""

    status: str
    author_id: int | None
    reviewer_id: int | None = None


@dataclass(frozen=True)
class Step:
    """A step between states: from which it leads where, which permission it takes, whether it needs a reason. Words are source messages."""

    name: str
    since: frozenset[str]
    to: str
    permission: str
    needs_reason: bool = False


STEPS: Mapping[str, Step] = {
    "review": Step("Xác nhận đã thẩm định", frozenset({"draft"}), "reviewed", "question.review"),
    "send_back": Step("Trả lại người viết", frozenset({"draft", "reviewed"}), "draft", "question.review", needs_reason=True),
    "put_in_use": Step("Đưa vào dùng", frozenset({"reviewed"}), "in_use", "question.edit"),
    "retire": Step("Ngừng dùng", frozenset({"draft", "reviewed", "in_use"}), "retired", "question.edit", needs_reason=True),
    "bring_back": Step("Dùng lại từ bản nháp", frozenset({"retired"}), "draft", "question.edit"),
}


def problem_of(step: str, standing: Standing, member_id: int, reason: str = "") -> str:
    """Why the member may not take the step, a Vietnamese source message; "" where nothing stands against it."""
    known = STEPS[step]
    if standing.status not in known.since:
        return "Câu này đang ở trạng thái khác, hãy tải lại trang."
    if step == "review" and standing.author_id == member_id:
        return "Bạn viết bản này nên người khác phải thẩm định."
    if known.needs_reason and not reason.strip():
        return "Hãy ghi lý do."
    return ""


def take_step(step: str, standing: Standing, member_id: int, reason: str = "") -> Standing:
    """The standing after the step. Raises InvalidInput (field "reason") for a missing reason, DomainError for anything else."""
    problem = problem_of(step, standing, member_id, reason)
    if problem and problem == problem_of(step, standing, member_id, "x"):
        raise DomainError("step_refused", problem)
    if problem:
        raise InvalidInput("no_reason", problem, "reason")
    if step == "review":
        return Standing("reviewed", standing.author_id, member_id)
    keeps_reader = step in ("put_in_use", "retire")
    return Standing(STEPS[step].to, standing.author_id, standing.reviewer_id if keeps_reader else None)


def after_edit(editor_id: int | None) -> Standing:
    """A new version is a draft of whoever wrote it, whatever state the one before was in: a second person reads it again."""
    return Standing("draft", editor_id)
