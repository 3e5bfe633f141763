"""Where a page may lead on to: a path of this site and nothing else."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def safe_next(target: str | None, otherwise: str = "") -> str:
    """`target` where every browser reads it as a path of this site, otherwise `otherwise`."""
    if not target or not target.startswith("/") or len(target) > 2000:
        return otherwise
    # Browsers read a backslash as a slash and drop tabs and line ends, also where a proxy has decoded them before.
    path = target.split("?", 1)[0].split("#", 1)[0]
    plain = unquote(unquote(path))
    if plain.startswith("//") or "\\" in plain or not plain.isprintable() or not target.isprintable():
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else target
