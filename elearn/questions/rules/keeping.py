"""What a file cannot say of a question, kept beside it part by part (see `rules.remainder`).

Each part has a check of its own: who changes the level of an exported question loses nothing of its feedback, and who changes its options
gets the options as changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from elearn.questions.rules.bodies import SHAPES, UNKNOWN, faults_of
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.remainder import remainder, restored

_WORDS = ("name", "code", "category", "topic", "level", "source", "document", "clause")
PARTS = ("body", "text", "explanation", "default_mark", "tags", "extra", *_WORDS)


def _only(draft: Draft, part: str) -> Draft:
    """A question that holds this part and nothing else; the body goes with its type."""
    if part == "body":
        return Draft(draft.type, "", draft.body)
    only = Draft("", "", {})
    # A remainder leaves the category out of its check, so words are looked at in one and the same place.
    setattr(only, "topic" if part in _WORDS else part, getattr(draft, part))
    return only


def kept_beside(wanted: Draft, read: Draft) -> dict[str, str]:
    """The remainders, by part, of a question that would be read otherwise; pictures are not looked at."""
    found = {part: remainder(_only(wanted, part), _only(read, part)) for part in PARTS}
    return {part: words for part, words in found.items() if words}


def put_back(read: Draft, kept: Mapping[str, object]) -> list[str]:
    """Puts the remainders into the question that was read. Returns the parts that have been changed since, which stay as they are."""
    changed = []
    for part, words in kept.items():
        whole = restored(_only(read, part), words) if part in PARTS and isinstance(words, str) else None
        if whole is None or (part == "body" and not _is_sound(whole)):
            changed.append(part)
        elif part == "body":
            read.type, read.body = whole.type, whole.body
        else:
            setattr(read, part, getattr(whole, "topic" if part in _WORDS else part))
    return changed


def _is_sound(draft: Draft) -> bool:
    return draft.type in SHAPES and all(what == UNKNOWN for _, what in faults_of(draft.type, draft.body))
