"""Argon2id hashing with a bounded queue: each hash takes 19 MiB and 22 ms, so only a few run at once."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from elearn.lib.errors import Busy

# OWASP ASVS 5.0, appendix C: Argon2id with 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_BUSY = "Đang có rất nhiều người đăng nhập. Hãy thử lại sau ít giây."


class HashingQueue:
    """Lets `slots` hashings run at once and `slots` × 25 wait; others are told to come back."""

    def __init__(self, slots: int = 4, wait_seconds: float = 10) -> None:
        self.configure(slots, wait_seconds)

    def configure(self, slots: int, wait_seconds: float) -> None:
        self._slots = threading.BoundedSemaphore(slots)
        self._places = threading.BoundedSemaphore(slots * 26)
        self._wait_seconds = wait_seconds

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise Busy(_BUSY)
        if not self._slots.acquire(timeout=self._wait_seconds):
            self._places.release()
            raise Busy(_BUSY)

    def __exit__(self, *_: object) -> None:
        self._slots.release()
        self._places.release()


queue = HashingQueue()


def hash_password(password: str) -> str:
    """Encoded Argon2id hash; raises Busy where too many wait."""
    with queue:
        return _hasher.hash(password)


# Checked where the login is unknown, so that both take the same time.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def verify_password(encoded: str | None, password: str) -> bool:
    """True where the password fits; takes the same time where there is nothing to compare with."""
    with queue:
        try:
            return _hasher.verify(encoded or _NOBODY, password) and bool(encoded)
        except (VerifyMismatchError, InvalidHashError):
            return False


def needs_rehash(encoded: str) -> bool:
    """True where the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(encoded)
