"""Makes and changes contests and their rounds. What is in force already is changed by two officers, see `changing`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Contest, Entry, Round
from elearn.contests.queries.contests import RANKINGS
from elearn.contests.rules.editing import Held, Way, check_may_change, check_never, way_of
from elearn.contests.rules.prediction import METRICS
from elearn.contests.rules.settings import MOST_ATTEMPTS, ContestSettings, RoundSettings, check_contest, check_round
from elearn.contests.services.making import RoundSpec, add_round, check_spec, free_join_code
from elearn.contests.services.sealing import seal_contest
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.vietnamese import fold
from elearn.members.services.passwords import hash_password
from elearn.quizzes.models import Attempt
from elearn.quizzes.services.making import move_window, question_count_of

By = tuple[int, str]
Plain = dict[str, Any]
NAMES = ("title", "title_en", "lead", "organiser_name", "decision_number", "decision_on")
"""What says who holds the contest; it may be put right at any time."""
GUARDED = ("unit_id", "rules_extra", "consent_text", "settings")
"""What people who have entered relied on."""
LONGEST_CODE = 60
RESERVED = ("new",)
"""Words that stand in addresses where a code could stand."""


def plain_contest(contest: Contest) -> Plain:
    """A contest without its rounds as plain JSON."""
    told = {name: getattr(contest, name) for name in (*NAMES, *GUARDED)}
    return {
        **told,
        "decision_on": contest.decision_on.isoformat() if contest.decision_on else None,
        "settings": contest.rules.store(),
    }


def plain_round(one: Round) -> Plain:
    """A round with its paper as plain JSON; the way back from `spec_of`."""
    quiz = one.paper
    told: Plain = {
        "title": one.title, "title_en": one.title_en, "kind": one.kind, "opens_at": one.opens_at.isoformat(),
        "closes_at": one.closes_at.isoformat(), "settings": one.own_rules.store(),
    }  # fmt: skip
    if quiz is not None:
        told |= {
            "blueprint": _parts(quiz.blueprint), "time_limit_seconds": quiz.time_limit_seconds,
            "is_fixed": bool(quiz.paper_seed), "shuffle_options": quiz.shuffle_options, "pass_percent": quiz.pass_percent,
        }  # fmt: skip
    return told


def plain_spec(spec: RoundSpec) -> Plain:
    """A round as it shall be, as plain JSON."""
    told: Plain = {
        "title": spec.title, "title_en": spec.title_en, "kind": spec.kind, "opens_at": spec.opens_at.isoformat(),
        "closes_at": spec.closes_at.isoformat(), "settings": spec.settings.store(),
    }  # fmt: skip
    if spec.kind in ("quiz", "written"):
        told |= {
            "blueprint": _parts(spec.blueprint), "time_limit_seconds": spec.time_limit_seconds,
            "is_fixed": spec.is_fixed, "shuffle_options": spec.shuffle_options, "pass_percent": spec.pass_percent,
        }  # fmt: skip
    return told


def _parts(blueprint: Sequence[Mapping[str, Any]]) -> list[Plain]:
    """Parts of a paper without what they do not say, so that two ways of saying nothing are alike."""
    return [{name: value for name, value in part.items() if value is not None} for part in blueprint]


def spec_of(plain: Mapping[str, Any]) -> RoundSpec:
    """A round from plain JSON."""
    return RoundSpec(
        title=plain["title"], title_en=plain.get("title_en", ""), kind=plain["kind"],
        opens_at=datetime.fromisoformat(plain["opens_at"]), closes_at=datetime.fromisoformat(plain["closes_at"]),
        blueprint=plain.get("blueprint") or (), time_limit_seconds=plain.get("time_limit_seconds", 600),
        is_fixed=plain.get("is_fixed", False), shuffle_options=plain.get("shuffle_options", True),
        pass_percent=plain.get("pass_percent"), settings=RoundSettings.read(plain["settings"]),
    )  # fmt: skip


def put_contest(contest: Contest, plain: Mapping[str, Any]) -> None:
    """Write plain values into a contest. Raises InvalidInput for rules that cannot be."""
    settings = ContestSettings.read(plain["settings"])
    check_contest(settings, RANKINGS)
    for name in (*NAMES, *GUARDED):
        setattr(contest, name, plain[name])
    decided = plain["decision_on"]
    contest.decision_on = date.fromisoformat(decided) if isinstance(decided, str) else decided
    contest.settings = settings.store()
    for one in contest.rounds:
        if one.paper is not None:
            one.paper.place, one.paper.unit_id = contest.title, contest.unit_id


def put_round(session: Session, one: Round, plain: Mapping[str, Any]) -> None:
    """Write plain values into a round and its paper. Raises InvalidInput for what cannot be."""
    spec = spec_of(plain)
    check_spec(spec)
    if spec.kind != one.kind:
        contest, number = one.contest, one.number
        _drop(session, one)
        add_round(session, contest, number, spec)
        session.expire(contest, ["rounds"])
        return
    one.title, one.title_en, one.opens_at, one.closes_at = spec.title, spec.title_en, spec.opens_at, spec.closes_at
    one.settings = spec.settings.store()
    quiz = one.paper
    if quiz is None:
        return
    metric = METRICS.get(spec.settings.metric)
    move_window(quiz, spec.opens_at, spec.closes_at)
    quiz.title, quiz.title_en, quiz.blueprint = spec.title, spec.title_en, [dict(part) for part in spec.blueprint]
    quiz.question_count, quiz.time_limit_seconds = question_count_of(spec.blueprint), spec.time_limit_seconds
    quiz.attempt_limit = spec.settings.attempt_limit or MOST_ATTEMPTS
    quiz.prediction_prompt, quiz.prediction_unit = (metric.prompt, metric.unit) if metric else ("", "")
    quiz.prediction_decimals = metric.decimals if metric else 0
    quiz.shuffle_options, quiz.pass_percent = spec.shuffle_options, spec.pass_percent
    quiz.paper_seed = (quiz.paper_seed or secrets.token_hex(32)) if spec.is_fixed else ""


def _drop(session: Session, one: Round) -> None:
    quiz = one.paper
    session.delete(one)
    session.flush()
    if quiz is not None:
        session.delete(quiz)
        session.flush()


def held_of(session: Session, contest: Contest, one: Round | None = None) -> Held:
    """How far a round has come, or the whole contest."""
    rounds = [one] if one is not None else contest.rounds
    ids = [each.id for each in rounds]
    entrants = session.scalar(select(func.count(func.distinct(Entry.id))).where(Entry.round_id.in_(ids))) or 0
    quizzes = [each.quiz_id for each in rounds if each.quiz_id]
    attempts = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.quiz_id.in_(quizzes))) or 0
    if one is None:
        entrants = (
            session.scalar(
                select(func.count(func.distinct(func.coalesce(Entry.member_id, -Entry.id)))).where(Entry.round_id.in_(ids))
            )
            or 0
        )
    opens, closes = [each.opens_at for each in rounds], [each.closes_at for each in rounds]
    return Held(contest.is_published, min(opens, default=None), max(closes, default=None), entrants, attempts)


def make_contest(plain: Mapping[str, Any], by: By, now: datetime) -> str:
    """A new contest without rounds, not yet published; its code. Raises InvalidInput for rules that cannot be."""
    with transaction() as session:
        contest = Contest(
            code=free_code(session, plain["title"]), join_code=free_join_code(session), is_published=False, made_by_id=by[0], made_at=now,
            rounds=[], title="", unit_id=plain["unit_id"], organiser_name="", settings={},
        )  # fmt: skip
        put_contest(contest, plain)
        session.add(contest)
        session.flush()
        record(session, now, by, "make_contest", ("contest", contest.id, contest.title))
        return contest.code


def change_contest(contest_id: int, plain: Mapping[str, Any], by: By, now: datetime) -> Plain | None:
    """Change a contest. None where everything is done; where rules in force would change, their plain values, for `propose_change`.

    Names and documents are put right at once in either case. Raises InvalidInput for rules that cannot be, DomainError for what never changes.
    """
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        before = plain_contest(contest)
        after = {**before, **plain}
        held = held_of(session, contest)
        way = way_of(held, now)
        differs = {name for name in after if after[name] != before[name]}
        guarded = differs & set(GUARDED)
        if guarded:
            check_may_change(held, now)
            check_never(before, after, held, now)
            check_contest(ContestSettings.read(after["settings"]), RANKINGS)
        if way is Way.FREE:
            put_contest(contest, after)
        else:
            put_contest(contest, {**before, **{name: after[name] for name in NAMES}})
        written = differs if way is Way.FREE else differs - guarded
        if written:
            record(
                session, now, by, "change_contest", ("contest", contest.id, contest.title),
                before={name: before[name] for name in sorted(written)}, after={name: after[name] for name in sorted(written)},
            )  # fmt: skip
        return after if guarded and way is not Way.FREE else None


def set_password(contest_id: int, password: str | None, by: By, now: datetime) -> None:
    """Ask entrants for a password, another one, or with "" for none; None changes nothing."""
    if password is None:
        return
    hashed = hash_password(password) if password else ""
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        contest.password_hash = hashed
        record(
            session,
            now,
            by,
            "change_contest",
            ("contest", contest.id, contest.title),
            after={"password": "•••" if password else ""},
        )


def set_poster(contest_id: int, digest: str, by: By, now: datetime) -> None:
    """Put a picture, kept under its digest, on the page of the contest; "" takes it away."""
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        if contest.poster != digest:
            contest.poster = digest
            record(session, now, by, "change_contest", ("contest", contest.id, contest.title), after={"poster": digest[:12]})


def add_rounds(contest_id: int, specs: Sequence[RoundSpec], by: By, now: datetime) -> list[int]:
    """Add rounds behind those that are there; their numbers. Raises InvalidInput for what cannot be."""
    for spec in specs:
        check_spec(spec)
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        if contest.is_published and any(spec.opens_at <= now for spec in specs):
            raise InvalidInput("round_in_past", "Cuộc thi đã công bố: vòng mới phải mở từ bây giờ trở đi.", field="opens_at")
        first = max((one.number for one in contest.rounds), default=0) + 1
        for number, spec in enumerate(specs, start=first):
            _check_sources(contest, spec, number)
            add_round(session, contest, number, spec)
        after = {"rounds": [spec.title for spec in specs]}
        record(session, now, by, "add_rounds", ("contest", contest.id, contest.title), after=after)
        return list(range(first, first + len(specs)))


def change_round(round_id: int, spec: RoundSpec, by: By, now: datetime) -> Plain | None:
    """Change a round. None where it is done; where it is in force, its plain values, for `propose_change`.

    Raises InvalidInput for what cannot be, DomainError for what never changes and for a round that is over.
    """
    check_spec(spec)
    with transaction() as session:
        one = session.get(Round, round_id)
        if one is None:
            raise NotFound()
        contest = locked_contest(session, one.contest_id)
        before, after = plain_round(one), plain_spec(spec)
        if before == after:
            return None
        held = held_of(session, contest, one)
        way = check_may_change(held, now)
        check_never(before, after, held, now)
        _check_sources(contest, spec, one.number)
        if way is not Way.FREE:
            return after
        subject = ("round", one.id, f"{contest.title}, {one.title}")
        put_round(session, one, after)
        keys = sorted(name for name in after if before.get(name) != after[name])
        record(
            session, now, by, "change_round", subject, before={name: before.get(name) for name in keys},
            after={name: after[name] for name in keys},
        )  # fmt: skip
        return None


def _check_sources(contest: Contest, spec: RoundSpec, number: int) -> None:
    """Rounds that another follows from must be there, and before it."""
    there = {one.number for one in contest.rounds if one.number < number}
    advance = spec.settings.advance
    for wanted, field in (
        (advance.from_round if advance else None, "advance"),
        *((one, "sources") for one in spec.settings.sources),
    ):
        if wanted is not None and wanted not in there:
            raise InvalidInput("no_earlier_round", "Không có vòng số %(number)s đứng trước vòng này.", field=field, number=wanted)


def remove_round(round_id: int, by: By, now: datetime) -> None:
    """Take a round away that nobody has entered and that is not in force. Raises DomainError with the reason otherwise."""
    with transaction() as session:
        one = session.get(Round, round_id)
        if one is None:
            raise NotFound()
        contest = locked_contest(session, one.contest_id)
        if way_of(held_of(session, contest, one), now) is not Way.FREE:
            raise DomainError("round_in_force", "Vòng đã mở hoặc đã có người vào thi nên không bỏ được.")
        for other in contest.rounds:
            rules = other.own_rules
            if one.number in rules.sources or (rules.advance and rules.advance.from_round == one.number):
                raise DomainError("round_needed", "“%(title)s” lấy kết quả của vòng này. Hãy sửa vòng ấy trước.", title=other.title)
        subject = ("round", one.id, f"{contest.title}, {one.title}")
        _drop(session, one)
        record(session, now, by, "remove_round", subject)


def copy_contest(contest_id: int, by: By, now: datetime) -> str:
    """A new draft with the same rules and rounds, its rounds moved whole weeks on until the first lies ahead; its code."""
    with transaction() as session:
        contest = session.get(Contest, contest_id)
        if contest is None:
            raise NotFound()
        first = min((one.opens_at for one in contest.rounds), default=now)
        weeks = max(0, -(-(now - first) // timedelta(days=7)) + 1) if first <= now else 0
        shift = timedelta(days=7 * weeks)
        title = contest.title[:190] + " (bản sao)"
        copy = Contest(
            code=free_code(session, contest.title), join_code=free_join_code(session), is_published=False, made_by_id=by[0], made_at=now,
            title=title, unit_id=contest.unit_id, organiser_name=contest.organiser_name, settings={}, rounds=[],
        )  # fmt: skip
        put_contest(copy, {**plain_contest(contest), "title": title, "decision_number": "", "decision_on": None})
        copy.poster = contest.poster
        session.add(copy)
        session.flush()
        for one in contest.rounds:
            spec = spec_of(plain_round(one))
            add_round(session, copy, one.number, replace(spec, opens_at=spec.opens_at + shift, closes_at=spec.closes_at + shift))
        record(session, now, by, "copy_contest", ("contest", copy.id, copy.title), after={"from": contest.title})
        return copy.code


def publish_contest(contest_id: int, by: By, now: datetime) -> None:
    """Let everybody see the contest and enter its rounds, which are sealed. Raises DomainError no_rounds, published_already."""
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        if contest.is_published:
            raise DomainError("published_already", "Cuộc thi đã công bố rồi.")
        if not contest.rounds:
            raise DomainError("no_rounds", "Cuộc thi cần ít nhất một vòng.")
        check_contest(contest.rules, RANKINGS)
        for one in contest.rounds:
            check_round(one.own_rules, RANKINGS)
        contest.is_published = True
        seal_contest(session, contest, now)
        record(session, now, by, "publish_contest", ("contest", contest.id, contest.title), after={"is_published": True})


def unpublish_contest(contest_id: int, by: By, now: datetime) -> None:
    """Hide the contest again while nobody has entered. Raises DomainError not_published, entered_already."""
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        if not contest.is_published:
            raise DomainError("not_published", "Cuộc thi hiện không công bố. Hãy tải lại trang.")
        if held_of(session, contest).entrants:
            raise DomainError("entered_already", "Đã có người vào thi nên không thôi công bố được.")
        contest.is_published = False
        record(session, now, by, "unpublish_contest", ("contest", contest.id, contest.title), after={"is_published": False})


def locked_contest(session: Session, contest_id: int) -> Contest:
    """The contest, locked until the transaction ends; raises NotFound."""
    contest = session.get(Contest, contest_id, with_for_update=True)
    if contest is None:
        raise NotFound()
    return contest


def free_code(session: Session, title: str) -> str:
    """A code for addresses, made of the title, that no contest has yet."""
    words = "-".join(re.findall("[a-z0-9]+", fold(title)))[:LONGEST_CODE].strip("-") or "cuoc-thi"
    code = words
    while code in RESERVED or session.scalar(select(Contest.id).where(Contest.code == code)) is not None:
        code = f"{words}-{secrets.token_hex(2)}"
    return code


def is_in_force(contest_id: int, round_id: int | None, now: datetime) -> bool:
    """Whether a round, or the rules of the contest, may only be changed by two officers."""
    session = db.session()
    contest = session.get(Contest, contest_id)
    if contest is None:
        raise NotFound()
    one = session.get(Round, round_id) if round_id is not None else None
    return way_of(held_of(session, contest, one), now) is not Way.FREE
