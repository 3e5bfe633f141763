"""Writes a question in the style in which people type it, so that reading gives the same question again.

What would be read differently as it stands goes into ⟦ … ⟧. Whether that is so is not guessed: the text is read again and compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.texts import Rich, format_of, plain, words_of
from elearn.questions.rules.typed import words
from elearn.questions.rules.typed.source import read_text
from elearn.questions.rules.typed.texts import encode_verbatim

WRITES = frozenset(("single_choice", "multiple_choice", "true_false", "short_answer", "essay"))
_ODD = re.compile(
    r"\s{2}|[\n⟦⟧⏎␣⇥]|^\s|\s$|(?:^|\s)[*✓✔√☑☒→☐(\[]*[A-Za-z]\*?\s*[.)\]/:]|\s-\s|^[^:]{1,45}:|\*$|\(|^\[|^[•+o-]\s|câu\s+\d",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"!\[[^\]]*\]\(@@PLUGINFILE@@/[^)]*\)")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line to write; `is_key` marks the right option, `is_key_line` the line that names it by its letter."""

    text: str
    is_key: bool = False
    kind: str = ""
    """"question", "option", "more" (of either), "topic" or "field"."""
    is_key_line: bool = False


Quote = Callable[[str], bool]


def _never(_text: str) -> bool:
    return False


def _odd(text: str) -> bool:
    return _ODD.search(text) is not None


def _always(text: str) -> bool:
    return bool(text)


class _Writer:
    def __init__(self, draft: Draft, number: int, quotes: Quote, says_type: bool, as_machine: bool) -> None:
        self.draft = draft
        self.lines: list[TypedLine] = []
        self._number = number
        self._quotes = quotes
        self._says_type = says_type
        self._as_machine = as_machine

    def write(self) -> list[TypedLine]:
        draft = self.draft
        self._labelled(f"{words.QUESTION} {self._number}:", draft.text, "question")
        if self._as_machine:
            self._field("type", words.TYPES.get(draft.type, draft.type))
            self._field("body", encode_verbatim(json.dumps(draft.body, ensure_ascii=False)))
        else:
            getattr(self, f"_{draft.type}")(draft.body)
        self._about()
        return self.lines

    def _labelled(self, label: str, text: Rich, kind: str, is_key: bool = False) -> None:
        """A text behind its label, over several lines where it has several paragraphs."""
        said = words_of(text)
        form = format_of(text)
        prefix = "" if form == "markdown" else f"[{form}] "
        parts = [encode_verbatim(said)] if self._quotes(said) else [part for part in said.split("\n") if part] or [""]
        first = f"{label} {prefix}{parts[0]}".rstrip()
        self.lines += [TypedLine(first, is_key, kind), *(TypedLine(part, is_key, "more") for part in parts[1:])]

    def _field(self, field: str, text: object) -> None:
        self.lines.append(TypedLine(f"{words.WRITTEN[field]}: {text}".rstrip(), False, "field"))

    def _value(self, field: str, text: str) -> None:
        self._field(field, encode_verbatim(text) if self._quotes(text) else text)

    def _choices(self, body: Mapping[str, Any]) -> None:
        options = body.get("options", [])
        for place, option in enumerate(options):
            self._labelled(f"{chr(65 + place)}.", option.get("text", ""), "option", bool(option.get("right")))
        right = [chr(65 + place) for place, option in enumerate(options) if option.get("right")]
        if right:
            self.lines.append(TypedLine(f"{words.WRITTEN['key']}: {', '.join(right)}", False, "field", True))
        self._credit(body)
        if "shuffle" in body and (
            body["shuffle"] or not any(words.names_letters(plain(option.get("text", ""))) for option in options)
        ):
            self._field("shuffle", words.YES_NO[bool(body["shuffle"])])
        if "numbering" in body:
            self._field("numbering", words.NOBODY if body["numbering"] == "none" else body["numbering"])
        last = [bool(option.get("last")) for option in options]
        if last != [words.stays_last(plain(option.get("text", ""))) for option in options]:
            self._field("last", ", ".join(chr(65 + place) for place, stays in enumerate(last) if stays) or words.NOBODY)
        self._shares([(chr(65 + place), option) for place, option in enumerate(options)])
        for key, name in words.FEEDBACK_OF.items():
            if key in body.get("feedback", {}):
                self._labelled(f"{words.FEEDBACK} {name}:", body["feedback"][key], "field")

    def _credit(self, body: Mapping[str, Any]) -> None:
        if "credit" in body:
            self._field("credit", words.CREDITS.get(body["credit"], body["credit"]))

    def _shares(self, graded: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        shares = [f"{label}={one['fraction']}" for label, one in graded if "fraction" in one]
        if shares:
            self._field("weights", "; ".join(shares))
        for label, one in graded:
            if "feedback" in one:
                self._labelled(f"{words.FEEDBACK} {label}:", one["feedback"], "field")

    def _single_choice(self, body: Mapping[str, Any]) -> None:
        self._type_if_said()
        self._choices(body)

    _multiple_choice = _single_choice

    def _type_if_said(self) -> None:
        if self._says_type:
            self._field("type", words.TYPES[self.draft.type])

    def _true_false(self, body: Mapping[str, Any]) -> None:
        if isinstance(body.get("answer"), bool):
            self._field("key", words.TRUTH[body["answer"]])
        else:
            self._field("type", words.TYPES["true_false"])
        for answer, name in words.TRUTH.items():
            feedback = body.get("feedback", {})
            if str(answer).lower() in feedback:
                self._labelled(f"{words.FEEDBACK} {name}:", feedback[str(answer).lower()], "field")

    def _short_answer(self, body: Mapping[str, Any]) -> None:
        answers = body.get("answers", [])
        self._type_if_said()
        for place, answer in enumerate(answers):
            self._value("or" if place else "key", str(answer.get("text", "")))
        for field in ("case", "accents"):
            if field in body:
                self._field(field, words.YES_NO[bool(body[field])])
        self._shares([(str(place), answer) for place, answer in enumerate(answers, start=1)])

    def _essay(self, body: Mapping[str, Any]) -> None:
        self._field("type", words.TYPES["essay"])
        for field in ("lines", "word_limit", "attachments", "examiners", "difference"):
            if field in body:
                self._field(field, body[field])
        for criterion in body.get("rubric", []):
            name = str(criterion.get("name", ""))
            parts = [encode_verbatim(name) if self._quotes(name) else name, str(criterion.get("points", ""))]
            if "weight" in criterion:
                parts[1] += f" x {criterion['weight']}"
            if "guide" in criterion:
                guide = words_of(criterion["guide"])
                form = format_of(criterion["guide"])
                parts.append(
                    ("" if form == "markdown" else f"[{form}] ") + (encode_verbatim(guide) if self._quotes(guide) else guide)
                )
            self._field("rubric", " | ".join(parts))
        for field in ("guide", "template"):
            if field in body:
                self._labelled(f"{words.WRITTEN[field]}:", body[field], "field")

    def _about(self) -> None:
        """What is not of the type."""
        draft = self.draft
        if words_of(draft.explanation):
            self._labelled(f"{words.WRITTEN['explanation']}:", draft.explanation, "field")
        for field in ("source", "document", "clause", "code", "name", "category"):
            text = str(getattr(draft, field))
            if text:
                self._value(field, text)
        for field, day in (("as_of", draft.as_of), ("valid_to", draft.valid_to)):
            if day is not None:
                self._field(field, f"{day:%d/%m}/{day.year:04d}")
        if draft.level:
            self._field("level", words.LEVELS.get(draft.level, draft.level))
        if draft.default_mark != 1:
            self._field("mark", _decimal(draft.default_mark))
        for tag in draft.tags:
            self._value("tags", tag)


def _decimal(number: Decimal) -> str:
    text = format(number.normalize(), "f")
    return text.replace(".", ",")


def _same(draft: Draft, again: Draft) -> bool:
    names = (
        "type",
        "text",
        "body",
        "name",
        "explanation",
        "default_mark",
        "code",
        "category",
        "tags",
        "topic",
        "level",
        "source",
        "document",
        "clause",
        "as_of",
        "valid_to",
    )
    return all(getattr(draft, name) == getattr(again, name) for name in names)


def _read_again(lines: Sequence[TypedLine]) -> Reading:
    """What these lines are read as; an empty reading where they are refused."""
    try:
        return read_text("\n".join(line.text for line in lines))
    except InvalidInput:
        return Reading()


def _read_back(draft: Draft, lines: Sequence[TypedLine]) -> set[str] | None:
    """What reading these lines finds doubtful; None where it gives another question."""
    reading = _read_again([*_topic(draft.topic, _always), *lines])
    if len(reading.drafts) != 1 or not _same(draft, reading.drafts[0]):
        return None
    return {problem.message for problem in reading.problems}


def _topic(topic: str, quotes: Quote = _never) -> list[TypedLine]:
    if not topic:
        return []
    return [TypedLine(f"{words.WRITTEN['topic']}: {encode_verbatim(topic) if quotes(topic) else topic}", False, "topic")]


def lines_of(draft: Draft, number: int, with_key: bool = True) -> list[TypedLine]:
    """The lines of a question without its topic; `with_key` False leaves the letters of right options to a list elsewhere."""
    draft = replace(draft, body=_tidied(draft.body))
    plainest = (
        [] if draft.type not in WRITES else [(quotes, says_type, False) for quotes in (_never, _odd) for says_type in (False, True)]
    )
    surest = [(_always, True, draft.type not in WRITES), (_always, True, True)]
    doubts = None
    for manner in [*plainest, *surest]:
        lines = _Writer(draft, number, *manner).write()
        found = _read_back(draft, lines)
        if found and manner not in surest:
            # A doubt that comes of the manner of writing is none of the question's own.
            doubts = doubts or _read_back(draft, _Writer(draft, number, *surest[0]).write()) or set()
            found = None if found - doubts else found
        if found is not None:
            break
    return lines if with_key else [line for line in lines if not line.is_key_line]


def _tidied(body: dict[str, Any]) -> dict[str, Any]:
    """The body without what says nothing: a `right` or `last` that is false."""
    options = body.get("options")
    if not isinstance(options, list):
        return body
    tidy = [
        {key: value for key, value in option.items() if value or key not in ("right", "last")}
        if isinstance(option, dict)
        else option
        for option in options
    ]
    return {**body, "options": tidy}


def as_text(draft: Draft, number: int = 1) -> str:
    """One question as people type it: what a page offers for repair, and what `read_text` reads back."""
    return "\n".join(line.text for line in [*topic_of(draft), *lines_of(draft, number)])


def topic_of(draft: Draft) -> list[TypedLine]:
    """The line above a question that names its topic; none where it has none."""
    for quotes in (_never, _always):
        lines = _topic(draft.topic, quotes)
        reading = _read_again([*lines, TypedLine(f"{words.QUESTION} 1: ?")])
        if len(reading.drafts) == 1 and reading.drafts[0].topic == draft.topic:
            break
    return lines


def typed_file(drafts: Sequence[Draft], with_keys: bool = True) -> list[list[TypedLine]]:
    """All questions, a list of lines each; a topic stands above the first question that has it."""
    found: list[list[TypedLine]] = []
    topic = ""
    for number, draft in enumerate(drafts, start=1):
        lines = []
        if draft.topic != topic:
            lines += topic_of(draft) or [TypedLine(f"{words.WRITTEN['topic']}:", False, "topic")]
            topic = draft.topic
        found.append(lines + lines_of(draft, number, with_keys or draft.type not in ("single_choice", "multiple_choice")))
    return found


def refuse_unknown(drafts: Sequence[Draft]) -> None:
    """Raises InvalidInput where a question is of a type that is not written in this style."""
    for place, draft in enumerate(drafts, start=1):
        if draft.type not in WRITES:
            raise InvalidInput(
                "type_not_written",
                "Câu thứ %(number)s thuộc loại không ghi được ra định dạng này. Hãy chọn định dạng khác, chẳng hạn JSON hoặc Moodle XML.",
                "file",
                number=place,
                line=place,
            )


def pictures_in(text: str) -> list[re.Match[str]]:
    """Where a line of Markdown shows pictures of its question."""
    return list(_PICTURE.finditer(text))
