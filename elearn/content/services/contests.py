"""Contest files as contests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.content.rules.contests import check_contest_file, contest_settings, planned_rounds
from elearn.content.rules.faults import Fault
from elearn.content.services.reading import parse_file
from elearn.contests.models import Contest
from elearn.contests.rules.settings import RoundSettings
from elearn.contests.services import ContestSpec, RoundSpec
from elearn.lib.errors import InvalidInput
from elearn.units.models import Unit


def read_contest(path: Path, banks: Mapping[str, Any] | None = None) -> tuple[Mapping[str, Any], list[Fault]]:
    """A single contest file and its faults; `banks` holds the codes that it may draw from, None: any."""
    faults: list[Fault] = []
    parsed = parse_file(path, path.name, faults)
    return (check_contest_file(parsed, banks, faults) if parsed else {}), faults


def contest_spec(session: Session, value: Mapping[str, Any], banks: Mapping[str, int], unit_id: int) -> ContestSpec:
    """What a sound file describes; `banks` maps codes to ids. Raises InvalidInput for a unit that is not there."""
    settings = contest_settings(value)
    rounds = [
        RoundSpec(
            title=one["title"], title_en=one.get("title_en") or "", kind=one["kind"], opens_at=one["opens_at"], closes_at=one["closes_at"],
            blueprint=[_part(part, banks) for part in one.get("draw") or ()] if one["kind"] in ("quiz", "written") else (),
            time_limit_seconds=(one.get("minutes") or 10) * 60, is_fixed=bool(one.get("fixed")), pass_percent=one.get("pass_percent"),
            shuffle_options=one.get("shuffle_options", True) is not False, settings=RoundSettings.read(one["settings"]),
        )
        for one in planned_rounds(value)
    ]  # fmt: skip
    decided = value.get("decision_on")
    return ContestSpec(
        code=value["code"], title=value["title"], title_en=value.get("title_en") or "", lead=value.get("lead") or "", unit_id=unit_id,
        organiser_name=value["organiser"], rounds=rounds, settings=replace(settings, unit_ids=_units(session, value.get("units") or ())),
        is_published=bool(value.get("published")), decision_number=value.get("decision_number") or "",
        decision_on=decided if isinstance(decided, date) else None, rules_extra=value.get("rules_extra") or "",
        consent_text=value.get("consent_text") or "", password=value.get("password") or "",
    )  # fmt: skip


def find_contest(session: Session, code: str) -> int | None:
    """Id of the contest with this code; None where there is none."""
    return session.scalar(select(Contest.id).where(Contest.code == code))


def _part(part: Mapping[str, Any], banks: Mapping[str, int]) -> dict[str, Any]:
    drawn = {"bank": banks[part["bank"]], "level": part.get("level"), "count": part["count"]}
    return {**drawn, "mark": str(part["mark"])} if part.get("mark") else drawn


def _units(session: Session, codes: Any) -> tuple[int, ...]:
    found = dict(session.execute(select(Unit.code, Unit.id).where(Unit.code.in_(list(codes)))).all())
    for code in codes:
        if code not in found:
            raise InvalidInput("no_unit", "Không có đơn vị mang mã “%(unit)s”.", field="units", unit=code)
    return tuple(found[code] for code in codes)
