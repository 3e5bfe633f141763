"""Statistics of a quiz: which attempts are taken, what is kept, the officers' pages, and who may see them."""

from __future__ import annotations

import io
import json
import sys
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.jobs.services import work_off
from elearn.lib.errors import NotFound
from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes import services
from elearn.quizzes.models import Attempt, Correction, QuizStatistics
from elearn.quizzes.queries.statistics import changed_since
from elearn.quizzes.services import Save
from elearn.quizzes.services.analysing import analyse_quiz
from elearn.units.models import Unit
from tests.cast import PEOPLE

NOT_DEFINED = ("sd", "skewness", "kurtosis", "cic", "error_ratio", "standard_error")
EVERYBODY = [number for number, *_ in PEOPLE.values()]
PAGE = "/admin/quizzes/thu/statistics"


@pytest.fixture
def fixed(make_quiz):
    """A quiz of three questions that everybody gets, in mixed order, each taken up to three times."""
    made = make_quiz(prediction_prompt="", attempt_limit=3)
    with transaction() as session:
        numbers = session.scalars(select(Question.id).order_by(Question.code).limit(3)).all()
        session.get(services.starting.Quiz, made.quiz_id).blueprint = [{"question": number} for number in numbers]
        session.get(services.starting.Quiz, made.quiz_id).question_count = 3
    return made


def sit(quiz_id, member_id, right, wrong="sai một"):
    """Submit an attempt in which those questions (by the number in their words) are answered well, the others with an option."""
    attempt_id = services.start_attempt(quiz_id, member_id, 3, clock.now())
    paper = db.session.get(Attempt, attempt_id).paper
    for slot, asked in enumerate(paper, start=1):
        version = db.session.get(QuestionVersion, asked["version"])
        number = int(version.text.split()[2].rstrip("?"))
        texts = [version.body["options"][index]["text"] for index in asked["order"]]
        label = "ABCD"[texts.index(f"đúng {number}" if number in right else wrong)]
        services.save_response(attempt_id, member_id, Save(slot, label, slot, f"k{slot}"), clock.now())
    services.submit_attempt(attempt_id, member_id, "end", clock.now())
    return attempt_id


def item(data, question, kind="slot"):
    return next(one for one in data["items"] if one["question"] == question and one["kind"] == kind)


def test_it_says_not_defined_of_an_empty_quiz(app, made):
    printed = app.test_cli_runner().invoke(args=["quizzes", "statistics", "thu", "--json"])
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.output)
    assert (told["people"], told["attempts"], told["items"]) == (0, 0, [])
    assert told["whole"] == {"n": 0, **dict.fromkeys(("mean", "median", *NOT_DEFINED))}


def test_it_says_not_defined_of_a_single_attempt(fixed, people):
    sit(fixed.quiz_id, people.hanh.member_id, {0, 1})
    data = analyse_quiz(fixed.quiz_id, "best", clock.now()).data
    assert (data["whole"]["n"], data["whole"]["mean"], data["whole"]["median"]) == (1, 2, 2)
    assert [data["whole"][name] for name in NOT_DEFINED] == [None] * 6
    assert [item(data, f"thu-0{number}")["facility"] for number in range(3)] == [1, 1, 0]
    assert [item(data, f"thu-0{number}")["discrimination_index"] for number in range(3)] == [None] * 3


def test_it_says_not_defined_of_equal_marks(app, fixed):
    for member_id in EVERYBODY:
        sit(fixed.quiz_id, member_id, {0, 1})
    data = analyse_quiz(fixed.quiz_id, "all", clock.now()).data
    assert (data["whole"]["n"], data["whole"]["mean"], data["whole"]["sd"]) == (14, 2, 0)
    assert [data["whole"][name] for name in NOT_DEFINED[1:]] == [None] * 5
    one = item(data, "thu-00")
    assert (one["sd"], one["covariance"], one["effective_weight"], one["discriminative_efficiency"]) == (0, 0, None, None)
    json.dumps(data, allow_nan=False)
    text = app.test_cli_runner().invoke(args=["quizzes", "statistics", str(fixed.quiz_id)])
    assert text.exit_code == 0
    assert "14 người, 14 lượt" in text.output


def test_it_takes_the_attempts_that_are_asked_for(fixed, people):
    for right in ({0}, {0, 1, 2}, {0, 1}):
        sit(fixed.quiz_id, people.hanh.member_id, right)
    sit(fixed.quiz_id, people.binh.member_id, {2})
    means = {}
    for which in ("first", "best", "last", "all"):
        found = analyse_quiz(fixed.quiz_id, which, clock.now())
        means[which] = (found.people, found.attempts, found.data["whole"]["mean"])
    assert means == {"first": (2, 2, 1), "best": (2, 2, 2), "last": (2, 2, 1.5), "all": (2, 4, 1.75)}


def test_it_leaves_out_what_is_not_complete_or_not_counted(fixed, people):
    late, waiting = (sit(fixed.quiz_id, one.member_id, {0}) for one in (people.hanh, people.binh))
    sit(fixed.quiz_id, people.lan.member_id, {0, 1})
    with transaction() as session:
        session.execute(update(Attempt).where(Attempt.id == late).values(is_discarded=True))
        session.execute(update(Attempt).where(Attempt.id == waiting).values(is_pending=True))
    found = analyse_quiz(fixed.quiz_id, "all", clock.now())
    assert (found.people, found.attempts, found.data["whole"]["mean"]) == (1, 1, 2)
    assert (found.data["submitted"], found.data["pending"], found.data["discarded"]) == (3, 1, 1)


def test_it_counts_the_answer_that_counts(fixed, people):
    attempt_id = services.start_attempt(fixed.quiz_id, people.hanh.member_id, 3, clock.now())
    asked = db.session.get(Attempt, attempt_id).paper[0]
    version = db.session.get(QuestionVersion, asked["version"])
    texts = [version.body["options"][index]["text"] for index in asked["order"]]
    for client_seq, words in ((2, "sai hai"), (1, "sai một")):  # the second request is an older save that came late
        save = Save(1, "ABCD"[texts.index(words)], client_seq, f"k{client_seq}")
        services.save_response(attempt_id, people.hanh.member_id, save, clock.now())
    services.submit_attempt(attempt_id, people.hanh.member_id, "end", clock.now())
    data = analyse_quiz(fixed.quiz_id, "all", clock.now()).data
    counts = {one["model"]: one["count"] for one in item(data, version.question.code)["options"]}
    assert counts == {version.body["options"][0]["text"]: 0, "sai một": 0, "sai hai": 1, "cả ba": 0}
    others = [one for one in data["items"] if one["question"] != version.question.code]
    assert [{one["model"]: one["count"] for one in other["options"]}["[NO RESPONSE]"] for other in others] == [1, 1]


def test_it_gives_rows_to_the_questions_of_a_pool(made):
    for member_id in EVERYBODY:
        sit(made.quiz_id, member_id, set(range(0, 30, 1 + member_id % 3)))
    data = analyse_quiz(made.quiz_id, "best", clock.now()).data
    slots = [one for one in data["items"] if one["kind"] == "slot"]
    questions = [one for one in data["items"] if one["kind"] == "question"]
    assert [one["slot"] for one in slots] == list(range(1, 21))
    assert all(one["question"] is None and one["in_larger_pool"] and one["s"] == 14 for one in slots)
    assert sum(one["s"] for one in questions) == 14 * 20
    assert {(one["slot"], one["last_slot"]) for one in questions} == {(1, 20)}
    assert all(sum(option["count"] for option in one["options"]) == one["s"] for one in questions)


def test_it_has_no_row_for_a_question_taken_out(fixed):
    for member_id in EVERYBODY:
        sit(fixed.quiz_id, member_id, {0} if member_id % 2 else {1})
    with transaction() as session:
        version = session.scalars(
            select(QuestionVersion.id).join(Question, Question.id == QuestionVersion.question_id).where(Question.code == "thu-01")
        ).one()
        session.add(
            Correction(
                quiz_id=fixed.quiz_id, version_id=version, kind="drop", detail={"how": "remove"}, reason="sai", state="applied", made_by_id=4,
                made_by_name="Kiên", made_at=clock.now(), applied_at=clock.now(),
            )
        )  # fmt: skip
        for attempt in session.scalars(select(Attempt)):
            # What the correction does to an attempt: its marks as they are now.
            attempt.marks = [
                "0" if asked["version"] == version else mark for asked, mark in zip(attempt.paper, attempt.marks, strict=True)
            ]
            attempt.mark = sum(map(Decimal, attempt.marks), Decimal(0))
    data = analyse_quiz(fixed.quiz_id, "best", clock.now()).data
    assert [one["question"] for one in data["items"]] == ["thu-00", "thu-02"]
    assert (data["max_mark"], data["whole"]["mean"]) == (2, 0.5)


def test_it_warns_in_words(app, as_, fixed):
    """The strong answer 0 and 2 well and choose a wrong option of 1, which the weak answer well."""
    for member_id in EVERYBODY:
        sit(fixed.quiz_id, member_id, {0, 2} if member_id % 2 else {1}, "sai hai")
    data = analyse_quiz(fixed.quiz_id, "best", clock.now()).data
    codes = {one["question"]: [warning["code"] for warning in one["warnings"]] for one in data["items"]}
    assert "negative" in codes["thu-01"]
    assert "beats_key" in codes["thu-01"]
    assert "never_chosen" in codes["thu-02"]
    page = as_("yen").get(PAGE + "?which=best").text
    assert "Người có tổng điểm thấp làm câu này tốt hơn" in page
    one = as_("yen").get(f"{PAGE}/items/2?question=thu-01&which=best")
    assert one.status_code == 200
    assert "Nhóm điểm cao chọn phương án “sai hai” nhiều hơn đáp án" in one.text
    assert "<svg" in one.text
    for text in ("Hiệu suất phân biệt", "Trên 30% là tốt"):
        assert text in one.text


@pytest.mark.parametrize("name", ["kien", "dung", "mai", "yen", "phuoc", "thanh"])
def test_it_shows_them_to_those_who_may(as_, fixed, name):
    with transaction() as session:
        binh_minh = session.scalars(select(Unit).where(Unit.code == "binh-minh")).one()
        session.get(services.starting.Quiz, fixed.quiz_id).unit_id = binh_minh.id
    page = as_(name).get(PAGE)
    assert page.status_code == 200
    assert "Chưa tính số liệu" in page.text


@pytest.mark.parametrize(("name", "status"), [("hanh", 403), ("quang", 403), ("thuan", 404)])
def test_it_shows_them_to_nobody_else(as_, fixed, name, status):
    analyse_quiz(fixed.quiz_id, "best", clock.now())
    for path in (PAGE, f"{PAGE}/items/1", f"{PAGE}.xlsx"):
        assert as_(name).get(path).status_code == status, path
    assert as_(name).post(PAGE).status_code == status
    assert as_("kien").get("/admin/quizzes/khong-co/statistics").status_code == 404
    with pytest.raises(NotFound):
        analyse_quiz(999_999, "best", clock.now())


def test_it_works_them_out_in_the_background_only(as_, fixed, people, monkeypatch):
    sit(fixed.quiz_id, people.hanh.member_id, {0, 1})
    assert db.session.scalars(select(QuizStatistics)).all() == []  # nothing of it at submission
    officer = as_("mai")
    with monkeypatch.context() as patch:
        patch.setattr("elearn.quizzes.services.analysing.analyse_quiz", lambda *_: pytest.fail("worked out in a request"))
        queued = officer.post(PAGE, data={"which": "first"})
        assert queued.status_code == 302
        assert "/jobs/" in queued.headers["Location"]
    assert work_off() == 1
    page = officer.get(PAGE + "?which=first")
    assert "Tính đến" in page.text
    assert "chưa tính những thay đổi mới" not in page.text
    sit(fixed.quiz_id, people.binh.member_id, {0})
    page = officer.get(PAGE + "?which=first")
    assert "Có 1 lượt nộp sau đó." in page.text


def test_it_says_when_corrections_came_since(fixed, people):
    sit(fixed.quiz_id, people.hanh.member_id, {0})
    analyse_quiz(fixed.quiz_id, "best", clock.now())
    found = db.session.get(QuizStatistics, (fixed.quiz_id, "best"))
    assert not changed_since(fixed.quiz_id, found).is_old
    with transaction() as session:
        version = session.scalars(select(QuestionVersion.id)).first()
        session.add(
            Correction(
                quiz_id=fixed.quiz_id, version_id=version, kind="drop", detail={"how": "give"}, reason="sai", state="applied", made_by_id=4,
                made_by_name="Kiên", made_at=clock.now(), applied_at=clock.now(),
            )
        )  # fmt: skip
    assert changed_since(fixed.quiz_id, db.session.get(QuizStatistics, (fixed.quiz_id, "best"))).has_corrections


@pytest.mark.parametrize("order", ["", "&order=falling"])
@pytest.mark.parametrize("sort", ["slot", "s", "facility", "discrimination_index", "effective_weight", "warnings", "khong-co"])
def test_it_sorts_the_items(as_, fixed, sort, order):
    for member_id in EVERYBODY:
        sit(fixed.quiz_id, member_id, set(range(member_id % 4)))
    analyse_quiz(fixed.quiz_id, "best", clock.now())
    page = as_("yen").get(f"{PAGE}?sort={sort}{order}").text
    places = [page.index(f"question=thu-0{number}") for number in range(3)]
    expected = {"slot": [0, 1, 2], "khong-co": [0, 1, 2], "facility": [2, 1, 0]}.get(sort)
    if expected and sort != "khong-co":
        found = sorted(range(3), key=places.__getitem__)
        assert found == (expected[::-1] if order else expected)


def test_it_answers_nonsense_in_addresses(as_, fixed, people):
    sit(fixed.quiz_id, people.hanh.member_id, {0})
    analyse_quiz(fixed.quiz_id, "best", clock.now())
    officer = as_("yen")
    assert officer.get(PAGE + "?which=khong-co&page=99&sort=1").status_code == 200
    assert officer.get(f"{PAGE}/items/99").status_code == 404
    assert officer.get(f"{PAGE}/items/1?question=khong-co").status_code == 404
    assert officer.get(f"{PAGE}.xlsx?which=last").status_code == 404


def test_it_writes_an_excel_file(as_, fixed):
    for member_id in EVERYBODY:
        sit(fixed.quiz_id, member_id, set(range(member_id % 4)))
    analyse_quiz(fixed.quiz_id, "best", clock.now())
    answer = as_("yen").get(f"{PAGE}.xlsx?which=best")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    head = next(place for place, row in enumerate(rows) if row[0] == "Câu")
    items = [row for row in rows[head + 1 :] if row[1] and not str(row[3]).startswith("    ")]
    assert [row[1] for row in items] == ["thu-00", "thu-01", "thu-02"]
    assert items[0][rows[head].index("Độ dễ")] == pytest.approx(11 / 14)
    assert sum(str(row[3]).startswith("    ") for row in rows) >= 12


def test_it_refuses_a_quiz_that_is_not_there(app):
    printed = app.test_cli_runner().invoke(args=["quizzes", "statistics", "khong-co"])
    assert printed.exit_code == 1
    assert "khong-co" in printed.output


def test_it_loads_numpy_only_where_it_is_needed(data_path):
    import subprocess

    program = "import sys; import elearn.quizzes.views, elearn.quizzes.wiring, elearn.quizzes.cli; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
