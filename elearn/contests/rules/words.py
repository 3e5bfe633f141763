"""A sentence that a rule says: the source message and what fills its places, translated where it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """`message` is a Vietnamese source message; a value may be a text, a whole number or another sentence."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


def said(message: str, **values: object) -> Said:
    """A sentence with its values."""
    return Said(message, values)


def speak(sentence: Said, translate: Callable[..., str], number: Callable[[int], str]) -> str:
    """The sentence in the reader's language: `translate(message, **values)`, and `number` writes whole numbers."""
    filled: dict[str, object] = {}
    for name, value in sentence.values.items():
        if isinstance(value, Said):
            filled[name] = speak(value, translate, number)
        elif isinstance(value, int) and not isinstance(value, bool):
            filled[name] = number(value)
        else:
            filled[name] = value
    return translate(sentence.message, **filled)


def listed(parts: Sequence[Said | str]) -> Said | str:
    """The parts one after the other, with commas: "a, b, c"."""
    return _joined(parts, "%(first)s, %(rest)s")


def in_turn(parts: Sequence[Said | str]) -> Said | str:
    """The parts as an order of looking: "a, rồi b, rồi c"."""
    return _joined(parts, "%(first)s, rồi %(rest)s")


def _joined(parts: Sequence[Said | str], glue: str) -> Said | str:
    if not parts:
        return ""
    if len(parts) == 1:
        return parts[0]
    return Said(glue, {"first": parts[0], "rest": _joined(parts[1:], glue)})
