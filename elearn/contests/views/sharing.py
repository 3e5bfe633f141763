"""How a contest is made known: a card for other sites, and what officers hand on."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for
from flask_login import current_user

from elearn.contests.queries import contests
from elearn.contests.rules.rounds import RoundState, state_at
from elearn.contests.views.pages import blueprint
from elearn.contests.views.public import current_round
from elearn.core import clock
from elearn.core.guards import public, requires
from elearn.core.security import FRAMED_POLICY

EMBED_WIDTH, EMBED_HEIGHT = 360, 300


@blueprint.get("/contests/<code>/embed")
@public
def embed(code: str) -> Response:
    """A card that other sites may show in a frame: no cookies, no forms, one link that opens the contest."""
    now, contest = clock.now(), contests.access_contest(None, code)
    current = current_round(contest.rounds, now)
    answer = make_response(
        render_template(
            "contests/embed.html", contest=contest, current=current, State=RoundState, now=now,
            state=state_at(current.opens_at, current.closes_at, now, is_published=current.published_version is not None) if current else None,
        )
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = FRAMED_POLICY
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


@blueprint.get("/admin/contests/<code>/share")
@requires("contest.oversee")
def share(code: str) -> str:
    """Code, QR code, link and the lines for another site, to hand on."""
    contest = contests.access_contest_to(current_user.actor, "contest.oversee", code)
    frame = (
        f'<iframe src="{url_for("contests.embed", code=code, _external=True)}" width="{EMBED_WIDTH}" height="{EMBED_HEIGHT}" '
        f'loading="lazy" style="border:0"></iframe>'
    )
    return render_template("contests/share.html", contest=contest, frame=frame)
