"""The figures of the first half of 2023, exactly, from the acts of invented units and people."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.campaigns.models import Campaign
from elearn.campaigns.queries import board
from elearn.campaigns.queries.figures import figures, missing_names
from elearn.core.db import db
from elearn.lib.numbers import format_percent
from elearn.submissions.models import AssignmentTarget
from elearn.units.models import Unit
from tests.campaigns.half_year import CUT_OFF, FIRST_UNIT, plans_of_2023, settle


@pytest.fixture
def plans(app):
    settle()
    made = plans_of_2023()
    db.session.rollback()
    return made


def test_it_gives_the_figures_and_the_names_of_the_plans(plans, as_):
    told = figures(plans.campaign, "/1/", CUT_OFF)
    assert [(one.done, one.total, one.missing, format_percent(one.done, one.total)) for one in told] == [
        (62, 121, 59, "51,24%"), (172, 344, 172, "50,00%"),
    ]  # fmt: skip
    later = [(one.done, one.total) for one in figures(plans.campaign, "/1/", CUT_OFF + timedelta(days=10))]
    assert later == [(63, 121), (177, 344)]
    assert [(one.done, one.total) for one in figures(plans.campaign, "/1/")] == later
    late = db.session.scalars(select(AssignmentTarget.late_days).where(AssignmentTarget.late_days > 0)).all()
    assert late == [3] * 6

    campaign, province = db.session.get(Campaign, plans.campaign), db.session.get(Unit, 1)
    collectives, individuals = campaign.requirements
    names = [one.name for one in board.list_missing(collectives, province)]
    assert (len(names), names[0], names[-1]) == (58, "Đảng uỷ cơ sở số 064", "Đảng uỷ cơ sở số 121")
    people = board.list_missing(individuals, province)
    assert len(people) == len({one.member_id for one in people}) == 167
    # Each organisation by itself; together they are the whole.
    parts = [figures(plans.campaign, f"/1/{FIRST_UNIT + place}/", CUT_OFF) for place in range(121)]
    assert [sum(part[turn].done for part in parts) for turn in (0, 1)] == [62, 172]
    assert [sum(part[turn].total for part in parts) for turn in (0, 1)] == [121, 344]

    kien = as_("kien")
    page = kien.get(f"/admin/campaigns/{plans.campaign}?requirement={plans.collectives}").get_data(as_text=True)
    for words in ("<b>63<span>/121</span></b>", "<b>177<span>/344</span></b>", "Còn thiếu 58 đơn vị", "52,07%"):
        assert words in page, words
    file = kien.get(f"/admin/campaigns/{plans.campaign}/excel?requirement={plans.individuals}&list=missing")
    rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert len([row for row in rows if isinstance(row[0], float)]) == 167


def test_it_names_the_59_and_the_172_at_the_cut_off(plans):
    """Whoever came after the cut-off was missing on that day, and is on the lists of that day."""
    campaign, province = db.session.get(Campaign, plans.campaign), db.session.get(Unit, 1)
    then = [missing_names(one, "/1/", CUT_OFF) for one in campaign.requirements]
    assert [len(one) for one in then] == [59, 172]
    now = [board.list_missing(one, province) for one in campaign.requirements]
    assert {one.name for one in now[0]} < set(then[0])
    assert [len(then[turn]) - len(now[turn]) for turn in (0, 1)] == [1, 5]
