"""Officers' pages of the banks, the files that come in and go out, and the pictures of questions."""

from elearn.questions.views import banks, editing, exports, imports, linting, media, mending, questions, shelves
from elearn.questions.views.base import blueprint

__all__ = ["banks", "blueprint", "editing", "exports", "imports", "linting", "media", "mending", "questions", "shelves"]
