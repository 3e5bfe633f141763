"""Seals rounds before they open, gives their papers the sealed seed, and reveals everything when the result is published."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import elearn
from elearn.audit.services import record
from elearn.contests.models import Amendment, Contest, LogClosing, Round, Seal
from elearn.contests.queries.seals import rules_now, versions_of
from elearn.contests.rules.seals import (
    Commitment,
    amendment_digest,
    common_seed,
    is_same_paper,
    manifest_of,
    paper_seed,
    round_name,
)
from elearn.core.db import db, transaction
from elearn.core.signing import public_key, sign
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.quizzes.models import Attempt
from elearn.quizzes.services import Drawing

ActorName = tuple[int | None, str]
DECIDING = (
    "lib/canonical.py", "questions/rules/*.py", "questions/types/*.py", "quizzes/rules/*.py", "contests/rules/*.py",
    "contests/rankings/*.py",
)  # fmt: skip
"""Sources that decide papers, marks and places."""


@lru_cache(maxsize=1)
def software() -> Mapping[str, str]:
    """What runs here: the version, and a digest of the sources that decide papers, marks and places."""
    top = Path(elearn.__file__).parent
    told = hashlib.sha256()
    for path in sorted(path for pattern in DECIDING for path in top.glob(pattern)):
        told.update(f"{path.relative_to(top).as_posix()}\0".encode() + path.read_bytes())
    return {"elearn": elearn.__version__, "sources": told.hexdigest()}


def draw_secret() -> str:
    """32 random bytes, hexadecimal."""
    return secrets.token_hex(32)


def seal_round(session: Session, sealed: Round, now: datetime, chance: Callable[[], str] = draw_secret) -> Seal | None:
    """The seal in force, inside the caller's transaction: a new one where there is none, or where rules or bank changed before the opening.

    `chance` gives seed and salt. None for a round without a paper, and for one that people have begun without a seal: nothing could be promised of it any more.
    """
    if sealed.quiz_id is None:
        return None
    last = latest_seal(session, sealed.id)
    if last is not None and now >= sealed.opens_at:
        return last
    connection = session.connection()
    if last is None and session.scalar(select(exists().where(Attempt.quiz_id == sealed.quiz_id))):
        return None
    rules = rules_now(connection, sealed)
    if last is not None and last.rules == rules:
        return last
    words, keys = versions_of(connection, rules["pools"])
    name = round_name(sealed.contest.code, sealed.number)
    commitment = Commitment(name, chance(), chance(), rules, words, keys)
    number = last.number + 1 if last else 1
    manifest = manifest_of(commitment, number, now, sealed.opens_at, software())
    seal = Seal(
        round_id=sealed.id, number=number, made_at=now, name=name, secret=commitment.secret, salt=commitment.salt, rules=rules,
        manifest=manifest, signature=sign(manifest), public_key=public_key(),
    )  # fmt: skip
    session.add(seal)
    session.flush()
    return seal


def amend(session: Session, changed: Round, reason: str, now: datetime) -> None:
    """Write down for the log what the rules of a sealed round are from now on, inside the transaction that changed them.

    Nothing is written before the opening, when a new seal is made instead, and where the rules are what they were. Raises DomainError
    paper_sealed where papers would no longer be drawn as was promised.
    """
    seal = latest_seal(session, changed.id)
    if seal is None or now < changed.opens_at:
        return
    amended = Amendment.round_id == changed.id
    last = session.scalars(select(Amendment).where(amended).order_by(Amendment.number.desc()).limit(1)).first()
    rules = {**rules_now(session.connection(), changed), "pools": seal.rules["pools"]}
    if rules == (last.rules if last else seal.rules):
        return
    if not is_same_paper(seal.rules, rules):
        raise DomainError("paper_sealed", "Cách ra đề đã niêm phong nên không đổi được khi vòng đang mở. Hãy thêm một vòng khác.")
    number = last.number + 1 if last else 1
    digest = amendment_digest(seal.name, number, now.isoformat(), reason, rules)
    session.add(Amendment(round_id=changed.id, number=number, at=now, reason=reason, rules=rules, digest=digest, is_logged=False))
    session.flush()


def latest_seal(session: Session, round_id: int) -> Seal | None:
    """The last seal of a round."""
    return session.scalars(select(Seal).where(Seal.round_id == round_id).order_by(Seal.number.desc()).limit(1)).first()


def seal_contest(session: Session, contest: Contest, now: datetime) -> None:
    """Seal every round that has not opened yet, when the contest is published or its rules change."""
    for one in contest.rounds:
        if now < one.opens_at:
            seal_round(session, one, now)


def seal_upcoming(now: datetime) -> int:
    """Seal what changed in the rounds of published contests that have not opened yet; return how many seals were made."""
    query = select(Round).join(Contest).where(Contest.is_published, Round.opens_at > now, Round.quiz_id.is_not(None))
    stale = []
    for one in db.session.scalars(query):
        last = latest_seal(db.session(), one.id)
        if last is None or last.rules != rules_now(db.session.connection(), one):
            stale.append(one.id)
    if not stale:
        return 0
    with transaction() as session:
        for round_id in stale:
            seal_round(session, session.get_one(Round, round_id), now)
    return len(stale)


@dataclass(frozen=True)
class SealedPapers:
    """What papers of a round are drawn from."""

    name: str
    secret: str
    pools: tuple[tuple[int, ...], ...]
    is_fixed: bool

    def drawing(self, pseudonym: str) -> Drawing:
        """The papers of one entry."""
        common = common_seed(self.secret, self.name) if self.is_fixed else ""
        return Drawing(partial(paper_seed, self.secret, self.name, pseudonym), self.pools, common)


_known: WeakKeyDictionary[Engine, dict[int, SealedPapers]] = WeakKeyDictionary()


def papers_of(round_id: int, now: datetime) -> SealedPapers | None:
    """What papers of an open round are drawn from; seals it where that has not been done. None where people began without a seal.

    From the opening on a seal does not change, so each process reads it once.
    """
    known = _known.setdefault(db.engine, {})
    if round_id not in known:
        seal = _seal_in_force(round_id, now)
        if seal is None:
            return None
        known[round_id] = seal
    return known[round_id]


def _seal_in_force(round_id: int, now: datetime) -> SealedPapers | None:
    for _ in range(2):
        last = latest_seal(db.session(), round_id)
        if last is not None:
            return read_seal(last)
        try:
            with transaction() as session:
                made = seal_round(session, session.get_one(Round, round_id), now)
                return read_seal(made) if made else None
        except IntegrityError:
            continue  # another entry sealed it in the same moment
    raise DomainError("busy", "Máy chủ đang bận. Hãy thử lại sau ít giây.")


def read_seal(seal: Any) -> SealedPapers:
    """What papers are drawn from under a seal (its row or object)."""
    pools = tuple(tuple(pool) for pool in seal.rules["pools"])
    return SealedPapers(seal.name, seal.secret, pools, seal.rules["quiz"]["is_fixed"])


def reveal(session: Session, round_id: int, now: datetime) -> None:
    """Open seed, salt and keys to everybody, inside the transaction that publishes the result; what is open stays as it is."""
    seal = latest_seal(session, round_id)
    if seal is not None and seal.revealed_at is None:
        seal.revealed_at = now


def set_public_value(round_id: int, value: str, actor: ActorName, now: datetime) -> None:
    """Write down the result of the public draw that the rules name.

    Raises NotFound, InvalidInput public_value_missing, DomainError no_public_draw, log_open (the log must be closed and its roots published
    first) and already_drawn.
    """
    value = " ".join(value.split())[:400]
    if not value:
        raise InvalidInput("public_value_missing", "Hãy nhập kết quả quay số đúng như đã công bố.", field="value")
    with transaction() as session:
        seal = latest_seal(session, round_id)
        if seal is None:
            raise NotFound()
        if not seal.rules["round"].get("public_draw"):
            raise DomainError("no_public_draw", "Thể lệ vòng này không nêu lần quay số nào.")
        if session.get(LogClosing, round_id) is None:
            raise DomainError("log_open", "Sổ của vòng thi chưa chốt. Hãy chốt vòng thi trước khi nhập kết quả quay số.")
        if seal.public_value:
            raise DomainError("already_drawn", "Kết quả quay số đã được ghi và không đổi được nữa.")
        seal.public_value = value
        sealed = session.get_one(Round, round_id)
        subject = ("round", round_id, f"{sealed.contest.title}, {sealed.title}")
        record(session, now, actor, "set_public_value", subject, after={"value": value})
