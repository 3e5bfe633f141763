"""The editor's sheet: a draft comes back from it as it went in, and nothing typed is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.questions.forms.shapes import SHAPES
from elearn.questions.forms.sheets import act, add_picture, draft_from, new_sheet, read_sheet, sheet_of
from elearn.questions.queries import TYPES
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.gaps import to_cloze
from elearn.questions.services import faults_of

CASES = [(kind.key, example) for kind in TYPES for example in kind.examples]
NAMES = [f"{key}-{place}" for place, (key, _) in enumerate(CASES)]


def test_it_has_a_sheet_for_every_type():
    assert set(SHAPES) == set(TYPES.keys())


@pytest.mark.parametrize(("key", "example"), CASES, ids=NAMES)
def test_it_gives_every_body_back(key, example):
    draft = Draft(key, example.text or "Câu thử", dict(example.body))
    sheet = sheet_of(draft, {})
    sent = read_sheet(key, dict(sheet.controls))
    assert sent.values.items() >= {name: value for name, value in sheet.values.items() if value}.items()
    back = draft_from(sent, draft)
    assert not sent.errors
    assert (back.body, back.text) == (draft.body, draft.text)


@pytest.mark.parametrize(("key", "example"), CASES, ids=NAMES)
def test_it_makes_a_sound_question_without_the_old_one(key, example):
    draft = Draft(key, example.text or "Câu thử", dict(example.body))
    back = draft_from(sheet_of(draft, {}), None)
    kind = TYPES[key]
    if key == "calculated" and example.body["variants"] == [{}]:
        return  # a formula without values: it has no table to be read from
    assert not faults_of(back)
    if example.mark is not None and key != "gap_fill":
        assert kind.mark(back.body, example.order, example.response) == example.mark


def test_it_keeps_what_it_has_no_control_for():
    body = {"options": [{"text": "a", "right": True, "mã": 1}, {"text": "b"}], "khác": {"x": 1}}
    old = Draft("single_choice", "Câu?", body, extra={"gift": 1})
    sheet = sheet_of(old, {})
    sheet.values["options-1-text"] = "c"
    back = draft_from(sheet, old)
    assert back.body == {"options": [{"text": "a", "right": True, "mã": 1}, {"text": "c"}], "khác": {"x": 1}}
    assert back.extra == {"gift": 1}
    act(sheet, "remove:options:0")
    assert draft_from(sheet, old).body["options"] == [{"text": "c"}]


def test_it_keeps_the_format_of_each_text():
    options = [
        {"text": {"text": "<b>a</b>", "format": "html"}, "right": True, "feedback": {"text": "x", "format": "plain"}},
        {"text": "b"},
    ]
    old = Draft("single_choice", {"text": "<p>Câu</p>", "format": "html"}, {"options": options})
    sheet = sheet_of(old, {})
    sheet.values["options-0-text"] = "<b>c</b>"
    back = draft_from(read_sheet(old.type, dict(sheet.controls)), old)
    assert back.text == old.text
    assert back.body["options"][0] == {
        "text": {"text": "<b>c</b>", "format": "html"},
        "right": True,
        "feedback": {"text": "x", "format": "plain"},
    }


def test_it_reads_shares_and_numbers_as_people_write_them():
    sheet = new_sheet("numeric")
    sheet.values |= {
        "text": "π?",
        "answers-0-value": "3,14",
        "answers-0-tolerance": "0.01",
        "answers-0-fraction": "33,33333",
        "default_mark": "2,5",
    }
    draft = draft_from(sheet, None)
    assert draft.body["answers"] == [{"value": "3.14", "tolerance": "0.01", "fraction": "0.3333333"}]
    assert draft.default_mark == Decimal("2.5")
    assert not sheet.errors


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("numeric", "answers-0-value", "ba"), ("numeric", "answers-0-tolerance", "1,2,3"), ("single_choice", "options-0-fraction", "một nửa"),
        ("essay", "body-lines", "mười"), ("essay", "rubric-0-points", "x"), ("single_choice", "as_of", "31/02/2026"), ("single_choice", "default_mark", "nhiều"),
        ("calculated", "body-variants", "a\tb\n1"), ("calculated", "body-variants", "a\nmột"), ("gap_fill", "text", "Không có chỗ trống"),
    ],
)  # fmt: skip
def test_it_says_at_its_place_what_cannot_be_read(kind, name, value):
    sheet = new_sheet(kind)
    sheet.rows = {group.name: 1 for group in SHAPES[kind].groups}
    sheet.values |= {f"{group.name}-0-{one.name}": "1" for group in SHAPES[kind].groups for one in group.fields if one.is_content}
    sheet.values[name] = value
    draft_from(sheet, None)
    assert name in sheet.errors
    assert sheet.get(name) == value


def test_it_reads_a_pasted_table():
    sheet = new_sheet("calculated")
    sheet.values |= {"text": "{a}+{b}", "answers-0-formula": "{a}+{b}", "body-variants": "a;b\n1,5;2\n3;4"}
    assert draft_from(sheet, None).body["variants"] == [{"a": "1.5", "b": "2"}, {"a": "3", "b": "4"}]


def test_it_leaves_out_empty_rows_and_reads_days():
    sheet = new_sheet("single_choice")
    sheet.values |= {
        "text": "Câu?",
        "options-0-text": "a",
        "options-0-right": "1",
        "options-2-text": "b",
        "as_of": "1/2/2026",
        "tags": " x, y ,,",
    }
    draft = draft_from(sheet, None)
    assert draft.body["options"] == [{"text": "a", "right": True}, {"text": "b"}]
    assert draft.as_of == date(2026, 2, 1)
    assert draft.tags == ["x", "y"]


rows = st.lists(st.text("abc", max_size=3), max_size=6)


@given(rows, st.sampled_from(["add", "remove", "up", "down"]), st.integers(0, 7))
def test_it_adds_takes_away_and_moves_rows(texts, deed, place):
    sheet = new_sheet("ordering")
    sheet.rows["items"] = len(texts)
    sheet.values |= {f"items-{row}-text": text for row, text in enumerate(texts)}
    assert act(sheet, f"{deed}:items" if deed == "add" else f"{deed}:items:{place}")
    left = [sheet.get(f"items-{row}-text") for row in range(sheet.rows["items"])]
    if deed == "add":
        assert left == [*texts, ""]
    elif deed == "remove":
        assert left == texts[:place] + texts[place + 1 :]
    else:
        assert sorted(left) == sorted(texts)


@pytest.mark.parametrize("deed", ["", "add:khac", "drop:items:1", "add", "remove:items:9999"])
def test_it_knows_no_other_buttons(deed):
    assert not act(new_sheet("ordering"), deed)


def test_it_reads_rows_whatever_their_numbers():
    sheet = read_sheet("ordering", {"items-7-text": "b", "items-2-text": "a", "items-x-text": "c", "text": "Câu", "khac": "d"})
    assert (sheet.rows, sheet.get("items-0-text"), sheet.get("items-1-text")) == ({"items": 2}, "a", "b")
    assert "khac" not in sheet.values


def test_it_puts_a_picture_with_its_words_at_the_end_of_the_stem():
    sheet = new_sheet("single_choice")
    sheet.values["text"] = "Hình nào?"
    add_picture(sheet, "Bản đồ [1].PNG", "ab" * 32, 'Bản đồ "Điện Biên" ]')
    add_picture(sheet, "Bản đồ [1].PNG", "cd" * 32, "khác")
    first, second = sheet.pictures
    assert first != second
    assert f"![Bản đồ ”Điện Biên” )](@@PLUGINFILE@@/{first})" in sheet.get("text")


@pytest.mark.parametrize(
    ("typed", "cloze"),
    [
        ("Thủ đô: [[Hà Nội|Ha Noi]]", "Thủ đô: {1:SHORTANSWER:=Hà Nội~=Ha Noi}"),
        ("[[*Hà Nội|Huế]]", "{1:MULTICHOICE:=Hà Nội~Huế}"),
        ("[[*a|*b|c]]", "{1:MULTIRESPONSE:=a~=b~c}"),
        ("[[#3,14±0,01]]", "{1:NUMERICAL:=3.14:0.01}"),
        ("[[a|50%b]]", "{1:SHORTANSWER:=a~%50%b}"),
        ("[[a{b}]]", "{1:SHORTANSWER:=a&#123;b&#125;}"),
        ("[a](b) {1:SA:=x}", "[a](b) {1:SA:=x}"),
    ],
)
def test_it_turns_typed_gaps_into_codes(typed, cloze):
    assert to_cloze(typed) == cloze


def test_it_makes_gaps_of_a_typed_text():
    sheet = new_sheet("gap_fill")
    sheet.values["text"] = "Thủ đô là [[*Hà Nội|Huế]], lập năm [[#1010]]."
    draft = draft_from(sheet, None)
    assert draft.text == "Thủ đô là {#1}, lập năm {#2}."
    assert not faults_of(draft)
