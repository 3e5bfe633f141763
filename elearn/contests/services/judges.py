"""Names the judges of a round, and records who leaves a place in it to others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import AdvanceDecline, Entry, Round, RoundJudge
from elearn.contests.queries.advance import list_advancing
from elearn.contests.queries.judges import count_given
from elearn.contests.queries.stages import count_open_parts, list_parts
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.models import Member

ActorName = tuple[int | None, str]
JUDGED = ("written", "stage")


def name_judge(round_id: int, member_id: int, by: ActorName, now: datetime, is_chair: bool = False) -> None:
    """Name a judge, or say of one whether they take the chair; from then on they cannot enter the round.

    Raises no_judges for a round that nobody judges, judge_takes_part for somebody who has entered it, judging_over where parts are locked.
    """
    with transaction() as session:
        found = session.get_one(Round, round_id)
        member = session.get_one(Member, member_id)
        if found.kind not in JUDGED:
            raise DomainError("no_judges", "Vòng này không có giám khảo: điểm do máy tính.")
        taking_part = select(Entry.id).where(Entry.round_id == round_id, Entry.member_id == member_id)
        if session.scalar(taking_part) is not None:
            raise DomainError("judge_takes_part", "%(name)s đã dự vòng này nên không làm giám khảo được.", name=member.display_name)
        known = session.scalar(select(RoundJudge).where(RoundJudge.round_id == round_id, RoundJudge.member_id == member_id))
        if known is None:
            if found.kind == "stage" and list_parts(round_id) and not count_open_parts(round_id):
                raise DomainError("judging_over", "Các phần thi đã khoá điểm. Hãy mở lại một phần trước khi cử thêm giám khảo.")
            known = RoundJudge(round_id=round_id, member_id=member_id, named_at=now, named_by_id=by[0])
            session.add(known)
        known.is_chair = is_chair
        session.flush()
        record(
            session, now, by, "name_judge", _subject(found), after={"judge": member.display_name, "chair": is_chair},
            concerns=(member_id,),
        )  # fmt: skip


def dismiss_judge(round_id: int, member_id: int, by: ActorName, now: datetime) -> None:
    """Take a judge off who has not judged anything yet; raises judge_has_scored otherwise, NotFound for no such judge."""
    with transaction() as session:
        found = session.get_one(Round, round_id)
        judge = session.scalar(select(RoundJudge).where(RoundJudge.round_id == round_id, RoundJudge.member_id == member_id))
        if judge is None:
            raise NotFound()
        if count_given(found).get(member_id):
            raise DomainError(
                "judge_has_scored",
                "%(name)s đã cho điểm nên không rút được: điểm ấy đang được tính.",
                name=judge.member.display_name,
            )
        name = judge.member.display_name
        session.delete(judge)
        session.flush()
        record(session, now, by, "dismiss_judge", _subject(found), before={"judge": name}, concerns=(member_id,))


def decline_place(round_id: int, entry_id: int, reason: str, by: ActorName, now: datetime) -> None:
    """Record that somebody who could go on does not; the next in rank moves up. Raises NotFound for whoever could not, InvalidInput reason."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput("reason_needed", "Hãy ghi lý do thôi dự.", field="reason")
    with transaction() as session:
        found = session.get_one(Round, round_id)
        going = next((one for one in list_advancing(found) if one.entry.id == entry_id and one.goes_on), None)
        if going is None:
            raise NotFound()
        _refuse_once_entered(session, found, going.entry)
        session.add(
            AdvanceDecline(round_id=round_id, entry_id=entry_id, reason=reason[:400], recorded_at=now, recorded_by_id=by[0])
        )
        session.flush()
        after = {"entry": going.entry.display_name, "place": going.place}
        record(session, now, by, "decline_place", _subject(found), after=after, reason=reason)


def restore_place(round_id: int, entry_id: int, by: ActorName, now: datetime) -> None:
    """Take a declined place back: who had moved up stands behind again. Raises NotFound where nothing was declined."""
    with transaction() as session:
        found = session.get_one(Round, round_id)
        query = select(AdvanceDecline).where(AdvanceDecline.round_id == round_id, AdvanceDecline.entry_id == entry_id)
        decline = session.scalar(query)
        if decline is None:
            raise NotFound()
        before = {"entry": decline.entry.display_name, "reason": decline.reason}
        session.delete(decline)
        session.flush()
        record(session, now, by, "restore_place", _subject(found), before=before)


def _refuse_once_entered(session: Session, found: Round, entry: Entry) -> None:
    if entry.member_id is None:
        return
    query = select(func.count()).where(Entry.round_id == found.id, Entry.member_id == entry.member_id)
    if session.scalar(query):
        raise DomainError(
            "has_entered", "%(name)s đã vào vòng này. Hãy rút khỏi danh sách thí sinh trước.", name=entry.display_name
        )


def _subject(found: Round) -> tuple[str, int, str]:
    return ("round", found.id, f"{found.contest.title}, {found.title}")
