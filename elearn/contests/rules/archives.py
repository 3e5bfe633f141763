"""The lines of a round's archive, and how papers are drawn again from it. The format in words: docs/archive.md."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from elearn.contests.rules.seals import common_seed, paper_seed
from elearn.lib.canonical import canonical
from elearn.quizzes.rules.attempts import Event, unwrap
from elearn.quizzes.rules.grading import TYPES, Item, Scheme
from elearn.quizzes.rules.papers import Asked, Plan, place_questions, read_plan, write_paper

FILES = (
    "rules.json", "paper.json", "key.json", "log.jsonl", "attempts.jsonl", "ranking.csv", "checkpoints.jsonl", "manifest.json",
)  # fmt: skip
"""In the order in which they are written."""
RANKING = (
    "place", "pseudonym", "attempt", "score", "correct", "all_correct", "prediction", "distance", "working_ms", "submitted_ms",
    "attempts_used", "lot", "decided_by",
)  # fmt: skip
"""Columns of ranking.csv; scores are whole ten-millionths of a mark."""
KEPT_BACK = ("marked", "regraded")
"""Events of which the archive gives only the digest: they name officers, and what they say follows from the rest."""


@dataclass(frozen=True)
class Papers:
    """Draws the papers of a round again, from what was sealed."""

    name: str
    secret: str
    plan: Plan
    pools: Sequence[Sequence[int]]
    asked: Mapping[int, Asked]
    scheme: Scheme
    pass_percent: int | None

    @classmethod
    def of(
        cls, name: str, secret: str, rules: Mapping[str, Any], words: Iterable[Mapping[str, Any]], keys: Iterable[Mapping[str, Any]]
    ) -> Papers:
        """From the rules, words and keys as they are sealed."""
        quiz = rules["quiz"]
        fixed = common_seed(secret, name) if quiz["is_fixed"] else ""
        plan = read_plan(quiz["blueprint"], quiz["sections"], quiz["shuffle_questions"], quiz["shuffle_options"], fixed)
        asked = {key["id"]: Asked(key["type"], key["body"], Decimal(one["mark"])) for one, key in zip(words, keys, strict=True)}
        penalty = None if quiz["wrong_penalty"] is None else Decimal(quiz["wrong_penalty"])
        return cls(name, secret, plan, rules["pools"], asked, Scheme(penalty, quiz["certainty"]), quiz["pass_percent"])

    def seed(self, pseudonym: str, number: int) -> str:
        """The seed of an attempt."""
        return paper_seed(self.secret, self.name, pseudonym, number)

    def draw(self, seed: str) -> list[dict[str, Any]]:
        """The paper of an attempt as its log has it."""
        return write_paper(self.plan, place_questions(self.plan, self.pools, seed), self.asked, seed)

    def items(self, paper: Sequence[Mapping[str, Any]]) -> list[tuple[int, Item]]:
        """(version, question with its key) by slot, before any correction. Raises KeyError for a version that was not sealed."""
        return [
            (one["version"], Item(self.asked[one["version"]].type, self.asked[one["version"]].body, one["order"], Decimal(one.get("max", "1"))))
            for one in paper
        ]  # fmt: skip

    @cached_property
    def has_hidden(self) -> bool:
        """Whether a person marks any of the questions from which papers are drawn."""
        return any(marks_by_hand(one.type) for one in self.asked.values())

    def is_for_marker(self, paper: Sequence[Mapping[str, Any]], slot: int | None) -> bool:
        """Whether a person marks the question at a slot: of what was written there the archive gives only the digest."""
        return (
            self.has_hidden
            and bool(slot)
            and slot is not None
            and slot <= len(paper)
            and marks_by_hand(self.asked[paper[slot - 1]["version"]].type)
        )


def marks_by_hand(kind: str) -> bool:
    """Whether a person marks questions of a type."""
    return TYPES[kind].needs_marker


def log_line(pseudonym: str, number: int, event: Event, attempt_id: int, is_kept_back: bool) -> str:
    """One event in log.jsonl; what is empty is left out. The data of `started` is drawn again and not written."""
    said: dict[str, Any] = {"p": pseudonym, "n": number, "seq": event.seq, "kind": event.kind}
    if event.slot is not None:
        said["slot"] = event.slot
    if is_kept_back:
        said["digest"] = event.digest
        if event.kind == "marked":
            said["mark"] = event.data["mark"]
        elif event.slot is not None and unwrap(event.data).response is None:
            said["empty"] = True
        if event.kind != "marked" and event.client_seq is not None:
            said["client_seq"] = event.client_seq
        return canonical(said)
    said["at"] = event.at.isoformat()
    if event.kind == "started":
        said["a"] = attempt_id
    elif event.data is not None:
        said["data"] = event.data
    if event.client_seq is not None:
        said["client_seq"] = event.client_seq
    if event.key is not None:
        said["key"] = event.key
    return canonical(said)


def amendment_told(number: int, at: datetime, reason: str, rules: Mapping[str, Any]) -> str:
    """A change of rules in log.jsonl."""
    return canonical({"kind": "amended", "seq": number, "at": at.isoformat(), "reason": reason, "rules": rules})


def digest_of_event(previous: str, attempt_id: int, line: Mapping[str, Any], data: Any) -> str:
    """The digest of an event that the archive gives whole; says what `quizzes.rules.attempts.event_digest` says."""
    body = [
        attempt_id, line["seq"], line["at"], line["kind"], line.get("slot"), data, line.get("client_seq"), line.get("key"),
    ]  # fmt: skip
    return hashlib.sha256(f"{previous}|{canonical(body)}".encode()).hexdigest()


def responses_of(answers: Mapping[int, Any], receipts: Mapping[int, str], by_hand: Iterable[int]) -> dict[str, Any]:
    """Responses by slot as attempts.jsonl gives them: of what a person marks only the receipt; empty ones are left out."""
    hidden = set(by_hand)
    return {
        str(slot): {"receipt": receipts[slot]} if slot in hidden else response
        for slot, response in sorted(answers.items())
        if response is not None
    }


@dataclass(frozen=True)
class Sat:
    """An attempt as attempts.jsonl tells of it. Marks are decimal strings, `head` the digest of its last event."""

    attempt_id: int
    pseudonym: str
    number: int
    seed: str
    paper: Any
    started_at: datetime
    submitted_at: datetime | None
    working_ms: int | None
    responses: Mapping[str, Any]
    certainties: Mapping[str, int]
    prediction: int | None
    marks: Sequence[str | None] | None
    mark: str | None
    max_mark: str
    correct_count: int | None
    is_discarded: bool
    is_pending: bool
    events: int
    head: str
    is_counted: bool = False
    is_disqualified: bool = False

    def line(self) -> str:
        """The line, canonical JSON."""
        return canonical(
            {
                "a": self.attempt_id, "p": self.pseudonym, "n": self.number, "seed": self.seed, "paper": self.paper,
                "started_at": self.started_at.isoformat(), "submitted_at": self.submitted_at and self.submitted_at.isoformat(),
                "working_ms": self.working_ms, "responses": self.responses, "certainties": self.certainties,
                "prediction": self.prediction, "marks": self.marks, "mark": self.mark, "max": self.max_mark,
                "correct": self.correct_count, "discarded": self.is_discarded, "pending": self.is_pending, "events": self.events,
                "head": self.head, "counted": self.is_counted, "disqualified": self.is_disqualified,
            }
        )  # fmt: skip


def ranking_line(figures: Mapping[str, Any]) -> str:
    """A line of ranking.csv: plain numbers and names, so that nothing needs quoting; what is missing is empty."""
    return ",".join("" if figures[name] is None else str(figures[name]) for name in RANKING)
