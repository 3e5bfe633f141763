"""What a campaign asks of the person who reads."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from elearn.campaigns.queries import campaigns
from elearn.campaigns.views import blueprint
from elearn.core import clock
from elearn.core.guards import signed_in
from elearn.lib.errors import NotFound


@blueprint.get("/campaigns/<int(max=2147483647):campaign_id>")
@signed_in
def own(campaign_id: int) -> str:
    """Goal, documents, and what is asked by when."""
    mine = campaigns.find_own(current_user.member_id, campaign_id)
    if mine is None:
        raise NotFound()
    campaign = campaigns.get_campaign(campaign_id)
    return render_template(
        "campaigns/own.html", campaign=campaign, asked=campaigns.list_asked(campaign, mine), documents=campaigns.list_documents(campaign_id),
        course=campaigns.find_course(campaign), now=clock.now(),
    )  # fmt: skip
