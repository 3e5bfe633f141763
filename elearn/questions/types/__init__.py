"""Types of question, one file each.

A module offers `TYPE`, an object of the shape of `QuestionType` below. Its functions are pure: a body (what the question says and its key),
an order (what was mixed or drawn for one attempt) and a response go in. Texts inside a body are `rules.texts.Rich`; shares of a mark are
decimal strings such as "0.5" (`rules.choices.share`), from −1 to 1. Keys with "?" may be missing. `check` decides whether a body is sound;
the other functions may be given only bodies in which it finds no fault, and orders that `arrange` made.

Bodies:
- single_choice, multiple_choice: {"options": [{"text", "right"?: true, "fraction"?: "0.5", "feedback"?, "last"?: true}, …], "shuffle"?: true,
  "numbering"?: "abc"|"ABC"|"123"|"iii"|"IIII"|"none", "feedback"?: {"right"?, "partial"?, "wrong"?}}; `fraction` wins over `right`. 2 to 26 options.
  single_choice: exactly one `right`, or with fractions the best is 1. multiple_choice also "credit"?: "all_or_nothing" (default; right are
  those that earn something) | "weights" (sum of the fractions ticked, kept within 0 and 1; the positive ones make 1) |
  "right_minus_wrong" (right ticked less wrong ticked, over all right, floored at 0).
- true_false: {"answer": bool, "feedback"?: {"true"?, "false"?}}
- short_answer: {"answers": [{"text": "frog*", "fraction"?: "1", "feedback"?}, …], "case"?: false, "accents"?: true}; first match counts, an
  answer without fraction earns all; `*` stands for anything, `\\*` for an asterisk (`rules.short_text`).
- numeric: {"answers": [{"value": "3.14" or "*", "tolerance"?: "0", "tolerance_kind"?: "absolute"|"relative"|"geometric", "fraction"?: "1",
  "feedback"?}], "units"?: [{"unit": "m", "multiplier"?: "1"}, {"unit": "cm", "multiplier": "100"}] (so many make one base unit, one is 1),
  "unit_policy"?: "none"|"optional" (default where there are units)|"required", "unit_penalty"?: "0.1", "unit_before"?: false}
  (`rules.numeric`; how takers may write numbers: `rules.quantities`)
- matching: {"pairs": [{"left": Rich, "right": str}, …], "extra"?: [str, …], "shuffle"?: true}; equal marks a pair; equal right texts are one choice. The
  choices are known by their places in the alphabet, so that the order of the pairs tells nothing; not shuffled, they stand in it.
- ordering: {"items": [Rich, …] in the right order, "credit"?: "all_or_nothing" | "absolute" (default) | "pairwise"}
- gap_fill: {"gaps": {"1": {"kind": "text"|"choice"|"number", "weight"?: "1", "display"?: "select"|"radio"|"radio_row"|"check"|"check_row", …body of short_answer,
  single_choice (with "check…": multiple_choice, by weights where options have fractions) or numeric}, …}}; the stem holds `{#1}` where gap 1
  stands. The mark is the mean of the gaps, weighted. Choices of a gap are mixed like others: "shuffle": false keeps them.
- calculated: {"answers": [{"formula": "{a}+{b}", "tolerance"?: "0.01", "tolerance_kind"?: "relative", "fraction"?, "feedback"?}],
  "variants": [{"a": "7.6", "b": "2.3"}, …], "decimals"?: 2, "units"?…}; the stem holds `{a}`, and `{=a*2}` or `{={a}*2}` for a worked-out
  value (`rules.formulas`). Values are shown with a decimal comma. `decimals` is for the right answer as shown; a response that is right
  by the exact or by the rounded value is right.
- essay: {"lines"?: 15, "word_limit"?: 800, "attachments"?: 0–3, "rubric"?: [{"name", "points": "4", "weight"?: "1", "guide"?}], "guide"?: Rich, "template"?: Rich,
  "examiners"?: 1–5, "difference"?: "1"} (in marks: one more examiner where they are further apart)
- description: {}

Orders: list of canonical positions for choices and ordering; {"left": [...], "right": [...]} for matching; {"1": [...]} by choice gap for
gap_fill; {"variant": 3} for calculated, a place in the list from 0; [] where nothing is mixed.

Responses: "B" · ["A", "C"] · "A"/"B" for right/wrong · "frog" · "3,14 m" · matching: list with a label or null for each left row as shown ·
ordering: all labels in the order chosen · gap_fill {"1": "A", "2": "frog"} · calculated as numeric · essay {"text": str, "files": [name, …]} ·
description: always null. What was typed is never refused for being wrong: words where a number is asked for are kept and earn nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from elearn.questions.rules.choices import Body, Example, Mixing
from elearn.questions.rules.outcomes import Answering, Line, Part
from elearn.questions.rules.texts import Html, Rich

__all__ = ["Line", "Part", "QuestionType", "WholeAnswer"]


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

        "radio" | "checkbox" {"options": [html], "numbering"?} (checkbox also "credit") · "text" {"size"} · "number" {"units": [str]} ·
        "match" {"rows": [html], "choices": [str]} · "sort" {"items": [html]} ·
        "gaps" {"gaps": {"1": {"kind": "text"|"number"|"select"|"radio"|"checkbox", "options"?: [html, plain words for "select"],
        "size"?, "units"?, "row"?: true}}} ·
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
        """All words that a reader of the body sees, as plain text: for search, duplicates and linting: options, pairs, accepted
        answers; no feedback."""


class WholeAnswer:
    """What types have in common whose whole is one answer, marked by `answering`."""

    is_marked = True
    needs_marker = False
    answering: Answering

    def check(self, body: Body, text: Rich = "") -> list[str]:
        return self.answering.faults(body)

    def arrange(self, body: Body, mixing: Mixing) -> Any:
        return []

    def stem(self, text: Rich, body: Body, order: Any) -> Rich:
        return text

    def read(self, body: Body, order: Any, response: object) -> Any:
        return self.answering.read(body, order, response)

    def mark(self, body: Body, order: Any, response: object) -> Fraction | None:
        return self.answering.share(body, order, self.read(body, order, response))

    def right(self, body: Body, order: Any) -> Any:
        return self.answering.right(body, order)

    def review(self, body: Body, order: Any, response: object, html: Html) -> list[Line]:
        return [self.answering.line("", body, order, self.read(body, order, response), html)]

    def words(self, body: Body, order: Any, response: object) -> str:
        return self.answering.words(body, order, self.read(body, order, response))

    def classes(self, body: Body, order: Any, response: object) -> list[Part]:
        return self.answering.classes("", body, order, self.read(body, order, response))

    def model(self, body: Body, order: Any = None) -> list[Part]:
        return self.answering.model("", body)

    def texts(self, body: Body) -> list[str]:
        return self.answering.texts(body)
