"""Writes a contest with a past, a running and an upcoming round, and those who have taken part."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from elearn.contests.models import Contest, Entry, Round, Seal
from elearn.contests.rules.settings import ContestSettings, PrizeKind, RoundSettings
from elearn.contests.rules.units import competing_unit
from elearn.contests.services import ContestSpec, RoundSpec, create_contest, publish_round, settle_round
from elearn.contests.services.entering import search_key
from elearn.contests.services.sealing import read_seal, seal_round
from elearn.demo.rules.calendar import Window
from elearn.demo.rules.sittings import Sitting, contest_sittings, guess
from elearn.demo.services.organisation import Known
from elearn.demo.services.sittings import write_sittings
from elearn.demo.services.writing import advance_sequences, insert_all, next_id
from elearn.questions.models import Bank
from elearn.units.models import Unit

CODE = "tim-hieu-cac-ky-dai-hoi-dang"
TITLE = "Tìm hiểu các kỳ Đại hội Đảng"
BANK = "cac-ky-dai-hoi-dang"
PAPER = (("nhan_biet", 9), ("thong_hieu", 7), ("van_dung", 4))
QUESTIONS = sum(count for _, count in PAPER)
TIME_LIMIT = 10 * 60
ATTEMPTS = 7
MINIMUM_AGE = 14
EXCLUDED = ("contest_officer", "content_editor", "reviewer")
PRIZES = (("Nhất", "First", 1), ("Nhì", "Second", 2), ("Ba", "Third", 3), ("Khuyến khích", "Consolation", 5))
MOST_ENTRANTS = (650, 350)
"""People of the past and of the running round whose attempts are invented answer by answer."""
SAFE_PLACES = 8
"""So many people may be as near as the guided learner, who then still wins something."""
TO_SETTLEMENT = timedelta(hours=2, minutes=20)
"""From the close of a round to the publication of its standings."""
SEALED_BEFORE = timedelta(days=2)
"""The opening: when its officer published the contest."""


def make_contest(session: Session, unit_id: int, windows: Sequence[Window], now: datetime, luck: random.Random) -> list[Round]:
    """The published contest with one round a window; returns the rounds in their order, none where other content lacks the bank."""
    bank_id = session.scalar(select(Bank.id).where(Bank.code == BANK))
    if bank_id is None:
        return []
    rounds = [
        RoundSpec(
            title=f"Tuần {number}", title_en=f"Week {number}", opens_at=window.opens_at, closes_at=window.closes_at,
            blueprint=[{"bank": bank_id, "level": level, "count": count} for level, count in PAPER],
            time_limit_seconds=TIME_LIMIT, settings=RoundSettings(attempt_limit=ATTEMPTS, metric="people_all_correct"),
        )
        for number, window in enumerate(windows, start=1)
    ]  # fmt: skip
    contest = create_contest(
        session,
        ContestSpec(
            code=CODE, title=TITLE, title_en="Know the Party congresses", unit_id=unit_id, join_code="260119",
            lead="Mười bốn kỳ đại hội đại biểu toàn quốc, từ năm 1935 đến năm 2026, trong ba vòng thi. Mỗi tuần một vòng, ai cũng dự được.",
            organiser_name="Ban Tuyên giáo và Dân vận Tỉnh uỷ An Sơn", rounds=rounds,
            settings=ContestSettings(
                minimum_age=MINIMUM_AGE, excluded_roles=EXCLUDED,
                prizes=tuple(PrizeKind(title, count, title_en) for title, title_en, count in PRIZES),
            ),
        ),
        now,
    )  # fmt: skip
    made = list(session.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.number)))
    for one in made:
        if one.opens_at <= now:
            seal_round(session, one, one.opens_at - SEALED_BEFORE, lambda: f"{luck.getrandbits(256):064x}")
    return made


def plan_round(
    luck: random.Random, people: Sequence[Known], share: float, most: int, window: Window, until: datetime
) -> list[tuple[Known, list[Sitting]]]:
    """Who takes part and how, up to `until`; each prediction is made around the number of people that will be all right."""
    chosen = luck.sample(people, min(most, round(len(people) * share)))
    plans = [
        (person, contest_sittings(luck, window.opens_at, min(until, window.closes_at), QUESTIONS, ATTEMPTS, TIME_LIMIT))
        for person in chosen
    ]
    return [(person, sittings) for person, sittings in plans if sittings]


def guided_plans(learners: Sequence[Known], turn: int, window: Window, now: datetime) -> list[tuple[Known, list[Sitting]]]:
    """What the guided learners do: in the past round three attempts, the last one of the first learner all right; one in this round."""
    hour = timedelta(hours=1)
    if turn == 0:
        begin = window.opens_at + 33 * hour
        return [
            (learners[0], [Sitting(begin, 541, 4), Sitting(begin + hour, 512, 1), Sitting(begin + 3 * hour, 247, 0)]),
            (learners[1], [Sitting(begin + 9 * hour, 583, 6), Sitting(begin + 10 * hour, 566, 2)]),
        ]
    begin = window.opens_at + (now - window.opens_at) * 0.6
    return [(learners[0], [Sitting(begin.replace(microsecond=0), 533, 2)])]


def add_predictions(luck: random.Random, plans: list[tuple[Known, list[Sitting]]], near: Mapping[int, int]) -> None:
    """Give every sitting its prediction. `near` says of some people by how much theirs is off: less where that wins no prize."""
    truth = sum(any(one.wrong == 0 for one in sittings) for _, sittings in plans)
    for person, sittings in plans:
        if person.id not in near:
            sittings[:] = [replace(one, prediction=guess(luck, truth)) for one in sittings]
    others = [one.prediction for _, sittings in plans for one in sittings if one.wrong == 0 and one.prediction is not None]
    for person, sittings in plans:
        if person.id in near:
            off = near[person.id]
            while off > 0 and sum(abs(guessed - truth) <= off for guessed in others) >= SAFE_PLACES:
                off -= 1
            sittings[:] = [replace(one, prediction=max(0, truth + off)) for one in sittings]


def write_entries(
    connection: Connection, found: tuple[int, int], plans: list[tuple[Known, list[Sitting]]], luck: random.Random
) -> int:
    """Write entries and attempts of a round, given as (round id, quiz id); returns the number of attempts."""
    round_id, quiz_id = found
    first = next_id(connection, Entry)
    organiser = select(Unit.path).join(Contest, Contest.unit_id == Unit.id).join(Round, Round.contest_id == Contest.id)
    top = connection.execute(organiser.where(Round.id == round_id)).scalar_one()
    paths = dict(connection.execute(select(Unit.id, Unit.path)).all())
    names = dict(connection.execute(select(Unit.id, Unit.name)).all())
    stands_for = {person.unit_id: competing_unit(top, paths[person.unit_id]) for person, _ in plans}
    pseudonyms = {person.id: f"{luck.getrandbits(64):016x}" for person, _ in plans}
    insert_all(
        connection,
        Entry,
        (
            {
                "id": number, "round_id": round_id, "member_id": person.id, "display_name": person.name, "unit_id": person.unit_id,
                "unit_name": person.unit_name, "competing_unit_id": stands_for[person.unit_id],
                "competing_unit_name": names[stands_for[person.unit_id]], "entered_at": sittings[0].started_at, "is_counted": True,
                "pseudonym": pseudonyms[person.id],
                "search_key": search_key(person.name, person.unit_name, names[stands_for[person.unit_id]]),
            }
            for number, (person, sittings) in enumerate(plans, start=first)
        ),
    )  # fmt: skip
    if plans:
        advance_sequences(connection, Entry)
    planned = ((person, number, one) for person, sittings in plans for number, one in enumerate(sittings, start=1))
    seal = connection.execute(select(Seal.name, Seal.secret, Seal.rules).where(Seal.round_id == round_id)).one_or_none()
    sealed = read_seal(seal) if seal else None
    drawing_of = (lambda member_id: sealed.drawing(pseudonyms[member_id])) if sealed else None
    return len(write_sittings(connection, quiz_id, planned, luck, drawing_of))


def settle_past_round(round_id: int, window: Window, officer: Known, second: Known) -> None:
    """Settle and publish the past round as its two officers would have, some hours after it closed."""
    at = window.closes_at + TO_SETTLEMENT
    settlement = settle_round(round_id, (officer.id, officer.name), at)
    publish_round(settlement.id, (second.id, second.name), at + timedelta(minutes=12))
