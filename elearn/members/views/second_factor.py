"""Pages of the second factor: the second step of signing in, turning it on and off."""

from __future__ import annotations

import segno
from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import public, signed_in, while_password_is_new
from elearn.core.i18n import gettext
from elearn.core.redirects import safe_next
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.services import accounts
from elearn.members.services import second_factor as factor
from elearn.members.services.sign_in import SignInRefused, TooManyFailures
from elearn.members.views import HALF, blueprint, enter, sign_in_limits, trial_hashes

HALF_SECONDS = 300
Answer = str | Response | tuple[str, int]


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key


def is_missing() -> bool:
    """True where the person behind this request holds a role, must have a second factor and has none."""
    if current_app.config["ELEARN"].staff_totp != "required" or not current_user.is_authenticated:
        return False
    return bool(current_user.actor.grants) and not factor.has_second_factor(current_user.member_id)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
@while_password_is_new
def sign_in_code() -> Answer:
    """The second step: nothing but this page opens for somebody between the two."""
    member_id, since = session.get(HALF) or (0, 0)
    onward = safe_next(request.values.get("next"), url_for("home.show"))
    if not member_id or not 0 <= clock.now().timestamp() - since <= HALF_SECONDS:
        session.pop(HALF, None)
        return redirect(url_for("members.sign_in", next=onward))
    error, status = "", 200
    if request.method == "POST":
        hashes = trial_hashes(accounts.find_own_account(member_id).login)
        try:
            factor.check_code(member_id, request.form.get("code", ""), hashes, sign_in_limits(), clock.now(), _key())
        except (SignInRefused, TooManyFailures) as refusal:
            error, status = said(refusal), refusal.status
        else:
            enter(member_id, hashes[0])
            return redirect(onward)
    return render_template("members/sign_in_code.html", error=error, next=onward), status


@blueprint.route("/me/second-factor", methods=["GET", "POST"])
@signed_in
def second_factor() -> Answer:
    """Turn it on: secret and QR, then the first code; recovery codes stand on that answer alone."""
    config, member_id = current_app.config["ELEARN"], current_user.member_id
    secret, error, picture, codes = "", "", "", []
    if request.method == "POST":
        if request.form.get("step") == "confirm":
            try:
                codes = list(factor.confirm_set_up(current_user.named, request.form.get("code", ""), clock.now(), _key()))
            except InvalidInput as refusal:
                error, secret = said(refusal), factor.find_waiting_secret(member_id)
        else:
            secret = factor.begin_set_up(member_id)
    if secret:
        address = factor.address_of(secret, accounts.find_own_account(member_id).login, config.site_name)
        drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)
        picture = Markup(drawn)  # noqa: S704 - drawn here, from an address of ours
    page = render_template(
        "members/second_factor.html", is_on=factor.has_second_factor(member_id), secret=secret, picture=picture, error=error,
        codes=codes, left=factor.count_recovery_codes(member_id), is_required=config.staff_totp == "required",
        has_role=bool(current_user.actor.grants),
    )  # fmt: skip
    return page, 400 if error else 200


@blueprint.route("/me/second-factor/off", methods=["GET", "POST"])
@signed_in
def second_factor_off() -> Answer:
    """Turn it off by password and code, where it is not required."""
    if current_app.config["ELEARN"].staff_totp == "required" and current_user.actor.grants:
        raise DomainError("second_factor_required", "Người được giao quyền phải giữ xác thực hai bước.")
    error, status = "", 200
    if request.method == "POST":
        member = accounts.find_own_account(current_user.member_id)
        given = request.form.get("password", "")[:128], request.form.get("code", "")
        try:
            factor.turn_off(member, *given, trial_hashes(member.login), sign_in_limits(), clock.now(), _key())
        except (SignInRefused, TooManyFailures) as refusal:
            error, status = said(refusal), refusal.status
        else:
            flash(gettext("Đã tắt xác thực hai bước."), "success")
            return redirect(url_for("members.me"))
    return render_template("members/second_factor_off.html", error=error), status
