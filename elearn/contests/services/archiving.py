"""Writes a round into one zip from which anybody can work it out again; nobody in it can be recognised."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, null, select, type_coerce

from elearn.contests.models import Entry, LogCheckpoint, LogClosing, Round, Seal, Settlement, Standing
from elearn.contests.queries.counted import rules_need_contest, totals_of
from elearn.contests.queries.log_lines import ROWS, amendments_in, events_in, unpack
from elearn.contests.queries.seals import checkpoint_says, closing_of, list_checkpoints, versions_of
from elearn.contests.rules.archives import (
    FILES,
    KEPT_BACK,
    Papers,
    Sat,
    amendment_told,
    log_line,
    responses_of,
)
from elearn.contests.rules.reading import Report
from elearn.contests.rules.seals import FORMAT
from elearn.contests.rules.tallies import FILES as TALLY
from elearn.contests.rules.tallies import KINDS, verify_tally
from elearn.contests.rules.verifying import verify
from elearn.contests.services.chaining import close_log
from elearn.contests.services.placing import ranking_lines
from elearn.contests.services.sealing import latest_seal, software
from elearn.contests.services.settling import recompute
from elearn.contests.services.tallying import write_tally
from elearn.core.db import db, read_connection
from elearn.core.files.large_archives import LineArchive, LineReader
from elearn.core.signing import public_key, sign
from elearn.core.types import Json
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError, NotFound
from elearn.quizzes.models import Attempt, AttemptEvent, Correction
from elearn.quizzes.rules.attempts import Event, fold
from elearn.quizzes.rules.grading import plain, read_marks, told

CHUNK = 400
"""Attempts whose logs are read at once."""
_EVENT = (
    AttemptEvent.attempt_id, AttemptEvent.seq, AttemptEvent.at, AttemptEvent.kind, AttemptEvent.slot,
    type_coerce(case((AttemptEvent.seq > 1, AttemptEvent.data)), Json).label("data"), AttemptEvent.client_seq, AttemptEvent.key,
    AttemptEvent.digest,
)  # fmt: skip
"""The first event repeats the paper, which is drawn again and not read here."""


@dataclass(frozen=True)
class Archived:
    """What was written."""

    path: Path
    size: int
    events: int


@dataclass(frozen=True)
class Recount:
    """What a recount found: the version compared with, its people, how many rows differ; what verifying said, None for papers without a seal."""

    version: int
    people: int
    differing: int
    report: Report | None

    @property
    def is_right(self) -> bool:
        """Whether nothing differs."""
        return self.differing == 0 and (self.report is None or self.report.is_right)


@dataclass(frozen=True)
class _Basis:
    """The rows that an archive is made of."""

    round: Round
    seal: Seal
    closing: LogClosing
    settlement: Settlement


def archive_round(round_id: int, path: Path, now: datetime) -> Archived:
    """Write the archive of a round whose result is published; the same state gives the same bytes.

    Events that came after the last checkpoint, such as those of a correction, are taken into the log first. Raises NotFound; DomainError not_sealed, not_revealed, and newer_version where a later result waits to be published.
    """
    found = _find(round_id)
    if found.kind in KINDS:
        settlement = _settlement_of(found, is_published=True)
        if settlement is None or found.published_version is None:
            raise DomainError("not_revealed", "Vòng này chưa công bố kết quả nên chưa lập được hồ sơ.")
        _check_newest(found)
        write_tally(found, settlement, path)
        return Archived(path, path.stat().st_size, 0)
    basis = _basis(round_id)
    if basis.seal.revealed_at is None:
        raise DomainError(
            "not_revealed",
            "Số bí mật và đáp án của vòng này chưa mở vì kết quả chưa công bố; hồ sơ lập lúc này sẽ lộ đáp án. Hãy công bố kết quả trước.",
        )
    _check_newest(basis.round)
    return write_archive(take_rest(basis, now), path)


def _check_newest(found: Round) -> None:
    latest = db.session.scalar(select(func.max(Settlement.version)).where(Settlement.round_id == found.id))
    if latest != found.published_version:
        message = "Bản chốt %(version)s chưa công bố nên hồ sơ sẽ không khớp. Hãy công bố bản ấy trước."
        raise DomainError("newer_version", message, version=latest)


def take_rest(basis: _Basis, now: datetime) -> _Basis:
    """Take the rest of the events into the log, and read the rows anew."""
    number, is_published = basis.round.id, basis.settlement.version == basis.round.published_version
    close_log(number, now)
    return _basis(number, is_published)


def _find(round_id: int) -> Round:
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound("no_round", "Không có vòng thi mang số %(number)s.", number=round_id)
    return found


def _settlement_of(found: Round, is_published: bool) -> Settlement | None:
    """The published settlement, the latest where none is or where that is wanted."""
    versions = select(Settlement).where(Settlement.round_id == found.id).order_by(Settlement.version.desc())
    if is_published and found.published_version is not None:
        versions = versions.where(Settlement.version == found.published_version)
    return db.session.scalars(versions.limit(1)).first()


def _basis(round_id: int, is_published: bool = True) -> _Basis:
    found = _find(round_id)
    seal = db.session.scalars(select(Seal).where(Seal.round_id == round_id).order_by(Seal.number.desc()).limit(1)).first()
    closing = db.session.get(LogClosing, round_id)
    settlement = _settlement_of(found, is_published)
    if seal is None:
        raise DomainError("not_sealed", "Vòng này không được niêm phong trước khi mở nên không lập được hồ sơ để kiểm lại.")
    if closing is None or settlement is None:
        raise DomainError("not_revealed", "Vòng này chưa chốt nên chưa lập được hồ sơ.")
    return _Basis(found, seal, closing, settlement)


def write_archive(basis: _Basis, path: Path) -> Archived:
    """Write it; memory does not grow with the number of attempts."""
    quiz_id, seal, rules = basis.round.quiz.id, basis.seal, basis.seal.rules
    with read_connection() as connection, LineArchive(path) as archive:
        words, keys = versions_of(connection, rules["pools"])
        papers = Papers.of(seal.name, seal.secret, rules, words, keys)
        archive.write("rules.json", [canonical(rules)])
        archive.write("paper.json", [canonical({"versions": words})])
        archive.write("key.json", [canonical({"versions": keys, "corrections": _corrections(connection, quiz_id)})])
        archive.write("log.jsonl", _log(connection, basis.round, papers))
        archive.write("attempts.jsonl", _attempts(connection, basis, papers))
        archive.write("ranking.csv", ranking_lines(connection, basis.settlement.id))
        rows = list_checkpoints(connection, basis.round.id)
        archive.write("checkpoints.jsonl", (canonical(checkpoint_says(seal.name, row)) for row in rows))
        archive.write("manifest.json", [canonical(_manifest(connection, basis, archive.files))])
    return Archived(path, path.stat().st_size, rows[-1].events if rows else 0)


def recount_round(round_id: int, now: datetime) -> Recount:
    """Work a settled round out again in place and compare it with what is published, or with the latest version before that.

    The standings are ranked anew from the attempts as they are now, and taken back; a sealed round, a stage or a total is besides written into an
    archive of its own, which is verified and thrown away. Raises NotFound, DomainError not_revealed for a round that has not been settled.
    """
    found = _find(round_id)
    said = _settlement_of(found, is_published=True)
    if said is None:
        raise DomainError("not_revealed", "Vòng này chưa chốt nên chưa có gì để so.")
    is_tally, settlement_id = found.kind in KINDS, said.id
    is_sealed = latest_seal(db.session(), round_id) is not None and db.session.get(LogClosing, round_id) is not None
    version, people, moved = recompute(settlement_id, now)
    report = None
    if is_sealed or is_tally:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "recount.zip"
            if is_sealed:
                write_archive(take_rest(_basis(round_id), now), path)
            else:
                write_tally(_find(round_id), db.session.get_one(Settlement, settlement_id), path)
            report = verify_file(path)
    return Recount(version, people, moved, report)


def verify_file(path: Path) -> Report:
    """Verify an archive on disk; needs no database."""
    try:
        with LineReader(path, FILES, TALLY) as source:
            return verify_tally(source) if source.names == TALLY else verify(source, software()["sources"])
    except DomainError as refusal:
        report = Report()
        report.fault("", 0, refusal.message, **refusal.values)
        return report


def _manifest(connection: Connection, basis: _Basis, files: dict[str, dict[str, object]]) -> dict[str, Any]:
    seal, settlement, found = basis.seal, basis.settlement, basis.round
    has_attempt = exists().where(Attempt.member_id == Entry.member_id, Attempt.quiz_id == found.quiz_id)
    idle = select(Entry.pseudonym).where(Entry.round_id == found.id, ~has_attempt).order_by(Entry.pseudonym)
    people, attempts = settlement.people_count, settlement.attempts_count
    if rules_need_contest(found):
        totals = totals_of(connection, found, found.rules)
        people, attempts = totals.contest_people, totals.contest_attempts
    told_of = {
        "format": FORMAT, "public_key": seal.public_key, "manifest": seal.manifest, "manifest_signature": seal.signature,
        "closing": {**closing_of(seal.name, basis.closing).says(), "signature": basis.closing.signature},
        "reveal": {"seed": seal.secret, "salt": seal.salt, "at": seal.revealed_at and seal.revealed_at.isoformat()},
        "result": {
            "version": settlement.version, "rules": settlement.rules, "metric": settlement.prediction_metric,
            "prediction_actual": settlement.prediction_actual, "people": settlement.people_count,
            "attempts": settlement.attempts_count, "all_correct": settlement.all_correct_count, "contest_people": people,
            "contest_attempts": attempts, "lot_seed": settlement.lot_seed, "public_value": seal.public_value,
            "without_attempt": list(connection.scalars(idle)),
        },
        "files": files,
    }  # fmt: skip
    if seal.public_key != public_key():
        message = "Khoá ký của máy chủ đã đổi từ khi niêm phong. Hãy đưa khoá cũ trở lại thư mục keys rồi lập hồ sơ."
        raise DomainError("other_key", message)
    return {**told_of, "signature": sign(told_of)}


def _corrections(connection: Connection, quiz_id: int) -> list[dict[str, Any]]:
    """Corrections that were applied, in that order; without the names of those who did."""
    query = select(
        Correction.id, Correction.version_id, Correction.kind, Correction.detail, Correction.policy, Correction.applied_at,
        Correction.reverted_at,
    ).where(Correction.quiz_id == quiz_id, Correction.state.in_(("applied", "reverted")))  # fmt: skip
    return [
        {
            "id": row.id, "version": row.version_id, "kind": row.kind, "detail": row.detail, "policy": row.policy,
            "applied_at": row.applied_at.isoformat(), "reverted_at": row.reverted_at and row.reverted_at.isoformat(),
        }
        for row in connection.execute(query.order_by(Correction.applied_at, Correction.id))
    ]  # fmt: skip


def _log(connection: Connection, found: Round, papers: Papers) -> Iterator[str]:
    """The events in the order of the chain."""
    number, whose_of = 0, _whose(found, papers.has_hidden)
    query = select(LogCheckpoint.number, LogCheckpoint.lines).where(LogCheckpoint.round_id == found.id)
    while True:
        row = connection.execute(query.where(LogCheckpoint.number > number).order_by(LogCheckpoint.number).limit(1)).one_or_none()
        if row is None:
            return
        number, taken = row.number, unpack(row.lines)
        yield from (amendment_told(one.number, one.at, one.reason, one.rules) for one in amendments_in(connection, found.id, taken))
        for first in range(0, len(taken), ROWS):
            part = taken[first : first + ROWS]
            whose = {
                one.id: one for one in connection.execute(whose_of.where(Attempt.id.in_([attempt_id for attempt_id, _, _ in part])))
            }
            for event in events_in(connection, part, *_EVENT):
                attempt = whose[event.attempt_id]
                hidden = event.kind in KEPT_BACK or (
                    event.kind in ("answered", "late_taken") and papers.is_for_marker(attempt.paper, event.slot)
                )
                yield log_line(attempt.pseudonym, attempt.number, _event(event), event.attempt_id, hidden)


def _whose(found: Round, with_paper: bool) -> Any:
    return (
        select(Attempt.id, Attempt.number, Attempt.paper if with_paper else null().label("paper"), Entry.pseudonym)
        .join(Entry, and_(Entry.member_id == Attempt.member_id, Entry.round_id == found.id))
        .where(Attempt.quiz_id == found.quiz_id)
    )


def _event(row: Any) -> Event:
    return Event(row.seq, row.at, row.kind, row.slot, row.data, row.client_seq, row.key, row.digest)


def _attempts(connection: Connection, basis: _Basis, papers: Papers) -> Iterator[str]:
    """The attempts in the order of their ids."""
    query = (
        select(Attempt.__table__, Entry.pseudonym, Entry.is_counted, Standing.attempt_id.label("standing"))
        .join(Entry, and_(Entry.member_id == Attempt.member_id, Entry.round_id == basis.round.id))
        .outerjoin(Standing, and_(Standing.settlement_id == basis.settlement.id, Standing.entry_id == Entry.id))
        .where(Attempt.quiz_id == basis.round.quiz_id)
        .order_by(Attempt.id)
        .limit(CHUNK)
    )
    last = 0
    while rows := connection.execute(query.where(Attempt.id > last)).all():
        last = rows[-1].id
        events: dict[int, list[Event]] = {row.id: [] for row in rows}
        for event in connection.execute(
            select(*_EVENT).where(AttemptEvent.attempt_id.in_(list(events)), AttemptEvent.seq > 1).order_by(AttemptEvent.attempt_id, AttemptEvent.seq)
        ):  # fmt: skip
            events[event.attempt_id].append(_event(event))
        heads = dict(
            connection.execute(
                select(AttemptEvent.attempt_id, AttemptEvent.digest).where(AttemptEvent.attempt_id.in_(list(events)), AttemptEvent.seq == 1)
            ).all()
        )  # fmt: skip
        for row in rows:
            yield _sat(row, events[row.id], heads[row.id], papers).line()


def _sat(row: Any, events: Sequence[Event], first: str, papers: Papers) -> Sat:
    state = fold(events)
    by_hand = [slot for slot in state.responses if papers.is_for_marker(row.paper, slot)]
    return Sat(
        row.id, row.pseudonym, row.number, row.seed, row.paper, row.started_at, row.submitted_at, row.working_ms,
        responses_of(state.responses, state.receipts, by_hand), {str(slot): sure for slot, sure in sorted(state.certainties.items())},
        row.prediction, None if row.marks is None else told(read_marks(row.marks)), None if row.mark is None else plain(row.mark),
        plain(row.max_mark), row.correct_count, row.is_discarded, row.is_pending, len(events) + 1, events[-1].digest if events else first,
        row.standing == row.id, not row.is_counted,
    )  # fmt: skip
