"""Writes of written work."""

from elearn.submissions.services.assigning import Taken, make_assignment, name_writer, take_targets, tighten, unname_writer
from elearn.submissions.services.reviewing import accept, accept_many, exempt, return_, unexempt
from elearn.submissions.services.writing import attach, detach, hand_in, save_draft, withdraw

__all__ = [
    "Taken", "accept", "accept_many", "attach", "detach", "exempt", "hand_in", "make_assignment", "name_writer", "return_",
    "save_draft", "take_targets", "tighten", "unexempt", "unname_writer", "withdraw",
]  # fmt: skip
