"""The history of an attempt in words, with the check of a receipt: for its taker and for those who support them."""

from __future__ import annotations

from decimal import Decimal

from flask import render_template, request
from flask_login import current_user

from elearn.core import clock
from elearn.core.display import show_number
from elearn.core.guards import guests_too, signed_in
from elearn.core.i18n import gettext
from elearn.lib.numbers import format_number
from elearn.quizzes import queries
from elearn.quizzes.rules.timeline import Said
from elearn.quizzes.views import ATTEMPT, blueprint


@blueprint.get(ATTEMPT + "/timeline")
@signed_in
@guests_too
def timeline(attempt_id: int) -> str:
    page = queries.timeline_of(current_user.actor, attempt_id, clock.now())
    asked = request.args.get("receipt", "").strip()[:100]
    check = queries.check_receipt(current_user.actor, attempt_id, asked) if asked else None
    is_own = page.attempt.member_id == current_user.member_id
    return render_template(
        "quizzes/timeline.html",
        layout="layouts/learner.html" if is_own else "layouts/admin.html",
        attempt=page.attempt,
        quiz=page.attempt.quiz,
        page=page,
        sentence=sentence(page.verdict),
        told=told,
        asked=asked,
        check=check,
        is_own=is_own,
    )


def told(said: Said) -> str:
    """A source message in the reader's language, lengths of time in words, marks as people write them."""
    return gettext(said.message, **{name: _shown(name, value) for name, value in said.values.items()})


def _shown(name: str, value: object) -> object:
    if name == "time":
        return show_length(int(str(value)))
    return show_number(Decimal(str(value))) if name in ("mark", "total") and value != "–" else value


def show_length(seconds: int) -> str:
    """A length of time in words: "2 phút 10 giây"."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = []
    if hours:
        parts.append(gettext("%(n)s giờ", n=format_number(hours)))
    if minutes:
        parts.append(gettext("%(n)s phút", n=minutes))
    if left or not parts:
        parts.append(gettext("%(n)s giây", n=left))
    return " ".join(parts)


def sentence(clauses: list[Said]) -> str:
    """Clauses as one sentence."""
    words = "; ".join(told(one) for one in clauses)
    return words[:1].upper() + words[1:] + "."
