"""Writes of study campaigns."""

from elearn.campaigns.services.making import (
    CampaignSpec,
    RequirementSpec,
    add_requirement,
    announce,
    close,
    edit_campaign,
    make_campaign,
    remove_requirement,
    reopen,
)
from elearn.campaigns.services.reminding import Reminded, remind, tighten
from elearn.campaigns.services.taking import count_audience, take_list

__all__ = [
    "CampaignSpec", "Reminded", "RequirementSpec", "add_requirement", "announce", "close", "count_audience", "edit_campaign",
    "make_campaign", "remind", "remove_requirement", "reopen", "take_list", "tighten",
]  # fmt: skip
