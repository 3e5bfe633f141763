"""Officers' pages of the banks, and the pictures of questions."""

from elearn.questions.views import banks, editing, linting, media, questions, shelves
from elearn.questions.views.base import blueprint

__all__ = ["banks", "blueprint", "editing", "linting", "media", "questions", "shelves"]
