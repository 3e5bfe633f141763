"""Works out the statistics of a quiz, in the background or by command, and keeps them.

Marks are taken as they stand now, after every correction. Attempts are read in chunks, so that a million of them need little more memory
than their sheet of marks.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from sqlalchemy import Connection

from elearn.core.db import db, read_connection, transaction
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError, NotFound
from elearn.questions.queries import TYPES
from elearn.questions.rules.outcomes import NO_MATCH
from elearn.questions.rules.texts import in_a_list, plain, rich
from elearn.questions.types import Part
from elearn.quizzes.models import Quiz, QuizStatistics
from elearn.quizzes.queries import statistics as queries
from elearn.quizzes.queries.keys import items_of
from elearn.quizzes.rules.attempts import unwrap
from elearn.quizzes.rules.grading import Item, Scheme, max_of
from elearn.quizzes.rules.item_analysis import FINEST, PER_MARK, Whole, histogram, score_bins
from elearn.quizzes.rules.option_analysis import Tally, grouped, groups_for, option_rows, warnings_of
from elearn.quizzes.rules.score_sheet import ABSENT, Builder, Key, Row, analyse, matrix_of
from elearn.quizzes.rules.tracing import Filed, parts_of

CHUNK, LARGEST_STEP = 250, 10
"""Attempts read at once: few, so that not much has to be cleaned up; more where not all responses are read."""
MOST_READ = 100_000
"""Attempts whose responses are read for the analysis of options; of more attempts, so many evenly spread ones."""
MOST_DIFFERENT = 200_000
"""Different responses, and different orders of questions, kept in words before they are put into classes."""
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
    with read_connection() as connection, _without_collector():
        standing = queries.standing(connection, quiz_id)
        chosen = queries.choose_attempts(connection, quiz_id, which)
        reading = _Reading(connection, quiz, chosen)
        chunk = CHUNK * min(reading.step, LARGEST_STEP)
        for first in range(0, len(chosen.ids), chunk):
            tell("Đang đọc bài làm", first, len(chosen.ids))
            reading.read(first, chunk)
        reading.settle()
        tell("Đang tính số liệu", len(chosen.ids), len(chosen.ids))
        data = {**_told(connection, quiz, reading), **asdict(standing)}
    with transaction() as session:
        session.merge(
            QuizStatistics(
                quiz_id=quiz_id, which=which, people=chosen.people, attempts=len(chosen.ids), data=data, worked_out_at=now
            )
        )
    return Worked(which, chosen.people, len(chosen.ids), now, data)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cycles meanwhile: rows make none, and looking at millions of them again and again costs as much as reading them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Marks(dict[str, int]):
    """Marks as they are written, in ten-millionths."""

    def __missing__(self, key: str) -> int:
        self[key] = int(Decimal(key) * PER_MARK)
        return self[key]


class _Asked:
    """A version in one order, and what was answered to it: the saved data, in how many attempts of each fifteenth of the field."""

    __slots__ = ("code", "order", "responses", "variant")

    def __init__(self, order: Any, code: int) -> None:
        self.order, self.code = order, code
        self.variant: int = order.get("variant", ABSENT) if isinstance(order, dict) else ABSENT
        self.responses: dict[str | None, list[int]] = {}


class _Reading:
    """Reads attempts chunk by chunk into a sheet, and the responses of some or all of them into tallies.

    A code stands for a version with the mark that the paper gives it, a number for such a version in one order.
    """

    def __init__(self, connection: Connection, quiz: Quiz, chosen: queries.Chosen) -> None:
        self.connection, self.quiz_id, self.ids = connection, quiz.id, chosen.ids
        self.totals: Whole = np.array(chosen.totals, dtype=np.int64)
        self.step = max(1, -(-len(chosen.ids) // MOST_READ))
        self.bins: list[int] = score_bins(self.totals)[:: self.step].tolist()
        self.builder = Builder(self.totals, quiz.question_count)
        self.codes: dict[tuple[int, str], int] = {}
        self.items: list[Item] = []
        self.tallies: dict[tuple[int, int], Tally] = {}
        self._marks = _Marks()
        self._asked: list[_Asked] = []
        self._numbers: dict[str, int] = {}
        self._different = 0

    def read(self, first: int, count: int) -> None:
        """So many attempts from that line on."""
        ids = self.ids[first : first + count].tolist()
        papers: list[list[int]] = []
        marks: list[list[int]] = []
        unmarked: list[tuple[int, int]] = []
        for place, (_, paper, told) in enumerate(queries.list_sheets(self.connection, ids)):
            numbers = self._read_paper(paper)
            papers.append(numbers)
            marks.append(self._read_marks(told, len(numbers), place, unmarked))
        sampled = [place for place in range(len(ids)) if (first + place) % self.step == 0]
        saved = self._latest([ids[place] for place in sampled])
        for place in sampled:
            self._count(saved[ids[place]], papers[place], self.bins[(first + place) // self.step])
        numbered = matrix_of(papers)
        # The last one stands for the last number, which is ABSENT.
        codes, variants = (
            np.array([*told, ABSENT])[numbered] for told in zip(*((one.code, one.variant) for one in self._asked), strict=True)
        )
        for place, slot in unmarked:
            codes[place, slot] = ABSENT
        self.builder.enter(slice(first, first + len(ids)), codes, matrix_of(marks), variants)
        if self._different > MOST_DIFFERENT or len(self._asked) > MOST_DIFFERENT:
            self.settle()

    def _read_paper(self, text: str) -> list[int]:
        """The questions of a paper. Most stand in other papers in the same words, so that they need not be taken apart again."""
        numbers = self._numbers
        try:
            return [numbers[words] for words in text[2:-2].split("},{")]
        except KeyError:
            return [self._ask(entry) for entry in json.loads(text)]

    def _ask(self, entry: Mapping[str, Any]) -> int:
        words = canonical(entry)[1:-1]
        if words not in self._numbers:
            name = (entry["version"], entry.get("max", "1"))
            if name not in self.codes:
                self.codes[name] = len(self.codes)
                self.items += items_of(self.connection, self.quiz_id, [entry])
            self._numbers[words] = len(self._asked)
            self._asked.append(_Asked(entry["order"], self.codes[name]))
        return self._numbers[words]

    def _read_marks(self, text: str | None, count: int, place: int, unmarked: list[tuple[int, int]]) -> list[int]:
        """The marks of a line; what has none is noted."""
        if text and "null" not in text:
            return [self._marks[mark] for mark in text[2:-2].split('","')]
        told = [*json.loads(text), *[None] * count][:count] if text else [None] * count
        unmarked += [(place, slot) for slot, mark in enumerate(told) if mark is None]
        return [0 if mark is None else self._marks[mark] for mark in told]

    def _latest(self, ids: Sequence[int]) -> dict[int, dict[int, str | None]]:
        """The data of the answers that count, by attempt and slot, as the fold over the log has it."""
        latest: dict[int, dict[int, str | None]] = {attempt_id: {} for attempt_id in ids}
        ranks: dict[int, int] = {}
        current = 0
        for attempt_id, slot, data, client_seq in queries.list_saves(self.connection, ids):
            if attempt_id != current:
                current, saved = attempt_id, latest[attempt_id]
                ranks = {}
            rank = client_seq or 0
            if ranks.get(slot, -1) <= rank:
                saved[slot], ranks[slot] = data, rank
        return latest

    def _count(self, saved: Mapping[int, str | None], numbers: Sequence[int], place: int) -> None:
        asked = self._asked
        for slot, number in enumerate(numbers, start=1):
            responses, data = asked[number].responses, saved.get(slot)
            bins = responses.get(data)
            if bins is None:
                bins = responses[data] = [0] * FINEST
                self._different += 1
            bins[place] += 1

    def settle(self) -> None:
        """Put what was answered into classes, and forget the words in which it was."""
        for asked in self._asked:
            tally = self.tallies.setdefault((asked.code, asked.variant), Tally())
            for data, bins in asked.responses.items():
                tally.add(bins, self._classify(asked, data))
        self._asked.clear()
        self._numbers.clear()
        self._different = 0

    def _classify(self, asked: _Asked, data: str | None) -> list[Part]:
        item = self.items[asked.code]
        try:
            return TYPES[item.type].classes(item.body, asked.order, unwrap(json.loads(data)).response if data else None)
        except DomainError:  # a correction may have taken away what was chosen
            return [Part("", NO_MATCH, "", Fraction(0))]


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
    name = newest.name or in_a_list(rich(newest.text, newest.text_format))
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
