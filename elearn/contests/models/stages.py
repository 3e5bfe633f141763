"""A round on a stage: its parts and criteria, who appears when, and the points of every judge with all their versions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import Mark, UtcDateTime


class StagePart(Model):
    """A part of the programme: chào hỏi, kiến thức, tình huống, thuyết trình …"""

    __tablename__ = "stage_parts"
    __table_args__ = (UniqueConstraint("round_id", "number"), CheckConstraint("weight BETWEEN 1 AND 1000", name="weight"))
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … in the order of the programme")
    title: Mapped[str] = mapped_column(String(120))
    weight: Mapped[int] = mapped_column(default=100, comment="percent; multiplies all that is earned in the part")
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no points can be given or changed from then on")
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reopened: Mapped[int] = mapped_column(
        default=0, comment="how often it was opened again; from the first time on, changes want a reason"
    )
    released_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="its marks count in the running total that the hall sees"
    )
    criteria: Mapped[list[StageCriterion]] = relationship(order_by="StageCriterion.number")


class StageCriterion(Model):
    """What the judges give points for in a part."""

    __tablename__ = "stage_criteria"
    __table_args__ = (
        UniqueConstraint("part_id", "number"),
        CheckConstraint("weight BETWEEN 1 AND 1000", name="weight"),
        CheckConstraint("points > 0", name="points"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("stage_parts.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the part")
    title: Mapped[str] = mapped_column(String(200))
    points: Mapped[Decimal] = mapped_column(Mark, comment="the most that can be given")
    weight: Mapped[int] = mapped_column(default=100, comment="percent")


class StageContestant(Model):
    """A person or team on the stage: the group and the place in the order of appearance of an entry."""

    __tablename__ = "stage_contestants"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    group_title: Mapped[str] = mapped_column(String(80), default="", comment="e.g. Khu dân cư; empty: none")
    appears: Mapped[int | None] = mapped_column(comment="1, 2, 3 …; empty before the draw")
    entry: Mapped[Entry] = relationship(lazy="joined", innerjoin=True)


class StageDraw(Model):
    """A draw of the order of appearance; the latest holds."""

    __tablename__ = "stage_draws"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64), comment="from which the order follows, for whoever wants to check it")
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class StageScore(Model):
    """What a judge gives an entry for a criterion, as it stands now."""

    __tablename__ = "stage_scores"
    __table_args__ = (
        UniqueConstraint("entry_id", "criterion_id", "judge_id"),
        CheckConstraint("points >= 0", name="points"),
        Index("ix_stage_scores_judge", "judge_id", "entry_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("stage_criteria.id"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    points: Mapped[Decimal] = mapped_column(Mark)
    version: Mapped[int] = mapped_column(default=1, comment="1, 2, 3 …; the earlier ones stand in stage_score_versions")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StageScoreVersion(Model):
    """Every state that a score has had; rows are only added."""

    __tablename__ = "stage_score_versions"
    __table_args__ = (UniqueConstraint("score_id", "request_key"),)
    score_id: Mapped[int] = mapped_column(ForeignKey("stage_scores.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    points: Mapped[Decimal] = mapped_column(Mark)
    reason: Mapped[str] = mapped_column(String(400), default="", comment="wanted once the part has been opened again")
    request_key: Mapped[str] = mapped_column(String(40), comment="of the sending: the same one sent twice is kept once")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StageResult(Model):
    """The mark of an entry in a part, as a settlement found it."""

    __tablename__ = "stage_results"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("stage_parts.id"), primary_key=True)
    score: Mapped[int] = mapped_column(BigInteger, comment="ten-millionths of a mark")
