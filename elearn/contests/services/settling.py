"""Settles a round: counted attempts, the true value of the prediction, places and prizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Contest, Round, Settlement, Standing, UnitStanding
from elearn.contests.queries.contests import criteria_of
from elearn.contests.queries.counted import Counted, list_counted
from elearn.contests.rules import standings
from elearn.contests.rules.prediction import distance, true_value
from elearn.contests.rules.prizes import give_prizes, parse_prizes
from elearn.contests.rules.units import competing_unit
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.vietnamese import fold
from elearn.quizzes.hooks import Consequence, Regraded, Why
from elearn.quizzes.models import Quiz
from elearn.quizzes.services import count_open, finish_overdue
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
Told = tuple[list[str], int, int, list[tuple[Any, ...]]]
CHUNK = 5000
"""Rows written by one statement."""
FEW = 500
"""Ids in one list of a statement."""
NAMES = 10
"""Names told with a consequence; the rest is counted."""


@dataclass(frozen=True)
class Outcome:
    """All that a settlement says, before it is written. `units` maps a person's unit to (id, name) of the one they stand for."""

    rows: list[standings.Row]
    people: dict[int, Counted]
    prizes: dict[int, str]
    units: dict[int, tuple[int, str]]
    actual: int
    has_prediction: bool

    @property
    def attempts(self) -> int:
        return sum(person.attempts for person in self.people.values())


def settle_round(round_id: int, actor: ActorName, now: datetime, reason: str = "") -> Settlement:
    """The settlement in force for what was submitted: a new version where something changed, the latest one otherwise.

    Attempts still open are finished at their deadline first. Raises round_still_open before the close, during the seconds that late
    saves are given after it and while somebody who was given more time is still at it, reason_needed where published standings would change without a reason, NotFound for no such round.
    """
    quiz_id = _check_closed(round_id, now)
    finish_overdue(quiz_id, now)
    running = count_open(quiz_id)
    if running:
        message = "Còn %(n)s bài được thêm giờ đang làm. Hãy chốt sau khi các bài đó nộp."
        raise DomainError("round_still_open", message, n=running)
    reason = reason.strip()
    with transaction() as session:
        settled = session.get_one(Round, round_id)
        contest = session.get_one(Contest, settled.contest_id)
        outcome = _work_out(session, settled, contest)
        query = select(Settlement).where(Settlement.round_id == round_id).order_by(Settlement.version.desc())
        last = session.scalars(query.limit(1)).first()
        if last is not None and _says(outcome, contest) == _said(session, last):
            session.expunge(last)
            return last
        if settled.published_version is not None and not reason:
            raise InvalidInput(
                "reason_needed", "Kết quả đã công bố sẽ thay đổi. Hãy ghi lý do đính chính, mọi người sẽ đọc được.", field="reason"
            )
        settlement = _add(session, settled, contest, outcome, last.version + 1 if last else 1, actor, now, reason)
        session.expunge(settlement)
        return settlement


def _add(
    session: Session, settled: Round, contest: Contest, outcome: Outcome, version: int, actor: ActorName, now: datetime, reason: str
) -> Settlement:
    """Write the next version of the standings and its line in the audit log."""
    settlement = Settlement(
        round_id=settled.id, version=version, settled_at=now, settled_by_id=actor[0], reason=reason[:400],
        criteria=list(contest.criteria), people_count=len(outcome.rows), attempts_count=outcome.attempts,
        all_correct_count=outcome.actual, prediction_actual=outcome.actual if outcome.has_prediction else None,
    )  # fmt: skip
    session.add(settlement)
    session.flush()
    _write(session, settlement.id, outcome)
    figures = {
        "version": settlement.version, "people": settlement.people_count, "attempts": settlement.attempts_count,
        "all_correct": settlement.all_correct_count,
    }  # fmt: skip
    record(
        session,
        now,
        actor,
        "settle_round",
        ("round", settled.id, f"{contest.title}, {settled.title}"),
        after=figures,
        reason=reason,
    )
    return settlement


def follow_regrade(session: Session, regraded: Sequence[Regraded], why: Why) -> list[Consequence]:
    """Work settled rounds of the quiz out anew; where places change, write the next version, which waits to be published.

    Says how many places and prizes change and names those who would gain or lose a prize.
    """
    if not regraded:
        return []
    found: list[Consequence] = []
    for settled in session.scalars(select(Round).where(Round.quiz_id == regraded[0].quiz_id)):
        last = session.scalars(
            select(Settlement).where(Settlement.round_id == settled.id).order_by(Settlement.version.desc()).limit(1)
        ).first()
        if last is None:
            continue
        contest = session.get_one(Contest, settled.contest_id)
        outcome = _work_out(session, settled, contest)
        says, said = _says(outcome, contest), _said(session, last)
        if says == said:
            continue
        found += _differences(f"{contest.title}, {settled.title}", says, said, outcome)
        _add(session, settled, contest, outcome, last.version + 1, why.by, why.at, why.reason)
    return found


def _differences(area: str, says: Told, said: Told, outcome: Outcome) -> list[Consequence]:
    places = {row[0]: row[2] for row in says[3]}, {row[0]: row[2] for row in said[3]}
    prizes = {row[0]: row[4] for row in says[3] if row[4]}, {row[0]: row[4] for row in said[3] if row[4]}
    found = []
    moved = [member for member, place in places[0].items() if places[1].get(member) != place]
    if moved:
        found.append(Consequence(area, "%(n)s người đổi hạng.", {"n": len(moved)}))
    if says[1] != said[1]:
        found.append(Consequence(area, "Số người đúng hết đổi từ %(old)s thành %(new)s.", {"old": said[1], "new": says[1]}))
    for own, other, text in ((0, 1, "%(n)s người được thêm hoặc đổi giải."), (1, 0, "%(n)s người mất hoặc đổi giải.")):
        people = [member for member, prize in prizes[own].items() if prizes[other].get(member) != prize]
        if people:
            names = tuple(outcome.people[member].display_name for member in people[:NAMES] if member in outcome.people)
            found.append(Consequence(area, text, {"n": len(people)}, names))
    if found:
        found.append(Consequence(area, "Bảng xếp hạng có bản mới, chờ công bố; bản đã công bố vẫn giữ nguyên cho đến lúc đó."))
    return found


def _check_closed(round_id: int, now: datetime) -> int:
    """Id of the round's quiz; raises where the round has not closed for good."""
    query = select(Round.closes_at, Quiz.grace_seconds, Quiz.id).join(Quiz, Quiz.id == Round.quiz_id).where(Round.id == round_id)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound()
    closes_at, grace_seconds, quiz_id = found
    if now < closes_at:
        raise DomainError("round_still_open", "Vòng thi còn mở nên chưa chốt được. Hãy quay lại sau giờ đóng.")
    if now <= closes_at + timedelta(seconds=grace_seconds):
        message = "Vòng thi vừa đóng, còn đợi các bài đang gửi. Hãy thử lại sau %(seconds)s giây."
        raise DomainError("round_still_open", message, seconds=grace_seconds + 1)
    return int(quiz_id)


def _work_out(session: Session, settled: Round, contest: Contest) -> Outcome:
    quiz = session.get_one(Quiz, settled.quiz_id)
    counted = list_counted(session.connection(), settled.id, quiz.id, quiz.question_count)
    people = {person.candidate.member_id: person for person in counted}
    candidates = [person.candidate for person in counted]
    actual = true_value(candidates)
    rows = standings.rank(candidates, criteria_of(contest.criteria), actual)
    prizes = give_prizes(rows, parse_prizes(contest.prizes), _winners_elsewhere(session, settled))
    units = _stand_for(session, contest.unit_id, {person.unit_id for person in counted})
    return Outcome(rows, people, prizes, units, actual, bool(quiz.prediction_prompt))


def _stand_for(session: Session, organiser_id: int, unit_ids: set[int]) -> dict[int, tuple[int, str]]:
    """(id, name) of the unit that people of each unit stand for: the branch below the organiser."""
    top = session.execute(select(Unit.path).where(Unit.id == organiser_id)).scalar_one()
    paths = _by_id(session, Unit.path, unit_ids)
    chosen = {unit_id: competing_unit(top, path) for unit_id, path in paths.items()}
    names = _by_id(session, Unit.name, set(chosen.values()))
    return {unit_id: (stands_for, names[stands_for]) for unit_id, stands_for in chosen.items()}


def _by_id(session: Session, column: Any, ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    wanted = sorted(ids)
    for first in range(0, len(wanted), FEW):
        found.update(session.execute(select(Unit.id, column).where(Unit.id.in_(wanted[first : first + FEW]))).all())
    return found


def _winners_elsewhere(session: Session, settled: Round) -> set[int]:
    """Members with a prize in the published standings of other rounds of the contest."""
    query = (
        select(Standing.member_id)
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, and_(Round.id == Settlement.round_id, Round.published_version == Settlement.version))
        .where(Round.contest_id == settled.contest_id, Round.id != settled.id, Standing.prize != "")
    )
    return set(session.scalars(query))


def _says(outcome: Outcome, contest: Contest) -> Told:
    """What the outcome says, to be compared with an earlier settlement."""
    rows: list[tuple[Any, ...]] = [
        (
            row.candidate.member_id,
            row.candidate.attempt_id,
            row.place,
            row.decided_by,
            outcome.prizes.get(row.candidate.member_id, ""),
        )
        for row in outcome.rows
    ]
    return list(contest.criteria), outcome.actual, outcome.attempts, rows


def _said(session: Session, last: Settlement) -> Told:
    query = select(Standing.member_id, Standing.attempt_id, Standing.place, Standing.decided_by, Standing.prize)
    rows = session.execute(query.where(Standing.settlement_id == last.id).order_by(Standing.position))
    return list(last.criteria), last.all_correct_count, last.attempts_count, [tuple(row) for row in rows]


def _write(session: Session, settlement_id: int, outcome: Outcome) -> None:
    """Write standings of people and of units, many rows a statement."""
    _insert_all(session, Standing, [_standing(settlement_id, row, outcome) for row in outcome.rows])
    people, attempts, names = Counter[int](), Counter[int](), dict[int, str]()
    for person in outcome.people.values():
        unit_id, unit_name = outcome.units[person.unit_id]
        names[unit_id] = unit_name
        people[unit_id] += 1
        attempts[unit_id] += person.attempts
    _insert_all(
        session,
        UnitStanding,
        [
            {
                "settlement_id": settlement_id, "unit_id": unit_id, "unit_name": names[unit_id], "people_count": count,
                "attempts_count": attempts[unit_id],
            }
            for unit_id, count in people.items()
        ],
    )  # fmt: skip


def _standing(settlement_id: int, row: standings.Row, outcome: Outcome) -> dict[str, Any]:
    candidate = row.candidate
    person = outcome.people[candidate.member_id]
    unit_id, unit_name = outcome.units[person.unit_id]
    return {
        "settlement_id": settlement_id, "position": row.position, "place": row.place, "member_id": candidate.member_id,
        "attempt_id": candidate.attempt_id, "display_name": person.display_name, "unit_id": unit_id, "unit_name": unit_name,
        "correct_count": candidate.correct_count, "prediction": candidate.prediction,
        "prediction_distance": distance(candidate.prediction, outcome.actual), "working_ms": candidate.working_ms,
        "submitted_at": person.submitted_at, "decided_by": row.decided_by, "prize": outcome.prizes.get(candidate.member_id, ""),
        "search_key": fold(f"{person.display_name} {unit_name}"),
    }  # fmt: skip


def _insert_all(session: Session, model: type[Standing] | type[UnitStanding], rows: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(rows), CHUNK):
        session.connection().execute(insert(model), rows[first : first + CHUNK])
