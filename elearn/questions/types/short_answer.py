"""A word or phrase that the taker types; accepted answers may hold `*` for anything."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example
from elearn.questions.rules.short_text import TEXT
from elearn.questions.rules.texts import Html
from elearn.questions.types import QuestionType, WholeAnswer

_BODY: Body = {
    "answers": [{"text": "Frog"}, {"text": "toad*", "fraction": "0.8"}, {"text": "*", "fraction": "0", "feedback": "No."}]
}
_EXACT: Body = {"answers": [{"text": "f(x) = 2\\*x"}], "case": True}
_LOOSE: Body = {"answers": [{"text": "Nguyen Ai Quoc"}], "accents": False}


class ShortAnswer(WholeAnswer):
    key = "short_answer"
    name = "Trả lời ngắn"
    instruction = "Gõ câu trả lời."
    answering = TEXT
    examples: tuple[Example, ...] = (
        Example(_BODY, [], "  frog ", Fraction(1), "right, capitals and spaces aside"),
        Example(_BODY, [], "toad   in the hole", Fraction(4, 5), "partly right by a wildcard"),
        Example(_BODY, [], "fro\u0302g", Fraction(0), "wrong where accents count"),
        Example(_LOOSE, [], "Nguye\u0302\u0303n A\u0301i Quo\u0302\u0301c", Fraction(1), "right where accents do not count"),
        Example(_EXACT, [], "f(x) = 2*x", Fraction(1), "an asterisk that is meant"),
        Example(_EXACT, [], "F(x) = 2*x", Fraction(0), "wrong where capitals count"),
        Example(_EXACT, [], "f(x) = 2yx", Fraction(0), "no wildcard"),
        Example(_BODY, [], None, Fraction(0), "empty"),
        Example(_BODY, [], "  \n ", Fraction(0), "only spaces"),
        Example(_BODY, [], "x" * 1001, None, "too long"),
        Example(_BODY, [], "a\x00b", None, "a character that cannot be kept"),
        Example(_BODY, [], ["frog"], None, "malformed"),
    )

    def controls(self, body: Body, order: Any, html: Html) -> dict[str, Any]:
        # One width for all: that of the key would tell how long it is.
        return {"kind": "text", "size": 40}


TYPE: QuestionType = ShortAnswer()
