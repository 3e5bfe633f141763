"""The categories of a bank."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions import queries
from elearn.questions.forms.banks import CategoryForm
from elearn.questions.services import banks as services
from elearn.questions.views.base import Answer, blueprint, rights


def _back(code: str) -> Answer:
    return redirect(url_for("questions.categories", code=code))


@blueprint.route("/admin/questions/<code>/categories", methods=["GET", "POST"])
@requires("question.view")
def categories(code: str) -> Answer:
    """The tree; a POST adds a category."""
    if request.method == "POST":
        bank = queries.access_editable_bank(current_user.actor, code)
    else:
        bank = queries.access_bank(current_user.actor, code)
    shelves = queries.list_categories(bank.id)
    form = CategoryForm()
    form.parent.choices = [(0, gettext("(cấp cao nhất)")), *((one.id, one.path) for one in shelves)]
    if form.validate_on_submit():
        try:
            services.make_category(current_user.named, bank.id, form.parent.data or None, form.name.data, clock.now())
        except InvalidInput as refusal:
            form[refusal.field].errors = [said(refusal)]
        else:
            flash(gettext("Đã thêm chuyên mục."), "success")
            return _back(code)
    status = 400 if request.method == "POST" else 200
    return render_template("questions/categories.html", bank=bank, shelves=shelves, form=form, **rights(bank)), status


@blueprint.route("/admin/questions/<code>/categories/<int:category_id>", methods=["GET", "POST"])
@requires("question.edit")
def category(code: str, category_id: int) -> Answer:
    """One category: renamed, or put elsewhere with all below it."""
    bank = queries.access_editable_bank(current_user.actor, code)
    found = queries.access_category(bank, category_id)
    shelves = queries.list_categories(bank.id)
    above = found.path.rpartition(" / ")[0]
    own = next(one for one in shelves if one.id == found.id)
    form = CategoryForm(data={"name": found.name, "parent": next((one.id for one in shelves if one.path == above), 0)})
    inside = f"{found.path} / "
    places = [(one.id, one.path) for one in shelves if one.id != found.id and not one.path.startswith(inside)]
    form.parent.choices = [(0, gettext("(cấp cao nhất)")), *places]
    if form.validate_on_submit():
        try:
            services.place_category(current_user.named, found.id, form.parent.data or None, form.name.data, clock.now())
        except InvalidInput as refusal:
            form[refusal.field].errors = [said(refusal)]
        except DomainError as refusal:
            form.parent.errors = [said(refusal)]
        else:
            flash(gettext("Đã lưu chuyên mục."), "success")
            return _back(code)
    status = 400 if request.method == "POST" else 200
    return render_template("questions/category.html", bank=bank, category=own, form=form), status


@blueprint.post("/admin/questions/<code>/categories/<int:category_id>/delete")
@requires("question.edit")
def delete_category(code: str, category_id: int) -> Answer:
    bank = queries.access_editable_bank(current_user.actor, code)
    found = queries.access_category(bank, category_id)
    services.delete_category(current_user.named, found.id, clock.now())
    flash(gettext("Đã xoá chuyên mục trống."), "success")
    return _back(code)
