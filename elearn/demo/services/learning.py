"""Writes courses under way: who reads what, how far, and who has passed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from elearn.courses.models import Course, CourseEdition, Lesson, LessonProgress, Taking
from elearn.courses.rules.completion import is_complete
from elearn.demo.rules.sittings import Sitting, moment
from elearn.demo.services.organisation import Known
from elearn.demo.services.sittings import Sat, write_sittings
from elearn.demo.services.writing import advance_sequences, insert_all, next_id
from elearn.quizzes.models import Quiz

BUSY_SHARE = 0.4
"""Share of the members who read a course."""
MOST_READERS = 12_000
"""Readers that are invented at most, so that a large organisation loads within a minute."""
MOST_QUIZZES = 250
"""People of one course whose quiz is invented answer by answer; the others have read but not sat it yet."""


@dataclass(frozen=True)
class Edition:
    """An edition in force, with the number of parts of each lesson."""

    course: str
    id: int
    quiz_id: int | None
    question_count: int
    time_limit: int
    pass_percent: int
    parts: tuple[tuple[int, int], ...]


@dataclass
class Reading:
    """What one person does with one edition: lessons read, and the sittings of its quiz by the share that goes wrong."""

    person: Known
    started_at: datetime
    lessons_done: int
    wrong_shares: tuple[float, ...] = ()
    last_read_at: datetime | None = None


def list_editions(connection: Connection) -> dict[str, Edition]:
    """Editions in force by the code of their course."""
    query = (
        select(
            Course.code, CourseEdition.id, CourseEdition.quiz_id, Quiz.question_count, Quiz.time_limit_seconds, Quiz.pass_percent
        )
        .join(CourseEdition, (CourseEdition.course_id == Course.id) & (CourseEdition.number == Course.edition_number))
        .outerjoin(Quiz, Quiz.id == CourseEdition.quiz_id)
        .where(Course.is_published)
        .order_by(Course.position, Course.id)
    )
    found = {}
    for code, edition_id, quiz_id, questions, seconds, percent in connection.execute(query).all():
        lessons = select(Lesson.id, Lesson.parts).where(Lesson.edition_id == edition_id).order_by(Lesson.position)
        parts = tuple((number, len(cut)) for number, cut in connection.execute(lessons))
        found[code] = Edition(code, edition_id, quiz_id, questions or 0, seconds or 0, percent or 0, parts)
    return found


def plan_readings(
    luck: random.Random, people: Sequence[Known], editions: Mapping[str, Edition], now: datetime
) -> dict[str, list[Reading]]:
    """Readings by course: two members in five read something, the older ones fewer."""
    plans: dict[str, list[Reading]] = {code: [] for code in editions}
    codes = list(editions)
    share = min(BUSY_SHARE, MOST_READERS / max(1, len(people)))
    for person in people:
        if luck.random() > share * (1.15 if person.birth_year > 1965 else 0.6):
            continue
        for code in luck.sample(codes, min(len(codes), luck.choice((1, 1, 1, 2, 2, 3)))):
            plans[code].append(plan_reading(luck, person, editions[code], now))
    for readings in plans.values():
        for reading in [one for one in readings if one.wrong_shares][MOST_QUIZZES:]:
            reading.wrong_shares = ()
    return plans


def plan_reading(luck: random.Random, person: Known, edition: Edition, now: datetime) -> Reading:
    """How far one person comes: half read to the end, most of those sit the quiz, one in seven fails at first."""
    count = len(edition.parts)
    done = count if luck.random() < 0.5 else luck.randrange(0, count + 1)
    shares: tuple[float, ...] = ()
    if done == count and luck.random() < 0.8:
        shares = (luck.betavariate(2, 11),) if luck.random() < 0.86 else (luck.uniform(0.45, 0.65),)
        if shares[0] > 0.4 and luck.random() < 0.6:
            shares = (*shares, luck.betavariate(2, 9))
    return Reading(person, moment(luck, now - timedelta(days=60), now - timedelta(days=2)), done, shares)


def write_readings(
    connection: Connection,
    edition: Edition,
    readings: Sequence[Reading],
    luck: random.Random,
    now: datetime,
    tell: Callable[[int], None] | None = None,
) -> None:
    """Write takings, progress and quizzes of one edition."""
    for reading in readings:
        hours = max(1.0, min(24.0 * 30, (now - reading.started_at) / timedelta(hours=1) - 2))
        reading.last_read_at = reading.started_at + timedelta(hours=hours * (0.1 + 0.6 * luck.random())) * bool(
            reading.lessons_done
        )
    results: dict[int, list[Sat]] = {}
    if edition.quiz_id is not None:
        for sat in write_sittings(connection, edition.quiz_id, _sittings(edition, readings, luck), luck):
            results.setdefault(sat.member_id, []).append(sat)
    first = next_id(connection, Taking)
    rows = [
        _taking(number, edition, reading, results.get(reading.person.id, []))
        for number, reading in enumerate(readings, start=first)
    ]
    insert_all(connection, Taking, rows, tell)
    insert_all(
        connection,
        LessonProgress,
        (row for number, reading in enumerate(readings, start=first) for row in _progress(number, edition, reading, luck)),
    )
    if rows:
        advance_sequences(connection, Taking)


def _sittings(edition: Edition, readings: Sequence[Reading], luck: random.Random) -> Iterator[tuple[Known, int, Sitting]]:
    for reading in readings:
        assert reading.last_read_at is not None
        begin = reading.last_read_at + timedelta(minutes=luck.randint(3, 50))
        for number, share in enumerate(reading.wrong_shares, start=1):
            seconds = round(edition.time_limit * luck.triangular(0.2, 0.9, 0.45))
            yield reading.person, number, Sitting(begin, seconds, round(share * edition.question_count))
            begin += timedelta(seconds=seconds, minutes=luck.randint(20, 400))


def _taking(number: int, edition: Edition, reading: Reading, results: Sequence[Sat]) -> dict[str, Any]:
    passed_at = min((sat.submitted_at for sat in results if sat.is_passed), default=None)
    best = max(results, key=lambda sat: sat.mark, default=None)
    is_done = is_complete(reading.lessons_done, len(edition.parts), edition.quiz_id is not None, passed_at is not None)
    assert reading.last_read_at is not None
    return {
        "id": number, "member_id": reading.person.id, "edition_id": edition.id, "started_at": reading.started_at,
        "last_read_at": reading.last_read_at, "lessons_done": reading.lessons_done, "passed_at": passed_at,
        "best_attempt_id": best.attempt_id if best else None,
        "completed_at": max(passed_at or reading.last_read_at, reading.last_read_at) if is_done else None,
    }  # fmt: skip


def _progress(number: int, edition: Edition, reading: Reading, luck: random.Random) -> Iterator[dict[str, Any]]:
    assert reading.last_read_at is not None
    step = (reading.last_read_at - reading.started_at) / max(1, reading.lessons_done)
    for index, (lesson_id, parts) in enumerate(edition.parts[: reading.lessons_done + 1]):
        is_done = index < reading.lessons_done
        read = parts if is_done else luck.randrange(0, parts)
        if not is_done and (read == 0 or reading.wrong_shares):
            continue
        at = reading.started_at + step * (index + 1) if is_done else reading.last_read_at
        yield {
            "taking_id": number, "lesson_id": lesson_id, "part": min(read + 1, parts), "offset_permille": 0,
            "parts_done": list(range(1, read + 1)), "updated_at": at, "completed_at": at if is_done else None,
        }  # fmt: skip
