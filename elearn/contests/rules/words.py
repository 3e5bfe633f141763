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


Value = str | int | Words | Enumeration
