"""Questions of a file while they wait in a preview: drafts and doubts in the shape in which they are kept, and what is to become of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from elearn.questions.rules.exchange import Draft, Problem, Severity

CHOICES = ("take", "skip")
ORDER: tuple[Severity, ...] = ("error", "warning", "info")
"""Gravest first."""

PARTS: Mapping[str, str] = {
    "text": "stem", "options": "answers", "key": "answers", "body": "answers", "answers": "answers", "pairs": "answers", "gaps": "answers",
    "explanation": "explanation", "source": "source", "document": "source", "clause": "source", "files": "stem", "double": "double",
    "twin": "double", "level": "place", "topic": "place", "category": "place", "tags": "place", "name": "place", "code": "place",
    "default_mark": "place", "mark": "place",
}  # fmt: skip
"""Beside which part of the question as shown a doubt stands, by the field that it names; "" stands above the question."""

_WORDS = ("name", "code", "category", "topic", "level", "source", "document", "clause")
_DAYS = ("as_of", "valid_to")


@dataclass(frozen=True)
class Doubt:
    """A doubt about a question as it is kept: `origin` says who has it.

    "file": the reader of the file; "rule": the type of question refuses the draft; "picture": a picture that is not taken; "bank": a question of
    the bank is alike; "twin": another one of the file is; "fate": why an undone import left the question in the bank.
    """

    line: int
    severity: Severity
    message: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    field: str = ""
    origin: str = "file"

    @property
    def part(self) -> str:
        """Beside what it stands."""
        return PARTS.get(self.field, "")

    def said(self) -> str:
        """The message in Vietnamese."""
        return self.message % self.values if self.values else self.message

    def kept(self) -> dict[str, Any]:
        """As JSON can hold it."""
        told = {"line": self.line, "severity": self.severity, "message": self.message, "values": dict(self.values)}
        return {**told, "field": self.field, "origin": self.origin}


def doubts_in(kept: Iterable[Mapping[str, Any]]) -> list[Doubt]:
    """Doubts from where they were kept."""
    return [Doubt(**one) for one in kept]


def doubt_of(problem: Problem) -> Doubt:
    """What a reader found, as it is kept."""
    values = {name: value if isinstance(value, int) else cleaned(str(value)) for name, value in problem.values.items()}
    return Doubt(problem.line, problem.severity, problem.message, values, problem.field)


def with_faults(doubts: Sequence[Doubt], faults: Iterable[tuple[str, str]], line: int) -> list[Doubt]:
    """The doubts, and as errors whatever makes the draft unfit to be kept; (field, message) of each.

    A fault is left out where the reader has already said, in its own words, what is wrong with the same part.
    """
    others = [one for one in doubts if one.origin != "rule"]
    said = {one.part for one in others if one.severity == "error" and one.origin == "file"}
    own = [Doubt(line, "error", message, {}, name, "rule") for name, message in faults if PARTS.get(name, "") not in said]
    return in_order([*others, *own])


def in_order(doubts: Iterable[Doubt]) -> list[Doubt]:
    """By line, the gravest of a line first."""
    return sorted(doubts, key=lambda one: (one.line, ORDER.index(one.severity)))


def worst_of(doubts: Iterable[Doubt]) -> str:
    """The gravest severity; "" where there is no doubt."""
    found = {one.severity for one in doubts}
    return next((severity for severity in ORDER if severity in found), "")


def first_choice(worst: str, is_known: bool) -> str:
    """What becomes of a question before anybody has chosen: one that must be mended, or stands in the bank word for word, is left out."""
    return "skip" if worst == "error" or is_known else "take"


def kept_draft(draft: Draft, files: Mapping[str, str]) -> dict[str, Any]:
    """The draft as JSON can hold it; `files` names the digests of its pictures. What the file does not tell is left out."""
    kept: dict[str, Any] = {"type": draft.type, "text": draft.text, "body": draft.body}
    kept |= {name: getattr(draft, name) for name in (*_WORDS, "explanation", "tags", "extra") if getattr(draft, name)}
    kept |= {name: getattr(draft, name).isoformat() for name in _DAYS if getattr(draft, name)}
    if draft.default_mark != 1:
        kept["default_mark"] = str(draft.default_mark)
    if draft.line:
        kept["line"] = draft.line
    if files:
        kept["files"] = dict(files)
    return kept


def draft_in(kept: Mapping[str, Any]) -> tuple[Draft, dict[str, str]]:
    """The draft, without the bytes of its pictures, and the digests of those by their names in its texts."""
    values = {name: value for name, value in kept.items() if name not in ("files", "default_mark", *_DAYS)}
    draft = Draft(**values)
    draft.default_mark = Decimal(kept.get("default_mark", "1"))
    draft.as_of, draft.valid_to = (date.fromisoformat(kept[name]) if name in kept else None for name in _DAYS)
    return draft, dict(kept.get("files", {}))


_UNFIT = re.compile("[\x00\ud800-\udfff]")


def cleaned(value: Any) -> Any:
    """Texts of a draft without what no database keeps: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, Mapping):
        return {cleaned(name): cleaned(one) for name, one in value.items()}
    return [cleaned(one) for one in value] if isinstance(value, list | tuple) else value


def fit_to_keep(draft: Draft) -> Draft:
    """The draft with all its texts cleaned."""
    return replace(
        draft, **{name: cleaned(getattr(draft, name)) for name in ("text", "body", "tags", "extra", "explanation", *_WORDS)}
    )


def carried_over(again: Draft, before: Draft) -> Draft:
    """A question that was typed anew, with what the typed style has no words for: days, what a format keeps for itself, its line."""
    again.as_of, again.valid_to = before.as_of, before.valid_to
    again.extra = {**before.extra, **again.extra}
    again.line = before.line
    return again
