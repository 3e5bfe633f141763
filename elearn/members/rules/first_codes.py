"""The codes that people read from paper: which signs they have, and what typed ones stand for."""

from __future__ import annotations

from collections.abc import Callable

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None can be mistaken for another on paper or over the telephone."""
LONGEST = 128


def make_code(choose: Callable[[str], str], groups: int = 3) -> str:
    """Groups of four signs; three of them are 59 bits. `choose` picks one sign and must be unforeseeable."""
    return "-".join("".join(choose(SIGNS) for _ in range(4)) for _ in range(groups))


def plain_code(typed: str) -> str:
    """A code as it is compared: capitals, spaces and hyphens do not count."""
    return "".join(typed[:LONGEST].lower().split()).replace("-", "")
