"""What quizzes tell members about the rows that they keep of people."""

from __future__ import annotations

from flask import Flask

from elearn.members import hooks
from elearn.quizzes.models import Attempt


def wire(app: Flask) -> None:
    """Attempts go over with their person, quiz by quiz."""
    hooks.add(hooks.results, ATTEMPTS)


ATTEMPTS = hooks.Carried(Attempt, "member_id", "Bài làm", ("quiz_id",))
