"""Posters of contests: pictures kept and checked as those of questions are."""

from __future__ import annotations

from datetime import datetime

from elearn.core import blobs
from elearn.core.db import db, transaction
from elearn.lib.errors import InvalidInput, NotFound
from elearn.questions.models import Medium
from elearn.questions.services import keep_picture


def keep_poster(data: bytes, by: tuple[int, str], now: datetime) -> str:
    """The digest under which the picture is kept. Raises InvalidInput at "poster", in words, for what is no picture that we take."""
    try:
        with transaction() as session:
            return keep_picture(session, data, by[0], now)
    except InvalidInput as refusal:
        refusal.field = "poster"
        raise


def fetch_poster(digest: str) -> tuple[bytes, str]:
    """Bytes and kind of a picture; raises NotFound."""
    medium = db.session.get(Medium, digest)
    if medium is None:
        raise NotFound()
    return blobs.fetch(digest), medium.mimetype
