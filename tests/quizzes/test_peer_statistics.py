"""Twenty-five takers sit the peer's quiz through the requests that the page sends; every mark and every statistic is the peer's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from elearn.core import clock
from elearn.core.db import db, read_connection, transaction
from elearn.courses.models import Course, CourseEdition
from elearn.lib.periods import local_day
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.models import Member, Membership
from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes.models import Attempt
from elearn.quizzes.queries.drawing import compose, plan_of, pools_of
from elearn.quizzes.services import starting
from elearn.quizzes.services.analysing import analyse_quiz
from tests import cast
from tests.quizzes import peer
from tests.quizzes.test_item_analysis import COLUMNS, LOOSE, PEER_WHOLE, near

PAPER = re.compile(r"<script type=\"application/json\" id=\"attempt\">(.*?)</script>", re.S)


@dataclass
class Sat:
    """The quiz after everybody has submitted."""

    quiz_id: int
    attempts: list[int]


def make_takers(count: int) -> list[str]:
    """So many members of the province; their logins."""
    logins = [f"nguoi{number}" for number in range(1, count + 1)]
    with transaction() as session:
        for number, login in enumerate(logins, start=1):
            name = f"Người {number}"
            session.execute(
                insert(Member).values(
                    id=500 + number, code=f"TK{number:05}", login=login, login_key=login, display_name=name, name_key=name_sort_key(name),
                    search_key=fold(f"{name} {login}"), unit_id=1, status="active", password_hash=cast._hash(), created_at=cast.LONG_AGO,
                )
            )  # fmt: skip
            session.execute(insert(Membership).values(member_id=500 + number, unit_id=1, valid_from=cast.FIRST_DAY))
    return logins


def make_course(quiz_id: int) -> None:
    """A course that ends with the quiz: the page from which it is started."""
    with transaction() as session:
        course = Course(code="doi-chieu", unit_id=1, edition_number=1)
        session.add(course)
        session.flush()
        session.add(
            CourseEdition(course_id=course.id, number=1, digest="0", title="Đối chiếu", quiz_id=quiz_id, created_at=clock.now())
        )


def find_seeds(quiz: Any, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """By (question of the pool, variant): a seed from which the real draw makes a paper with both."""
    codes = {row.id: row.code for row in db.session.execute(select(QuestionVersion.id, Question.code).join(Question))}
    found: dict[tuple[str, int], str] = {}
    with read_connection() as connection:
        plan = plan_of(quiz)
        pools = pools_of(connection, plan, local_day(clock.now()))
        number = 0
        while wanted - set(found):
            number += 1
            seed = f"{number:064x}"
            paper = compose(connection, plan, pools, seed)
            found.setdefault((codes[paper[0]["version"]], paper[1]["order"]["variant"] + 1), seed)
            assert number < 5000
    return found


@pytest.fixture
def sat(app, as_, monkeypatch) -> Sat:
    steps = peer.rows_of("steps00.csv")
    with transaction() as session:
        quiz_id = peer.make_quiz(session).id
    make_course(quiz_id)
    logins = make_takers(len(steps))
    draws = [(step["randqs.1"], int(step["variants.2"])) for step in steps]
    seeds = find_seeds(db.session.get(starting.Quiz, quiz_id), set(draws))
    attempts = []
    for login, step, draw in zip(logins, steps, draws, strict=True):
        client = as_(login)
        with monkeypatch.context() as patch:
            patch.setattr(starting.secrets, "token_hex", lambda _bytes, seed=seeds[draw]: seed)
            started = client.post("/courses/doi-chieu/quiz")
        assert started.status_code == 302, started.text
        attempt_id = int(started.headers["Location"].rsplit("/", 1)[1])
        attempts.append(attempt_id)
        page = client.get(f"/attempts/{attempt_id}")
        paper = json.loads(PAPER.search(page.text)[1])["paper"]
        told = peer.answers(step, [question["control"] for question in paper["questions"]])
        for number, (slot, response) in enumerate(told.items(), start=1):
            body = {"slot": slot, "response": response, "client_seq": number, "key": f"k{number}"}
            answer = client.post(f"/attempts/{attempt_id}/responses", json=body)
            assert answer.status_code == 200, (slot, response, answer.text)
        assert client.post(f"/attempts/{attempt_id}/submit", json={"key": "end"}).status_code == 200
    return Sat(quiz_id, attempts)


def test_it_gives_the_peers_marks_and_statistics(app, sat):
    rows = peer.rows_of("results00.csv")
    for attempt_id, row in zip(sat.attempts, rows, strict=True):
        attempt = db.session.get(Attempt, attempt_id)
        for slot, mark in enumerate(attempt.marks, start=1):
            assert abs(Decimal(mark) - Decimal(row[f"slots.{slot}.mark"])) < Decimal("0.0000001"), (row["quizattempt"], slot)
        assert abs(attempt.mark - Decimal(row["summarks"])) < Decimal("0.00001"), row["quizattempt"]

    printed = app.test_cli_runner().invoke(args=["quizzes", "statistics", "peer", "--json"])
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.output)
    assert (told["quiz"], told["which"], told["people"], told["attempts"]) == ("peer", "best", 25, 25)
    assert told["whole"]["n"] == 25
    for name, value in PEER_WHOLE.items():
        assert near(told["whole"][name], value, 1.5e-5), name
    for row in peer.rows_of("qstats00.csv"):
        item = item_of(told["items"], int(row["slot"]), row["subqname"], row["variant"])
        assert (item["s"], item["max_mark"]) == (int(row["s"]), float(row["maxmark"]))
        for theirs, ours in COLUMNS.items():
            if row[theirs] == "**NULL**":
                assert item[ours] is None, (row["slot"], ours)
            elif row[theirs]:
                assert near(item[ours], float(row[theirs]), 1e-5 if ours in LOOSE else 1e-6), (row["slot"], ours)
    assert abs(sum(item["intended_weight"] for item in told["items"] if item["kind"] == "slot") - 100) < 1e-9


def item_of(items: list[dict[str, Any]], slot: int, question: str = "", variant: str = "") -> dict[str, Any]:
    kind = "question" if question else "variant" if variant else "slot"
    found = [
        one
        for one in items
        if (one["kind"], one["slot"]) == (kind, slot)
        and question in ("", one["question"])
        and variant in ("", str(one.get("variant")))
    ]
    assert len(found) == 1, (slot, question, variant)
    return found[0]


def test_it_counts_the_peers_responses(app, sat):
    items = analyse_quiz(sat.quiz_id, "all", clock.now()).data["items"]
    for row in peer.rows_of("responsecounts00.csv"):
        slot, question = int(row["slot"]), row["randq"]
        item = item_of(items, slot, question, row["variant"] if slot == 2 else "")
        parts = list(dict.fromkeys(option["part"] for option in item["options"]))
        part = parts[int(row["subpart"]) - 1]
        options = [one for one in item["options"] if (one["part"], one["model"]) == (part, row["modelresponse"])]
        assert len(options) == 1, (row, [one["model"] for one in item["options"]])
        worded = dict(options[0]["actual"])
        count = worded.get(row["actualresponse"], options[0]["count"] - sum(worded.values()))
        assert count == int(row["totalcount"]), row
    match = item_of(items, 3)
    assert all(sum(one["count"] for one in match["options"] if one["part"] == part) == 25 for part in ("frog", "cat", "newt"))
    assert all(sum(one["by_group"]) == one["count"] and sum(match["groups"]) == 25 for one in match["options"])
