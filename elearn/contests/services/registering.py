"""Registers people without an account, lets them come back, and hands what they did to an account of theirs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import AttemptPermit, Contest, Disqualification, Entry, PublicEntrant, Round
from elearn.contests.queries.entrants import claims_with, list_shared_rounds
from elearn.contests.rules.registering import Registration
from elearn.core.db import db, transaction
from elearn.core.security import keyed_hash
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.models import Consent, ConsentText, Member
from elearn.members.rules.first_codes import make_code, plain_code
from elearn.members.rules.logins import login_key
from elearn.members.services.guests import add_guest, guest_unit_id
from elearn.members.services.merging import check_merge, merge
from elearn.members.services.passwords import verify_password
from elearn.members.services.privacy import digest_of
from elearn.members.services.sign_in import Limits, SignInRefused, check_throttle, count_failure
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit

GROUPS = 4
"""Four groups of four signs: 79 bits, more than anybody can try."""
Hashes = tuple[str, str]
"""Keyed hashes under which failures are counted: of what was tried, and of the address."""


@dataclass(frozen=True)
class Agreed:
    """The text to which somebody agreed, as it was shown."""

    title: str
    body: str
    language: str


@dataclass(frozen=True)
class Registered:
    """Somebody who has registered; the code is shown once and kept as a hash only."""

    member_id: int
    code: str


def code_hash(key: str, code: str) -> str:
    """What is stored of an entry code."""
    return keyed_hash(key, "entry_code", plain_code(code))


def phone_digest(key: str, phone: str) -> str | None:
    """What is compared of a phone, in its one form; None where there is none."""
    return keyed_hash(key, "entrant_phone", login_key(phone)) if phone else None


def register(contest_id: int, said: Registration, agreed: Agreed, key: str, now: datetime) -> Registered:
    """Enter somebody without an account. The answer is the same whether or not phone and identity are known already.

    A later claim to either is entered as such: it plays like any other, and an officer decides which one counts. Raises DomainError where the
    contest takes nobody without an account, or is over; InvalidInput for a unit that is not there.
    """
    code = make_code(secrets.choice, GROUPS)
    with transaction() as session:
        contest = session.get_one(Contest, contest_id)
        _check_open(session, contest, now)
        unit_id, unit_name = _unit(session, said, now)
        member_id = add_guest(session, said.columns, now)
        row = {
            "contest_id": contest_id, "member_id": member_id, "phone_digest": phone_digest(key, said.phone),
            "identity_digest": keyed_hash(key, "entrant_identity", f"{contest_id}|{said.identity}"), "unit_id": unit_id,
            "unit_name": unit_name, "address": said.address, "representative": said.representative, "code_hash": code_hash(key, code),
            "registered_at": now,
        }  # fmt: skip
        is_first = not session.scalar(claims_with(contest_id, row["phone_digest"], row["identity_digest"]))  # type: ignore[arg-type]
        is_first = is_first and not _plays_with_account(session, contest_id, said.phone)
        try:
            with session.begin_nested():
                session.add(PublicEntrant(**row, is_first=is_first))
                session.flush()
        except IntegrityError:  # the same person has been first in another request
            session.add(PublicEntrant(**row, is_first=False))
        _keep_consent(session, contest, member_id, agreed, now)
    return Registered(member_id, code)


def _check_open(session: Session, contest: Contest, now: datetime) -> None:
    if not contest.is_published or contest.rules.audience != "everybody":
        raise NotFound()
    if not session.scalar(select(exists().where(Round.contest_id == contest.id, Round.closes_at > now))):
        raise DomainError("contest_over", "Cuộc thi đã kết thúc, không nhận đăng ký nữa.")


def _unit(session: Session, said: Registration, now: datetime) -> tuple[int, str]:
    if said.unit_id is None:
        unit_id = guest_unit_id(session, now)
        return unit_id, said.unit_name or session.get_one(Unit, unit_id).name
    unit = session.get(Unit, said.unit_id)
    if unit is None or unit.valid_to is not None:
        raise InvalidInput("unit_missing", "Hãy tìm và chọn đơn vị của bạn, hoặc chọn “Khác”.", "unit")
    return unit.id, unit.name


def _plays_with_account(session: Session, contest_id: int, phone: str) -> bool:
    """Whether somebody with an account and this phone has entered a round."""
    if not phone:
        return False
    entered = (
        select(Entry.id)
        .join(Round, Round.id == Entry.round_id)
        .join(Member, Member.id == Entry.member_id)
        .outerjoin(PublicEntrant, PublicEntrant.member_id == Member.id)
        .where(Round.contest_id == contest_id, Member.phone == phone, PublicEntrant.id.is_(None))
    )
    return session.scalar(entered.limit(1)) is not None


def _keep_consent(session: Session, contest: Contest, member_id: int, agreed: Agreed, now: datetime) -> None:
    """The answer as members keep theirs. A text that was changed becomes the next version; it is asked here and of nobody else."""
    purpose = f"contest.{contest.id}"
    texts = select(ConsentText).where(ConsentText.purpose == purpose).order_by(ConsentText.version.desc())
    versions = session.scalars(texts).all()
    text = next((one for one in versions if (one.title, one.body) == (agreed.title, agreed.body)), None)
    if text is None:
        text = ConsentText(
            purpose=purpose, version=versions[0].version + 1 if versions else 1, title=agreed.title, body=agreed.body,
            published_at=now, withdrawn_at=now,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(text)
                session.flush()
        except IntegrityError:
            text = session.scalars(texts).first()
            assert text is not None, "another registration has just written it"
    digest = digest_of(agreed.title, agreed.body)
    session.add(
        Consent(member_id=member_id, text_id=text.id, is_given=True, answered_at=now, text_digest=digest, language=agreed.language)
    )


def check_contest_password(contest: Contest, typed: str, hashes: Hashes, limits: Limits, now: datetime) -> None:
    """Ask for the password of a contest that has one. Raises InvalidInput wrong_password, TooManyFailures or Busy."""
    encoded = contest.password_hash
    if not encoded:
        return
    check_throttle(db.session(), *hashes, limits, now)
    db.session.rollback()  # no read transaction is kept open while the password is hashed
    if not verify_password(encoded, typed):
        _fail(hashes, now)
        raise InvalidInput("wrong_password", "Mật khẩu cuộc thi không đúng. Hãy hỏi ban tổ chức.", "contest_password")


def _fail(hashes: Hashes, now: datetime) -> None:
    with transaction() as session:
        count_failure(session, *hashes, now)


def find_returning(contest: Contest, phone: str, code: str, key: str, hashes: Hashes, limits: Limits, now: datetime) -> int:
    """Member id of the guest with this phone and entry code. Raises SignInRefused, alike for whatever is wrong, or TooManyFailures."""
    check_throttle(db.session(), *hashes, limits, now)
    query = (
        select(PublicEntrant.member_id)
        .join(Member, Member.id == PublicEntrant.member_id)
        .where(PublicEntrant.contest_id == contest.id, PublicEntrant.code_hash == code_hash(key, code), Member.status == "active")
    )
    if "phone" in contest.rules.asked:
        query = query.where(PublicEntrant.phone_digest == phone_digest(key, phone or "0"))
    found = db.session.scalar(query)
    if found is None:
        _fail(hashes, now)
        raise SignInRefused("return_refused", "Số điện thoại hoặc mã dự thi không đúng. Hãy xem lại từng chữ trên giấy đã chép.")
    return found


def renew_code(member_id: int, key: str, now: datetime) -> str:
    """Another entry code for a guest who is signed in; the one before is good no longer."""
    code = make_code(secrets.choice, GROUPS)
    with transaction() as session:
        entrant = session.scalar(select(PublicEntrant).where(PublicEntrant.member_id == member_id))
        if entrant is None:
            raise NotFound()
        entrant.code_hash = code_hash(key, code)
    return code


def claim_entrant(actor: tuple[int, str], gone_id: int, now: datetime) -> list[str]:
    """Hand what a guest did to the account of the person; returns the titles of rounds that both have entered.

    In those the entry of the account counts, and that of the guest stays readable without counting: one person has one place.
    """
    kept_id = actor[0]
    with transaction() as session:
        check_merge(session, kept_id, gone_id)
        shared = list_shared_rounds(kept_id, gone_id)
        ids, titles = [one.id for one in shared], [one.title for one in shared]
    merge(actor, kept_id, gone_id, "Đã dự thi khi chưa có tài khoản", now)
    with transaction() as session:
        if ids:
            session.execute(update(Entry).where(Entry.member_id == gone_id, Entry.round_id.in_(ids)).values(is_counted=False))
        subject = ("member", kept_id, actor[1])
        record(
            session,
            now,
            actor,
            "claim_entrant",
            subject,
            after={"gone_id": gone_id, "not_counted": ids},
            concerns=(kept_id, gone_id),
        )
    return titles


def follow_attempts(session: Session, first_id: int, second_id: int) -> None:
    """After a merger or its undoing: an attempt counted against a limit counts against that of whoever it belongs to now."""
    pair = (first_id, second_id)
    query = (
        select(AttemptPermit, Attempt.member_id)
        .join(Attempt, Attempt.id == AttemptPermit.attempt_id)
        .where(AttemptPermit.member_id.in_(pair), Attempt.member_id.in_(pair), Attempt.member_id != AttemptPermit.member_id)
    )
    for permit, owner in session.execute(query.order_by(AttemptPermit.scope, AttemptPermit.number)).all():
        of_owner = select(AttemptPermit).where(AttemptPermit.scope == permit.scope, AttemptPermit.member_id == owner)
        number = max((one.number for one in session.scalars(of_owner)), default=0) + 1
        moved = AttemptPermit(
            scope=permit.scope, member_id=owner, number=number, attempt_limit=max(permit.attempt_limit, number),
            attempt_id=permit.attempt_id,
        )  # fmt: skip
        session.delete(permit)
        session.add(moved)
        session.flush()


def choose_claim(actor: tuple[int, str], contest_id: int, entrant_id: int, reason: str, now: datetime) -> None:
    """Let another of several registrations with one phone or identity be the one that counts. Raises InvalidInput, NotFound."""
    if len(reason.strip()) < 5:
        raise InvalidInput("reason", "Hãy ghi rõ hơn một chút, ít nhất 5 ký tự.", "reason")
    with transaction() as session:
        chosen = session.get(PublicEntrant, entrant_id)
        if chosen is None or chosen.contest_id != contest_id:
            raise NotFound()
        if chosen.is_first:
            return
        others = session.scalars(
            select(PublicEntrant).where(
                PublicEntrant.contest_id == contest_id, PublicEntrant.is_first,
                or_(PublicEntrant.phone_digest == chosen.phone_digest, PublicEntrant.identity_digest == chosen.identity_digest),
            )
        ).all()  # fmt: skip
        for one in others:
            one.is_first = False
            _count_entries(session, one.member_id, False)
        session.flush()
        chosen.is_first = True
        _count_entries(session, chosen.member_id, True)
        name = session.get_one(Member, chosen.member_id).display_name
        people = (chosen.member_id, *(one.member_id for one in others))
        record(
            session, now, actor, "choose_claim", ("contest", contest_id, session.get_one(Contest, contest_id).title),
            before={"member_ids": list(people[1:])}, after={"member_id": chosen.member_id, "name": name}, reason=reason, concerns=people,
        )  # fmt: skip


def _count_entries(session: Session, member_id: int, is_counted: bool) -> None:
    """Let a person's entries count or not; one that was disqualified stays so."""
    disqualified = select(Disqualification.entry_id).where(Disqualification.state == "confirmed")
    entries = update(Entry).where(Entry.member_id == member_id, Entry.id.not_in(disqualified))
    session.execute(entries.values(is_counted=is_counted), execution_options={"synchronize_session": False})
