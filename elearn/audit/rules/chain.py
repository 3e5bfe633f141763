"""How an entry of the audit log is tied to the one before it."""

from __future__ import annotations

import hashlib
from typing import Any

from elearn.lib.canonical import canonical


def entry_digest(previous: str, entry: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the entry in canonical JSON, hexadecimal."""
    return hashlib.sha256(f"{previous}|{canonical(entry)}".encode()).hexdigest()
