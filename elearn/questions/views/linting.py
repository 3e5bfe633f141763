"""What the linter says of a bank."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from elearn.core.guards import requires
from elearn.questions import queries
from elearn.questions.queries import checking, doubles
from elearn.questions.rules.linting import TENDENCIES
from elearn.questions.views.base import blueprint, rights, today

MOST_PAIRS = 200


@blueprint.get("/admin/questions/<code>/lint")
@requires("question.view")
def lint(code: str) -> str:
    """Counts by rule, each a link to the list; tendencies of the whole bank; pairs that resemble each other, when asked for."""
    bank = queries.access_bank(current_user.actor, code)
    pairs = None
    if request.args.get("pairs"):
        found = doubles.doubles_of_bank(bank.id)
        pairs = queries.pairs_of(found, MOST_PAIRS)
    return render_template(
        "questions/lint.html", bank=bank, counts=checking.count_findings(bank.id, today()), tendencies=checking.tendencies_of(bank.id),
        tendency_rules=TENDENCIES, pairs=pairs, **rights(bank),
    )  # fmt: skip
