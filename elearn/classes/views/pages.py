"""What the pages about classes share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from flask import Blueprint
from werkzeug.wrappers import Response

from elearn.core.errors import said
from elearn.core.forms import Form
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import from_local

blueprint = Blueprint("classes", __name__, template_folder="../templates", url_prefix="")
Answer = str | Response | tuple[str, int]


def at_hour(day: date, hour: time) -> datetime:
    """A local hour of a day as a UTC moment."""
    return from_local(datetime.combine(day, hour))


def end_of(day: date) -> datetime:
    """The last minute of a day."""
    return at_hour(day, time(23, 59))


def tell_at(form: Form, refusal: InvalidInput, names: Mapping[str, str] | None = None) -> None:
    """Show a refusal at the box that it names; one that names none goes above the form."""
    name = (names or {}).get(refusal.field, refusal.field)
    if name in form:
        form[name].errors = [*form[name].errors, said(refusal)]
    else:
        form.form_errors = [*form.form_errors, said(refusal)]
