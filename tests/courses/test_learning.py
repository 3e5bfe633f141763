"""The learner's way through the client: read, go on, pass, complete."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, write_connection
from elearn.courses import queries
from elearn.courses.models import Course, LessonProgress, Taking
from elearn.members.queries import actor_of
from elearn.members.rules.permissions import Subject, may
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit
from tests import cast

PAGES = ["/courses", "/courses/khoa-thu", "/courses/khoa-thu/lessons/1?part=1", "/documents", "/documents/chi-thi-mot"]


@pytest.mark.parametrize("path", PAGES)
def test_it_shows_its_pages_to_whoever_is_signed_in(as_, course, path):
    assert as_("hanh").get(path).status_code == 200
    assert "/sign-in" in as_().get(path).headers["Location"]


@pytest.mark.parametrize(
    "path",
    ["/courses/khong-co", "/courses/khoa-thu/lessons/0", "/courses/khoa-thu/lessons/9", "/courses/khoa-thu/lessons/1?part=9",
     "/courses/khoa-thu/lessons/1?part=x", "/documents/khong-co"],
)  # fmt: skip
def test_it_knows_no_such_page(as_, course, path):
    assert as_("hanh").get(path).status_code == 404


def test_it_says_what_replaced_a_document(as_, course):
    page = as_("hanh").get("/courses/khoa-thu/lessons/1?part=1").get_data(as_text=True)
    assert "thay thế bởi" in page
    assert 'href="#source-1"' in page
    assert "Chỉ thị 02" in page.replace("\u00a0", " ").replace("\u2011", "-")


def test_it_begins_a_course_once(as_, course):
    client = as_("hanh")
    for _ in range(2):
        assert client.post("/courses/khoa-thu/start").headers["Location"].endswith("/courses/khoa-thu/lessons/1?part=1")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Taking)) == 1
    page = client.get("/courses/khoa-thu").get_data(as_text=True)
    assert "Đọc tiếp" in page
    assert "Bắt đầu học" not in page
    assert "Khoá thử" in client.get("/").get_data(as_text=True)
    assert client.get("/courses/khoa-thu/start").status_code == 405
    assert client.post("/courses/khong-co/start").status_code == 404


def test_it_leads_back_part_by_part_to_the_course(as_, course):
    client = as_("hanh")
    for here, before in (("2?part=2", "2?part=1"), ("2?part=1", "1?part=2"), ("1?part=1", None)):
        page = client.get(f"/courses/khoa-thu/lessons/{here}").get_data(as_text=True)
        wanted = f"/courses/khoa-thu/lessons/{before}" if before else "/courses/khoa-thu"
        assert f'href="{wanted}"' in page.partition('class="bottom-bar"')[2]


def test_it_keeps_the_place_of_reading(as_, course):
    client = as_("hanh")
    assert client.post("/courses/khoa-thu/lessons/2/position", json={"part": 2, "offset": 430}).status_code == 200
    answer = client.get(client.get("/courses/khoa-thu/lessons/2").headers["Location"])
    assert 'data-part="2"' in answer.get_data(as_text=True)
    assert 'data-offset="430"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "body", [{}, {"part": 9, "offset": 1}, {"part": "1", "offset": 2}, {"part": True, "offset": 2}, [], {"part": 0, "offset": 0}]
)
def test_it_refuses_a_place_that_cannot_be(as_, course, body):
    assert as_("hanh").post("/courses/khoa-thu/lessons/2/position", json=body).status_code in (400, 404)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LessonProgress)) == 0


def answer_all_right(client, attempt_id: int) -> None:
    db.session.rollback()
    for slot, asked in enumerate(db.session.get(Attempt, attempt_id).paper, start=1):
        body = {"slot": slot, "response": "ABC"[asked["order"].index(0)], "client_seq": slot, "key": f"k{slot}"}
        assert client.post(f"/attempts/{attempt_id}/responses", json=body).status_code == 200
    assert client.post(f"/attempts/{attempt_id}/submit", json={"key": "s"}).status_code == 200


def test_it_completes_at_once_when_all_is_read_and_the_quiz_is_passed(as_, course):
    client = as_("hanh")
    for lesson in (1, 2):
        assert "part=2" in client.post(f"/courses/khoa-thu/lessons/{lesson}/parts/1/done").headers["Location"]
        assert client.post(f"/courses/khoa-thu/lessons/{lesson}/parts/2/done").headers["Location"].endswith("/courses/khoa-thu")
    taking = db.session.scalars(sa.select(Taking)).one()
    assert (taking.lessons_done, taking.completed_at) == (2, None)
    attempt_id = int(client.post("/courses/khoa-thu/quiz").headers["Location"].rsplit("/", 1)[1])
    answer_all_right(client, attempt_id)
    db.session.rollback()
    taking = db.session.scalars(sa.select(Taking)).one()
    assert taking.completed_at is not None
    assert taking.best_attempt_id == attempt_id
    assert "Bạn đã hoàn thành khoá học" in client.get("/courses/khoa-thu").get_data(as_text=True)
    assert "10,0 điểm" in client.get("/").get_data(as_text=True)


def test_it_completes_also_when_the_quiz_came_first(as_, course):
    client = as_("hanh")
    attempt_id = int(client.post("/courses/khoa-thu/quiz").headers["Location"].rsplit("/", 1)[1])
    answer_all_right(client, attempt_id)
    for lesson, part in ((1, 2), (1, 1), (2, 1), (2, 2)):
        db.session.rollback()
        assert db.session.scalars(sa.select(Taking)).one().completed_at is None
        client.post(f"/courses/khoa-thu/lessons/{lesson}/parts/{part}/done")
    db.session.rollback()
    assert db.session.scalars(sa.select(Taking)).one().completed_at is not None


def test_it_does_not_complete_by_opening_pages(as_, course):
    client = as_("hanh")
    for lesson in (1, 2):
        for part in (1, 2):
            client.get(f"/courses/khoa-thu/lessons/{lesson}?part={part}")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Taking)) == 0


@pytest.mark.parametrize("path", ["lessons/1/parts/9/done", "lessons/9/parts/1/done", "lessons/1/parts/0/done"])
def test_it_refuses_to_finish_what_is_not_there(as_, course, path):
    assert as_("hanh").post(f"/courses/khoa-thu/{path}").status_code == 404


def test_it_refuses_a_course_that_is_not_open_and_says_which_rule(as_, course):
    with write_connection() as connection:
        connection.execute(sa.update(Course).values(is_published=False))
    answer = as_("hanh").get("/courses/khoa-thu")
    assert answer.status_code == 403
    assert "chưa mở cho người học" in answer.get_data(as_text=True)
    assert as_("yen").get("/courses/khoa-thu").status_code == 200
    assert "Khoá thử" in as_("yen").get("/courses").get_data(as_text=True)
    assert "Khoá thử" not in as_("hanh").get("/courses").get_data(as_text=True)
    for action in ("start", "quiz", "edition", "lessons/1/parts/1/done"):
        assert as_("hanh").post(f"/courses/khoa-thu/{action}").status_code == 403


@pytest.mark.parametrize("words", ["02", "thu tiep", "CHI THI"])
def test_it_finds_documents_without_accents(as_, course, words):
    assert "thử tiếp" in as_("hanh").get("/documents", query_string={"q": words}).get_data(as_text=True)


def test_it_speaks_english_too(as_, course):
    client = as_("hanh")
    client.set_cookie("language", "en")
    assert "Trial course" in client.get("/courses").get_data(as_text=True)


@pytest.mark.parametrize("owner", [1, 2, 5])
@pytest.mark.parametrize("is_published", [True, False])
def test_it_lists_exactly_the_courses_that_may_be_read(course, owner, is_published):
    with write_connection() as connection:
        connection.execute(sa.update(Course).values(is_published=is_published, unit_id=owner))
    for login, (number, _, unit, _) in cast.PEOPLE.items():
        actor = actor_of(number, cast.unit_path(unit), clock.now())
        allowed = may(actor, "course.read", Subject(db.session.get(Unit, owner).path, is_public=is_published))
        assert bool(queries.list_catalogue(actor)) == allowed, login
