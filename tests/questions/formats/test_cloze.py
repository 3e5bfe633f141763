"""Cloze: gaps in a text."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.questions.rules.cloze import read_cloze, write_cloze
from tests.questions.formats.drafts import words


def html(text):
    return {"text": text, "format": "html"}


def test_it_reads_gaps_of_each_kind():
    found = read_cloze(
        "Thủ đô {1:MULTICHOICE:=Hà Nội#Đúng~Huế#Sai~%50%Kẻ Chợ}, {SA:x} {2:SHORTANSWER_C:=%25%a~=Đà Lạt}, "
        "{:NM:=3,14:0.01#pi~%50%*} {3:MULTIRESPONSE_HS:=a~=b~c}."
    )
    assert found.faults == ()
    assert found.text == "Thủ đô {#1}, {SA:x} {#2}, {#3} {#4}."
    assert found.mark == Decimal(7)
    assert found.body["gaps"] == {
        "1": {
            "kind": "choice",
            "display": "select",
            "shuffle": False,
            "options": [
                {"text": html("Hà Nội"), "right": True, "feedback": html("Đúng")},
                {"text": html("Huế"), "feedback": html("Sai")},
                {"text": html("Kẻ Chợ"), "fraction": "0.5"},
            ],
        },
        "2": {"kind": "text", "answers": [{"text": "%25%a"}, {"text": "Đà Lạt"}], "case": True, "weight": "2"},
        "3": {
            "kind": "number",
            "answers": [{"value": "3.14", "tolerance": "0.01", "feedback": html("pi")}, {"value": "*", "fraction": "0.5"}],
        },
        "4": {
            "kind": "choice",
            "display": "check_row",
            "shuffle": True,
            "weight": "3",
            "options": [
                {"text": html("a"), "fraction": "0.5"},
                {"text": html("b"), "fraction": "0.5"},
                {"text": html("c"), "fraction": "-0.5"},
            ],
        },
    }


def test_it_reads_hidden_signs_and_lines():
    found = read_cloze("{1:SA:=a\\}b\\#c\\~d&#126;e &amp;#x#1 \\} 2~=x\n y#line\n two}")
    assert found.faults == ()
    assert found.body["gaps"]["1"]["answers"] == [
        {"text": "a}b#c~d~e &#x", "feedback": html("1 } 2")},
        {"text": "x\n y", "feedback": html("line\n two")},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No gap {here}",
        "{1:MULTICHOICE}",
        "{1:MULTICHOICE:=one}",
        "{1:MC:a~%50%b}",
        "{1:SA:a}",
        "{1:NM:=zero}",
        "{1:NM:=1:x}",
        "{1:UNKNOWN:=a}",
        "{1:SA:=never closed",
        "{1:MR:a~b}",
    ],
)
def test_it_names_faults(text):
    assert read_cloze(text).faults


SIGNS = words(["{", "}", "~", "#", "\\", "=", "%50%", "&", "&amp;", "<b>", "ễ", "a", " ", "\n", "*", ":"], 0, 6)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(SIGNS, min_size=3, max_size=3),
    st.lists(SIGNS.map(lambda text: "x" + text), min_size=2, max_size=4),
    SIGNS,
    st.sampled_from(["select", "radio", "radio_row"]),
    st.booleans(),
    st.integers(1, 9),
)
def test_it_writes_what_it_reads(stem, options, note, display, shuffle, weight):
    body = {
        "gaps": {
            "1": {
                "kind": "choice",
                "display": display,
                "shuffle": shuffle,
                "options": [{"text": html(options[0]), "right": True} | ({"feedback": html(note)} if note else {})]
                + [{"text": html(option)} for option in options[1:]],
            },
            "2": {"kind": "text", "answers": [{"text": option} for option in options]},
        }
    }
    if weight != 1:
        body["gaps"]["2"]["weight"] = str(weight)
    text = "{#1}".join(stem[:2]) + " {#2}" + stem[2]
    found = read_cloze(write_cloze(text, body))
    assert found.faults == ()
    assert (found.text, found.body, found.mark) == (text, body, Decimal(1 + weight))


def test_it_brings_weights_to_whole_numbers():
    gap = {"kind": "text", "answers": [{"text": "a"}]}
    body = {"gaps": {"1": gap | {"weight": "0.5"}, "2": gap | {"weight": "0.25"}}}
    assert write_cloze("{#1}{#2}{#3}", body) == "{2:SHORTANSWER:=a}{1:SHORTANSWER:=a}{#3}"


@pytest.mark.parametrize("piece", ["{1:SA:", "{1:SA:=a~", "{1:SA:=a}", "~", "{1:MC:&}", "#"])
def test_it_is_not_slowed_down_by_endless_repetition(piece):
    begin = time.process_time()
    read_cloze(piece * (100_000 // len(piece)))
    assert time.process_time() - begin < 2
