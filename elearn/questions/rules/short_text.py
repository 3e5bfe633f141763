"""A word or phrase that the taker types, compared with accepted answers in which `*` stands for anything.

Compared are the normal forms: NFC, no space at the ends, runs of spaces as one; capitals and accents count as the body says. The two ways
of placing a tone ("hoà", "hòa") are one and the same word. No pattern ever becomes a regular expression: the pieces between asterisks
are looked for one after the other, which takes time in proportion to the text.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Any

from elearn.lib.vietnamese import fold, normalise
from elearn.questions.rules.choices import Body, answer_share, mappings, share_faults
from elearn.questions.rules.outcomes import NO_MATCH, NO_RESPONSE, Line, Part, read_words, verdict
from elearn.questions.rules.texts import Html

LONGEST = 1000
MOST_ANSWERS = 200

_STARS = re.compile(r"(?<!\\)\*+")
_TONE_ON_FIRST = re.compile("([oO])([\u0300\u0301\u0303\u0309\u0323])([aAeE])|([uU])([\u0300\u0301\u0303\u0309\u0323])([yY])")


def _comparable(text: str, case: bool, accents: bool) -> str:
    """The text as it is compared. Spaces at the ends stay: a piece of a pattern may begin with one."""
    if not accents:
        if not case:
            return f"{' ' if text[:1].isspace() else ''}{fold(text)}{' ' if text[-1:].isspace() and text.strip() else ''}"
        apart = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
        return "".join(char for char in apart if not unicodedata.combining(char))
    apart = unicodedata.normalize("NFD", text if case else unicodedata.normalize("NFC", text).casefold())
    placed = _TONE_ON_FIRST.sub(lambda found: f"{found[1] or found[4]}{found[3] or found[6]}{found[2] or found[5]}", apart)
    return unicodedata.normalize("NFC", placed)


def matches(response: str, pattern: str, case: bool = False, accents: bool = True) -> bool:
    """Whether the response is what the pattern says: `*` stands for any run of characters, also none, `\\*` for an asterisk."""
    text = _comparable(normalise(response), case, accents)
    pieces = [_comparable(piece.replace("\\*", "*"), case, accents) for piece in _STARS.split(normalise(pattern))]
    if len(pieces) == 1:
        return text == pieces[0]
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


class _Text:
    """The rules of one typed answer; the first accepted answer that matches counts."""

    def faults(self, body: Body) -> list[str]:
        answers = mappings(body.get("answers"))
        if not answers:
            return ["Thiếu danh sách câu trả lời được chấp nhận."]
        if len(answers) > MOST_ANSWERS:
            return ["Có quá nhiều câu trả lời được chấp nhận."]
        texts = [answer.get("text") for answer in answers]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            return ["Có câu trả lời để trống."]
        if any(len(str(text)) > LONGEST for text in texts):
            return ["Câu trả lời được chấp nhận dài quá 1.000 ký tự."]
        if len({normalise(str(text)) for text in texts}) < len(texts):
            return ["Có hai câu trả lời giống nhau."]
        found = share_faults(answers)
        if found:
            return found
        if max(map(answer_share, answers)) != 1:
            return ["Phải có một câu trả lời được trọn điểm."]
        return [] if self.right(body, None) else ["Câu trả lời được trọn điểm bị một câu trả lời đứng trước che mất."]

    def read(self, body: Body, order: Any, response: object) -> str | None:
        return read_words(response, LONGEST)

    def found(self, body: Body, response: str | None) -> int | None:
        """Index of the accepted answer that the response is; None where it is none of them."""
        if response is None:
            return None
        case, accents = bool(body.get("case", False)), bool(body.get("accents", True))
        return next((place for place, one in enumerate(body["answers"]) if matches(response, one["text"], case, accents)), None)

    def share(self, body: Body, order: Any, response: str | None) -> Fraction:
        place = self.found(body, response)
        return Fraction(0) if place is None else answer_share(body["answers"][place])

    def right(self, body: Body, order: Any) -> str | None:
        """The first answer of full mark that no earlier one takes away; an asterisk stands for nothing, or for a dash where it must."""
        for answer in body["answers"]:
            if answer_share(answer) == 1:
                pieces = [piece.replace("\\*", "*") for piece in _STARS.split(answer["text"])]
                for filling in ("", "–"):
                    text = normalise(filling.join(pieces))
                    if text and self.share(body, order, text) == 1:
                        return text
        return None

    def line(self, label: str, body: Body, order: Any, response: str | None, html: Html) -> Line:
        place = self.found(body, response)
        feedback = body["answers"][place].get("feedback") if place is not None else None
        return Line(
            label,
            "",
            is_right=verdict(self.share(body, order, response)),
            response=response or "",
            right=self.right(body, order) or "",
            feedback=html(feedback) if feedback else "",
        )

    def words(self, body: Body, order: Any, response: str | None) -> str:
        return response or ""

    def classes(self, part: str, body: Body, order: Any, response: str | None) -> list[Part]:
        place = self.found(body, response)
        if place is None:
            return [Part(part, NO_RESPONSE if response is None else NO_MATCH, response or "", Fraction(0))]
        answer = body["answers"][place]
        return [Part(part, answer["text"], response or "", answer_share(answer))]

    def model(self, part: str, body: Body) -> list[Part]:
        return [Part(part, answer["text"], "", answer_share(answer)) for answer in body["answers"]]

    def texts(self, body: Body) -> list[str]:
        return [answer["text"] for answer in body["answers"]]


TEXT = _Text()
