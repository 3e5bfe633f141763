"""Proof of work for people without an account: a task that costs their device a few seconds, so that a thousand registrations cost hours.

It taxes programs and says nothing of who somebody is. Spent at registration and at each start, never at a save.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from elearn.contests.models import UsedChallenge
from elearn.core.db import write_connection
from elearn.core.security import keyed_hash
from elearn.lib.errors import DomainError

ALGORITHM = "PBKDF2/SHA-256"
FEWEST_STEPS, MOST_STEPS = 60, 120
VALID = timedelta(minutes=30)
LONGEST = 4000


def _keys(key: str) -> tuple[str, str]:
    """Secrets that sign the task and its solution."""
    return keyed_hash(key, "altcha", "task"), keyed_hash(key, "altcha", "solution")


def make_challenge(key: str, contest_id: int, cost: int, now: datetime) -> dict[str, Any]:
    """A task as the page gets it: to find, counting from 0, the number of at most MOST_STEPS whose key begins with a prefix.

    `cost` is the number of PBKDF2 iterations of each step. How long it is good is signed with it, by the server's clock.
    """
    until = int((now + VALID).timestamp())
    counter = FEWEST_STEPS + secrets.randbelow(MOST_STEPS - FEWEST_STEPS)
    data = {"contest": contest_id, "until": until, "steps": MOST_STEPS}
    task, solution = _keys(key)
    made = altcha.create_challenge(ALGORITHM, cost, counter=counter, data=data, hmac_secret=task, hmac_key_secret=solution)
    return made.to_dict()


def spend_proof(key: str, contest_id: int, payload: str, now: datetime) -> None:
    """Take a solution once. Raises DomainError: proof_missing, proof_wrong, proof_expired or proof_used."""
    if not payload:
        raise DomainError("proof_missing", "Máy của bạn chưa làm xong bước kiểm tra. Hãy bật JavaScript rồi tải lại trang này.")
    digest, until = _read(key, contest_id, payload)
    if now >= until:
        raise DomainError("proof_expired", "Bước kiểm tra đã quá hạn. Hãy bấm lại; những gì đã điền vẫn còn.")
    try:
        with write_connection() as connection:
            connection.execute(delete(UsedChallenge).where(UsedChallenge.expires_at < now))
            connection.execute(insert(UsedChallenge).values(digest=digest, expires_at=until))
    except IntegrityError:
        raise DomainError("proof_used", "Bước kiểm tra này đã được dùng. Hãy tải lại trang rồi làm lại.") from None


def _read(key: str, contest_id: int, payload: str) -> tuple[str, datetime]:
    """What names the solved task, and how long it is good. Raises proof_wrong."""
    task, solution = _keys(key)
    wrong = DomainError("proof_wrong", "Bước kiểm tra không đúng. Hãy tải lại trang rồi làm lại.")
    try:
        told = json.loads(base64.b64decode(payload[:LONGEST], validate=True))
        data, signature = told["challenge"]["parameters"]["data"], told["challenge"]["signature"]
        checked = altcha.verify_solution(payload, task, hmac_key_secret=solution)
        is_right = checked.verified and data["contest"] == contest_id
        until = datetime.fromtimestamp(data["until"], UTC)
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise wrong from None
    if not is_right:
        raise wrong
    return hashlib.sha256(str(signature).encode()).hexdigest(), until
