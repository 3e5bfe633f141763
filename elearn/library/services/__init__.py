"""Writes of the library."""

from elearn.library.services.content import DocumentSpec, put_documents
from elearn.library.services.linking import attach, detach

__all__ = ["DocumentSpec", "attach", "detach", "put_documents"]
