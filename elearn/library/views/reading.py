"""The library for readers: shelves, search, a document on a phone."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core import blobs, clock
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.core.markdown import render_rich
from elearn.core.pages import page_number
from elearn.lib.errors import NotFound
from elearn.lib.periods import local_day
from elearn.lib.uploads import MIMES
from elearn.library import queries
from elearn.library.queries.finding import page_of_found
from elearn.library.queries.receipts import find_receipt
from elearn.library.rules.parts import pages_of
from elearn.library.rules.shelves import SHELVES
from elearn.library.services.receipts import confirm_read
from elearn.library.views.base import Answer, blueprint


@blueprint.get("/documents")
@signed_in
def catalogue() -> str:
    words, shelf = request.args.get("q", "").strip()[:200], request.args.get("shelf", "paper")
    shelf = shelf if shelf in SHELVES else "paper"
    actor, today = current_user.actor, local_day(clock.now())
    shown = {"words": words, "shelf": shelf, "shelves": SHELVES, "today": today, "is_in_force": queries.is_in_force}
    if words:
        return render_template("library/found.html", page=page_of_found(actor, words, page_number()), **shown)
    volumes = queries.list_volumes(actor) if shelf == "chapter" else []
    return render_template(
        "library/catalogue.html", page=queries.page_of_shelf(actor, shelf, page_number()), volumes=volumes, **shown
    )


@blueprint.get("/documents/volumes/<int:volume_id>")
@signed_in
def volume(volume_id: int) -> str:
    one = queries.access_volume(current_user.actor, volume_id)
    return render_template("library/volume.html", volume=one, chapters=queries.list_chapters(current_user.actor, one.id))


@blueprint.get("/documents/<key>")
@signed_in
def show(key: str) -> str:
    document = queries.access_document(current_user.actor, key)
    labels = queries.list_labels(document.id)
    pages = pages_of([letters for _, _, letters in labels])
    number = min(page_number(), len(pages))
    places = [labels[at][0] for at in pages[number - 1]]
    chapters = list(queries.list_chapters(current_user.actor, document.volume_id)) if document.volume_id else []
    at = next((place for place, one in enumerate(chapters) if one.id == document.id), 0)
    return render_template(
        "library/show.html",
        document=document,
        replaced=queries.list_replaced(document),
        in_force=queries.is_in_force(document, local_day(clock.now())),
        files=queries.list_files(document.id),
        sections=queries.list_parts(document.id, places[0], places[-1]) if places else [],
        contents=[(labels[at][1], place + 1, labels[at][0]) for place, page in enumerate(pages) for at in page if labels[at][1]],
        number=number,
        pages=len(pages),
        render=render_rich,
        read_at=find_receipt(document.id, current_user.member_id) if document.shelf == "bulletin" else None,
        previous=chapters[at - 1] if at > 0 else None,
        following=chapters[at + 1] if chapters and at + 1 < len(chapters) else None,
    )


@blueprint.get("/documents/<key>/parts/<int:place>")
@signed_in
def part(key: str, place: int) -> Answer:
    """Leads to the page of the document on which a part stands."""
    document = queries.access_document(current_user.actor, key)
    labels = queries.list_labels(document.id)
    for number, page in enumerate(pages_of([letters for _, _, letters in labels]), start=1):
        if any(labels[at][0] == place for at in page):
            return redirect(url_for("library.show", key=key, page=number if number > 1 else None, _anchor=f"p{place}"))
    raise NotFound()


@blueprint.post("/documents/<key>/read")
@signed_in
def read(key: str) -> Answer:
    document = queries.access_document(current_user.actor, key)
    if document.shelf != "bulletin" or document.published_at is None:
        raise NotFound()
    confirm_read(current_user.member_id, current_user.unit_id, document.id, clock.now())
    flash(gettext("Đã ghi nhận bạn đã đọc bản tin này."), "success")
    return redirect(url_for("library.show", key=key))


@blueprint.get("/documents/<key>/files/<int:file_id>")
@signed_in
def download(key: str, file_id: int) -> Response:
    file = queries.access_file(current_user.actor, key, file_id)
    disposition = f"attachment; filename=\"document.{file.kind}\"; filename*=UTF-8''{quote(file.name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(blobs.fetch(file.digest), mimetype=MIMES[file.kind], headers=headers)
