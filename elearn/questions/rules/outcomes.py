"""What comes of a response: lines of a result and classes of the analysis; and the refusal of what is no response at all."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.choices import Body
from elearn.questions.rules.texts import Html

NO_MATCH = "[NO MATCH]"
NO_RESPONSE = "[NO RESPONSE]"


@dataclass(frozen=True)
class Line:
    """A line of a result: an option, a pair, a gap or the answer itself.

    `html` and `feedback` are sanitised HTML; `label`, `response` and `right` are plain words. For an option `is_right` tells whether it is
    one of the key; for anything else whether the response is right, None where it is partly right or a person marks it. `response` is what
    stood there in the taker's words ("" where options show it by `is_chosen`), `right` what should have, "" likewise. A last line with
    neither label nor html carries in `feedback` what is said of the whole response.
    """

    label: str
    html: str
    is_chosen: bool = False
    is_right: bool | None = None
    response: str = ""
    right: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Part:
    """For the analysis of responses: to which class the response to one part of the question belongs, and what that class earns.

    `part` is "" for a question of one part, `model` the class as the key names it ("[NO MATCH]" and "[NO RESPONSE]" where it does not).
    """

    part: str
    model: str
    actual: str
    fraction: Fraction


class Answering(Protocol):
    """Rules of one answer, whether it is a whole question or one gap of it.

    Responses have been through `read`, so None is the only empty one.
    """

    def faults(self, body: Body) -> list[str]:
        """What is wrong with the body, Vietnamese source messages."""

    def read(self, body: Body, order: Any, response: object) -> Any:
        """The response in its one form, None where it is empty; raises InvalidInput for what is none."""

    def share(self, body: Body, order: Any, response: Any) -> Fraction:
        """Share of the mark."""

    def right(self, body: Body, order: Any) -> Any:
        """A response that earns all of it; None where there is none."""

    def line(self, label: str, body: Body, order: Any, response: Any, html: Html) -> Line:
        """The result on one line."""

    def words(self, body: Body, order: Any, response: Any) -> str:
        """The response in words."""

    def classes(self, part: str, body: Body, order: Any, response: Any) -> list[Part]:
        """Classes of the response."""

    def model(self, part: str, body: Body) -> list[Part]:
        """Classes that the key knows."""

    def texts(self, body: Body) -> list[str]:
        """Words of the body."""


def refused(message: str = "Câu trả lời không hợp lệ. Hãy chọn lại.", **values: object) -> InvalidInput:
    """The error for a response that cannot be one."""
    return InvalidInput("bad_response", message, field="response", **values)


def verdict(share: Fraction, is_empty: bool = False) -> bool | None:
    """Right, wrong, or None for what is between. Nothing is wrong, too."""
    return True if share == 1 else None if share > 0 and not is_empty else False


def read_words(response: object, longest: int, keeps_lines: bool = False) -> str | None:
    """Words as a taker typed them, in NFC and without space at the ends; None where there are none.

    Raises InvalidInput for what is no text, is too long, or holds characters that cannot be kept (NUL, halves of surrogate pairs).
    """
    if response is None:
        return None
    if not isinstance(response, str):
        raise refused()
    if len(response) > longest:
        raise refused("Câu trả lời dài quá %(longest)s ký tự. Hãy rút ngắn lại.", longest=longest)
    words = unicodedata.normalize("NFC", response.replace("\r\n", "\n").replace("\r", "\n"))
    if len(words) > longest:  # some characters have a longer normal form
        raise refused("Câu trả lời dài quá %(longest)s ký tự. Hãy rút ngắn lại.", longest=longest)
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in words):
        raise refused("Câu trả lời có ký tự không lưu được. Hãy gõ lại.")
    words = words.strip() if keeps_lines else " ".join(words.split())
    return words or None
