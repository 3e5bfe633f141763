"""The one place that turns a paper into questions with their keys: versions with the corrections in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from elearn.questions.queries import render_versions
from elearn.quizzes.models import Correction
from elearn.quizzes.rules.corrections import Corrected, apply_corrections
from elearn.quizzes.rules.grading import Item, Scheme

_IN_FORCE = (
    select(Correction.id, Correction.version_id, Correction.kind, Correction.detail)
    .where(Correction.state == "applied", Correction.quiz_id == bindparam("quiz"))
    .order_by(Correction.applied_at, Correction.id)
)


def corrections_of(connection: Connection, quiz_id: int) -> list[Corrected]:
    """The corrections in force at a quiz, in the order in which they were applied."""
    return [Corrected(*row) for row in connection.execute(_IN_FORCE, {"quiz": quiz_id})]


def items_of(
    connection: Connection, quiz_id: int, paper: Sequence[Mapping[str, Any]], corrections: Sequence[Corrected] | None = None
) -> list[Item]:
    """The questions of a paper with their keys by slot from 1; `corrections` where the caller has read them already."""
    if corrections is None:
        corrections = corrections_of(connection, quiz_id)
    shown = render_versions([asked["version"] for asked in paper], connection)
    pairs = [
        (version.version_id, Item(version.type, version.body, asked["order"], Decimal(asked.get("max", "1"))))
        for version, asked in zip(shown, paper, strict=True)
    ]
    return apply_corrections(pairs, corrections)


def scheme_of(quiz: Any) -> Scheme:
    """What a quiz (its row or object) says of marks."""
    return Scheme(quiz.wrong_penalty, bool(quiz.certainty))
