"""Typed text as the form in which a person puts a question right, where that style has words for the question."""

from __future__ import annotations

from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.typed import WRITES, as_text
from elearn.questions.rules.typed.words import WRITTEN

_FOR_MACHINES = f"\n{WRITTEN['body']}:"


def typed_text(draft: Draft, number: int = 1) -> str | None:
    """The question in the style in which people type it; None where that style could say it only in the language of machines."""
    if draft.type not in WRITES:
        return None
    text = as_text(draft, number)
    return None if _FOR_MACHINES in text else text
