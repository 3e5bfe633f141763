"""The first half of 2023 as it was reported: eight classes, six of them for 872 people and two for 259, from nomination to recognised results."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from elearn.classes import services
from elearn.classes.models import Cohort, Enrolment, Programme, Result
from elearn.classes.queries.nominations import list_ids
from elearn.classes.queries.results import list_class_figures, list_sheet
from elearn.classes.rules.nomination import Act, State
from elearn.classes.rules.programmes import DEFAULT_BANDS, Lesson, Part, Terms, grade_of
from elearn.classes.rules.sheet import Typed
from elearn.core.db import db, transaction
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.models import Member
from elearn.members.rules.logins import login_key

KIEN = (4, "Đặng Trung Kiên")
JANUARY, JULY = datetime(2022, 12, 31, 17, tzinfo=UTC), datetime(2023, 6, 30, 17, tzinfo=UTC)
AWARENESS = (145, 145, 145, 145, 146, 146)
NEW_MEMBERS = (130, 129)
FAMILY, MIDDLE, GIVEN = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng"),
    ("Văn", "Thị", "Đức", "Ngọc", "Thanh"),
    ("An", "Bình", "Chi", "Dũng", "Hà", "Lan"),
)


def invent(kind: str, count: int, unit_id: int, first: int) -> list[int]:
    """Invented people of a unit; returns their ids."""
    luck = random.Random(f"{kind}|{unit_id}|{first}")
    rows = []
    for number in range(first, first + count):
        name = f"{luck.choice(FAMILY)} {luck.choice(MIDDLE)} {luck.choice(GIVEN)}"
        code = f"HV{number:05}"
        rows.append(
            {
                "id": number, "code": code, "login": code, "login_key": login_key(code), "display_name": name, "kind": kind,
                "name_key": name_sort_key(name), "search_key": fold(f"{name} {code}"), "birth_date": date(1995, 1, 1), "unit_id": unit_id,
                "birth_precision": "year", "status": "active", "password_hash": "", "created_at": JANUARY, "must_change_password": False,
            }
        )  # fmt: skip
    with transaction() as session:
        session.execute(insert(Member), rows)
    return [row["id"] for row in rows]


def hold_class(programme: int, number: int, people: list[list[int]], starts_at: datetime) -> int:
    """One class from its plan to its recognised results, through the services that the pages use."""
    total = sum(map(len, people))
    code = f"{programme}-2023-{number:02}"
    quotas = {unit_id: len(some) for unit_id, some in zip((2, 5), people, strict=True)}
    plan = services.Plan(
        f"Lớp {code}", code, starts_at, starts_at + timedelta(days=4), quotas, capacity=total, place="Hội trường tỉnh"
    )
    cohort_id = services.plan_cohort(KIEN, programme, 1, plan, starts_at - timedelta(days=20))
    now = starts_at - timedelta(days=10)
    for unit_id, some in zip((2, 5), people, strict=True):
        assert services.add_nominees(KIEN, cohort_id, unit_id, some, now).new == len(some)
    chosen = list_ids(cohort_id, [State.DRAFT])
    for what in (Act.SUBMIT, Act.CONFIRM, Act.APPROVE):
        outcome = services.act(KIEN, cohort_id, chosen, what, "", now)
        assert (outcome.total, outcome.refused) == (total, ()), what
    services.open_class(KIEN, cohort_id, f"{number:02}-QĐ/TTCT", (now + timedelta(days=2)).date(), now)
    services.set_sheet(KIEN, cohort_id, 10, None, "best", now)
    return cohort_id


def finish_class(cohort_id: int, number: int, now: datetime) -> dict[str, int]:
    """Marks, council and recognition; returns how many got which grade, worked out here from the marks."""
    luck = random.Random(number)
    cells, grades = [], {}
    for enrolment_id in [row[0] for row in db.session.query(Enrolment.id).filter_by(cohort_id=cohort_id).order_by(Enrolment.id)]:
        mark, attended = Decimal(luck.randint(450, 1000)).scaleb(-2), luck.randint(8, 10)
        cells += [Typed((enrolment_id, "test"), None, mark), Typed((enrolment_id, "attended"), None, Decimal(attended))]
        grade = grade_of(mark, DEFAULT_BANDS).name
        grades[grade] = grades.get(grade, 0) + 1
    services.save_marks(KIEN, cohort_id, cells, now)
    services.decide_results(KIEN, cohort_id, {}, f"{number:02}-BB/HĐ", now.date(), now)
    services.recognise_results(KIEN, cohort_id, f"{number:02}-QĐ/TTCT", now.date(), now)
    return grades


@pytest.fixture
def half_year(app):
    """Both programmes and their eight classes; by programme the grades that the marks give."""
    parts = (Part("test", Decimal(100)),)
    awareness = Terms(
        "Bồi dưỡng nhận thức về Đảng", tuple(Lesson(f"Bài {n}", 5) for n in range(1, 6)), kinds=("outstanding",), parts=parts
    )
    fresh = Terms(
        "Bồi dưỡng lý luận chính trị cho đảng viên mới",
        tuple(Lesson(f"Bài {n}", 4) for n in range(1, 11)),
        kinds=("probationary",),
        parts=parts,
    )
    programmes = [
        services.save_programme(KIEN, None, 1, code, terms, JANUARY) for code, terms in (("NTVD", awareness), ("DVM", fresh))
    ]
    expected: dict[int, dict[str, int]] = {one: {} for one in programmes}
    first, number = 1000, 0
    for programme, kind, sizes in zip(programmes, ("outstanding", "probationary"), (AWARENESS, NEW_MEMBERS), strict=True):
        for size in sizes:
            number += 1
            half = size // 2
            people = [invent(kind, half, 3, first), invent(kind, size - half, 6, first + half)]
            first += size
            starts_at = datetime(2023, 1, 1, 0, tzinfo=UTC) + timedelta(days=20 * number)
            cohort_id = hold_class(programme, number, people, starts_at)
            for grade, count in finish_class(cohort_id, number, starts_at + timedelta(days=8)).items():
                expected[programme][grade] = expected[programme].get(grade, 0) + count
    return programmes, expected


def test_it_reports_exactly_the_eight_classes_of_the_half_year(half_year, session):
    _, expected = half_year
    figures = list_class_figures(["/1/"], JANUARY, JULY)
    assert [(one.programme, one.cohorts, one.learners) for one in figures] == [
        ("Bồi dưỡng lý luận chính trị cho đảng viên mới", 2, 259), ("Bồi dưỡng nhận thức về Đảng", 6, 872),
    ]  # fmt: skip
    assert (sum(one.cohorts for one in figures), sum(one.learners for one in figures)) == (8, 1131)
    by_name = {session.get_one(Programme, one).name: grades for one, grades in expected.items()}
    assert {one.programme: dict(one.by_grade) for one in figures} == by_name
    for one in figures:
        assert sum(one.by_grade.values()) == one.learners
        assert one.passed == one.learners - one.by_grade.get("Không đạt", 0)
    assert session.query(Result).count() == 1131
    assert list_class_figures(["/1/"], JULY, JULY + timedelta(days=180)) == []
    assert list_class_figures(["/1/5/"], JANUARY, JULY) == []
    rows = list_sheet(session.query(Cohort).order_by(Cohort.id).first())
    assert len(rows) == 145
    assert all(row.result is not None and row.result.grade == row.proposal.grade for row in rows)
    assert all("10 buổi" in row.proposal.why for row in rows)
