"""Sensitive values as lists show them: enough to compare, not enough to know."""

from __future__ import annotations

from elearn.members.rules.importing.columns import FIELDS


def masked(field: str, value: object) -> str:
    """The value as a list may show it: numbers with their last three signs, other sensitive words not at all."""
    text = "" if value is None else str(value)
    known = FIELDS.get(field)
    if not text or known is None or not known.is_sensitive:
        return text
    return f"•••{text[-3:]}" if field in ("national_id", "card_number") else "•••"
