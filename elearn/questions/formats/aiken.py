"""Aiken: a question on one line, its options lettered below, "ANSWER: B"; see docs.moodle.org, "Aiken format"."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.choices import LABELS, share
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.files import finished, glimpse, text_of
from elearn.questions.rules.moodle import WHITE, name_from, without_tags
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

_OPTION = re.compile(r"[A-Z][).][ \t]?")
_ANSWER = re.compile(r"ANSWER:")
_NOT_WRITTEN = re.compile("[\0\ud800-\udfff]")
_SHORTEST = 2  # bytes; Moodle passes over shorter lines


@dataclass
class _Open:
    """A question whose answer has not come yet."""

    line: int
    text: str
    options: list[str] = field(default_factory=list)


def _as_html(words: str) -> Rich:
    """Plain words as HTML that shows them."""
    return rich(html.escape(words, quote=False), "html") if words else ""


def _line_of(text: Rich) -> str:
    """A text as plain words on one line."""
    words = words_of(text)
    if format_of(text) in ("html", "moodle"):
        words = html.unescape(without_tags(words))
    words = _NOT_WRITTEN.sub("", words)
    return " ".join(words.split()) if "\n" in words or "\r" in words else words.strip(WHITE)


class Aiken:
    key = "aiken"
    name = "Aiken"
    suffixes = (".txt", ".aiken")
    mimetype = "text/plain"
    writes = frozenset({"single_choice"})
    examples = (
        b"Two plus two?\nA) four\nB) five\nANSWER: A\n\nWhich is a tag: <br> & what else?\nA. <br>\nB. &\nC.neither\nANSWER: C\n",
        b"One more?\r\nA) yes\r\nB) no\r\nANSWER: B",
    )

    def looks_like(self, name: str, data: bytes) -> int:
        text = glimpse(data)
        if "\0" in text:
            return 0
        if re.search(r"^[ \t]*ANSWER:[ \t]*[A-Z][ \t\r]*$", text, re.MULTILINE) and re.search(r"^[ \t]*A[).]", text, re.MULTILINE):
            return 80
        return 40 if name.casefold().endswith(".aiken") else 0

    def read(self, data: bytes) -> Reading:
        reading = Reading()
        current: _Open | None = None
        for number, raw in enumerate(text_of(data).split("\n"), start=1):
            line = raw.strip(WHITE)
            if len(line.encode()) < _SHORTEST:
                continue
            if label := _OPTION.match(line):
                if current is None:
                    reading.doubt(number, "Phương án này không thuộc câu hỏi nào.", "error")
                else:
                    current.options.append(line[label.end() :].strip(WHITE))
            elif _ANSWER.match(line):
                self._close(current, line.partition(":")[2].strip(WHITE), number, reading)
                current = None
            else:
                if current is not None:
                    self._abandon(current, number, reading)
                current = _Open(number, line)
        if current is not None:
            reading.doubt(current.line, "Câu hỏi chưa có dòng ANSWER.", "error")
        return finished(reading)

    def _abandon(self, current: _Open, line: int, reading: Reading) -> None:
        message = "Câu hỏi bắt đầu ở dòng %(begin)s chưa có dòng ANSWER thì đã sang câu khác. Câu hỏi phải viết trên một dòng."
        reading.doubt(line, message, "error", begin=current.line)

    def _close(self, current: _Open | None, key: str, line: int, reading: Reading) -> None:
        if current is None:
            reading.doubt(line, "Dòng ANSWER này không thuộc câu hỏi nào.", "error")
            return
        if len(current.options) < 2:
            reading.doubt(line, "Câu hỏi bắt đầu ở dòng %(begin)s phải có ít nhất hai phương án.", "error", begin=current.line)
            return
        place = LABELS.find(key[:1].upper()) if key else -1
        if not 0 <= place < len(current.options):
            message = "Đáp án «%(key)s» của câu hỏi bắt đầu ở dòng %(begin)s không có trong các phương án."
            reading.doubt(line, message, "error", key=key, begin=current.line)
            return
        options: list[dict[str, Any]] = [{"text": _as_html(words)} for words in current.options]
        options[place]["right"] = True
        reading.drafts.append(
            Draft("single_choice", _as_html(current.text), {"options": options}, name=name_from(current.text), line=current.line)
        )

    def write(self, drafts: Sequence[Draft]) -> bytes:
        return "\n".join(self._written(draft, place) for place, draft in enumerate(drafts, start=1)).encode()

    def _written(self, draft: Draft, place: int) -> str:
        title = draft.name or name_from(words_of(draft.text))
        if draft.type not in self.writes:
            message = "Aiken chỉ ghi được câu một đáp án đúng; câu %(place)s «%(name)s» thuộc loại khác."
            raise InvalidInput("type_not_written", message, place=place, name=title, type=draft.type)
        options = draft.body.get("options", [])
        right = [index for index, found in enumerate(options) if share(found) == 1]
        text = _line_of(draft.text)
        if len(right) != 1 or not 2 <= len(options) <= len(LABELS):
            message = "Aiken cần từ 2 đến 26 phương án với đúng một phương án đúng; câu %(place)s «%(name)s» không như vậy."
            raise InvalidInput("not_expressible", message, place=place, name=title)
        if len(text.encode()) < _SHORTEST or _OPTION.match(text) or _ANSWER.match(text):
            message = "Aiken không ghi được câu %(place)s «%(name)s»: lời dẫn trống, quá ngắn, hoặc bắt đầu như một phương án."
            raise InvalidInput("not_expressible", message, place=place, name=title)
        lines = [f"{LABELS[index]}) {_line_of(found['text'])}" for index, found in enumerate(options)]
        return "\n".join([text, *lines, f"ANSWER: {LABELS[right[0]]}", ""])


FORMAT = Aiken()
