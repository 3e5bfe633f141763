"""Questions as people type them: "Câu 1: … A. … B. … Đáp án: B", from Word or pasted as text, and written back in that style."""

from elearn.questions.rules.typed.reading import read_typed
from elearn.questions.rules.typed.source import read_source, read_text
from elearn.questions.rules.typed.writing import WRITES, as_text, pictures_in, refuse_unknown, typed_file

__all__ = ["WRITES", "as_text", "pictures_in", "read_source", "read_text", "read_typed", "refuse_unknown", "typed_file"]
