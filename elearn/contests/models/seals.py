"""What a round commits to before it opens, and the append-only log of its events in checkpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime


class Seal(Model):
    """A commitment of a round; what changed before the opening led to the next number, and the last one before it counts."""

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("round_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … of the round")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(100), comment="of the round in hashes: code of the contest/number")
    secret: Mapped[str] = mapped_column(String(64), comment="S, 32 random bytes, hexadecimal; in no answer before the reveal")
    salt: Mapped[str] = mapped_column(String(64), comment="32 random bytes, hexadecimal; in no answer before the reveal")
    rules: Mapped[Any] = mapped_column(Json, comment="what the hash of the rules is over, with the versions that may be asked")
    manifest: Mapped[Any] = mapped_column(Json, comment="what is published and signed")
    signature: Mapped[str] = mapped_column(String(128), comment="Ed25519 over the manifest, hexadecimal")
    public_key: Mapped[str] = mapped_column(String(64), comment="of the pair that signed, hexadecimal")
    public_value: Mapped[str] = mapped_column(
        String(400), default="", comment="result of the public draw that the rules name; empty: none, or not held yet"
    )
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="from then on seed, salt and keys are open to all")


class Amendment(Model):
    """Rules of a sealed round that two officers changed while it ran: a line of its log, in the chain like the events of attempts."""

    __tablename__ = "amendments"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(400), comment="public")
    rules: Mapped[Any] = mapped_column(Json, comment="all rules from then on, in the shape of those that were sealed")
    digest: Mapped[str] = mapped_column(String(64), comment="what the chain holds of it, hexadecimal")
    is_logged: Mapped[bool] = mapped_column(default=False, comment="stands in a checkpoint")


class LogCheckpoint(Model):
    """The state of a round's log at a moment; triggers of the database refuse to change or delete it.

    In its lines the attempt id 0 stands for amendments, by their numbers.
    """

    __tablename__ = "log_checkpoints"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int] = mapped_column(BigInteger, comment="events in the log up to here")
    head: Mapped[str] = mapped_column(String(64), comment="head of the chain, hexadecimal")
    root: Mapped[str] = mapped_column(String(64), comment="root of the tree over the lines that are new here, hexadecimal")
    lines: Mapped[bytes] = mapped_column(
        LargeBinary, comment="zlib of JSON: [[attempt id, first seq, last seq], …] that are new here, by attempt id"
    )
    signature: Mapped[str] = mapped_column(String(128), comment="Ed25519, hexadecimal")


class LoggedAttempt(Model):
    """How far the events of an attempt stand in the log of the round: worked out from the checkpoints, so that the next one need not read them."""

    __tablename__ = "logged_attempts"
    __table_args__ = (
        Index(
            "ix_logged_attempts_open", "round_id", sqlite_where=text("NOT is_done"), postgresql_where=text("NOT is_done")
        ),
        Index("ix_logged_attempts_newest", "round_id", "attempt_id"),
    )  # fmt: skip
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    seq: Mapped[int] = mapped_column(comment="last event that stands in the log")
    is_done: Mapped[bool] = mapped_column(comment="submitted, and all of it in the log")


class LogClosing(Model):
    """The roots published when the round had closed; triggers of the database refuse to change or delete it."""

    __tablename__ = "log_closings"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entrants: Mapped[int] = mapped_column(comment="people and teams that had entered")
    entrants_root: Mapped[str] = mapped_column(String(64), comment="R_ent, over their pseudonyms in alphabetical order")
    events: Mapped[int] = mapped_column(BigInteger, comment="events in the log")
    log_head: Mapped[str] = mapped_column(String(64), comment="R_log, head of the chain")
    predictions: Mapped[int] = mapped_column(comment="submitted attempts with a prediction")
    predictions_root: Mapped[str] = mapped_column(String(64), comment="R_pred, over them by pseudonym and number")
    signature: Mapped[str] = mapped_column(String(128), comment="Ed25519, hexadecimal")
