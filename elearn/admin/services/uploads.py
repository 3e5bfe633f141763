"""Files between upload and confirmation: kept a day in the data folder, readable only to whoever sent them."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from elearn.lib.errors import NotFound

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Upload:
    """A file with the name under which it came and what the form said beside it."""

    name: str
    data: bytes
    told: dict[str, str]


def keep(folder: Path, member_id: int, name: str, data: bytes, told: dict[str, str]) -> str:
    """Put the file aside and return the sign by which it is found again; those of the day before are thrown away."""
    folder.mkdir(parents=True, exist_ok=True)
    now = time.time()
    for old in folder.iterdir():
        if now - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    sign = secrets.token_hex(16)
    (folder / f"{member_id}-{sign}.json").write_text(json.dumps({"name": name, "told": told}), encoding="utf-8")
    (folder / f"{member_id}-{sign}.file").write_bytes(data)
    return sign


def find(folder: Path, member_id: int, sign: str) -> Upload:
    """The file of this person with this sign, or NotFound."""
    if len(sign) != 32 or not all(char in "0123456789abcdef" for char in sign):
        raise NotFound()
    try:
        facts = json.loads((folder / f"{member_id}-{sign}.json").read_text(encoding="utf-8"))
        return Upload(facts["name"], (folder / f"{member_id}-{sign}.file").read_bytes(), facts["told"])
    except FileNotFoundError:
        raise NotFound("upload_gone", "Tệp đã tải lên không còn nữa. Hãy tải lại.") from None


def drop(folder: Path, member_id: int, sign: str) -> None:
    """Throw the file away."""
    for ending in ("json", "file"):
        (folder / f"{member_id}-{sign}.{ending}").unlink(missing_ok=True)
