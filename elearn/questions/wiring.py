"""What questions offer to features below: files of questions are read, applied and taken back in the background."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from elearn.core import clock
from elearn.jobs.hooks import Tell, works
from elearn.questions.services import importing


def wire(app: Flask) -> None:
    """Register the work."""
    works.update(questions_read=read_file, questions_apply=apply_import, questions_undo=undo_import)


def read_file(arguments: Any, tell: Tell) -> Any:
    """Read a file that was kept for later."""
    folder = current_app.config["ELEARN"].data_path
    return importing.read_kept(arguments["import"], folder, clock.now(), (arguments["member"], arguments["name"]), tell)


def apply_import(arguments: Any, tell: Tell) -> Any:
    """Write the questions of a long file."""
    return {"questions": importing.apply_import(arguments["import"], (arguments["member"], arguments["name"]), clock.now, tell)}


def undo_import(arguments: Any, tell: Tell) -> Any:
    """Take a long import back."""
    return importing.undo_import(arguments["import"], (arguments["member"], arguments["name"]), clock.now, tell)
