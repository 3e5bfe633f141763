"""Drafts in the shape in which Moodle stores questions, so that both can be compared."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from elearn.questions.rules.texts import format_of, words_of
from tests.conftest import cannot_run

PEER = Path(__file__).parents[4] / "shared" / "peer"
NUMBERS_OF_FORMATS = {"moodle": "0", "html": "1", "plain": "2", "markdown": "4"}
QTYPES = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numeric": "numerical",
    "matching": "match",
    "essay": "essay",
    "description": "description",
    "gap_fill": "multianswer",
}


def peer(*parts):
    """Bytes of a file of the peer; skips where it is absent."""
    path = PEER.joinpath(*parts)
    if not path.exists():
        cannot_run("peer data", f"{path.name} is not beside the project")
    return path.read_bytes()


def expected(name):
    return json.loads(peer("moodle-formats", f"expected-{name}.json"))


def share_of(option):
    return float(Fraction(option["fraction"])) if "fraction" in option else float(bool(option.get("right")))


def answer_share(answer):
    return float(Fraction(answer.get("fraction", "1")))


def answers_of(draft):
    body = draft.body
    if "options" in body:
        return [
            {"text": words_of(option["text"]), "fraction": share_of(option), "feedback": words_of(option.get("feedback"))}
            for option in body["options"]
        ]
    if draft.type == "true_false":
        feedback = body.get("feedback", {})
        return [
            {"text": text, "fraction": float(body["answer"] is verdict), "feedback": words_of(feedback.get(text.lower()))}
            for text, verdict in (("True", True), ("False", False))
        ]
    if draft.type == "short_answer":
        return [
            {"text": answer["text"], "fraction": answer_share(answer), "feedback": words_of(answer.get("feedback"))}
            for answer in body["answers"]
        ]
    return [
        {
            "text": answer["value"],
            "fraction": answer_share(answer),
            "feedback": words_of(answer.get("feedback")),
            "tolerance": "" if answer["value"] == "*" else answer.get("tolerance", "0"),
        }
        for answer in body["answers"]
    ]


def penalty(draft):
    return float(draft.extra.get("penalty", "1" if draft.type == "true_false" else "0.3333333"))


def stored(draft):
    """The draft as Moodle's tables would hold it."""
    shape = {
        "name": draft.name,
        "qtype": QTYPES[draft.type],
        "questiontext": words_of(draft.text),
        "defaultmark": float(draft.default_mark),
        "penalty": penalty(draft),
        "generalfeedback": words_of(draft.explanation),
    }
    if draft.type == "matching":
        extra = [{"q": "", "a": choice} for choice in draft.body.get("extra", [])]
        pairs = [{"q": words_of(pair["left"]), "a": pair["right"]} for pair in draft.body["pairs"]]
        return shape | {"subquestions": pairs + extra, "shuffleanswers": "1" if draft.body.get("shuffle", True) else "0"}
    if draft.type not in ("essay", "description", "gap_fill"):
        shape["answers"] = answers_of(draft)
    if "options" in draft.body:
        shape |= {
            "single": "1" if draft.type == "single_choice" else "0",
            "shuffleanswers": "1" if draft.body.get("shuffle", True) else "0",
            "answernumbering": draft.extra.get("answernumbering", draft.body.get("numbering", "abc")),
        }
    return shape


def rich_shape(text, form):
    """A text as the importer hands it on; `form` is the format that an empty one has."""
    return {"text": words_of(text), "format": NUMBERS_OF_FORMATS[format_of(text) if text else form], "files": []}


def handed_on(draft, wanted):
    """The draft as Moodle's GIFT importer hands it to the store; `wanted` only says which settings of the site it was read with."""
    form = format_of(draft.text) if draft.text else "moodle"
    shape = stored(draft)
    shape["questiontextformat"] = NUMBERS_OF_FORMATS[form]
    shape["generalfeedbackformat"] = NUMBERS_OF_FORMATS[format_of(draft.explanation) if draft.explanation else form]
    shape["length"] = 0 if draft.type == "description" else 1
    if draft.tags:
        shape["tags"] = draft.tags
    if draft.code:
        shape["idnumber"] = draft.code
    combined = {f"{which}feedback": rich_shape("", form) for which in ("correct", "partiallycorrect", "incorrect")}
    answers = shape.pop("answers", [])
    if draft.type in ("single_choice", "multiple_choice"):
        options = draft.body["options"]
        shape |= combined | {
            "single": int(shape["single"]),
            # The file does not tell; Moodle takes the numbering of the site.
            "answernumbering": draft.body.get("numbering", wanted["answernumbering"]),
            "answer": [rich_shape(option["text"], form) for option in options],
            "fraction": [answer["fraction"] for answer in answers],
            "feedback": [rich_shape(option.get("feedback", ""), form) for option in options],
        }
    elif draft.type in ("short_answer", "numeric"):
        shape |= {
            "answer": [answer["text"] for answer in answers],
            "fraction": [answer["fraction"] for answer in answers],
            "feedback": [rich_shape(answer.get("feedback", ""), form) for answer in draft.body["answers"]],
        }
        if draft.type == "numeric":
            shape["tolerance"] = [answer["tolerance"] and float(answer["tolerance"]) for answer in answers]
    elif draft.type == "matching":
        pairs = [(pair["left"], pair["right"]) for pair in draft.body["pairs"]] + [
            ("", choice) for choice in draft.body.get("extra", [])
        ]
        shape |= combined | {
            "subquestions": [rich_shape(left, form) for left, _ in pairs],
            "subanswers": [right for _, right in pairs],
        }
    elif draft.type == "true_false":
        feedback = draft.body.get("feedback", {})
        shape |= {
            "correctanswer": int(draft.body["answer"]),
            "feedbacktrue": rich_shape(feedback.get("true", ""), form),
            "feedbackfalse": rich_shape(feedback.get("false", ""), form),
        }
    elif draft.type == "essay":
        shape |= {
            "responseformat": draft.extra.get("responseformat", "editor"),
            "responsefieldlines": draft.body.get("lines", 15),
            "attachments": draft.body.get("attachments", 0),
            "graderinfo": rich_shape(draft.body.get("guide", ""), "html"),
        }
    return shape


def same(ours, theirs):
    """Both alike: numbers, also those in strings, to a relative 1e-9; line ends of Windows are as good as others."""
    if isinstance(theirs, dict):
        assert isinstance(ours, dict)
        assert set(theirs) <= set(ours), set(theirs) - set(ours)
        for key, value in theirs.items():
            same(ours[key], value)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            same(mine, other)
    elif isinstance(theirs, str) and isinstance(ours, str):
        if ours != theirs.replace("\r\n", "\n"):
            assert float(ours) == pytest.approx(float(theirs), rel=1e-9)
    else:
        assert ours == pytest.approx(theirs, rel=1e-9)
