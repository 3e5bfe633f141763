"""Questions of every type for the laws of file formats."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import UnreadableFile
from elearn.questions.rules.levels import LEVELS

_LETTERS = st.sampled_from(
    [
        *"abcxyz ĐđÐàọỡ0123.,;:'\"“”()*\\_|~`#{}=<>&$%@+-/\t\n",
        "  ",
        "<b>",
        "</b>",
        "<p>",
        "&amp;",
        "![",
        "](",
        "{#1}",
        "]]>",
        "–",
        "😀",
        "\u00a0",
        "\ue000",
    ]
)
words = st.lists(_LETTERS, min_size=1, max_size=12).map("".join)
line = st.lists(st.sampled_from([*"abcĐđàọ012.,:*<>&'\"|=-+@\\/ ", " / "]), min_size=1, max_size=10).map("".join)
rich = st.one_of(
    words,
    st.builds(lambda text, form: {"text": text, "format": form}, words, st.sampled_from(["html", "plain", "moodle"])),
    st.sampled_from(
        [
            "Hà Nội **là** thủ đô",
            "![lá cờ](@@PLUGINFILE@@/co.png) cờ nào?",
            {
                "text": '<p>Bảng</p><table><tr><td colspan="2">1</td></tr></table><img src="@@PLUGINFILE@@/co.png" alt="cờ">',
                "format": "html",
            },
            {"text": "<math><mi>x</mi><mo>=</mo><mn>2</mn></math>", "format": "html"},
        ]
    ),
)
number = st.sampled_from(["0", "1", "-1", "3.14", "0.001", "1000000", "-2.5", "12"])
share = st.sampled_from(["1", "0.5", "0", "-0.25", "0.3333333", "-1"])
shared = {"fraction": share, "feedback": rich}


def some(**optional):
    """A dict with any of these keys."""
    return st.fixed_dictionaries({}, optional=optional)


def also(needed, **optional):
    """A dict with these keys, and any of the optional ones."""
    return st.fixed_dictionaries(needed, optional=optional)


option = also({"text": rich}, right=st.booleans(), last=st.booleans(), **shared)
options = st.lists(option, min_size=1, max_size=5)
choice = {
    "shuffle": st.booleans(),
    "numbering": st.sampled_from(["abc", "ABC", "123", "iii", "none"]),
    "feedback": some(right=rich, partial=rich, wrong=rich),
}
credit = st.sampled_from(["all_or_nothing", "weights", "right_minus_wrong"])
answers = st.lists(also({"text": words}, **shared), min_size=1, max_size=4)
values = st.lists(
    also(
        {"value": number | st.just("*")},
        tolerance=number.filter(lambda text: text[0] != "-"),
        tolerance_kind=st.sampled_from(["absolute", "relative", "geometric"]),
        **shared,
    ),
    min_size=1,
    max_size=3,
)
units = {
    "units": st.lists(st.fixed_dictionaries({"unit": line, "multiplier": number}), max_size=2),
    "unit_policy": st.sampled_from(["none", "optional", "required"]),
    "unit_penalty": st.just("0.1"),
    "unit_before": st.booleans(),
}
gap = st.one_of(
    also(
        {"kind": st.just("text"), "answers": answers},
        weight=st.sampled_from(["1", "2", "0.5"]),
        case=st.booleans(),
        accents=st.booleans(),
    ),
    also(
        {"kind": st.just("choice"), "options": options},
        weight=st.sampled_from(["1", "2"]),
        display=st.sampled_from(["select", "radio", "check"]),
    ),
    also({"kind": st.just("number"), "answers": values}, weight=st.just("3"), **units),
)
BODIES = {
    "single_choice": also({"options": options}, **choice),
    "multiple_choice": also({"options": options}, credit=credit, **choice),
    "true_false": also({"answer": st.booleans()}, feedback=some(true=rich, false=rich)),
    "short_answer": also({"answers": answers}, case=st.booleans(), accents=st.booleans()),
    "numeric": also({"answers": values}, **units),
    "matching": also(
        {"pairs": st.lists(st.fixed_dictionaries({"left": rich, "right": words}), min_size=1, max_size=4)},
        extra=st.lists(words, max_size=2),
        shuffle=st.booleans(),
    ),
    "ordering": also(
        {"items": st.lists(rich, min_size=1, max_size=4)}, credit=st.sampled_from(["all_or_nothing", "absolute", "pairwise"])
    ),
    "gap_fill": st.fixed_dictionaries({"gaps": st.dictionaries(st.sampled_from(["1", "2", "3"]), gap, min_size=1)}),
    "calculated": also(
        {
            "answers": st.lists(also({"formula": st.just("{a}+{b}")}, tolerance=number, **shared), min_size=1, max_size=2),
            "variants": st.lists(st.fixed_dictionaries({"a": number, "b": number}), min_size=1, max_size=3),
        },
        decimals=st.integers(0, 4),
    ),
    "essay": some(
        lines=st.integers(1, 60),
        word_limit=st.integers(1, 2000),
        attachments=st.integers(0, 3),
        rubric=st.lists(also({"name": words, "points": number}, guide=rich), max_size=2),
        guide=rich,
        template=rich,
        examiners=st.sampled_from([1, 2]),
        difference=number,
    ),
    "description": st.just({}),
}


def drafts(*types, files=True):
    """Questions of these types."""
    return st.sampled_from(types).flatmap(
        lambda kind: st.builds(
            Draft,
            type=st.just(kind),
            text=rich,
            body=BODIES[kind],
            name=st.just("") | words,
            explanation=st.just("") | rich,
            default_mark=st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(2), Decimal("1.0000001"), Decimal("0.3333333"), Decimal(0)]),
            code=st.sampled_from(["", "C1", "Câu 1", "question-00001", "imsmanifest", "x.y-z", "=1+1"]),
            category=st.just("") | line,
            tags=st.lists(line, max_size=3),
            topic=st.just("") | line,
            level=st.sampled_from(["", *LEVELS]),
            source=st.just("") | words,
            document=st.just("") | line,
            clause=st.just("") | line,
            files=st.dictionaries(
                st.sampled_from(["co.png", "hình 1.jpg", "Co.PNG", "a&b.svg", "không"]), st.binary(max_size=20), max_size=3
            ) if files else st.just({}),
            extra=st.just({}) | st.just({"penalty": "0.1", "deep": [1, {"x": None}]}),
        )
    )  # fmt: skip


def looked_at(form, data):
    """Drafts and problems of a file, also of one that is refused because not one question can be taken."""
    try:
        reading = form.read(data)
    except UnreadableFile as refusal:
        return [], refusal.problems
    return reading.drafts, reading.problems


def without_lines(found):
    """The drafts, their lines left out: no format keeps them."""
    for draft in found:
        draft.line = 0
    return list(found)
