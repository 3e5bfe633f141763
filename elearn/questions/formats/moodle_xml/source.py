"""A <question> of Moodle XML on its way to a draft: its texts with their pictures, weights, and what is kept beside the body."""

from __future__ import annotations

import base64
import binascii
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from elearn.questions.formats.moodle_xml.tree import Element
from elearn.questions.rules.exchange import Problem, Severity
from elearn.questions.rules.moodle import digits, nearest_weight, number, percent, weight
from elearn.questions.rules.texts import Rich, rich

PICTURE = "@@PLUGINFILE@@/"
FORM_OF = {"moodle_auto_format": "moodle", "html": "html", "plain_text": "plain", "markdown": "markdown", "wiki_like": "markdown"}
KEPT: dict[str, dict[str, str]] = {
    "": {"hidden": "0"},
    "multichoice": {"showstandardinstruction": "1"},
    "essay": {
        "responseformat": "editor",
        "responserequired": "1",
        "attachmentsrequired": "0",
        "minwordlimit": "",
        "maxbytes": "0",
        "filetypeslist": "",
    },
    "ordering": {"layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0", "showgrading": "1", "numberingstyle": "none"},
    "calculated": {"synchronize": "0"},
}
"""What our bodies have no place for, with the value that goes without saying; the rest is kept in `Draft.extra`."""
NUMBERINGS = {"abc": "abc", "ABCD": "ABC", "123": "123", "iii": "iii", "IIII": "IIII", "none": "none"}
PENALTY = {"truefalse": "1"}
USUAL_PENALTY = "0.3333333"
TOLERANCES = {"1": "relative", "2": "absolute", "3": "geometric"}
CREDITS = {"ALL_OR_NOTHING": "all_or_nothing", "-1": "all_or_nothing", "ABSOLUTE_POSITION": "absolute", "0": "absolute"}
FEEDBACK = {"right": "correctfeedback", "partial": "partiallycorrectfeedback", "wrong": "incorrectfeedback"}
_SPACE = re.compile(r"\s+")
_FALSE = ("", "0", "false")


class NotReadable(Exception):
    """This question cannot be taken: why, and at which line."""

    def __init__(self, message: str, line: int = 0, **values: object) -> None:
        super().__init__(message)
        self.message, self.line, self.values = message, line, values


class Source:
    """A question element on its way to a draft: what was found beside the body."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.kind = element.attributes.get("type", "")
        self.problems: list[Problem] = []
        self.files: dict[str, bytes] = {}
        self.extra: dict[str, Any] = {}
        self.default_mark = Decimal(1)
        self.text = self.rich("questiontext", "html")
        said = element.first("questiontext")
        self.form = FORM_OF.get(said.attributes.get("format", "html").strip(), "html") if said else "html"

    def doubt(self, message: str, line: int, part: str = "options", severity: Severity = "warning", **values: object) -> None:
        self.problems.append(Problem(line, severity, message, values, None, part))

    def rich(self, name: str, form: str | None = None) -> Rich:
        """The text of a child; "" where it is missing or empty."""
        child = self.element.first(name)
        return "" if child is None else self.rich_of(child, form)

    def rich_of(self, element: Element, form: str | None = None) -> Rich:
        """The text of an element, its pictures taken."""
        named = element.attributes.get("format", "").strip()
        form = FORM_OF.get(named, "html") if named else form or self.form
        text = element.first("text")
        words = text.words if text else ""
        for file in element.all("file"):
            words = self.take(file, words)
        return rich(words, form) if words else ""

    def take(self, file: Element, words: str) -> str:
        """Put an attached file into `files`; the words, changed where its name was taken by another picture."""
        name = file.attributes.get("path", "").strip("/ ")
        name = (f"{name}/" if name else "") + file.attributes.get("name", "").strip()
        parts = name.split("/")
        if not all(part.strip(". ") for part in parts) or re.search(r"[\\\x00-\x1f]", name) or len(name) > 250:
            self.doubt("Tên tệp đính kèm «%(name)s» không hợp lệ, tệp này bị bỏ.", file.line, "text", name=name[:80])
            return words
        try:
            content = base64.b64decode(_SPACE.sub("", "".join(file.parts)), validate=True)
        except (binascii.Error, ValueError):
            self.doubt("Nội dung của tệp đính kèm «%(name)s» bị hỏng, tệp này bị bỏ.", file.line, "text", name=name)
            return words
        key = quote(name) if PICTURE + quote(name) in words else name
        free, number_of = key, 2
        while self.files.get(free, content) != content:
            stem, dot, ending = key.rpartition(".")
            free = f"{stem}-{number_of}{dot}{ending}" if dot else f"{key}-{number_of}"
            number_of += 1
        self.files[free] = content
        return words if free == key else words.replace(PICTURE + key, PICTURE + free)

    def feedback(self) -> dict[str, Rich]:
        """Combined feedback, without what is empty."""
        found = {key: self.rich(name) for key, name in FEEDBACK.items()}
        if self.element.first("shownumcorrect") is not None:
            self.extra["shownumcorrect"] = True
        return {key: text for key, text in found.items() if text}

    def is_true(self, name: str, otherwise: str) -> bool:
        return self.element.value(name, otherwise) not in _FALSE

    def keep(self, kind: str) -> None:
        """Put into `extra` what goes with saying."""
        for name, usual in KEPT[kind].items():
            value = self.element.value(name, usual)
            if value != usual:
                self.extra[name] = value

    def share(self, element: Element) -> Decimal:
        """The weight of an answer as a share of 1, as Moodle's list has it."""
        old = element.value("fraction")
        text = element.attributes.get("fraction", "0")
        given = number(old) if old else number(text)
        if given is None:
            self.doubt("Tỉ lệ điểm «%(text)s» không phải là một số, được coi là 0.", element.line, "key", text=text[:20])
            return Decimal(0)
        given = given if old else given / 100
        known = weight(given)
        if known is None:
            self.doubt(
                "Moodle không nhận tỉ lệ %(given)s%%. Tỉ lệ gần nhất được nhận là %(near)s%%.",
                element.line,
                severity="error",
                given=digits(given * 100),
                near=percent(Fraction(nearest_weight(given))),
            )
        return given if known is None else known
