"""The documents that lessons and questions cite."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from elearn.core import clock
from elearn.core.guards import signed_in
from elearn.core.pages import page_number
from elearn.lib.periods import local_day
from elearn.library import queries

blueprint = Blueprint("library", __name__, template_folder="templates")


@blueprint.get("/documents")
@signed_in
def catalogue() -> str:
    words = request.args.get("q", "")
    page = queries.page_of_documents(words, page_number())
    return render_template(
        "library/catalogue.html", page=page, words=words, is_in_force=queries.is_in_force, today=local_day(clock.now())
    )


@blueprint.get("/documents/<key>")
@signed_in
def show(key: str) -> str:
    document = queries.get_document(key)
    today = local_day(clock.now())
    return render_template(
        "library/show.html",
        document=document,
        replaced=queries.list_replaced(document),
        in_force=queries.is_in_force(document, today),
    )
