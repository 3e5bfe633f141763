"""The fields that only files of our own making have: what a draft holds beyond stem, options and key, each on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from elearn.lib.styled import Line
from elearn.lib.vietnamese import fold
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.texts import Rich, words_of
from elearn.questions.rules.typed import words
from elearn.questions.rules.typed.entries import Entry
from elearn.questions.rules.typed.texts import Renderer

_PAIR = re.compile(r"\s*([A-Z]|\d{1,3})\s*=\s*(-?\d{1,6}(?:\.\d{1,12})?)\s*(?:;|$)")
_TEXT_FIELDS = ("code", "name", "category", "document", "clause")
_NUMBER_FIELDS = ("lines", "word_limit", "attachments", "examiners")


def _first(entry: Entry, field: str) -> str | None:
    lines = entry.fields.get(field)
    return None if lines is None else " ".join(line.text for line in lines)


def _named(table: dict[Any, str], text: str) -> Any:
    known = words.bare(text)
    return next((key for key, name in table.items() if fold(name) == known or str(key) == known), None)


def add_ours(entry: Entry, draft: Draft, renderer: Renderer) -> None:
    """Puts those fields into the draft; what cannot be understood is a problem of the entry."""
    for field in _TEXT_FIELDS:
        text = _first(entry, field)
        if text:
            setattr(draft, field, renderer.value(text))
    for line in entry.fields.get("tags", []):
        draft.tags += [renderer.value(part) for part in line.text.split(";") if part.strip()]
    for line in entry.fields.get("files", []):
        renderer.rich([line])
    for field in ("as_of", "valid_to"):
        text = _first(entry, field)
        if text is not None:
            setattr(draft, field, _day(entry, field, text))
    if "body" in entry.fields:
        return
    body = draft.body
    for field, table in (
        ("credit", words.CREDITS),
        ("numbering", {name: name for name in ("abc", "ABC", "123", "iii", "IIII")} | {"none": words.NOBODY}),
    ):
        text = _first(entry, field)
        if text is not None:
            value = text.strip() if text.strip() in table else _named(table, text)
            _set(entry, body, field, value)
    for field in ("shuffle", "case", "accents"):
        text = _first(entry, field)
        if text is not None:
            _set(entry, body, field, _named(words.YES_NO, text))
    for field in _NUMBER_FIELDS:
        text = _first(entry, field)
        if text is not None:
            _set(entry, body, field, int(text) if re.fullmatch(r"\d{1,6}", text.strip()) else None)
    difference = _first(entry, "difference")
    if difference is not None:
        body["difference"] = difference.strip()
    for field in ("guide", "template"):
        if entry.fields.get(field):
            body[field] = renderer.rich(entry.fields[field], keeps_emphasis=True)
    _rubric(entry, body, renderer)
    _last(entry, body)
    _weights(entry, body)
    _feedback(entry, draft, renderer)


def _day(entry: Entry, field: str, text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip())
    if found:
        with suppress(ValueError):
            return date(int(found[3]), int(found[2]), int(found[1]))
    entry.doubt(entry.line, "Không hiểu dòng “%(field)s”.", "warning", field, field=words.WRITTEN[field])
    return None


def _set(entry: Entry, body: dict[str, Any], field: str, value: object) -> None:
    if value is None:
        entry.doubt(
            entry.fields[field][0].number if entry.fields[field] else entry.line,
            "Không hiểu dòng “%(field)s”.",
            "error",
            "options",
            field=words.WRITTEN[field],
        )
    else:
        body[field] = value


def _rubric(entry: Entry, body: dict[str, Any], renderer: Renderer) -> None:
    criteria = []
    for line in entry.fields.get("rubric", []):
        parts = [part.strip() for part in line.text.split("|", 2)]
        if len(parts) < 2 or not parts[0] or not re.fullmatch(r"\d{1,4}(?:\.\d{1,6})?(?: x \d{1,4}(?:\.\d{1,6})?)?", parts[1]):
            entry.doubt(line.number, "Không hiểu dòng “%(field)s”.", "error", "options", field=words.WRITTEN["rubric"])
            continue
        points, _, weight = parts[1].partition(" x ")
        criterion: dict[str, Any] = {"name": renderer.value(parts[0]), "points": points, **({"weight": weight} if weight else {})}
        if len(parts) > 2:
            criterion["guide"] = _rich(renderer, Line.plain(parts[2], line.number))
        criteria.append(criterion)
    if criteria:
        body["rubric"] = criteria


def _rich(renderer: Renderer, line: Line) -> Rich:
    return renderer.rich([line])


def _last(entry: Entry, body: dict[str, Any]) -> None:
    text = _first(entry, "last")
    if text is None or "options" not in body:
        return
    letters = set(re.findall(r"\b[A-Z]\b", text))
    for place, option in enumerate(body["options"]):
        option.pop("last", None)
        if chr(65 + place) in letters:
            option["last"] = True


def _graded(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What can have a share and feedback of its own, by the label under which fields speak of it."""
    found = {chr(65 + place): option for place, option in enumerate(body.get("options", []))}
    return found | {str(place): answer for place, answer in enumerate(body.get("answers", []), start=1)}


def _weights(entry: Entry, body: dict[str, Any]) -> None:
    graded = _graded(body)
    for line in entry.fields.get("weights", []):
        at = 0
        while (pair := _PAIR.match(line.text, at)) is not None and pair[1] in graded:
            graded[pair[1]]["fraction"] = pair[2]
            at = pair.end()
        if line.text[at:].strip(" ;"):
            entry.doubt(line.number, "Không hiểu dòng “%(field)s”.", "error", "options", field=words.WRITTEN["weights"])


def _feedback(entry: Entry, draft: Draft, renderer: Renderer) -> None:
    body = draft.body
    graded = _graded(body)
    of_whole = {fold(name): key for key, name in words.FEEDBACK_OF.items()}
    of_truth = {fold(name): str(answer).lower() for answer, name in words.TRUTH.items()}
    for field, lines in entry.fields.items():
        if not field.startswith("feedback "):
            continue
        about = field.removeprefix("feedback ")
        text = renderer.rich(lines, keeps_emphasis=True)
        if about.upper() in graded:
            graded[about.upper()]["feedback"] = text
        elif about in of_whole and "options" in body:
            body.setdefault("feedback", {})[of_whole[about]] = text
        elif about in of_truth and draft.type == "true_false":
            body.setdefault("feedback", {})[of_truth[about]] = text
        elif words_of(text):
            entry.doubt(_number(lines), "Không rõ dòng “Phản hồi %(about)s” nói về phương án nào.", "error", "options", about=about)


def _number(lines: Sequence[Line]) -> int:
    return lines[0].number if lines else 0
