"""Officers' pages of the banks, and the pictures of questions."""

from elearn.questions.views import banks, exports, imports, media, mending
from elearn.questions.views.base import blueprint

__all__ = ["banks", "blueprint", "exports", "imports", "media", "mending"]
