"""Pages and requests of quizzes: one module for each, all on one blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("quizzes", __name__, template_folder="../templates")
# Ids are 64-bit; a larger number in an address is no attempt rather than an error of the database.
ATTEMPT = "/attempts/<int(max=9223372036854775807):attempt_id>"

from elearn.quizzes.views import (  # noqa: E402, F401 - they enter their views
    admin,
    allowances,
    attempts_admin,
    catalogue,
    editing,
    files,
    papers,
    repair,
    results,
    sitting,
    statistics,
    timeline,
)
