"""Writes banks and questions; a version once written never changes."""

from elearn.questions.queries.doubles import find_doubles, parts_of
from elearn.questions.queries.drafts import draft_of, drafts_of
from elearn.questions.services.content import BankSpec, QuestionSpec, put_bank, put_question, retire_missing
from elearn.questions.services.drafts import Fault, add_version, category_id, faults_of, put_draft, put_drafts
from elearn.questions.services.media import keep_picture
from elearn.questions.services.writing import reindex_questions, remove_questions

__all__ = [
    "BankSpec",
    "Fault",
    "QuestionSpec",
    "add_version",
    "category_id",
    "draft_of",
    "drafts_of",
    "faults_of",
    "find_doubles",
    "keep_picture",
    "parts_of",
    "put_bank",
    "put_draft",
    "put_drafts",
    "put_question",
    "reindex_questions",
    "remove_questions",
    "retire_missing",
]
