"""What the pages about classes share."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import Blueprint
from werkzeug.wrappers import Response

from elearn.lib.periods import from_local

blueprint = Blueprint("classes", __name__, template_folder="../templates", url_prefix="")
Answer = str | Response | tuple[str, int]


def at_hour(day: date, hour: time) -> datetime:
    """A local hour of a day as a UTC moment."""
    return from_local(datetime.combine(day, hour))


def end_of(day: date) -> datetime:
    """The last minute of a day."""
    return at_hour(day, time(23, 59))
