"""Hands scripts in, gives them to examiners, and takes their marks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.marking import hooks
from elearn.marking.models import Opinion, Script
from elearn.marking.rules.opinions import decide, read_points

LONGEST_COMMENT = 5000


@dataclass(frozen=True)
class ScriptSpec:
    """A piece of work to be marked. `prompt` and `guide` are sanitised HTML, `text` is plain, `files` as kept in `core.blobs`."""

    origin: str
    origin_id: int
    slot: int
    pile: str
    title: str
    unit_id: int
    prompt: str
    text: str
    max_mark: Decimal
    guide: str = ""
    files: Sequence[Mapping[str, Any]] = ()
    rubric: Sequence[Mapping[str, Any]] = field(default=())
    examiners: int = 1
    difference: Decimal | None = None


def hand_in(connection: Connection, spec: ScriptSpec, now: datetime) -> None:
    """Put the script on its pile under a fresh blind number, inside the caller's transaction; handing in twice changes nothing."""
    scripts = Script.__table__.c
    same = (scripts.origin == spec.origin) & (scripts.origin_id == spec.origin_id) & (scripts.slot == spec.slot)
    if connection.scalar(select(scripts.id).where(same)) is not None:
        return
    taken = set(connection.scalars(select(scripts.blind_number).where(scripts.pile == spec.pile)))
    # Numbers say nothing about the order of handing in.
    span = max(9000, 20 * len(taken))
    number = next(one for one in iter(lambda: 1000 + secrets.randbelow(span), None) if one not in taken)
    connection.execute(
        insert(Script).values(
            origin=spec.origin, origin_id=spec.origin_id, slot=spec.slot, pile=spec.pile, title=spec.title[:300], unit_id=spec.unit_id,
            blind_number=number, prompt=spec.prompt, guide=spec.guide, text=spec.text, files=[dict(one) for one in spec.files],
            rubric=[dict(one) for one in spec.rubric], max_mark=spec.max_mark, examiners=spec.examiners, difference=spec.difference,
            state="waiting", handed_in_at=now,
        )
    )  # fmt: skip


def hand_in_again(connection: Connection, spec: ScriptSpec, now: datetime) -> None:
    """Put other work in the place of what was handed in, under the same blind number: whoever had marked it marks it again."""
    scripts, opinions = Script.__table__.c, Opinion.__table__.c
    same = (scripts.origin == spec.origin) & (scripts.origin_id == spec.origin_id) & (scripts.slot == spec.slot)
    known = connection.scalar(select(scripts.id).where(same))
    if known is None:
        hand_in(connection, spec, now)
        return
    files = [dict(one) for one in spec.files]
    connection.execute(
        update(Script).where(scripts.id == known).values(text=spec.text, files=files, state="waiting", handed_in_at=now)
    )
    connection.execute(update(Opinion).where(opinions.script_id == known).values(given_at=None))


def owner_of(script: Script) -> int | None:
    """The member whose work it is, asked of the feature that handed it in."""
    find = hooks.owners.get(script.origin)
    return find(script.origin_id) if find else None


def take_next(session: Session, pile: str, examiner: tuple[int, str], now: datetime) -> Script:
    """The script that the examiner goes on with: one taken and not marked yet, else the next that lacks an opinion.

    Nobody gets their own work or a script twice. Raises DomainError nothing_to_mark where there is none.
    """
    begun = session.scalar(
        select(Script)
        .join(Opinion)
        .where(Script.pile == pile, Opinion.examiner_id == examiner[0], Opinion.given_at.is_(None))
        .order_by(Script.id)
    )
    if begun is not None:
        return begun
    seen = select(Opinion.script_id).where(Opinion.examiner_id == examiner[0])
    waiting = select(Script).where(Script.pile == pile, Script.state == "waiting", Script.id.not_in(seen)).order_by(Script.id)
    for script in session.scalars(waiting.with_for_update(of=Script)):
        if owner_of(script) == examiner[0]:
            continue
        place = free_place(script)
        if place is not None:
            session.add(
                Opinion(
                    script_id=script.id, examiner_id=examiner[0], examiner_name=examiner[1], place=place, taken_at=now, comment=""
                )
            )
            session.flush()
            return script
    raise DomainError("nothing_to_mark", "Không còn bài nào chờ bạn chấm trong tập này.")


def free_place(script: Script) -> int | None:
    """The place (1, 2, 3 …) for which an examiner is wanted; None where all are taken."""
    given = {one.place: one.mark for one in script.opinions if one.given_at is not None and one.mark is not None}
    taken = {one.place for one in script.opinions}
    needs = decide(given, script.examiners, script.difference).needs
    places = range(1, script.examiners + 1) if needs is None or needs <= script.examiners else (needs,)
    return next((place for place in places if place not in taken), None)


def give_back(session: Session, script: Script, examiner_id: int) -> None:
    """Return a script that was taken and not marked, for somebody else to take."""
    opinion = next((one for one in script.opinions if one.examiner_id == examiner_id), None)
    if opinion is None:
        raise NotFound()
    if opinion.given_at is not None:
        raise DomainError("already_given", "Bài này bạn đã chấm xong nên không trả lại được.")
    session.delete(opinion)
    session.flush()


def give_opinion(
    session: Session, script: Script, examiner: tuple[int, str], typed: Mapping[str, str], comment: str, now: datetime
) -> Decimal | None:
    """Write what the examiner gives; return the final mark where that settles the script, else None.

    An examiner may change their own marks as long as the script waits for another; afterwards only by `reopen`.
    Raises InvalidInput at a criterion, NotFound where the script was not taken, DomainError already_settled.
    """
    session.refresh(script, with_for_update=True)
    opinion = next((one for one in script.opinions if one.examiner_id == examiner[0]), None)
    if opinion is None:
        raise NotFound()
    if script.state == "marked":
        raise DomainError("already_settled", "Bài này đã có điểm chính thức. Người phụ trách mở lại thì mới chấm lại được.")
    if len(comment) > LONGEST_COMMENT:
        raise InvalidInput("too_long", "Nhận xét dài quá %(most)s ký tự.", field="comment", most=LONGEST_COMMENT)
    opinion.points, opinion.mark = read_points(script.rubric, script.max_mark, typed)
    opinion.comment, opinion.given_at = comment.strip(), now
    return settle(session, script, examiner, now)


def settle(session: Session, script: Script, by: tuple[int, str], now: datetime) -> Decimal | None:
    """Give the script its final mark where the opinions suffice, and tell the feature that handed it in."""
    given = {one.place: one.mark for one in script.opinions if one.given_at is not None and one.mark is not None}
    outcome = decide(given, script.examiners, script.difference)
    if outcome.mark is None:
        session.flush()
        return None
    script.state, script.mark, script.marked_at = "marked", outcome.mark, now
    session.flush()
    comments = tuple(one.comment for one in script.opinions if one.comment and one.given_at)
    tell = hooks.after_marked.get(script.origin)
    if tell:
        tell(session, hooks.Marked(script.origin, script.origin_id, script.slot, outcome.mark, comments, by, now))
    return outcome.mark


def reopen(session: Session, script: Script, by: tuple[int, str], reason: str, now: datetime) -> None:
    """Let the examiners of a settled script mark it again; its mark stays until they have. The reason goes into the log."""
    if not reason.strip():
        raise InvalidInput("reason_missing", "Hãy ghi lý do chấm lại.", field="reason")
    if script.state != "marked":
        raise DomainError("not_settled", "Bài này chưa có điểm chính thức.")
    script.state = "waiting"
    for opinion in script.opinions:
        opinion.given_at = None
    session.flush()
    number = f"{script.title}, {script.blind_number}"
    record(
        session, now, by, "reopen_script", ("script", script.id, number), before={"mark": str(script.mark)}, reason=reason.strip()
    )


def count_waiting(session: Session, pile: str) -> int:
    """Scripts of a pile without a final mark."""
    return session.scalar(select(func.count()).select_from(Script).where(Script.pile == pile, Script.state == "waiting")) or 0
