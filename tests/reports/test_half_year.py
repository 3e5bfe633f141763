"""The first half of 2023 through the reports: exactly the figures that were reported, in their sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine

from elearn.members.queries import actor_of
from elearn.members.rules.permissions import Actor
from elearn.reports.queries import REPORTS, context_of
from elearn.reports.rules.asking import chosen
from elearn.reports.rules.written import Written, as_text
from tests.campaigns.half_year import plans_of_2023, settle
from tests.classes.test_half_year import half_year  # noqa: F401 - the eight classes

JULY = datetime(2023, 7, 3, 2, 0, tzinfo=UTC)


def read(key: str, actor: Actor, **asked: str) -> Written:
    """The report as its page gives it."""
    context, _ = chosen(REPORTS[key], context_of(actor, asked, JULY))
    written = REPORTS[key].build(context)
    assert written is not None
    return written


def test_it_reports_the_eight_classes(half_year, people):  # noqa: F811
    with time_machine.travel(JULY, tick=False):
        actor = actor_of(people.kien.member_id, "/1/", datetime(2026, 1, 1, tzinfo=UTC))
        text = as_text(read("class_results", actor, span="2023-H1"))
        counts = read("class_results", actor, span="2023-H1").sheets[0]
    assert "Từ ngày 01/01/2023 đến ngày 30/6/2023, Đảng bộ tỉnh An Sơn mở 08 lớp cho 1.131 học viên." in text
    assert "Bồi dưỡng nhận thức về Đảng: 06 lớp, 872 học viên; xếp loại" in text
    assert "Bồi dưỡng lý luận chính trị cho đảng viên mới: 02 lớp, 259 học viên; xếp loại" in text
    assert [row[1:4] for row in counts.rows] == [
        ("Bồi dưỡng lý luận chính trị cho đảng viên mới", 2, 259), ("Bồi dưỡng nhận thức về Đảng", 6, 872),
    ]  # fmt: skip
    assert counts.total[2:4] == (8, 1131)
    expected = half_year[1]
    for sheet_row in read("class_results", actor, span="2023-H1").sheets[1].rows:
        assert sum(sheet_row[2:]) in (259, 872)
    assert sum(sum(grades.values()) for grades in expected.values()) == 1131


def test_it_reports_the_plans_at_the_cut_off_with_the_names_of_those_missing(app, session, people):
    settle()
    plans = plans_of_2023()
    session.rollback()
    actor = actor_of(people.kien.member_id, "/1/", datetime(2026, 1, 1, tzinfo=UTC))
    with time_machine.travel(JULY, tick=False):
        written = read("campaign", actor, campaign=str(plans.campaign), day="2023-06-15")
        later = read("campaign", actor, campaign=str(plans.campaign))
    assert written.sentences[0].startswith("Tính đến ngày 15/6/2023, thực hiện Kế hoạch 21-KH/TU, Đảng bộ tỉnh An Sơn triển khai")
    assert written.sentences[1:] == (
        "Kế hoạch của tập thể: 62/121 tập thể đã nộp (51,24%), còn 59 tập thể chưa nộp.",
        "Kế hoạch của cá nhân: 172/344 cá nhân đã nộp (50,00%), còn 172 cá nhân chưa nộp.",
    )
    assert [len(one.names) for one in written.missing] == [59, 172]
    assert [sheet.total[2:5] for sheet in written.sheets] == [(121, 62, 59), (344, 172, 172)]
    assert "63/121 tập thể đã nộp" in later.sentences[1], "who came late is there later, and not on that day"
    assert [len(one.names) for one in later.missing] == [58, 167]
