"""What a file format cannot say of a question, kept beside what it can.

A writer reads back what it wrote and keeps the difference, with a check of what was read back. A reader puts the difference in again as long
as the check fits; where somebody has changed the file by hand or with another program, it no longer does, and the file itself counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from elearn.questions.rules.bodies import SHAPES, UNKNOWN, faults_of
from elearn.questions.rules.exchange import Draft

_KEPT = (
    "type", "text", "body", "name", "explanation", "code", "category", "tags", "topic", "level", "source", "document", "clause", "extra",
)  # fmt: skip
_SHAPES: Mapping[str, Any] = {"body": dict, "extra": dict, "tags": list, "text": (str, dict), "explanation": (str, dict)}


def _stored(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _KEPT} | {"default_mark": str(draft.default_mark)}


def check(draft: Draft) -> str:
    """A short sum over a question, tags and category left out: they often stand elsewhere than the rest."""
    known = _stored(draft)
    for name in ("tags", "category"):
        known.pop(name)
    known["default_mark"] = str(draft.default_mark.normalize())
    known["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in draft.files.items()}
    written = json.dumps(known, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:24]


def residue(wanted: Draft, found: Draft) -> dict[str, Any]:
    """Fields, as JSON can hold them, in which what was found differs from what was wanted; files are not looked at."""
    kept, read = _stored(wanted), _stored(found)
    if wanted.default_mark == found.default_mark:
        read["default_mark"] = kept["default_mark"]
    return {name: value for name, value in kept.items() if value != read[name]}


def restore(draft: Draft, kept: Mapping[str, Any]) -> bool:
    """Puts the residue into a question; False, and nothing done, where it has not the shape of one."""
    if not all(isinstance(value, _SHAPES.get(name, str)) for name, value in kept.items()):
        return False
    kind, body = kept.get("type", draft.type), kept.get("body", draft.body)
    if kind not in SHAPES or any(what != UNKNOWN for _, what in faults_of(kind, body)):
        return False
    if not all(isinstance(tag, str) for tag in kept.get("tags", [])):
        return False
    try:
        mark = Decimal(kept.get("default_mark", draft.default_mark))
    except ArithmeticError:
        return False
    for name in _KEPT:
        if name in kept:
            setattr(draft, name, kept[name])
    draft.default_mark = mark
    return True
