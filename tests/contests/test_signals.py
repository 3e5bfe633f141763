"""Signals of unfair play: what is seen, what chance does, and that none decides anything."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.contests import services
from elearn.contests.models import Entry, EntryDevice, SignalCase
from elearn.contests.rules.signals import (
    BURST_COUNT,
    BURST_GAP_MS,
    KINDS,
    LEAST_WRONG,
    READING_MS,
    Sheet,
    bursts,
    groups,
    same_answers,
    too_fast,
)
from elearn.contests.services.fairness import decide_signal, find_signals
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Member
from tests.contests.conftest import AFTER, KIEN, MAI, Fair

SIGNALS = "/admin/contests/lich-su/rounds/1/signals"


def sheet(entry_id: int, answers: str, key: str = "AAAAAAAAAA", working_ms: int = 60_000) -> Sheet:
    """A sheet with an answer for each question; "-" left out."""
    chosen = {place: "" if sign == "-" else sign for place, sign in enumerate(answers)}
    wrong = frozenset(place for place, (sign, right) in enumerate(zip(answers, key, strict=True)) if sign != right)
    return Sheet(entry_id, chosen, wrong, working_ms)


def crowd(count: int, seed: int = 1) -> list[Sheet]:
    """People who answer on their own: seven in ten right, the rest spread over three wrong options."""
    luck = random.Random(seed)
    return [
        sheet(n, "".join("A" if luck.random() < 0.7 else luck.choice("BCD") for _ in range(10))) for n in range(100, 100 + count)
    ]


def test_it_sees_the_same_wrong_answers_and_says_how_often_chance_does_that() -> None:
    copied = [sheet(1, "BCDBAAAAAA"), sheet(2, "BCDBAAAAAA")]
    (found,) = same_answers([*copied, *crowd(200)])
    assert (found.kind, found.entry_ids, found.facts["wrong"]) == ("same_answers", (1, 2), 4)
    assert 1 <= int(found.facts["per_million"]) <= 10_000


def test_it_sees_nothing_in_people_who_answer_on_their_own() -> None:
    flagged = sum(len(same_answers(crowd(150, seed))) for seed in range(40))
    assert flagged <= 2, "stated rate: under one chance pair in a hundred rounds for each pattern"


@pytest.mark.parametrize(
    "answers", ["AAAAAAAAAA", "BAAAAAAAAA", "BBAAAAAAAA", "---AAAAAAA", "BCD-AAAAAA"],
)  # fmt: skip
def test_it_takes_right_answers_few_errors_and_gaps_for_nothing(answers: str) -> None:
    assert same_answers([sheet(1, answers), sheet(2, answers), *crowd(200)]) == []
    assert LEAST_WRONG == 3


def test_it_takes_an_error_that_everybody_makes_for_nothing() -> None:
    assert same_answers([sheet(n, "BBBAAAAAAA") for n in range(50)]) == []


def test_it_sees_work_faster_than_reading() -> None:
    floor = READING_MS * 10
    assert too_fast([sheet(1, "AAAAAAAAAB", working_ms=floor)]) == []
    (found,) = too_fast([sheet(1, "AAAAAAAAAB", working_ms=floor - 1)])
    assert found.facts == {"right": 9, "all": 10, "working_ms": floor - 1, "floor_ms": floor}
    assert too_fast([sheet(1, "BBBAAAAAAA", working_ms=1_000)]) == [], "whoever clicks at random is fast and wrong"


def test_it_sees_long_runs_of_registrations_for_one_unit() -> None:
    row = [(7, n * BURST_GAP_MS, n) for n in range(BURST_COUNT)]
    (found,) = bursts(row)
    assert (len(found.entry_ids), found.facts["seconds"]) == (BURST_COUNT, (BURST_COUNT - 1) * BURST_GAP_MS // 1000)
    assert bursts(row[:-1]) == []
    assert bursts([(7, n * (BURST_GAP_MS + 1), n) for n in range(99)]) == []
    assert bursts([(n, n, n) for n in range(99)]) == [], "different units"
    assert bursts([]) == []


def test_it_groups_by_a_shared_mark() -> None:
    pairs = [("a", 1), ("a", 2), ("b", 3), ("a", 2)]
    assert [one.entry_ids for one in groups("same_phone", pairs, 2)] == [(1, 2)]
    assert groups("same_device", pairs, 3) == []


def test_every_kind_says_what_else_explains_it() -> None:
    assert all(name and explanation.endswith(".") for name, explanation in KINDS.values())


@pytest.fixture
def suspect(closed: Fair) -> Fair:
    """Two people with one phone in a settled round; it was sat in a minute, so nobody was too fast."""
    with transaction() as session:
        for number in (1, 2):
            session.get_one(Member, number).phone = "0912345678"
    closed.settle()
    return closed


def test_it_writes_signals_down_once_and_changes_no_result(suspect: Fair) -> None:
    round_id = suspect.round().id
    assert find_signals(round_id, AFTER) == 1
    assert find_signals(round_id, AFTER) == 0
    (case,) = db.session.scalars(select(SignalCase))
    assert (case.kind, {one.entry.member_id for one in case.entries}) == ("same_phone", {1, 2})
    with pytest.raises(InvalidInput):
        decide_signal(case.id, True, " ", MAI, AFTER)
    decide_signal(case.id, True, "Hai mẹ con, gọi lại thì đúng một người làm hộ", MAI, AFTER)
    with pytest.raises(DomainError):
        decide_signal(case.id, False, "Khác", MAI, AFTER)
    assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.is_counted.is_(False))) == 0
    assert find_signals(round_id, AFTER) == 0, "what was decided does not come back"


def test_it_forgets_signals_when_the_result_is_final(suspect: Fair) -> None:
    find_signals(suspect.round().id, AFTER)
    with transaction() as session:
        session.add(EntryDevice(entry_id=1, device_hash="x", first_at=AFTER))
        contest = session.merge(suspect.round().contest)
        contest.settings = {**contest.settings, "objection_days": 1}
    settlement = suspect.settle()
    services.publish_round(settlement.id, KIEN, AFTER)
    assert db.session.scalar(select(func.count()).select_from(SignalCase)) == 1, "objections may still come"
    from datetime import timedelta

    services.finalise_round(settlement.id, KIEN, AFTER + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(SignalCase)) == 0
    assert db.session.scalar(select(func.count()).select_from(EntryDevice)) == 0


def test_it_forgets_them_at_once_where_nobody_may_object(suspect: Fair) -> None:
    find_signals(suspect.round().id, AFTER)
    services.publish_round(suspect.settle().id, KIEN, AFTER)
    assert db.session.scalar(select(func.count()).select_from(SignalCase)) == 0


def test_an_officer_looks_and_decides(suspect: Fair, as_: Any) -> None:
    from elearn.jobs.services import work_off

    mai = as_("mai")
    assert "Tìm dấu hiệu" in mai.get(SIGNALS).text
    assert mai.post(f"{SIGNALS}/find").location.startswith("/jobs/")
    assert work_off() == 1
    page = mai.get(SIGNALS).text
    assert "2 người khai cùng một số điện thoại." in page
    assert "0912345678" not in page
    number = db.session.scalars(select(SignalCase.id)).one()
    db.session.rollback()
    assert mai.post(f"{SIGNALS}/{number}", data={"note": "", "decision": "dismiss"}).status_code == 400
    assert mai.post(f"{SIGNALS}/{number}", data={"note": "Hai mẹ con", "decision": "dismiss"}).status_code == 302
    assert "Hai mẹ con" in mai.get(SIGNALS).text
    assert mai.post(f"{SIGNALS}/999", data={"note": "x"}).status_code == 404


def test_only_officers_of_the_contest_see_signals(suspect: Fair, as_: Any) -> None:
    for login in ("hanh", "thanh", "dung"):
        assert as_(login).get(SIGNALS).status_code == 403
        assert as_(login).post(f"{SIGNALS}/find").status_code == 403


def test_it_marks_the_device_on_entering(fair: Fair, as_: Any) -> None:
    hanh = as_("hanh")
    answer = hanh.post("/contests/lich-su/rounds/1/enter")
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("device="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    mark = cookie.split("=", 1)[1].split(";")[0]
    db.session.rollback()
    kept = db.session.scalars(select(EntryDevice.device_hash)).all()
    assert len(kept) == 1
    assert mark not in kept[0]
    hanh.post("/contests/lich-su/rounds/1/enter")
    db.session.rollback()
    assert len(db.session.scalars(select(EntryDevice.device_hash)).all()) == 1
