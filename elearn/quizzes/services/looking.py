"""Writes down who looked at what is sensitive about a person's quizzes."""

from __future__ import annotations

from datetime import datetime

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import NotFound
from elearn.members.models import Member


def note_accommodation_look(member_id: int, by: tuple[int, str], now: datetime) -> None:
    """That somebody read why a person is given help; NotFound for no such person."""
    with transaction() as session:
        member = session.get(Member, member_id)
        if member is None:
            raise NotFound()
        record(session, now, by, "view_accommodation", ("member", member.id, member.display_name), concerns=[member.id])
