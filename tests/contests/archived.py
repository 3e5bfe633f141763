"""An archive in memory, to be looked at and to be tampered with."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from elearn.contests.rules.archives import FILES
from elearn.contests.rules.reading import Report
from elearn.contests.rules.verifying import verify
from elearn.core.signing import sign
from elearn.lib.canonical import canonical

LOGS = ("log.jsonl", "attempts.jsonl", "ranking.csv", "checkpoints.jsonl")


class Held:
    """The files of an archive as bytes, in the shape that the verifier reads."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    @classmethod
    def of(cls, path: Path) -> Held:
        with zipfile.ZipFile(path) as opened:
            assert tuple(opened.namelist()) == FILES
            return cls({name: opened.read(name) for name in FILES})

    def read(self, name: str) -> bytes:
        return self.files[name]

    def lines(self, name: str) -> Iterator[bytes]:
        yield from self.files[name].splitlines(keepends=True)

    def json(self, name: str):
        return json.loads(self.files[name])

    def rows(self, name: str) -> list[dict]:
        return [json.loads(line) for line in self.files[name].splitlines()]

    def verified(self) -> Report:
        return verify(self)

    def changed(self, name: str, content: bytes) -> Held:
        """With another content of a file, the digests and the outer signature made anew: as an operator would cheat."""
        files = {**self.files, name: content}
        told = json.loads(files["manifest.json"])
        told.pop("signature")
        told["files"] = {
            one: {"bytes": len(files[one]), "sha256": hashlib.sha256(files[one]).hexdigest()}
            for one in FILES
            if one != "manifest.json"
        }
        files["manifest.json"] = (canonical({**told, "signature": sign(told)}) + "\n").encode()
        return Held(files)


def mutate(held: Held, luck: random.Random) -> tuple[str, Held]:
    """(what was done, the archive with one thing changed)."""
    deed = luck.choice(("flip", "flip", "delete", "reorder", "insert", "truncate", "invent"))
    if deed == "flip":
        name = luck.choice([one for one in FILES if one != "manifest.json"])
        content = bytearray(held.files[name])
        place = luck.randrange(len(content))
        content[place] ^= 1 << luck.randrange(8)
        return f"flip {name} {place}", held.changed(name, bytes(content))
    name = "log.jsonl" if deed == "invent" else luck.choice(LOGS)
    lines = held.files[name].splitlines(keepends=True)
    place = luck.randrange(len(lines))
    if deed == "delete":
        del lines[place]
    elif deed == "reorder":
        other = luck.choice([one for one in range(len(lines)) if lines[one] != lines[place]])
        lines[place], lines[other] = lines[other], lines[place]
    elif deed == "insert":
        lines.insert(luck.randrange(len(lines) + 1), lines[place])
    elif deed == "invent":
        event = json.loads(lines[place])
        event["seq"] += luck.choice((0, 1))
        event.update(
            luck.choice(({"slot": 1, "data": "A"}, {"key": "x"}, {"at": "2026-10-14T03:40:00+00:00"}, {"kind": "answered"}))
        )
        lines.insert(place + luck.choice((0, 1)), (canonical(event) + "\n").encode())
    else:
        content = b"".join(lines)
        cut = luck.randrange(len(content)) if luck.random() < 0.5 else len(content) - len(lines[-1])
        return f"truncate {name} {cut}", held.changed(name, content[:cut])
    return f"{deed} {name} {place}", held.changed(name, b"".join(lines))
