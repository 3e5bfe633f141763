"""Use cases of quizzes: making one, sitting it, finishing it. The public names stand here."""

from __future__ import annotations

from elearn.quizzes.services.finishing import finish_overdue, finish_when_overdue, submit_attempt
from elearn.quizzes.services.making import QuizSpec, create_quiz, move_window
from elearn.quizzes.services.saving import Save, save_response, set_flag, take_hold
from elearn.quizzes.services.starting import start_attempt

__all__ = [
    "QuizSpec",
    "Save",
    "create_quiz",
    "finish_overdue",
    "finish_when_overdue",
    "move_window",
    "save_response",
    "set_flag",
    "start_attempt",
    "submit_attempt",
    "take_hold",
]
