"""Word documents (.docx) as lines and tables."""

from elearn.core.files.word.document import read_document
from elearn.core.files.word.package import is_word

__all__ = ["is_word", "read_document"]
