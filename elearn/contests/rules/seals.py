"""What a round commits to before it opens, the chain of its log, and what follows from both: seeds of papers, roots, lots.

Everything here is hashed as text: parts joined by "|", in UTF-8, digests in small hexadecimal letters. docs/archive.md says the same in
words, so that a verifier can be written without this file.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from elearn.lib.canonical import canonical
from elearn.quizzes.rules.grading import MARKING_VERSION
from elearn.quizzes.rules.papers import read_plan

FORMAT = 1
"""Of manifests and archives."""
RANKING_VERSION = "1"
DRAW_FORMULA = 'paper: HMAC-SHA256(S, "paper|round|pseudonym|number") keys HMAC-SHA256 in counter mode, Fisher–Yates by rejection'
LOT_FORMULA = 'lot seed: SHA-256("lots|S|R_ent|R_log|P"); lot: first 62 bits of SHA-256("lot|seed|pseudonym"), the smallest wins'
REVEAL_WITHIN = timedelta(hours=24)
"""After the closing of the log."""


def digest_of(*parts: str) -> str:
    """SHA-256 over the parts joined by "|"."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def round_name(contest: str, number: int) -> str:
    """How hashes name a round: "code/3"."""
    return f"{contest}/{number}"


# What is committed to


def commit_seed(name: str, secret: str) -> str:
    """H_seed; `secret` is S, 32 random bytes in hexadecimal."""
    return digest_of("seed", name, secret)


def commit_key(name: str, salt: str, key: Sequence[Mapping[str, Any]]) -> str:
    """H_key over types, keys and tolerances of every version that may be asked, in the order of their ids."""
    return digest_of("key", name, salt, canonical(list(key)))


def version_leaf(salt: str, words: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    """The leaf of one version in the tree of the bank: its words and its key."""
    return digest_of("version", salt, canonical(words), canonical(key))


def commit_bank(salt: str, words: Sequence[Mapping[str, Any]], key: Sequence[Mapping[str, Any]]) -> str:
    """H_bank: the root over all versions in the order of their ids."""
    return merkle_root(version_leaf(salt, one, other) for one, other in zip(words, key, strict=True))


def commit_rules(name: str, rules: Mapping[str, Any]) -> str:
    """H_rules over everything that decides a result besides answers and keys."""
    return digest_of("rules", name, canonical(rules))


@dataclass(frozen=True)
class Commitment:
    """What is sealed: the secret parts, and what may be asked by which rules."""

    round: str
    secret: str
    salt: str
    rules: Mapping[str, Any]
    words: Sequence[Mapping[str, Any]]
    key: Sequence[Mapping[str, Any]]

    def hashes(self) -> dict[str, str]:
        """The four commitments, as the manifest names them."""
        return {
            "seed": commit_seed(self.round, self.secret),
            "key": commit_key(self.round, self.salt, self.key),
            "bank": commit_bank(self.salt, self.words, self.key),
            "rules": commit_rules(self.round, self.rules),
        }


def manifest_of(
    sealed: Commitment, number: int, made_at: datetime, opens_at: datetime, software: Mapping[str, str]
) -> dict[str, Any]:
    """What is published before the round opens; it gives nothing away of seed, keys or questions."""
    return {
        "kind": "manifest", "format": FORMAT, "round": sealed.round, "number": number, "made_at": made_at.isoformat(),
        "opens_at": opens_at.isoformat(), "hashes": sealed.hashes(), "software": dict(software),
    }  # fmt: skip


def rules_of_round(
    contest: Mapping[str, Any], own: Mapping[str, Any], kind: str, quiz: Mapping[str, Any], pools: Sequence[Sequence[int]]
) -> dict[str, Any]:
    """The rules as they are hashed. `pools`: for each part of the blueprint the versions that it may draw, in the order of their codes."""
    return {
        "kind": kind, "contest": dict(contest), "round": dict(own), "quiz": dict(quiz), "pools": [list(pool) for pool in pools],
        "versions": {"marking": MARKING_VERSION, "ranking": RANKING_VERSION}, "draw": DRAW_FORMULA, "lots": LOT_FORMULA,
    }  # fmt: skip


# Papers


def paper_seed(secret: str, name: str, pseudonym: str, number: int) -> str:
    """The seed from which the paper of an attempt is drawn."""
    return _keyed(secret, "paper", name, pseudonym, str(number))


def common_seed(secret: str, name: str) -> str:
    """The seed of the questions where everybody gets the same ones."""
    return _keyed(secret, "paper", name)


def _keyed(secret: str, *parts: str) -> str:
    return hmac.new(bytes.fromhex(secret), "|".join(parts).encode(), hashlib.sha256).hexdigest()


# The tree


def merkle_root(leaves: Iterable[str]) -> str:
    """Root over leaves in their order: leaf SHA-256("0|leaf"), inner node SHA-256("1|left|right"); an odd one goes up unchanged.

    Of nothing it is SHA-256("").
    """
    row = [digest_of("0", leaf) for leaf in leaves]
    if not row:
        return hashlib.sha256(b"").hexdigest()
    while len(row) > 1:
        row = _above(row)
    return row[0]


def _above(row: Sequence[str]) -> list[str]:
    paired = [digest_of("1", row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)]
    return [*paired, row[-1]] if len(row) % 2 else paired


def merkle_path(leaves: Sequence[str], place: int) -> list[tuple[str, str]]:
    """The way from the leaf at `place` (from 0) up to the root: ("left" or "right", neighbouring hash) on each floor that has a neighbour."""
    row, path = [digest_of("0", leaf) for leaf in leaves], []
    while len(row) > 1:
        other = place ^ 1
        if other < len(row):
            path.append(("left" if other < place else "right", row[other]))
        row, place = _above(row), place // 2
    return path


def climb(leaf: str, path: Iterable[tuple[str, str]]) -> str:
    """The root to which a path leads."""
    found = digest_of("0", leaf)
    for side, other in path:
        found = digest_of("1", other, found) if side == "left" else digest_of("1", found, other)
    return found


# The log of a round


def first_head(manifest: Mapping[str, Any]) -> str:
    """The head of the empty chain: bound to the manifest under which the round opened."""
    return digest_of("log", canonical(manifest))


def line_of(pseudonym: str, number: int, seq: int, digest: str) -> str:
    """What the chain holds of an event: whose, which attempt, its place there, its digest there."""
    return f"{pseudonym}|{number}|{seq}|{digest}"


AMENDED = 0
"""Stands for the id of an attempt where a checkpoint takes in changes of rules."""


def amendment_digest(name: str, number: int, at: str, reason: str, rules: Mapping[str, Any]) -> str:
    """What the chain holds of rules that were changed while the round ran; `at` in ISO 8601."""
    return digest_of("amended", name, str(number), at, reason, canonical(rules))


def amendment_line(number: int, digest: str) -> str:
    """The line of a change of rules in the chain; no pseudonym is "rules"."""
    return line_of("rules", AMENDED, number, digest)


def _drawing(rules: Mapping[str, Any]) -> tuple[Any, ...]:
    quiz = rules["quiz"]
    plan = read_plan(quiz["blueprint"], quiz["sections"], quiz["shuffle_questions"], quiz["shuffle_options"], "")
    return plan, quiz["question_count"], quiz["is_fixed"], *(rules[key] for key in ("kind", "pools", "versions", "draw", "lots"))


def is_same_paper(sealed: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    """Whether changed rules still draw the papers that were sealed, and mark and rank by the same formulas."""
    return _drawing(sealed) == _drawing(changed)


def next_head(head: str, line: str) -> str:
    """h_i = SHA-256(h_(i-1) | line)."""
    return hashlib.sha256(f"{head}|{line}".encode()).hexdigest()


@dataclass(frozen=True)
class Checkpoint:
    """The state of the log at a moment: `count` events from the first, `head` of the chain, `root` of the tree over the lines that are new."""

    round: str
    number: int
    at: datetime
    count: int
    head: str
    root: str

    def says(self) -> dict[str, Any]:
        """What is signed and published."""
        return {
            "kind": "checkpoint", "round": self.round, "number": self.number, "at": self.at.isoformat(), "count": self.count,
            "head": self.head, "root": self.root,
        }  # fmt: skip


def brief(count: int, head: str) -> str:
    """A checkpoint as receipts carry it: "000001234-16 letters of the head", always equally long."""
    return f"{count:09d}-{head[:16]}"


# The closing


@dataclass(frozen=True)
class Closing:
    """The roots published when a round has closed, before anything is revealed and before any draw whose result is not known yet."""

    round: str
    at: datetime
    entrants: int
    entrants_root: str
    events: int
    log_head: str
    predictions: int
    predictions_root: str

    def says(self) -> dict[str, Any]:
        """What is signed and published."""
        return {
            "kind": "closing", "round": self.round, "at": self.at.isoformat(), "entrants": self.entrants,
            "entrants_root": self.entrants_root, "events": self.events, "log_head": self.log_head, "predictions": self.predictions,
            "predictions_root": self.predictions_root,
        }  # fmt: skip


def prediction_leaf(pseudonym: str, number: int, prediction: int) -> str:
    """The leaf of one prediction."""
    return f"{pseudonym}|{number}|{prediction}"


def lot_seed(secret: str, entrants_root: str, log_head: str, public_value: str) -> str:
    """The seed of drawn lots; `public_value` is P, empty where the rules name no public draw."""
    return digest_of("lots", secret, entrants_root, log_head, public_value)


def is_late(closed_at: datetime, revealed_at: datetime | None, now: datetime) -> bool:
    """Whether seed and keys were, or are, kept back longer than promised."""
    return (revealed_at or now) > closed_at + REVEAL_WITHIN


# Signatures


def signed_text(says: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: canonical JSON."""
    return canonical(says).encode()


def is_signed(public_key: str, says: Mapping[str, Any], signature: str) -> bool:
    """Whether the holder of the key (Ed25519, hexadecimal) signed this; False too for what is no key or no signature in small letters."""
    if signature != signature.lower():
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), signed_text(says))
    except (ValueError, InvalidSignature):
        return False
    return True
