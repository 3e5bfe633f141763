"""What the comparison of a round's written works needs; the work itself is `marking.services.comparing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from elearn.contests.models import Round
from elearn.contests.queries.judges import list_piles_of
from elearn.lib.errors import DomainError


def arguments_of(found: Round, now: datetime) -> dict[str, Any]:
    """Arguments of the job. Raises round_still_open while works can still be handed in, no_works where there are none."""
    if found.kind != "written":
        raise DomainError("no_works", "Vòng này không có bài viết để so sánh.")
    if now < found.closes_at:
        raise DomainError("round_still_open", "Vòng thi còn mở. Hãy so sánh các bài sau giờ đóng.")
    piles = list_piles_of(found)
    if not piles:
        raise DomainError("no_works", "Chưa có bài nào được nộp để so sánh.")
    return {"piles": piles, "least": found.own_rules.similar_from * 10}
