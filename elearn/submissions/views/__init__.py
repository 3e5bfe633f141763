"""Pages of written work: of those who write, and of the officers who ask."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("submissions", __name__, template_folder="../templates")
TARGET = "<int(max=9223372036854775807):target_id>"

from elearn.submissions.views import arranging, reviewing, writing  # noqa: E402, F401 - they enter their views
