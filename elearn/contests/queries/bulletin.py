"""The figures of a bulletin."""

from __future__ import annotations

from sqlalchemy import select

from elearn.contests.models import Round, Settlement
from elearn.contests.queries.awards import list_awarded, published_or_latest
from elearn.contests.queries.standings import list_units
from elearn.contests.rules.bulletin import Figures, UnitLine, Week, WinnerLine
from elearn.contests.rules.papers import contest_words
from elearn.contests.rules.rules_text import word_for_rounds
from elearn.core.db import db


def find_figures(found: Round) -> Figures | None:
    """Figures of a round by its published settlement, else by the latest; None before it is settled."""
    settlement, is_published = published_or_latest(found)
    if settlement is None:
        return None
    alike = db.session.scalars(
        select(Round)
        .where(Round.contest_id == found.contest_id, Round.kind == found.kind, Round.number < found.number)
        .order_by(Round.number)
    ).all()
    weeks = [(one, published_or_latest(one)[0]) for one in alike]
    past = [_week(one, known) for one, known in weeks if known is not None]
    this = _week(found, settlement)
    return Figures(
        contest=contest_words(found.contest.title),
        word=word_for_rounds([one.title for one in found.contest.rounds]),
        closes_at=found.closes_at,
        version=settlement.version,
        is_published=is_published,
        this=this,
        before=past[-1] if past and weeks[-1][1] is not None else None,
        weeks=(*past, this),
        units=tuple(
            UnitLine(one.unit_id, one.unit_name, one.people_count, one.attempts_count, one.all_correct_count)
            for one in sorted(list_units(settlement.id), key=lambda one: (-one.people_count, -one.attempts_count, one.position))
        ),
        winners=tuple(WinnerLine(one.prize, one.name, one.unit_name, not one.is_person) for one in list_awarded(found, settlement)),
        has_questions=settlement.question_count > 0,
    )


def _week(one: Round, settlement: Settlement) -> Week:
    return Week(one.title, settlement.people_count, settlement.attempts_count, settlement.all_correct_count)
