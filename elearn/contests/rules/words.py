"""Sentences of rules: Vietnamese source messages with values, put into the reader's language by the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Words:
    """A Vietnamese source message with its values; a value may itself be words, or several to be enumerated."""

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Enumeration:
    """Several words in a row, put together by a joiner and another before the last."""

    items: tuple[Words, ...]
    joiner: str = ", "
    last: str = ", "
    are_names: bool = False
    """Names keep their capitals; other words after the first begin small."""


Value = str | int | Words | Enumeration


def spell(words: Words) -> str:
    """The words in Vietnamese, for what is written down once and kept: a change of the rules as it was agreed."""
    return words.message % {name: _spell_value(value) for name, value in words.values.items()} if words.values else words.message


def _spell_value(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    if isinstance(value, Words):
        return spell(value)
    if isinstance(value, Enumeration):
        told = [spell(one) for one in value.items]
        if not value.are_names:
            told[1:] = [text[:1].lower() + text[1:] for text in told[1:]]
        return value.joiner.join(told[:-1]) + (value.last if len(told) > 1 else "") + told[-1]
    return value
