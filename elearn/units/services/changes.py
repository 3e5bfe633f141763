"""Changes of the organisation tree: planned, refused with what stands against them, or written as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.lib.periods import local
from elearn.lib.tree import is_within
from elearn.units import hooks
from elearn.units.models import Unit, UnitChange
from elearn.units.queries.history import kinds_by_code, load_organisation
from elearn.units.rules.edit_records import as_data, decision_words, touched_by, with_ids
from elearn.units.rules.edits import Edit, OpenSpan, apply
from elearn.units.rules.operations import Operation, Plan, Problem, Succession
from elearn.units.rules.organisation import Decision, Organisation
from elearn.units.rules.planning import plan
from elearn.units.rules.preview import PreviewRow, as_rows
from elearn.units.services import writing

MOST_OPERATIONS = 5000
LONGEST_DECISION = 120


class CannotChange(DomainError):
    """The change is refused; `problems` says why, by operation and field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("cannot_change", "Chưa thực hiện được: còn %(count)s lỗi.", count=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Outlook:
    """What a change would do: in words, with its problems, and counts of what would follow (people, grants)."""

    rows: tuple[PreviewRow, ...]
    plan: Plan
    problems: tuple[Problem, ...]
    counts: dict[str, int]

    @property
    def is_sound(self) -> bool:
        """True where nothing but warnings was found."""
        return all(problem.is_warning for problem in self.problems)


def preview_change(operations: Sequence[Operation], now: datetime, scope: Sequence[str] | None = None) -> Outlook:
    """What the operations would come to; nothing is written. `scope`: paths outside which nothing may be touched."""
    session = db.session()
    operations = in_words(operations)
    organisation = load_organisation(session)
    made, problems = _planned(session, organisation, operations, local(now).date(), scope)
    counts: dict[str, int] = {}
    known = [move for move in made.moves if move.unit_id > 0]
    for ask in hooks.outlook:
        for name, count in ask(session, known).items():
            counts[name] = counts.get(name, 0) + count
    return Outlook(as_rows(organisation, operations), made, problems, counts)


def apply_change(
    actor: tuple[int | None, str],
    title: str,
    operations: Sequence[Operation],
    now: datetime,
    *,
    scope: Sequence[str] | None = None,
    file_name: str = "",
    reason: str = "",
) -> int:
    """Do the operations, all or none, and return the id of the change. Raises CannotChange with the problems."""
    with transaction() as session:
        decided = operations[0].decision if operations else Decision()
        operations = in_words(operations)
        before = load_organisation(session)
        made, problems = _planned(session, before, operations, local(now).date(), scope)
        if any(not problem.is_warning for problem in problems):
            raise CannotChange([problem for problem in problems if not problem.is_warning])
        rows = as_rows(before, operations)
        if not made.edits:
            raise CannotChange([Problem(0, "", "nothing", "Không có gì thay đổi.")])
        ids = writing.make_units(session, made.edits)
        steps = [tuple(with_ids(edit, ids) for edit in step) for step in made.steps]
        edits = [edit for step in steps for edit in step]
        after = apply(before, edits)
        writing.write(session, before, after, touched_by(edits))
        moves = [_true(move, ids) for move in made.moves]
        change = UnitChange(
            title=(title or rows[0].sentence)[:300],
            decision=decision_words(decided)[:LONGEST_DECISION],
            decided_on=decided.signed_on,
            effective_on=min(operation.effective_on for operation in operations),
            file_name=file_name[:200],
            operations=[[row.action, row.sentence, row.effective_on.isoformat(), row.decision.number] for row in rows],
            edits=as_data(steps),
            moves=[[move.unit_id, move.successor_id, move.effective_on.isoformat()] for move in moves],
            kept={},
            made_at=now,
            made_by_id=actor[0],
            made_by_name=actor[1][:120],
        )
        session.add(change)
        session.flush()
        for follow in hooks.after_change:
            follow(session, change, moves)
        record(
            session, now, actor, "change_units", ("unit_change", change.id, change.title), before=None,
            after=_told(rows, change), reason=reason,
        )  # fmt: skip
        return change.id


def in_words(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations with each decision as the one line that is kept with the facts."""
    return [replace(each, decision=Decision(decision_words(each.decision)[:LONGEST_DECISION])) for each in operations]


def moves_of(change: UnitChange) -> list[Succession]:
    """Where people of ended units went by a change."""
    return [Succession(unit_id, heir_id, date.fromisoformat(day)) for unit_id, heir_id, day in change.moves]


def _planned(
    session: Session, organisation: Organisation, operations: Sequence[Operation], today: date, scope: Sequence[str] | None
) -> tuple[Plan, tuple[Problem, ...]]:
    if len(operations) > MOST_OPERATIONS:
        message = "Mỗi lần tối đa %(most)s thao tác."
        problem = Problem(0, "", "too_many", message, {"most": MOST_OPERATIONS})
        return Plan((), (problem,), organisation, ()), (problem,)
    made = plan(organisation, operations, kinds_by_code(session))
    found = list(made.problems)
    for number, operation in enumerate(operations):
        if operation.effective_on > today:
            message = "Ngày hiệu lực chưa tới: xem trước được, nhưng chỉ ghi được từ ngày đó."
            found.append(Problem(number, "effective_on", "not_yet", message))
    if scope is not None:
        found += _out_of_scope(session, made.steps, scope)
    return made, tuple(sorted(found, key=lambda problem: (problem.operation, problem.is_warning)))


def _out_of_scope(session: Session, steps: Sequence[Sequence[Edit]], scope: Sequence[str]) -> list[Problem]:
    table: Any = Unit.__table__
    stored: dict[int, str] = dict(session.execute(select(table.c.id, table.c.path)).all())  # type: ignore[arg-type]
    is_at_top = any(path.count("/") == 2 for path in scope)
    found = []
    for number, step in enumerate(steps):
        touched = [unit_id for unit_id in touched_by(step) if unit_id > 0]
        if any(not any(is_within(stored[unit_id], path) for path in scope) for unit_id in touched):
            message = "Thao tác này đụng tới đơn vị ngoài phạm vi bạn phụ trách."
            found.append(Problem(number, "", "out_of_scope", message))
        if not is_at_top and any(isinstance(edit, OpenSpan) and edit.fact == "parent" and edit.value is None for edit in step):
            message = "Chỉ người phụ trách từ cấp cao nhất mới đặt được đơn vị ở cấp cao nhất."
            found.append(Problem(number, "parent", "top_out_of_scope", message))
    return found


def _true(move: Succession, ids: dict[int, int]) -> Succession:
    heir = move.successor_id
    return replace(
        move, unit_id=ids.get(move.unit_id, move.unit_id), successor_id=ids.get(heir, heir) if heir is not None else None
    )


def _told(rows: Sequence[PreviewRow], change: UnitChange) -> dict[str, Any]:
    """What the log says; of a long mapping file the first hundred operations, the rest stands in the change itself."""
    return {
        "decision": change.decision,
        "effective_on": change.effective_on.isoformat(),
        "count": len(rows),
        "operations": [row.sentence for row in rows[:100]],
    }
