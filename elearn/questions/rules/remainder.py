"""What the format of another system cannot say about a question, kept beside it in the file so that our own export loses nothing.

The remainder names the question to which it belongs by a digest of all that the other system does read. Where somebody changed that
question afterwards the digest no longer agrees and the remainder is left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.texts import FORMATS

_WORDS = ("type", "name", "code", "category", "topic", "level", "source", "document", "clause")
_RICH = ("text", "explanation")
_FIELDS = (*_WORDS, *_RICH, "body", "default_mark", "tags", "extra")
_DEEPEST = 12


def remainder(draft: Draft, read: Draft, is_needed: bool = False) -> str:
    """JSON, in ASCII on one line, of what was lost between a draft and how its file would be read.

    "" where nothing was, unless `is_needed` to say that a question which a reader would doubt is meant so.
    """
    wanted, found = _plain(draft), _plain(read)
    lost = {field: wanted[field] for field in _FIELDS if wanted[field] != found[field]}
    return json.dumps({"of": digest(read), "lost": lost}, separators=(",", ":"), sort_keys=True) if lost or is_needed else ""


def restored(read: Draft, text: str) -> Draft | None:
    """The draft with its remainder put back; None where the remainder is malformed or belongs to another state of the question."""
    try:
        given = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("of") != digest(read) or not isinstance(given.get("lost"), dict):
        return None
    lost: dict[str, Any] = given["lost"]
    if not set(lost) <= set(_FIELDS) or not all(_is_sound(field, value) for field, value in lost.items()):
        return None
    if "default_mark" in lost:
        lost["default_mark"] = Decimal(lost["default_mark"])
    return replace(read, **lost)


def digest(draft: Draft) -> str:
    """Stands for everything that a draft says; its place in the file, its category and its pictures apart."""
    plain = _plain(draft)
    del plain["category"]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:20]


def _plain(draft: Draft) -> dict[str, Any]:
    plain = {field: getattr(draft, field) for field in _FIELDS}
    plain["default_mark"] = format(draft.default_mark.normalize(), "f")
    return plain


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _is_sound(field: str, value: Any) -> bool:
    if field in _WORDS:
        return isinstance(value, str)
    if field in _RICH:
        is_rich = isinstance(value, Mapping) and set(value) == {"text", "format"} and value["format"] in FORMATS
        return isinstance(value, str) or (is_rich and isinstance(value["text"], str))
    if field == "default_mark":
        try:
            return isinstance(value, str) and len(value) <= 20 and 0 <= Decimal(value) < 10**6
        except InvalidOperation:
            return False
    if field == "tags":
        return isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    return isinstance(value, dict) and not _is_deep(value, _DEEPEST)


def _is_deep(value: Any, most: int) -> bool:
    if not most:
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_deep(part, most - 1) for part in inside)
