"""Questions as rows of a table. A row is read back while it is written: what its cells do not say goes into the last column."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.lib.grid import Cell, SheetGrid
from elearn.questions.rules.choices import LABELS, share
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.keeping import kept_beside
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.question_tables.reading import read_tables
from elearn.questions.rules.question_tables.words import FALSE, HEADINGS, OPTION, TRUE, TYPES
from elearn.questions.rules.texts import Rich, words_of

WRITES = frozenset(TYPES)
_BEFORE = ("code", "text")
_AFTER = ("key", "explanation", "type", "level", "topic", "source", "document", "clause", "mark", "tags", "category", "name")
_NOTHING = "–"
"""In the place of a text without words: a row without text is no question."""
_FEWEST_OPTIONS = 4
# Signs that do not survive a spreadsheet.
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """Headings, and rows of words; `fields` names the columns ("A" for an option), the last one is "extra" where one is needed."""

    fields: list[str]
    headings: list[str]
    rows: list[list[str]]


def headings_of(fields: Sequence[str]) -> list[str]:
    """The headings of these columns."""
    return [HEADINGS.get(name, f"{OPTION} {name}") for name in fields]


def table_of(drafts: Sequence[Draft]) -> Table:
    """The table of these questions; raises InvalidInput for a type that no table holds."""
    for draft in drafts:
        if draft.type not in WRITES:
            raise InvalidInput("unknown_type", "Không ghi được loại câu hỏi “%(type)s” vào tệp này.", "type", type=draft.type)
    most = max((len(draft.body.get("options", [])) for draft in drafts), default=0)
    letters = list(LABELS[: max(_FEWEST_OPTIONS, most)])
    fields = [*_BEFORE, *letters, *_AFTER]
    rows = [_row(draft, fields) for draft in drafts]
    extra = [_extra(draft, found) for draft, found in zip(drafts, _read_back(fields, rows, len(drafts)), strict=True)]
    if any(extra):
        fields.append("extra")
        rows = [[*row, words] for row, words in zip(rows, extra, strict=True)]
    return Table(fields, headings_of(fields), rows)


def fit(words: str) -> str:
    """The words as a cell of any file gives them back."""
    return _UNFIT.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _row(draft: Draft, fields: Sequence[str]) -> list[str]:
    options = draft.body.get("options", []) if draft.type in ("single_choice", "multiple_choice") else []
    known: dict[str, str] = {
        "code": draft.code,
        "text": words_of(draft.text) if fit(words_of(draft.text)).strip() else _NOTHING,
        "key": _key(draft, options),
        "explanation": words_of(draft.explanation),
        "type": TYPES[draft.type],
        "level": LEVELS.get(draft.level, ""),
        "topic": draft.topic,
        "source": draft.source,
        "document": draft.document,
        "clause": draft.clause,
        "mark": f"{draft.default_mark:f}",
        "tags": "; ".join(draft.tags),
        "category": draft.category,
        "name": draft.name,
    }
    texts: list[Rich] = [option.get("text", "") for option in options]
    known |= {letter: words_of(text) for letter, text in zip(LABELS, texts, strict=False)}
    return [fit(known.get(name, "")) for name in fields]


def _key(draft: Draft, options: Sequence[dict[str, Any]]) -> str:
    body = draft.body
    if draft.type == "true_false":
        return TRUE if body.get("answer") else FALSE
    if draft.type == "short_answer":
        return "|".join(str(answer.get("text", "")).replace("|", "\\|") for answer in body.get("answers", []))
    if draft.type == "numeric":
        return " | ".join(_number(answer) for answer in body.get("answers", []))
    return ", ".join(letter for letter, option in zip(LABELS, options, strict=False) if share(option) > 0)


def _number(answer: dict[str, Any]) -> str:
    value, tolerance = str(answer.get("value", "")), str(answer.get("tolerance", "0"))
    if tolerance.strip("0.") == "" or answer.get("tolerance_kind") == "relative":
        return value
    return f"{value} ± {tolerance}"


def _read_back(fields: Sequence[str], rows: Sequence[Sequence[str]], count: int) -> list[Draft | None]:
    """What a reader makes of each row by itself."""
    if not rows:
        return []
    cells: list[list[Cell]] = [list(headings_of(fields)), *map(_cells, rows)]
    found: dict[int, Draft] = {draft.line: draft for draft in read_tables([SheetGrid("", cells)]).drafts}
    return [found.get(index + 2) for index in range(count)]


def _cells(row: Sequence[str]) -> list[Cell]:
    return list(row)


def _extra(draft: Draft, found: Draft | None) -> str:
    """What the cells do not say, in JSON; "" where they say all."""
    if found is None:
        raise InvalidInput("not_expressible", "Không ghi được câu “%(name)s” vào bảng.", "text", name=draft.code or draft.name)
    kept = kept_beside(draft, found)
    return json.dumps(kept) if kept else ""
