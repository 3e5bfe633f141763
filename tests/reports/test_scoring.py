"""The yearly score: shares times weights, what was not asked does not count, equals share a place; officers set the criteria of a year."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.reports.queries import list_class_plans, list_criteria, list_sources
from elearn.reports.rules.scoring import Criterion, Fact, check_criteria, points_of, score_units
from tests.reports.makers import plans, weights

PLANS, PEOPLE = Criterion("plans", "Kế hoạch", Decimal(60)), Criterion("people", "Dự thi", Decimal(40))
UNITS = [(1, "A"), (2, "B"), (3, "C"), (4, "D")]


def test_it_scores_shares_by_weights():
    facts = {"plans": {1: Fact(1, 2), 2: Fact(2, 2), 3: Fact(0, 5)}, "people": {1: Fact(10, 40), 2: Fact(400, 300)}}
    rows = {one.name: one for one in score_units([PLANS, PEOPLE], UNITS, facts)}
    assert (rows["B"].points, rows["B"].score, rows["B"].place) == ((Decimal("60.00"), Decimal("40.00")), Decimal("100.00"), 1)
    assert (rows["A"].points, rows["A"].score, rows["A"].place) == ((Decimal("30.00"), Decimal("10.00")), Decimal("40.00"), 2)
    assert (rows["C"].points, rows["C"].score, rows["C"].place) == ((Decimal("0.00"), None), Decimal("0.00"), 3)
    assert (rows["D"].points, rows["D"].score, rows["D"].place) == ((None, None), None, 0)


def test_it_gives_equals_one_place_and_rounds_only_at_the_end():
    facts = {"plans": {1: Fact(1, 3), 2: Fact(1, 3), 3: Fact(1, 4)}}
    scored = score_units([PLANS, PEOPLE], UNITS[:3], facts)
    assert [(one.name, one.score, one.place) for one in scored] == [
        ("A", Decimal("33.33"), 1), ("B", Decimal("33.33"), 1), ("C", Decimal("25.00"), 3),
    ]  # fmt: skip
    assert points_of(PLANS, Fact(1, 0)) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12))
def test_it_never_leaves_the_scale_and_never_puts_the_worse_first(figures):
    units = [(number, str(number)) for number in range(len(figures))]
    scored = score_units([PLANS], units, {"plans": {number: Fact(*pair) for number, pair in enumerate(figures)}})
    scores = [one.score for one in scored if one.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert len(scored) == len(units)


@pytest.mark.parametrize(("criteria", "code"), [
    ([], "none"), ([PLANS], "sum"), ([PLANS, PLANS], "sources"), ([Criterion("x", "x", Decimal(100))], "sources"),
    ([PLANS, Criterion("people", "x", Decimal(0))], "weight"),
])  # fmt: skip
def test_it_refuses_criteria_that_cannot_score(criteria, code):
    with pytest.raises(InvalidInput) as refusal:
        check_criteria(criteria, ["plans", "people"])
    assert refusal.value.code == code
    check_criteria([PLANS, PEOPLE], ["plans", "people"])


@pytest.fixture
def at_the_hour():
    with time_machine.travel(datetime(2026, 10, 20, 3, 0, tzinfo=UTC), tick=False):
        yield


def test_officers_set_the_criteria_of_a_year(app, as_, session, at_the_hour):
    first, second = list(list_sources())[:2]
    path = "/admin/reports/scorecard/criteria/1/2026"
    client = as_("kien")
    assert "Tiêu chí chấm điểm năm 2026" in client.get(path).get_data(as_text=True)
    answer = client.post(path, data={f"weight-{first}": "60", f"weight-{second}": "30"})
    assert answer.status_code == 400
    assert "phải bằng 100, hiện là 90" in answer.get_data(as_text=True)
    assert 'value="30"' in answer.get_data(as_text=True), "nothing typed is lost"
    answer = client.post(path, data={f"weight-{first}": "60,5", f"weight-{second}": "39,5", f"title-{first}": "Kế hoạch đúng hạn"})
    assert answer.status_code == 302
    session.rollback()
    assert next((one.title, one.weight) for one in list_criteria(1, 2026)) == ("Kế hoạch đúng hạn", Decimal("60.5"))
    assert list_criteria(1, 2027) == list_criteria(1, 2026), "a later year goes on with them"
    assert list_criteria(1, 2025) == []
    assert as_("dung").get(path).status_code == 404, "the unit above"
    assert as_("quang").post(path, data={}).status_code == 403
    assert as_("dung").get("/admin/reports/scorecard/criteria/2/2026").status_code == 200


def test_it_scores_units_from_what_they_handed_in(app, as_, at_the_hour):
    """Bình Minh: two of three units handed in, one of them late; Đông Hoà: one of two is exempt, one missing."""
    plans()
    weights(written_done="60", written_in_time="40")
    page = as_("kien").get("/admin/reports/scorecard?unit=1&year=2026").get_data(as_text=True)
    rows = [row.split("</tr>")[0] for row in page.split("<tr>")[2:]]
    minh = next(row for row in rows if "phường Bình Minh" in row)
    assert [cell.split("</td>")[0] for cell in minh.split('<td class="num">')[1:]] == ["1", "40,00", "13,33", "53,33"]
    hoa = next(row for row in rows if "xã Đông Hoà" in row)
    assert [cell.split("</td>")[0] for cell in hoa.split('<td class="num">')[1:]] == ["2", "30,00", "20,00", "50,00"]
    assert "Chưa có số liệu" in as_("kien").get("/admin/reports/scorecard?unit=1&year=2025").get_data(as_text=True)


def test_officers_plan_the_classes_of_a_year(app, as_, session, at_the_hour):
    from elearn.classes import services
    from elearn.classes.rules.programmes import Lesson, Terms

    made = services.save_programme(
        (4, "Đặng Trung Kiên"), None, 1, "NTVD", Terms("Bồi dưỡng nhận thức", (Lesson("Bài 1", 5),)), datetime.now(UTC)
    )
    path, client = "/admin/reports/class_results/plan/1/2026", as_("kien")
    assert "Bồi dưỡng nhận thức" in client.get(path).get_data(as_text=True)
    answer = client.post(path, data={f"learners-{made}": "nhiều"})
    assert answer.status_code == 400
    assert 'value="nhiều"' in answer.get_data(as_text=True), "nothing typed is lost"
    assert client.post(path, data={f"learners-{made}": "1.200"}).status_code == 302
    session.rollback()
    assert list_class_plans(1, 2026) == {"Bồi dưỡng nhận thức": 1200}
    page = client.get("/admin/reports/class_results?unit=1&span=2026").get_data(as_text=True)
    assert "mở 0 lớp cho 0 học viên, đạt 0,00% kế hoạch năm" in page, "what is planned and has not begun is in the report"
    client.post(path, data={f"learners-{made}": ""})
    session.rollback()
    assert list_class_plans(1, 2026) == {}
    assert as_("quang").get(path).status_code == 403
