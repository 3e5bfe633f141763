"""Drafts of every type, drawn by hypothesis, with texts that try to be taken for something else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.texts import rich

NASTY = [
    "{", "}", "~", "=", "#", ":", "\\", "\\n", "\n", "//", "::", "->", "####", "%50%", "[html]", "[tag:x]", "$CATEGORY:", "{#1}", "<b>",
    "</b>", "&amp;", "&lt;", "&", "<", "]]>", "<![CDATA[", " ", "  ", "\t", "\u00a0", "đ", "Đường lối", "ễ", "ế", "A)", "ANSWER: A",
    "TRUE", "T", "1..2", "3,14", "*", "\\*", '"', "'", "a", "b", "1", "😀", "_____", "@@PLUGINFILE@@/x.png", "\r", "\x0b", "\x00", "\ufdd3",
]  # fmt: skip
TAME = ["a", "b", "Đảng", "ễ", "{", "}", "~", "=", "#", ":", "\\", "n", " ", "[", "]", "?", "3", "*", "_", "&", "<", ">", '"', "%"]


def words(parts, fewest=0, most=7):
    return st.lists(st.sampled_from(parts), min_size=fewest, max_size=most).map("".join)


def tame_words(fewest=1):
    """What every format can say: no spaces around, nothing that would begin another thing."""
    return words(TAME, fewest, 6).map(lambda text: "x" + text.strip().replace("->", "-") + "y")


def riches(texts, forms=("markdown", "html", "plain", "moodle")):
    return st.builds(rich, texts, st.sampled_from(forms))


SHARES = st.sampled_from(["1", "0.5", "0.3333333", "0", "-0.5", "-1", "0.25", "0.35", "0.05"])
POSITIVE = st.sampled_from(["1", "0.5", "0.25", "0.35"])
FIGURES = st.sampled_from(["0", "1", "-3", "3.14", "1e3", "0.000", "1822", ".5"])


def optional(**parts):
    return st.fixed_dictionaries({}, optional=parts)


def bodies(kind, texts, forms):
    texts = texts.map(lambda text: text if text.strip() else text + "y")
    said = riches(texts, forms)
    note = said
    plain = texts
    if kind in ("single_choice", "multiple_choice"):
        options = st.lists(
            st.builds(
                lambda text, worth, rest: {"text": text} | worth | rest,
                said,
                st.one_of(st.just({}), st.just({"right": True}), st.fixed_dictionaries({"fraction": SHARES})),
                optional(feedback=note, last=st.just(True)),
            ),
            min_size=2,
            max_size=5,
        )
        rest = optional(
            shuffle=st.booleans(),
            numbering=st.sampled_from(["abc", "ABC", "123", "none"]),
            feedback=optional(right=note, wrong=note),
        )
        if kind == "multiple_choice":
            rest = st.builds(
                lambda one, two: one | two,
                rest,
                optional(credit=st.sampled_from(["all_or_nothing", "weights", "right_minus_wrong"])),
            )
        return st.builds(lambda options, rest: {"options": options} | rest, options, rest)
    if kind == "true_false":
        return st.builds(
            lambda answer, rest: {"answer": answer} | rest, st.booleans(), optional(feedback=optional(true=note, false=note))
        )
    if kind == "short_answer":
        answers = st.lists(
            st.builds(lambda text, rest: {"text": text} | rest, plain, optional(fraction=SHARES, feedback=note)),
            min_size=1,
            max_size=3,
        )
        return st.builds(
            lambda answers, rest: {"answers": answers} | rest, answers, optional(case=st.booleans(), accents=st.booleans())
        )
    if kind == "numeric":
        answers = st.lists(
            st.builds(
                lambda value, rest: {"value": value} | rest,
                st.one_of(FIGURES, st.just("*")),
                optional(
                    tolerance=FIGURES, tolerance_kind=st.sampled_from(["absolute", "relative"]), fraction=SHARES, feedback=note
                ),
            ),
            min_size=1,
            max_size=3,
        )
        units = st.lists(st.builds(lambda unit, by: {"unit": unit, "multiplier": by}, plain, FIGURES), max_size=2)
        rest = optional(
            units=units,
            unit_policy=st.sampled_from(["none", "optional", "required"]),
            unit_penalty=FIGURES,
            unit_before=st.booleans(),
        )
        return st.builds(lambda answers, rest: {"answers": answers} | rest, answers, rest)
    if kind == "matching":
        pairs = st.lists(st.builds(lambda left, right: {"left": left, "right": right}, said, plain), min_size=2, max_size=4)
        return st.builds(
            lambda pairs, rest: {"pairs": pairs} | rest, pairs, optional(extra=st.lists(plain, max_size=2), shuffle=st.booleans())
        )
    if kind == "ordering":
        return st.builds(
            lambda items, rest: {"items": items} | rest,
            st.lists(said, min_size=2, max_size=4),
            optional(credit=st.sampled_from(["all_or_nothing", "absolute", "pairwise"])),
        )
    if kind == "gap_fill":
        texts = texts.map(lambda text: "x" + text)
        choice = st.builds(
            lambda body, rest: {"kind": "choice", "options": [{"text": "right", "right": True}, *body["options"]]} | rest,
            bodies("single_choice", texts, forms),
            optional(display=st.sampled_from(["select", "radio", "radio_row", "check", "check_row"]), shuffle=st.booleans()),
        )
        text = bodies("short_answer", texts, forms).map(
            lambda body: {"kind": "text", "answers": [{"text": "right"}, *body["answers"]]}
        )
        number = bodies("numeric", texts, forms).map(
            lambda body: {"kind": "number"} | body | {"answers": [{"value": "7"}, *body["answers"]]}
        )
        gap = st.builds(
            lambda gap, rest: gap | rest,
            st.one_of(choice, text, number),
            optional(weight=st.sampled_from(["1", "2", "0.5", "1.25"])),
        )
        return st.lists(gap, min_size=1, max_size=3).map(
            lambda gaps: {"gaps": {str(place): gap for place, gap in enumerate(gaps, 1)}}
        )
    if kind == "calculated":
        answer = st.fixed_dictionaries(
            {"formula": st.sampled_from(["{a}+{b}", "{a}*2", "pow({a},{b})"])},
            optional={
                "tolerance": FIGURES,
                "tolerance_kind": st.sampled_from(["relative", "absolute"]),
                "fraction": SHARES,
                "feedback": note,
            },
        )
        variant = st.fixed_dictionaries({"a": FIGURES, "b": FIGURES})
        return st.builds(
            lambda answers, variants, rest: {"answers": answers, "variants": variants} | rest,
            st.lists(answer, min_size=1, max_size=2),
            st.lists(variant, min_size=1, max_size=3),
            optional(decimals=st.integers(0, 4)),
        )
    if kind == "essay":
        return optional(
            lines=st.integers(1, 30),
            word_limit=st.integers(1, 900),
            attachments=st.integers(0, 3),
            guide=note,
            template=note,
            examiners=st.sampled_from([1, 2]),
            rubric=st.lists(st.fixed_dictionaries({"name": plain, "points": POSITIVE}), max_size=2),
        )
    return st.just({})


def stems(kind, texts, forms):
    if kind != "gap_fill":
        return riches(texts, forms)
    return riches(
        st.lists(texts, min_size=4, max_size=4).map(lambda parts: "{#1}".join(parts[:2]) + "{#2} " + "{#3}".join(parts[2:])), forms
    )


@st.composite
def drafts(draw, kind):
    """A draft as anything may bring it, far from what files of Moodle hold."""
    texts = words(NASTY)
    forms = ("markdown", "html", "plain", "moodle")
    text = draw(stems(kind, texts, forms))
    return Draft(
        kind,
        text,
        draw(bodies(kind, texts, forms)),
        name="n" + draw(texts),
        explanation=draw(st.one_of(st.just(""), riches(texts, forms))),
        default_mark=Decimal(draw(st.sampled_from(["1", "0", "2.5", "0.25"]))),
        code=draw(texts),
        category=draw(st.sampled_from(["", "A", "Lịch sử / Chương 1", "a/b / c:d", "x \\ y"])),
        tags=draw(st.lists(texts, max_size=2)),
        topic=draw(st.sampled_from(["", "Đảng ủy"])),
        level=draw(st.sampled_from(["", "hard"])),
        source=draw(texts),
        extra=draw(optional(penalty=st.just("0.1"), own=texts)),
    )


@st.composite
def tame_drafts(draw, kind, forms=("markdown", "html", "plain", "moodle")):
    """A draft of which the file of another system can say everything."""
    return replace(
        draw(_tame(kind, forms)),
        category=draw(st.sampled_from(["", "A", "Lịch sử / Chương 1", "a/b / c"])),
        tags=draw(st.lists(words(["a", "ễ", " b"], 1, 3).map(str.strip), max_size=2)),
        code=draw(st.sampled_from(["", "q-1", "Đ]7"])),
    )


def _tame(kind, forms):
    texts = tame_words()
    said = riches(texts, forms)
    note = optional(feedback=said)
    base = {"text": said, "name": texts.filter(lambda text: "<" not in text), "explanation": st.one_of(st.just(""), said)}

    def draft(body, **rest):
        return st.builds(Draft, type=st.just(kind), body=body, **base | rest)

    if kind == "single_choice":
        wrong = st.builds(
            lambda text, rest, worth: {"text": text} | worth | rest,
            said,
            note,
            st.sampled_from([{}, {"fraction": "0.5"}, {"fraction": "-0.3333333"}]),
        )
        right = st.builds(lambda text, rest: {"text": text, "right": True} | rest, said, note)
        return draft(
            st.builds(
                lambda right, wrong: {"options": [wrong[0], right, *wrong[1:]]}, right, st.lists(wrong, min_size=1, max_size=3)
            )
        )
    if kind == "multiple_choice":
        option = st.builds(
            lambda text, rest, worth: {"text": text} | worth | rest,
            said,
            note,
            st.sampled_from([{}, {"fraction": "1"}, {"fraction": "0.5"}, {"fraction": "-1"}]),
        )
        right = st.builds(lambda text: {"text": text, "fraction": "0.5"}, said)
        return draft(
            st.builds(
                lambda one, more: {"options": [one, *more], "credit": "weights"}, right, st.lists(option, min_size=1, max_size=3)
            )
        )
    if kind == "true_false":
        feedback = st.one_of(
            st.just({}), st.fixed_dictionaries({"feedback": st.fixed_dictionaries({"true": said}, optional={"false": said})})
        )
        return draft(st.builds(lambda answer, rest: {"answer": answer} | rest, st.booleans(), feedback))
    if kind in ("short_answer", "numeric"):
        what = texts.map(lambda text: {"text": text}) if kind == "short_answer" else FIGURES.map(lambda value: {"value": value})
        more = {"fraction": st.sampled_from(["0.5", "0", "0.3333333"]), "feedback": said}
        more |= {"tolerance": st.sampled_from(["0.5", "2"])} if kind == "numeric" else {}
        answers = st.lists(st.builds(lambda what, rest: what | rest, what, optional(**more)), min_size=1, max_size=3)
        return draft(answers.map(lambda answers: {"answers": answers}))
    if kind == "matching":
        pair = st.builds(lambda left, right: {"left": left, "right": right}, said, texts)
        return draft(
            st.builds(
                lambda pairs, rest: {"pairs": pairs} | rest,
                st.lists(pair, min_size=2, max_size=4),
                optional(extra=st.lists(texts, min_size=1, max_size=2)),
            )
        )
    if kind == "description":
        return draft(st.just({}), default_mark=st.just(Decimal(0)), explanation=st.just(""))
    return draft(st.just({}))
