"""Reading, checking and loading content files."""

from __future__ import annotations

from elearn.content.services.checking import check_content
from elearn.content.services.syncing import SyncResult, sync_content

__all__ = ["SyncResult", "check_content", "sync_content"]
