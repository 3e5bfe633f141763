"""The list of an assignment as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from elearn.core.display import show_date, show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.submissions.models import Assignment, AssignmentTarget
from elearn.submissions.rules.states import STATE_NAMES, Counts, State


def targets_workbook(assignment: Assignment, rows: Sequence[AssignmentTarget], counts: Counts, now: datetime) -> bytes:
    """Every row with its state, in the order given; the notes say of which day and which deadline."""
    columns = [
        Column(gettext("STT"), 6), Column(gettext("Tên"), 34), Column(gettext("Đơn vị"), 38), Column(gettext("Tình trạng"), 20),
        Column(gettext("Nộp lúc"), 18), Column(gettext("Chậm (ngày)"), 10), Column(gettext("Lý do miễn"), 30),
    ]  # fmt: skip
    notes = [
        gettext("Đơn vị giao: %(unit)s. Hạn nộp: %(date)s.", unit=assignment.unit.name, date=show_date(assignment.due_at)),
        gettext(
            "Tính đến %(moment)s: đã nộp %(done)s trên %(all)s, còn thiếu %(missing)s; miễn %(exempt)s, nộp chậm %(late)s.",
            moment=show_datetime(now), done=show_number(counts.done), all=show_number(counts.total), missing=show_number(counts.not_done),
            exempt=show_number(counts.exempt), late=show_number(counts.late),
        ),
    ]  # fmt: skip
    lines = (
        (
            number,
            one.name,
            one.unit_name,
            gettext("Được miễn") if one.exempted_at else gettext(STATE_NAMES[State(one.state)]),
            one.submitted_at,
            one.late_days or None,
            one.exempt_reason,
        )
        for number, one in enumerate(rows, start=1)
    )
    return workbook(assignment.title, notes, columns, lines)
