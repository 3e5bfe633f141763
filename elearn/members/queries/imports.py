"""Reads of imports of people and of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import normalise
from elearn.members.models import Import, ImportRow, Member
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit

ACTIONS = ("create", "update", "move", "same", "doubtful", "faulty")
FILTERS = ("problems", *ACTIONS, "warning", "written", "failed", "skipped", "kept", "undone", "all")


def access_import(actor: Actor, import_id: int) -> Import:
    """The import, or NotFound where it is about units that the actor does not look after."""
    one = db.session.get(Import, import_id)
    if one is None or not may(actor, "member.import", Subject(one.unit.path)):
        raise NotFound()
    return one


def page_of_imports(actor: Actor, number: int) -> Page[Any]:
    """Imports about the actor's units with the name of who made them, the latest first."""
    query: Any = (
        select(Import, Member.display_name)
        .join(Unit, Unit.id == Import.unit_id)
        .outerjoin(Member, Member.id == Import.made_by_id)
        .where(within_scope(actor))
        .options(joinedload(Import.unit))
    )
    return page_of(db.session(), query.order_by(Import.id.desc()), number, scalars=False)


def _condition(import_id: int, choice: str) -> Any:
    mine = ImportRow.import_id == import_id
    has_words = and_(ImportRow.problems != [], ImportRow.action != "faulty")
    if choice in ACTIONS:
        return and_(mine, ImportRow.action == choice)
    if choice in ("failed", "skipped", "kept", "undone"):
        return and_(mine, ImportRow.state == choice)
    return {
        "problems": and_(mine, or_(ImportRow.action.in_(("faulty", "doubtful")), has_words)),
        "warning": and_(mine, has_words),
        "written": and_(mine, ImportRow.state == "applied", ImportRow.action != "same"),
    }.get(choice, mine)


def page_of_rows(import_id: int, choice: str, words: str, number: int) -> Page[ImportRow]:
    """Rows of an import in the order of the file; `choice` is one of FILTERS."""
    query = select(ImportRow).where(_condition(import_id, choice))
    if words.strip():
        query = query.where(ImportRow.name.icontains(normalise(words), autoescape=True))
    return page_of(db.session(), query.order_by(ImportRow.place), number)


def count_rows(import_id: int) -> dict[str, int]:
    """Rows by action, by state ("applied", …), those with warnings and undecided doubtful ones, in one statement."""
    query = select(ImportRow.action, ImportRow.state, ImportRow.decision, ImportRow.problems == [], func.count()).where(
        ImportRow.import_id == import_id
    )
    found = dict.fromkeys((*ACTIONS, "all", "warning", "undecided", "ready", "applied", "skipped", "failed", "undone", "kept"), 0)
    for action, state, decision, is_clean, count in db.session.execute(
        query.group_by(*(query.selected_columns[place] for place in range(4)))
    ):
        found["all"] += count
        found[action] += count
        if state != "staged":
            found[state] += count
        found["warning"] += count if not is_clean and action != "faulty" else 0
        found["undecided"] += count if action == "doubtful" and not decision else 0
        is_ready = action in ("create", "update", "move") or (action == "doubtful" and decision in ("match", "create"))
        found["ready"] += count if is_ready else 0
    return found


def find_row(import_id: int, place: int) -> ImportRow:
    """One row; raises NotFound."""
    row = db.session.scalar(select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.place == place))
    if row is None:
        raise NotFound()
    return row


def next_undecided(import_id: int, after: int) -> int | None:
    """Place of the next doubtful row that nobody has decided, from `after` on and then from the top; None where all are."""
    query = select(func.min(ImportRow.place)).where(
        ImportRow.import_id == import_id, ImportRow.action == "doubtful", ImportRow.decision == ""
    )
    return db.session.scalar(query.where(ImportRow.place > after)) or db.session.scalar(query)


def list_candidates(row: ImportRow) -> list[tuple[Member, int, list[str]]]:
    """The records that a doubtful row may be, with score and reasons, the likeliest first."""
    told = row.candidates or []
    members = {
        member.id: member
        for member in db.session.scalars(
            select(Member).options(joinedload(Member.unit)).where(Member.id.in_([one[0] for one in told]))
        )
    }
    return [(members[number], score, reasons) for number, score, reasons in told if number in members]


def unit_names(rows: Sequence[ImportRow]) -> dict[int, str]:
    """Names of the units that rows name or that people would leave."""
    ids = {row.unit_id for row in rows if row.unit_id}
    ids |= {old for row in rows for old, _new in [(row.changes or {}).get("unit_id", (None, None))] if old}
    return dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all())


def list_result_rows(import_id: int, choice: str) -> Sequence[Row[Any]]:
    """(sheet, row number, name, action, decision, state, outcome, problems, values, login) for the result file."""
    query = (
        select(
            ImportRow.sheet, ImportRow.number, ImportRow.name, ImportRow.action, ImportRow.decision, ImportRow.state, ImportRow.outcome,
            ImportRow.problems, ImportRow.values, ImportRow.raw, Member.login,
        )
        .outerjoin(Member, Member.id == ImportRow.member_id)
        .where(_condition(import_id, choice))
    )  # fmt: skip
    return db.session.execute(query.order_by(ImportRow.place)).all()


def within_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL for the units into which the actor may import people."""
    return below(Unit.path, role_paths(actor, "member.import"))


def find_import(import_id: int) -> Import | None:
    """The import, or None."""
    return db.session.get(Import, import_id)
