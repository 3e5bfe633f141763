"""Questions that resemble each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from elearn.core.db import db
from elearn.questions.queries.doubles import doubles_of_bank, find_doubles, pairs_of
from elearn.questions.rules.duplicates import SKETCH, doubles_within, similarity, sketch, triples
from tests.questions.banked import OPTIONS, draft, make_bank, put, question

parts = st.lists(st.text("abc đ", max_size=20), max_size=4)
TEXT = ["Đại hội I của Đảng họp ở đâu?", "Ma Cao", "Hương Cảng", "Hà Nội"]


@given(parts, parts)
def test_it_is_alike_to_itself_whatever_the_order(one, other):
    first, second = triples(one), triples(other)
    assert similarity(first, first) == (1000 if first else 0)
    assert similarity(first, second) == similarity(second, first) <= 1000
    assert triples(reversed(one)) == first
    assert len(sketch(first)) == min(SKETCH, len(first))


def test_it_hears_no_accents_capitals_and_signs():
    assert triples(["Đại hội  I, của ĐẢNG!"]) == triples(["dai hoi i cua dang"])
    assert triples(["Ma Cao"]) != triples(["Hà Nội"])


def test_it_finds_the_best_double_in_the_banks_asked(app):
    one, other = make_bank("mot"), make_bank("hai")
    put(
        "mot", draft(), draft(text="Ai chủ trì Hội nghị hợp nhất?", body={"options": [{"text": "A", "right": True}, {"text": "B"}]})
    )
    put("hai", draft(text="Đại hội I của Đảng họp tại đâu?"))
    known = ["Đại hội I của Đảng họp ở đâu?", "Hà Nội", "Ma Cao", "Hương Cảng"]
    exact, near, none = find_doubles(None, [known, ["Đại hội II của Đảng họp ở đâu?", *known[1:]], ["Không giống ai cả trong này"]])
    assert (exact.code, exact.similarity) == ("mot-0001", 1000)
    assert near.code == "mot-0001"
    assert 500 <= near.similarity < 1000
    assert none is None
    assert find_doubles([other], [known])[0].code == "hai-0001"
    assert find_doubles([one], [known], without=[question("mot-0001").id]) == [None]
    assert find_doubles([], [known]) == [None]


def test_it_forgets_retired_questions(app):
    make_bank()
    put("mot", draft(), status="retired")
    assert find_doubles(None, [TEXT]) == [None]


def test_it_pairs_the_questions_of_a_bank(app):
    bank = make_bank()
    put(
        "mot",
        draft(),
        draft(text="Đại hội I của Đảng họp tại đâu?"),
        draft(text="Một câu khác hẳn về chuyện khác", body=dict(OPTIONS, shuffle=False)),
    )
    found = doubles_of_bank(bank)
    assert {question("mot-0001").id, question("mot-0002").id} <= set(found)
    pairs = pairs_of(found, 10)
    assert (pairs[0].code, pairs[0].other_code) == ("mot-0001", "mot-0002")
    db.session.rollback()


def test_it_finds_doubles_within_a_file():
    drafts = [triples(TEXT), triples(["Câu khác hẳn về một chuyện khác"]), triples([*TEXT[1:], TEXT[0]]), triples([])]
    assert doubles_within(drafts) == [None, None, (0, 1000), None]
