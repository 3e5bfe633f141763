"""Officers' pages of the banks."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from elearn.core.guards import requires
from elearn.core.pages import page_number
from elearn.lib.errors import NotFound
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
    # PostgreSQL takes no NUL in a text.
    words, level, status, topic = (request.args.get(name, "").replace("\0", "") for name in ("q", "level", "status", "topic"))
    page = queries.page_of_questions(found, words, level, status, page_number(), topic)
    return render_template(
        "questions/bank.html", bank=found, page=page, versions=queries.current_versions(page.items), key_of=queries.key_of,
        levels=LEVELS, words=words, level=level, status=status, topic=topic, topics=queries.list_topics(found),
    )  # fmt: skip


@blueprint.get("/admin/questions/<code>/<question_code>")
@requires("question.view")
def question(code: str, question_code: str) -> str:
    found, versions = queries.access_question(current_user.actor, question_code)
    if found.bank.code != code:
        raise NotFound()
    return render_template("questions/question.html", question=found, versions=versions, key_of=queries.key_of, levels=LEVELS)
