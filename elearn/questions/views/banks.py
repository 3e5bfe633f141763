"""Lists of banks and of their questions."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from elearn.core import clock
from elearn.core.guards import requires
from elearn.core.pages import page_number
from elearn.lib.periods import local_day
from elearn.questions import queries
from elearn.questions.rules.levels import LEVELS
from elearn.questions.views.base import blueprint


@blueprint.get("/admin/questions")
@requires("question.view")
def overview() -> str:
    return render_template("questions/overview.html", banks=queries.list_banks(current_user.actor))


@blueprint.get("/admin/questions/<code>")
@requires("question.view")
def bank(code: str) -> str:
    found = queries.access_bank(current_user.actor, code)
    filters = queries.Filters.read(request.args)
    page = queries.page_of_questions([found.id], filters, page_number(), local_day(clock.now()), current_user.member_id)
    return render_template(
        "questions/bank.html", bank=found, page=page, versions=queries.current_versions(page.items), key_of=queries.key_of,
        levels=LEVELS, words=filters.q, level=filters.level, status=filters.status, topic=filters.topic, topics=queries.list_topics(found),
    )  # fmt: skip


@blueprint.get("/admin/questions/<code>/<question_code>")
@requires("question.view")
def question(code: str, question_code: str) -> str:
    found, versions = queries.access_question(current_user.actor, code, question_code)
    return render_template("questions/question.html", question=found, versions=versions, key_of=queries.key_of, levels=LEVELS)
