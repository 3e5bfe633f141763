"""One contract for all types of question: each carries its worked examples, and keeps the laws that all keep."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.queries import TYPES
from elearn.questions.rules.choices import InOrder
from elearn.questions.rules.drawing import Stream
from elearn.questions.rules.texts import words_of
from tests.questions.bodies import bodies, swapped

KINDS = list(TYPES)
CASES = [(kind, example) for kind in KINDS for example in kind.examples]
MARKED = [kind for kind in KINDS if kind.is_marked and not kind.needs_marker]
NONSENSE = [0, 1.5, True, {"A": 1}, [["A"]], {"text": 1}, [None, 3], "A" * 200_000, "\ud800"]


def html(text) -> str:
    return f"<{words_of(text)}>"


def named(value: object) -> str:
    return getattr(value, "key", getattr(value, "why", ""))


seeds = st.integers(0, 2**64).map(lambda number: f"{number:064x}")
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from(["A", "B", "1", "text", "files"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("1234") | st.sampled_from(["text", "files"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def test_it_knows_eleven_types():
    assert sorted(TYPES.keys()) == [
        "calculated", "description", "essay", "gap_fill", "matching", "multiple_choice", "numeric", "ordering", "short_answer",
        "single_choice", "true_false",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "example"), CASES, ids=named)
def test_it_marks_its_examples(kind, example):
    if example.mark is None and not example.is_for_marker:
        with pytest.raises(InvalidInput) as refusal:
            kind.mark(example.body, example.order, example.response)
        assert refusal.value.code == "bad_response"
    else:
        assert kind.mark(example.body, example.order, example.response) == example.mark


@pytest.mark.parametrize(("kind", "example"), CASES, ids=named)
def test_it_finds_its_examples_sound(kind, example):
    assert kind.check(example.body, example.text) == []


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_it_carries_what_a_type_must(kind):
    marks = [example.mark for example in kind.examples]
    assert Fraction(0) in marks
    assert any(example.mark is None and not example.is_for_marker for example in kind.examples)
    assert any(example.response in (None, []) and example.mark == 0 for example in kind.examples)
    assert Fraction(1) in marks or kind not in MARKED
    assert any(example.is_for_marker for example in kind.examples) == kind.needs_marker
    assert kind.name
    assert kind.instruction


@pytest.mark.parametrize(("kind", "example"), CASES, ids=named)
def test_it_shows_its_examples_in_every_way(kind, example):
    if example.mark is None and not example.is_for_marker:
        return
    body, order, response = example.body, example.order, example.response
    read = kind.read(body, order, response)
    assert kind.read(body, order, read) == read
    lines = kind.review(body, order, response, html)
    assert [line.label for line in lines if line.label] == [
        line.label for line in kind.review(body, order, None, html) if line.label
    ]
    assert bool(kind.words(body, order, response)) == (read is not None)
    if kind.key not in ("essay", "description"):
        parts = kind.classes(body, order, response)
        known = {(part.part, part.model): part.fraction for part in kind.model(body, order)}
        assert parts
        for part in parts:
            assert part.model in ("[NO MATCH]", "[NO RESPONSE]") or (part.part, part.model) in known
            assert abs(part.fraction) <= 1
        assert (read is None) == all(part.model == "[NO RESPONSE]" for part in parts)
    controls = kind.controls(body, order, html)
    assert json.loads(json.dumps(controls)) == controls
    assert json.loads(json.dumps(read)) == read
    assert all(isinstance(words, str) for words in kind.texts(body))


@pytest.mark.parametrize("kind", KINDS, ids=named)
@pytest.mark.parametrize("response", NONSENSE, ids=lambda value: str(type(value).__name__))
def test_it_refuses_nonsense(kind, response):
    example = kind.examples[0]
    with pytest.raises(InvalidInput):
        kind.mark(example.body, example.order, response)


@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(data=st.data())
def test_it_reads_anything_or_refuses_it(kind, data):
    example = data.draw(st.sampled_from(kind.examples))
    try:
        read = kind.read(example.body, example.order, data.draw(anything))
    except InvalidInput as error:
        assert error.code == "bad_response"
        return
    assert kind.read(example.body, example.order, read) == read
    json.dumps(read, ensure_ascii=False).encode()
    assert kind.mark(example.body, example.order, read) is not None or kind.needs_marker


@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(data=st.data())
def test_it_checks_anything(kind, data):
    sound = data.draw(st.sampled_from(kind.examples)).body
    names = st.sampled_from([*sound, "options", "answers", "pairs", "items", "gaps", "variants", "units", "feedback", "rubric"])
    inner = st.dictionaries(
        st.sampled_from(["text", "fraction", "value", "left", "right", "unit", "formula", "kind", "name", "feedback"]),
        anything,
        max_size=3,
    )
    body = {**sound, **data.draw(st.dictionaries(names, anything | st.lists(inner, min_size=1, max_size=3) | inner, max_size=3))}
    faults = kind.check(body, data.draw(st.sampled_from(["", "{#1} {a} {=b+} {=c}", {"text": "{#1}", "format": "html"}])))
    assert all(isinstance(fault, str) and fault for fault in faults)


@pytest.mark.parametrize("kind", MARKED, ids=named)
@given(data=st.data())
def test_it_gives_the_full_mark_to_what_is_right(kind, data):
    body = data.draw(bodies(kind.key))
    assert kind.check(body) == []
    order = kind.arrange(body, Stream(data.draw(seeds), "options"))
    right = kind.right(body, order)
    assert kind.mark(body, order, right) == 1
    assert kind.mark(body, order, None) == 0
    lines = kind.review(body, order, right, html)
    assert not [line for line in lines if line.response and line.is_right is not True]
    assert all(part.fraction >= 0 for part in kind.classes(body, order, right))


@pytest.mark.parametrize("kind", MARKED, ids=named)
@given(data=st.data())
def test_it_keeps_marks_within_bounds(kind, data):
    body = data.draw(bodies(kind.key))
    order = kind.arrange(body, Stream(data.draw(seeds), "options"))
    try:
        mark = kind.mark(body, order, data.draw(responses(kind, body, order)))
    except InvalidInput:
        return
    may_cost = kind.key == "single_choice" or (kind.key == "gap_fill" and any("options" in gap for gap in body["gaps"].values()))
    assert (-1 if may_cost else 0) <= mark <= 1


@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(data=st.data())
def test_it_arranges_alike_for_the_same_seed(kind, data):
    body, seed = data.draw(bodies(kind.key)), data.draw(seeds)
    order = kind.arrange(body, Stream(seed, "options"))
    assert kind.arrange(body, Stream(seed, "options")) == order
    assert json.loads(json.dumps(order)) == order
    assert kind.controls(body, order, html) == kind.controls(body, json.loads(json.dumps(order)), html)


@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(data=st.data())
def test_it_shows_no_word_of_the_key(kind, data):
    """Whatever the key is, the page is drawn alike."""
    body = data.draw(bodies(kind.key))
    order = kind.arrange(body, Stream(data.draw(seeds), "options"))
    other, other_order = swapped(kind.key, body, order)
    assert kind.controls(body, order, html) == kind.controls(other, other_order, html)
    assert kind.stem("{#1} {a}", body, order) == kind.stem("{#1} {a}", other, other_order)


def responses(kind, body, order):
    """Responses of about the right shape."""
    letters = st.sampled_from("ABCDEF")
    shapes = {
        "single_choice": letters,
        "true_false": letters,
        "multiple_choice": st.lists(letters, unique=True),
        "ordering": st.permutations("ABCDEF"[: len(body.get("items", ()))]),
        "matching": st.lists(letters | st.none(), min_size=len(body.get("pairs", ())), max_size=len(body.get("pairs", ()))),
        "gap_fill": st.dictionaries(
            st.sampled_from(sorted(body.get("gaps", {"1": 0}))), letters | st.lists(letters, unique=True) | st.text(max_size=3)
        ),
    }
    return shapes.get(kind.key, st.sampled_from(["3,14", "frog", "1.000", "-2", "10 m", "toad", "x y"]) | st.text(max_size=5))


@pytest.mark.parametrize("key", ["single_choice", "multiple_choice", "ordering", "matching"])
@given(data=st.data())
def test_it_marks_the_same_answer_alike_in_any_order(key, data):
    """What was meant counts, not the letter under which it stood."""
    kind, body = TYPES[key], data.draw(bodies(key))
    first, second = (kind.arrange(body, Stream(data.draw(seeds), "options")) for _ in range(2))
    response = kind.read(body, first, data.draw(responses(kind, body, first).filter(lambda one: is_read(kind, body, first, one))))
    assert kind.mark(body, first, response) == kind.mark(body, second, moved(key, first, second, response))


def is_read(kind, body, order, response) -> bool:
    try:
        kind.read(body, order, response)
    except InvalidInput:
        return False
    return True


def moved(key, first, second, response):
    """The same response under another order."""
    names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def at(name: str, one: list[int], other: list[int]) -> str:
        return names[other.index(one[names.index(name)])]

    if response is None:
        return None
    if key == "matching":
        by_row = {
            index: name and at(name, first["right"], second["right"]) for index, name in zip(first["left"], response, strict=True)
        }
        return [by_row[index] for index in second["left"]]
    return at(response, first, second) if isinstance(response, str) else [at(name, first, second) for name in response]


@pytest.mark.parametrize("key", ["single_choice", "multiple_choice"])
def test_it_keeps_options_last_that_must_stay_last(key):
    class Backwards(InOrder):
        def permutation(self, count: int) -> list[int]:
            return list(reversed(range(count)))

    options = [{"text": "a"}, {"text": "cả ba", "last": True}, {"text": "b"}, {"text": "c", "right": True}]
    assert TYPES[key].arrange({"options": options}, Backwards()) == [3, 2, 0, 1]
    assert TYPES[key].arrange({"options": options, "shuffle": False}, Backwards()) == [0, 2, 3, 1]


def test_it_never_shows_three_items_in_their_right_order():
    shown = {tuple(TYPES["ordering"].arrange({"items": ["a", "b", "c"]}, Stream(f"{seed:064x}", "options"))) for seed in range(200)}
    assert len(shown) == 5
    assert (0, 1, 2) not in shown


A, B, C = ({"text": letter} for letter in "abc")
RIGHT = {"text": "d", "right": True}
GAP = {"kind": "text", "answers": [{"text": "a"}]}


@pytest.mark.parametrize(
    ("key", "body", "word"),
    [
        ("single_choice", {"options": [{**A, "right": True}, {**B, "right": True}, C]}, "đúng một"),
        ("single_choice", {"options": [A, B]}, "đúng một"),
        ("single_choice", {"options": [RIGHT]}, "Số phương án"),
        ("single_choice", {"options": [RIGHT, *({"text": str(n)} for n in range(26))]}, "Số phương án"),
        ("single_choice", {"options": [A, {"text": " a"}, RIGHT]}, "giống nhau"),
        ("single_choice", {"options": [A, {"text": {"text": "<p>a</p>", "format": "html"}["text"]} | {"text": {"text": "<b>a</b>", "format": "html"}}, RIGHT]}, "giống nhau"),
        ("single_choice", {"options": [{"text": " "}, B, RIGHT]}, "để trống"),
        ("single_choice", {"options": [{"text": {"text": "<p></p>", "format": "html"}}, B, RIGHT]}, "để trống"),
        ("single_choice", {"options": [{**A, "fraction": "0.9"}, B]}, "trọn điểm"),
        ("single_choice", {"options": [{**A, "fraction": "1.5"}, B]}, "Tỉ lệ"),
        ("single_choice", {"options": [{**A, "fraction": "1e"}, B]}, "Tỉ lệ"),
        ("single_choice", {"options": [A, RIGHT], "numbering": "x"}, "đánh dấu"),
        ("single_choice", {"options": [A, RIGHT], "feedback": {"right": 1}}, "nhận xét"),
        ("single_choice", {}, "danh sách"),
        ("multiple_choice", {"options": [A, B, C]}, "ít nhất một"),
        ("multiple_choice", {"options": [{**A, "fraction": "0.5"}, {**B, "fraction": "0.4"}], "credit": "weights"}, "bằng 1"),
        ("multiple_choice", {"options": [A, RIGHT], "credit": "some"}, "cách tính điểm"),
        ("true_false", {"answer": "có"}, "true hoặc false"),
        ("short_answer", {"answers": []}, "danh sách"),
        ("short_answer", {"answers": [{"text": " "}]}, "để trống"),
        ("short_answer", {"answers": [{"text": "a"}, {"text": "a "}]}, "giống nhau"),
        ("short_answer", {"answers": [{"text": "a", "fraction": "0.5"}]}, "trọn điểm"),
        ("short_answer", {"answers": [{"text": "*", "fraction": "0"}, {"text": "a"}]}, "che mất"),
        ("short_answer", {"answers": [{"text": "a" * 1001}]}, "1.000"),
        ("numeric", {"answers": [{"value": "3,14"}]}, "phải là một số"),
        ("numeric", {"answers": [{"value": "1e999999999"}]}, "phải là một số"),
        ("numeric", {"answers": [{"value": "3", "tolerance": "-1"}]}, "Sai số"),
        ("numeric", {"answers": [{"value": "3", "tolerance": "5", "fraction": "0.5"}, {"value": "4"}]}, "che mất"),
        ("numeric", {"answers": [{"value": "3"}], "units": [{"unit": "cm", "multiplier": "100"}]}, "đơn vị gốc"),
        ("numeric", {"answers": [{"value": "3"}], "units": [{"unit": "m"}, {"unit": " m"}]}, "giống nhau"),
        ("numeric", {"answers": [{"value": "3"}], "units": [{"unit": "m", "multiplier": "0"}]}, "số dương"),
        ("numeric", {"answers": [{"value": "3"}], "units": [{"unit": "2m"}]}, "bắt đầu"),
        ("numeric", {"answers": [{"value": "3"}], "unit_policy": "required"}, "danh sách đơn vị"),
        ("numeric", {"answers": [{"value": "3"}], "unit_penalty": "2"}, "Mức trừ"),
        ("matching", {"pairs": [{"left": "a", "right": "x"}]}, "từ 2 đến 26 cặp"),
        ("matching", {"pairs": [{"left": "a", "right": "x"}, {"left": "b", "right": "x"}]}, "lựa chọn khác nhau"),
        ("matching", {"pairs": [{"left": "a", "right": "x"}, {"left": "a", "right": "y"}]}, "dòng bên trái"),
        ("matching", {"pairs": [{"left": "", "right": "x"}, {"left": "a", "right": "y"}]}, "để trống"),
        ("matching", {"pairs": [{"left": "a", "right": "x"}, {"left": "b", "right": "y"}], "extra": [""]}, "Lựa chọn thêm"),
        ("ordering", {"items": ["a"]}, "từ 2 đến 26 mục"),
        ("ordering", {"items": ["a", "a"]}, "giống nhau"),
        ("ordering", {"items": ["a", "b"], "credit": "x"}, "cách tính điểm"),
        ("gap_fill", {"gaps": {}}, "từ 1 đến 50"),
        ("gap_fill", {"gaps": {"một": GAP}}, "đánh số"),
        ("gap_fill", {"gaps": {"1": {"kind": "x"}}}, "không rõ loại"),
        ("gap_fill", {"gaps": {"1": {**GAP, "weight": "-1"}}}, "Trọng số"),
        ("gap_fill", {"gaps": {"1": {**GAP, "weight": "0"}}}, "tính điểm"),
        ("gap_fill", {"gaps": {"1": {"kind": "choice", "options": [RIGHT]}}}, "Số phương án"),
        ("gap_fill", {"gaps": {"1": {"kind": "choice", "options": [A, B]}}}, "đúng một"),
        ("gap_fill", {"gaps": {"1": {"kind": "number", "answers": [{"value": "ba"}]}}}, "phải là một số"),
        ("gap_fill", {"gaps": {"1": {"kind": "choice", "options": [A, RIGHT], "display": "x"}}}, "cách hiện"),
        ("calculated", {"answers": [], "variants": [{}]}, "công thức"),
        ("calculated", {"answers": [{"formula": "1+1"}], "variants": []}, "bộ số"),
        ("calculated", {"answers": [{"formula": "1+1"}], "variants": [{"a": "x"}]}, "chỉ được chứa số"),
        ("calculated", {"answers": [{"formula": "1+1"}], "variants": [{"a": "1"}, {"b": "1"}]}, "cùng những giá trị"),
        ("calculated", {"answers": [{"formula": "{a}/{b}"}], "variants": [{"a": "1", "b": "0"}]}, "chia cho 0"),
        ("calculated", {"answers": [{"formula": "{c}"}], "variants": [{"a": "1"}]}, "không có trong các bộ số"),
        ("calculated", {"answers": [{"formula": "system(1)"}], "variants": [{"a": "1"}]}, "hàm không được dùng"),
        ("calculated", {"answers": [{"formula": "1"}], "variants": [{}], "decimals": True}, "thập phân"),
        ("essay", {"word_limit": 0}, "giới hạn số từ"),
        ("essay", {"rubric": [{"name": "a", "points": "0"}]}, "điểm tối đa"),
        ("essay", {"rubric": [{"name": " "}]}, "phải có tên"),
        ("essay", {"rubric": [{"name": "a", "points": "1"}, {"name": "a", "points": "1"}]}, "cùng tên"),
        ("essay", {"difference": "-1"}, "chênh lệch"),
    ],
)  # fmt: skip
def test_it_names_the_faults_of_a_body(key, body, word):
    assert any(word in fault for fault in TYPES[key].check(body))


@pytest.mark.parametrize(
    ("key", "text", "word"),
    [
        ("gap_fill", "Không có chỗ nào", "không có chỗ trống của nó"),
        ("gap_fill", "{#1} và {#2}", "chưa có đáp án"),
        ("gap_fill", "{#1} và {#1}", "hai lần"),
        ("calculated", "{=a*c}", "không có trong các bộ số"),
        ("calculated", "{=a*}", "thiếu số hạng"),
        ("calculated", "{=1/(a-7)}", "chia cho 0"),
    ],
)
def test_it_names_the_faults_of_a_stem(key, text, word):
    bodies_ = {"gap_fill": {"gaps": {"1": GAP}}, "calculated": {"answers": [{"formula": "{a}"}], "variants": [{"a": "7"}]}}
    assert any(word in fault for fault in TYPES[key].check(bodies_[key], text))


def test_it_puts_the_values_of_the_variant_into_the_stem():
    kind, body = TYPES["calculated"], {"answers": [{"formula": "{a}*2"}], "variants": [{"a": "1"}, {"a": "-2.50"}]}
    assert (
        kind.stem("{a} {=a*2} {={a}/3} {b} {#1} {=pi()}", body, {"variant": 1})
        == "-2,50 -5 -0,833333333333333 {b} {#1} 3,14159265358979"
    )
    assert kind.stem({"text": "<b>{a}</b>", "format": "html"}, body, {"variant": 0}) == {"text": "<b>1</b>", "format": "html"}


def test_it_reviews_options_pairs_and_gaps():
    choice = {
        "options": [{"text": "a", "right": True, "feedback": "vì a"}, {"text": "b", "feedback": "không"}, {"text": "c"}],
        "feedback": {"right": "tốt", "wrong": "xem lại"},
    }
    lines = TYPES["single_choice"].review(choice, [2, 0, 1], "C", html)
    assert [(line.label, line.html, line.is_chosen, line.is_right, line.feedback) for line in lines] == [
        ("A", "<c>", False, False, ""), ("B", "<a>", False, True, "<vì a>"), ("C", "<b>", True, False, "<không>"), ("", "", False, None, "<xem lại>"),
    ]  # fmt: skip
    pairs = {"pairs": [{"left": "ếch", "right": "lưỡng cư"}, {"left": "mèo", "right": "thú"}]}
    lines = TYPES["matching"].review(pairs, {"left": [1, 0], "right": [0, 1]}, ["A", "A"], html)
    assert [(line.label, line.html, line.is_right, line.response, line.right) for line in lines] == [
        ("1", "<mèo>", False, "lưỡng cư", "thú"), ("2", "<ếch>", True, "lưỡng cư", "lưỡng cư"),
    ]  # fmt: skip
    gaps = {
        "gaps": {
            "1": {"kind": "text", "answers": [{"text": "a", "feedback": "đúng"}, {"text": "b", "fraction": "0.5"}]},
            "2": {"kind": "choice", **choice},
        }
    }
    lines = TYPES["gap_fill"].review(gaps, {"2": [0, 1, 2]}, {"1": "b", "2": "B"}, html)
    assert [(line.label, line.is_right, line.response, line.right, line.feedback) for line in lines] == [
        ("1", None, "b", "a", ""), ("2", False, "b", "a", "<không>"),
    ]  # fmt: skip


def test_it_says_responses_in_words():
    def words(key, body, order, response) -> str:
        return TYPES[key].words(body, order, response)

    options = {
        "options": [
            {"text": "Ma Cao", "right": True},
            {"text": "Huế"},
            {"text": {"text": "<b>Vinh</b>", "format": "html"}, "right": True},
        ]
    }
    assert words("single_choice", options, [1, 0, 2], "B") == "B. Ma Cao"
    assert words("multiple_choice", options, [1, 0, 2], ["C", "A"]) == "A. Huế; C. Vinh"
    assert words("true_false", {"answer": True}, [], "B") == "B. Sai"
    assert words("ordering", {"items": ["x", "y"]}, [1, 0], ["B", "A"]) == "1. x; 2. y"
    pairs = {"pairs": [{"left": "ếch", "right": "lưỡng cư"}, {"left": "mèo", "right": "thú"}]}
    assert words("matching", pairs, {"left": [1, 0], "right": [0, 1]}, [None, "A"]) == "ếch → lưỡng cư"
    gaps = {"gaps": {"1": GAP, "2": {"kind": "choice", **options}}}
    assert words("gap_fill", gaps, {"2": [0, 1, 2]}, {"2": "C"}) == "2: Vinh"
    assert words("essay", {"attachments": 1}, [], {"text": "Vì dân.\n", "files": ["bài.pdf"]}) == "Vì dân.\n[bài.pdf]"
