"""The key pair with which this installation signs what it publishes: made once, kept in the data folder, readable by its owner alone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from elearn.lib.canonical import canonical

FILE = "ed25519"


def _path() -> Path:
    folder: Path = current_app.config["ELEARN"].data_path / "keys"
    return folder / FILE


def _key() -> Ed25519PrivateKey:
    """The private key, made where there is none yet; read once by each process."""
    path = _path()
    known: dict[Path, Ed25519PrivateKey] = current_app.extensions.setdefault("signing_keys", {})
    if path not in known:
        if not path.exists():
            _make(path)
        known[path] = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
    return known[path]


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_name(f"{FILE}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(Ed25519PrivateKey.generate().private_bytes_raw().hex())
        out.flush()
        os.fsync(out.fileno())
    with contextlib.suppress(FileExistsError):  # another process may have been first: then its key counts
        os.link(scratch, path)
    scratch.unlink()


def sign(says: Mapping[str, Any]) -> str:
    """Ed25519 signature over the canonical JSON of a value, hexadecimal."""
    return _key().sign(canonical(says).encode()).hex()


def public_key() -> str:
    """The public key, hexadecimal."""
    return _key().public_key().public_bytes_raw().hex()
