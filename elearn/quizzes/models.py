"""Quizzes, attempts and their event log, what is granted to people, and what is mended afterwards."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, Mark, UtcDateTime
from elearn.members.models import Member
from elearn.questions.models import QuestionVersion
from elearn.units.models import Unit


class Quiz(Model):
    """What is drawn and under which rules it is sat; once somebody has sat it, only its hours and what is granted may change."""

    __tablename__ = "quizzes"
    __table_args__ = (
        CheckConstraint("attempt_limit >= 1", name="attempt_limit"),
        CheckConstraint("time_limit_seconds > 0", name="time_limit"),
        CheckConstraint("review IN ('after_submit', 'marks_only', 'after_close', 'nothing', 'custom')", name="review"),
        CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
        CheckConstraint("counted IN ('best', 'last', 'first', 'average')", name="counted"),
        CheckConstraint("navigation IN ('free', 'forward')", name="navigation"),
        CheckConstraint("late_policy IN ('submit', 'grace', 'discard')", name="late_policy"),
        Index("ix_quizzes_unit_id", "unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200), comment="e.g. Kiểm tra cuối khoá, Tuần 3")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(
        String(200), default="", comment="of what it is part: name of the course or contest; empty: it stands alone"
    )
    intro: Mapped[str] = mapped_column(Text, default="", comment="what takers read before they start, Markdown")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="owner")
    state: Mapped[str] = mapped_column(String(10), default="published", comment="draft, published or archived")
    # the paper
    blueprint: Mapped[Any] = mapped_column(
        Json,
        comment='[{"bank": id, "count": n, "level"?, "category"?: id, "tags"?: [key], "mark"?: "2", "section"?: 0} or {"question": id, "mark"?, "section"?}, …]',
    )
    sections: Mapped[Any] = mapped_column(
        Json, nullable=True, comment='[{"title", "intro"?, "shuffle"?: true}, …]; empty: one without a title'
    )
    question_count: Mapped[int] = mapped_column(comment="questions that a paper holds")
    shuffle_questions: Mapped[bool] = mapped_column(default=True, comment="within each section")
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    paper_seed: Mapped[str] = mapped_column(
        String(64), default="", comment="everybody gets the questions that it draws; empty: each attempt its own"
    )
    # sitting
    time_limit_seconds: Mapped[int] = mapped_column(comment="working time of an attempt")
    attempt_limit: Mapped[int] = mapped_column(comment="attempts a person may make")
    wait_seconds: Mapped[int] = mapped_column(default=0, comment="between the end of an attempt and the next start")
    counted: Mapped[str] = mapped_column(String(10), default="best", comment="which attempt counts: best, last, first or average")
    navigation: Mapped[str] = mapped_column(String(10), default="free", comment="free, or forward only")
    is_for_all: Mapped[bool] = mapped_column(default=False, comment="open to every member, not only to the owner's units")
    join_code: Mapped[str | None] = mapped_column(String(12), unique=True, comment="by which takers find it")
    password_hash: Mapped[str] = mapped_column(String(200), default="", comment="Argon2; empty: no password")
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first moment to start; empty: at once")
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first moment too late; attempts under way end then")
    late_policy: Mapped[str] = mapped_column(
        String(10),
        default="submit",
        comment="submit: at the deadline by itself; grace: saves count for grace_seconds more; discard: unsubmitted work is not counted",
    )
    grace_seconds: Mapped[int] = mapped_column(default=5, comment="how late a save may arrive, the same everywhere")
    # marks
    pass_percent: Mapped[int | None] = mapped_column(comment="share of the marks that passes; empty: not passed or failed")
    wrong_penalty: Mapped[Decimal | None] = mapped_column(
        Mark, comment="share of a question's mark taken off for a wrong answer; empty: none"
    )
    certainty: Mapped[bool] = mapped_column(default=False, comment="takers say how sure they are: 1, 2, 3 or 0, −2, −6")
    prediction_prompt: Mapped[str] = mapped_column(
        Text, default="", comment="question without a mark, answered by a number; empty: none"
    )
    prediction_unit: Mapped[str] = mapped_column(String(30), default="", comment="what the number counts, e.g. người")
    prediction_decimals: Mapped[int] = mapped_column(
        default=0, comment="digits after the comma; the number is kept times ten to this power"
    )
    review: Mapped[str] = mapped_column(String(20), default="after_submit", comment="what is shown when: a named preset, or custom")
    review_grid: Mapped[Any] = mapped_column(
        Json, nullable=True, comment='for custom: {"during"|"right_after"|"while_open"|"after_close": [what is shown]}'
    )
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty: made by a course or contest")
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()


class Attempt(Model):
    """One sitting. `paper` is fixed at the start; marks are written at submission and again only by markers and corrections."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("quiz_id", "member_id", "number"),
        # The limit is copied from the quiz, so that the database itself refuses one attempt too many.
        CheckConstraint("number >= 1 AND number <= attempt_limit", name="attempt_limit"),
        CheckConstraint("state IN ('open', 'submitted')", name="state"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        Index(
            "uq_attempts_open",
            "quiz_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempts_member_id", "member_id"),
        Index("ix_attempts_overdue", "state", "deadline_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit of the member at the start")
    number: Mapped[int] = mapped_column(comment="1 for the first attempt of this member at this quiz")
    attempt_limit: Mapped[int] = mapped_column(comment="limit of the quiz at the start, with what was granted")
    seed: Mapped[str] = mapped_column(String(64), comment="from which the paper was drawn; hexadecimal")
    paper: Mapped[Any] = mapped_column(
        Json, comment='[{"version": id, "order": what was mixed, "max"?: "2", "section"?: 0}, …] by slot from 1'
    )
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="min(start + working time, close of the quiz), with what was granted"
    )
    extra_seconds: Mapped[int] = mapped_column(default=0, comment="granted to this attempt, before or during it")
    holder: Mapped[str] = mapped_column(String(40), default="", comment="page that may save now; another page must take over first")
    position: Mapped[int] = mapped_column(
        default=1, comment="slot reached; the only one that takes answers where one goes forward only"
    )
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open or submitted")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the submission arrived, or the deadline")
    is_discarded: Mapped[bool] = mapped_column(default=False, comment="not submitted in time where the quiz then counts nothing")
    working_ms: Mapped[int | None] = mapped_column(comment="from start to submission, milliseconds")
    marks: Mapped[Any] = mapped_column(
        Json, nullable=True, comment="marks by slot, decimal strings; null where a person has still to mark"
    )
    marking: Mapped[str] = mapped_column(
        String(20), default="", comment="version of the marking rules, and of the last correction: 2, 2+7"
    )
    is_pending: Mapped[bool] = mapped_column(
        default=False, comment="some question waits for an examiner; the mark is what is known"
    )
    mark: Mapped[Decimal | None] = mapped_column(Mark, comment="sum of the marks of the questions")
    max_mark: Mapped[Decimal] = mapped_column(Mark)
    correct_count: Mapped[int | None] = mapped_column(comment="questions answered wholly right")
    prediction: Mapped[int | None] = mapped_column(BigKey, comment="answer to the question without a mark")
    is_passed: Mapped[bool | None] = mapped_column(comment="empty where the quiz has no pass mark, or marking is not complete")
    quiz: Mapped[Quiz] = relationship()
    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()


class AttemptEvent(Model):
    """One thing that happened in an attempt; triggers of the database refuse to change or delete it."""

    __tablename__ = "attempt_events"
    __table_args__ = (UniqueConstraint("attempt_id", "key"),)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="server's clock")
    kind: Mapped[str] = mapped_column(
        String(12),
        comment="started, held, shown, answered, flagged, lost, regained, extended, submitted, late_taken, marked, regraded",
    )
    slot: Mapped[int | None] = mapped_column(comment="place in the paper from 1")
    data: Mapped[Any] = mapped_column(Json, nullable=True, comment="the response, flag, number or marks")
    client_seq: Mapped[int | None] = mapped_column(BigKey, comment="order in which the page made its saves")
    key: Mapped[str | None] = mapped_column(String(64), comment="names a request, so that repeating it changes nothing")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the digest before and this event")


class LateResponse(Model):
    """An answer that arrived after its time: kept beside the log, in which nothing of it counts until somebody decides."""

    __tablename__ = "late_responses"
    __table_args__ = (
        UniqueConstraint("attempt_id", "key"),
        CheckConstraint("decision IN ('waiting', 'accepted', 'refused')", name="decision"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    slot: Mapped[int] = mapped_column(comment="place in the paper from 1")
    response: Mapped[Any] = mapped_column(Json, nullable=True)
    client_seq: Mapped[int] = mapped_column(BigKey, comment="order in which the page made its saves")
    key: Mapped[str] = mapped_column(String(64), comment="names the request")
    waited_seconds: Mapped[int | None] = mapped_column(comment="how long the page says that it had kept the answer")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(10), default="waiting", comment="waiting, accepted or refused")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(400), default="")


class AttemptFile(Model):
    """A file handed in with an answer; its bytes lie in the data folder under its digest."""

    __tablename__ = "attempt_files"
    __table_args__ = (UniqueConstraint("attempt_id", "slot", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    slot: Mapped[int] = mapped_column(comment="place in the paper from 1")
    name: Mapped[str] = mapped_column(String(100), comment="as its owner named it")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the bytes as kept")
    mimetype: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(comment="bytes")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Allowance(Model):
    """More time or attempts at one quiz: for a person, for a unit and all below it, or (neither named) for everybody."""

    __tablename__ = "allowances"
    __table_args__ = (
        CheckConstraint("member_id IS NULL OR unit_id IS NULL", name="for_whom"),
        CheckConstraint("extra_seconds >= 0 AND extra_attempts >= 0", name="more"),
        Index("ix_allowances_quiz_id", "quiz_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    extra_seconds: Mapped[int] = mapped_column(default=0, comment="added to the working time and to the close")
    extra_attempts: Mapped[int] = mapped_column(default=0, comment="added to the limit")
    reason: Mapped[str] = mapped_column(String(400))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    granted_by_name: Mapped[str] = mapped_column(String(200), comment="as then")
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taken back; attempts that had begun keep it")
    member: Mapped[Member | None] = relationship(foreign_keys=[member_id])
    unit: Mapped[Unit | None] = relationship()


class Accommodation(Model):
    """What a person needs at every quiz and contest: sensitive, seen by the person and those who grant it."""

    __tablename__ = "accommodations"
    __table_args__ = (
        CheckConstraint("time_permille >= 1000 AND time_permille <= 5000", name="time"),
        Index("ix_accommodations_member_id", "member_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    time_permille: Mapped[int] = mapped_column(
        default=1000, comment="working time in thousandths of the usual: 1250 is a quarter more"
    )
    is_large_print: Mapped[bool] = mapped_column(default=False, comment="large type from the first page on")
    is_screen_reader: Mapped[bool] = mapped_column(default=False, comment="all questions on one page, no palette")
    reason: Mapped[str] = mapped_column(String(400))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(comment="first day without it; empty: until it is ended")
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    granted_by_name: Mapped[str] = mapped_column(String(200), comment="as then")
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    member: Mapped[Member] = relationship(foreign_keys=[member_id])


class ServerBeat(Model):
    """The last moment at which the server is known to have been able to write."""

    __tablename__ = "server_beats"
    id: Mapped[int] = mapped_column(primary_key=True, comment="always 1")
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServerOutage(Model):
    """Time during which the server itself did not answer, given back to every clock that was running."""

    __tablename__ = "server_outages"
    __table_args__ = (CheckConstraint("ended_at > began_at", name="period"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last beat before it")
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="first beat after it")
    attempts: Mapped[int] = mapped_column(comment="attempts (lượt) that got time back")


class QuestionReport(Model):
    """A taker says that a question is faulty; reports about one question of one quiz are one case."""

    __tablename__ = "question_reports"
    __table_args__ = (UniqueConstraint("attempt_id", "slot"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("report_cases.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    slot: Mapped[int] = mapped_column(comment="place in the paper from 1")
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    text: Mapped[str] = mapped_column(String(1000))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    case: Mapped[ReportCase] = relationship(back_populates="reports")


class ReportCase(Model):
    """All reports about one version of a question in one quiz, and the decision that answers them."""

    __tablename__ = "report_cases"
    __table_args__ = (
        UniqueConstraint("quiz_id", "version_id"),
        CheckConstraint("state IN ('open', 'decided')", name="state"),
        CheckConstraint("decision IN ('', 'kept', 'corrected', 'dropped')", name="decision"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open or decided")
    decision: Mapped[str] = mapped_column(String(10), default="", comment="kept, corrected or dropped")
    answer: Mapped[str] = mapped_column(Text, default="", comment="what everybody who reported is told")
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("corrections.id"), comment="what was done about it")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiz: Mapped[Quiz] = relationship()
    version: Mapped[QuestionVersion] = relationship()
    reports: Mapped[list[QuestionReport]] = relationship(back_populates="case", order_by="QuestionReport.id")


class Correction(Model):
    """A change of what a question of a quiz is worth after it was sat. The version stays as it was; marks are worked out with the change."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("kind IN ('key', 'accept', 'drop', 'weight')", name="kind"),
        CheckConstraint("policy IN ('never_lower', 'exact')", name="policy"),
        CheckConstraint("state IN ('previewed', 'applied', 'reverted', 'dropped')", name="state"),
        Index("ix_corrections_quiz_id_state", "quiz_id", "state"),
        Index("ix_corrections_version_id", "version_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    kind: Mapped[str] = mapped_column(String(10), comment="key, accept (a further answer), drop or weight")
    detail: Mapped[Any] = mapped_column(
        Json, comment='{"body": …} for key and accept, {"how": "remove" or "give"} for drop, {"mark": "2"} for weight'
    )
    policy: Mapped[str] = mapped_column(String(12), default="never_lower", comment="never_lower or exact")
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="previewed", comment="previewed → applied → reverted, or dropped")
    summary: Mapped[Any] = mapped_column(Json, nullable=True, comment="what the preview found: counts and consequences in words")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    made_by_name: Mapped[str] = mapped_column(String(200), comment="as then")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    applied_by_name: Mapped[str] = mapped_column(String(200), default="")
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reverted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reverted_by_name: Mapped[str] = mapped_column(String(200), default="")
    reverted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revert_reason: Mapped[str] = mapped_column(Text, default="")
    quiz: Mapped[Quiz] = relationship()
    version: Mapped[QuestionVersion] = relationship()


class CorrectionChange(Model):
    """What a correction does to one attempt: worked out by the preview, written at applying, taken back at reverting."""

    __tablename__ = "correction_changes"
    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    before: Mapped[Any] = mapped_column(Json, comment='{"mark", "max_mark", "correct_count", "is_passed", "marks", "marking"}')
    after: Mapped[Any] = mapped_column(Json, comment="the same, afterwards")


class QuizStatistics(Model):
    """Statistics of a quiz as last worked out; never on the request of a taker."""

    __tablename__ = "quiz_statistics"
    __table_args__ = (CheckConstraint("which IN ('first', 'best', 'last', 'all')", name="which"),)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    which: Mapped[str] = mapped_column(String(5), primary_key=True, comment="attempts taken: first, best, last or all")
    people: Mapped[int] = mapped_column(comment="persons, người")
    attempts: Mapped[int] = mapped_column(comment="attempts, lượt")
    data: Mapped[Any] = mapped_column(Json, comment="whole quiz, items, options and curves")
    worked_out_at: Mapped[datetime] = mapped_column(UtcDateTime)
