"""Signing in and out, and one's own account."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import guests_too, public, signed_in, while_password_is_new
from elearn.core.i18n import COOKIE, LOCALES, gettext
from elearn.core.redirects import safe_next
from elearn.core.security import keyed_hash
from elearn.lib.errors import InvalidInput
from elearn.members import queries
from elearn.members.forms import ChangePasswordForm, SignInForm
from elearn.members.queries.records import identity_of, list_positions
from elearn.members.rules.devices import device_words
from elearn.members.rules.logins import login_key
from elearn.members.rules.permissions import ROLE_NAMES
from elearn.members.services import accounts
from elearn.members.services import sign_in as signing
from elearn.members.services.first_codes import code_hash
from elearn.members.services.own_data import list_units_then
from elearn.members.services.second_factor import has_second_factor

blueprint = Blueprint("members", __name__, template_folder="../templates")
login_manager = LoginManager()
HALF = "_half"  # member and time of a sign-in that waits for its second step
TOKEN = "_token"  # noqa: S105 - the name of a place, not a secret


class Nobody(AnonymousUserMixin):
    """Somebody who is not signed in."""

    must_change_password = False
    is_guest = False


login_manager.anonymous_user = Nobody


@login_manager.request_loader
def load_from_session(_request: object) -> queries.SignedIn | None:
    """The person whose session token is in the signed cookie; the row on the server decides."""
    token = session.get(TOKEN)
    if not token:
        return None
    now = clock.now()
    person = queries.find_signed_in(signing.token_hash(token), now)
    if person is not None and now - person.last_seen_at > queries.REFRESH_AFTER:
        signing.refresh_session(person.session_hash, current_app.config["ELEARN"].session_hours, now)
    return person


def _onward(target: str | None) -> str:
    return safe_next(target, url_for("home.show"))


def sign_in_limits() -> signing.Limits:
    """How often one may fail, and how long a sign-in lasts, as configured."""
    config = current_app.config["ELEARN"]
    return signing.Limits(config.sign_in_failures, config.sign_in_failures_per_address, config.session_hours)


def trial_hashes(login: str) -> tuple[str, str]:
    """Under what a failed try is counted: the login and the address of this request."""
    key = current_app.config["SECRET_KEY"]
    return keyed_hash(key, "login", login_key(login)), keyed_hash(key, "address", request.remote_addr or "")


def enter(member_id: int, login_hash: str) -> None:
    """Make the session of somebody who has passed every step."""
    token = signing.open_session(member_id, login_hash, request.headers.get("User-Agent", ""), sign_in_limits(), clock.now())
    session.clear()  # nothing from before the sign-in is carried over
    session[TOKEN] = token
    session.permanent = True


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@while_password_is_new
def sign_in() -> str | Response | tuple[str, int]:
    if current_user.is_authenticated:
        return redirect(_onward(request.args.get("next")))
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    status = 200
    if form.validate_on_submit():
        login, password = form.login.data or "", form.password.data or ""
        login_hash, address_hash = trial_hashes(login)
        hashes = (login_hash, address_hash, code_hash(current_app.config["SECRET_KEY"], password))
        try:
            passed = signing.check_password(login, password, hashes, sign_in_limits(), clock.now())
        except (signing.SignInRefused, signing.TooManyFailures) as refusal:
            form.form_errors.append(said(refusal))
            status = refusal.status
        else:
            if passed.needs_code:
                session.clear()
                session[HALF] = [passed.member_id, int(clock.now().timestamp())]
                return redirect(url_for("members.sign_in_code", next=_onward(form.next.data)))
            enter(passed.member_id, login_hash)
            return redirect(_onward(form.next.data))
    elif request.method == "POST":
        status = 400
    return render_template("members/sign_in.html", form=form), status


@blueprint.post("/sign-out")
@signed_in
@guests_too
@while_password_is_new
def sign_out() -> Response:
    signing.end_session(current_user.session_hash, current_user.member_id, clock.now())
    session.clear()
    flash(gettext("Bạn đã đăng xuất."), "success")
    return redirect(url_for("members.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
@while_password_is_new
def change_password() -> str | Response | tuple[str, int]:
    form = ChangePasswordForm()
    is_first = current_user.must_change_password
    status = 200
    if form.validate_on_submit():
        member = accounts.find_own_account(current_user.member_id)
        try:
            accounts.change_password(
                member,
                form.current.data or "",
                form.password.data or "",
                current_user.session_hash,
                clock.now(),
                current_app.config["SECRET_KEY"],
            )
        except InvalidInput as refusal:
            field = form[refusal.field]
            field.errors = [*field.errors, said(refusal)]
            status = 400
        else:
            flash(gettext("Đã đổi mật khẩu. Các thiết bị khác đã bị đăng xuất."), "success")
            return redirect(url_for("home.show") if is_first else url_for("members.me"))
    elif request.method == "POST":
        status = 400
    return render_template("members/change_password.html", form=form, is_first=is_first), status


@blueprint.get("/me")
@signed_in
def me() -> str:
    member = accounts.find_own_account(current_user.member_id)
    now = clock.now()
    return render_template(
        "members/me.html",
        member=member,
        grants=queries.list_grants(member.id),
        sessions=queries.list_sessions(member.id, now),
        present=current_user.session_hash,
        units=list_units_then(identity_of(member.id)),
        positions=list_positions(member.id),
        has_second_factor=has_second_factor(member.id),
        role_names=ROLE_NAMES,
        device=lambda agent: gettext(device_words(agent)[0], **device_words(agent)[1]),
    )


@blueprint.post("/me/sessions/<stored_hash>/end")
@signed_in
def end_session(stored_hash: str) -> Response:
    signing.end_session(stored_hash, current_user.member_id, clock.now())
    flash(gettext("Đã đăng xuất thiết bị đó."), "success")
    return redirect(url_for("members.me"))


@blueprint.post("/language")
@public
@while_password_is_new
def choose_language() -> Response:
    chosen = request.form.get("language", "vi")
    response = redirect(_onward(request.form.get("next")))
    if chosen in LOCALES:
        config = current_app.config["ELEARN"]
        response.set_cookie(COOKIE, chosen, max_age=365 * 86400, secure=config.is_secure, httponly=True, samesite="Lax")
    return response


from elearn.members.views import access, imports, privacy, records, roles, second_factor, slips  # noqa: E402, F401 - their pages join the blueprint above
