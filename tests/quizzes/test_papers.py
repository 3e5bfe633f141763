"""Papers: by blueprint, reproducible, uniform, sections, shuffling, what may be drawn on a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.questions.models import Bank, Category, Question, QuestionTag, QuestionVersion
from elearn.quizzes import services
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries.drawing import draw_paper, plan_of, pools_of
from elearn.quizzes.rules.papers import Asked, place_questions, read_plan, write_paper
from tests.quizzes.conftest import row_of, start

TODAY = date(2026, 10, 14)
CHOICE = Asked(
    "single_choice", {"options": [{"text": "a", "right": True}, {"text": "b"}, {"text": "c"}, {"text": "tất cả", "last": True}]}
)
BLUEPRINT = [{"bank": 1, "count": 3, "mark": "2", "section": 1}, {"bank": 2, "count": 4}, {"question": 9, "section": 1}]
POOLS = [list(range(10)), list(range(5, 15)), [99]]
ASKED = {number: Asked("single_choice", CHOICE.body, Decimal("1.5")) for number in (*range(15), 99)}
SECTIONS = [{"title": "Phần một", "shuffle": False}, {"title": "Phần hai"}]


def paper(seed: str, **changes) -> list:
    plan = read_plan(BLUEPRINT, SECTIONS, **changes)
    return write_paper(plan, place_questions(plan, POOLS, seed), ASKED, seed)


@given(st.binary(min_size=32, max_size=32).map(bytes.hex))
def test_it_makes_the_same_paper_from_the_same_seed(seed):
    made = paper(seed)
    assert made == paper(seed)
    versions = [one["version"] for one in made]
    assert len(set(versions)) == 8
    assert [one["section"] for one in made] == [0] * 4 + [1] * 4
    assert all(5 <= version < 15 for version in versions[:4])
    by_version = {one["version"]: one.get("max", "1") for one in made}
    assert by_version.pop(99) == "1.5"  # a chosen question brings its own mark, a drawn one does not
    assert Counter(by_version.values()) == {"2": 3, "1": 4}
    assert all(one["order"][-1] == 3 for one in made)


@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=2, max_size=5, unique=True))
def test_it_gives_everybody_the_same_questions_by_a_paper_seed(seeds):
    papers = [paper(seed, paper_seed="đề chung") for seed in seeds]
    assert len({frozenset(one["version"] for one in made) for made in papers}) == 1
    assert papers[0] == paper(seeds[0], paper_seed="đề chung")


def test_it_mixes_only_what_may_be_mixed():
    orders = {tuple(one["version"] for one in paper(f"{n:064x}", paper_seed="x")) for n in range(200)}
    assert len({order[:4] for order in orders}) == 1  # the first section stands as it was drawn
    assert len({order[4:] for order in orders}) == 24
    assert (
        len({tuple(one["version"] for one in paper(f"{n:064x}", paper_seed="x", shuffle_questions=False)) for n in range(50)}) == 1
    )
    for n in range(20):
        assert all(one["order"] == [0, 1, 2, 3] for one in paper(f"{n:064x}", shuffle_options=False))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("matching", {"pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}, {"left": "c", "right": "3"}]}),
        ("ordering", {"items": ["một", "hai", "ba"]}),
    ],
)  # fmt: skip
def test_it_always_mixes_what_would_tell_the_key(kind, body):
    plan = read_plan([{"question": 1}], shuffle_options=False)
    asked = {1: Asked(kind, body)}
    seen = {str(write_paper(plan, place_questions(plan, [[1]], f"{n:064x}"), asked, f"{n:064x}")[0]["order"]) for n in range(60)}
    assert len(seen) > 3


def test_it_tells_nothing_by_the_place_of_an_option_or_a_question():
    """Chi-square over 10,000 papers: the place of the right option and of each question are uniform, p > 0.001."""
    plan = read_plan([{"bank": 1, "count": 3}])
    asked = {number: Asked("single_choice", {"options": [{"text": t, "right": t == "a"} for t in "abcd"]}) for number in range(6)}
    right, first = Counter(), Counter()
    for n in range(10_000):
        made = write_paper(plan, place_questions(plan, [list(range(6))], f"{n:064x}"), asked, f"{n:064x}")
        right[made[0]["order"].index(0)] += 1
        first[made[0]["version"]] += 1
    assert sum((right[place] - 2500) ** 2 / 2500 for place in range(4)) < 16.27
    assert sum((first[number] - 10_000 / 6) ** 2 / (10_000 / 6) for number in range(6)) < 20.5


def quiz(blueprint, **changes) -> SimpleNamespace:
    base = {"sections": None, "shuffle_questions": True, "shuffle_options": True, "paper_seed": ""}
    return SimpleNamespace(blueprint=blueprint, **{**base, **changes})


def codes(blueprint, day=TODAY) -> list[list[str]]:
    connection = db.session.connection()
    found = []
    for pool in pools_of(connection, plan_of(quiz(blueprint)), day):
        query = sa.select(Question.code).join(QuestionVersion).where(QuestionVersion.id.in_(pool)).order_by(Question.code)
        found.append([code[4:] for code in connection.scalars(query)])
    return found


@pytest.fixture
def shelves(made) -> dict:
    with transaction() as session:
        found = {}
        for path in ("Luật", "Luật / Bầu cử", "Luật khác"):
            shelf = Category(bank_id=made.bank_id, path=path)
            session.add(shelf)
            session.flush()
            found[path] = shelf.id
        questions = session.query(Question).order_by(Question.code).all()
        for place, question in enumerate(questions):
            question.category_id = list(found.values())[place % 3]
            if place < 4:
                session.add_all([QuestionTag(question_id=question.id, tag_key="a", tag="A")])
            if 2 <= place < 6:
                session.add_all([QuestionTag(question_id=question.id, tag_key="b", tag="B")])
        questions[7].level = "van_dung"
        for place, status in ((10, "draft"), (11, "reviewed"), (12, "retired")):
            questions[place].status = status
        for place, valid_to in ((13, TODAY), (14, TODAY + timedelta(days=1))):
            session.query(QuestionVersion).filter_by(question_id=questions[place].id).one().valid_to = valid_to
        found["ids"] = [question.id for question in questions]
    return found


def test_it_draws_from_shelves_levels_and_tags(made, shelves):
    bank = {"bank": made.bank_id, "count": 1}
    everything, law, elections, level, both = codes(
        [
            bank, {**bank, "category": shelves["Luật"]}, {**bank, "category": shelves["Luật / Bầu cử"]}, {**bank, "level": "van_dung"},
            {**bank, "tags": ["a", "b"]},
        ]
    )  # fmt: skip
    assert not {"10", "11", "12", "13"} & set(everything)
    assert "14" in everything
    assert len(everything) == 26
    assert {int(code) % 3 for code in law} == {0, 1}
    assert {int(code) % 3 for code in elections} == {1}
    assert (level, both) == (["07"], ["02", "03"])
    assert "13" in codes([bank], TODAY - timedelta(days=1))[0]


def test_it_takes_a_chosen_question_unless_nobody_has_read_it(made, shelves):
    assert codes([{"question": shelves["ids"][place]} for place in (3, 10, 11, 12, 13)]) == [["03"], [], [], ["12"], ["13"]]


def test_it_refuses_a_paper_that_cannot_be_made(make_quiz, people):
    made = make_quiz(blueprint=[{"bank": 1, "count": 31}])
    with pytest.raises(DomainError) as refusal:
        start(made, people.hanh)
    assert refusal.value.code == "pool_too_small"


def test_it_writes_marks_and_sections_into_the_attempt(made, shelves, people):
    with transaction() as session:
        stored = session.get_one(Quiz, made.quiz_id)
        stored.blueprint = [
            {"bank": made.bank_id, "count": 2, "tags": ["a"], "mark": "2.5"},
            {"bank": made.bank_id, "count": 3, "section": 1},
        ]
        stored.sections = [{"title": "Một"}, {"title": "Hai"}]
    attempt = row_of(start(made, people.hanh))
    assert attempt.max_mark == 8
    assert [one.get("max", "1") for one in attempt.paper] == ["2.5", "2.5", "1", "1", "1"]
    assert [one["section"] for one in attempt.paper] == [0, 0, 1, 1, 1]
    connection = db.session.connection()
    again = draw_paper(connection, plan_of(attempt.quiz), attempt.seed, clock.now().date())
    assert again == attempt.paper


def test_it_previews_without_writing(made):
    stored = db.session.get_one(Quiz, made.quiz_id)
    seen = services.preview_paper(stored, "ab" * 32, clock.now())
    assert len(seen) == 20
    assert db.session.scalar(sa.text("SELECT count(*) FROM attempts")) == 0
    assert db.session.get_one(Bank, made.bank_id)
