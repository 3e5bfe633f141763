"""Keeps pictures of questions: written anew, under the digest of their bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from elearn.core import blobs
from elearn.questions.models import Medium
from elearn.questions.rules.pictures import redraw


def keep_picture(session: Session, data: bytes, member_id: int | None, now: datetime) -> str:
    """The digest under which the picture is kept. Raises InvalidInput, in words, for what is no picture that we take.

    Bytes that were kept before are recognised: a picture that went out in a file comes back as itself.
    """
    known = session.get(Medium, hashlib.sha256(data).hexdigest())
    if known is not None:
        return known.digest
    picture = redraw(data)
    digest = blobs.keep(picture.data)
    if session.get(Medium, digest) is None:
        session.add(
            Medium(
                digest=digest, mimetype=picture.mimetype, size=len(picture.data), width=picture.width, height=picture.height,
                uploaded_by_id=member_id, created_at=now,
            )
        )  # fmt: skip
        session.flush()
    return digest
