"""Pages of study campaigns: of officers, each level its own part, and of the people who take part."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__, template_folder="../templates")
HERE = "/admin/campaigns/<int(max=2147483647):campaign_id>"

from elearn.campaigns.views import board, making, own  # noqa: E402, F401 - they enter their views
