"""A random mark on the device from which somebody enters, so that many people on one device can be seen; it says nothing else."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from elearn.contests.models import Round
from elearn.contests.services.fairness import note_device
from elearn.core.security import keyed_hash

KEPT = timedelta(days=90)
LENGTH = 32


def mark_device(answer: Response, found: Round, member_id: int, now: datetime) -> Response:
    """Note the device for this entry and put the mark on it where it has none. Each contest sees another hash of the same device."""
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    name = "__Host-device" if is_secure else "device"
    mark = request.cookies.get(name, "")
    if len(mark) != LENGTH or not mark.isalnum():
        mark = secrets.token_hex(LENGTH // 2)
    answer.set_cookie(name, mark, max_age=KEPT, secure=is_secure, httponly=True, samesite="Lax", path="/")
    note_device(found.id, member_id, keyed_hash(current_app.config["SECRET_KEY"], f"device|{found.contest_id}", mark), now)
    return answer
