"""The linter over a whole bank: findings that are kept, and those that depend on the day, on other questions, on all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from elearn.core.db import db
from elearn.questions.models import Question, QuestionFinding, QuestionVersion
from elearn.questions.queries.doubles import doubles_of_bank
from elearn.questions.queries.finding import Filters, list_ids
from elearn.questions.rules.linting import Item, lint_bank
from elearn.questions.rules.texts import rich

ALL = 1_000_000


@dataclass(frozen=True)
class Report:
    """What the rules say of a bank: questions (not retired) by code with the values of each finding, counts by rule, tendencies."""

    total: int
    questions: Mapping[str, Mapping[str, Mapping[str, Any]]]
    counts: Mapping[str, int]
    tendencies: Mapping[str, Mapping[str, Any]]


def count_findings(bank_id: int, today: date) -> dict[str, int]:
    """How many questions each rule concerns; near-duplicates, which take longer, are left out."""
    query = select(QuestionFinding.rule, func.count()).join(Question, Question.id == QuestionFinding.question_id)
    query = query.where(Question.bank_id == bank_id, Question.status != "retired").group_by(QuestionFinding.rule)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    found["expired_source"] = len(list_ids([bank_id], Filters(flag="expired"), today, 0, ALL))
    return found


def tendencies_of(bank_id: int) -> dict[str, Mapping[str, Any]]:
    """What the rules have against all questions of the bank together."""
    version, question = QuestionVersion.__table__.c, Question.__table__.c
    joined = QuestionVersion.__table__.join(
        Question.__table__, (question.id == version.question_id) & (question.version_number == version.number)
    )
    query = select(version.type, version.text, version.text_format, version.body).select_from(joined)
    query = query.where(
        question.bank_id == bank_id, question.status != "retired", version.type.in_(("single_choice", "true_false"))
    )
    items = [Item(kind, rich(words, form), body) for kind, words, form, body in db.session.connection().execute(query)]
    return dict(lint_bank(items))


def lint_report(bank_id: int, today: date) -> Report:
    """Everything that the rules say of the bank now, near-duplicates and expired sources too."""
    codes = dict(
        db.session.execute(
            select(Question.id, Question.code).where(Question.bank_id == bank_id, Question.status != "retired")
        ).all()
    )  # type: ignore[arg-type]
    questions: dict[str, dict[str, Mapping[str, Any]]] = {}
    rows = select(QuestionFinding).join(Question, Question.id == QuestionFinding.question_id)
    for one in db.session.scalars(rows.where(Question.bank_id == bank_id, Question.status != "retired")):
        questions.setdefault(codes[one.question_id], {})[one.rule] = one.details
    for number in list_ids([bank_id], Filters(flag="expired"), today, 0, ALL):
        questions.setdefault(codes[number], {})["expired_source"] = {}
    for number, double in doubles_of_bank(bank_id).items():
        told = {"code": double.code, "percent": double.similarity // 10}
        questions.setdefault(codes[number], {})["near_duplicate"] = told
    counts: dict[str, int] = {}
    for found in questions.values():
        for rule in found:
            counts[rule] = counts.get(rule, 0) + 1
    return Report(len(codes), dict(sorted(questions.items())), counts, tendencies_of(bank_id))
