"""Writes a contest with a past, a running and an upcoming round, and those who have taken part."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from elearn.contests.models import Contest, Entry, Round
from elearn.demo.rules.calendar import Window, rounds_around
from elearn.demo.rules.sittings import Sitting, contest_sittings, guess
from elearn.demo.services.organisation import Known
from elearn.demo.services.sittings import write_sittings
from elearn.demo.services.writing import advance_sequences, insert_all, next_id
from elearn.questions.models import Bank
from elearn.quizzes.services import QuizSpec, create_quiz

CODE = "tim-hieu-cac-ky-dai-hoi-dang"
TITLE = "Tìm hiểu các kỳ Đại hội Đảng"
BANK = "cac-ky-dai-hoi-dang"
QUESTIONS = (("nhan_biet", 9), ("thong_hieu", 7), ("van_dung", 4))
TIME_LIMIT = 10 * 60
ATTEMPTS = 7
MINIMUM_AGE = 14
EXCLUDED = ("contest_officer", "content_editor", "reviewer")
CRITERIA = ("most_correct", "nearest_prediction", "shorter_time", "earlier_submission")
PRIZES = (
    ("Giải Nhất", "First prize", 1),
    ("Giải Nhì", "Second prize", 2),
    ("Giải Ba", "Third prize", 3),
    ("Giải Khuyến khích", "Consolation prize", 5),
)
PROMPT = "Theo bạn, vòng này có bao nhiêu người trả lời đúng tất cả các câu?"
MOST_ENTRANTS = (2800, 1400)
"""People of the past and of the running round whose attempts are invented answer by answer."""


def make_contest(session: Session, unit_id: int, now: datetime) -> list[Round]:
    """The published contest; returns its rounds, the past one first."""
    windows = rounds_around(now)
    contest = Contest(
        code=CODE, join_code="260119", title=TITLE, title_en="Know the Party congresses", unit_id=unit_id,
        lead="Ba tuần tìm hiểu mười bốn kỳ đại hội đại biểu toàn quốc, từ năm 1935 đến năm 2026. Mỗi tuần một vòng, ai cũng dự được.",
        organiser_name="Ban Tuyên giáo và Dân vận Tỉnh uỷ An Sơn", minimum_age=MINIMUM_AGE, excluded_roles=list(EXCLUDED),
        criteria=list(CRITERIA), prizes=[{"title": title, "title_en": title_en, "count": count} for title, title_en, count in PRIZES],
        rules_frozen_at=windows[0].opens_at, is_published=True,
    )  # fmt: skip
    session.add(contest)
    session.flush()
    rounds = [_make_round(session, contest, number, window) for number, window in enumerate(windows, start=1)]
    session.flush()
    return rounds


def _make_round(session: Session, contest: Contest, number: int, window: Window) -> Round:
    bank_id = session.scalars(select(Bank.id).where(Bank.code == BANK)).one()
    title, title_en = f"Tuần {number}", f"Week {number}"
    quiz = create_quiz(
        session,
        QuizSpec(
            code=f"contest:{CODE}:{number}", title=title, title_en=title_en, place=TITLE, unit_id=contest.unit_id,
            blueprint=[{"bank": bank_id, "level": level, "count": count} for level, count in QUESTIONS],
            time_limit_seconds=TIME_LIMIT, attempt_limit=ATTEMPTS, opens_at=window.opens_at, closes_at=window.closes_at,
            prediction_prompt=PROMPT, prediction_unit="người", review="after_close",
        ),
    )  # fmt: skip
    found = Round(
        contest_id=contest.id, number=number, title=title, title_en=title_en, quiz_id=quiz.id, opens_at=window.opens_at,
        closes_at=window.closes_at,
    )  # fmt: skip
    session.add(found)
    return found


def plan_round(
    luck: random.Random, people: Sequence[Known], share: float, most: int, window: Window, until: datetime
) -> list[tuple[Known, list[Sitting]]]:
    """Who takes part and how, up to `until`; each prediction is made around the number of people that will be all right."""
    chosen = luck.sample(people, min(most, round(len(people) * share)))
    questions = sum(count for _, count in QUESTIONS)
    plans = [
        (person, contest_sittings(luck, window.opens_at, min(until, window.closes_at), questions, ATTEMPTS, TIME_LIMIT))
        for person in chosen
    ]
    return [(person, sittings) for person, sittings in plans if sittings]


def guided_plans(learners: Sequence[Known], turn: int, window: Window, now: datetime) -> list[tuple[Known, list[Sitting]]]:
    """What the guided learners do: in the past round three attempts, the last one of the first learner all right; one in this round."""
    hour = timedelta(hours=1)
    if turn == 0:
        begin = window.opens_at + 33 * hour
        return [
            (learners[0], [Sitting(begin, 641, 4), Sitting(begin + hour, 512, 1), Sitting(begin + 3 * hour, 421, 0)]),
            (learners[1], [Sitting(begin + 9 * hour, 803, 6), Sitting(begin + 10 * hour, 766, 2)]),
        ]
    begin = window.opens_at + (now - window.opens_at) * 0.6
    return [(learners[0], [Sitting(begin.replace(microsecond=0), 533, 2)])]


def add_predictions(luck: random.Random, plans: list[tuple[Known, list[Sitting]]], near: Mapping[int, int]) -> None:
    """Give every sitting its prediction. `near` says of some people by how much theirs is off."""
    truth = sum(any(one.wrong == 0 for one in sittings) for _, sittings in plans)
    for person, sittings in plans:
        off = near.get(person.id)
        for place, one in enumerate(sittings):
            sittings[place] = replace(one, prediction=guess(luck, truth) if off is None else max(0, truth + off))


def write_entries(
    connection: Connection, found: tuple[int, int], plans: list[tuple[Known, list[Sitting]]], luck: random.Random
) -> int:
    """Write entries and attempts of a round, given as (round id, quiz id); returns the number of attempts."""
    round_id, quiz_id = found
    first = next_id(connection, Entry)
    insert_all(
        connection,
        Entry,
        (
            {
                "id": number, "round_id": round_id, "member_id": person.id, "display_name": person.name, "unit_id": person.unit_id,
                "unit_name": person.unit_name, "entered_at": sittings[0].started_at,
            }
            for number, (person, sittings) in enumerate(plans, start=first)
        ),
    )  # fmt: skip
    if plans:
        advance_sequences(connection, Entry)
    planned = ((person, number, one) for person, sittings in plans for number, one in enumerate(sittings, start=1))
    return len(write_sittings(connection, quiz_id, planned, luck))
