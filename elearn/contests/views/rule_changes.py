"""The page on which a second officer agrees to changes of rules in force, or refuses them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.forms import RulesAnswerForm
from elearn.contests.queries import contests
from elearn.contests.services import changing
from elearn.contests.views.managing import Answer
from elearn.contests.views.pages import blueprint
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput


@blueprint.get("/admin/contests/<code>/rule-changes")
@requires("contest.oversee")
def rule_changes(code: str) -> str:
    return _page(code, RulesAnswerForm(), 0)


def _page(code: str, form: RulesAnswerForm, faulty_id: int) -> str:
    contest = contests.access_contest_to(current_user.actor, "contest.oversee", code)
    return render_template(
        "contests/rule_changes.html",
        contest=contest,
        changes=contests.list_rule_changes(contest.id),
        may_manage=contests.may_manage(current_user.actor, contest),
        form=form,
        faulty_id=faulty_id,
    )


@blueprint.post("/admin/contests/<code>/rule-changes/<int:number>")
@requires("contest.manage")
def decide_rule_change(code: str, number: int) -> Answer:
    """Agree to a proposal, refuse it, or withdraw one's own."""
    contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
    change = contests.find_rule_change(contest.id, number)
    form = RulesAnswerForm()
    back: Response = redirect(url_for("contests.rule_changes", code=code))
    try:
        if request.form.get("do") == "agree":
            changing.agree_change(change.id, current_user.named, clock.now())
            flash(gettext("Đã áp dụng. Mọi người đọc được ở mục Đính chính của cuộc thi."), "success")
        else:
            changing.refuse_change(change.id, form.answer.data or "", current_user.named, clock.now())
            flash(gettext("Đã trả lời đề nghị. Thể lệ giữ nguyên."), "success")
    except InvalidInput as refusal:
        form.answer.errors = [said(refusal)]
        return _page(code, form, number), 400
    except DomainError as refusal:
        flash(said(refusal), "warning")
    return back
