"""Answers with `*` for anything: as texts, as the regular expressions of items, and compared with a response."""

from __future__ import annotations

import re


def wildcard_of(pattern: str) -> tuple[str, bool] | None:
    """A regular expression of letters, `.*` and `[aA]` as a text with `*` for anything, and whether capitals matter; None for all others."""
    words, at, with_case = "", 0, True
    pattern = pattern.removeprefix("^").removesuffix("$") if not pattern.endswith("\\$") else pattern.removeprefix("^")
    while at < len(pattern):
        rest = pattern[at:]
        pair = re.match(r"\[(.)(.)\]", rest)
        if rest.startswith(".*"):
            words, at = words + "*", at + 2
        elif pair and pair[1] != pair[2] and pair[1].casefold() == pair[2].casefold():
            words, at, with_case = words + pair[1].lower(), at + 4, False
        elif rest[0] == "\\" and len(rest) > 1 and not rest[1].isalnum():
            words, at = words + ("\\*" if rest[1] == "*" else "\\\\" if rest[1] == "\\" else rest[1]), at + 2
        elif rest[0] in ".^$*+?{}[]()|\\":
            return None
        else:
            words, at = words + rest[0], at + 1
    return words, with_case


def fits(wildcard: str, text: str, with_case: bool) -> bool:
    """Whether a text fits one with `*` for anything and `\\*` for an asterisk."""
    if not with_case:
        wildcard, text = wildcard.casefold(), text.casefold()
    parts = [part.replace("\0", "*") for part in wildcard.replace("\\\\", "\1").replace("\\*", "\0").split("*")]
    parts = [part.replace("\1", "\\") for part in parts]
    if len(parts) == 1:
        return text == parts[0]
    if not text.startswith(parts[0]) or not text[len(parts[0]) :].endswith(parts[-1]):
        return False
    at, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def literal_of(text: str) -> str | None:
    """The one text that an answer with escapes stands for; None where it holds a wildcard."""
    words = text.replace("\\\\", "\1").replace("\\*", "\0")
    if "*" in words or words != " ".join(words.split()):
        return None
    return words.replace("\0", "*").replace("\1", "\\")


def pattern_of(text: str, with_case: bool) -> str:
    """The regular expression of an answer with wildcards."""
    written = ""
    for letter_ in text.replace("\\\\", "\1").replace("\\*", "\0"):
        plain = {"\1": "\\", "\0": "*"}.get(letter_, letter_)
        if letter_ == "*":
            written += ".*"
        elif not with_case and len(plain.lower()) == len(plain.upper()) == 1 and plain.lower() != plain.upper():
            written += f"[{plain.lower()}{plain.upper()}]"
        else:
            written += f"\\{plain}" if plain in ".^$*+?{}[]()|\\-" else plain
    return written
