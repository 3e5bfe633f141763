"""Plans, essays and programmes of action: who has handed in, unit by unit, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.lib.tree import is_within
from elearn.members.queries import below
from elearn.members.rules.permissions import role_paths
from elearn.reports.rules import written_work
from elearn.reports.rules.asking import Choice, Context, Option, Report
from elearn.reports.rules.written import Written
from elearn.reports.rules.written_work import UnitWork, Work
from elearn.submissions.models import Assignment, AssignmentTarget
from elearn.submissions.queries.targets import count_by_unit, filtered
from elearn.units.models import Unit

MOST = 100


def _options(context: Context, _name: str) -> Sequence[Option]:
    """Assignments with some target in the reader's care, the latest first."""
    paths = role_paths(context.actor, "submission.list")
    within = select(AssignmentTarget.assignment_id).join(Unit, Unit.id == AssignmentTarget.unit_id).where(below(Unit.path, paths))
    query = (
        select(Assignment.id, Assignment.title)
        .where(Assignment.id.in_(within))
        .order_by(Assignment.due_at.desc(), Assignment.id.desc())
    )
    return [(str(number), title) for number, title in db.session.execute(query.limit(MOST))]


def _build(context: Context) -> Written | None:
    number = context.number("assignment")
    assignment = db.session.get(Assignment, number) if number is not None else None
    if assignment is None:
        return None
    return written_work.write([work_of(context, assignment)], assignment.title, context.today, assignment.unit.name)


def work_of(context: Context, assignment: Assignment) -> Work:
    """The figures of an assignment within the reader's care, by the units right below the one that asks."""
    paths = role_paths(context.actor, "submission.list")
    counts = count_by_unit(assignment.id)
    top = assignment.unit
    query = select(Unit.id, Unit.name, Unit.path, Unit.parent_id).where(Unit.id.in_(counts) | (Unit.parent_id == top.id))
    known = {row.id: row for row in db.session.execute(query.order_by(Unit.sort_key, Unit.id))}
    heads = [row for row in known.values() if row.parent_id == top.id]
    sums: dict[str, list[int]] = {}
    for unit_id, count in counts.items():
        row = known[unit_id]
        if not any(is_within(row.path, path) for path in paths):
            continue
        name = next((head.name for head in heads if is_within(row.path, head.path)), row.name)
        figures = sums.setdefault(name, [0, 0, 0, 0])
        for place, value in enumerate((count.total, count.done, count.late, count.exempt)):
            figures[place] += value
    order = {row.name: place for place, row in enumerate(known.values())}
    units = tuple(UnitWork(name, *sums[name]) for name in sorted(sums, key=lambda name: order[name]))
    whole = (
        UnitWork("Cộng", *(sum(column) for column in zip(*sums.values(), strict=True))) if sums else UnitWork("Cộng", 0, 0, 0, 0)
    )
    names = filtered(assignment.id, "not_done", "", paths).with_only_columns(
        AssignmentTarget.name, AssignmentTarget.member_id, AssignmentTarget.unit_name
    )
    missing = tuple(f"{name}, {at}" if member_id else name for name, member_id, at in db.session.execute(names))
    return Work(assignment.title, assignment.asked_of == "unit", local_day(assignment.due_at), units, whole, missing)


REPORT = Report(
    key="written_work",
    name="Kế hoạch, bài thu hoạch",
    about="Tập thể, cá nhân đã nộp, nộp chậm, được miễn theo từng đơn vị, và danh sách chưa nộp.",
    permission="submission.list",
    empty="Chưa giao bài viết nào trong phạm vi của bạn. Bài viết được giao từ một đợt học tập hoặc một lớp.",
    build=_build,
    choices=(Choice("assignment", "Bài viết"),),
    options=_options,
)
