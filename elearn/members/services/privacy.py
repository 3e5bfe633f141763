"""Consent given and withdrawn, requests about one's own data."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.models import Consent, ConsentText, Member, RightsRequest
from elearn.members.rules.rights import KINDS, answer_due, check_finisher, check_step, done_due
from elearn.members.services.erasure import erase_member

Actor = tuple[int, str]
SHORTEST = 5


def digest_of(title: str, body: str) -> str:
    """What proves which text was shown: SHA-256 over title and body."""
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()


def publish_text(purpose: str, version: int, texts: tuple[str, str, str, str], now: datetime) -> bool:
    """Offer a version of a text (title, English title, body, English body); returns whether it is new.

    Raises DomainError where the same version is there with other words: people may have answered it.
    """
    title, title_en, body, body_en = texts
    with transaction() as session:
        known = session.scalar(select(ConsentText).where(ConsentText.purpose == purpose, ConsentText.version == version))
        if known is not None:
            if (known.title, known.title_en, known.body, known.body_en) != texts:
                raise DomainError(
                    "text_changed", "Nội dung xin đồng ý “%(purpose)s” bản %(version)s đã phát hành nên không sửa được; hãy tăng số bản.",
                    purpose=purpose, version=version,
                )  # fmt: skip
            return False
        for older in session.scalars(select(ConsentText).where(ConsentText.purpose == purpose, ConsentText.withdrawn_at.is_(None))):
            older.withdrawn_at = now
        session.add(
            ConsentText(
                purpose=purpose, version=version, title=title, title_en=title_en, body=body, body_en=body_en, published_at=now
            )
        )  # fmt: skip
        record(session, now, (None, "Hệ thống"), "publish_consent_text", ("consent", f"{purpose}.{version}", title))
        return True


def answer_consent(member: Actor, text_id: int, is_given: bool, language: str, now: datetime) -> None:
    """Agree to a text or withdraw; another answer is added, none is ever changed. NotFound for a text no longer asked."""
    with transaction() as session:
        text = session.get(ConsentText, text_id)
        if text is None or (text.withdrawn_at is not None and is_given):
            raise NotFound()
        shown = (text.title_en, text.body_en) if language == "en" and text.body_en else (text.title, text.body)
        session.add(
            Consent(
                member_id=member[0],
                text_id=text_id,
                is_given=is_given,
                answered_at=now,
                text_digest=digest_of(*shown),
                language=language,
            )
        )
        subject = ("member", member[0], member[1])
        after = {"purpose": text.purpose, "version": text.version}
        record(session, now, member, "give_consent" if is_given else "withdraw_consent", subject, after=after)


def has_consent(member_id: int, purpose: str) -> bool:
    """Whether the last answer of a person to the present text of a purpose is yes."""
    query = (
        select(Consent.is_given)
        .join(ConsentText, ConsentText.id == Consent.text_id)
        .where(Consent.member_id == member_id, ConsentText.purpose == purpose, ConsentText.withdrawn_at.is_(None))
    )
    return bool(db.session.scalar(query.order_by(Consent.id.desc()).limit(1)))


def ask(member: Actor, kind: str, body: str, days: tuple[int, int], holidays: Collection[date], now: datetime) -> int:
    """Ask something about one's own data; `days` are the working days for the answer and the days for what is done."""
    if kind not in KINDS:
        raise InvalidInput("no_kind", "Hãy chọn một loại yêu cầu.", "kind")
    with transaction() as session:
        one = RightsRequest(
            member_id=member[0], kind=kind, body=body.strip()[:4000], asked_at=now, answer_due_at=answer_due(now, days[0], holidays),
            done_due_at=done_due(now, days[1]),
        )  # fmt: skip
        session.add(one)
        session.flush()
        record(session, now, member, "ask_rights", ("member", member[0], member[1]), after={"kind": kind, "request": one.id})
        return int(one.id)


def withdraw(member: Actor, request_id: int, now: datetime) -> None:
    """Take one's own request back."""
    with transaction() as session:
        one = session.get(RightsRequest, request_id)
        if one is None or one.member_id != member[0]:
            raise NotFound()
        check_step(one.state, "withdraw")
        one.state = "withdrawn"
        record(session, now, member, "withdraw_rights", ("member", member[0], member[1]), after={"request": request_id})


def _words(text: str) -> str:
    if len(text.strip()) < SHORTEST:
        raise InvalidInput("too_short", "Hãy ghi rõ hơn một chút, ít nhất 5 ký tự.", "words")
    return text.strip()[:4000]


def answer(actor: Actor, request_id: int, words: str, is_accepted: bool, now: datetime) -> None:
    """Tell the person what will be done, or why not."""
    words = _words(words)
    with transaction() as session:
        one = session.get_one(RightsRequest, request_id)
        check_step(one.state, "answer")
        if one.member_id == actor[0]:
            raise DomainError("own_request", "Không tự trả lời yêu cầu của chính mình được.")
        one.state, one.answer, one.answered_at, one.answered_by_id = (
            ("answered" if is_accepted else "refused"),
            words,
            now,
            actor[0],
        )
        _record(session, now, actor, "answer_rights", one, words)


def extend(actor: Actor, request_id: int, reason: str, days: int, now: datetime) -> None:
    """Move the deadline on, once."""
    reason = _words(reason)[:300]
    with transaction() as session:
        one = session.get_one(RightsRequest, request_id)
        check_step(one.state, "extend")
        if one.extended_at is not None:
            raise DomainError("extended", "Chỉ gia hạn được một lần.")
        one.done_due_at, one.extended_at, one.extension_reason = done_due(one.done_due_at, days - 1), now, reason
        _record(session, now, actor, "extend_rights", one, reason)


def finish(actor: Actor, request_id: int, now: datetime) -> None:
    """What was asked is done; an erasure is done here, by another person than the one who answered."""
    one = db.session.get_one(RightsRequest, request_id)
    check_step(one.state, "finish")
    check_finisher(one.kind, one.answered_by_id, actor[0], one.member_id)
    if one.kind == "erase":
        erase_member(actor, one.member_id, now)
        return
    with transaction() as session:
        one = session.get_one(RightsRequest, request_id)
        check_step(one.state, "finish")
        one.state, one.done_at, one.done_by_id = "done", now, actor[0]
        _record(session, now, actor, "finish_rights", one, "")


def _record(session: Session, now: datetime, actor: Actor, action: str, one: RightsRequest, reason: str) -> None:
    name = session.get_one(Member, one.member_id).display_name
    after = {"request": one.id, "kind": one.kind}
    record(session, now, actor, action, ("member", one.member_id, name), after=after, reason=reason)
