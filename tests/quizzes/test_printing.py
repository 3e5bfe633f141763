"""Papers for print: several codes from one seed, sheets for answers, and a key that fits them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.core.markdown import render_rich
from elearn.jobs.models import Job
from elearn.jobs.services import work_off
from elearn.questions.models import Question
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.drawing import draw_paper, plan_of
from elearn.quizzes.rules.sheets import (
    DIRECTLY,
    codes_from,
    fingerprint,
    key_words,
    pictures_in,
    run_in,
    seed_of,
    sheets_of,
    tree_of,
    with_blanks,
)
from elearn.quizzes.services import printing
from elearn.quizzes.services.printing import Header, Order, draw_papers
from tests.quizzes.conftest import CANARY, HIDDEN, Made

SEED = "4af224088c376c2e"
FORM = {
    "count": "3", "first": "101", "same": "same", "seed": SEED, "superior": "", "issuer": "Ban Tuyên giáo", "heading": "", "motto": "",
    "place": "", "title": "Đề kiểm tra", "subject": "Bài thử", "duration": "", "note": "",
}  # fmt: skip


def order(*codes: str, **changes) -> Order:
    return Order(codes or ("101", "102", "103"), SEED, header=Header(title="Đề kiểm tra", subject="Bài thử"), **changes)


def quiz_of(made: Made) -> Quiz:
    return db.session.get(Quiz, made.quiz_id)


def test_it_draws_the_same_papers_from_the_same_seed(made):
    first, again = (draw_papers(quiz_of(made), order(), clock.now()) for _ in range(2))
    assert first == again
    assert len({paper.fingerprint for paper in first}) == 3
    others = draw_papers(quiz_of(made), Order(("101",), "00" * 8), clock.now())
    assert others[0].fingerprint != first[0].fingerprint


def test_it_gives_all_codes_the_same_questions_or_each_its_own(made):
    same = draw_papers(quiz_of(made), order(), clock.now())
    assert len({frozenset(question.version for question in paper.questions) for paper in same}) == 1
    assert len({tuple(question.version for question in paper.questions) for paper in same}) == 3
    own = draw_papers(quiz_of(made), order(is_same=False), clock.now())
    assert len({frozenset(question.version for question in paper.questions) for paper in own}) == 3


def test_it_keeps_the_questions_that_the_quiz_gives_to_everybody(make_quiz):
    made = make_quiz(paper_seed="ab" * 32)
    quiz = quiz_of(made)
    drawn = draw_paper(db.session.connection(), plan_of(quiz), "cd" * 32, clock.now().date())
    for paper in draw_papers(quiz, order(is_same=False), clock.now()):
        assert {question.version for question in paper.questions} == {asked["version"] for asked in drawn}


def test_it_writes_a_key_that_fits_the_paper(made):
    for paper in draw_papers(quiz_of(made), order(), clock.now()):
        assert [question.number for question in paper.answers] == list(range(1, 21))
        for question in paper.answers:
            number = int(question.code.removeprefix("thu-"))
            place = question.control["options"].index([f"đúng {number}"])
            assert question.key == "ABCD"[place]
            assert question.stem == [f"Câu thử {number}?"]
            assert question.control["options"][3] == ["cả ba"]  # must stay last


def test_it_prints_every_type_and_numbers_only_what_is_asked(make_every):
    paper = draw_papers(quiz_of(make_every()), order("101"), clock.now())[0]
    assert [question.number for question in paper.questions] == [*range(1, 11), None]
    kinds = [question.control["kind"] for question in paper.questions]
    assert kinds == ["radio", "checkbox", "radio", "text", "number", "match", "sort", "gaps", "number", "essay", "none"]
    keys = {question.code.removeprefix("ml-"): question.key for question in paper.questions}
    assert keys["true_false"] == "A"
    assert keys["short_answer"] == "CANARY-ANSWER"
    assert keys["essay"] == "–"
    assert keys["multiple_choice"] in ("A, B", "A, C", "B, C")
    assert re.fullmatch("1–[AB], 2–[AB]", keys["matching"])
    assert sorted(keys["ordering"].split(" → ")) == ["A", "B", "C"]
    assert paper.questions[9].mark == "2 điểm"


def test_it_sends_nothing_of_the_key_to_the_typesetter_of_papers(make_every, monkeypatch):
    made = make_every()
    seen: list[str] = []
    monkeypatch.setattr(printing, "set_pdf", lambda template, data: seen.append(json.dumps(data, ensure_ascii=False)) or b"")
    papers = draw_papers(quiz_of(made), order(), clock.now())
    printing.papers_pdf(quiz_of(made), papers, order())
    printing.sheets_pdf(papers, order())
    assert len(seen) == 2
    assert not [word for word in HIDDEN if any(word in text for text in seen)]
    assert '"key"' not in "".join(seen)


@pytest.mark.parametrize("output", printing.OUTPUTS)
def test_it_sets_every_file(make_every, output):
    data = printing.make_file(output, quiz_of(make_every()), order(), clock.now())
    assert data.startswith({"pdf": b"%PDF", "xlsx": b"PK", "zip": b"PK"}[printing.ending_of(output, 3)])


def test_it_writes_the_key_as_excel_a_column_for_each_code(made):
    papers = draw_papers(quiz_of(made), order(), clock.now())
    book = CalamineWorkbook.from_filelike(io.BytesIO(printing.key_excel(papers, order())))
    rows = book.get_sheet_by_index(0).to_python()
    head = next(place for place, row in enumerate(rows) if row and row[0] == "Câu")
    assert rows[head][1:4] == ["Mã đề 101", "Mã đề 102", "Mã đề 103"]
    told = [row[1:4] for row in rows[head + 1 :]]
    assert told == [[paper.answers[place].key for paper in papers] for place in range(20)]
    assert all(paper.fingerprint in str(rows) for paper in papers)


def test_it_prints_pictures_tables_and_formulas(app, make_every):
    made = make_every()
    with transaction() as session:
        question = session.scalars(sa.select(Question).where(Question.code == "ml-numeric")).one()
        session.execute(
            sa.text("UPDATE question_versions SET text = :text, text_format = 'html' WHERE question_id = :id"),
            {
                "id": question.id,
                "text": r"<p>Biết \(v=\frac{s}{t}\), \(\sqrt[3]{x_1^2}\ne\sum_{i=1}^n a_i\).</p><table><tr><th>Năm</th></tr><tr><td>1930</td></tr></table>"
                r"<ol start='3'><li>một</li></ol><pre>x  y</pre><p>\[\begin{matrix}a&b\\c&d\end{matrix}\]</p>",
            },
        )
    paper = draw_papers(quiz_of(made), order("101"), clock.now())[0]
    stem = next(question.stem for question in paper.questions if question.code == "ml-numeric")
    kinds = json.dumps(stem)
    for kind in ("eq", "frac", "root", "att", "table", "ol", "pre", "mat"):
        assert f'"t": "{kind}"' in kinds, kind
    assert printing.papers_pdf(quiz_of(made), [paper], order("101")).startswith(b"%PDF")


# The tree of a text


def words_in(tree) -> str:
    if isinstance(tree, str):
        return tree
    if isinstance(tree, dict):
        rows = [cell for row in tree.get("rows", ()) for cell in row]
        beside = [tree[name] for name in ("b", "a") if isinstance(tree.get(name), dict)]
        return words_in([*tree.get("c", ()), *beside, *rows])
    return "".join(words_in(child) for child in tree)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_it_keeps_every_word_of_plain_text(text):
    shown = render_rich({"text": text, "format": "plain"})
    assert words_in(tree_of(str(shown))).split() == text.split()


@pytest.mark.parametrize(
    ("html", "tree"),
    [
        ("a <b>b <i>c</i></b>", ["a ", {"t": "b", "c": ["b ", {"t": "i", "c": ["c"]}]}]),
        ("<p>a</p><p>b<br>c</p>", [{"t": "p", "c": ["a"]}, {"t": "p", "c": ["b", {"t": "br"}, "c"]}]),
        ("<span>a</span> <a href='x'>b</a>", ["a", " ", "b"]),
        (
            "<table><tbody><tr><td colspan='2'>a</td></tr></tbody></table>",
            [{"t": "table", "rows": [[{"c": ["a"], "h": False, "w": 2, "l": 1}]]}],
        ),
        ("<img src='/media/%s' alt='hình'>" % ("a" * 64), [{"t": "img", "d": "a" * 64, "alt": "hình"}]),
        ("<img src='/elsewhere' alt='hình'>", ["hình"]),
        ("</b>x<unknown>y", ["x", "y"]),
        ("&lt;b&gt; &amp;", ["<b> &"]),
    ],
)
def test_it_builds_the_tree(html, tree):
    assert tree_of(html) == tree


def test_it_finds_pictures_wherever_they_stand():
    one, two = "a" * 64, "b" * 64
    tree = tree_of(f"<p><b><img src='/media/{one}' alt=''></b></p><table><tr><td><img src='/media/{two}' alt=''></td></tr></table>")
    assert pictures_in(tree) == {one, two}


def test_it_runs_a_first_paragraph_in():
    assert run_in(tree_of("<p>a</p><p>b</p>")) == ["a", {"t": "p", "c": ["b"]}]
    assert run_in(["a"]) == ["a"]
    assert run_in([]) == []


def test_it_numbers_codes_blanks_and_keys():
    assert codes_from(101, 3) == ["101", "102", "103"]
    assert codes_from(1, 2) == ["001", "002"]
    assert "(1)" in with_blanks("Năm {#1}")
    assert seed_of(SEED, "101") != seed_of(SEED, "102")
    assert fingerprint([{"version": 1, "order": [0, 1]}]) != fingerprint([{"version": 1, "order": [1, 0]}])
    assert key_words("numeric", "3,14", "3,14 m") == "3,14 m"


def test_it_needs_one_sheet_where_every_code_asks_alike(made, make_every):
    papers = draw_papers(quiz_of(made), order(), clock.now())
    assert sheets_of(papers) == [("", [(number, 4) for number in range(1, 21)])]
    every = make_every(shuffle_questions=True)
    mixed = sheets_of(draw_papers(quiz_of(every), order(), clock.now()))
    assert [code for code, _ in mixed] == ["101", "102", "103"]


# The pages


def test_it_hands_out_the_papers_and_writes_that_down(as_, made):
    client = as_("kien")
    assert client.get("/admin/quizzes/thu/papers").status_code == 200
    answer = client.post("/admin/quizzes/thu/papers", data={**FORM, "do": "all"})
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert names == ["de-101-103.pdf", "phieu-tra-loi.pdf", "dap-an.pdf", "dap-an.xlsx"]
    exported = db.session.execute(
        sa.text("SELECT d.after FROM audit_entries e JOIN audit_details d ON d.seq = e.seq WHERE e.action = 'export_list'")
    )
    assert SEED in str(exported.scalar_one())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_it_gives_the_key_only_to_those_who_manage_the_quiz(as_, made):
    client = as_("thanh")  # an examiner
    page = client.get("/admin/quizzes/thu/papers").text
    assert "Đáp án (PDF)" not in page
    assert client.post("/admin/quizzes/thu/papers", data={**FORM, "do": "papers"}).mimetype == "application/pdf"
    for output in ("key", "excel", "all"):
        assert client.post("/admin/quizzes/thu/papers", data={**FORM, "do": output}).status_code == 403
    assert client.post("/admin/quizzes/thu/papers", data={**FORM, "do": "xyz"}).status_code == 404
    assert as_("mai").post("/admin/quizzes/thu/papers", data={**FORM, "do": "key"}).mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"count": "0"}, "count"),
        ({"count": "501"}, "count"),
        ({"seed": "xyz"}, "seed"),
        ({"seed": "abc"}, "seed"),
        ({"title": ""}, "title"),
    ],
)
def test_it_says_what_is_wrong_with_an_order(as_, made, changes, field):
    answer = as_("kien").post("/admin/quizzes/thu/papers", data={**FORM, "issuer": "Chi bộ 5", **changes})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert "Chi bộ 5" in answer.text


def test_it_makes_many_papers_in_the_background_for_their_owner_alone(as_, made):
    client, many = as_("kien"), DIRECTLY + 1
    answer = client.post("/admin/quizzes/thu/papers", data={**FORM, "count": str(many), "do": "papers"})
    assert answer.status_code == 302
    assert "/jobs/" in answer.headers["Location"]
    job_id = db.session.scalars(sa.select(Job.id)).one()
    ready = f"/admin/quizzes/thu/papers/ready/{job_id}"
    assert "chưa xong" in client.get(ready).text
    assert client.get(f"{ready}/file").status_code == 404
    assert work_off() == 1
    db.session.rollback()
    job = db.session.get(Job, job_id)
    assert (job.state, job.result) == ("done", {"codes": many}), job.message
    assert "Tải tệp" in client.get(ready).text
    file = client.get(f"{ready}/file")
    names = zipfile.ZipFile(io.BytesIO(file.data)).namelist()
    assert names == ["de-101-120.pdf", "de-121-121.pdf"]
    assert as_("mai").get(f"{ready}/file").status_code == 404
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert as_("kien").get(f"{ready}/file").status_code == 404


def test_it_says_that_questions_are_missing(as_, make_quiz):
    make_quiz()
    with transaction() as session:
        session.execute(sa.update(Question).values(status="retired"))
    answer = as_("kien").post("/admin/quizzes/thu/papers", data={**FORM, "do": "papers"})
    assert answer.status_code == 302
    assert CANARY not in answer.text
