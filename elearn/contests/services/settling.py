"""Settles a round: what counts, the true value of the prediction, places and prizes. The database does the ranking, in one statement."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Table, and_, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import (
    Entry,
    HandAward,
    PrizeRefusal,
    Round,
    Settlement,
    StageResult,
    Standing,
    UnitStanding,
)
from elearn.contests.queries.contests import criteria_of
from elearn.contests.queries.counted import collected, totals_of
from elearn.contests.queries.stage_marks import marks_of_parts
from elearn.contests.queries.stages import count_open_parts, highest_on_stage
from elearn.contests.queries.units import figures_of_units
from elearn.contests.rules.prediction import true_value
from elearn.contests.rules.prizes import give_prizes, give_to_units
from elearn.contests.rules.settings import ContestSettings
from elearn.contests.rules.standings import LOTS
from elearn.contests.rules.unit_scores import rank_units, shown_score
from elearn.contests.services.chaining import close_log
from elearn.contests.services.ranking import draw_lots, lot_seed, rank_entries
from elearn.core.db import db, transaction
from elearn.core.types import MARK_SCALE
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.quizzes.hooks import Consequence, Regraded, Why
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.services import count_open, finish_overdue

ActorName = tuple[int | None, str]
NAMES = 10
"""Names told with a consequence; the rest is counted."""
COMPARED = ("place", "attempt_id", "decided_by", "prize", "score", "correct_count", "prediction_distance")
"""What must be alike in every row for two settlements to say the same."""
RECOUNTED = (
    "place", "attempt_id", "decided_by", "score", "correct_count", "prediction", "prediction_distance", "working_ms", "submitted_ms",
    "attempts_used", "total_score", "best_score", "lot",
)  # fmt: skip
"""What a recount compares: prizes depend on other rounds, which may have been published since."""
FIGURES = ("criteria", "people_count", "attempts_count", "all_correct_count", "prediction_actual")


def settle_round(
    round_id: int, actor: ActorName, now: datetime, reason: str = "", tell: Callable[[str, int, int], None] = lambda *_: None
) -> Settlement:
    """The settlement in force for what was submitted: a new version where something changed, the latest one otherwise.

    `tell` is told (step, done, all), and may raise to stop between two transactions; doing it again goes on from there.

    Attempts still open are finished at their deadline first. Raises round_still_open before the close, during the seconds that late
    saves are given after it and while somebody who was given more time is still at it, marking_open while examiners have still to mark,
    reason_needed where published standings would change without a reason, NotFound for no such round.
    """
    quiz_id = check_closed(round_id, now)
    if quiz_id is not None:
        finish_overdue(quiz_id, now, lambda done, of: tell("Nộp các bài quá giờ", done, of))
        _check_finished(quiz_id)
        close_log(round_id, now)
    _check_stage(round_id)
    reason = reason.strip()
    tell("Xếp hạng và trao giải", 0, 0)
    with transaction(is_bulk=True) as session:
        settled = session.get_one(Round, round_id)
        last = latest_of(session, round_id)
        settlement = work_out(session, settled, last, actor, now, reason)
        if settlement is None:
            assert last is not None, "without an earlier version there is always a new one"
            session.expunge(last)
            return last
        if settled.published_version is not None and not reason:
            raise InvalidInput(
                "reason_needed", "Kết quả đã công bố sẽ thay đổi. Hãy ghi lý do đính chính, mọi người sẽ đọc được.", field="reason"
            )
        _record(session, settled, settlement, actor, now)
        session.expunge(settlement)
        return settlement


def follow_regrade(session: Session, regraded: Sequence[Regraded], why: Why) -> list[Consequence]:
    """Work settled rounds of the quiz out anew; where places change, write the next version, which waits to be published.

    Says how many places and prizes change and names those who would gain or lose a prize.
    """
    if not regraded:
        return []
    found: list[Consequence] = []
    for settled in session.scalars(select(Round).where(Round.quiz_id == regraded[0].quiz_id)):
        last = latest_of(session, settled.id)
        if last is None:
            continue
        settlement = work_out(session, settled, last, why.by, why.at, why.reason)
        if settlement is None:
            continue
        found += _differences(session, f"{settled.contest.title}, {settled.title}", settlement, last)
        _record(session, settled, settlement, why.by, why.at)
    return found


def latest_of(session: Session, round_id: int) -> Settlement | None:
    """The latest settlement of a round, published or not."""
    query = select(Settlement).where(Settlement.round_id == round_id).order_by(Settlement.version.desc())
    return session.scalars(query.limit(1)).first()


def work_out(
    session: Session, settled: Round, last: Settlement | None, actor: ActorName, now: datetime, reason: str
) -> Settlement | None:
    """Write the next version of the standings inside the caller's transaction; None, and nothing written, where it would say the same."""
    savepoint = session.begin_nested()
    settlement = _add(session, settled, last.version + 1 if last else 1, actor, now, reason)
    if last is not None and _says_the_same(session, settlement, last):
        savepoint.rollback()
        return None
    savepoint.commit()
    return settlement


class _TakeBack(Exception):
    """Ends a recount: everything that it wrote is rolled back."""


def recompute(settlement_id: int, now: datetime) -> tuple[int, int, int]:
    """Rank a round anew from what is there now and take it back: (version compared with, its people, rows that differ).

    A row that is on one side only counts; so do figures that differ, as one.
    """
    found = (0, 0, 0)
    with contextlib.suppress(_TakeBack), transaction(is_bulk=True) as session:
        said = session.get_one(Settlement, settlement_id)
        last = latest_of(session, said.round_id)
        assert last is not None, "there is the one that is compared with"
        says = _add(session, session.get_one(Round, said.round_id), last.version + 1, (None, ""), now, "")
        differing = _count_differing(session, says.id, said.id, *RECOUNTED) + max(0, said.people_count - says.people_count)
        is_same = all(getattr(says, name) == getattr(said, name) for name in FIGURES)
        found = (said.version, said.people_count, differing or int(not is_same))
        raise _TakeBack
    return found


def _record(session: Session, settled: Round, settlement: Settlement, actor: ActorName, now: datetime) -> None:
    figures = {
        "version": settlement.version, "people": settlement.people_count, "attempts": settlement.attempts_count,
        "all_correct": settlement.all_correct_count,
    }  # fmt: skip
    subject = ("round", settled.id, f"{settled.contest.title}, {settled.title}")
    record(session, now, actor, "settle_round", subject, after=figures, reason=settlement.reason)


def check_closed(round_id: int, now: datetime) -> int | None:
    """Id of the round's quiz, None where it has none; raises where the round has not closed for good."""
    query = (
        select(Round.closes_at, Quiz.grace_seconds, Quiz.id).outerjoin(Quiz, Quiz.id == Round.quiz_id).where(Round.id == round_id)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound()
    closes_at, grace_seconds, quiz_id = found
    if now < closes_at:
        raise DomainError("round_still_open", "Vòng thi còn mở nên chưa chốt được. Hãy quay lại sau giờ đóng.")
    if now <= closes_at + timedelta(seconds=grace_seconds or 0):
        message = "Vòng thi vừa đóng, còn đợi các bài đang gửi. Hãy thử lại sau %(seconds)s giây."
        raise DomainError("round_still_open", message, seconds=(grace_seconds or 0) + 1)
    return quiz_id


def _check_finished(quiz_id: int) -> None:
    running = count_open(quiz_id)
    if running:
        message = "Còn %(n)s bài được thêm giờ đang làm. Hãy chốt sau khi các bài đó nộp."
        raise DomainError("round_still_open", message, n=running)
    query = select(func.count()).where(Attempt.quiz_id == quiz_id, Attempt.is_pending.is_(True), Attempt.is_discarded.is_(False))
    waiting = db.session.scalar(query)
    if waiting:
        raise DomainError("marking_open", "Còn %(n)s bài chưa chấm xong. Hãy chốt sau khi giám khảo chấm hết.", n=waiting)


def _check_stage(round_id: int) -> None:
    waiting = count_open_parts(round_id)
    if waiting:
        raise DomainError(
            "parts_open", "Còn %(n)s phần thi chưa khoá điểm. Hãy chốt sau khi trưởng ban giám khảo khoá hết.", n=waiting
        )


def _add(session: Session, settled: Round, version: int, actor: ActorName, now: datetime, reason: str) -> Settlement:
    """Work everything out and write it under the next version."""
    rules = settled.rules
    if settled.kind == "total":
        enter_those_of_sources(session, settled, now)
    with collected(session.connection(), settled, rules) as rows:
        return _write(session, settled, version, actor, now, reason, rows)


def _write(session: Session, settled: Round, version: int, actor: ActorName, now: datetime, reason: str, rows: Table) -> Settlement:
    rules = settled.rules
    totals = totals_of(session.connection(), settled, rules, rows)
    metric = settled.own_rules.metric
    quiz = settled.paper
    max_score = (
        session.scalar(select(func.max(Attempt.max_mark)).where(Attempt.quiz_id == quiz.id, Attempt.state == "submitted"))
        if quiz
        else None
    )
    settlement = Settlement(
        round_id=settled.id, version=version, settled_at=now, settled_by_id=actor[0], reason=reason[:400],
        criteria=list(rules.criteria), rules=rules.store(), question_count=quiz.question_count if quiz else 0,
        max_score=highest_on_stage(settled.id) if settled.kind == "stage" else int((max_score or 0) * MARK_SCALE), people_count=totals.people, attempts_count=totals.attempts,
        all_correct_count=totals.all_correct, prediction_metric=metric,
        prediction_actual=true_value(metric, totals) if metric else None,
    )  # fmt: skip
    session.add(settlement)
    session.flush()
    criteria = criteria_of(rules.criteria)
    rank_entries(session, settlement, rows, [one for one in criteria if one.key != LOTS])
    if LOTS in rules.criteria:
        settlement.lot_seed = lot_seed(session, settled, settlement)
        draw_lots(session, settlement)
    if settled.kind == "stage":
        keep_marks_of_parts(session, settled, settlement.id)
    _give(session, settled, settlement.id, rules)
    _sum_units(session, settled, settlement, rules)
    session.flush()
    return settlement


def keep_marks_of_parts(session: Session, settled: Round, settlement_id: int) -> None:
    """Write what each entry has earned in each part of a stage; later corrections leave it as it is."""
    parts = marks_of_parts(settled).subquery()
    rows = select(literal(settlement_id), parts.c.entry_id, parts.c.part_id, parts.c.score)
    session.execute(insert(StageResult).from_select(["settlement_id", "entry_id", "part_id", "score"], rows))


def _takers(session: Session, settlement_id: int) -> Iterator[tuple[int, int | None]]:
    """(entry id, member id) from the best, read a few at a time: prizes are few, standings are long."""
    query = (
        select(Standing.entry_id, Entry.member_id)
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Standing.settlement_id == settlement_id)
    )
    size, after = 200, 0
    while True:
        rows = session.execute(
            query.where(Standing.position > after, Standing.position <= after + size).order_by(Standing.position)
        ).all()
        yield from ((entry_id, member_id) for entry_id, member_id in rows)
        if len(rows) < size:
            return
        after += size


def _give(session: Session, settled: Round, settlement_id: int, rules: ContestSettings) -> None:
    passed_over: set[int] = set()
    if rules.per_person != "none":
        passed_over = holders_by_hand(session, settled, rules.per_person)
    if rules.per_person == "contest":
        passed_over |= _winners_elsewhere(session, settled)
    refused = set(session.scalars(select(PrizeRefusal.entry_id).join(Entry).where(Entry.round_id == settled.id)))
    given = give_prizes(_takers(session, settlement_id), rules.prizes, passed_over, refused, rules.reserves)
    for entry_id, title in given.prizes.items():
        session.execute(
            update(Standing).where(Standing.settlement_id == settlement_id, Standing.entry_id == entry_id).values(prize=title[:60])
        )
    for place, entry_id in enumerate(given.reserves, start=1):
        session.execute(
            update(Standing).where(Standing.settlement_id == settlement_id, Standing.entry_id == entry_id).values(reserve=place)
        )


def holders_by_hand(session: Session, settled: Round, per_person: str) -> set[int]:
    """Members to whom the organiser has given a prize by hand, in this round or in the whole contest."""
    query = select(Entry.member_id).join(HandAward, HandAward.entry_id == Entry.id).where(Entry.member_id.is_not(None))
    if per_person == "contest":
        query = query.join(Round, Round.id == HandAward.round_id).where(Round.contest_id == settled.contest_id)
    else:
        query = query.where(HandAward.round_id == settled.id)
    return {member_id for member_id in session.scalars(query) if member_id is not None}


def give_again(session: Session, settled: Round, settlement: Settlement) -> None:
    """Give the prizes of a version that nobody has seen yet anew: places stay, refused winners give way to the next in rank."""
    assert settlement.published_at is None, "what was published is never changed"
    of_it = Standing.settlement_id == settlement.id
    session.execute(
        update(Standing).where(of_it, or_(Standing.prize != "", Standing.reserve.is_not(None))).values(prize="", reserve=None)
    )
    rules = ContestSettings.read(settlement.rules)
    _give(session, settled, settlement.id, rules)
    session.execute(delete(UnitStanding).where(UnitStanding.settlement_id == settlement.id))
    _sum_units(session, settled, settlement, rules)


def _winners_elsewhere(session: Session, settled: Round) -> set[int]:
    """Members with a prize in the published standings of other rounds of the contest."""
    query = (
        select(Entry.member_id)
        .join(Standing, Standing.entry_id == Entry.id)
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, and_(Round.id == Settlement.round_id, Round.published_version == Settlement.version))
        .where(Round.contest_id == settled.contest_id, Round.id != settled.id, Standing.prize != "", Entry.member_id.is_not(None))
    )
    return {member_id for member_id in session.scalars(query) if member_id is not None}


def _sum_units(session: Session, settled: Round, settlement: Settlement, rules: ContestSettings) -> None:
    """Add up the people of each unit, rank the units, and give them the prizes that are theirs."""
    figures, prizes = figures_of_units(session, settled, settlement, rules.units)
    ranked = rank_units(figures, rules.units)
    titles = give_to_units((row.figures.unit_id for row in ranked), rules.prizes)
    rows = [
        {
            "settlement_id": settlement.id, "unit_id": row.figures.unit_id, "unit_name": row.figures.name,
            "people_count": row.figures.people, "attempts_count": row.figures.attempts, "all_correct_count": row.figures.all_correct,
            "passed_count": row.figures.passed, "score_sum": row.figures.score_sum, "headcount": row.figures.headcount,
            "position": row.position, "place": row.place, "score": shown_score(row.score),
            "prize_count": prizes.get(row.figures.unit_id, 0), "prize": titles.get(row.figures.unit_id, "")[:60],
        }
        for row in ranked
    ]  # fmt: skip
    if rows:
        session.execute(insert(UnitStanding), rows)


def enter_those_of_sources(session: Session, settled: Round, now: datetime) -> None:
    """Give everybody who stands in a round that is added up an entry in the total, as they entered last; those that are there stay."""
    wanted = settled.own_rules.sources or tuple(one.number for one in settled.contest.rounds if one.number < settled.number)
    present = select(Entry.member_id).where(Entry.round_id == settled.id)
    newest = (
        select(func.max(Entry.id))
        .join(Round, Round.id == Entry.round_id)
        .where(
            Round.contest_id == settled.contest_id, Round.number.in_(wanted), Entry.member_id.is_not(None),
            Entry.member_id.not_in(present),
        )
        .group_by(Entry.member_id)
    )  # fmt: skip
    rows = [
        {
            "round_id": settled.id, "member_id": one.member_id, "display_name": one.display_name, "unit_id": one.unit_id,
            "unit_name": one.unit_name, "competing_unit_id": one.competing_unit_id, "competing_unit_name": one.competing_unit_name,
            "search_key": one.search_key, "entered_at": now,
            "pseudonym": hashlib.sha256(f"{settled.id}|{one.pseudonym}".encode()).hexdigest()[:16],
        }
        for one in session.scalars(select(Entry).where(Entry.id.in_(newest)).order_by(Entry.id).execution_options(yield_per=1000))
    ]  # fmt: skip
    if rows:
        session.execute(insert(Entry), rows)


def _says_the_same(session: Session, one: Settlement, other: Settlement) -> bool:
    """Whether two settlements of a round agree in every row and figure that is published."""
    if any(getattr(one, name) != getattr(other, name) for name in FIGURES):
        return False
    return _count_differing(session, one.id, other.id, *COMPARED) == 0


def _count_differing(session: Session, one_id: int, other_id: int, *names: str) -> int:
    """Rows of the first settlement that are missing in the second or differ there in one of the columns."""
    own, other = Standing.__table__.alias("own"), Standing.__table__.alias("other")
    alike = and_(*(own.c[name].is_not_distinct_from(other.c[name]) for name in names))
    query = (
        select(func.count())
        .select_from(own.outerjoin(other, and_(other.c.settlement_id == other_id, other.c.entry_id == own.c.entry_id)))
        .where(own.c.settlement_id == one_id, or_(other.c.entry_id.is_(None), ~alike))
    )
    return session.scalar(query) or 0


def _prizes_of(session: Session, settlement_id: int) -> dict[int, tuple[str, str]]:
    """(prize, name) by entry id."""
    query = select(Standing.entry_id, Standing.prize, Entry.display_name).join(Entry, Entry.id == Standing.entry_id)
    rows = session.execute(query.where(Standing.settlement_id == settlement_id, Standing.prize != "").order_by(Standing.position))
    return {entry_id: (prize, name) for entry_id, prize, name in rows}


def _differences(session: Session, area: str, says: Settlement, said: Settlement) -> list[Consequence]:
    found = []
    moved = _count_differing(session, says.id, said.id, "place")
    if moved:
        found.append(Consequence(area, "%(n)s người đổi hạng.", {"n": moved}))
    if says.all_correct_count != said.all_correct_count:
        values = {"old": said.all_correct_count, "new": says.all_correct_count}
        found.append(Consequence(area, "Số người đúng hết đổi từ %(old)s thành %(new)s.", values))
    now, before = _prizes_of(session, says.id), _prizes_of(session, said.id)
    for own, other, text in (
        (now, before, "%(n)s người được thêm hoặc đổi giải."),
        (before, now, "%(n)s người mất hoặc đổi giải."),
    ):
        names = [name for entry_id, (prize, name) in own.items() if other.get(entry_id, ("", ""))[0] != prize]
        if names:
            found.append(Consequence(area, text, {"n": len(names)}, tuple(names[:NAMES])))
    if found:
        found.append(Consequence(area, "Bảng xếp hạng có bản mới, chờ công bố; bản đã công bố vẫn giữ nguyên cho đến lúc đó."))
    return found
