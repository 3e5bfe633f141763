"""QTI 2.x and 3.0: what an item says is what the question is, and what cannot be taken along is named."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.qti21 import FORMAT as OLD
from elearn.questions.formats.qti30 import FORMAT as NEW
from elearn.questions.queries import TYPES
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.qti.writing import WRITES
from tests.questions.formats.any_drafts import drafts, looked_at, without_lines

BOTH = pytest.mark.parametrize("form", [OLD, NEW], ids=lambda form: form.key)
HEAD = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i1" title="T" adaptive="false" timeDependent="false">'
RP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
MATCH = f'<responseProcessing template="{RP}match_correct"/>'
MAP = f'<responseProcessing template="{RP}map_response"/>'
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'


def item(*parts):
    return (HEAD + "\n" + "\n".join(parts) + "\n</assessmentItem>").encode()


def response(*right, kind="identifier", cardinality="single", mapping="", name="RESPONSE"):
    values = "".join(f"<value>{value}</value>" for value in right)
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{kind}">{correct}{mapping}</responseDeclaration>'


def mapping(attributes="", **entries):
    return (
        f"<mapping {attributes}>"
        + "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
        + "</mapping>"
    )


def choice(*choices, several=False, shuffle="true", more=""):
    inner = "".join(f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in choices)
    return (
        f'<itemBody>{more}<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{0 if several else 1}">'
        f"<prompt>Which?</prompt>{inner}</choiceInteraction></itemBody>"
    )


ABCD = (("a", "one"), ("b", "two"), ("c", "three"), ("d", "four"))


def only(data, form=OLD):
    found, problems = looked_at(form, data)
    assert len(found) == 1, problems
    return found[0], problems


def package(files, **more):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files | more).items():
            archive.writestr(name, content)
    return target.getvalue()


def manifest(*items, kind="imsqti_item_xmlv2p2", more=""):
    resources = "".join(
        f'<resource identifier="r{index}" type="{kind}" href="{href}"><file href="{href}"/></resource>'
        for index, href in enumerate(items)
    )
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><resources>{resources}{more}</resources></manifest>'


# Round trip -------------------------------------------------------------------------------------------------------------------------------


@BOTH
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(drafts(*WRITES), min_size=1, max_size=3))
def test_it_gives_back_what_it_was_given(form, found):
    reading = form.read(form.write(found))
    assert without_lines(reading.drafts) == without_lines(found)
    assert not [problem for problem in reading.problems if "chương trình khác" in problem.message]


@BOTH
def test_it_writes_the_same_bytes_for_the_same_questions(form):
    found = [Draft("true_false", "2 = 2", {"answer": True})]
    assert form.write(found) == form.write(found)


@BOTH
def test_it_refuses_to_write_what_it_cannot_hold(form):
    with pytest.raises(InvalidInput):
        form.write([Draft("calculated", "{a}", {"answers": [], "variants": []})])


SAID_BY_QTI = [
    Draft(
        "single_choice",
        "Which?",
        {"options": [{"text": "a"}, {"text": "b", "right": True}, {"text": "c", "last": True}]},
        code="s1",
    ),
    Draft(
        "single_choice",
        "Which?",
        {"options": [{"text": "a", "fraction": "0.5"}, {"text": "b", "right": True}, {"text": "c", "fraction": "-0.25"}]},
        code="s2",
    ),
    Draft(
        "single_choice",
        "Which?",
        {
            "options": [{"text": "a", "feedback": "no"}, {"text": "b", "right": True, "feedback": "yes"}, {"text": "c"}],
            "shuffle": False,
            "numbering": "123",
            "feedback": {"right": "good", "wrong": "bad"},
        },
        explanation="Because.",
        default_mark=Decimal(2),
        code="s3",
        name="Name",
    ),
    Draft(
        "multiple_choice",
        "Which?",
        {"options": [{"text": "a", "right": True}, {"text": "b"}, {"text": "c", "right": True}]},
        code="m1",
    ),
    Draft(
        "multiple_choice",
        "Which?",
        {
            "options": [{"text": "a", "fraction": "0.5"}, {"text": "b", "fraction": "-0.25"}, {"text": "c", "fraction": "0.5"}],
            "credit": "weights",
        },
        code="m2",
    ),
    Draft(
        "multiple_choice",
        "Which?",
        {
            "options": [{"text": "a", "right": True}, {"text": "b"}, {"text": "c", "right": True}, {"text": "d", "right": True}],
            "credit": "right_minus_wrong",
            "feedback": {"right": "all", "wrong": "none"},
        },
        code="m3",
        default_mark=Decimal("1.5"),
    ),
    Draft("true_false", "2 = 3", {"answer": False, "feedback": {"true": "Not so.", "false": "Right."}}, code="t1"),
    Draft(
        "short_answer",
        "Who?",
        {"answers": [{"text": "frog"}, {"text": "toad", "fraction": "0.5"}]},
        code="w1",
    ),
    Draft(
        "short_answer",
        "Who?",
        {
            "answers": [
                {"text": "*frog \\*", "feedback": "Yes."},
                {"text": "toad*", "fraction": "0.5"},
                {"text": "*", "fraction": "0", "feedback": "No."},
            ]
        },
        code="w2",
    ),
    Draft("short_answer", "Who?", {"answers": [{"text": "Ba Ba"}], "case": True}, code="w3", default_mark=Decimal(3)),
    Draft(
        "numeric",
        "How many?",
        {
            "answers": [
                {"value": "3.14"},
                {"value": "3.14", "tolerance": "0.1", "fraction": "0.5", "feedback": "Nearly."},
                {"value": "100", "tolerance": "0.02", "tolerance_kind": "relative", "fraction": "0.25"},
                {"value": "*", "fraction": "0", "feedback": "No."},
            ]
        },
        code="n1",
    ),
    Draft(
        "matching",
        "Match.",
        {"pairs": [{"left": "1", "right": "one"}, {"left": "2", "right": "two"}, {"left": "3", "right": "one"}], "extra": ["four"]},
        code="p1",
    ),
    Draft("ordering", "Sort.", {"items": ["c", "a", "b", "d"]}, code="o1"),
    Draft("ordering", "Sort.", {"items": ["c", "a", "b"], "credit": "all_or_nothing"}, code="o2", default_mark=Decimal(2)),
    Draft(
        "gap_fill",
        "One and one are {#1}, a triangle has {#2} sides, pi is {#3}.",
        {
            "gaps": {
                "1": {
                    "kind": "text",
                    "answers": [{"text": "two"}, {"text": "2", "fraction": "0.5"}],
                    "weight": "2",
                },
                "2": {"kind": "choice", "options": [{"text": "two"}, {"text": "three", "right": True}], "weight": "1"},
                "3": {"kind": "number", "answers": [{"value": "3.14", "tolerance": "0.01"}], "weight": "1"},
            }
        },
        code="g1",
    ),
    Draft("essay", "Write.", {"lines": 12, "guide": "Look for three points.", "attachments": 1}, code="e1"),
    Draft("essay", "Write.", {"template": {"text": "I.\n\nII.", "format": "plain"}}, code="e2"),
    Draft("description", {"text": "<h3>Part</h3><p>Read <em>well</em>.</p>", "format": "html"}, {}, explanation="So.", code="d1"),
]


@BOTH
@pytest.mark.parametrize("draft", SAID_BY_QTI, ids=lambda draft: draft.code)
def test_it_says_all_of_this_in_plain_items_that_any_program_reads(form, draft):
    with zipfile.ZipFile(io.BytesIO(form.write([draft]))) as archive:
        assert "exact" not in archive.read("imsmanifest.xml").decode()
        found, problems = only(archive.read(f"{draft.code}.xml"), form)
    found.line = draft.line
    assert found == draft
    assert problems == []


# Items know no units, no words without accents, no several choices within a text, and no credit for pairs in order.
NOT_SAID = ("units", "accents", "pairwise", "check")
WORKED = [
    (kind, example)
    for kind in TYPES
    if kind.key in WRITES
    for example in kind.examples
    if example.mark is not None and not any(word in str(example.body) for word in NOT_SAID)
]


@BOTH
@pytest.mark.parametrize(("kind", "example"), WORKED, ids=lambda value: getattr(value, "key", getattr(value, "why", "")))
def test_it_writes_items_that_mark_as_the_types_do(form, kind, example):
    draft = Draft(kind.key, example.text or "Which?", dict(example.body), code="c1")
    with zipfile.ZipFile(io.BytesIO(form.write([draft]))) as archive:
        found, _ = only(archive.read("c1.xml"), form)
    assert found.type == kind.key
    assert kind.mark(found.body, example.order, example.response) == example.mark


@BOTH
def test_it_keeps_beside_the_item_what_items_cannot_say(form):
    draft = Draft(
        "single_choice",
        "Câu **đậm** ![cờ](@@PLUGINFILE@@/co.png)",
        {"options": [{"text": "a"}, {"text": "b", "right": True}]},
        topic="Lịch sử",
        level="nhan_biet",
        source="Nghị quyết 57",
        tags=["x"],
        files={"co.png": b"\x89PNG"},
    )
    data = form.write([draft])
    found, problems = only(data, form)
    found.line = 0
    assert found == draft
    assert problems == []
    # Another program has changed the words of the item: they count, and the loss is told.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["question-00001.xml"] = files["question-00001.xml"].replace(b"<strong>", b"<em>").replace(b"</strong>", b"</em>")
    changed, problems = only(package(files), form)
    assert "<em>" in changed.text["text"]
    assert changed.files == {"co.png": b"\x89PNG"}
    assert (changed.topic, changed.tags, changed.source) == ("Lịch sử", ["x"], "Nghị quyết 57")
    assert "chương trình khác" in problems[0].said()
    assert "(text)" in problems[0].said()


# Choices ----------------------------------------------------------------------------------------------------------------------------------


def test_it_reads_a_single_choice_with_picture_table_and_formula():
    body = (
        '<itemBody><p>See <img src="images/a%20b.png" alt="a flag"/></p><table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi></m:math><object data="c.svg" type="image/svg+xml">a circle</object>'
        '<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>Which?</prompt>'
        '<simpleChoice identifier="a">x &lt; 1</simpleChoice><simpleChoice identifier="b"><img src="c.svg" alt="circle"/></simpleChoice>'
        "</choiceInteraction></itemBody>"
    )
    files = {
        "imsmanifest.xml": manifest("q/i1.xml"),
        "q/i1.xml": item(response("b"), SCORE, body, MATCH),
        "q/images/a b.png": b"1",
        "q/c.svg": b"2",
    }
    draft, problems = only(package(files))
    assert problems == []
    assert draft.type == "single_choice"
    assert draft.text == {
        "text": '<p>See <img src="@@PLUGINFILE@@/a%20b.png" alt="a flag"></p><table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
        '<math><mi>x</mi></math><img src="@@PLUGINFILE@@/c.svg" alt="a circle"><p>Which?</p>',
        "format": "html",
    }
    assert draft.body == {
        "options": [
            {"text": {"text": "x &lt; 1", "format": "html"}},
            {"text": {"text": '<img src="@@PLUGINFILE@@/c.svg" alt="circle">', "format": "html"}, "right": True},
        ],
        "shuffle": False,
    }
    assert draft.files == {"a b.png": b"1", "c.svg": b"2"}
    assert (draft.name, draft.code) == ("T", "i1")


def test_it_takes_no_script_along():
    body = (
        '<itemBody><p onclick="x()">a<script>alert(1)</script><svg><title>ring</title><script>y()</script></svg></p>'
        "<math><mi onclick='z()'>x</mi><script>z()</script></math></itemBody>"
    )
    draft, _ = only(item(body))
    assert not any(word in draft.text["text"] for word in ("<script", "onclick", "alert", "<svg"))


CREDIT = {
    "all or nothing by template": (MATCH, "", "all_or_nothing", {"a": "right", "c": "right"}),
    "weights by template": (MAP, mapping(a="1", c="1"), "weights", {"a": "0.5", "c": "0.5"}),
    "weights and a floor": (
        MAP,
        mapping('lowerBound="0"', a="0.75", c="0.25", d="-0.5"),
        "weights",
        {"a": "0.75", "c": "0.25", "d": "-0.5"},
    ),
    "right minus wrong": (
        "<responseProcessing><responseCondition><responseIf><not><isNull><variable identifier='RESPONSE'/></isNull></not>"
        "<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/><mapResponse identifier='RESPONSE'/></sum></setOutcomeValue>"
        "</responseIf></responseCondition></responseProcessing>",
        mapping('lowerBound="0" upperBound="2"', a="1", b="-1", c="1", d="-1"),
        "right_minus_wrong",
        {"a": "right", "c": "right"},
    ),
    "written out": (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>5</baseValue></setOutcomeValue></responseIf>"
        "<responseElseIf><contains><variable identifier='RESPONSE'/><multiple><baseValue baseType='identifier'>zz</baseValue></multiple></contains>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue></responseElseIf>"
        "</responseCondition></responseProcessing>",
        "",
        "all_or_nothing",
        {"a": "right", "c": "right"},
    ),
}


@pytest.mark.parametrize("name", CREDIT)
def test_it_finds_the_policy_of_credit_by_what_responses_earn(name):
    rules, entries, credit, shares = CREDIT[name]
    draft, _ = only(item(response("a", "c", cardinality="multiple", mapping=entries), SCORE, choice(*ABCD, several=True), rules))
    assert draft.type == "multiple_choice"
    assert draft.body.get("credit", "all_or_nothing") == credit
    found = {
        letter: "right" if option.get("right") else option["fraction"]
        for letter, option in zip("abcd", draft.body["options"], strict=True)
        if option.get("right") or "fraction" in option
    }
    assert found == shares
    assert draft.default_mark == {"written out": 5, "weights by template": 2, "right minus wrong": 2}.get(name, 1)


def test_it_falls_back_on_the_right_response_and_says_so():
    rules = (
        "<responseProcessing><setOutcomeValue identifier='SCORE'><customOperator class='x.Y'><variable identifier='RESPONSE'/></customOperator>"
        "</setOutcomeValue></responseProcessing>"
    )
    draft, problems = only(item(response("a", "c", cardinality="multiple"), SCORE, choice(*ABCD, several=True), rules))
    assert [bool(option.get("right")) for option in draft.body["options"]] == [True, False, True, False]
    assert ["dùng đáp án đúng" in problem.said() for problem in problems] == [True]
    assert problems[0].line == 4
    assert "i1" in problems[0].said()


def test_it_says_where_no_answer_is_right():
    draft, problems = only(item(response(), SCORE, choice(*ABCD), MATCH))
    assert not any(option.get("right") for option in draft.body["options"])
    assert "không cho biết đáp án đúng" in problems[0].said()


@pytest.mark.parametrize(("words", "answer"), [(("True", "False"), True), (("Sai", "Đúng"), False), (("ĐÚNG.", "SAI."), True)])
def test_it_reads_right_and_wrong_in_words_as_true_or_false(words, answer):
    draft, _ = only(item(response("a"), SCORE, choice(("a", words[0]), ("b", words[1])), MATCH))
    assert (draft.type, draft.body) == ("true_false", {"answer": answer})


def test_it_gives_feedback_to_whom_the_rules_show_it():
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue>"
        "<setOutcomeValue identifier='F'><baseValue baseType='identifier'>yes</baseValue></setOutcomeValue></responseIf>"
        "<responseElse><setOutcomeValue identifier='F'><baseValue baseType='identifier'>no</baseValue></setOutcomeValue></responseElse>"
        "</responseCondition><setOutcomeValue identifier='O'><variable identifier='RESPONSE'/></setOutcomeValue></responseProcessing>"
    )
    outcomes = (
        SCORE
        + '<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier"/>'
        + (
            '<outcomeDeclaration identifier="O" cardinality="single" baseType="identifier"/>'
            '<outcomeDeclaration identifier="S" cardinality="single" baseType="identifier"><defaultValue><value>always</value></defaultValue></outcomeDeclaration>'
        )
    )
    modal = "".join(
        f'<modalFeedback outcomeIdentifier="{outcome}" identifier="{name}" showHide="show">{text}</modalFeedback>'
        for outcome, name, text in (
            ("F", "yes", "Well."),
            ("F", "no", "Not so."),
            ("S", "always", "Because."),
            ("O", "c", "Three is odd."),
        )
    )
    choices = (
        *ABCD[:3],
        ("d", 'four <feedbackInline outcomeIdentifier="O" identifier="d" showHide="show">Too many.</feedbackInline>'),
    )
    draft, problems = only(item(response("b"), outcomes, choice(*choices), rules, modal))
    assert problems == []
    assert draft.body["feedback"] == {"right": "Well.", "wrong": "Not so."}
    assert [option.get("feedback") for option in draft.body["options"]] == [None, None, "Three is odd.", "Too many."]
    assert draft.body["options"][3]["text"] == "four"
    assert draft.explanation == "Because."


# Entries, gaps, rows ----------------------------------------------------------------------------------------------------------------------


def entry(body='<p>Who? <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/></p>'):
    return f"<itemBody>{body}</itemBody>"


def test_it_reads_words_with_their_shares_and_capitals():
    entries = '<mapping><mapEntry mapKey="York" mappedValue="2" caseSensitive="false"/><mapEntry mapKey="Leeds*" mappedValue="1" caseSensitive="false"/></mapping>'
    draft, problems = only(item(response("York", kind="string", mapping=entries), SCORE, entry(), MAP))
    assert problems == []
    assert (draft.type, draft.text, draft.default_mark) == ("short_answer", "Who? _____", 2)
    assert draft.body == {"answers": [{"text": "York"}, {"text": "Leeds\\*", "fraction": "0.5"}]}


def test_it_reads_words_compared_in_rules():
    rules = (
        "<responseProcessing><responseCondition><responseIf><or>"
        "<stringMatch caseSensitive='true'><variable identifier='RESPONSE'/><baseValue baseType='string'>\n P \n</baseValue></stringMatch>"
        "<stringMatch caseSensitive='true'><variable identifier='RESPONSE'/><baseValue baseType='string'>Q</baseValue></stringMatch></or>"
        "<setOutcomeValue identifier='SCORE'><sum><baseValue baseType='float'>1</baseValue><variable identifier='SCORE'/></sum></setOutcomeValue>"
        "</responseIf><responseElseIf><substring caseSensitive='true'><baseValue baseType='string'>king</baseValue><variable identifier='RESPONSE'/></substring>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>0.2</baseValue></setOutcomeValue></responseElseIf></responseCondition></responseProcessing>"
    )
    draft, _ = only(item(response("P", kind="string"), SCORE, entry(), rules))
    assert draft.body == {
        "answers": [{"text": "P"}, {"text": "Q"}, {"text": "*king*", "fraction": "0.2"}],
        "case": True,
    }


NUMBERS = {
    "exact": (
        "<equal toleranceMode='exact'><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></equal>",
        {"value": "42.5"},
    ),
    "absolute": (
        "<equal toleranceMode='absolute' tolerance='0.5 0.5'><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></equal>",
        {"value": "42.5", "tolerance": "0.5"},
    ),
    "lopsided": (
        "<equal toleranceMode='absolute' tolerance='1 2'><correct identifier='RESPONSE'/><variable identifier='RESPONSE'/></equal>",
        {"value": "43", "tolerance": "1.5"},
    ),
    "relative": (
        "<equal toleranceMode='relative' tolerance='2'><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></equal>",
        {"value": "42.5", "tolerance": "0.02", "tolerance_kind": "relative"},
    ),
    "between": (
        "<and><not><isNull><variable identifier='RESPONSE'/></isNull></not><gte><variable identifier='RESPONSE'/><baseValue baseType='float'>42</baseValue></gte>"
        "<gte><baseValue baseType='float'>44</baseValue><variable identifier='RESPONSE'/></gte></and>",
        {"value": "43", "tolerance": "1"},
    ),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_it_reads_numbers_with_their_tolerance(name):
    test, expected = NUMBERS[name]
    rules = (
        f"<responseProcessing><responseCondition><responseIf>{test}<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue>"
        "</responseIf></responseCondition></responseProcessing>"
    )
    draft, problems = only(item(response("42.5", kind="float"), SCORE, entry(), rules))
    assert problems == []
    assert (draft.type, draft.body["answers"]) == ("numeric", [expected])


def test_it_adds_up_scores_of_interactions_where_the_item_has_none_of_its_own():
    parts = [response("300", kind="float", name="R1"), response("km", kind="string", name="R2")]
    for number, score in (("1", "2"), ("2", "1")):
        parts.append(
            f'<outcomeDeclaration identifier="SCORE_R{number}" cardinality="single" baseType="float"/>'
            f'<outcomeDeclaration identifier="MAXSCORE_R{number}" cardinality="single" baseType="float"><defaultValue><value>{score}</value></defaultValue></outcomeDeclaration>'
        )
    body = '<itemBody>Light goes <textEntryInteraction responseIdentifier="R1"/> thousand <textEntryInteraction responseIdentifier="R2"/> a second.</itemBody>'
    test = "<responseCondition><responseIf><{0}><variable identifier='R{1}'/><correct identifier='R{1}'/></{0}><setOutcomeValue identifier='SCORE_R{1}'><variable identifier='MAXSCORE_R{1}'/></setOutcomeValue></responseIf></responseCondition>"
    rules = f"<responseProcessing>{test.format('equal', 1)}{test.format('match', 2)}</responseProcessing>"
    draft, problems = only(item(*parts, body, rules))
    assert problems == []
    assert draft.text == "Light goes {#1} thousand {#2} a second."
    assert draft.body["gaps"] == {
        "1": {"kind": "number", "answers": [{"value": "300"}], "weight": "2"},
        "2": {"kind": "text", "answers": [{"text": "km"}], "case": True, "weight": "1"},
    }
    assert draft.default_mark == 3


def test_it_reads_choices_within_a_text_and_words_put_into_gaps():
    inline = (
        '<itemBody><p>The capital is <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="true">'
        '<inlineChoice identifier="a">one</inlineChoice><inlineChoice identifier="b">two</inlineChoice></inlineChoiceInteraction>.</p></itemBody>'
    )
    draft, _ = only(item(response("b"), SCORE, inline, MATCH))
    assert (draft.text, draft.body) == (
        "The capital is {#1}.",
        {"gaps": {"1": {"kind": "choice", "options": [{"text": "one"}, {"text": "two", "right": True}]}}},
    )
    into = (
        '<itemBody><gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false"><prompt>Fill in.</prompt>'
        '<gapText identifier="w" matchMax="1">winter</gapText><gapText identifier="s" matchMax="1">summer</gapText>'
        '<blockquote><p>Now is the <gap identifier="G1"/> of our <gap identifier="G2"/>.</p></blockquote></gapMatchInteraction></itemBody>'
    )
    entries = '<mapping><mapEntry mapKey="w G1" mappedValue="1"/><mapEntry mapKey="s G2" mappedValue="2"/></mapping>'
    draft, problems = only(
        item(response("w G1", "s G2", kind="directedPair", cardinality="multiple", mapping=entries), SCORE, into, MAP)
    )
    assert problems == []
    assert draft.text["text"] == "<p>Fill in.</p><blockquote><p>Now is the {#1} of our {#2}.</p></blockquote>"
    assert {
        number: (gap["weight"], [option.get("right", False) for option in gap["options"]])
        for number, gap in draft.body["gaps"].items()
    } == {
        "1": ("1", [True, False]),
        "2": ("2", [False, True]),
    }


def rows(*left, other=(), tag="matchInteraction"):
    def choices(some):
        return "".join(
            f'<simpleAssociableChoice identifier="{name}" matchMax="9">{text}</simpleAssociableChoice>' for name, text in some
        )

    inner = (
        choices(left)
        if not other
        else f"<simpleMatchSet>{choices(left)}</simpleMatchSet><simpleMatchSet>{choices(other)}</simpleMatchSet>"
    )
    return f'<itemBody><{tag} responseIdentifier="RESPONSE" shuffle="true" maxAssociations="9"><prompt>Match.</prompt>{inner}</{tag}></itemBody>'


def pairs(*right, entries=""):
    return response(*right, kind="directedPair", cardinality="multiple", mapping=entries)


def test_it_reads_rows_to_match_from_either_side():
    left, right = (("a", "1"), ("b", "2")), (("x", "one"), ("y", "two"), ("z", "three"))
    entries = '<mapping><mapEntry mapKey="a x" mappedValue="1"/><mapEntry mapKey="b y" mappedValue="1"/></mapping>'
    draft, problems = only(item(pairs("a x", "b y", entries=entries), SCORE, rows(*left, other=right), MAP))
    assert problems == []
    assert draft.body == {"pairs": [{"left": "1", "right": "one"}, {"left": "2", "right": "two"}], "extra": ["three"]}
    # Categories on the left, each for several things on the right, and one for none.
    draft, problems = only(item(pairs("a x", "a y", "a z"), SCORE, rows(*left, other=right), MATCH))
    assert draft.body == {"pairs": [{"left": word, "right": "1"} for word in ("one", "two", "three")], "extra": ["2"]}
    assert "chấm cả câu" in problems[0].said()
    draft, problems = only(
        item(response("a b", "d c", kind="pair", cardinality="multiple"), SCORE, rows(*ABCD, tag="associateInteraction"), MATCH)
    )
    assert draft.body["pairs"] == [{"left": "one", "right": "two"}, {"left": "three", "right": "four"}]
    assert problems[0].severity == "info"


def test_it_names_rows_that_are_no_matching():
    data = item(pairs("a x", "a y", "b x"), SCORE, rows(("a", "1"), ("b", "2"), other=(("x", "one"), ("y", "two"))), MATCH)
    found, problems = looked_at(OLD, data)
    assert found == []
    assert (problems[0].severity, problems[0].line) == ("error", 4)
    assert "matchInteraction" in problems[0].said()


def test_it_reads_things_to_sort():
    body = (
        '<itemBody><orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Sort.</prompt>'
        + "".join(f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in ABCD[:3])
        + "</orderInteraction></itemBody>"
    )
    draft, problems = only(item(response("c", "a", "b", cardinality="ordered"), SCORE, body, MATCH))
    assert problems == []
    assert draft.body == {"items": ["three", "one", "two"], "credit": "all_or_nothing"}
    found, problems = looked_at(OLD, item(response("c", "a", cardinality="ordered"), SCORE, body, MATCH))
    assert (found, problems[0].severity) == ([], "error")


def test_it_reads_essays_with_what_is_for_the_scorer():
    body = (
        '<itemBody><p>Read.</p><extendedTextInteraction responseIdentifier="RESPONSE" expectedLines="8"><prompt>Write.</prompt></extendedTextInteraction>'
        '<rubricBlock view="scorer"><p>Three points.</p></rubricBlock><rubricBlock view="candidate"><p>Be short.</p></rubricBlock></itemBody>'
    )
    draft, problems = only(item(response(kind="string"), SCORE, body))
    assert problems == []
    assert draft.type == "essay"
    assert draft.body == {"lines": 8, "guide": "Three points."}
    assert draft.text["text"] == "<p>Be short.</p><p>Read.</p><p>Write.</p>"


def test_it_reads_an_item_without_interaction_as_a_description():
    draft, problems = only(item("<itemBody><p>Only <b>read</b>.</p></itemBody>"))
    assert problems == []
    assert (draft.type, draft.text, draft.body) == ("description", {"text": "Only <b>read</b>.", "format": "html"}, {})


# What is not supported --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag",
    [
        "hotspotInteraction",
        "selectPointInteraction",
        "graphicOrderInteraction",
        "graphicAssociateInteraction",
        "graphicGapMatchInteraction",
        "positionObjectInteraction",
        "sliderInteraction",
        "drawingInteraction",
        "mediaInteraction",
        "hottextInteraction",
        "customInteraction",
        "portableCustomInteraction",
        "somethingNewInteraction",
    ],
)
@BOTH
def test_it_names_an_interaction_that_it_does_not_know(form, tag):
    kebab = "qti-" + re.sub("[A-Z]", lambda found: "-" + found[0].lower(), tag)
    if form is NEW:
        data = f'<qti-assessment-item identifier="i9">\n<qti-item-body>\n<{kebab} response-identifier="R"/></qti-item-body></qti-assessment-item>'
    else:
        data = f'<assessmentItem identifier="i9">\n<itemBody>\n<{tag} responseIdentifier="R"/></itemBody></assessmentItem>'
    found, problems = looked_at(form, data.encode())
    assert found == []
    assert [(problem.severity, problem.line) for problem in problems] == [("error", 3)]
    assert tag in problems[0].said()
    assert "i9" in problems[0].said()


def test_it_names_composites_and_generated_items():
    both = '<itemBody><extendedTextInteraction responseIdentifier="R"/><orderInteraction responseIdentifier="S"/></itemBody>'
    assert "extendedTextInteraction, orderInteraction" in looked_at(OLD, item(both))[1][0].said()
    found, problems = looked_at(
        OLD, item('<templateDeclaration identifier="x" cardinality="single" baseType="integer"/>', choice(*ABCD))
    )
    assert (found, "templateDeclaration" in problems[0].said()) == ([], True)


def test_it_tells_of_pictures_that_are_missing_or_elsewhere():
    body = choice(
        *ABCD,
        more='<p><img src="no.png" alt="x"/><img src="https://example.org/y.png" alt="y"/><img src="data:image/gif;base64,R0lGOA==" alt="z"/></p>',
    )
    draft, problems = only(package({"imsmanifest.xml": manifest("i.xml"), "i.xml": item(response("a"), SCORE, body, MATCH)}))
    assert [("no.png" in problem.said(), "https://example.org/y.png" in problem.said()) for problem in problems] == [
        (True, False),
        (False, True),
    ]
    assert draft.files == {"image.gif": b"GIF8"}
    assert all("i.xml" in problem.said() for problem in problems)


# Packages ---------------------------------------------------------------------------------------------------------------------------------


def small(identifier):
    return item(response("a"), SCORE, choice(*ABCD), MATCH).replace(b'identifier="i1"', f'identifier="{identifier}"'.encode())


def test_it_follows_the_order_and_the_sections_of_a_test():
    test = (
        '<assessmentTest><testPart><assessmentSection title="Two"><assessmentItemRef href="q2.xml"/></assessmentSection>'
        '<assessmentSection title="One"><assessmentItemRef href="q1.xml"/></assessmentSection></testPart></assessmentTest>'
    )
    more = '<resource identifier="t" type="imsqti_test_xmlv2p2" href="test/t.xml"/>'
    files = {
        "p/imsmanifest.xml": manifest("test/q1.xml", "test/q2.xml", "q3.xml", more=more),
        "p/test/t.xml": test,
        "p/test/q1.xml": small("q1"),
        "p/test/q2.xml": small("q2"),
        "p/q3.xml": small("q3"),
    }
    reading = OLD.read(package(files))
    assert [(draft.code, draft.category) for draft in reading.drafts] == [("q2", "Two"), ("q1", "One"), ("q3", "")]
    assert reading.problems == []


def test_it_reads_a_package_without_manifest_and_keywords_of_one_with_it():
    reading = OLD.read(package({"b.xml": small("b"), "a.xml": small("a"), "c.css": b"x"}))
    assert [draft.code for draft in reading.drafts] == ["a", "b"]
    assert "imsmanifest.xml" in reading.problems[0].said()
    words = '<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><keyword><string>sử</string></keyword></general></lom></metadata><file'
    draft, _ = only(package({"imsmanifest.xml": manifest("a.xml").replace("<file", words), "a.xml": small("a")}))
    assert draft.tags == ["sử"]


def test_it_names_items_that_a_package_lacks_or_that_lie_outside():
    reading = OLD.read(package({"imsmanifest.xml": manifest("a.xml", "b.xml", "../../etc/passwd"), "a.xml": small("a")}))
    assert len(reading.drafts) == 1
    assert {problem.severity for problem in reading.problems} == {"error"}
    assert ["b.xml" in problem.said() for problem in reading.problems] == [False, True]


@BOTH
def test_it_is_recognised(form):
    mine, other = (OLD, NEW) if form is OLD else (NEW, OLD)
    data = mine.write([Draft("true_false", "2 = 2", {"answer": True})])
    assert (mine.looks_like("a.zip", data), other.looks_like("a.zip", data)) == (95, 0)
    assert mine.looks_like("a.xml", mine.examples[0]) == 95
    for foreign in (b"", b"PK\x03\x04", b"<quiz/>", b"::a:: b {T}", package({"word/document.xml": b"<x/>"}), data[:200]):
        assert mine.looks_like("a.zip", foreign) == 0


# What is hostile or broken ----------------------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


def links():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest("a.xml"))
        entry = zipfile.ZipInfo("a.xml")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def lying():
    """A part whose directory gives it another size."""
    data = bytearray(package({"imsmanifest.xml": manifest("a.xml"), "a.xml": small("a") + b" " * 5000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    return bytes(data)


HOSTILE = {
    "nothing": (b"", "empty_file"),
    "no xml": (b"hello", "broken_xml"),
    "broken xml": (small("a")[:-30], "broken_xml"),
    "other xml": (b"<quiz><question/></quiz>", "no_items"),
    "version 1": (b"<questestinterop><item/></questestinterop>", "old_qti"),
    "a bomb of entities": (BOMB.encode() + small("a"), "unsafe_xml"),
    "a file from outside": (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + small("a"), "unsafe_xml"),
    "a bomb within a package": (package({"imsmanifest.xml": manifest("a.xml"), "a.xml": BOMB.encode() + small("a")}), "unsafe_xml"),
    "a bomb as manifest": (package({"imsmanifest.xml": BOMB + manifest("a.xml"), "a.xml": small("a")}), "unsafe_xml"),
    "deep": (b"<a>" * 5000 + b"</a>" * 5000, "too_deep_xml"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-nonsense"?><a/>', "broken_xml"),
    "half a package": (package({"imsmanifest.xml": manifest("a.xml"), "a.xml": small("a")})[:-40], "broken_archive"),
    "a path that climbs": (package({"imsmanifest.xml": manifest(), "../a.xml": small("a")}), "suspicious_archive"),
    "an absolute path": (package({"imsmanifest.xml": manifest(), "/a.xml": small("a")}), "suspicious_archive"),
    "a backslash": (package({"imsmanifest.xml": manifest(), "a\\b.xml": small("a")}), "suspicious_archive"),
    "a drive": (package({"imsmanifest.xml": manifest(), "C:a.xml": small("a")}), "suspicious_archive"),
    "a long name": (package({"imsmanifest.xml": manifest(), "a" * 300: b""}), "suspicious_archive"),
    "a link": (links(), "suspicious_archive"),
    "twice one name": (package({"imsmanifest.xml": manifest(), "a.xml": b"", "A.XML": b""}), "suspicious_archive"),
    "a bomb of zeros": (package({"imsmanifest.xml": manifest(), "a.xml": b"0" * 30_000_000}), "archive_bomb"),
    "a lying directory": (lying(), "archive_bomb"),
    "no items": (package({"imsmanifest.xml": manifest()}), "no_items"),
    "a document": (package({"word/document.xml": b"<x/>"}), "no_items"),
    "a package of version 1": (
        package({"imsmanifest.xml": manifest("a.xml", kind="imsqti_xmlv1p2"), "a.xml": b"<questestinterop/>"}),
        "old_qti",
    ),
    "one broken item": (
        package({"imsmanifest.xml": manifest("a.xml", "b.xml"), "a.xml": small("a"), "b.xml": b"<assessmentItem>\n<"}),
        "broken_xml",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses_what_is_broken_or_hostile_at_once_and_with_a_reason(name):
    data, code = HOSTILE[name]
    start = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        OLD.read(data)
    assert refused.value.code == code
    assert time.process_time() - start < 1
    if code in ("broken_xml", "unsafe_xml", "old_qti", "no_items", "too_deep_xml"):
        assert refused.value.values["line"]


def test_it_names_file_and_line_of_a_broken_item():
    with pytest.raises(InvalidInput) as refused:
        OLD.read(HOSTILE["one broken item"][0])
    assert (refused.value.values["name"], refused.value.values["line"]) == ("b.xml", 2)


def test_it_is_not_kept_busy_by_endless_rules():
    step = "<setOutcomeValue identifier='SCORE'><product><variable identifier='SCORE'/><variable identifier='SCORE'/></product></setOutcomeValue>"
    first = "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>3.7</baseValue></setOutcomeValue>"
    many = tuple((f"c{number}", f"n{number}") for number in range(300))
    start = time.process_time()
    draft, problems = only(
        item(
            response("c1", "c2", cardinality="multiple"),
            SCORE,
            choice(*many, several=True),
            f"<responseProcessing>{first}{step * 3000}</responseProcessing>",
        )
    )
    assert time.process_time() - start < 5
    assert len(draft.body["options"]) == 300
    assert "dùng đáp án đúng" in problems[0].said()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000), st.sampled_from([OLD, NEW]))
def test_it_refuses_or_reads_whatever_bytes_come_and_never_fails_otherwise(noise, at, form):
    good = form.examples[0]
    for data in (noise, good[:at] + noise + good[at:], good[:at] + noise):
        form.looks_like("a.xml", data)
        try:
            form.read(data)
        except InvalidInput as refused:
            assert str(refused)
