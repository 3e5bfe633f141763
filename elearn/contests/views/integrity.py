"""Pages on which outsiders check a round: what was sealed, the log as it grows, one's own receipt, the public draw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from elearn.contests import services
from elearn.contests.forms import DrawForm, ReceiptForm
from elearn.contests.models import Round
from elearn.contests.queries import contests, receipts, seals
from elearn.contests.rules.seals import is_late
from elearn.contests.views.pages import blueprint, reader, titled
from elearn.core import clock
from elearn.core.guards import public, requires, signed_in
from elearn.core.i18n import gettext
from elearn.core.signing import public_key
from elearn.lib.canonical import canonical
from elearn.lib.errors import InvalidInput, NotFound

LATEST = 20
"""Checkpoints shown on the page; all of them are in the file."""
SECONDS_KEPT = 30


@blueprint.get("/keys")
@public
def keys() -> str:
    """The public key by which signatures of this site are checked."""
    return render_template("contests/keys.html", key=public_key())


@blueprint.get("/contests/<code>/rounds/<int:number>/integrity")
@public
def integrity(code: str, number: int) -> str:
    now = clock.now()
    found = contests.access_round(reader(), code, number)
    known = seals.list_seals(found.id)
    closing = seals.find_closing(found.id)
    marks = seals.list_latest_checkpoints(found.id, LATEST)
    return render_template(
        "contests/integrity.html",
        contest=found.contest,
        round=found,
        seals=known,
        seal=known[-1] if known else None,
        closing=closing,
        checkpoints=marks,
        is_late=closing is not None and bool(known) and is_late(closing.at, known[-1].revealed_at, now),
        public_draw=known[-1].rules["round"].get("public_draw", "") if known else "",
        now=now,
    )


@blueprint.get("/contests/<code>/rounds/<int:number>/manifest.json")
@public
def manifest(code: str, number: int) -> Response:
    """The seals as they were signed, the roots of the closing, and after the reveal seed and salt."""
    found = contests.access_round(reader(), code, number)
    known = seals.list_seals(found.id)
    if not known:
        raise NotFound()
    closing, last = seals.find_closing(found.id), known[-1]
    told: dict[str, Any] = {
        "public_key": last.public_key,
        "manifests": [{"manifest": one.manifest, "signature": one.signature} for one in known],
        "closing": {**seals.closing_of(last.name, closing).says(), "signature": closing.signature} if closing else None,
        "reveal": {"seed": last.secret, "salt": last.salt, "at": last.revealed_at.isoformat()} if last.revealed_at else None,
    }
    return jsonify(told)


@blueprint.get("/contests/<code>/rounds/<int:number>/checkpoints.jsonl")
@public
def checkpoints(code: str, number: int) -> Response:
    """Every checkpoint so far, one a line: whoever keeps this file can show later that nothing was taken out of the log."""
    found = contests.access_round(reader(), code, number)
    known = seals.find_seal(found.id)
    if known is None:
        raise NotFound()
    lines = [canonical(seals.checkpoint_says(known.name, row)) + "\n" for row in seals.list_all_checkpoints(found.id)]
    answer = Response("".join(lines), mimetype="application/x-ndjson")
    answer.cache_control.max_age = SECONDS_KEPT
    return answer


@blueprint.get("/contests/<code>/rounds/<int:number>/receipts")
@signed_in
def receipt(code: str, number: int) -> str | tuple[str, int]:
    """Look one's own receipt up in the log of a round that has closed."""
    now = clock.now()
    found = contests.access_round(reader(), code, number)
    form = ReceiptForm(request.args)
    is_over = found.quiz_id is not None and now > found.closes_at + timedelta(seconds=found.quiz.grace_seconds)
    proof, status = None, 200
    if "receipt" in request.args and is_over:
        if form.validate():
            proof = receipts.find_receipt(found, current_user.member_id, form.digits)
            if proof is None:
                form.receipt.errors = [gettext("Không có mã này trong các lượt của bạn ở vòng thi này. Hãy xem lại từng ký tự.")]
        status = 200 if proof else 400
    page = render_template("contests/receipt.html", contest=found.contest, round=found, form=form, proof=proof, is_over=is_over)
    return (page, status) if status != 200 else page


@blueprint.route("/admin/contests/<code>/rounds/<int:number>/draw", methods=["GET", "POST"])
@requires("round.close")
def draw(code: str, number: int) -> str | AnyResponse | tuple[str, int]:
    """Write down the result of the public draw that the rules name."""
    found = contests.access_round_to(current_user.actor, "round.close", code, number)
    form, status = DrawForm(), 200
    if form.is_submitted():
        status = 400
        if form.validate():
            try:
                services.set_public_value(found.id, form.value.data or "", current_user.named, clock.now())
            except InvalidInput as refusal:
                form.value.errors = [gettext(refusal.message)]
            else:
                flash(gettext("Đã ghi kết quả quay số. Bây giờ chốt lại được vòng thi để bốc thăm."), "success")
                return redirect(url_for("contests.round_admin", code=code, number=number))
    page = _draw_page(found, form)
    return (page, status) if status != 200 else page


def _draw_page(found: Round, form: DrawForm) -> str:
    seal = seals.find_seal(found.id)
    return render_template(
        "contests/draw.html", contest=found.contest, round=found, seal=seal, form=form, closing=seals.find_closing(found.id),
        public_draw=seal.rules["round"].get("public_draw", "") if seal else "", title=titled(found),
    )  # fmt: skip
