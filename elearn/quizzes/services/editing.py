"""Makes and changes quizzes that stand alone. Only a draft may be changed; once somebody has sat a quiz, nothing of it but its hours."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.vietnamese import fold
from elearn.members.services.passwords import hash_password
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.managing import check_list_of
from elearn.quizzes.rules.blueprints import MOST_PARTS, is_ready
from elearn.quizzes.services.finishing import finish_overdue
from elearn.quizzes.services.making import QuizSpec, create_quiz, move_window, question_count_of

By = tuple[int, str]
"""Id and name of the person who does it."""
USUAL_GRACE = 5
"""Seconds that a save may be under way where no grace is stated."""
LONGEST_CODE = 80


@dataclass(frozen=True)
class Settings:
    """What an officer decides about a quiz: columns of `Quiz`, but for these: `is_same_for_all` stands for a paper seed, `needs_code` for a
    join code; `password` is a new one, "" leaves the present one, which `drops_password` takes away."""

    title: str
    unit_id: int
    blueprint: Sequence[Mapping[str, Any]] = ()
    sections: Sequence[Mapping[str, Any]] | None = None
    intro: str = ""
    is_for_all: bool = False
    shuffle_questions: bool = True
    shuffle_options: bool = True
    is_same_for_all: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    time_limit_seconds: int = 1800
    attempt_limit: int = 1
    wait_seconds: int = 0
    counted: str = "best"
    navigation: str = "free"
    needs_code: bool = False
    password: str = ""
    drops_password: bool = False
    late_policy: str = "submit"
    grace_seconds: int = USUAL_GRACE
    pass_percent: int | None = None
    wrong_penalty: Decimal | None = None
    certainty: bool = False
    review: str = "after_submit"
    review_grid: Mapping[str, Sequence[str]] | None = None


AS_THEY_ARE = (
    "title", "unit_id", "sections", "intro", "is_for_all", "shuffle_questions", "shuffle_options", "opens_at", "closes_at",
    "time_limit_seconds", "attempt_limit", "wait_seconds", "counted", "navigation", "late_policy", "grace_seconds", "pass_percent",
    "wrong_penalty", "certainty", "review", "review_grid",
)  # fmt: skip
"""Settings that are columns of the same name."""
COPIED = (*AS_THEY_ARE[:7], "paper_seed", *AS_THEY_ARE[9:], "password_hash", "title_en")


def make_quiz(settings: Settings, by: By, now: datetime) -> str:
    """A new draft; its code. Raises InvalidInput for settings that contradict each other."""
    check_settings(settings)
    password_hash = hash_password(settings.password) if settings.password else ""
    with transaction() as session:
        values = {name: getattr(settings, name) for name in AS_THEY_ARE}
        spec = QuizSpec(
            **values, code=free_code(session, settings.title), place="", blueprint=[dict(part) for part in settings.blueprint],
            state="draft", paper_seed=secrets.token_hex(32) if settings.is_same_for_all else "",
            join_code=free_join_code(session) if settings.needs_code else None, password_hash=password_hash, made_by_id=by[0], made_at=now,
        )  # fmt: skip
        quiz = create_quiz(session, spec)
        record(session, now, by, "make_quiz", ("quiz", quiz.id, quiz.title))
        return quiz.code


def change_quiz(quiz_id: int, settings: Settings, by: By, now: datetime) -> None:
    """Change a draft that nobody has sat.

    Raises NotFound; DomainError made_elsewhere, already_sat, published, archived; InvalidInput for settings that contradict each other.
    """
    check_settings(settings)
    password_hash = hash_password(settings.password) if settings.password else ""
    with transaction() as session:
        quiz = draft_of(session, quiz_id)
        values = {name: getattr(settings, name) for name in AS_THEY_ARE}
        values |= {
            "blueprint": [dict(part) for part in settings.blueprint],
            "question_count": question_count_of(settings.blueprint),
            "paper_seed": (quiz.paper_seed or secrets.token_hex(32)) if settings.is_same_for_all else "",
            "join_code": (quiz.join_code or free_join_code(session)) if settings.needs_code else None,
        }
        if password_hash or settings.drops_password:
            values["password_hash"] = password_hash
        before = {name: getattr(quiz, name) for name, value in values.items() if getattr(quiz, name) != value}
        for name in before:
            setattr(quiz, name, values[name])
        if before:
            after = {name: values[name] for name in before}
            record(
                session, now, by, "change_quiz", ("quiz", quiz.id, quiz.title), before=told(before), after=told(after)
            )  # fmt: skip


def check_changeable(quiz_id: int) -> None:
    """Raise what `change_quiz` would raise for a quiz that may not be changed."""
    draft_of(db.session(), quiz_id, is_writing=False)


def add_questions(quiz_id: int, question_ids: Sequence[int], by: By, now: datetime) -> int:
    """Put chosen questions at the end of a draft's blueprint, those that it does not hold yet; how many that were. Raises as `change_quiz`."""
    with transaction() as session:
        quiz = draft_of(session, quiz_id)
        held = {part["question"] for part in quiz.blueprint if "question" in part}
        fresh = [number for number in dict.fromkeys(question_ids) if number not in held]
        if len(quiz.blueprint) + len(fresh) > MOST_PARTS:
            raise InvalidInput("too_many_parts", "Một đề có nhiều nhất %(most)s dòng.", field="question", most=MOST_PARTS)
        if fresh:
            last = max((part.get("section", 0) for part in quiz.blueprint), default=0)
            section = {"section": last} if last else {}
            quiz.blueprint = [*quiz.blueprint, *({"question": number, **section} for number in fresh)]
            quiz.question_count = question_count_of(quiz.blueprint)
            record(session, now, by, "change_quiz", ("quiz", quiz.id, quiz.title), after={"questions_added": len(fresh)})
        return len(fresh)


def change_hours(quiz_id: int, opens_at: datetime | None, closes_at: datetime | None, by: By, now: datetime) -> None:
    """Move the hours of a quiz, the one thing that may change once it has been sat. Attempts under way keep their deadlines.

    Raises NotFound; DomainError made_elsewhere, archived; InvalidInput closes_before_opens.
    """
    _check_hours(opens_at, closes_at)
    with transaction() as session:
        quiz = own_quiz(session, quiz_id)
        if quiz.state == "archived":
            raise _archived()
        before, after = (quiz.opens_at, quiz.closes_at), (opens_at, closes_at)
        if before == after:
            return
        move_window(quiz, opens_at, closes_at)
        names = ("opens_at", "closes_at")
        record(
            session, now, by, "change_quiz_hours", ("quiz", quiz.id, quiz.title), before=told(dict(zip(names, before, strict=True))),
            after=told(dict(zip(names, after, strict=True))),
        )  # fmt: skip


def publish_quiz(quiz_id: int, by: By, now: datetime) -> None:
    """Open a draft to its takers. Raises NotFound; DomainError made_elsewhere, not_draft, and not_ready where the check list stops it."""
    with transaction() as session:
        quiz = own_quiz(session, quiz_id)
        if quiz.state != "draft":
            raise DomainError("not_draft", "Bài này không còn là bản nháp. Hãy tải lại trang.")
        if not is_ready(check_list_of(quiz, now)):
            raise DomainError("not_ready", "Bài chưa công bố được. Hãy xem bảng kiểm và sửa những chỗ phải sửa.")
        _turn(session, quiz, "published", "publish_quiz", by, now)


def unpublish_quiz(quiz_id: int, by: By, now: datetime) -> None:
    """Make a published quiz a draft again. Raises NotFound; DomainError made_elsewhere, not_published, already_sat."""
    with transaction() as session:
        quiz = own_quiz(session, quiz_id)
        if quiz.state != "published":
            raise DomainError("not_published", "Bài này hiện không công bố. Hãy tải lại trang.")
        _check_unsat(session, quiz)
        _turn(session, quiz, "draft", "unpublish_quiz", by, now)


def archive_quiz(quiz_id: int, by: By, now: datetime) -> None:
    """Put a quiz away: nobody starts it any more, results stay. Raises NotFound; DomainError made_elsewhere, archived, still_sat."""
    finish_overdue(quiz_id, now)
    with transaction() as session:
        quiz = own_quiz(session, quiz_id)
        if quiz.state == "archived":
            raise _archived()
        running = session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.quiz_id == quiz_id, Attempt.state == "open")
        )
        if running:
            raise DomainError("still_sat", "Đang có %(count)s lượt làm dở. Hãy đợi các lượt ấy xong rồi lưu trữ.", count=running)
        _turn(session, quiz, "archived", "archive_quiz", by, now)


def restore_quiz(quiz_id: int, by: By, now: datetime) -> None:
    """Take a quiz out of the archive: published where it has been sat, a draft otherwise. Raises NotFound; DomainError made_elsewhere, not_archived."""
    with transaction() as session:
        quiz = own_quiz(session, quiz_id)
        if quiz.state != "archived":
            raise DomainError("not_archived", "Bài này không nằm trong kho lưu trữ. Hãy tải lại trang.")
        _turn(session, quiz, "published" if count_sat(session, quiz_id) else "draft", "restore_quiz", by, now)


def duplicate_quiz(quiz_id: int, by: By, now: datetime) -> str:
    """A new draft with the same settings, without hours and with a join code of its own; its code. Raises NotFound."""
    with transaction() as session:
        quiz = session.get(Quiz, quiz_id)
        if quiz is None:
            raise NotFound()
        values = {name: getattr(quiz, name) for name in COPIED}
        title = quiz.title[:190] + " (bản sao)"
        spec = QuizSpec(
            **{**values, "title": title, "paper_seed": secrets.token_hex(32) if quiz.paper_seed else ""},
            code=free_code(session, quiz.title), place="", blueprint=quiz.blueprint, state="draft",
            join_code=free_join_code(session) if quiz.join_code else None, made_by_id=by[0], made_at=now,
        )  # fmt: skip
        copy = create_quiz(session, spec)
        record(session, now, by, "copy_quiz", ("quiz", copy.id, copy.title), after={"from": quiz.title})
        return copy.code


def check_settings(settings: Settings) -> None:
    """Raise InvalidInput for settings that contradict each other."""
    _check_hours(settings.opens_at, settings.closes_at)
    if settings.certainty and settings.wrong_penalty is not None:
        raise InvalidInput(
            "two_penalties", "Đã tính điểm theo mức độ chắc chắn thì không trừ điểm câu sai thêm lần nữa.", field="wrong_penalty"
        )


def _check_hours(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise InvalidInput("closes_before_opens", "Giờ đóng phải sau giờ mở.", field="closes_at")


def own_quiz(session: Session, quiz_id: int, is_writing: bool = True) -> Quiz:
    """A quiz that stands alone, locked where something is to be written; raises NotFound, and DomainError made_elsewhere for one that a course or contest keeps."""
    quiz = session.get(Quiz, quiz_id, with_for_update=is_writing)
    if quiz is None:
        raise NotFound()
    if quiz.made_by_id is None:
        raise DomainError(
            "made_elsewhere", "Bài này do khoá học hoặc cuộc thi “%(place)s” quản lý. Hãy sửa ở đó, hoặc nhân bản thành bài mới.",
            place=quiz.place or quiz.title,
        )  # fmt: skip
    return quiz


def draft_of(session: Session, quiz_id: int, is_writing: bool = True) -> Quiz:
    """A draft that nobody has sat, locked where something is to be written; raises as `change_quiz`."""
    quiz = own_quiz(session, quiz_id, is_writing)
    _check_unsat(session, quiz)
    if quiz.state == "archived":
        raise _archived()
    if quiz.state == "published":
        raise DomainError("published", "Bài đã công bố nên không sửa được. Đưa bài về bản nháp rồi sửa.")
    return quiz


def count_sat(session: Session, quiz_id: int) -> int:
    """Attempts ever begun at a quiz."""
    return session.scalar(select(func.count()).select_from(Attempt).where(Attempt.quiz_id == quiz_id)) or 0


def _check_unsat(session: Session, quiz: Quiz) -> None:
    count = count_sat(session, quiz.id)
    if count:
        raise DomainError(
            "already_sat",
            "Đã có %(count)s lượt làm bài này, nên chỉ còn đổi được giờ mở, giờ đóng và cho thêm thời gian hay số lượt. Muốn thay đổi nội dung, hãy nhân bản thành bài mới.",
            count=count,
        )


def _archived() -> DomainError:
    return DomainError("archived", "Bài đã lưu trữ. Hãy lấy bài ra khỏi kho lưu trữ trước.")


def _turn(session: Session, quiz: Quiz, state: str, deed: str, by: By, now: datetime) -> None:
    before, quiz.state = quiz.state, state
    record(session, now, by, deed, ("quiz", quiz.id, quiz.title), before={"state": before}, after={"state": state})


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the log keeps them; of a password only that it changed."""
    return {name: "•••" if name in ("password_hash", "paper_seed") else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, Decimal) else value


def free_code(session: Session, title: str) -> str:
    """A code for addresses, made of the title and a few random signs, that no quiz has yet."""
    words = "-".join(re.findall("[a-z0-9]+", fold(title)))[:LONGEST_CODE].strip("-") or "bai"
    while True:
        code = f"{words}-{secrets.token_hex(2)}"
        if session.scalar(select(Quiz.id).where(Quiz.code == code)) is None:
            return code


def free_join_code(session: Session) -> str:
    """Six figures by which no other quiz is joined."""
    while True:
        code = f"{secrets.randbelow(900_000) + 100_000}"
        if session.scalar(select(Quiz.id).where(Quiz.join_code == code)) is None:
            return code


__all__ = [
    "Settings",
    "add_questions",
    "archive_quiz",
    "change_hours",
    "change_quiz",
    "check_changeable",
    "check_settings",
    "duplicate_quiz",
    "make_quiz",
    "publish_quiz",
    "restore_quiz",
    "unpublish_quiz",
]
