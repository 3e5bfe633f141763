"""GIFT against what Moodle makes of the same files, and against itself."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.gift import FORMAT
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import UnreadableFile
from tests.questions.formats.drafts import tame_drafts
from tests.questions.formats.moodle_shape import expected, handed_on, peer, same, stored


def read(text):
    return FORMAT.read(text.encode())


def one(text):
    (draft,) = read(text).drafts
    return draft


def test_it_stores_what_moodle_stores_of_its_examples():
    wanted = expected("gift__examples.txt")
    reading = FORMAT.read(peer("moodle-formats", "gift-examples.txt"))
    assert wanted["ok"]
    assert not wanted["messages"]
    assert not reading.problems
    same([stored(draft) for draft in reading.drafts], wanted["questions"])


def test_it_hands_on_what_moodle_hands_on_in_its_own_tests():
    for case in json.loads(peer("moodle-cases", "gift_import.json")):
        (draft,) = read(case["gift"]).drafts
        same(handed_on(draft, case["expected"]), case["expected"])


@pytest.mark.parametrize(
    ("gift", "body"),
    [
        ("Q{#3}", {"answers": [{"value": "3"}]}),
        ("Q{#3:2}", {"answers": [{"value": "3", "tolerance": "2"}]}),
        ("Q{#1..5}", {"answers": [{"value": "3", "tolerance": "2"}]}),
        ("Q{#-1.5..0}", {"answers": [{"value": "-0.75", "tolerance": "0.75"}]}),
        ("Q{#=1822:0 =%50%1822:2#near ~#no}", {
            "answers": [
                {"value": "1822"},
                {"value": "1822", "tolerance": "2", "fraction": "0.5", "feedback": {"text": "near", "format": "moodle"}},
                {"value": "*", "fraction": "0", "feedback": {"text": "no", "format": "moodle"}},
            ]
        }),
        ("Q{=a =%50%b}", {"answers": [{"text": "a"}, {"text": "b", "fraction": "0.5"}]}),
        ("Q{only}", {"answers": [{"text": "only"}]}),
        ("Q{true}", {"answers": [{"text": "true"}]}),
        ("Q{T#no#yes}", {
            "answer": True,
            "feedback": {"true": {"text": "yes", "format": "moodle"}, "false": {"text": "no", "format": "moodle"}},
        }),
        ("[plain]Q{=a->1 =b -> c->d =->3}", {
            "pairs": [
                {"left": {"text": "a", "format": "plain"}, "right": "1"},
                {"left": {"text": "b", "format": "plain"}, "right": "c->d"},
            ],
            "extra": ["3"],
        }),
        ("[markdown]Q{~%33.33333%a ~%33.3333%b ~%-50%c}", {
            "options": [{"text": "a", "fraction": "0.3333333"}, {"text": "b", "fraction": "0.3333333"}, {"text": "c", "fraction": "-0.5"}],
            "credit": "weights",
        }),
    ],
)  # fmt: skip
def test_it_reads_answers(gift, body):
    assert one(gift).body == body


@pytest.mark.parametrize(
    ("gift", "text", "name"),
    [
        (r"a \~ \= \# \{ \} \: \\ b{}", r"a ~ = # { } : \ b", r"a ~ = # { } : \ b"),
        (r"one\ntwo{}", "one\ntwo", "one\ntwo"),
        (r"\\n stays{}", r"\n stays", r"\n stays"),
        ("before {=x} after.", "before _____ after.", "before _____ after."),
        ("::Name\\:: it:: text{=x}", "text", "Name:: it"),
        ("::no end text{=x}", "no end text", "no end text"),
        ("<p>A <b>bold</b> word</p>{}", "<p>A <b>bold</b> word</p>", "A bold word"),
        ("a < b and c > d{}", "a < b and c > d", "a < b and c > d"),
        ("[none]text{}", "[none]text", "[none]text"),
        ("first line\n// a remark\nlast line{}", "first line\n \nlast line", "first line\n \nlast line"),
        ("Just words", "Just words", "Just words"),
    ],
)
def test_it_reads_texts_and_names(gift, text, name):
    draft = one(gift)
    assert draft.text == {"text": text, "format": "moodle"}
    assert draft.name == name


def test_it_makes_names_of_whole_words():
    long = "Nghị quyết đại hội đại biểu toàn quốc lần thứ mười bốn đã quyết nghị những nội dung nào sau đây?"
    name = one(long + "{}").name
    assert name.endswith("...")
    assert long.startswith(name[:-3])
    assert long[len(name) - 4] == " "
    assert len(name) <= 80


def test_it_reads_comments_categories_tags_and_numbers():
    reading = read(
        "// [tag:not of a question]\n\n$CATEGORY: $course$/top/Lịch sử/Chương 1 // 2\n\n"
        "// [tag: one] [tag:t\\]wo]\n// [id: a-1 ]\nQ1{T}\n\n$CATEGORY: tom/dick\nQ2{F}\n\n$CATEGORY: $system$/top\n\nQ3{F}\n"
    )
    first, second, third = reading.drafts
    assert (first.tags, first.code, first.category) == (["one", "t]wo"], "a-1", "Lịch sử / Chương 1/2")
    assert (second.tags, second.code, second.category) == ([], "", "tom / dick")
    assert third.category == ""
    assert [draft.line for draft in reading.drafts] == [7, 10, 14]
    (problem,) = reading.problems
    assert (problem.line, problem.severity) == (10, "warning")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_reads_all_line_ends_and_marks(end, encoding):
    reading = FORMAT.read(end.join(["Đúng?{T}", "", "Hỏi{", "~a", "=b}"]).encode(encoding))
    assert [(draft.line, draft.name) for draft in reading.drafts] == [(1, "Đúng?"), (3, "Hỏi")]


@pytest.mark.parametrize(
    ("gift", "line"),
    [
        ("Good{T}\n\n\nBad{=a", 4),
        ("Good{T}\n\nBad}", 3),
        ("Good{T}\n\n// remark\nBad\n{~only}", 5),
        ("Good{T}\n\nBad{#\n=abc}", 4),
        ("Good{T}\n\nBad{#}", 3),
        ("Good{T}\n\nBad{=a -> 1\n=b -> 2\n=c}", 5),
        ("Good{T}\n\nBad{=a->1}", 3),
        ("Good{T}\n\nBad{\n=a\n~%33%b\n=c}", 5),
        ("Good{T}\n\nBad{=}", 3),
    ],
)
def test_it_names_the_line_of_a_broken_question_and_reads_the_others(gift, line):
    reading = read(gift)
    assert [draft.name for draft in reading.drafts] == ["Good"]
    (problem,) = reading.problems
    assert (problem.line, problem.severity, problem.question) == (line, "error", None)
    assert "%" not in problem.said().replace("33%", "").replace("33.33333%", "")


def test_it_warns_of_what_moodle_takes_in_silence():
    reading = read("Q{\n=%50%a\n~\n~c}\n\nN{#3,5:0,1}\n\nM{~a ~b}")
    assert [(problem.line, problem.severity, problem.question) for problem in reading.problems] == [
        (2, "warning", 0),
        (3, "warning", 0),
        (6, "warning", 1),
        (8, "warning", 2),
    ]
    assert reading.drafts[0].body["options"][0]["text"]["text"] == "%50%a"
    assert reading.drafts[1].body == {"answers": [{"value": "3.5", "tolerance": "0.1"}]}


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "unreadable_file", 1),
        (b"// only a remark\n", "unreadable_file", 1),
        (b"\n\nbroken {", "unreadable_file", 3),
        (b"good{T}\n\nbad \xff{T}", "not_utf8", 3),
        (b"good{T}\n\nb\0d{T}", "not_utf8", 3),
    ],
)
def test_it_refuses_a_file_that_gives_nothing(data, code, line):
    with pytest.raises(InvalidInput) as refusal:
        FORMAT.read(data)
    assert (refusal.value.code, refusal.value.values["line"]) == (code, line)


def test_it_tells_all_faults_of_a_refused_file():
    with pytest.raises(UnreadableFile) as refusal:
        read("a{\n\nb{#x}")
    assert [problem.line for problem in refusal.value.problems] == [1, 3]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(sorted(FORMAT.writes)).flatmap(lambda kind: tame_drafts(kind, ("markdown", "html", "plain", "moodle"))),
        min_size=1,
        max_size=4,
    )
)
def test_it_says_in_gift_itself_all_that_gift_can_say(drafts):
    written = FORMAT.write(drafts)
    assert b"// elearn" not in written
    assert [vars(draft) | {"line": 0} for draft in FORMAT.read(written).drafts] == [vars(draft) for draft in drafts]


def test_it_leaves_a_remainder_alone_when_the_question_was_changed_since():
    draft = Draft("single_choice", "Hỏi", {"options": [{"text": "a", "right": True}, {"text": "b"}], "shuffle": False}, level="khó")
    written = FORMAT.write([draft]).decode()
    assert one(written).body == draft.body
    assert one(written).level == "khó"
    reading = read(written.replace("=a", "=c"))
    (changed,) = reading.drafts
    assert [option["text"] for option in changed.body["options"]] == ["c", "b"]
    assert changed.level == ""
    assert [problem.severity for problem in reading.problems] == ["warning"]


def test_it_takes_its_own_weights_and_refuses_those_of_others_as_moodle_does():
    draft = Draft("short_answer", "Hỏi", {"answers": [{"text": "a"}, {"text": "b", "fraction": "0.35"}]})
    written = FORMAT.write([draft]).decode()
    assert one(written).body == draft.body
    with pytest.raises(UnreadableFile):
        read(written.partition("\n")[2])


def test_it_refuses_to_write_what_it_cannot():
    with pytest.raises(InvalidInput) as refusal:
        FORMAT.write([Draft("ordering", "x", {"items": ["a", "b"]}, name="Thứ tự")])
    assert "Thứ tự" in str(refusal.value)
    with pytest.raises(InvalidInput):
        FORMAT.write([Draft("matching", "x", {"pairs": [{"left": "a", "right": "b"}]})])
    with pytest.raises(InvalidInput):
        FORMAT.write([Draft("single_choice", "x", {})])


def test_it_reads_ten_thousand_questions_in_a_few_seconds():
    question = "// [tag:đợt {n}]\n::Câu {n}::Nội dung câu hỏi số {n} là gì?{{\n\t=Đúng {n}#Phải\n\t~Sai 1#Không\n\t~%50%Sai 2\n\t~Sai 3\n}}\n"
    data = "\n".join(question.format(n=number) for number in range(10_000)).encode()
    begin = time.process_time()
    reading = FORMAT.read(data)
    assert len(reading.drafts) == 10_000
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "piece", ["<", "<pre>\n", "[tag:", "[id:\\]", "{", "}", "\\", "::", "####", "=%", "~", "->", "a{b}\n", "<!--", "&#1"]
)
def test_it_is_not_slowed_down_by_endless_repetition(piece):
    begin = time.process_time()
    for head in ("", "// ", "::x::", "Q{"):
        try:
            FORMAT.read((head + piece * (100_000 // len(piece))).encode())
        except InvalidInput:
            continue
    assert time.process_time() - begin < 4
