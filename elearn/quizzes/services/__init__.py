"""Use cases of quizzes: making one, sitting it, finishing it, granting, marking again. The public names stand here."""

from __future__ import annotations

from elearn.quizzes.services.finishing import count_open, finish_overdue, finish_when_overdue, submit_attempt
from elearn.quizzes.services.granting import (
    NeedSpec,
    Who,
    end_accommodation,
    grant_accommodation,
    grant_allowance,
    revoke_allowance,
)
from elearn.quizzes.services.handing_in import hand_in_file, remove_file
from elearn.quizzes.services.making import QuizSpec, create_quiz, move_window
from elearn.quizzes.services.remarking import accept_late, refuse_late, set_given_mark, take_given_mark
from elearn.quizzes.services.reporting import report_question
from elearn.quizzes.services.saving import (
    Note,
    Save,
    check_answer,
    move_on,
    save_response,
    set_flag,
    take_hold,
    take_notes,
)
from elearn.quizzes.services.starting import Drawing, open_attempt, preview_paper, start_attempt

__all__ = [
    "Drawing",
    "NeedSpec",
    "Note",
    "QuizSpec",
    "Save",
    "Who",
    "accept_late",
    "check_answer",
    "count_open",
    "create_quiz",
    "end_accommodation",
    "finish_overdue",
    "finish_when_overdue",
    "grant_accommodation",
    "grant_allowance",
    "hand_in_file",
    "move_on",
    "move_window",
    "open_attempt",
    "preview_paper",
    "refuse_late",
    "remove_file",
    "report_question",
    "revoke_allowance",
    "save_response",
    "set_flag",
    "set_given_mark",
    "start_attempt",
    "submit_attempt",
    "take_given_mark",
    "take_hold",
    "take_notes",
]
