"""Each contest of `tests/contests/real` from its file to published results, worked out a second time in plain Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from elearn.content.services.contests import contest_spec, read_contest
from elearn.contests import services
from elearn.contests.models import Contest, Entry, Round, Settlement, Standing
from elearn.contests.models.settlements import EPOCH
from elearn.contests.queries.contests import criteria_of
from elearn.contests.rules.candidates import Candidate
from elearn.contests.rules.counted import pick_counted
from elearn.contests.rules.prediction import METRICS, Totals, distance, true_value
from elearn.contests.rules.prizes import give_prizes
from elearn.contests.rules.rules_text import EXCLUDED_NAMES
from elearn.contests.rules.settings import MOST_ATTEMPTS
from elearn.contests.rules.standings import rank
from elearn.contests.rules.unit_scores import MEASURES
from elearn.contests.services import Person
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.core.types import MARK_SCALE
from elearn.lib.errors import DomainError
from elearn.lib.periods import local
from elearn.marking.models import Script
from elearn.marking.services import give_opinion, take_next
from elearn.members.models import Member
from elearn.questions.models import QuestionVersion
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.models import Attempt
from elearn.quizzes.services import Save, save_response, submit_attempt

REAL = sorted((Path(__file__).parent / "real").glob("*.yaml"))
LONG_AGO = datetime.fromisoformat("2015-01-01T00:00:00+00:00")
BANKS = ("de-thi", "bai-viet")
PEOPLE = (1, 2, 3, 5, 10, 12)
WEEKS = 2
"""So many rounds of a long contest are sat; of one that is sat to its end, those after them by two people: they have the same rules."""
MAI, KIEN = (6, "Hoàng Thị Mai"), (4, "Đặng Trung Kiên")
MS = timedelta(milliseconds=1)


@pytest.fixture
def banks(app: Any) -> dict[str, int]:
    """A bank of 45 easy questions and ten with several right answers, and one with an essay."""
    with transaction() as session:
        questions, essays = (put_bank(session, BankSpec(code, code, code, 1)) for code in BANKS)
        for n in range(45):
            body = {"options": [{"text": "Đúng", "right": True}, {"text": "Sai"}, {"text": "Cũng sai"}]}
            put_question(
                session,
                questions.id,
                QuestionSpec(f"dt-{n}", "single_choice", "t", "nhan_biet", f"Câu {n}?", body, "Vì thế.", None),
                LONG_AGO,
            )
        for n in range(10):
            options = [{"text": f"Ý {place}", **({"right": True} if place < n % 3 + 1 else {})} for place in range(4)]
            kind = "multiple_choice" if n % 3 else "single_choice"
            put_question(
                session,
                questions.id,
                QuestionSpec(f"dn-{n}", kind, "t", "thong_hieu", f"Chọn {n}?", {"options": options}, "Vì thế.", None),
                LONG_AGO,
            )
        essay = {"lines": 20, "attachments": 0, "guide": "", "rubric": [{"name": "Nội dung", "points": "10", "guide": ""}]}
        put_question(session, essays.id, QuestionSpec("bv-1", "essay", "t", "van_dung", "Hãy viết.", essay, "", None), LONG_AGO)
        return {"de-thi": questions.id, "bai-viet": essays.id}


def the_day(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_it_runs_to_a_published_result(path: Path, banks: dict[str, int], as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    value, faults = read_contest(path, BANKS)
    assert faults == []
    code, chance = value["code"], random.Random(path.stem)
    with transaction() as session:
        spec = replace(contest_spec(session, value, banks, 1), is_published=True)
        contest_id = services.create_contest(session, spec, LONG_AGO).id
    contest = db.session.get_one(Contest, contest_id)
    sat = contest.rounds if len(contest.rounds) <= 9 else contest.rounds[:WEEKS]
    check_refusals(contest, sat[0])
    winners: set[int] = set()
    for number in [one.number for one in sat]:
        held = round_of(contest_id, number)
        after = held.closes_at + timedelta(minutes=1)
        if held.kind in ("quiz", "written"):
            sit(held, chance)
            if held.kind == "written":
                mark_all(chance, after)
        db.session.rollback()
        settlement_id = services.settle_round(held.id, MAI, after).id
        services.publish_round(settlement_id, KIEN, after)
        db.session.expire_all()
        held, settlement = round_of(contest_id, number), db.session.get_one(Settlement, settlement_id)
        if held.kind in ("quiz", "written"):
            winners |= check_result(held, settlement, winners)
        else:
            check_total(held, settlement)
        the_day(monkeypatch, after)
        assert as_().get(f"/contests/{code}/rounds/{number}/standings").status_code == 200
    check_text(db.session.get_one(Contest, contest_id), as_().get(f"/contests/{code}/rules").get_data(as_text=True))


def round_of(contest_id: int, number: int) -> Round:
    return db.session.scalars(select(Round).where(Round.contest_id == contest_id, Round.number == number)).one()


def person(member_id: int, *roles: str) -> Person:
    member = db.session.get_one(Member, member_id)
    return Person(member_id, member.display_name, member.unit_id, member.unit.name, frozenset(roles))


def check_refusals(contest: Contest, first: Round) -> None:
    """Whoever is excluded, too young, too early or too late is refused with the reason."""
    rules, opens_at, closes_at = contest.rules, first.opens_at, first.closes_at
    for role in rules.excluded_roles:
        assert refused(first, person(14, role), opens_at) == "role_excluded"
    assert refused(first, person(14), opens_at - MS) == "round_not_open"
    assert refused(first, person(14), closes_at) == "round_closed"
    born = None
    if rules.minimum_age:
        day = local(opens_at).date()
        born, code = date(day.year - rules.minimum_age, day.month, day.day) + timedelta(days=1), "too_young"
    if rules.born_to:
        born, code = rules.born_to + timedelta(days=1), "birth_out_of_range"
    if born:
        with transaction() as session:
            session.get_one(Member, 14).birth_date = born
        assert refused(first, person(14), opens_at) == code
        with transaction() as session:
            session.get_one(Member, 14).birth_date = born - timedelta(days=1)
        assert services.enter_round(first.id, person(14), opens_at)


def refused(held: Round, who: Person, now: datetime) -> str:
    with pytest.raises(DomainError) as refusal:
        services.enter_round(held.id, who, now)
    return refusal.value.code


def sit(held: Round, chance: random.Random) -> None:
    """Everybody makes some attempts within the window, with invented answers and guesses."""
    opens_at, closes_at, limit = held.opens_at, held.closes_at, held.quiz.attempt_limit
    asked = METRICS.get(held.own_rules.metric)
    for member_id in PEOPLE if held.number <= WEEKS or held.kind == "written" else PEOPLE[:2]:
        for _ in range(min(limit, chance.choice((1, 1, 2)))):
            start = opens_at + chance.random() * (closes_at - opens_at - timedelta(minutes=30))
            answer(services.enter_round(held.id, person(member_id), start), member_id, chance, start, asked is not None)
    if limit < MOST_ATTEMPTS:
        spent = PEOPLE[0]
        moment = closes_at - timedelta(minutes=20)
        while db.session.query(Attempt).filter_by(quiz_id=held.quiz_id, member_id=spent).count() < limit:
            answer(services.enter_round(held.id, person(spent), moment), spent, chance, moment, False)
        assert refused(held, person(spent), closes_at - MS) == "attempts_used_up"


def answer(attempt_id: int, member_id: int, chance: random.Random, start: datetime, guesses: bool) -> None:
    paper = db.session.get_one(Attempt, attempt_id).paper
    is_sure = chance.random() < 0.4
    seq = 0
    for slot, asked in enumerate(paper, start=1):
        if not is_sure and chance.random() < 0.3:
            continue  # left empty
        seq += 1
        right = is_sure or chance.random() < 0.7
        save(attempt_id, member_id, slot, response_to(asked, right), seq, start)
    if guesses:
        save(attempt_id, member_id, 0, chance.randrange(1, 14), seq + 1, start)
    submit_attempt(attempt_id, member_id, "end", start + timedelta(milliseconds=chance.randrange(60_000, 280_000)))
    db.session.rollback()


def response_to(asked: dict[str, Any], right: bool) -> Any:
    if not asked.get("order"):
        return {"text": "Bài viết của tôi", "files": []}
    version = db.session.get_one(QuestionVersion, asked["version"])
    options = version.body["options"]
    places = [place for place, option in enumerate(options) if bool(option.get("right")) is right]
    letters = sorted("ABCD"[asked["order"].index(place)] for place in places)
    chosen = letters if right else letters[:1]
    return chosen if version.type == "multiple_choice" else chosen[0]


def save(attempt_id: int, member_id: int, slot: int, response: Any, seq: int, start: datetime) -> None:
    save_response(attempt_id, member_id, Save(slot, response, seq, f"k{seq}", ""), start + timedelta(milliseconds=seq))


def mark_all(chance: random.Random, now: datetime) -> None:
    """Every essay gets a mark."""
    with transaction() as session:
        for pile in list(session.scalars(select(Script.pile).where(Script.state == "waiting").distinct())):
            for _ in range(session.query(Script).filter_by(pile=pile, state="waiting").count()):
                taken = take_next(session, pile, (9, "Đỗ Văn Thành"), now)
                give_opinion(session, taken, (9, "Đỗ Văn Thành"), {"0": str(chance.randrange(3, 11))}, "Đã đọc", now)


def candidates_of(held: Round) -> list[Candidate]:
    """Every submitted attempt, read straight from the table of attempts."""
    query = select(Attempt, Entry.id).join(Entry, (Entry.member_id == Attempt.member_id) & (Entry.round_id == held.id))
    rows = db.session.execute(query.where(Attempt.quiz_id == held.quiz_id, Attempt.state == "submitted")).all()
    used = {entry_id: sum(1 for _, other in rows if other == entry_id) for _, entry_id in rows}
    return [
        Candidate(
            entry_id, one.correct_count, held.quiz.question_count, int(Decimal(one.mark) * MARK_SCALE), one.prediction, None, one.working_ms,
            (one.submitted_at - EPOCH) // MS, used[entry_id], attempt_id=one.id,
        )
        for one, entry_id in rows
    ]  # fmt: skip


def check_result(held: Round, settlement: Settlement, winners: set[int]) -> set[int]:
    """The chain, the true value of the prediction, the places and the prizes; returns members with a prize."""
    rules = held.rules
    assert tuple(settlement.criteria) == rules.criteria
    every = candidates_of(held)
    counted = pick_counted(every, rules.counted)
    totals = totals_of(held, every, counted)
    assert (settlement.people_count, settlement.attempts_count, settlement.all_correct_count) == (
        totals.people,
        totals.attempts,
        totals.all_correct,
    )
    metric = held.own_rules.metric
    actual = true_value(metric, totals) if metric else None
    assert (settlement.prediction_metric, settlement.prediction_actual) == (metric, actual)
    criteria = criteria_of(rules.criteria)
    rows = rank([replace(one, prediction_distance=distance(one.prediction, actual)) for one in counted], criteria)
    standings = db.session.scalars(
        select(Standing).where(Standing.settlement_id == settlement.id).order_by(Standing.position)
    ).all()
    assert [(one.entry_id, one.place, one.decided_by) for one in standings] == [
        (one.candidate.entry_id, one.place, one.decided_by) for one in rows
    ]
    members = dict(db.session.execute(select(Entry.id, Entry.member_id).where(Entry.round_id == held.id)).all())
    takers = [(one.candidate.entry_id, members[one.candidate.entry_id]) for one in rows]
    given = give_prizes(takers, rules.prizes, winners if rules.per_person == "contest" else (), reserves=rules.reserves).prizes
    assert {one.entry_id: one.prize for one in standings if one.prize} == given
    wanted = sum(prize.count for prize in rules.prizes if prize.given == "ranking")
    free = [member for _, member in takers if rules.per_person != "contest" or member not in winners]
    assert len(given) == min(wanted, len(free))
    return {members[entry_id] for entry_id in given}


def totals_of(held: Round, every: Sequence[Candidate], counted: Sequence[Candidate]) -> Totals:
    so_far = select(Attempt.member_id).join(Round, Round.quiz_id == Attempt.quiz_id)
    so_far = so_far.where(Round.contest_id == held.contest_id, Round.number <= held.number, Attempt.state == "submitted")
    members = list(db.session.scalars(so_far))
    right = sum(1 for one in counted if one.correct_count == held.quiz.question_count)
    return Totals(len(counted), len(every), right, len(set(members)), len(members))


def check_total(held: Round, settlement: Settlement) -> None:
    """A total adds up what the published standings of its rounds say."""
    wanted = held.own_rules.sources or tuple(range(1, held.number))
    query = (
        select(Entry.member_id, Standing.score)
        .join(Standing, Standing.entry_id == Entry.id)
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, Round.id == Settlement.round_id)
        .where(Round.contest_id == held.contest_id, Round.number.in_(wanted), Round.kind != "total")
    )
    sums: dict[int, int] = {}
    for member_id, score in db.session.execute(query):
        sums[member_id] = sums.get(member_id, 0) + score
    rows = db.session.execute(
        select(Entry.member_id, Standing.total_score)
        .join(Standing, Standing.entry_id == Entry.id)
        .where(Standing.settlement_id == settlement.id)
    )
    assert dict(rows.all()) == sums
    assert tuple(settlement.criteria) == held.rules.criteria


def check_text(contest: Contest, page: str) -> None:
    """The page of the rules says each rule that is applied."""
    rules = contest.rules
    said = [EXCLUDED_NAMES[role] for role in rules.excluded_roles]
    said += [f"{prize.count} {prize.title}" for prize in rules.prizes]
    said += [f"{prize.amount:,} đồng".replace(",", ".") for prize in rules.prizes if prize.amount]
    if any(prize.given == "ranking" for prize in rules.prizes):
        said.append(
            {"none": "có thể nhận nhiều giải", "round": "trong một", "contest": "một giải trong cả cuộc thi"}[rules.per_person]
        )
    said.append("có tài khoản hay không" if rules.audience == "everybody" else "Mọi người có tài khoản")
    if rules.minimum_age:
        said.append(f"Từ đủ {rules.minimum_age} tuổi")
    if rules.born_to:
        said.append("Sinh từ tháng 3/2010 trở về trước")
    if len(rules.units.weights) > 1:
        said += [f"{weight}% {MEASURES[name]}" for name, weight in rules.units.weights.items()]
    for one in contest.rounds:
        said += [criterion.sentence for criterion in criteria_of(one.rules.criteria)]
        if one.own_rules.metric:
            said.append(METRICS[one.own_rules.metric].prompt)
        if one.paper:
            said.append(f"{one.paper.question_count} câu trong")
            limit = one.paper.attempt_limit
            said.append("Số lượt không hạn chế" if limit >= MOST_ATTEMPTS else f"tối đa {limit} lượt")
        if one.own_rules.advance:
            said.append("Chỉ 10 người đứng đầu")
        assert f"{local(one.opens_at):%d/%m/%Y}" in page
    for words in said:
        assert words in page, words
