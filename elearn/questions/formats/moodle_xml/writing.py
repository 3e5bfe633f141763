"""One draft as a <question> of Moodle XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

from elearn.questions.formats.moodle_xml.source import (
    FEEDBACK,
    FORM_OF,
    KEPT,
    NUMBERINGS,
    PENALTY,
    PICTURE,
    TOLERANCES,
    USUAL_PENALTY,
)
from elearn.questions.rules.choices import share
from elearn.questions.rules.cloze import write_cloze
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.moodle import accepted, digits, number, percent, weighed
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

_ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEEDS_CDATA = re.compile(r"[<>&]")
_NAME_OF_FORM = {form: name for name, form in FORM_OF.items() if name != "wiki_like"}
_NUMBERING_OF = {ours: theirs for theirs, ours in NUMBERINGS.items()}
_GRADING = {"all_or_nothing": "ALL_OR_NOTHING", "absolute": "ABSOLUTE_POSITION", "pairwise": "RELATIVE_NEXT_EXCLUDE_LAST"}
_TYPE_OF_TOLERANCE = {ours: theirs for theirs, ours in TOLERANCES.items()}


def legal(words: str) -> str:
    """Words without the signs that XML cannot hold."""
    return _ILLEGAL.sub("", words)


def text(words: str) -> str:
    """A <text> element."""
    clean = legal(words)
    if _NEEDS_CDATA.search(clean):
        clean = f"<![CDATA[{clean.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return f"<text>{clean}</text>"


def tag(name: str, value: str) -> str:
    """A plain element."""
    return f"    <{name}>{escape(legal(value))}</{name}>"


class Sheet:
    """The lines of one question as they are written."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.lines: list[str] = []
        self.form = format_of(draft.text) if words_of(draft.text) else "html"

    def add(self, *lines: str) -> None:
        self.lines += lines

    def values(self, **values: str) -> None:
        for name, value in values.items():
            self.add(tag(name, value))

    def kept(self, kind: str) -> None:
        """What was kept in `extra` for Moodle, or the usual values."""
        for name, usual in KEPT[kind].items():
            self.add(tag(name, str(self.draft.extra.get(name, usual))))

    def rich(self, name: str, said: Rich, pictures: Sequence[str] = (), inside: str = "", attributes: str = "") -> None:
        """An element with a text in its format and the pictures that the text shows; `pictures` come besides."""
        words = words_of(said)
        form = format_of(said) if words else self.form
        shown = [key for key in self.draft.files if key in pictures or PICTURE + key in words]
        self.add(f'    <{name}{attributes} format="{_NAME_OF_FORM[form]}">', f"      {text(words)}", *map(self._file, shown))
        self.add(*([inside] if inside else []), f"    </{name}>")

    def _file(self, key: str) -> str:
        name = unquote(key) if self._is_shown(key) and quote(unquote(key)) == key else key
        folder, _, last = name.rpartition("/")
        path = f"/{folder}/" if folder else "/"
        content = base64.b64encode(self.draft.files[key]).decode()
        return f'<file name={quoteattr(legal(last))} path={quoteattr(legal(path))} encoding="base64">{content}</file>'

    def _is_shown(self, key: str) -> bool:
        return any(
            PICTURE + key in words
            for words in _all_words([self.draft.text, self.draft.explanation, self.draft.body, self.draft.extra])
        )

    def answer(self, worth: Fraction, said: Rich, feedback: Rich, inside: str = "") -> None:
        """An <answer> with its weight and feedback."""
        note = Sheet(self.draft)
        note.form = self.form
        note.rich("feedback", feedback)
        within = "\n".join("  " + line if line.startswith(" ") else line for line in note.lines) + (f"\n{inside}" if inside else "")
        self.rich("answer", said, inside=within, attributes=f' fraction="{percent(worth)}"')

    def feedback(self, feedback: Mapping[str, Rich]) -> None:
        for key, name in FEEDBACK.items():
            self.rich(name, feedback.get(key, ""))
        if self.draft.extra.get("shownumcorrect"):
            self.add("    <shownumcorrect/>")


def _all_words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [words for part in inside for words in _all_words(part)]


def write_question(draft: Draft, rest: str = "") -> str:
    """The element of a draft, `rest` in it being what Moodle has no place for."""
    sheet = Sheet(draft)
    kind, writer = _WRITERS[draft.type]
    kind = "calculated" if draft.type == "calculated" and draft.extra.get("qtype") != "calculatedsimple" else kind
    stem = draft.text
    if draft.type == "gap_fill":
        stem = rich(write_cloze(words_of(draft.text), draft.body), format_of(draft.text))
    sheet.add(f'  <question type="{kind}">', "    <name>", f"      {text(draft.name)}", "    </name>")
    body = Sheet(draft)
    body.form = sheet.form
    writer(body, draft.body)
    for hint in draft.extra.get("hints", ()):
        flags = [f"      <{flag}/>" for flag in ("shownumcorrect", "clearwrong") if hint.get(flag)]
        flags += [f"  {tag('options', str(hint['options']))}"] if hint.get("options") else []
        body.rich("hint", hint["text"], inside="\n".join(flags))
    # A picture that no text shows stands with the stem.
    shown = [words for part in (draft.explanation, draft.body, draft.extra) for words in _all_words(part)]
    sheet.rich("questiontext", stem, [key for key in draft.files if not any(PICTURE + key in words for words in shown)])
    sheet.rich("generalfeedback", draft.explanation)
    if draft.type != "gap_fill":
        sheet.values(defaultgrade=digits(draft.default_mark))
    sheet.values(penalty=str(draft.extra.get("penalty", PENALTY.get(kind, USUAL_PENALTY))))
    sheet.kept("")
    sheet.values(idnumber=draft.code)
    sheet.add(*body.lines)
    if draft.tags:
        sheet.add("    <tags>", *(f"      <tag>{text(name)}</tag>" for name in draft.tags), "    </tags>")
    if rest:
        sheet.add(f"    <elearn>{text(rest)}</elearn>")
    return "\n".join([*sheet.lines, "  </question>", ""])


def write_category(path: str) -> str:
    """The element that says to which category the questions after it belong."""
    return f'  <question type="category">\n    <category>\n      {text(path)}\n    </category>\n  </question>\n'


def _choice(sheet: Sheet, body: Mapping[str, Any]) -> None:
    is_single = sheet.draft.type == "single_choice"
    numbering = sheet.draft.extra.get("answernumbering", _NUMBERING_OF.get(body.get("numbering", "abc"), "abc"))
    sheet.values(
        single="true" if is_single else "false",
        shuffleanswers="true" if body.get("shuffle", True) else "false",
        answernumbering=str(numbering),
    )
    sheet.kept("multichoice")
    sheet.feedback(body.get("feedback", {}))
    shares = [share(found) for found in body["options"]] if is_single else weighed(body)
    for found, worth in zip(body["options"], shares, strict=True):
        sheet.answer(worth, found["text"], found.get("feedback", ""))


def _true_false(sheet: Sheet, body: Mapping[str, Any]) -> None:
    feedback: Mapping[str, Rich] = body.get("feedback", {})
    for verdict in ("true", "false"):
        worth = Fraction(bool(body["answer"]) == (verdict == "true"))
        sheet.answer(worth, rich(verdict, "moodle"), feedback.get(verdict, ""))


def _short(sheet: Sheet, body: Mapping[str, Any]) -> None:
    sheet.values(usecase="1" if body.get("case") else "0")
    for found in body["answers"]:
        sheet.answer(accepted(found), rich(str(found["text"]), "plain"), found.get("feedback", ""))


def _numeric(sheet: Sheet, body: Mapping[str, Any]) -> None:
    for found in body["answers"]:
        value, tolerance = str(found["value"]), str(found.get("tolerance", "0"))
        if found.get("tolerance_kind") in ("relative", "geometric"):
            # Moodle's numerical questions know distances only.
            tolerance = digits(abs((number(value) or Decimal(0)) * (number(tolerance) or Decimal(0))))
        inside = f"      <tolerance>{escape(legal(tolerance))}</tolerance>"
        sheet.answer(accepted(found), rich(value, "plain"), found.get("feedback", ""), inside)
    _units(sheet, body)


def _units(sheet: Sheet, body: Mapping[str, Any]) -> None:
    extra, units = sheet.draft.extra, body.get("units", [])
    policy = body.get("unit_policy", "optional") if units else "none"
    if units:
        sheet.add("    <units>")
        for unit in units:
            multiplier, name = (escape(legal(str(value))) for value in (unit.get("multiplier", "1"), unit["unit"]))
            sheet.add(f"      <unit><multiplier>{multiplier}</multiplier><unit_name>{name}</unit_name></unit>")
        sheet.add("    </units>")
    sheet.values(
        unitgradingtype=str(extra.get("unitgradingtype", "1" if policy == "required" else "0")),
        unitpenalty=str(body.get("unit_penalty", "0.1")),
        showunits="3" if policy == "none" else str(extra.get("showunits", "0")),
        unitsleft="1" if body.get("unit_before") else "0",
    )
    if extra.get("instructions"):
        sheet.rich("instructions", extra["instructions"])


def _matching(sheet: Sheet, body: Mapping[str, Any]) -> None:
    sheet.values(shuffleanswers="true" if body.get("shuffle", True) else "false")
    sheet.feedback(sheet.draft.extra.get("feedback", {}))
    for left, right in [
        *((pair["left"], pair["right"]) for pair in body["pairs"]),
        *(("", choice) for choice in body.get("extra", ())),
    ]:
        sheet.rich("subquestion", left, inside=f"      <answer>{text(str(right))}</answer>")


def _essay(sheet: Sheet, body: Mapping[str, Any]) -> None:
    sheet.values(
        responsefieldlines=str(body.get("lines", 15)),
        attachments=str(sheet.draft.extra.get("attachments", body.get("attachments", 0))),
        maxwordlimit=str(body.get("word_limit", "")),
    )
    sheet.kept("essay")
    sheet.rich("graderinfo", body.get("guide", ""))
    sheet.rich("responsetemplate", body.get("template", ""))


def _nothing(sheet: Sheet, body: Mapping[str, Any]) -> None:
    """Gaps stand in the stem; a description has none."""


def _ordering(sheet: Sheet, body: Mapping[str, Any]) -> None:
    sheet.kept("ordering")
    sheet.values(gradingtype=str(sheet.draft.extra.get("gradingtype", _GRADING[body.get("credit", "absolute")])))
    sheet.feedback(sheet.draft.extra.get("feedback", {}))
    for place, item in enumerate(body["items"], start=1):
        # Here alone "fraction" is no share but the place.
        sheet.rich("answer", item, attributes=f' fraction="{place}.0000000"')


def _calculated(sheet: Sheet, body: Mapping[str, Any]) -> None:
    extra, decimals = sheet.draft.extra, body.get("decimals", 2)
    count = len(body["answers"])
    lengths, forms = extra.get("lengths", [str(decimals)] * count), extra.get("formats", ["1"] * count)
    sheet.kept("calculated")
    sheet.feedback(extra.get("feedback", {}))
    for found, length, form in zip(body["answers"], lengths, forms, strict=True):
        kind = _TYPE_OF_TOLERANCE[found.get("tolerance_kind", "relative")]
        values = {
            "tolerance": str(found.get("tolerance", "0")),
            "tolerancetype": kind,
            "correctanswerformat": str(form),
            "correctanswerlength": str(length),
        }
        inside = "\n".join(f"  {tag(name, value)}" for name, value in values.items())
        sheet.answer(accepted(found), rich(str(found["formula"]), "plain"), found.get("feedback", ""), inside)
    _units(sheet, body)
    _datasets(sheet, body)


def _datasets(sheet: Sheet, body: Mapping[str, Any]) -> None:
    variants: Sequence[Mapping[str, Any]] = body["variants"]
    kept = sheet.draft.extra.get("datasets", {})
    sheet.add("    <dataset_definitions>")
    for name in variants[0] if variants else ():
        said = kept.get(name, {})
        sheet.add("      <dataset_definition>", f"        <name>{text(name)}</name>", "        <type>calculated</type>")
        sheet.add(
            *(
                f"        <{part}>{text(str(said[part]))}</{part}>"
                for part in ("status", "distribution", "minimum", "maximum", "decimals")
                if part in said
            )
        )
        sheet.add(f"        <itemcount>{len(variants)}</itemcount>", "        <dataset_items>")
        for place, variant in enumerate(variants, start=1):
            value = escape(legal(str(variant[name])))
            sheet.add(f"          <dataset_item><number>{place}</number><value>{value}</value></dataset_item>")
        sheet.add(
            "        </dataset_items>", f"        <number_of_items>{len(variants)}</number_of_items>", "      </dataset_definition>"
        )
    sheet.add("    </dataset_definitions>")


_WRITERS: dict[str, tuple[str, Callable[[Sheet, Mapping[str, Any]], None]]] = {
    "single_choice": ("multichoice", _choice),
    "multiple_choice": ("multichoice", _choice),
    "true_false": ("truefalse", _true_false),
    "short_answer": ("shortanswer", _short),
    "numeric": ("numerical", _numeric),
    "matching": ("matching", _matching),
    "ordering": ("ordering", _ordering),
    "gap_fill": ("cloze", _nothing),
    "calculated": ("calculatedsimple", _calculated),
    "essay": ("essay", _essay),
    "description": ("description", _nothing),
}
WRITES = frozenset(_WRITERS)
