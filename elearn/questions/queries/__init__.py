"""Reads banks and questions."""

from elearn.questions.queries.banks import (
    access_bank,
    access_question,
    current_versions,
    list_banks,
    list_topics,
    page_of_questions,
    visible_banks,
)
from elearn.questions.queries.drafts import content_of, draft_of, drafts_of, get_medium
from elearn.questions.queries.rendering import (
    TYPES,
    Rendered,
    documents_by_id,
    html_of,
    key_of,
    list_pools,
    render_versions,
    shorten,
)

__all__ = [
    "TYPES",
    "Rendered",
    "access_bank",
    "access_question",
    "content_of",
    "current_versions",
    "documents_by_id",
    "draft_of",
    "drafts_of",
    "get_medium",
    "html_of",
    "key_of",
    "list_banks",
    "list_pools",
    "list_topics",
    "page_of_questions",
    "render_versions",
    "shorten",
    "visible_banks",
]
