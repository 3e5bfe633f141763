"""What members offer to features below: people follow their unit, lists are imported in the background."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from elearn.core import clock
from elearn.jobs.hooks import Tell, works
from elearn.lib.periods import local_day
from elearn.members.services import following, importing
from elearn.units import hooks


def wire(app: Flask) -> None:
    """People go where their unit goes, and come back where that is undone."""
    if following.follow_change not in hooks.after_change:
        hooks.after_change.append(following.follow_change)
        hooks.after_undo.append(following.follow_undo)
        hooks.outlook.append(following.outlook_of)
    works.update(import_stage=stage_import, import_apply=apply_import, import_undo=undo_import)


def stage_import(arguments: Any, tell: Tell) -> Any:
    """Read a file in the background, with the mapping chosen."""
    config = current_app.config["ELEARN"]
    limit = config.max_import_mb * 1024 * 1024
    return importing.stage_import(arguments["import"], config.data_path, limit, local_day(clock.now()), tell)


def apply_import(arguments: Any, tell: Tell) -> Any:
    """Write an import in the background."""
    return importing.apply_import(arguments["import"], (arguments["member"], arguments["name"]), clock.now, tell)


def undo_import(arguments: Any, tell: Tell) -> Any:
    """Take an import back in the background."""
    days = current_app.config["ELEARN"].import_undo_days
    return importing.undo_import(arguments["import"], (arguments["member"], arguments["name"]), days, clock.now, tell)
