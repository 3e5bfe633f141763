"""Makes a paper from what a quiz says and a seed: which questions, in which order, with which options mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from elearn.questions.rules.drawing import Stream, draw
from elearn.quizzes.rules.grading import TYPES, plain


@dataclass(frozen=True)
class Source:
    """Where questions are drawn from: one question, or those of a bank, a shelf with all shelves on it, a level, with all of the tags."""

    bank_id: int | None = None
    level: str | None = None
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    question_id: int | None = None


@dataclass(frozen=True)
class Part:
    """So many questions from a source. `mark` None: what the question itself says for a chosen question, 1 for drawn ones."""

    source: Source
    count: int = 1
    mark: Decimal | None = None
    section: int = 0


@dataclass(frozen=True)
class Plan:
    """What a quiz says of its papers; `shuffled` tells for each section whether its questions are mixed."""

    parts: tuple[Part, ...]
    shuffled: tuple[bool, ...] = (True,)
    shuffle_options: bool = True
    paper_seed: str = ""

    @property
    def question_count(self) -> int:
        return sum(part.count for part in self.parts)


@dataclass(frozen=True)
class Placed:
    """A question in its place of a paper."""

    version_id: int
    part: Part


@dataclass(frozen=True)
class Asked:
    """What a version says, as far as a paper depends on it."""

    type: str
    body: Mapping[str, Any]
    default_mark: Decimal = Decimal(1)


def read_plan(
    blueprint: Sequence[Mapping[str, Any]],
    sections: Sequence[Mapping[str, Any]] | None = None,
    shuffle_questions: bool = True,
    shuffle_options: bool = True,
    paper_seed: str = "",
) -> Plan:
    """The plan of a quiz from its columns. A part of a section that there is not stands in the first."""
    known = sections or [{}]
    parts = tuple(
        Part(
            Source(question_id=one["question"])
            if "question" in one
            else Source(one["bank"], one.get("level") or None, one.get("category"), tuple(one.get("tags") or ())),
            1 if "question" in one else one["count"],
            Decimal(str(one["mark"])) if one.get("mark") is not None else None,
            one.get("section", 0) if 0 <= one.get("section", 0) < len(known) else 0,
        )
        for one in blueprint
    )
    shuffled = tuple(shuffle_questions and bool(section.get("shuffle", True)) for section in known)
    return Plan(parts, shuffled, shuffle_options, paper_seed)


def place_questions(plan: Plan, pools: Sequence[Sequence[int]], seed: str) -> list[Placed]:
    """The questions of a paper, section after section. With a paper seed all papers hold the same questions, each in its own order.

    Raises DomainError pool_too_small.
    """
    drawn = draw(pools, [part.count for part in plan.parts], Stream(plan.paper_seed or seed, "questions"))
    mixing = Stream(seed, "places")
    placed: list[Placed] = []
    for section, is_shuffled in enumerate(plan.shuffled):
        inside = [
            Placed(version, part)
            for part, versions in zip(plan.parts, drawn, strict=True)
            if part.section == section
            for version in versions
        ]
        placed += [inside[place] for place in mixing.permutation(len(inside))] if is_shuffled else inside
    return placed


def write_paper(plan: Plan, placed: Sequence[Placed], asked: Mapping[int, Asked], seed: str) -> list[dict[str, Any]]:
    """The paper as an attempt keeps it; `asked` tells of each version. Whether options are mixed is the quiz's to forbid, the question's too.

    Only options: what is to be matched or put in order is always mixed, for its own order is the key.
    """
    mixing = Stream(seed, "options")
    paper = []
    for one in placed:
        question = asked[one.version_id]
        body = question.body if plan.shuffle_options or "options" not in question.body else {**question.body, "shuffle": False}
        entry: dict[str, Any] = {"version": one.version_id, "order": TYPES[question.type].arrange(body, mixing)}
        mark = one.part.mark if one.part.mark is not None else question.default_mark if one.part.source.question_id else Decimal(1)
        if mark != 1:
            entry["max"] = plain(mark)
        if len(plan.shuffled) > 1:
            entry["section"] = one.part.section
        paper.append(entry)
    return paper
