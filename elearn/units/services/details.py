"""Facts of a unit beside the tree: headcounts, catchment, segment, the external mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput, NotFound
from elearn.units.models import CatchmentUnit, Unit, UnitHeadcount

MOST_PEOPLE = 10_000_000


def _unit(session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound()
    return unit


def set_headcount(
    actor: tuple[int | None, str], unit_id: int, counted_on: date, people: int | None, source: str, now: datetime
) -> None:
    """Write how many people a unit counted on a day; None takes the figure away. Raises InvalidInput naming the field."""
    if people is not None and not 0 <= people <= MOST_PEOPLE:
        raise InvalidInput("people_count", "Số người phải từ 0 đến %(most)s.", field="people", most=MOST_PEOPLE)
    with transaction() as session:
        unit = _unit(session, unit_id)
        if counted_on < unit.valid_from or (unit.valid_to is not None and counted_on > unit.valid_to):
            raise InvalidInput("counted_on", "Đơn vị không tồn tại vào ngày này.", field="counted_on")
        found = session.get(UnitHeadcount, (unit_id, counted_on))
        before = {"people": found.people_count, "source": found.source} if found else None
        after = {"day": counted_on.isoformat(), "people": people, "source": source} if people is not None else None
        if people is None:
            if found is None:
                raise NotFound()
            session.delete(found)
        elif found is None:
            session.add(UnitHeadcount(unit_id=unit_id, counted_on=counted_on, people_count=people, source=source[:200]))
        else:
            found.people_count, found.source = people, source[:200]
        record(session, now, actor, "set_headcount", ("unit", unit_id, unit.name), before=before, after=after)


def set_catchment(
    actor: tuple[int | None, str], centre_id: int, unit_ids: Collection[int], valid_from: date, decision: str, now: datetime
) -> None:
    """Let a training centre serve exactly these units from a day on; units served before stay in the record with an end."""
    with transaction() as session:
        centre = _unit(session, centre_id)
        if valid_from < centre.valid_from:
            raise InvalidInput("valid_from", "Đơn vị chưa có vào ngày này.", field="valid_from")
        query = select(CatchmentUnit).where(
            CatchmentUnit.centre_id == centre_id, or_(CatchmentUnit.valid_to.is_(None), CatchmentUnit.valid_to > valid_from)
        )
        rows = session.scalars(query).all()
        before = sorted({row.unit_id for row in rows})
        for unit_id in unit_ids:
            served = _unit(session, unit_id)
            if served.valid_to is not None and served.valid_to <= valid_from:
                raise InvalidInput("ended", "“%(unit)s” đã kết thúc.", field="units", unit=served.name)
        for row in rows:
            if row.unit_id in unit_ids and row.valid_from <= valid_from:
                row.valid_to = None
            elif row.valid_from >= valid_from:
                session.delete(row)
            else:
                row.valid_to = valid_from
        session.flush()
        going_on = {row.unit_id for row in rows if row.valid_from <= valid_from}
        for unit_id in sorted(set(unit_ids) - going_on):
            session.add(CatchmentUnit(centre_id=centre_id, unit_id=unit_id, valid_from=valid_from, decision=decision[:120]))
        record(
            session, now, actor, "set_catchment", ("unit", centre_id, centre.name), before={"units": before},
            after={"units": sorted(unit_ids), "from": valid_from.isoformat(), "decision": decision},
        )  # fmt: skip


def edit_unit(actor: tuple[int | None, str], unit_id: int, segment: str, is_external: bool, now: datetime) -> None:
    """Change what is no part of the tree: the grouping for reports, and whether the unit is of the organisation."""
    with transaction() as session:
        unit = _unit(session, unit_id)
        before = {"segment": unit.segment, "is_external": unit.is_external}
        after = {"segment": segment.strip()[:60], "is_external": is_external}
        if before == after:
            return
        unit.segment, unit.is_external = segment.strip()[:60], is_external
        record(session, now, actor, "edit_unit", ("unit", unit_id, unit.name), before=before, after=after)
