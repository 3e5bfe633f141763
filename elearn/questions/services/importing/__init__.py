"""Files of questions on their way into a bank: read → looked at and mended → applied → perhaps undone."""

from elearn.questions.services.importing.applying import apply_import
from elearn.questions.services.importing.bringing import Brought, bring
from elearn.questions.services.importing.deciding import choose_rows, confirm_row, drop_import, reopen_import, set_for_all
from elearn.questions.services.importing.mending import mend_row, read_again, read_form
from elearn.questions.services.importing.reading import doubts_of_refusal, format_of_file, is_large, read_questions
from elearn.questions.services.importing.staging import judge
from elearn.questions.services.importing.undoing import undo_import
from elearn.questions.services.importing.uploading import keep_for_later, read_kept, take_file

__all__ = [
    "Brought", "apply_import", "bring", "choose_rows", "confirm_row", "doubts_of_refusal", "drop_import", "format_of_file", "is_large", "judge", "keep_for_later", "mend_row",
    "read_again", "read_form", "read_kept", "read_questions", "reopen_import", "set_for_all", "take_file", "undo_import",
]  # fmt: skip
