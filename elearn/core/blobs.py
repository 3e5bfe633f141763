"""Files kept in the data folder under the digest of their bytes: pictures of questions, files handed in."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from flask import current_app

from elearn.lib.errors import NotFound


def _path(digest: str) -> Path:
    root: Path = current_app.config["ELEARN"].data_path / "blobs"
    return root / digest[:2] / digest[2:]


def keep(data: bytes) -> str:
    """Write the bytes to disk and return their SHA-256 (hexadecimal); the same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with scratch.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(path)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes kept under a digest; NotFound where there are none."""
    if len(digest) != 64 or not digest.isalnum():
        raise NotFound()
    path = _path(digest)
    if not path.is_file():
        raise NotFound()
    return path.read_bytes()
