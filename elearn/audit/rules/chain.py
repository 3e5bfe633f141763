"""How an entry of the audit log is tied to the one before it, and to the names and contents beside it."""

from __future__ import annotations

import hashlib
from typing import Any

from elearn.lib.canonical import canonical


def salted_digest(salt: str, value: Any) -> str:
    """SHA-256 over a salt and a value in canonical JSON, hexadecimal: it says nothing of the value once the salt is gone."""
    return hashlib.sha256(f"{salt}|{canonical(value)}".encode()).hexdigest()


def entry_digest(previous: str, entry: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the entry in canonical JSON, hexadecimal."""
    return hashlib.sha256(f"{previous}|{canonical(entry)}".encode()).hexdigest()
