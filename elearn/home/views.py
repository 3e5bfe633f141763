"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from elearn.core import clock
from elearn.core.contributions import contributions
from elearn.core.guards import public

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@public
def show() -> str:
    return render_template("home/show.html", now=clock.now(), tasks=[], contributions=contributions())
