"""The marks of all attempts as a sheet, and the rows of the item analysis that follow from it.

Papers differ: questions are mixed, or drawn from pools. The sheet is therefore put in the order of the blueprint first: a column is then a
place of the paper, which holds the same question for everybody, or a question drawn from a pool.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elearn.quizzes.rules.item_analysis import (
    ItemFigures,
    Spread,
    Whole,
    WholeFigures,
    effective_weights,
    item_figures,
    spread_of,
    whole_figures,
)

Matrix = NDArray[Any]
ABSENT = -1
BLOCK = 65_536


@dataclass(frozen=True)
class Sheet:
    """A line an attempt, a column a slot. `versions` are codes from 0, ABSENT where a line has no such slot or it does not count.

    `totals` and `marks` are whole ten-millionths; `variants` numbers the data of a calculated question, ABSENT elsewhere.
    """

    totals: Whole
    versions: Matrix
    marks: Matrix
    variants: Matrix


@dataclass(frozen=True)
class Key:
    """What is known of each version by its code: its question (a code too), its place in the blueprint, and its maximum.

    `parts` are ascending with the order of the blueprint; `maxima` are whole ten-millionths.
    """

    questions: Matrix
    parts: Matrix
    maxima: Whole


@dataclass(frozen=True)
class Row:
    """A row of the analysis: a place of the paper ("slot"), a question of a pool ("question") or one variant of its data ("variant").

    `first` and `last` are the places (from 1) where it may stand. `question` is a code, None for a place with several questions.
    """

    kind: str
    first: int
    last: int
    question: int | None
    variant: int | None
    max_mark: float
    intended_weight: float | None
    figures: ItemFigures
    is_in_larger_pool: bool = False
    """A place of a pool from which several questions are drawn: all its places are alike."""


class Builder:
    """Fills a sheet for attempts whose totals are known, some lines at a time."""

    def __init__(self, totals: Whole, width: int) -> None:
        """`width` is what most papers have; longer ones widen the sheet."""
        self.totals, self.width = totals, width
        self._versions = np.full((len(totals), width), ABSENT, dtype=np.int16)
        self._marks = np.zeros((len(totals), width), dtype=np.int32)
        self._variants = np.full((len(totals), 0), ABSENT, dtype=np.int16)

    def enter(self, lines: slice, versions: Matrix, marks: Matrix, variants: Matrix) -> None:
        """Lines with the codes, marks and variants of their slots, all of one shape; what does not count has ABSENT for its code."""
        width = versions.shape[1]
        if width > self.width:
            self._versions, self._marks = _widened(self._versions, width), _widened(self._marks, width)
            self._variants = _widened(self._variants, width) if self._variants.size else self._variants
            self.width = width
        if np.abs(marks).max(initial=0) > np.iinfo(self._marks.dtype).max:
            self._marks = self._marks.astype(np.int64)
        if versions.max(initial=0) > np.iinfo(self._versions.dtype).max:
            self._versions = self._versions.astype(np.int32)
        self._versions[lines, :width], self._marks[lines, :width] = versions, marks
        if not self._variants.size and (variants != ABSENT).any():
            self._variants = np.full(self._versions.shape, ABSENT, dtype=np.int16)
        if self._variants.size:
            self._variants[lines, :width] = variants

    def sheet(self, counted: Matrix) -> Sheet:
        """The sheet; `counted` tells of each version code whether it counts."""
        self._versions[~np.append(counted, False)[self._versions]] = ABSENT
        return Sheet(self.totals, self._versions, self._marks, self._variants)


def matrix_of(lists: Sequence[Sequence[int]]) -> Matrix:
    """Lines of whole numbers as a matrix, shorter ones filled up with ABSENT."""
    widest = max(map(len, lists), default=0)
    if any(len(one) < widest for one in lists):
        lists = [[*one, *[ABSENT] * (widest - len(one))] for one in lists]
    return np.array(lists, dtype=np.int64).reshape(len(lists), widest)


def _widened(matrix: Matrix, width: int) -> Matrix:
    return np.pad(matrix, ((0, 0), (0, width - matrix.shape[1])), constant_values=ABSENT)


def ordered(sheet: Sheet, key: Key) -> tuple[Sheet, list[tuple[int, int]]]:
    """The sheet with its columns in the order of the blueprint, and the pools: (first, last) columns among which questions change places.

    A pool of which everybody got every question is no pool: each of its questions gets a column.
    """
    last_part = int(key.parts.max(initial=0))
    sizes = np.zeros(last_part + 1, dtype=np.int64)
    longest = 0
    for lines in _blocks(sheet):
        found = _parts(sheet.versions[lines], key).astype(np.int64)
        cells = found + np.arange(len(found))[:, None] * (last_part + 2)
        counts = np.bincount(cells.ravel(), minlength=len(found) * (last_part + 2)).reshape(len(found), -1)[:, :-1]
        sizes = np.maximum(sizes, counts.max(axis=0))
        longest = max(longest, int(counts.sum(axis=1).max()))
    if sizes.sum() > longest:
        # Parts overlap, so that it cannot be told from which a question was drawn: then all of them are one pool.
        key = replace(key, parts=np.zeros_like(key.parts))
        sizes = np.array([longest])
    sheet = _by_part(sheet, key, sizes)
    pools, first = [], 0
    for size in sizes[sizes > 0]:
        columns = slice(first, first + int(size))
        questions = _questions(sheet.versions[:, columns], key)
        if any(len(np.unique(column[column != ABSENT])) > 1 for column in questions.T):
            alike = np.sort(questions, axis=1)
            if (alike == alike[:1]).all() and len(np.unique(alike[0])) == size:
                _sort_columns(sheet, columns, questions)
            else:
                pools.append((first, columns.stop - 1))
        first = columns.stop
    return sheet, pools


def _blocks(sheet: Sheet) -> Iterator[slice]:
    """Lines in blocks, because what arranging them needs is larger than the sheet."""
    return (slice(start, start + BLOCK) for start in range(0, len(sheet.totals), BLOCK))


def _parts(versions: Matrix, key: Key) -> Matrix:
    """Parts of the blueprint; one after the last for what is absent."""
    return np.where(versions == ABSENT, key.parts.max(initial=0) + 1, key.parts[versions])


def _by_part(sheet: Sheet, key: Key, sizes: Matrix) -> Sheet:
    """A new sheet in which each part has its own columns; within a part the order of the paper stays."""
    width, starts = int(sizes.sum()), np.append(np.cumsum(sizes) - sizes, sizes.sum())
    shape = (len(sheet.totals), width)
    made = {name: np.full(shape, ABSENT, dtype=getattr(sheet, name).dtype) for name in ("versions", "marks", "variants")}
    if not sheet.variants.size:
        made["variants"] = sheet.variants
    for lines in _blocks(sheet):
        parts = _parts(sheet.versions[lines], key)
        order = np.argsort(parts, axis=1, kind="stable")
        parts = np.take_along_axis(parts, order, axis=1)
        places = np.tile(np.arange(parts.shape[1]), (len(parts), 1))
        is_first = np.ones(parts.shape, dtype=bool)
        is_first[:, 1:] = parts[:, 1:] != parts[:, :-1]
        target = starts[parts] + places - np.maximum.accumulate(np.where(is_first, places, 0), axis=1)
        spare = max(width, int(target.max()) + 1)  # what is absent goes to columns that are cut off again
        for name, matrix in made.items():
            if matrix.size:
                wide = np.full((len(parts), spare), ABSENT, dtype=matrix.dtype)
                np.put_along_axis(wide, target, np.take_along_axis(getattr(sheet, name)[lines], order, axis=1), axis=1)
                matrix[lines] = wide[:, :width]
    return replace(sheet, **made)


def _sort_columns(sheet: Sheet, columns: slice, questions: Matrix) -> None:
    """Give each question of these columns one of them, in place."""
    for lines in _blocks(sheet):
        order = np.argsort(questions[lines], axis=1)
        for matrix in (sheet.versions, sheet.marks, sheet.variants):
            if matrix.size:
                matrix[lines, columns] = np.take_along_axis(matrix[lines, columns], order, axis=1)


def _questions(versions: Matrix, key: Key) -> Matrix:
    return np.where(versions == ABSENT, ABSENT, key.questions[versions])


def analyse(sheet: Sheet, key: Key) -> tuple[WholeFigures, list[Row]]:
    """Figures of the whole quiz and of each row, in the order of the paper; no rows for an empty sheet."""
    if not sheet.versions.size:
        return whole_figures(sheet.totals, []), []
    sheet, pools = ordered(sheet, key)
    width = sheet.versions.shape[1]
    pooled = {place: pool for pool in pools for place in range(pool[0], pool[1] + 1)}
    spreads: list[Spread] = []
    maxima: list[tuple[int, int]] = []
    for place in range(width):
        lines = sheet.versions[:, place] != ABSENT
        marks = sheet.marks[lines, place].astype(np.int64)
        spreads.append(spread_of(marks, sheet.totals[lines] - marks))
        maxima.append((int(key.maxima[sheet.versions[lines, place]].sum()), len(marks)))
    means = [total / count for total, count in maxima]
    weights = effective_weights(spreads)
    rows: list[Row] = []
    for place in range(width):
        share = 100 * means[place] / sum(means) if sum(means) else None
        lines = sheet.versions[:, place] != ABSENT
        question = None if place in pooled else int(key.questions[sheet.versions[lines, place][0]])
        figures = item_figures(spreads[place], maxima[place][0], weights[place])
        is_larger = place in pooled and pooled[place][0] != pooled[place][1]
        rows.append(Row("slot", place + 1, place + 1, question, None, means[place], share, figures, is_larger))
        if question is not None:
            rows += _by_variant(sheet, key, [(place, np.flatnonzero(lines))], place, place, question, is_own=True)
        elif pooled[place][1] == place:
            rows += _by_question(sheet, key, *pooled[place])
    return whole_figures(sheet.totals, spreads), rows


def _by_question(sheet: Sheet, key: Key, first: int, last: int) -> Iterator[Row]:
    """A row for each question of a pool. What it is compared with is the total, its own mark included."""
    found: dict[int, list[tuple[int, NDArray[np.int32]]]] = {}
    for place in range(first, last + 1):
        questions = _questions(sheet.versions[:, place], key)
        lines = np.argsort(questions, kind="stable").astype(np.int32)
        codes, starts = np.unique(questions[lines], return_index=True)
        for code, part in zip(codes, np.split(lines, starts[1:]), strict=True):
            if code != ABSENT:
                found.setdefault(int(code), []).append((place, part))
    for question, cells in sorted(found.items()):
        yield _row("question", sheet, key, cells, first, last, question, None, is_own=False)
        yield from _by_variant(sheet, key, cells, first, last, question, is_own=False)


def _by_variant(
    sheet: Sheet, key: Key, cells: Sequence[tuple[int, Matrix]], first: int, last: int, question: int, is_own: bool
) -> Iterator[Row]:
    """A row for each variant of the data of a question; none where it has no variants."""
    if not sheet.variants.size:
        return
    variants = np.unique(np.concatenate([sheet.variants[lines, place] for place, lines in cells]))
    for variant in variants[variants != ABSENT]:
        chosen = [(place, lines[sheet.variants[lines, place] == variant]) for place, lines in cells]
        yield _row("variant", sheet, key, chosen, first, last, question, int(variant), is_own)


def _row(
    kind: str, sheet: Sheet, key: Key, cells: Sequence[tuple[int, Matrix]], first: int, last: int, question: int,
    variant: int | None, is_own: bool,
) -> Row:  # fmt: skip
    marks = np.concatenate([sheet.marks[lines, place] for place, lines in cells]).astype(np.int64)
    totals = np.concatenate([sheet.totals[lines] for _, lines in cells])
    maximum = sum(int(key.maxima[sheet.versions[lines, place]].sum()) for place, lines in cells)
    spread = spread_of(marks, totals - marks if is_own else totals)
    return Row(kind, first + 1, last + 1, question, variant, maximum / len(marks), None, item_figures(spread, maximum))
