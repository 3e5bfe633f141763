"""Questions on their way out of a bank into a file: which there are, and which of them a format can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func

from elearn.core.db import db
from elearn.questions.models import Question
from elearn.questions.queries.drafts import drafts_of
from elearn.questions.queries.finding import Filters, narrowed
from elearn.questions.queries.rendering import TYPES
from elearn.questions.rules.exchange import Draft, Format

MOST = 20_000
"""Questions in one file."""


@dataclass(frozen=True)
class Fit:
    """What of the questions a format can say: how many, and the names of the types that it cannot with how many of each."""

    form: Format
    written: int
    left_out: tuple[tuple[str, int], ...]

    @property
    def left(self) -> int:
        return sum(count for _, count in self.left_out)


def count_types(bank_id: int, filters: Filters, today: date, member_id: int) -> dict[str, int]:
    """How many questions of each type the filters leave."""
    query = narrowed([bank_id], filters, today, member_id).with_only_columns(Question.type, func.count()).group_by(Question.type)
    return {row[0]: row[1] for row in db.session.execute(query)}


def fit_of(form: Format, counts: dict[str, int]) -> Fit:
    """How well a format fits questions of these types."""
    left = {kind: count for kind, count in counts.items() if kind not in form.writes}
    names = sorted((TYPES[kind].name if kind in TYPES else kind, count) for kind, count in left.items())
    return Fit(form, sum(counts.values()) - sum(left.values()), tuple(names))


def list_drafts(bank_id: int, form: Format, filters: Filters, today: date, member_id: int) -> Sequence[Draft]:
    """The questions that the filters leave and the format can say, with their pictures, in the order of their codes."""
    query = narrowed([bank_id], filters, today, member_id).with_only_columns(Question.id)
    query = query.where(Question.type.in_(form.writes)).order_by(Question.code).limit(MOST)
    return drafts_of(db.session.scalars(query).all())
