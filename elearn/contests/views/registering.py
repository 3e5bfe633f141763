"""Pages of people without an account: registering, coming back, what is theirs; and handing it to an account."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response as JsonResponse
from flask import current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from elearn.contests.forms import RegisterForm, ReturnForm
from elearn.contests.models import Contest
from elearn.contests.queries import contests, entrants, entries
from elearn.contests.rules.registering import OTHER_UNIT, check_registration, usual_consent
from elearn.contests.services import proofs
from elearn.contests.services import registering as services
from elearn.contests.services.registering import Agreed
from elearn.contests.views.pages import blueprint, reader, say, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import guests_too, public, signed_in
from elearn.core.i18n import choose_locale, gettext
from elearn.core.security import keyed_hash
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.rules.logins import login_key
from elearn.members.rules.people import show_birth
from elearn.members.services.accounts import find_own_account
from elearn.members.services.retention import days_of
from elearn.members.services.sign_in import SignInRefused, TooManyFailures
from elearn.members.views import enter, sign_in_limits

Answer = str | Response | tuple[str, int]
CODE = "_entry_code"
"""Place in the cookie of the code just given out: until the person says that they have written it down."""
RETENTION = "public_entrants"


def secret() -> str:
    """The key of keyed hashes."""
    return str(current_app.config["SECRET_KEY"])


def trial(contest: Contest, purpose: str, what: str) -> tuple[str, str]:
    """Under what a failed try is counted: what was tried at this contest, and the address."""
    tried = keyed_hash(secret(), purpose, f"{contest.id}|{login_key(what)}")
    return tried, keyed_hash(secret(), "address", request.remote_addr or "")


def challenge_cost() -> int:
    """Work asked of people without an account; 0 for none."""
    return int(current_app.config["ELEARN"].challenge_cost)


def take_proof(contest: Contest) -> None:
    """Spend the proof of work that came with a form. Raises DomainError where there is none that is good."""
    if challenge_cost():
        proofs.spend_proof(secret(), contest.id, request.form.get("proof", ""), clock.now())


def access_open_to_all(code: str) -> Contest:
    """A contest that people without an account may enter; NotFound otherwise."""
    contest = contests.access_contest(reader(), code)
    if contest.rules.audience != "everybody" or not contest.is_published:
        raise NotFound()
    return contest


@blueprint.get("/contests/<code>/challenge")
@public
def challenge(code: str) -> JsonResponse:
    """A proof of work to solve, for scripts of the pages that ask for one."""
    contest = access_open_to_all(code)
    return jsonify(proofs.make_challenge(secret(), contest.id, challenge_cost() or 1, clock.now()))


@blueprint.get("/contests/<code>/units")
@public
def units(code: str) -> JsonResponse:
    """Units to choose from, while a name is typed."""
    contest = access_open_to_all(code)
    found = entrants.list_units(contest, request.args.get("q", "")[:100].replace("\0", ""))
    return jsonify(units=[{"id": number, "name": name} for number, name in found])


def consent_of(contest: Contest) -> Agreed:
    """The text that entrants agree to, in the reader's language."""
    title = gettext("Đồng ý về dữ liệu cá nhân khi dự thi")
    own = contest.consent_text.strip()
    parts = usual_consent(contest.organiser_name, contest.rules, days_of(RETENTION) or 0)
    return Agreed(title, own or "\n\n".join(say(one) for one in parts), "vi" if own else choose_locale())


@blueprint.route("/contests/<code>/register", methods=["GET", "POST"])
@public
def register(code: str) -> Answer:
    """Take part without an account."""
    contest = access_open_to_all(code)
    if current_user.is_authenticated and not current_user.is_guest:
        flash(gettext("Bạn đang dùng tài khoản. Hãy vào thi bằng tài khoản này."), "info")
        return redirect(url_for("contests.show", code=code))
    if current_user.is_authenticated and entrants.find_contest_of(current_user.member_id) == contest:
        return redirect(url_for("contests.mine"))
    form, agreed, is_searching = RegisterForm(), consent_of(contest), "find" in request.form
    if request.method == "POST" and form.validate() and not is_searching:
        try:
            done = _register(contest, form, agreed)
            enter(done.member_id, keyed_hash(secret(), "entrant", str(done.member_id)))
            session[CODE] = done.code
            return redirect(url_for("contests.registered"))
        except InvalidInput as refusal:
            at = form[refusal.field]
            at.errors = [*at.errors, said(refusal)]
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            form.form_errors.append(said(refusal))
    form.unit.choices = _unit_choices(contest, form)
    is_wrong = request.method == "POST" and not is_searching
    page = render_template(
        "contests/register.html", contest=contest, form=form, asked=contest.rules.asked, agreed=agreed, is_searching=is_searching,
        other=OTHER_UNIT, has_proof=bool(challenge_cost()),
    )  # fmt: skip
    return (page, 400) if is_wrong else page


def _register(contest: Contest, form: RegisterForm, agreed: Agreed) -> services.Registered:
    now = clock.now()
    values: Mapping[str, str] = {
        name: ("yes" if value is True else "" if value in (None, False) else str(value)) for name, value in form.data.items()
    }
    registration = check_registration(values, contest.rules, local_day(now))
    if registration.unit_id is not None and not entrants.is_choice(contest, registration.unit_id):
        raise InvalidInput("unit_missing", "Hãy tìm và chọn đơn vị của bạn, hoặc chọn “Khác”.", "unit")
    hashes = trial(contest, "contest_password", registration.phone)
    services.check_contest_password(contest, form.contest_password.data or "", hashes, sign_in_limits(), now)
    take_proof(contest)
    return services.register(contest.id, registration, agreed, secret(), now)


def _unit_choices(contest: Contest, form: RegisterForm) -> list[SelectChoice]:
    """Units found by the words typed, the one chosen already, and "another"."""
    chosen, words = form.unit.data or "", (form.unit_words.data or "").replace("\0", "")
    found = [(str(number), name) for number, name in entrants.list_units(contest, words)] if words.strip() else []
    if chosen.isdecimal() and len(chosen) < 10 and chosen not in dict(found) and entrants.is_choice(contest, int(chosen)):
        found.insert(0, (chosen, entrants.unit_name(int(chosen))))
    found.append((OTHER_UNIT, gettext("Khác: không có trong danh sách, hoặc không thuộc đơn vị nào")))
    return [SelectChoice(value, name) for value, name in found]


@blueprint.get("/entrant/code")
@signed_in
@guests_too
def registered() -> Answer:
    """The entry code, until the person says that it is written down."""
    contest = entrants.find_contest_of(current_user.member_id)
    if contest is None or CODE not in session:
        return redirect(url_for("contests.mine"))
    return render_template("contests/registered.html", contest=contest, code=session[CODE])


@blueprint.post("/entrant/code")
@signed_in
@guests_too
def code_written_down() -> Response:
    session.pop(CODE, None)
    contest = entrants.find_contest_of(current_user.member_id)
    return redirect(url_for("contests.show", code=contest.code) if contest else url_for("home.show"))


@blueprint.get("/entrant")
@signed_in
@guests_too
def mine() -> Answer:
    """What a person without an account has here: registration, rounds, their data."""
    own, contest = entrants.find_own(current_user.member_id), entrants.find_contest_of(current_user.member_id)
    if own is None or contest is None:
        return redirect(url_for("members.me"))
    member = find_own_account(current_user.member_id)
    return render_template(
        "contests/mine.html", contest=contest, own=own, member=member, birth=show_birth(member.birth_date, member.birth_precision),
        attempts=entries.list_attempts(current_user.member_id, contest), now=clock.now(),
    )  # fmt: skip


@blueprint.post("/entrant/renew")
@signed_in
@guests_too
def renew_code() -> Response:
    """Another entry code, for somebody who has lost theirs and is still signed in."""
    session[CODE] = services.renew_code(current_user.member_id, secret(), clock.now())
    return redirect(url_for("contests.registered"))


@blueprint.route("/contests/<code>/return", methods=["GET", "POST"])
@public
def come_back(code: str) -> Answer:
    """Sign in again with phone and entry code."""
    contest = access_open_to_all(code)
    if current_user.is_authenticated:
        return redirect(url_for("contests.show", code=code))
    form, status = ReturnForm(), 200
    if form.validate_on_submit():
        hashes = trial(contest, "entrant", form.phone.data or "")
        try:
            member_id = services.find_returning(
                contest, form.phone.data or "", form.code.data or "", secret(), hashes, sign_in_limits(), clock.now()
            )
            enter(member_id, hashes[0])
            return redirect(url_for("contests.show", code=code))
        except (SignInRefused, TooManyFailures) as refusal:
            form.form_errors.append(said(refusal))
            status = refusal.status
    elif request.method == "POST":
        status = 400
    page = render_template("contests/return.html", contest=contest, form=form, asks_phone="phone" in contest.rules.asked)
    return page, status


@blueprint.route("/contests/<code>/claim", methods=["GET", "POST"])
@signed_in
def claim(code: str) -> Answer:
    """Hand what one did without an account to the account one has now."""
    contest = access_open_to_all(code)
    form, status, gone = ReturnForm(), 200, None
    if form.validate_on_submit():
        hashes = trial(contest, "entrant", form.phone.data or "")
        try:
            gone_id = services.find_returning(
                contest, form.phone.data or "", form.code.data or "", secret(), hashes, sign_in_limits(), clock.now()
            )
            if "confirmed" in request.form:
                shared = services.claim_entrant(current_user.named, gone_id, clock.now())
                flash(_claimed(shared), "success")
                return redirect(url_for("contests.show", code=code))
            gone = find_own_account(gone_id)
        except (SignInRefused, TooManyFailures) as refusal:
            form.form_errors.append(said(refusal))
            status = refusal.status
        except DomainError as refusal:
            form.form_errors.append(said(refusal))
            status = refusal.status
    elif request.method == "POST":
        status = 400
    page = render_template(
        "contests/claim.html", contest=contest, form=form, asks_phone="phone" in contest.rules.asked, gone=gone,
        shared=[titled(one) for one in entrants.list_shared_rounds(current_user.member_id, gone.id)] if gone else [],
    )  # fmt: skip
    return page, status


def _claimed(shared: list[str]) -> str:
    done = gettext("Đã chuyển các lượt dự thi về tài khoản của bạn.")
    if not shared:
        return done
    told = gettext(
        "Ở %(rounds)s bạn dự cả hai lần: kết quả bằng tài khoản được tính, kết quả kia vẫn xem được.", rounds=", ".join(shared)
    )
    return f"{done} {told}"
