"""Types of question, one file each.

A module offers `TYPE`, an object of the shape of `QuestionType` below. Its functions are pure: a body (what the question says and its key),
an order (what was mixed or drawn for one attempt) and a response go in. Texts inside a body are `rules.texts.Rich`; shares of a mark are
decimal strings such as "0.5" (`rules.choices.share`). All keys but those without "?" may be missing.

Bodies:
- single_choice, multiple_choice: {"options": [{"text", "right"?: true, "fraction"?: "0.5", "feedback"?, "last"?: true}, …], "shuffle"?: true,
  "numbering"?: "abc"|"ABC"|"123"|"none", "feedback"?: {"right"?, "partial"?, "wrong"?}}; `fraction` wins over `right`.
  multiple_choice also "credit"?: "all_or_nothing" (default) | "weights" | "right_minus_wrong" (floored at 0).
- true_false: {"answer": bool, "feedback"?: {"true"?, "false"?}}
- short_answer: {"answers": [{"text": "frog*", "fraction"?: "1", "feedback"?}, …], "case"?: false, "accents"?: true}; first match counts;
  `*` stands for anything, `\\*` for an asterisk.
- numeric: {"answers": [{"value": "3.14" or "*", "tolerance"?: "0", "tolerance_kind"?: "absolute"|"relative", "fraction"?: "1", "feedback"?}],
  "units"?: [{"unit": "m", "multiplier": "1"}], "unit_policy"?: "none"|"optional"|"required", "unit_penalty"?: "0.1", "unit_before"?: false}
- matching: {"pairs": [{"left": Rich, "right": str}, …], "extra"?: [str, …], "shuffle"?: true}; equal marks a pair; equal right texts are one choice.
- ordering: {"items": [Rich, …] in the right order, "credit"?: "all_or_nothing" | "absolute" (default) | "pairwise"}
- gap_fill: {"gaps": {"1": {"kind": "text"|"choice"|"number", "weight"?: "1", "display"?: "select"|"radio"|"radio_row"|"check"…, …body of short_answer, single_choice or numeric}, …}};
  the stem holds `{#1}` where gap 1 stands.
- calculated: {"answers": [{"formula": "{a}+{b}", "tolerance"?: "0.01", "tolerance_kind"?: "relative", "fraction"?, "feedback"?}],
  "variants": [{"a": "7.6", "b": "2.3"}, …], "decimals"?: 2, "units"?…}; the stem holds `{a}`, and `{=a*2}` for a worked-out value.
- essay: {"lines"?: 15, "word_limit"?: 800, "attachments"?: 0–3, "rubric"?: [{"name", "points": "4", "guide"?}], "guide"?: Rich, "template"?: Rich,
  "examiners"?: 1|2, "difference"?: "1"} (in marks: a third examiner where two are further apart)
- description: {}

Orders: list of canonical positions for choices and ordering; {"left": [...], "right": [...]} for matching; {"1": [...]} by choice gap for
gap_fill; {"variant": 3} for calculated; [] where nothing is mixed.

Responses: "B" · ["A", "C"] · "A"/"B" for right/wrong · "frog" · "3,14 m" · matching: list with a label or null for each left row as shown ·
ordering: labels in the order chosen · gap_fill {"1": "A", "2": "frog"} · calculated as numeric · essay {"text": str, "files": [name, …]} ·
description: always null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from elearn.questions.rules.choices import Body, Example, Mixing
from elearn.questions.rules.texts import Html, Rich


@dataclass(frozen=True)
class Line:
    """A line of a result: an option, a pair, a gap or the answer itself. `is_right` None where it is neither right nor wrong.

    `response` is what stood there in the taker's words ("" where options show it by `is_chosen`), `right` what should have, "" likewise.
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


class QuestionType(Protocol):
    """The shape described above."""

    key: str
    name: str
    instruction: str
    """One line above the controls; a Vietnamese source message, as is `name`."""
    is_marked: bool
    """False: there is nothing to answer, it has no mark (description)."""
    needs_marker: bool
    """True: a person marks it; `mark` returns None for what was answered."""
    examples: tuple[Example, ...]

    def check(self, body: Body, text: Rich = "") -> list[str]:
        """Faults of a body (and of the stem where gaps or wildcards stand in it), Vietnamese source messages; none where it is sound."""

    def arrange(self, body: Body, mixing: Mixing) -> Any:
        """The order for one attempt, JSON; decided wholly by `mixing`."""

    def stem(self, text: Rich, body: Body, order: Any) -> Rich:
        """The stem of this attempt: as it is, or with the values of a variant put in. Gaps stay as `{#1}`."""

    def controls(self, body: Body, order: Any, html: Html) -> dict[str, Any]:
        """What the page draws to take the response: {"kind": …} and its texts, JSON, without a word about the key. Kinds:

        "radio" | "checkbox" {"options": [html], "numbering"?} · "text" {"size"} · "number" {"units": [str]} ·
        "match" {"rows": [html], "choices": [str]} · "sort" {"items": [html]} ·
        "gaps" {"gaps": {"1": {"kind": "text"|"number"|"select"|"radio"|"checkbox", "options"?: [html or str], "size"?}}} ·
        "essay" {"lines", "word_limit", "attachments", "template"} · "none" {}
        """

    def read(self, body: Body, order: Any, response: object) -> Any:
        """The response in its one form; None where nothing was answered. Raises InvalidInput("bad_response") for a malformed one."""

    def mark(self, body: Body, order: Any, response: object) -> Fraction | None:
        """Share of the full mark, at most 1, below 0 where weights say so; None where a person has to mark it."""

    def right(self, body: Body, order: Any) -> Any:
        """A response that earns the full mark; None where there is none. Never sent before its time."""

    def review(self, body: Body, order: Any, response: object, html: Html) -> list[Line]:
        """The result line by line, with the key: what of it may be seen is decided outside."""

    def words(self, body: Body, order: Any, response: object) -> str:
        """The response in words, for lists, logs and Excel: "A. Ma Cao"; "" where there is none."""

    def classes(self, body: Body, order: Any, response: object) -> list[Part]:
        """The response for the analysis, one Part for each part of the question."""

    def model(self, body: Body, order: Any = None) -> list[Part]:
        """Every class that the key knows, `actual` empty: rows of the analysis, chosen or not."""

    def texts(self, body: Body) -> list[str]:
        """All words that a reader of the body sees, as plain text: for search, duplicates and linting."""
