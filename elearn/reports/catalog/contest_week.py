"""People and attempts of a round by unit, from its standings."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.contests.models import Round
from elearn.contests.queries.bulletin import find_figures
from elearn.contests.queries.contests import list_overseen, list_settled_ids
from elearn.reports.rules import contest_week
from elearn.reports.rules.asking import Choice, Context, Option, Report
from elearn.reports.rules.written import Written


def _rounds(context: Context) -> list[Round]:
    """Rounds in the reader's care that were settled, the latest first."""
    rounds = [one for contest in list_overseen(context.actor) for one in contest.rounds]
    settled = list_settled_ids([one.id for one in rounds])
    return sorted((one for one in rounds if one.id in settled), key=lambda one: (one.closes_at, one.id), reverse=True)


def _options(context: Context, _name: str) -> Sequence[Option]:
    return [(str(one.id), f"{one.contest.title}, {one.title}") for one in _rounds(context)]


def _build(context: Context) -> Written | None:
    found = next((one for one in _rounds(context) if one.id == context.number("round")), None)
    figures = find_figures(found) if found else None
    return contest_week.write(figures, found.contest.organiser_name) if found and figures else None


REPORT = Report(
    key="contest_week",
    name="Cuộc thi theo tuần",
    about="Số người, số lượt, số người đúng hết và giải của từng đơn vị trong một vòng thi.",
    permission="contest.oversee",
    empty="Chưa có vòng thi nào được chốt. Chốt vòng ở trang Cuộc thi, rồi quay lại đây.",
    build=_build,
    choices=(Choice("round", "Vòng thi"),),
    options=_options,
)
