"""Moodle XML: questions with pictures as Moodle exports and imports them; see docs.moodle.org, "Moodle XML format"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.moodle_xml.reading import read_draft
from elearn.questions.formats.moodle_xml.source import NotReadable, Source
from elearn.questions.formats.moodle_xml.tree import Element, questions
from elearn.questions.formats.moodle_xml.writing import WRITES, write_category, write_question
from elearn.questions.rules.exchange import Draft, Problem, Reading
from elearn.questions.rules.files import check_size, finished, glimpse
from elearn.questions.rules.moodle import category_from, category_path, name_from
from elearn.questions.rules.remainder import remainder, restored
from elearn.questions.rules.texts import words_of

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
_TAIL = "</quiz>\n"


class MoodleXml:
    key = "moodle_xml"
    name = "Moodle XML"
    suffixes = (".xml",)
    mimetype = "application/xml"
    writes = WRITES
    examples = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n<question type="category"><category><text>$course$/top/Sums</text></category>'
        b'</question>\n<question type="multichoice"><name><text>Four</text></name><questiontext format="html"><text><![CDATA[<p>Two plus two? '
        b'<img src="@@PLUGINFILE@@/two.png" alt="2"></p>]]></text><file name="two.png" path="/" encoding="base64">AAEC</file></questiontext>'
        b"<defaultgrade>2.0000000</defaultgrade><penalty>0.5</penalty><single>true</single><shuffleanswers>true</shuffleanswers>"
        b'<answernumbering>ABCD</answernumbering><answer fraction="100" format="html"><text>four</text><feedback format="html"><text>Yes</text>'
        b'</feedback></answer><answer fraction="0" format="html"><text>five</text></answer><tags><tag><text>sums</text></tag></tags>'
        b"</question>\n</quiz>\n",
        b'<quiz><question type="cloze"><name><text>Gaps</text></name><questiontext format="html"><text>Two plus two is {2:MULTICHOICE:=four'
        b"#Yes~five}, in letters {1:SA:=four~%50%fore}, in figures {:NM:=4:0.1}.</text></questiontext></question></quiz>",
        b'<quiz><question type="numerical"><name><text>Pi</text></name><questiontext format="markdown"><text>*Pi*?</text></questiontext>'
        b'<answer fraction="100"><text>3.14</text><tolerance>0.01</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>m'
        b"</unit_name></unit></units></question></quiz>",
    )

    def looks_like(self, name: str, data: bytes) -> int:
        text = glimpse(data)
        if re.search(r"<quiz[\s>]", text):
            return 95
        return 30 if name.casefold().endswith(".xml") and text.lstrip().startswith("<") else 0

    def read(self, data: bytes) -> Reading:
        check_size(data)
        reading = Reading()
        category = ""
        for element in questions(data):
            if element.attributes.get("type") == "category":
                category = category_from(element.value("category"))
                continue
            draft = self._read(element, reading)
            if draft is not None:
                draft.category = draft.category or category
                reading.drafts.append(draft)
        return finished(reading)

    def _read(self, element: Element, reading: Reading) -> Draft | None:
        draft, problems = _parsed(element)
        index = len(reading.drafts)
        rest = element.value("elearn")
        whole = restored(draft, rest) if draft is not None and rest else None
        if whole is not None:
            # Written by ourselves, and unchanged since: what a reader without the remainder would have to ask is settled.
            return whole
        is_refused = draft is None or any(problem.severity == "error" for problem in problems)
        reading.problems += [replace(problem, question=None if is_refused else index) for problem in problems]
        if is_refused:
            return None
        if rest:
            message = "Câu hỏi đã được sửa sau khi xuất; những phần Moodle không ghi được (mức độ, nguồn, thang chấm) bị bỏ."
            reading.doubt(element.line, message, question=index)
        return draft

    def write(self, drafts: Sequence[Draft]) -> bytes:
        parts = [_HEAD]
        category = ""
        for place, draft in enumerate(drafts, start=1):
            if draft.type not in self.writes:
                message = "Moodle XML không ghi được loại câu hỏi của câu %(place)s «%(name)s»."
                raise InvalidInput("type_not_written", message, place=place, name=draft.name, type=draft.type)
            if draft.category != category:
                category = draft.category
                parts.append(write_category(category_path(category)))
            parts.append(_written(draft, place))
        return "\n".join([*parts, _TAIL]).encode()


def _parsed(element: Element) -> tuple[Draft | None, list[Problem]]:
    """The draft of an element, None where it cannot be taken, and the doubts."""
    source = Source(element)
    try:
        return read_draft(source), source.problems
    except NotReadable as fault:
        return None, [Problem(fault.line or element.line, "error", fault.message, fault.values), *source.problems]


def _written(draft: Draft, place: int) -> str:
    """The element of a draft, with the remainder that makes reading it give the draft again."""
    try:
        bare = write_question(draft)
        element = next(questions(f"<quiz>{bare}</quiz>".encode()))
        found, problems = _parsed(element)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise _not_expressible(draft, place, "") from error
    if found is None:
        raise _not_expressible(draft, place, problems[0].said())
    found.category = category_from(category_path(draft.category))
    rest = remainder(draft, found, is_needed=any(problem.severity == "error" for problem in problems))
    return write_question(draft, rest) if rest else bare


def _not_expressible(draft: Draft, place: int, reason: str) -> InvalidInput:
    message = "Không viết được câu %(place)s «%(name)s» sang Moodle XML. %(reason)s"
    return InvalidInput("not_expressible", message, place=place, name=draft.name or name_from(words_of(draft.text)), reason=reason)


FORMAT = MoodleXml()
