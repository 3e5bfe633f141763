"""The blueprint of the library, and what its pages share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("library", __name__, template_folder="../templates")
Answer = str | Response | tuple[str, int]
