"""What contests offer to quizzes and to the first pages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from elearn.contests.models import (
    Contest,
    Disqualification,
    Entry,
    Objection,
    PrizeDelivery,
    PrizeRefusal,
    PublicEntrant,
    Round,
    RoundJudge,
    RulesChange,
    Settlement,
    StageScore,
    Standing,
    WinnerCheck,
)
from elearn.contests.queries import awards, closing, contests, entrants, entries, judges, standings
from elearn.contests.queries.judges import named_piles
from elearn.contests.queries.live import live_counts
from elearn.contests.rules.checklist import objections_until
from elearn.contests.services import comparing
from elearn.contests.services.chaining import checkpoint_beside, cut_due
from elearn.contests.services.entering import search_key
from elearn.contests.services.fairness import find_signals
from elearn.contests.services.registering import follow_attempts
from elearn.contests.services.sealing import seal_upcoming
from elearn.contests.services.settling import follow_regrade, settle_round
from elearn.contests.views.pages import prize_names, titled
from elearn.core import clock
from elearn.core.contributions import Achievement, Contributions, Decision, Figure, Task
from elearn.core.db import db
from elearn.core.display import show_number
from elearn.core.i18n import gettext
from elearn.jobs.hooks import Tell, timers, works
from elearn.jobs.views import start_worker
from elearn.marking import hooks as marking_hooks
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor
from elearn.members.services.erasure import erase_record
from elearn.members.services.retention import KINDS, Retained
from elearn.quizzes import hooks

PRIZES_SHOWN = 5
REGISTRATIONS = member_hooks.Carried(PublicEntrant, "member_id", "Đăng ký dự thi khi chưa có tài khoản")
ENTRANT_DAYS = 90
PASS_SECONDS = 60
TOLD_FOR = timedelta(days=30)
"""How long a person is told on the first page that a result of theirs does not count."""
OBJECTIONS = member_hooks.Carried(Objection, "member_id", "Khiếu nại kết quả thi")
ENTRIES = member_hooks.Carried(Entry, "member_id", "Lượt ghi danh dự thi", ("round_id",))
JUDGES = member_hooks.Carried(RoundJudge, "member_id", "Vòng thi đã làm giám khảo", ("round_id",))
SCORES = member_hooks.Carried(StageScore, "judge_id", "Điểm đã cho ở hội thi", ("entry_id", "criterion_id"))


def wire(app: Flask) -> None:
    """Sittings lead back to their contest; rounds are tasks, prizes are earned, closed rounds wait for officers."""
    if page_of_quiz not in hooks.way_back:
        hooks.way_back.append(page_of_quiz)
        hooks.after_regrade.append(follow_regrade)
        hooks.entrances.append(entrance_of_quiz)
        hooks.beside_receipt.append(checkpoint_beside)
    member_hooks.add(marking_hooks.named, named_piles)
    member_hooks.add(member_hooks.results, ENTRIES, JUDGES, SCORES, OBJECTIONS)
    member_hooks.add(member_hooks.kept_as_history, REGISTRATIONS)
    member_hooks.add(member_hooks.after_merge, follow_attempts)
    member_hooks.add(member_hooks.erasers, erase_names)
    member_hooks.add(member_hooks.own_data, own_data)
    if all(kind.key != RETAINED.key for kind in KINDS):
        KINDS.append(RETAINED)
    member_hooks.add(timers, compare_works)
    works.update(close_round=close_round, find_signals=look_for_signals)
    app.extensions["contest_passes"] = {"last": time.monotonic()}
    app.after_request(pass_by)
    offered: Contributions = app.extensions["contributions"]
    offered.tasks += [tasks_of_member, tasks_of_judge]
    offered.openings.append(open_rounds)
    offered.achievements.append(prizes_of_member)
    offered.decisions.append(decisions_of_officer)
    offered.figures.append(figures_of_officer)
    offered.guest_homes.append(home_of_guest)


def close_round(arguments: Any, tell: Tell) -> Any:
    """Settle a large round; safe to run again from its beginning."""
    by = arguments["by"]
    return {"version": settle_round(arguments["round"], (by[0], by[1]), clock.now(), arguments["reason"], tell).version}


def compare_works(now: datetime) -> None:
    """Works of a round that has closed are compared by themselves, so that judges see from the first what is alike."""
    if comparing.begin_due(now):
        start_worker()


def look_for_signals(arguments: Any, tell: Tell) -> Any:
    """Look through a round for signals of unfair play; safe to run again."""
    return {"found": find_signals(arguments["round"], clock.now(), tell)}


def pass_by(response: Response) -> Response:
    """Once a minute and process, behind the answer to a request that only reads: cut what is due, seal what has changed."""
    state = current_app.extensions["contest_passes"]
    moment = time.monotonic()
    if request.method != "GET" or moment - state["last"] < PASS_SECONDS:
        return response
    state["last"] = moment
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    response.call_on_close(lambda: cut_and_seal(app))
    return response


def cut_and_seal(app: Flask) -> None:
    """What passing by does; a failure is written into the log of the server and harms no request."""
    with app.app_context():
        try:
            now = clock.now()
            cut_due(now)
            seal_upcoming(now)
        except Exception:
            app.logger.exception("checkpoints of the rounds could not be cut")


def own_data(member_id: int) -> dict[str, Any]:
    """Rounds that a person entered and published places, for the export of their own data."""
    entered: Any = (
        select(Entry, Round.title, Contest.title)
        .join(Round, Round.id == Entry.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Entry.member_id == member_id)
    )
    placed: Any = (
        select(Standing, Round.title, Contest.title)
        .join(Settlement, Settlement.id == Standing.settlement_id)
        .join(Round, (Round.id == Settlement.round_id) & (Round.published_version == Settlement.version))
        .join(Contest, Contest.id == Round.contest_id)
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Entry.member_id == member_id)
    )
    registered: Any = (
        select(PublicEntrant, Contest.title)
        .join(Contest, Contest.id == PublicEntrant.contest_id)
        .where(PublicEntrant.member_id == member_id)
    )
    return {
        "judged": [{"contest": titled(one.contest), "round": titled(one)} for one in judges.list_judged(member_id)],
        "registrations": [
            {
                "contest": title,
                "unit": one.unit_name,
                "address": one.address,
                "representative": one.representative,
                "registered_at": one.registered_at.isoformat(),
            }
            for one, title in db.session.execute(registered)
        ],
        "entries": [
            {
                "contest": title,
                "round": part,
                "name": one.display_name,
                "unit": one.unit_name,
                "entered_at": one.entered_at.isoformat(),
            }
            for one, part, title in db.session.execute(entered.order_by(Entry.id))
        ],
        "standings": [
            {
                "contest": title,
                "round": part,
                "name": one.display_name,
                "unit": one.unit_name,
                "place": one.place,
                "prize": one.prize,
            }
            for one, part, title in db.session.execute(placed.order_by(Settlement.id))
        ],
        "objections": [
            {"text": one.text, "made_at": one.made_at.isoformat(), "state": one.state, "answer": one.answer}
            for one in db.session.scalars(select(Objection).where(Objection.member_id == member_id).order_by(Objection.id))
        ],
        **_own_prizes(member_id),
    }


def _own_prizes(member_id: int) -> dict[str, Any]:
    """What was checked of a person as a winner, why they were refused, and what was handed to them."""
    own = select(Entry.id).where(Entry.member_id == member_id)
    checks = db.session.scalars(select(WinnerCheck).where(WinnerCheck.entry_id.in_(own)).order_by(WinnerCheck.at)).all()
    refusals = db.session.scalars(select(PrizeRefusal).where(PrizeRefusal.entry_id.in_(own)).order_by(PrizeRefusal.at)).all()
    deliveries = db.session.scalars(select(PrizeDelivery).where(PrizeDelivery.entry_id.in_(own)).order_by(PrizeDelivery.id)).all()
    return {
        "awards": [
            {"contest": one.contest.title, "round": one.title, "prize": award.prize, "reason": award.reason}
            for award, one, _published_at in awards.list_own_awards(member_id)
        ],
        "winner_checks": [
            {"check": one.kind, "is_good": one.is_good, "note": one.note, "at": one.at.isoformat()} for one in checks
        ],
        "refusals": [{"kind": one.kind, "reason": one.reason, "at": one.at.isoformat()} for one in refusals],
        "prizes_received": [
            {"prize": one.prize, "on": one.handed_on.isoformat(), "how": one.how, "is_undone": one.undone_at is not None}
            for one in deliveries
        ],
    }


def erase_names(session: Session, member_id: int, name: str) -> None:
    """Put another name into entries, and with them into standings; a registration and notes about the person go. Places, marks and units stay."""
    session.execute(delete(PublicEntrant).where(PublicEntrant.member_id == member_id))
    own = select(Entry.id).where(Entry.member_id == member_id)
    session.execute(update(WinnerCheck).where(WinnerCheck.entry_id.in_(own)).values(note=""))
    session.execute(update(PrizeRefusal).where(PrizeRefusal.entry_id.in_(own)).values(reason=""))
    session.execute(update(PrizeDelivery).where(PrizeDelivery.entry_id.in_(own)).values(note=""))
    for row in session.scalars(select(Entry).where(Entry.member_id == member_id)):
        row.display_name, row.search_key = name, search_key(name, row.unit_name, row.competing_unit_name)
    for change in session.scalars(
        select(RulesChange).where(or_(RulesChange.proposed_by_id == member_id, RulesChange.decided_by_id == member_id))
    ):
        change.proposed_by_name = name if change.proposed_by_id == member_id else change.proposed_by_name
        change.decided_by_name = name if change.decided_by_id == member_id else change.decided_by_name


def are_past(before: datetime) -> ColumnElement[bool]:
    """SQL for "of a contest all of whose rounds are published, the last of them before a moment"."""
    waiting = exists().where(Round.contest_id == PublicEntrant.contest_id, Round.published_version.is_(None))
    last = (
        select(func.max(func.coalesce(Settlement.final_at, Settlement.published_at)))
        .join(Round, Round.id == Settlement.round_id)
        .where(Round.contest_id == PublicEntrant.contest_id)
        .scalar_subquery()
    )
    return and_(~waiting, last < before)


def forget_entrants(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Erase the people behind registrations; entries, places and marks stay without a name."""
    for member_id in session.scalars(select(PublicEntrant.member_id).where(PublicEntrant.id.in_(ids))).all():
        erase_record(session, member_id, now)


RETAINED = Retained(
    "public_entrants", "Người dự thi không có tài khoản", "Để xếp hạng, xác minh và trao giải; tính từ lần công bố cuối cùng.", ENTRANT_DAYS,
    PublicEntrant, are_past, forget_entrants,
)  # fmt: skip


def home_of_guest(member_id: int) -> str | None:
    """The first page of somebody without an account: the contest for which they registered."""
    contest = entrants.find_contest_of(member_id)
    return url_for("contests.show", code=contest.code) if contest else None


def page_of_quiz(quiz_id: int, member_id: int) -> str | None:
    """Address of the contest whose round a quiz is."""
    found = contests.find_round_of_quiz(quiz_id)
    return url_for("contests.show", code=found[0]) if found else None


def entrance_of_quiz(quiz_id: int) -> hooks.Entrance | None:
    """The round whose quiz it is: age, exclusions and limits are asked there and nowhere else."""
    found = contests.find_round_of_quiz(quiz_id)
    return hooks.Entrance("contests.start", {"code": found[0], "number": found[1]}) if found else None


def tasks_of_member(actor: Actor, now: datetime) -> list[Task]:
    """Open rounds in which the member may still make an attempt; nobody has to."""
    roles = {str(role) for role in actor.roles()}
    rounds = [
        one for one in contests.list_open_rounds(now) if one.paper is not None and not roles & set(one.contest.rules.excluded_roles)
    ]
    used = entries.list_used(actor.member_id, rounds, now)
    found = []
    for one in rounds:
        done = used.get(one.id, entries.Used())
        limit = one.quiz.attempt_limit
        if done.attempts >= limit and not done.open_id:
            continue
        told = gettext(
            "%(contest)s. Đã dự %(done)s trên %(limit)s lượt.", contest=titled(one.contest), done=done.attempts, limit=limit
        )
        found.append(_task(one, told, gettext("Làm tiếp") if done.open_id else gettext("Vào thi")))
    return found + [
        _told_off(doubt, one) for doubt, one in closing.list_doubts_of_member(actor.member_id) if _is_recent(doubt, now)
    ]


def _is_recent(doubt: Disqualification, now: datetime) -> bool:
    return doubt.decided_at is not None and now < doubt.decided_at + TOLD_FOR


def _told_off(doubt: Disqualification, one: Round) -> Task:
    """Tells a person that their result does not count, why, and where to object."""
    return Task(
        title=gettext("Kết quả %(round)s của bạn không được tính", round=titled(one)),
        detail=gettext("%(contest)s. Lý do: %(reason)s", contest=titled(one.contest), reason=doubt.reason),
        action=gettext("Xem và khiếu nại") if one.published_version else gettext("Xem cuộc thi"),
        url=url_for("contests.object_to_result", code=one.contest.code, number=one.number)
        if one.published_version
        else url_for("contests.show", code=one.contest.code),
        is_required=False,
    )


def tasks_of_judge(actor: Actor, now: datetime) -> list[Task]:
    """Rounds that the member judges, from their opening until their results are published."""
    return [
        Task(
            title=gettext("Chấm điểm %(round)s", round=titled(one)),
            detail=gettext("%(contest)s. Bạn được cử làm giám khảo.", contest=titled(one.contest)),
            action=gettext("Vào chấm"),
            url=url_for("contests.judge_stage", round_id=one.id) if one.kind == "stage" else url_for("marking.mine"),
        )
        for one in judges.list_judged(actor.member_id)
        if one.opens_at <= now and one.published_version is None
    ]


def _task(one: Round, detail: str, action: str) -> Task:
    return Task(
        title=gettext("Dự thi %(round)s", round=titled(one)),
        detail=detail,
        action=action,
        url=url_for("contests.start", code=one.contest.code, number=one.number),
        due_at=one.closes_at,
        is_required=False,
    )


def open_rounds(now: datetime) -> list[Task]:
    """Open rounds, for people who are not signed in."""
    return [
        Task(
            title=titled(one.contest),
            detail=gettext("%(round)s đang mở, ai cũng xem được thể lệ.", round=titled(one)),
            action=gettext("Xem cuộc thi"),
            url=url_for("contests.show", code=one.contest.code),
            due_at=one.closes_at,
            is_required=False,
        )
        for one in contests.list_open_rounds(now)
    ]


def prizes_of_member(actor: Actor, now: datetime) -> list[Achievement]:
    """The member's prizes in published rounds, by ranking and by hand."""
    found = []
    for row, settlement, one, contest in standings.list_own_prizes(actor.member_id, PRIZES_SHOWN):
        prize = prize_names(one).get(row.prize, row.prize)
        found.append(
            Achievement(
                title=gettext("%(contest)s: %(round)s", contest=titled(contest), round=titled(one)),
                honour=gettext("Giải %(prize)s", prize=prize),
                detail=gettext(
                    "Hạng %(place)s trên %(people)s người",
                    place=show_number(row.place),
                    people=show_number(settlement.people_count),
                ),
                at=settlement.published_at or settlement.settled_at,
                url=url_for("contests.standings", code=contest.code, number=one.number),
                kind="medal",
            )
        )
    for award, one, published_at in awards.list_own_awards(actor.member_id)[:PRIZES_SHOWN]:
        found.append(
            Achievement(
                title=gettext("%(contest)s: %(round)s", contest=titled(one.contest), round=titled(one)),
                honour=gettext("Giải %(prize)s", prize=prize_names(one).get(award.prize, award.prize)),
                detail=award.reason,
                at=max(award.at, published_at or award.at),
                url=url_for("contests.standings", code=one.contest.code, number=one.number, _anchor="others"),
                kind="medal",
            )
        )
    return found


def decisions_of_officer(actor: Actor, now: datetime) -> list[Decision]:
    """Rounds in the officer's care that have closed and whose latest standings nobody sees yet."""
    found = []
    for one, version in contests.list_waiting(actor, now):
        people = show_number(live_counts(one.quiz_id, now).people if one.quiz_id else 0)
        told = gettext("%(contest)s. %(people)s người đã dự.", contest=titled(one.contest), people=people)
        title = (
            gettext("%(round)s chưa công bố", round=titled(one))
            if version
            else gettext("%(round)s đã đóng, chờ chốt", round=titled(one))
        )
        action = gettext("Xem và công bố") if version else gettext("Xem và chốt")
        url = url_for("contests.round_admin", code=one.contest.code, number=one.number)
        found.append(Decision(title, told, action, url, one.closes_at))
    for one, settlement in contests.list_provisional(actor):
        assert settlement.published_at is not None, "what is provisional is published"
        until = objections_until(settlement.published_at, one.rules.objection_days)
        if now >= until:
            title = gettext("%(round)s: hết thời hạn khiếu nại", round=titled(one))
            told = gettext("%(contest)s. Có thể chốt kết quả chính thức.", contest=titled(one.contest))
            url = url_for("contests.round_admin", code=one.contest.code, number=one.number)
            found.append(Decision(title, told, gettext("Xem và chốt"), url, until))
    for change in contests.list_waiting_changes(actor):
        told = gettext("%(name)s đề nghị: %(reason)s", name=change.proposed_by_name, reason=change.reason)
        title = gettext("Sửa thể lệ đang áp dụng: %(contest)s", contest=titled(change.contest))
        url = url_for("contests.rule_changes", code=change.contest.code)
        found.append(Decision(title, told, gettext("Xem và trả lời"), url, None))
    return found


def figures_of_officer(actor: Actor, now: datetime) -> list[Figure]:
    """People in the open round that closes next, after those of the published rounds before it."""
    overseen = [
        (contest, one)
        for contest in contests.list_overseen(actor)
        for one in contest.rounds
        if one.quiz_id and one.opens_at <= now < one.closes_at
    ]
    if not overseen:
        return []
    contest, current = min(overseen, key=lambda pair: pair[1].closes_at)
    people = live_counts(current.quiz.id, now).people
    before = [
        past.settlement.people_count for past in reversed(standings.list_past(contest.rounds)) if past.round.number < current.number
    ]
    return [Figure(gettext("Người dự thi %(round)s", round=titled(current)), show_number(people), (*before, people))]
