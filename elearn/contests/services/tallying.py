"""Writes the archive of a round without papers: the points of a stage with all their versions, or the rounds that a total adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from elearn.contests.models import (
    Entry,
    Round,
    Settlement,
    StageCriterion,
    StagePart,
    StageResult,
    StageScore,
    StageScoreVersion,
    Standing,
)
from elearn.contests.rules.seals import round_name
from elearn.contests.rules.tallies import FORMAT
from elearn.contests.services.placing import ranking_lines
from elearn.core.db import read_connection
from elearn.core.files.large_archives import LineArchive
from elearn.core.signing import public_key, sign
from elearn.core.types import MARK_SCALE
from elearn.lib.canonical import canonical


def write_tally(settled: Round, settlement: Settlement, path: Path) -> None:
    """Write it; judges and contestants stand in it under other names, which only the holder of the signing key can make."""
    name = round_name(settled.contest.code, settled.number)
    is_stage = settled.kind == "stage"
    with read_connection() as connection, LineArchive(path) as archive:
        rules = {"round": name, "kind": settled.kind, "criteria": list(settlement.criteria)}
        rules |= _stage_rules(settled, connection) if is_stage else _total_rules(settled, settlement, connection)
        archive.write("rules.json", [canonical(rules)])
        archive.write("entrants.jsonl", _entrants(connection, settled.id, settlement.id))
        archive.write(
            "points.jsonl",
            _points(connection, name, settled.id, settlement) if is_stage else _summed(connection, settled, settlement),
        )
        archive.write("ranking.csv", ranking_lines(connection, settlement.id))
        told = {
            "format": FORMAT, "round": name, "public_key": public_key(), "files": archive.files,
            "result": {
                "version": settlement.version, "settled_at": settlement.settled_at.isoformat(), "people": settlement.people_count,
                "lot_seed": settlement.lot_seed,
            },
        }  # fmt: skip
        archive.write("manifest.json", [canonical({**told, "signature": sign(told)})])


def _stage_rules(settled: Round, connection: Connection) -> dict[str, Any]:
    part, of = StagePart.__table__.c, StageCriterion.__table__.c
    rows = connection.execute(
        select(part.id, part.number, part.title, part.weight).where(part.round_id == settled.id).order_by(part.number)
    ).all()
    criteria = select(of.number, of.title, type_coerce(of.points, BigInteger).label("most"), of.weight).order_by(of.number)
    return {
        "leaves_out_extremes": settled.own_rules.leaves_out_extremes,
        "parts": [
            {
                "number": row.number, "title": row.title, "weight": row.weight,
                "criteria": [dict(one._mapping) for one in connection.execute(criteria.where(of.part_id == row.id))],
            }
            for row in rows
        ],
    }  # fmt: skip


def _total_rules(settled: Round, settlement: Settlement, connection: Connection) -> dict[str, Any]:
    rows = connection.execute(_sources(settled, settlement).order_by(Round.number))
    return {
        "combined": settled.own_rules.combined,
        "sources": [{"number": row.number, "title": row.title, "version": row.version} for row in rows],
    }


def _sources(settled: Round, settlement: Settlement) -> Any:
    """The settlements that were the latest of their rounds when the total was settled."""
    wanted = settled.own_rules.sources or tuple(one.number for one in settled.contest.rounds if one.number < settled.number)
    newest = (
        select(func.max(Settlement.id))
        .join(Round, Round.id == Settlement.round_id)
        .where(
            Round.contest_id == settled.contest_id, Round.number.in_(wanted), Round.kind != "total", Settlement.id < settlement.id
        )
        .group_by(Settlement.round_id)
    )
    query = select(Settlement.id, Settlement.version, Round.number, Round.title).join(Round, Round.id == Settlement.round_id)
    return query.where(Settlement.id.in_(newest))


def _entrants(connection: Connection, round_id: int, settlement_id: int) -> Iterator[str]:
    marks: dict[int, dict[str, int]] = {}
    query = select(StageResult.entry_id, StagePart.number, StageResult.score).join(StagePart, StagePart.id == StageResult.part_id)
    for entry_id, number, score in connection.execute(query.where(StageResult.settlement_id == settlement_id)):
        marks.setdefault(entry_id, {})[str(number)] = score
    entries = select(Entry.id, Entry.pseudonym, Entry.is_counted).where(Entry.round_id == round_id).order_by(Entry.pseudonym)
    for row in connection.execute(entries.execution_options(yield_per=1000)):
        yield canonical({"p": row.pseudonym, "disqualified": not row.is_counted, "parts": marks.get(row.id, {})})


def _points(connection: Connection, name: str, round_id: int, settlement: Settlement) -> Iterator[str]:
    """What each judge gave each contestant for each criterion up to the settlement, by contestant, part, criterion, judge."""
    query = (
        select(
            StageScoreVersion.score_id, Entry.pseudonym, StagePart.number.label("part"), StageCriterion.number.label("criterion"),
            StageScore.judge_id, StageScoreVersion.given_at, StageScoreVersion.points,
        )
        .join(StageScore, StageScore.id == StageScoreVersion.score_id)
        .join(StageCriterion, StageCriterion.id == StageScore.criterion_id)
        .join(StagePart, StagePart.id == StageCriterion.part_id)
        .join(Entry, Entry.id == StageScore.entry_id)
        .where(StagePart.round_id == round_id, StageScoreVersion.given_at <= settlement.settled_at)
        .order_by(StageScoreVersion.score_id, StageScoreVersion.version)
    )  # fmt: skip
    judges: dict[int, str] = {}
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(query):
        if row.judge_id not in judges:
            judges[row.judge_id] = pseudonym_of_judge(name, row.judge_id)
        line = found.setdefault(
            row.score_id,
            {"p": row.pseudonym, "part": row.part, "criterion": row.criterion, "judge": judges[row.judge_id], "versions": []},
        )
        line["versions"].append({"at": row.given_at.isoformat(), "points": int(row.points * MARK_SCALE)})
    order = ("p", "part", "criterion", "judge")
    for line in sorted(found.values(), key=lambda one: tuple(one[part] for part in order)):
        yield canonical(line)


def pseudonym_of_judge(name: str, judge_id: int) -> str:
    """The name of a judge in the archive of a round: the same in every part of it, another in every round."""
    return hashlib.sha256(sign({"kind": "judge", "round": name, "member": judge_id}).encode()).hexdigest()[:16]


def _summed(connection: Connection, settled: Round, settlement: Settlement) -> Iterator[str]:
    """What everybody earned in each round that is added up, by person and round."""
    sources = _sources(settled, settlement).subquery()
    own, of = Entry.__table__.alias("own"), Standing.__table__.c
    query = (
        select(
            own.c.pseudonym.label("p"), sources.c.number.label("source"), of.score, of.correct_count.label("correct"), of.is_all_correct.label("all_correct"),
            of.working_ms, of.submitted_ms, of.attempts_used,
        )
        .select_from(Standing.__table__)
        .join(sources, sources.c.id == of.settlement_id)
        .join(Entry, Entry.id == of.entry_id)
        .join(own, (own.c.member_id == Entry.member_id) & (own.c.round_id == settled.id))
        .order_by(own.c.pseudonym, sources.c.number)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    for row in connection.execute(query):
        yield canonical(dict(row._mapping))
