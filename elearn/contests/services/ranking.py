"""Puts the entries of a round in order: the database does it, over what was collected of them. Lots decide last, where the rules say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, String, Table, case, cast, delete, func, insert, literal, null, or_, select
from sqlalchemy.orm import Session

from elearn.contests.models import Entry, LogClosing, Round, Settlement, Standing
from elearn.contests.queries.counted import COLUMNS, order_of
from elearn.contests.rules.candidates import Criterion
from elearn.contests.rules.seals import lot_seed as sealed_lot_seed
from elearn.contests.rules.standings import LOTS, draw_lot
from elearn.contests.rules.tallies import seed_of_lots
from elearn.contests.services.sealing import latest_seal
from elearn.lib.errors import DomainError


def rank_entries(session: Session, settlement: Settlement, counted: Table, criteria: Sequence[Criterion]) -> None:
    """Write a row for each entry, in order; says in SQL what `rules.standings.rank` says in Python.

    Only keys go through the sorting, the figures are joined to them afterwards: a row is sorted three times as quickly when it is narrow.
    """
    actual = settlement.prediction_actual
    off: Any = cast(null(), BigInteger) if actual is None else func.abs(counted.c.prediction - actual)
    figures = {**counted.c, "prediction_distance": off, "lot": cast(null(), BigInteger)}
    keyed = select(counted.c.entry_id, *(order_of(one, figures).label(f"key_{one.key}") for one in criteria)).subquery()
    keys = [keyed.c[f"key_{one.key}"] for one in criteria]
    in_order = [*keys, keyed.c.entry_id]
    differs = [(key != func.lag(key).over(order_by=in_order), literal(one.key)) for one, key in zip(criteria, keys, strict=True)]
    placed = select(
        keyed.c.entry_id,
        func.row_number().over(order_by=in_order).label("position"),
        (case(*differs, else_=literal("")) if differs else literal("")).label("decided_by"),
    ).subquery()
    is_head = or_(placed.c.position == 1, placed.c.decided_by != "")
    shared = select(
        *placed.c,
        func.max(case((is_head, placed.c.position))).over(order_by=placed.c.position, rows=(None, 0)).label("place"),
    ).subquery()
    names = [*COLUMNS, "prediction_distance", "lot"]
    rows = (
        select(
            literal(settlement.id), *(figures[name] for name in names), shared.c.position, shared.c.place,
            cast(shared.c.decided_by, String(30)), literal(""), cast(null(), BigInteger),
        )
        .select_from(shared)
        .join(counted, counted.c.entry_id == shared.c.entry_id)
    )  # fmt: skip
    written = ["settlement_id", *names, "position", "place", "decided_by", "prize", "reserve"]
    session.execute(insert(Standing).from_select(written, rows))


def lot_seed(session: Session, settled: Round, settlement: Settlement) -> str:
    """The public seed of drawn lots: of the sealed seed, the roots of the closing and the public draw that the rules name.

    Without a seal it is SHA-256 over the round and over who took part, which nobody knew before it closed. Raises DomainError draw_missing
    where the result of the public draw has not been written down.
    """
    seal, closing = latest_seal(session, settled.id), session.get(LogClosing, settled.id)
    if seal is not None and closing is not None:
        source = seal.rules["round"].get("public_draw", "")
        if source and not seal.public_value:
            message = "Sổ đã chốt và công bố. Hãy đợi %(source)s, ghi kết quả vào trang niêm phong rồi chốt lại để bốc thăm."
            raise DomainError("draw_missing", message, source=source)
        return sealed_lot_seed(seal.secret, closing.entrants_root, closing.log_head, seal.public_value)
    query = select(Entry.pseudonym).join(Standing, Standing.entry_id == Entry.id).where(Standing.settlement_id == settlement.id)
    return seed_of_lots(settled.contest.code, settled.number, session.scalars(query))


def draw_lots(session: Session, settlement: Settlement) -> None:
    """Let lots decide among those who share a place; places and rows of all others stay."""
    table = Standing.__table__
    shared = select(Standing.place).where(Standing.settlement_id == settlement.id).group_by(Standing.place).having(func.count() > 1)
    rows = session.execute(
        select(table, Entry.pseudonym)
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Standing.settlement_id == settlement.id, Standing.place.in_(shared))
    ).mappings()
    groups: dict[int, list[dict[str, Any]]] = {}
    for found in rows:
        drawn = {name: value for name, value in found.items() if name != "pseudonym"}
        groups.setdefault(drawn["place"], []).append({**drawn, "lot": draw_lot(settlement.lot_seed, found["pseudonym"])})
    written: list[dict[str, Any]] = []
    for place, group in groups.items():
        head = min(group, key=lambda row: row["position"])["decided_by"]
        for position, row in enumerate(sorted(group, key=lambda row: (row["lot"], row["entry_id"])), start=place):
            written.append({**row, "position": position, "place": position, "decided_by": head if position == place else LOTS})
    session.execute(delete(Standing).where(Standing.settlement_id == settlement.id, Standing.place.in_(list(groups))))
    if written:
        session.execute(insert(Standing), written)
