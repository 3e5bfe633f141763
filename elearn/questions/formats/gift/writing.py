"""One draft as a question of a GIFT file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.gift.reading import CATEGORY, REST, NotReadable, Question, blocks, marks_of
from elearn.questions.rules.choices import share
from elearn.questions.rules.exchange import Draft, Problem
from elearn.questions.rules.moodle import WHITE, accepted, category_from, category_path, digits, name_from, number, percent, weighed
from elearn.questions.rules.remainder import remainder
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

_NOT_WRITTEN = re.compile("[\ufdd0-\ufdd7\0\r\ud800-\udfff]")
_TO_ESCAPE = re.compile(r"[\\#=~{}:]")


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", _NOT_WRITTEN.sub("", text)).replace("\n", "\\n")


def _said(text: Rich, form: str) -> str:
    words, own = words_of(text), format_of(text)
    if not words:
        return ""
    return (f"[{own}]" if own != form or words.lstrip(WHITE).startswith("[") else "") + _escape(words)


def _note(text: Rich, form: str) -> str:
    said = _said(text, form)
    return f"#{said}" if said else ""


def _worth(worth: Fraction, sign: str, usual: int, text: str) -> str:
    """The sign of an answer with its weight, where it is not the usual one or the text would look like one."""
    return sign if worth == usual and not text.startswith("%") else f"{sign}%{percent(worth)}%"


def _single(body: Mapping[str, Any], form: str) -> str:
    lines = []
    for found in body["options"]:
        worth, text = share(found), _said(found["text"], form)
        lines.append(("=" if worth == 1 else _worth(worth, "~", 0, text)) + text + _note(found.get("feedback", ""), form))
    return _lines(lines)


def _multiple(body: Mapping[str, Any], form: str) -> str:
    lines = []
    for found, worth in zip(body["options"], weighed(body), strict=True):
        text = _said(found["text"], form)
        lines.append(_worth(worth, "~", 0, text) + text + _note(found.get("feedback", ""), form))
    return _lines(lines)


def _short(body: Mapping[str, Any], form: str) -> str:
    lines = []
    for found in body["answers"]:
        text = _said(rich(str(found["text"]), form), form)
        note = found.get("feedback", "")
        # An arrow would make it a matching question.
        said = text.replace("->", "- >") + _without_arrow(_note(note, form), note)
        lines.append(_worth(accepted(found), "=", 1, text) + said)
    return _lines(lines)


def _numeric(body: Mapping[str, Any], form: str) -> str:
    lines = []
    wrong: list[str] = []
    for found in body["answers"]:
        value, note = str(found["value"]), _note(found.get("feedback", ""), form)
        if value == "*" and accepted(found) == 0 and not wrong:
            wrong.append("~" + (note or "#"))
            continue
        tolerance = number(str(found.get("tolerance", "0"))) or Decimal(0)
        exact = number(value) or Decimal(0)
        # What is relative is written as the distance that it comes to.
        distance = (
            digits(abs(exact) * tolerance)
            if found.get("tolerance_kind") in ("relative", "geometric")
            else str(found.get("tolerance", "0"))
        )
        lines.append(_worth(accepted(found), "=", 1, value) + value + (f":{distance}" if tolerance else "") + note)
    return "#" + _lines(lines + wrong)


def _matching(body: Mapping[str, Any], form: str) -> str:
    lines = [f"={_left(pair['left'], form)} -> {_escape(str(pair['right']))}" for pair in body["pairs"]]
    return _lines(lines + [f"= -> {_escape(str(choice))}" for choice in body.get("extra", ())])


def _left(text: Rich, form: str) -> str:
    """An arrow inside would end the left side."""
    return _without_arrow(_said(text, form), text)


def _without_arrow(said: str, text: Rich) -> str:
    return said.replace("->", "- >" if format_of(text) == "plain" else "-&gt;")


def _true_false(body: Mapping[str, Any], form: str) -> str:
    feedback: Mapping[str, Rich] = body.get("feedback", {})
    is_true = bool(body["answer"])
    wrong, right = (_said(feedback.get(key, ""), form) for key in (("false", "true") if is_true else ("true", "false")))
    return ("TRUE" if is_true else "FALSE") + (f"#{wrong}" if wrong or right else "") + (f"#{right}" if right else "")


def _lines(lines: list[str]) -> str:
    return "\n\t" + "\n\t".join(lines) + "\n"


_WRITERS: dict[str, Callable[[Mapping[str, Any], str], str] | None] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "short_answer": _short,
    "numeric": _numeric,
    "matching": _matching,
    "essay": lambda body, form: "",
    "description": None,
}


def _bare(draft: Draft) -> str:
    """The question itself, on lines without an empty one between them."""
    form = format_of(draft.text) if words_of(draft.text) else "moodle"
    text = _said(draft.text, "moodle")
    is_named = bool(draft.name) or text.startswith(("//", CATEGORY))
    head = f"::{_escape(draft.name)}::" if is_named else ""
    writer = _WRITERS[draft.type]
    if writer is None:
        return head + text
    general = _said(draft.explanation, form)
    return f"{head}{text}{{{writer(draft.body, form)}{'####' + general if general else ''}}}"


def _comments(draft: Draft) -> str:
    """Number and tags as Moodle writes them; without those that it could not read."""
    marks = [f"[id:{_bracketed(draft.code)}]"] if draft.code else []
    marks += [f"[tag:{_bracketed(tag)}]" for tag in draft.tags]
    return "// " + " ".join(marks) + "\n" if marks else ""


def _bracketed(text: str) -> str:
    return re.sub(r"[<>`\x00-\x1f\x7f]", "", _NOT_WRITTEN.sub("", text)).replace("]", "\\]")


def write_category(category: str) -> str:
    """The line that says to which category the questions after it belong."""
    path = _NOT_WRITTEN.sub("", category_path(category)).replace("\\", "\\\\").replace("\n", " ")
    return f"{CATEGORY} {path}\n"


def write_question(draft: Draft, place: int) -> str:
    """The lines of a draft, with the remainder that makes reading them give the draft again.

    Raises InvalidInput, naming the question by its `place` in the file, where GIFT has no way to say it.
    """
    try:
        written = _comments(draft) + _bare(draft)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise _not_expressible(draft, place, "") from error
    found, problems = _read_back(written)
    if found is None:
        raise _not_expressible(draft, place, problems[0].said() if problems else "")
    found.category = category_from(category_path(draft.category))
    # A weight that Moodle does not know is refused in a file of others, but not beside our own remainder.
    rest = remainder(draft, found, is_needed=any(problem.severity == "error" for problem in problems))
    # Moodle would take such brackets in a comment for marks of its own.
    rest = rest.replace("[id:", "\\u005bid:").replace("[tag:", "\\u005btag:")
    return (f"{REST}{rest}\n" if rest else "") + written


def _read_back(written: str) -> tuple[Draft | None, list[Problem]]:
    """How a reader who knows nothing of the remainder would take what was written; None where it is not one question."""
    found = list(blocks(written))
    if len(found) != 1:
        return None, []
    question = Question(found[0])
    try:
        draft = question.read()
    except NotReadable as fault:
        return None, [Problem(1, "error", fault.message, fault.values)]
    draft.code, draft.tags, _ = marks_of(found[0].comments)
    return draft, question.problems


def _not_expressible(draft: Draft, place: int, reason: str) -> InvalidInput:
    message = "Không viết được câu %(place)s «%(name)s» sang GIFT. %(reason)s"
    return InvalidInput("not_expressible", message, place=place, name=draft.name or name_from(words_of(draft.text)), reason=reason)


WRITES = frozenset(_WRITERS)
