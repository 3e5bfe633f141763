"""The two forms in which a person can put a question right: typed text, where it has words for the question, and fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.answer_lines import lines_of, with_lines
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.texts import Rich, format_of, rich, words_of
from elearn.questions.rules.typed import WRITES, as_text
from elearn.questions.rules.typed.words import WRITTEN

_FOR_MACHINES = f"\n{WRITTEN['body']}:"


@dataclass(frozen=True)
class Fields:
    """A question as fields of a form: all plain words; answers as lines (`rules.answer_lines`)."""

    text: str = ""
    answers: str = ""
    explanation: str = ""
    source: str = ""
    topic: str = ""
    category: str = ""
    level: str = ""
    tags: str = ""
    default_mark: str = "1"


def typed_text(draft: Draft) -> str | None:
    """The question in the style in which people type it; None where that style could say it only in the language of machines."""
    if draft.type not in WRITES:
        return None
    text = as_text(draft)
    return None if _FOR_MACHINES in text else text


def fields_of(draft: Draft) -> Fields:
    """The question as fields."""
    mark = format(draft.default_mark.normalize(), "f").replace(".", ",")
    return Fields(
        words_of(draft.text), "\n".join(lines_of(draft.type, draft.body)), words_of(draft.explanation), draft.source, draft.topic,
        draft.category, draft.level, ", ".join(draft.tags), mark,
    )  # fmt: skip


def with_fields(draft: Draft, said: Fields) -> Draft:
    """The question with what the fields say. Raises InvalidInput, with the field."""
    try:
        mark = Decimal(said.default_mark.strip().replace(",", ".") or "1")
    except InvalidOperation:
        raise InvalidInput("bad_mark", "Điểm phải là một số, ví dụ 1 hoặc 0,5.", "default_mark") from None
    return replace(
        draft,
        text=_like(said.text, draft.text),
        body=with_lines(draft.type, said.answers, draft.body),
        explanation=_like(said.explanation, draft.explanation),
        source=said.source.strip(),
        topic=said.topic.strip(),
        category=said.category.strip(),
        level=said.level,
        tags=[tag.strip() for tag in said.tags.split(",") if tag.strip()],
        default_mark=mark if mark.is_finite() else Decimal(-1),
    )


def _like(words: str, before: Rich) -> Rich:
    """Words in the format that the text had; the text itself where they are the same."""
    words = _as_sent(words)
    return before if words == _as_sent(words_of(before)) else rich(words, format_of(before))


def _as_sent(words: str) -> str:
    """What is left of words that went through a form."""
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
