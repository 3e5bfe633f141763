"""Who may start an attempt, and when."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from elearn.lib.errors import DomainError
from elearn.lib.periods import local
from elearn.lib.vietnamese import fold
from elearn.quizzes.rules.timing import Granted, start_close


@dataclass(frozen=True)
class Terms:
    """What a quiz says of starting."""

    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    attempt_limit: int
    wait_seconds: int = 0


@dataclass(frozen=True)
class Past:
    """What a person has done at the quiz: attempts begun, and when the last one ended."""

    used: int = 0
    last_ended_at: datetime | None = None


def limit_of(terms: Terms, granted: Granted) -> int:
    """Attempts that a person may make."""
    return terms.attempt_limit + granted.attempts


def next_start(terms: Terms, past: Past) -> datetime | None:
    """First moment after the waiting time; None where there is none to wait for."""
    if not terms.wait_seconds or past.last_ended_at is None:
        return None
    return past.last_ended_at + timedelta(seconds=terms.wait_seconds)


def refusal(terms: Terms, past: Past, granted: Granted, now: datetime) -> DomainError | None:
    """The reason against a new attempt now, None where there is none: quiz_not_published, quiz_not_open, quiz_closed, attempts_used_up, too_soon."""
    if terms.state != "published":
        return DomainError("quiz_not_published", "Bài này hiện không mở cho người làm.")
    if terms.opens_at and now < terms.opens_at:
        return DomainError("quiz_not_open", "Bài chưa mở. Hãy quay lại khi đến giờ.")
    closes_at = start_close(terms.closes_at, granted.seconds)
    if closes_at and now >= closes_at:
        return DomainError("quiz_closed", "Bài đã đóng, không mở lượt mới được nữa. Các lượt đã nộp vẫn được tính.")
    if past.used >= limit_of(terms, granted):
        return DomainError("attempts_used_up", "Bạn đã dùng hết %(limit)s lượt.", limit=limit_of(terms, granted))
    first = next_start(terms, past)
    if first and now < first:
        return DomainError("too_soon", "Bạn làm lượt tiếp theo được từ %(time)s.", time=clock_words(first))
    return None


def clock_words(moment: datetime) -> str:
    """Hour and day in Viet Nam, the hour rounded up to a minute, so that nobody comes too early: "14:05 15/10/2026"."""
    rounded = moment if moment == moment.replace(second=0, microsecond=0) else moment + timedelta(minutes=1)
    return f"{local(rounded):%H:%M %d/%m/%Y}"


def fits_join_code(wanted: str | None, said: str) -> bool:
    """Whether the code is that of the quiz, however it was typed; True where the quiz has none."""
    return wanted is None or hmac.compare_digest(_bare(wanted), _bare(said))


def _bare(code: str) -> bytes:
    return "".join(sign for sign in fold(code) if sign.isalnum()).encode()
