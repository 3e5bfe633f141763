"""Works out the statistics of a quiz, in the background or by command, and keeps them.

Marks are taken as they stand now, after every correction. Attempts are read in chunks, so that a million of them need little more memory
than their sheet of marks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from sqlalchemy import Connection

from elearn.core.db import db, read_connection, transaction
from elearn.lib.errors import DomainError, NotFound
from elearn.questions.queries import TYPES
from elearn.questions.rules.outcomes import NO_MATCH
from elearn.questions.rules.texts import plain, rich
from elearn.questions.types import Part
from elearn.quizzes.models import Quiz, QuizStatistics
from elearn.quizzes.queries import statistics as queries
from elearn.quizzes.queries.keys import items_of
from elearn.quizzes.rules.attempts import unwrap
from elearn.quizzes.rules.grading import Item, Scheme, max_of
from elearn.quizzes.rules.item_analysis import PER_MARK, Whole, histogram, score_bins
from elearn.quizzes.rules.option_analysis import Tally, grouped, groups_for, option_rows, warnings_of
from elearn.quizzes.rules.score_sheet import ABSENT, Builder, Key, Row, analyse
from elearn.quizzes.rules.tracing import Filed, parts_of

CHUNK = 1000
MOST_READ = 100_000
"""Attempts whose responses are read for the analysis of options; of more attempts, so many evenly spread ones."""
MOST_CLASSED = 200_000
LONGEST_NAME = 90

Told = Callable[..., None]


@dataclass(frozen=True)
class Worked:
    """What is shown of a quiz, as it is kept."""

    which: str
    people: int
    attempts: int
    worked_out_at: datetime
    data: Mapping[str, Any]


def analyse_quiz(quiz_id: int, which: str, now: datetime, tell: Told = lambda *_: None) -> Worked:
    """Work out the statistics over these attempts (best, first, last or all) and keep them. Raises NotFound for no such quiz."""
    quiz = db.session.get(Quiz, quiz_id)
    if quiz is None or which not in queries.WHICH:
        raise NotFound()
    db.session.expunge(quiz)
    db.session.rollback()
    tell("Đang chọn các lượt làm bài")
    with read_connection() as connection:
        standing = queries.standing(connection, quiz_id)
        chosen = queries.choose_attempts(connection, quiz_id, which)
        reading = _Reading(connection, quiz, chosen)
        for first in range(0, len(chosen.ids), CHUNK):
            tell("Đang đọc bài làm", first, len(chosen.ids))
            reading.read(first)
        tell("Đang tính số liệu", len(chosen.ids), len(chosen.ids))
        data = {**_told(connection, quiz, reading), **asdict(standing)}
    with transaction() as session:
        session.merge(
            QuizStatistics(
                quiz_id=quiz_id, which=which, people=chosen.people, attempts=len(chosen.ids), data=data, worked_out_at=now
            )
        )
    return Worked(which, chosen.people, len(chosen.ids), now, data)


class _Codes(dict[Any, int]):
    """Numbers things in the order of their first appearance."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


class _Marks(dict[str | None, int | None]):
    """Marks as they are written, in ten-millionths."""

    def __missing__(self, key: str | None) -> int | None:
        self[key] = None if key is None else int(Decimal(key) * PER_MARK)
        return self[key]


class _Reading:
    """Reads attempts chunk by chunk into a sheet, and the responses of some or all of them into tallies.

    A code stands for a version with the mark that the paper gives it.
    """

    def __init__(self, connection: Connection, quiz: Quiz, chosen: queries.Chosen) -> None:
        self.connection, self.quiz_id, self.ids = connection, quiz.id, chosen.ids
        self.totals: Whole = np.array(chosen.totals, dtype=np.int64)
        self.step = max(1, -(-len(chosen.ids) // MOST_READ))
        self.bins = score_bins(self.totals)[:: self.step].tolist()
        self.builder = Builder(self.totals, quiz.question_count)
        self.codes: dict[tuple[int, str], int] = _Codes()
        self.items: list[Item] = []
        self.tallies: dict[tuple[int, int], Tally] = {}
        self._marks: dict[str | None, int | None] = _Marks()
        self._classes: dict[tuple[int, str, str | None], list[Part]] = {}

    def read(self, first: int) -> None:
        """The chunk that begins with that line."""
        ids = self.ids[first : first + CHUNK].tolist()
        papers: list[Any] = []
        marks: list[list[int | None]] = []
        marked, codes_of = self._marks, self.codes
        for _, paper, told in queries.list_sheets(self.connection, ids):
            papers.append(json.loads(paper))
            marks.append([marked[mark] for mark in json.loads(told)] if told else [])
        codes = [[codes_of[asked["version"], asked.get("max", "1")] for asked in paper] for paper in papers]
        variants = [[_variant(asked["order"]) for asked in paper] for paper in papers]
        self._learn(papers, codes)
        self.builder.enter(range(first, first + len(ids)), codes, marks, variants)
        sampled = [place for place in range(len(ids)) if (first + place) % self.step == 0]
        if sampled:
            latest = self._latest([ids[place] for place in sampled])
            for place in sampled:
                self._tally(latest, ids[place], papers[place], codes[place], self.bins[(first + place) // self.step])

    def _learn(self, papers: Sequence[Any], codes: Sequence[Sequence[int]]) -> None:
        """Look up what is new, with the corrections in force."""
        if len(self.items) == len(self.codes):
            return
        fresh: dict[int, Any] = {}
        for paper, numbers in zip(papers, codes, strict=True):
            for asked, code in zip(paper, numbers, strict=True):
                if code >= len(self.items):
                    fresh.setdefault(code, asked)
        self.items += items_of(self.connection, self.quiz_id, [fresh[code] for code in sorted(fresh)])

    def _latest(self, ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, int, str | None]]:
        """The answer that counts by (attempt, slot): (client_seq, seq, data), as the fold over the log has it."""
        latest: dict[tuple[int, int], tuple[int, int, str | None]] = {}
        for attempt_id, slot, data, client_seq, seq in queries.list_saves(self.connection, ids):
            found = (client_seq or 0, seq, data)
            name = (attempt_id, slot)
            if name not in latest or latest[name][:2] < found[:2]:
                latest[name] = found
        return latest

    def _tally(self, latest: Mapping[Any, Any], attempt_id: int, paper: Any, codes: Sequence[int], place: int) -> None:
        classes = self._classes
        for slot, (asked, code) in enumerate(zip(paper, codes, strict=True), start=1):
            found = latest.get((attempt_id, slot))
            data = found[2] if found else None
            order = asked["order"]
            name = (code, repr(order), data)
            parts = classes.get(name)
            if parts is None:
                if len(classes) >= MOST_CLASSED:
                    classes.clear()
                parts = classes[name] = self._classify(code, order, data)
            tally = self.tallies.get((code, _variant(order)))
            if tally is None:
                tally = self.tallies[code, _variant(order)] = Tally()
            tally.add(place, parts)

    def _classify(self, code: int, order: Any, data: str | None) -> list[Part]:
        item = self.items[code]
        try:
            return TYPES[item.type].classes(item.body, order, unwrap(json.loads(data)).response if data else None)
        except DomainError:  # a correction may have taken away what was chosen
            return [Part("", NO_MATCH, "", Fraction(0))]


def _variant(order: Any) -> int:
    """Which data an order means; ABSENT for questions without."""
    return order.get("variant", ABSENT) if isinstance(order, dict) else ABSENT


def _told(connection: Connection, quiz: Quiz, reading: _Reading) -> dict[str, Any]:
    """Whole quiz, items and histogram as JSON."""
    versions = {row.id: row for row in queries.list_versions(connection, {version for version, _ in reading.codes})}
    rows = [versions[version] for version, _ in reading.codes]
    names = {code: place for place, code in enumerate(sorted({row.code for row in rows}))}
    shelves = {part["category"] for part in quiz.blueprint if part.get("category")}
    filed = [Filed(row.question_id, row.bank_id, row.level, row.category, row.tags) for row in rows]
    parts = parts_of(filed, quiz.blueprint, queries.list_category_paths(connection, shelves))
    scheme = Scheme(quiz.wrong_penalty, bool(quiz.certainty))
    maxima = np.array([int(max_of(item, scheme) * PER_MARK) for item in reading.items], dtype=np.int64)
    key = Key(np.array([names[row.code] for row in rows], dtype=np.int32), np.array(parts, dtype=np.int16), maxima)
    whole, found = analyse(reading.builder.sheet(maxima > 0), key)
    questions = _Questions(rows, names, reading)
    max_total = sum(row.max_mark for row in found if row.kind == "slot")
    return {
        "whole": asdict(whole),
        "max_mark": max_total / PER_MARK,
        "histogram": histogram(reading.totals, round(max_total)),
        "responses_of": len(reading.bins),
        "items": [_item(row, questions) for row in found],
    }


class _Questions:
    """What is known of each question (by its number): its codes, and what was answered to it."""

    def __init__(self, rows: Sequence[queries.VersionRow], names: Mapping[str, int], reading: _Reading) -> None:
        self.rows, self.items = rows, reading.items
        self.codes: dict[int, list[int]] = {}
        self.tallies: dict[int, list[tuple[int, Tally]]] = {}
        for code, row in enumerate(rows):
            self.codes.setdefault(names[row.code], []).append(code)
        for (code, variant), tally in reading.tallies.items():
            self.tallies.setdefault(names[rows[code].code], []).append((variant, tally))

    def newest(self, question: int) -> queries.VersionRow:
        """Its latest version that was asked."""
        return max((self.rows[code] for code in self.codes[question]), key=lambda version: version.id)

    def tally(self, question: int, variant: int | None) -> Tally:
        """What was answered, to one variant or to all."""
        whole = Tally()
        for number, tally in self.tallies.get(question, ()):
            if variant in (None, number):
                whole.take(tally)
        return whole

    def known(self, question: int) -> list[Part]:
        """The classes of its keys."""
        found: list[Part] = []
        for code in self.codes[question]:
            item = self.items[code]
            found += [part for part in TYPES[item.type].model(item.body, item.order) if part not in found]
        return found

    def has_options(self, question: int) -> bool:
        """Whether takers choose among options that all of them see."""
        item = self.items[self.codes[question][0]]
        return TYPES[item.type].controls(item.body, item.order, plain)["kind"] in ("radio", "checkbox")


def _item(row: Row, questions: _Questions) -> dict[str, Any]:
    """A row with its options. A place with several questions has none of its own."""
    told: dict[str, Any] = {"kind": row.kind, "slot": row.first, "in_larger_pool": row.is_in_larger_pool}
    if row.last != row.first:
        told["last_slot"] = row.last
    if row.variant is not None:
        told["variant"] = row.variant + 1
    told |= {"max_mark": row.max_mark / PER_MARK, "intended_weight": row.intended_weight, **asdict(row.figures)}
    if row.question is None:
        nothing: dict[str, Any] = {"question": None, "version": None, "type": None, "name": None, "groups": [], "options": []}
        return {**told, **nothing, "warnings": warnings_of(row.figures)}
    newest, tally, known = questions.newest(row.question), questions.tally(row.question, row.variant), questions.known(row.question)
    groups = groups_for(tally.seen)
    name = newest.name or plain(rich(newest.text, newest.text_format))
    return {
        **told,
        "question": newest.code,
        "version": newest.id,
        "type": newest.type,
        "name": name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…",
        "groups": list(grouped(tally.seen, groups)),
        "options": [asdict(option) for option in option_rows(tally, known, groups)],
        "warnings": warnings_of(row.figures, tally, known, questions.has_options(row.question)),
    }
