"""What members offer to features below: people follow their unit."""

from __future__ import annotations

from flask import Flask

from elearn.members.services import following
from elearn.units import hooks


def wire(app: Flask) -> None:
    """People go where their unit goes, and come back where that is undone."""
    if following.follow_change not in hooks.after_change:
        hooks.after_change.append(following.follow_change)
        hooks.after_undo.append(following.follow_undo)
        hooks.outlook.append(following.outlook_of)
