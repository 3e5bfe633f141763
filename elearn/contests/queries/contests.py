"""Contests and rounds that a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from elearn.contests.models import Contest, Entry, Round, RulesChange, Settlement
from elearn.contests.rules.candidates import Criterion
from elearn.contests.rules.rounds import RoundState, state_at
from elearn.contests.rules.settings import ContestSettings
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.lib.registry import Registry
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, may, role_paths
from elearn.units.models import Unit

RANKINGS: Registry[Criterion] = Registry("elearn.contests.rankings", "CRITERION")


def criteria_of(keys: Sequence[str]) -> list[Criterion]:
    """The criteria behind their keys, in the same order."""
    return [RANKINGS[key] for key in keys]


def access_contest(actor: Actor | None, code: str) -> Contest:
    """The contest with its rounds; NotFound where it is not published and the reader does not look after it."""
    query = select(Contest).where(Contest.code == code).options(joinedload(Contest.unit), _with_rounds())
    contest = db.session.scalars(query).unique().one_or_none()
    if contest is None or not _may_read(actor, contest):
        raise NotFound()
    return contest


def _with_rounds() -> ORMOption:
    return selectinload(Contest.rounds).joinedload(Round.paper)


def _may_read(actor: Actor | None, contest: Contest) -> bool:
    subject = Subject(contest.unit.path, is_public=contest.is_published)
    return contest.is_published if actor is None else may(actor, "contest.read", subject)


def access_round(actor: Actor | None, code: str, number: int) -> Round:
    """A round of a contest that the reader may see."""
    contest = access_contest(actor, code)
    for found in contest.rounds:
        if found.number == number:
            return found
    raise NotFound()


def access_round_to(actor: Actor, permission: str, code: str, number: int) -> Round:
    """The round for an officer: NotFound outside what they oversee, Forbidden where they see it but may not do this."""
    query = select(Round).join(Contest).where(Contest.code == code, Round.number == number)
    found = db.session.scalar(query.options(joinedload(Round.contest).joinedload(Contest.unit), joinedload(Round.paper)))
    if found is None or not may(actor, "contest.oversee", Subject(found.contest.unit.path)):
        raise NotFound()
    demand(actor, permission, Subject(found.contest.unit.path))
    return found


def access_contest_to(actor: Actor, permission: str, code: str) -> Contest:
    """The contest for an officer: NotFound outside what they oversee, Forbidden where they see it but may not do this."""
    query = select(Contest).where(Contest.code == code).options(joinedload(Contest.unit), _with_rounds())
    found = db.session.scalars(query).unique().one_or_none()
    if found is None or not may(actor, "contest.oversee", Subject(found.unit.path)):
        raise NotFound()
    demand(actor, permission, Subject(found.unit.path))
    return found


def access_owner(actor: Actor, unit_id: int) -> Unit:
    """The unit that is to hold a contest; NotFound where the actor may not make contests for it."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or unit.valid_to is not None or not may(actor, "contest.manage", Subject(unit.path)):
        raise NotFound()
    return unit


def may_manage(actor: Actor, contest: Contest) -> bool:
    """Whether to offer making and changing."""
    return may(actor, "contest.manage", Subject(contest.unit.path))


def list_named_units(unit_ids: Sequence[int]) -> list[tuple[int, str]]:
    """(id, name) of units."""
    rows = db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)).order_by(Unit.sort_key, Unit.id))
    return [(number, name) for number, name in rows]


def written_targets(rules: ContestSettings) -> str:
    """Targets of single units as lines "code | name | number"."""
    counts = {unit_id: one.count for one in rules.unit_targets for unit_id in one.unit_ids}
    query = select(Unit.id, Unit.code, Unit.name).where(Unit.id.in_(counts)).order_by(Unit.sort_key, Unit.id)
    return "\n".join(f"{code} | {name} | {counts[number]}" for number, code, name in db.session.execute(query))


def list_rule_changes(contest_id: int) -> Sequence[RulesChange]:
    """Every proposal to change rules in force, those that wait first."""
    query = select(RulesChange).where(RulesChange.contest_id == contest_id).options(joinedload(RulesChange.round))
    return db.session.scalars(query.order_by(RulesChange.decided_at.is_not(None), RulesChange.id.desc())).all()


def find_rule_change(contest_id: int, change_id: int) -> RulesChange:
    """A proposal of this contest; raises NotFound."""
    found = db.session.get(RulesChange, change_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound()
    return found


def list_waiting_changes(actor: Actor, limit: int = 20) -> Sequence[RulesChange]:
    """Proposals in the actor's care that somebody else made and that wait for a second officer."""
    within = below(Unit.path, role_paths(actor, "contest.manage"))
    query = select(RulesChange).join(Contest).join(Unit, Unit.id == Contest.unit_id)
    query = query.where(within, RulesChange.state == "proposed", RulesChange.proposed_by_id != actor.member_id)
    return db.session.scalars(query.options(joinedload(RulesChange.contest)).order_by(RulesChange.proposed_at).limit(limit)).all()


def may_close(actor: Actor, contest: Contest) -> bool:
    """Whether to offer settling and publishing."""
    return may(actor, "round.close", Subject(contest.unit.path))


def find_code(join_code: str) -> str | None:
    """Code of the published contest with six digits; None where there is none."""
    return db.session.scalar(select(Contest.code).where(Contest.join_code == join_code, Contest.is_published))


def list_public() -> Sequence[Contest]:
    """Published contests with their rounds."""
    query = select(Contest).where(Contest.is_published).options(joinedload(Contest.unit), _with_rounds())
    return db.session.scalars(query.order_by(Contest.id.desc())).unique().all()


def list_overseen(actor: Actor) -> Sequence[Contest]:
    """Exactly the contests for which `may(actor, "contest.oversee", …)` holds."""
    within = below(Unit.path, role_paths(actor, "contest.oversee"))
    query = select(Contest).join(Unit, Unit.id == Contest.unit_id).where(within)
    return db.session.scalars(query.options(joinedload(Contest.unit), _with_rounds()).order_by(Contest.id.desc())).unique().all()


def list_unit_names(unit_ids: Sequence[int]) -> list[str]:
    """Names of units in Vietnamese order."""
    if not unit_ids:
        return []
    return list(db.session.scalars(select(Unit.name).where(Unit.id.in_(unit_ids)).order_by(Unit.sort_key, Unit.id)))


def list_corrections(contest_id: int) -> Sequence[RulesChange]:
    """Changes of the rules that two officers agreed on while rounds were running, the latest first; everybody may read them."""
    query = select(RulesChange).where(RulesChange.contest_id == contest_id, RulesChange.state == "agreed")
    return db.session.scalars(
        query.options(joinedload(RulesChange.round)).order_by(RulesChange.decided_at.desc(), RulesChange.id)
    ).all()


def list_settled_ids(round_ids: Sequence[int]) -> set[int]:
    """Those rounds of which some settlement exists."""
    return set(db.session.scalars(select(Settlement.round_id).where(Settlement.round_id.in_(round_ids)).distinct()))


def states_of(rounds: Sequence[Round], now: datetime) -> dict[int, RoundState]:
    """State by round id."""
    settled = list_settled_ids([one.id for one in rounds])
    return {
        one.id: state_at(one.opens_at, one.closes_at, now, one.id in settled, one.published_version is not None) for one in rounds
    }


def count_entries(round_ids: Sequence[int]) -> dict[int, int]:
    """People who have entered, by round id; rounds without any are missing."""
    query = select(Entry.round_id, func.count()).where(Entry.round_id.in_(round_ids)).group_by(Entry.round_id)
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class ListedRound:
    """A round as the command line lists it."""

    id: int
    contest: str
    title: str
    state: RoundState
    opens_at: datetime
    closes_at: datetime
    entries: int


def list_rounds(now: datetime, closed_only: bool = False) -> list[ListedRound]:
    """All rounds in order of opening; `closed_only`: those past their close."""
    rounds = db.session.scalars(select(Round).options(joinedload(Round.contest)).order_by(Round.opens_at, Round.id)).all()
    states, entries = states_of(rounds, now), count_entries([one.id for one in rounds])
    return [
        ListedRound(one.id, one.contest.code, one.title, states[one.id], one.opens_at, one.closes_at, entries.get(one.id, 0))
        for one in rounds
        if not closed_only or now >= one.closes_at
    ]


def find_round(round_id: int) -> Round | None:
    """The round; None where there is none."""
    return db.session.get(Round, round_id, options=[joinedload(Round.contest)])


def find_round_of_quiz(quiz_id: int) -> tuple[str, int] | None:
    """(contest code, round number) of the round that a quiz belongs to."""
    query = select(Contest.code, Round.number).join(Round, Round.contest_id == Contest.id).where(Round.quiz_id == quiz_id)
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def list_open_rounds(now: datetime) -> Sequence[Round]:
    """Rounds of published contests that are open now, the one closing first at the head."""
    query = select(Round).join(Contest).where(Contest.is_published, Round.opens_at <= now, Round.closes_at > now)
    return db.session.scalars(
        query.options(joinedload(Round.contest), joinedload(Round.paper)).order_by(Round.closes_at, Round.id)
    ).all()


def list_waiting(actor: Actor, now: datetime) -> Sequence[Row[Round, int | None]]:
    """(round, latest version settled) of rounds in the actor's care that have closed and whose latest version is not published."""
    within = below(Unit.path, role_paths(actor, "round.close"))
    latest = select(func.max(Settlement.version)).where(Settlement.round_id == Round.id).scalar_subquery()
    query = select(Round, latest).join(Contest).join(Unit, Unit.id == Contest.unit_id)
    is_waiting: ColumnElement[bool] = or_(Round.published_version.is_(None), Round.published_version < latest)
    query = query.where(within, Round.closes_at <= now, is_waiting).options(joinedload(Round.contest), joinedload(Round.paper))
    return db.session.execute(query.order_by(Round.closes_at, Round.id).limit(20)).all()


def list_provisional(actor: Actor) -> Sequence[Row[Round, Settlement]]:
    """(round, published settlement) of rounds in the actor's care whose published result is not final yet."""
    within = below(Unit.path, role_paths(actor, "round.close"))
    query = (
        select(Round, Settlement)
        .join(Settlement, and_(Settlement.round_id == Round.id, Settlement.version == Round.published_version))
        .join(Contest, Contest.id == Round.contest_id)
        .join(Unit, Unit.id == Contest.unit_id)
        .where(within, Settlement.status == "provisional")
    )
    return db.session.execute(query.options(joinedload(Round.contest)).order_by(Settlement.published_at).limit(20)).all()


def has_entry(round_id: int, member_id: int) -> bool:
    """Whether the member has entered the round."""
    return bool(db.session.scalar(select(exists().where(Entry.round_id == round_id, Entry.member_id == member_id))))


@dataclass(frozen=True)
class Window:
    """A round and its hours."""

    id: int
    opens_at: datetime
    closes_at: datetime


def find_window(code: str, number: int) -> Window:
    """The hours of a round, by one small statement, for a page that asks often; NotFound where there is none that is published."""
    query = select(Round.id, Round.opens_at, Round.closes_at).join(Contest, Contest.id == Round.contest_id)
    row = db.session.execute(query.where(Contest.code == code, Round.number == number, Contest.is_published)).one_or_none()
    if row is None:
        raise NotFound()
    return Window(*row)
