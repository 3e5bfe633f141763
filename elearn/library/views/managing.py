"""The library for officers: entering and changing documents and volumes, publishing, taking away."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires, takes_file
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.library import hooks, queries
from elearn.library.forms import DocumentForm, VolumeForm
from elearn.library.models import Document, Volume
from elearn.library.queries import managing
from elearn.library.rules.shelves import KINDS, SHELVES
from elearn.library.services import editing, linking
from elearn.library.views.base import Answer, blueprint

FIELDS = (
    "unit_id", "shelf", "number", "kind", "title", "issuer", "issued_on", "url", "valid_to", "superseded_by_id", "read_by", "volume_id",
    "place", "text",
)  # fmt: skip


@blueprint.get("/admin/documents")
@requires("document.manage")
def overview() -> str:
    words, shelf = request.args.get("q", "").strip()[:200], request.args.get("shelf", "")
    page = managing.page_of_managed(current_user.actor, words, shelf if shelf in SHELVES else "", page_number())
    volumes = managing.list_managed_volumes(current_user.actor)
    today = local_day(clock.now())
    return render_template(
        "library/admin/overview.html", page=page, words=words, shelf=shelf, shelves=SHELVES, volumes=volumes, is_in_force=queries.is_in_force,
        today=today,
    )  # fmt: skip


def _form(document: Document | None) -> DocumentForm:
    """The form with its choices, filled from the document where one is changed."""
    form = DocumentForm(obj=document)
    none = (0, "–")
    form.shelf.choices = [(key, gettext(name)) for key, name in SHELVES.items()]
    form.unit_id.choices = managing.list_owners(current_user.actor)
    form.superseded_by_id.choices = [none, *managing.list_successors(current_user.actor, document.id if document else None)]
    form.volume_id.choices = [none, *((one.id, one.title) for one in managing.list_managed_volumes(current_user.actor))]
    if request.method == "GET" and document is None:
        asked = request.args.get("shelf", "paper")
        form.shelf.data = asked if asked in SHELVES else "paper"
        form.volume_id.data = int(asked_volume) if (asked_volume := request.args.get("volume", "")).isdecimal() else 0
    return form


def _edit(document: Document | None) -> Answer:
    form, status = _form(document), 200
    if request.method == "POST":
        status = 400
        if form.validate_on_submit():
            values: dict[str, Any] = {name: form[name].data for name in FIELDS}
            for name in ("superseded_by_id", "volume_id"):
                values[name] = form.or_none(name)
            entry = editing.Entry(**{**values, "place": values["place"] or 0, "text": values["text"] or ""})
            document_id = document.id if document else None
            try:
                saved, waiting = editing.save_document(current_user.named, document_id, entry, form.chosen(), clock.now())
            except InvalidInput as refusal:
                at = form[refusal.field or "is_open"]
                at.errors = [*at.errors, said(refusal)]
            else:
                for file_id in waiting:
                    begin("library_read", gettext("Đọc chữ trong tệp"), {"file": file_id}, current_user.member_id)
                flash(gettext("Đã lưu. Tệp dài đang được đọc để tìm kiếm được.") if waiting else gettext("Đã lưu."), "success")
                return redirect(url_for("library.manage", document_id=saved))
    return render_template("library/admin/edit.html", form=form, document=document, kinds=KINDS), status


@blueprint.route("/admin/documents/new", methods=["GET", "POST"])
@requires("document.manage")
@takes_file("max_import_mb")
def new() -> Answer:
    return _edit(None)


@blueprint.route("/admin/documents/<int:document_id>/edit", methods=["GET", "POST"])
@requires("document.manage")
@takes_file("max_import_mb")
def edit(document_id: int) -> Answer:
    return _edit(queries.access_managed(current_user.actor, document_id))


@blueprint.get("/admin/documents/<int:document_id>")
@requires("document.manage")
def manage(document_id: int) -> str:
    document = queries.access_managed(current_user.actor, document_id)
    return render_template(
        "library/admin/manage.html", document=document, files=queries.list_files(document.id), shelves=SHELVES,
        pieces=len(queries.list_labels(document.id)), in_force=queries.is_in_force(document, local_day(clock.now())),
        uses=hooks.uses_of(document),
        links=managing.list_links(document.id), places=managing.list_places(current_user.actor, document.id),
    )  # fmt: skip


@blueprint.post("/admin/documents/<int:document_id>/publish")
@requires("document.manage")
def publish(document_id: int) -> Answer:
    document = queries.access_managed(current_user.actor, document_id)
    try:
        editing.publish(current_user.named, document.id, clock.now())
        flash(gettext("Đã công bố. Người của đơn vị và cấp dưới đọc được từ bây giờ."), "success")
    except DomainError as refusal:
        flash(said(refusal), "error")
    return redirect(url_for("library.manage", document_id=document_id))


@blueprint.post("/admin/documents/<int:document_id>/withdraw")
@requires("document.manage")
def withdraw(document_id: int) -> Answer:
    document = queries.access_managed(current_user.actor, document_id)
    editing.withdraw(current_user.named, document.id, clock.now())
    flash(gettext("Đã thôi công bố. Người học không còn thấy tài liệu này."), "success")
    return redirect(url_for("library.manage", document_id=document_id))


@blueprint.route("/admin/documents/<int:document_id>/remove", methods=["GET", "POST"])
@requires("document.manage")
def remove(document_id: int) -> Answer:
    document = queries.access_managed(current_user.actor, document_id)
    if request.method == "GET":
        return render_template("library/admin/remove.html", document=document)
    try:
        editing.remove(current_user.named, document.id, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "error")
        return redirect(url_for("library.manage", document_id=document_id))
    flash(gettext("Đã xoá bản nháp."), "success")
    return redirect(url_for("library.overview"))


@blueprint.post("/admin/documents/<int:document_id>/files/<int:file_id>/remove")
@requires("document.manage")
def remove_file(document_id: int, file_id: int) -> Answer:
    document = queries.access_managed(current_user.actor, document_id)
    if file_id not in {file.id for file in queries.list_files(document.id)}:
        raise NotFound()
    editing.drop_file(current_user.named, file_id, clock.now())
    flash(gettext("Đã bỏ tệp khỏi tài liệu."), "success")
    return redirect(url_for("library.manage", document_id=document_id))


@blueprint.post("/admin/documents/<int:document_id>/attach")
@requires("document.manage")
def attach(document_id: int) -> Answer:
    document = queries.access_managed(current_user.actor, document_id)
    chosen = request.form.get("place", "")
    if chosen in dict(managing.list_places(current_user.actor, document.id)):
        origin, _, number = chosen.partition(":")
        linking.attach_to(current_user.named, document.id, origin, int(number), clock.now())
        flash(gettext("Đã gắn tài liệu."), "success")
    return redirect(url_for("library.manage", document_id=document_id))


@blueprint.post("/admin/documents/<int:document_id>/detach")
@requires("document.manage")
def detach(document_id: int) -> Answer:
    document = queries.access_managed(current_user.actor, document_id)
    for link, _ in managing.list_links(document.id):
        if str(link.id) == request.form.get("link"):
            linking.detach_from(current_user.named, document.id, link.origin, link.origin_id, clock.now())
            flash(gettext("Đã gỡ tài liệu."), "success")
            break
    return redirect(url_for("library.manage", document_id=document_id))


@blueprint.route("/admin/documents/volumes/new", methods=["GET", "POST"])
@requires("document.manage")
def new_volume() -> Answer:
    return _edit_volume(None)


@blueprint.route("/admin/documents/volumes/<int:volume_id>", methods=["GET", "POST"])
@requires("document.manage")
def edit_volume(volume_id: int) -> Answer:
    return _edit_volume(queries.access_volume(current_user.actor, volume_id, "document.manage"))


def _edit_volume(volume: Volume | None) -> Answer:
    form = VolumeForm(obj=volume)
    form.unit_id.choices = managing.list_owners(current_user.actor)
    if form.validate_on_submit():
        saved = editing.save_volume(
            current_user.named,
            volume.id if volume else None,
            form.unit_id.data,
            form.title.data,
            (form.summary.data or "").strip(),
            clock.now(),
        )
        flash(gettext("Đã lưu tập sách."), "success")
        return redirect(url_for("library.edit_volume", volume_id=saved))
    chapters = queries.list_chapters(current_user.actor, volume.id) if volume else []
    page = render_template("library/admin/volume.html", form=form, volume=volume, chapters=chapters)
    return page, 400 if request.method == "POST" else 200
