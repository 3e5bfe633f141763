"""Moodle XML against what Moodle makes of the same files, and against itself."""

from __future__ import annotations

import base64
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.moodle_xml import FORMAT
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import UnreadableFile
from tests.questions.formats.drafts import tame_drafts
from tests.questions.formats.moodle_shape import expected, peer, same, stored

PIXEL = base64.b64encode(b"\x89PNG").decode()


def quiz(*questions):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}\n</quiz>'.encode()


def question(kind, inside, name="Tên", text="Hỏi?"):
    named = f"<name><text>{name}</text></name>" if name is not None else ""
    return f'<question type="{kind}">{named}<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'


def one(kind, inside, **rest):
    (draft,) = FORMAT.read(quiz(question(kind, inside, **rest))).drafts
    return draft


def html(text):
    return {"text": text, "format": "html"}


@pytest.mark.parametrize("name", ["multichoice", "nested_categories", "truefalse"])
def test_it_stores_what_moodle_stores(name):
    wanted = expected(f"xml__{name}.xml")
    reading = FORMAT.read(peer("moodle-formats", f"{name}.xml"))
    assert wanted["ok"]
    assert not reading.problems
    same([stored(draft) for draft in reading.drafts], wanted["questions"])


def test_it_refuses_broken_gaps_as_moodle_does():
    wanted = expected("xml__broken_cloze_questions.xml")
    assert not wanted["ok"]
    with pytest.raises(UnreadableFile) as refusal:
        FORMAT.read(peer("moodle-formats", "broken_cloze_questions.xml"))
    problems = refusal.value.problems
    assert len(problems) == wanted["messages"].count("Error importing question")
    reasons = ["chưa có chỗ trống", "chưa có chỗ trống", "hai phương án", "trọn điểm", "phải là một số"]
    assert [reason in problem.said() for reason, problem in zip(reasons, problems, strict=True)] == [True] * 5
    assert [problem.line for problem in problems] == [4, 20, 36, 52, 68]
    assert refusal.value.values["line"] == 4


@pytest.mark.parametrize("name", ["multichoice", "nested_categories", "truefalse"])
def test_it_writes_files_of_moodle_again_without_loss(name):
    drafts = FORMAT.read(peer("moodle-formats", f"{name}.xml")).drafts
    written = FORMAT.write(drafts)
    assert b"<elearn>" not in written
    assert [vars(draft) | {"line": 0} for draft in FORMAT.read(written).drafts] == [vars(draft) | {"line": 0} for draft in drafts]


def test_it_takes_pictures_and_tells_those_of_one_name_apart():
    def file(name, content, path="/"):
        return f'<file name="{name}" path="{path}" encoding="base64">{base64.b64encode(content).decode()}</file>'

    text = '<img src="@@PLUGINFILE@@/a.png"><img src="@@PLUGINFILE@@/h%C3%ACnh%201.png"><img src="@@PLUGINFILE@@/sub/b.png">'
    files = file("a.png", b"1") + file("hình 1.png", b"2") + file("b.png", b"3", "/sub/") + file("unseen.pdf", b"4")
    inside = (
        f'<questiontext format="html"><text><![CDATA[{text}]]></text>{files}</questiontext>'
        f'<generalfeedback format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/a.png">]]></text>{file("a.png", b"other")}</generalfeedback>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    )
    (draft,) = FORMAT.read(quiz(f'<question type="truefalse"><name><text>x</text></name>{inside}</question>')).drafts
    assert draft.files == {"a.png": b"1", "h%C3%ACnh%201.png": b"2", "sub/b.png": b"3", "unseen.pdf": b"4", "a-2.png": b"other"}
    assert draft.explanation == html('<img src="@@PLUGINFILE@@/a-2.png">')
    written = FORMAT.write([draft])
    assert 'name="hình 1.png" path="/"'.encode() in written
    (again,) = FORMAT.read(written).drafts
    assert vars(again) | {"line": 0} == vars(draft) | {"line": 0}


@pytest.mark.parametrize(
    ("name", "content"),
    [("../x.png", PIXEL), ("a\\b", PIXEL), ("", PIXEL), (".", PIXEL), ("x" * 300, PIXEL), ("a.png", "@@@"), ("b.png", "AAA")],
)
def test_it_leaves_out_bad_attachments_with_a_warning(name, content):
    inside = f'<generalfeedback><text>x</text><file name="{name}" encoding="base64">{content}</file></generalfeedback>'
    reading = FORMAT.read(quiz(question("essay", inside)))
    (draft,) = reading.drafts
    assert draft.files == {}
    assert [(problem.severity, problem.question) for problem in reading.problems] == [("warning", 0)]


def test_it_reads_the_picture_of_old_files():
    draft = one("description", f"<image>folder/m.png</image><image_base64>\n{PIXEL}\n</image_base64>")
    assert draft.text == html('Hỏi? <img src="@@PLUGINFILE@@/folder_m.png" />')
    assert draft.files == {"folder_m.png": b"\x89PNG"}


def test_it_reads_headers():
    inside = (
        '<generalfeedback format="markdown"><text> *Vì sao* </text></generalfeedback><defaultgrade>2.5000000</defaultgrade>'
        "<penalty>0.1000000</penalty><hidden>1</hidden><idnumber>T &amp; F</idnumber>"
        "<tags><tag><text>một</text></tag><tag><text>hai</text></tag></tags><hint format='plain_text'><text>Gợi ý</text><clearwrong/></hint>"
        "<responsefieldlines>20</responsefieldlines><attachments>-1</attachments><maxwordlimit>300</maxwordlimit><responseformat>plain</responseformat>"
        "<graderinfo><text>Chấm</text></graderinfo>"
    )
    draft = one("essay", inside)
    assert draft.explanation == "*Vì sao*"
    assert draft.default_mark == Decimal("2.5")
    assert (draft.code, draft.tags) == ("T & F", ["một", "hai"])
    assert draft.body == {"lines": 20, "attachments": 3, "word_limit": 300, "guide": html("Chấm")}
    assert draft.extra == {
        "penalty": "0.1",
        "hidden": "1",
        "responseformat": "plain",
        "attachments": "-1",
        "hints": [{"text": {"text": "Gợi ý", "format": "plain"}, "clearwrong": True}],
    }


CHOICES = '<answer fraction="100"><text>a</text></answer><answer fraction="{}"><text>b</text></answer>'


@pytest.mark.parametrize(
    ("kind", "inside", "key", "body"),
    [
        ("multichoice", CHOICES.format("0"), "single_choice",
         {"options": [{"text": html("a"), "right": True}, {"text": html("b")}], "shuffle": False}),
        ("multichoice", "<single>false</single><shuffleanswers>1</shuffleanswers><answernumbering>123</answernumbering>" + CHOICES.format("-50"),
         "multiple_choice", {"options": [{"text": html("a"), "fraction": "1"}, {"text": html("b"), "fraction": "-0.5"}], "numbering": "123", "credit": "weights"}),
        ("multichoiceset", "<shuffleanswers>true</shuffleanswers>" + CHOICES.format("100"), "multiple_choice",
         {"options": [{"text": html("a"), "right": True}, {"text": html("b"), "right": True}]}),
        ("shortanswer", '<usecase>1</usecase><answer fraction="100"><text>ếch*</text></answer><answer fraction="33.333"><text>cóc</text></answer>',
         "short_answer", {"answers": [{"text": "ếch*"}, {"text": "cóc", "fraction": "0.3333333"}], "case": True}),
        ("numerical", '<answer fraction="100">23<tolerance>0</tolerance></answer>', "numeric", {"answers": [{"value": "23"}]}),
        ("numerical", '<answer fraction="100"><text>3,5</text><tolerance>0.1</tolerance></answer><units><unit><multiplier>1</multiplier>'
         "<unit_name>m</unit_name></unit></units><unitgradingtype>1</unitgradingtype><unitpenalty>0.2</unitpenalty><unitsleft>1</unitsleft>",
         "numeric", {"answers": [{"value": "3.5", "tolerance": "0.1"}], "units": [{"unit": "m", "multiplier": "1"}], "unit_policy": "required",
                     "unit_penalty": "0.2", "unit_before": True}),
        ("matching", "<shuffleanswers>0</shuffleanswers><subquestion><text>a</text><answer><text>1</text></answer></subquestion>"
         "<subquestion><text></text><answer><text>2</text></answer></subquestion>",
         "matching", {"pairs": [{"left": html("a"), "right": "1"}], "extra": ["2"], "shuffle": False}),
        ("ddmatch", "<subquestion><text>a</text><answer format='html'><text><![CDATA[<p>một &amp; hai</p>]]></text></answer></subquestion>"
         "<subquestion><text>b</text><answer format='html'><text>ba</text></answer></subquestion>",
         "matching", {"pairs": [{"left": html("a"), "right": "một & hai"}, {"left": html("b"), "right": "ba"}]}),
        ("ordering", "<gradingtype>ABSOLUTE_POSITION</gradingtype><answer><text>1</text></answer><answer><text>2</text></answer>",
         "ordering", {"items": [html("1"), html("2")]}),
        ("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype><answer><text>1</text></answer><answer><text>2</text></answer>",
         "ordering", {"items": [html("1"), html("2")], "credit": "all_or_nothing"}),
        ("truefalse", '<answer fraction="0"><text>true</text><feedback><text>no</text></feedback></answer><answer fraction="100"><text>false</text></answer>',
         "true_false", {"answer": False, "feedback": {"true": html("no")}}),
    ],
)  # fmt: skip
def test_it_reads_types(kind, inside, key, body):
    draft = one(kind, inside)
    assert (draft.type, draft.body) == (key, body)


@pytest.mark.parametrize(("kind", "tag"), [("gapselect", "selectoption"), ("ddwtos", "dragbox")])
def test_it_reads_words_for_gaps_as_lists(kind, tag):
    words = "".join(f"<{tag}><text>{word}</text><group>{group}</group></{tag}>" for word, group in (("a", 1), ("b", 1), ("c", 2)))
    draft = one(kind, f"<shuffleanswers>1</shuffleanswers>{words}", text="Một [[2]] hai [[3]] ba [[1]]")
    form = "plain" if kind == "gapselect" else "html"
    assert draft.type == "gap_fill"
    assert draft.text == html("Một {#1} hai {#2} ba {#3}")
    options = {
        key: [(option["text"], option.get("right", False)) for option in gap["options"]] for key, gap in draft.body["gaps"].items()
    }
    a, b, c = ({"text": word, "format": form} for word in "abc")
    assert options == {"1": [(a, False), (b, True)], "2": [(c, True)], "3": [(a, True), (b, False)]}


def test_it_reads_calculated_questions_with_their_data():
    def data(name, *values):
        items = "".join(
            f"<dataset_item><number>{place}</number><value>{value}</value></dataset_item>" for place, value in enumerate(values, 1)
        )
        return (
            f"<dataset_definition><status><text>private</text></status><name><text>{name}</text></name><type>calculated</type>"
            f"<minimum><text>1</text></minimum><dataset_items>{items}</dataset_items></dataset_definition>"
        )

    inside = (
        '<answer fraction="100"><text>{a}+{b}</text><tolerance>0.01</tolerance><tolerancetype>1</tolerancetype>'
        "<correctanswerformat>1</correctanswerformat><correctanswerlength>3</correctanswerlength></answer>"
        f"<dataset_definitions>{data('a', '7.6', '6.4')}{data('b', '2.3', '2.1', '9')}</dataset_definitions>"
    )
    draft = one("calculatedsimple", inside, text="{a} + {b} = ?")
    assert draft.body == {
        "answers": [{"formula": "{a}+{b}", "tolerance": "0.01", "tolerance_kind": "relative"}],
        "variants": [{"a": "7.6", "b": "2.3"}, {"a": "6.4", "b": "2.1"}],
        "decimals": 3,
    }
    written = FORMAT.write([draft])
    assert b"<elearn>" not in written
    assert b'type="calculatedsimple"' in written
    (again,) = FORMAT.read(written).drafts
    assert vars(again) | {"line": 0} == vars(draft) | {"line": 0}


GOOD = question("description", "", name="Good")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (question("calculatedmulti", "", name="Nhiều"), "calculatedmulti"),
        (question("coderunner", ""), "coderunner"),
        (question("random", ""), "random"),
        ("<question></question>", "«»"),
        (question("multichoice", '<answer fraction="100"><text>a</text></answer>'), "hai phương án"),
        (question("multichoice", CHOICES.format("33")), "33.33333%"),
        (question("shortanswer", ""), "đáp án"),
        (question("numerical", '<answer fraction="100"><text>x</text></answer>'), "«x»"),
        (question("numerical", '<answer fraction="100"><text>1</text><tolerance>y</tolerance></answer>'), "«y»"),
        (question("matching", ""), "hai cặp"),
        (question("ordering", "<answer><text>1</text></answer>"), "hai mục"),
        (question("truefalse", ""), "đáp án"),
        (question("cloze", ""), "chỗ trống"),
        (question("gapselect", "", text="[[1]]"), "[[1]]"),
        (question("gapselect", ""), "chỗ trống"),
        (question("calculated", '<answer fraction="100"><text>{a}</text></answer>'), "bộ số liệu"),
    ],
)
def test_it_names_what_cannot_be_taken_and_reads_the_others(bad, reason):
    reading = FORMAT.read(quiz(GOOD, "\n\n", bad))
    assert [draft.name for draft in reading.drafts] == ["Good"]
    (problem,) = reading.problems
    assert (problem.severity, problem.question) == ("error", None)
    assert problem.line in (5, 6)
    assert reason in problem.said()


def test_it_names_the_line_at_which_a_question_begins():
    reading = FORMAT.read(b"\n\n" + quiz(GOOD, "\n\n", question("essay", "")))
    assert [draft.line for draft in reading.drafts] == [5, 7]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "broken_xml", 1),
        (b"no xml", "broken_xml", 1),
        (b"<quiz>\n<question>", "broken_xml", 2),
        (b"<quiz>\n<question>\n</quiz>", "broken_xml", 3),
        (b"<quiz>\n&nbsp;</quiz>", "broken_xml", 2),
        (b"<quiz>\n\xff</quiz>", "broken_xml", 2),
        (b"<quiz/>\n<quiz/>", "broken_xml", 2),
        (b'<?xml version="1.0" encoding="nonsense"?><quiz/>', "broken_xml", 1),
        (b"\n<html></html>", "not_moodle_xml", 1),
        (b"<quiz></quiz>", "unreadable_file", 1),
        (b"<!DOCTYPE quiz>\n<quiz></quiz>", "forbidden_xml", 1),
        (b'<!DOCTYPE quiz [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><quiz>&c;</quiz>', "forbidden_xml", 1),
        (b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "forbidden_xml", 1),
        (b"<quiz>" + b"<a>" * 50 + b"</a>" * 50 + b"</quiz>", "too_complex", 1),
    ],
)
def test_it_refuses_a_broken_file_with_line_and_reason(data, code, line):
    with pytest.raises(InvalidInput) as refusal:
        FORMAT.read(data)
    assert refusal.value.code == code
    assert refusal.value.values["line"] == line
    assert refusal.value.message % refusal.value.values


def test_it_imports_nothing_of_a_file_that_breaks_off():
    whole = quiz(*[question("essay", "", name=f"Câu {number}") for number in range(3000)])
    with pytest.raises(InvalidInput):
        FORMAT.read(whole[:-20])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted(FORMAT.writes & {"single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "matching",
                                                       "essay", "description"})).flatmap(tame_drafts), min_size=1, max_size=3))  # fmt: skip
def test_it_says_in_moodle_xml_itself_all_that_it_can_say(drafts):
    written = FORMAT.write(drafts)
    assert b"<elearn>" not in written
    assert [vars(draft) | {"line": 0} for draft in FORMAT.read(written).drafts] == [vars(draft) for draft in drafts]


NAMES = ["a.png", "a.png2", "hình 1.png", "h%C3%ACnh.png", "50%.png", "sub/b.png", 'q"&<.png']


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=40)),
    st.lists(st.sampled_from(NAMES), max_size=4),
    st.lists(st.sampled_from(NAMES), max_size=2),
)
def test_it_keeps_every_picture(files, in_text, in_option):
    def shown(names):
        return html("x" + "".join(f"<img src='@@PLUGINFILE@@/{name}'>" for name in names))

    body = {"options": [{"text": shown(in_option), "right": True}, {"text": html("b")}]}
    draft = Draft("single_choice", shown(in_text), body, name="Tên", files=files)
    (again,) = FORMAT.read(FORMAT.write([draft])).drafts
    assert vars(again) | {"line": 0} == vars(draft)


def test_it_takes_its_own_weights_and_refuses_those_of_others_as_moodle_does():
    draft = Draft("short_answer", "Hỏi", {"answers": [{"text": "a"}, {"text": "b", "fraction": "0.35"}]}, name="Tên")
    written = FORMAT.write([draft]).decode()
    (again,) = FORMAT.read(written.encode()).drafts
    assert again.body == draft.body
    before, _, after = written.partition("<elearn>")
    with pytest.raises(UnreadableFile):
        FORMAT.read((before + after.partition("</elearn>")[2]).encode())


def test_it_leaves_a_remainder_alone_when_the_question_was_changed_since():
    body = {"options": [{"text": "a", "right": True, "last": True}, {"text": "b"}]}
    written = FORMAT.write([Draft("single_choice", "Hỏi", body, level="khó", name="Tên")]).decode()
    reading = FORMAT.read(written.replace("<text>a</text>", "<text>c</text>").encode())
    (changed,) = reading.drafts
    assert [option["text"] for option in changed.body["options"]] == ["c", "b"]
    assert changed.level == ""
    assert [problem.severity for problem in reading.problems] == ["warning"]


def test_it_reads_ten_thousand_questions_in_a_few_seconds():
    answers = "".join(
        f'<answer fraction="{100 * (not place)}" format="html"><text>Phương án {place}</text></answer>' for place in range(4)
    )
    data = quiz(*[question("multichoice", answers, name=f"Câu {number}") for number in range(10_000)])
    begin = time.process_time()
    assert len(FORMAT.read(data).drafts) == 10_000
    assert time.process_time() - begin < 20
