"""Questions of a file in the shape in which other systems store them, for programs that compare: JSON of `flask questions import`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import answer_share, share
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.texts import format_of, words_of

Number = int | float


def number_of(value: Decimal | Fraction) -> Number:
    """A number as JSON has it: whole ones without decimals."""
    return int(value) if value == int(value) else float(value)


def told(draft: Draft) -> dict[str, Any]:
    """The question: texts as they are stored, options in the order of the file; never more exact than JSON numbers are.

    `options` are options or accepted answers; right and wrong is told as the two options True and False.
    """
    question: dict[str, Any] = {
        "name": draft.name,
        "type": draft.type,
        "text": words_of(draft.text),
        "default_mark": number_of(draft.default_mark),
        "options": options_of(draft),
        "text_format": format_of(draft.text),
        "explanation": words_of(draft.explanation),
        "category": draft.category,
        "tags": list(draft.tags),
        "line": draft.line,
    }
    if draft.type == "matching":
        question["pairs"] = [{"left": words_of(pair["left"]), "right": pair["right"]} for pair in draft.body.get("pairs", [])]
        question["extra"] = list(draft.body.get("extra", []))
    elif draft.type == "ordering":
        question["items"] = [words_of(item) for item in draft.body.get("items", [])]
    elif draft.type == "gap_fill":
        gaps = draft.body.get("gaps", {})
        question["gaps"] = {number: {"kind": gap.get("kind", ""), "options": _listed(gap)} for number, gap in gaps.items()}
    return question


def options_of(draft: Draft) -> list[dict[str, Any]]:
    """What may be chosen or is accepted, each with what it earns."""
    if draft.type == "true_false":
        feedback: Mapping[str, Any] = draft.body.get("feedback") or {}
        return [
            {"text": text, "fraction": int(draft.body.get("answer") is verdict), "feedback": words_of(feedback.get(text.lower()))}
            for text, verdict in (("True", True), ("False", False))
        ]
    return _listed(draft.body)


def _listed(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    options = [
        {"text": words_of(one.get("text")), "fraction": number_of(share(one)), "feedback": words_of(one.get("feedback"))}
        for one in body.get("options", [])
    ]
    return options + [_answer(one) for one in body.get("answers", [])]


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    name = next((name for name in ("value", "formula") if name in answer), "text")
    found = {
        "text": str(answer.get(name, "")),
        "fraction": number_of(answer_share(answer)),
        "feedback": words_of(answer.get("feedback")),
    }
    if name != "text":
        found["tolerance"] = "" if answer[name] == "*" else str(answer.get("tolerance", "0"))
    return found
