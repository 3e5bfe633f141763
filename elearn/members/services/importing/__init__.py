"""The import of people: file → rows with their fate → written in chunks → taken back."""

from elearn.members.services.importing.applying import apply_import
from elearn.members.services.importing.deciding import change_row, choose_mapping, decide_row, discard_import
from elearn.members.services.importing.staging import stage_import
from elearn.members.services.importing.undoing import undo_import
from elearn.members.services.importing.uploading import open_import

__all__ = [
    "apply_import", "change_row", "choose_mapping", "decide_row", "discard_import", "open_import", "stage_import", "undo_import",
]  # fmt: skip
