"""Who may read an entry of the audit log."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.lib.tree import is_within


def sees_all(paths: Iterable[str]) -> bool:
    """Whether one of the subtrees is a whole tree; its holder reads every entry."""
    return any(path.count("/") == 2 for path in paths)


def may_read(paths: Iterable[str], actor_path: str, subject_path: str) -> bool:
    """Whether who answers for these subtrees reads an entry: done by their people, or to a member or unit of theirs.

    `actor_path` is the present place of who did it, `subject_path` that of the member or unit it was done to; empty for none.
    """
    tops = list(paths)
    places = [place for place in (actor_path, subject_path) if place]
    return sees_all(tops) or any(is_within(place, top) for place in places for top in tops)
