"""GIFT: questions as lines of text with their answers in braces; see docs.moodle.org, "GIFT format"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.gift.reading import CATEGORY, RESERVED, Block, NotReadable, Question, blocks, hide, marks_of, show
from elearn.questions.formats.gift.writing import WRITES, write_category, write_question
from elearn.questions.rules.exchange import Draft, Problem, Reading
from elearn.questions.rules.files import finished, glimpse, text_of
from elearn.questions.rules.moodle import WHITE, category_from
from elearn.questions.rules.remainder import restored

_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~#}]|T\b|F\b|TRUE\b|FALSE\b)")


def _read_block(block: Block, reading: Reading) -> Draft | None:
    question = Question(block)
    try:
        draft = question.read()
    except NotReadable as fault:
        reading.problems.append(Problem(question.line_at(fault.at), "error", fault.message, fault.values))
        return None
    draft.code, draft.tags, rest = marks_of(block.comments)
    index = len(reading.drafts)
    whole = restored(draft, rest) if rest else None
    if whole is not None:
        # Written by ourselves, and unchanged since: what a reader without the remainder would have to ask is settled.
        return whole
    if rest:
        reading.doubt(
            block.begin,
            "Câu hỏi đã được sửa sau khi xuất; những phần GIFT không ghi được (điểm, mức độ, nguồn) bị bỏ.",
            question=index,
        )
    is_refused = any(problem.severity == "error" for problem in question.problems)
    reading.problems += [replace(problem, question=None if is_refused else index) for problem in question.problems]
    return None if is_refused else draft


class Gift:
    key = "gift"
    name = "GIFT"
    suffixes = (".gift", ".gift.txt", ".txt")
    mimetype = "text/plain"
    writes = WRITES
    examples = (
        b"// [id:a1] [tag:history]\n::Title::Two plus two?{\n\t=four#Yes\n\t~three\n\t~%50%nearly four\n}\n",
        b"$CATEGORY: $course$/top/Sums/Easy\n\nTwo plus two is {=four =%50%fore#Spelling}.\n\nPi?{#3.1415:0.0005 =%50%3.1 ~#No}\n",
        b"[html]<b>Match</b>{=a -> 1 =[plain]b -> 2 = -> 3 ####Read \\{\\}}\n\nThe sun rises in the east.{TRUE#No#Yes}\n\nWrite.{}\n\nOnly text\n",
        b"[markdown]Which *two*?{~%50%a\\~ ~%50%b\\: ~%-100%c}\n",
    )

    def looks_like(self, name: str, data: bytes) -> int:
        text = glimpse(data)
        if "\0" in text or text.lstrip().startswith("<"):
            return 0
        if name.casefold().endswith(".gift"):
            return 95
        if re.search(r"^\s*\$CATEGORY:", text, re.MULTILINE):
            return 90
        return 70 if _ANSWERS.search(text) and "}" in text else 0

    def read(self, data: bytes) -> Reading:
        reading = Reading()
        category = ""
        for block in blocks(RESERVED.sub("", text_of(data))):
            first = block.begin - block.line
            if block.lines[first].startswith(CATEGORY):
                category = category_from(show(hide(block.lines[first][len(CATEGORY) :])).strip(WHITE))
                block = Block(block.begin + 1, block.lines[first + 1 :], block.comments)
                if not block.is_empty:
                    reading.doubt(block.line, "Sau dòng $CATEGORY nên có một dòng trống. Phần tiếp theo được đọc là một câu hỏi.")
            if not block.is_empty:
                draft = _read_block(block, reading)
                if draft is not None:
                    draft.category = draft.category or category
                    reading.drafts.append(draft)
        return finished(reading)

    def write(self, drafts: Sequence[Draft]) -> bytes:
        parts = []
        category = ""
        for place, draft in enumerate(drafts, start=1):
            if draft.type not in self.writes:
                message = "GIFT không ghi được loại câu hỏi của câu %(place)s «%(name)s»."
                raise InvalidInput("type_not_written", message, place=place, name=draft.name, type=draft.type)
            if draft.category != category:
                category = draft.category
                parts.append(write_category(category))
            parts.append(write_question(draft, place) + "\n")
        return "\n".join(parts).encode()


FORMAT = Gift()
