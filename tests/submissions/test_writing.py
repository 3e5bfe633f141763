"""Draft, handing in, return, acceptance, exemption: what is done, what is late, what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Member
from elearn.submissions import services
from elearn.submissions.models import SubmissionStep, SubmissionVersion
from elearn.submissions.queries.targets import count_by_unit, deadlines_of, done_by_unit
from elearn.submissions.rules.files import check_file
from elearn.submissions.rules.states import Counts, late_days
from tests.submissions.conftest import DUE, DUNG, HANH, KIEN, NOW, PLAN, target

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def docx(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names or ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def hand_in(target_id, when=NOW, actor=DUNG, answers=PLAN):
    services.save_draft(actor, target_id, answers, 0, when)
    services.hand_in(actor, target_id, when)


def test_it_keeps_a_draft_and_hands_in_a_version_that_never_changes(asked, session):
    plan = asked.unit(2)
    assert services.save_draft(DUNG, plan, {"who": "Chi uỷ", "strange": "x"}, 0, NOW) == 1
    assert target(plan).state == "draft"
    with pytest.raises(InvalidInput) as refused:
        services.hand_in(DUNG, plan, NOW)
    assert refused.value.field == "what"
    services.save_draft(DUNG, plan, PLAN, 1, NOW)
    assert services.hand_in(DUNG, plan, NOW) == 1
    with pytest.raises(DomainError, match="Bài đã nộp"):
        services.save_draft(DUNG, plan, {}, 2, NOW)
    services.withdraw(DUNG, plan, NOW)
    services.save_draft(DUNG, plan, {**PLAN, "who": "Đảng uỷ"}, 2, NOW)
    assert services.hand_in(DUNG, plan, NOW) == 2
    versions = session.scalars(select(SubmissionVersion).order_by(SubmissionVersion.number)).all()
    assert [one.answers["who"] for one in versions] == ["Chi uỷ", "Đảng uỷ"]


def test_it_tells_two_writers_of_each_other(asked):
    plan = asked.unit(2)
    services.save_draft(DUNG, plan, {"who": "A"}, 0, NOW)
    with pytest.raises(DomainError, match="Phan Đức Dũng vừa lưu"):
        services.save_draft(KIEN, plan, {"who": "B"}, 0, NOW)
    assert services.save_draft(KIEN, plan, {"who": "B"}, 1, NOW) == 2


def test_it_marks_late_and_says_by_how_many_days(asked):
    plan, essay = asked.unit(2), asked.member(1)
    hand_in(plan, DUE + timedelta(minutes=1))
    assert target(plan).late_days == 1
    with pytest.raises(DomainError, match="quá hạn"):
        services.withdraw(DUNG, plan, DUE + timedelta(hours=1))
    with pytest.raises(DomainError, match="hết thời gian nhận"):
        services.save_draft(HANH, essay, {"text": "x"}, 0, DUE + timedelta(days=11))


def test_it_returns_with_a_reason_and_does_not_make_what_came_in_time_late(asked):
    plan = asked.unit(2)
    hand_in(plan)
    with pytest.raises(InvalidInput, match="lý do"):
        services.return_(KIEN, plan, " ", NOW)
    services.return_(KIEN, plan, "Thiếu người chịu trách nhiệm", NOW)
    assert target(plan).state == "returned"
    services.hand_in(DUNG, plan, DUE + timedelta(days=3))
    services.accept(KIEN, plan, DUE + timedelta(days=4))
    assert (target(plan).state, target(plan).late_days) == ("accepted", 0)
    with pytest.raises(DomainError):
        services.withdraw(DUNG, plan, NOW)


def test_it_lets_nobody_judge_their_own(asked):
    essay = asked.member(1)
    hand_in(essay, actor=HANH, answers={"text": "Bài của tôi"})
    with pytest.raises(DomainError, match="tự xét"):
        services.accept(HANH, essay, NOW)
    assert services.accept_many(HANH, [essay, asked.member(2)], NOW) == 0
    assert services.accept_many(KIEN, [essay, asked.member(2)], NOW) == 1


def test_it_counts_by_unit_now_and_on_days_gone_by(asked):
    plan = asked.unit(2)
    hand_in(plan)
    services.exempt(KIEN, asked.member(3), "Trên 75 tuổi", NOW + timedelta(days=1))
    services.return_(KIEN, plan, "Chưa rõ việc", NOW + timedelta(days=2))
    db.session.rollback()
    assert count_by_unit(asked.plans) == {2: Counts(returned=1), 5: Counts(missing=1)}
    essays = count_by_unit(asked.essays)
    assert (essays[6].exempt, essays[6].done, essays[3].not_done) == (1, 1, 1)
    assert done_by_unit(asked.plans, NOW) == {2: (1, 1), 5: (0, 1)}
    assert done_by_unit(asked.plans, NOW + timedelta(days=3)) == {2: (0, 1), 5: (0, 1)}
    assert done_by_unit(asked.essays, NOW)[6] == (0, 1)
    services.unexempt(KIEN, asked.member(3), NOW + timedelta(days=3))
    assert done_by_unit(asked.essays, NOW + timedelta(days=3))[6] == (0, 1)
    assert [one.step for one in db.session.scalars(select(SubmissionStep).where(SubmissionStep.target_id == asked.member(3)))] == [
        "exempted",
        "unexempted",
    ]


def test_it_brings_the_list_to_those_of_now_and_loses_no_writing(asked, session):
    hand_in(asked.member(1), actor=HANH, answers={"text": "Bài"})
    session.get(Member, 2).display_name = "Nguyễn Văn Bình (đổi tên)"
    session.commit()

    def take(*ids):
        with transaction() as inside:
            return services.take_targets(inside, KIEN, asked.essays, select(Member.id).where(Member.id.in_(ids)), NOW)

    assert take(2, 3, 12) == services.Taken(1, 0, 1)
    gone = target(asked.member(1))
    assert (gone.removed_at, gone.state, target(asked.member(2)).name) == (NOW, "submitted", "Nguyễn Văn Bình")
    assert take(1, 2, 3, 12) == services.Taken(0, 1, 0)
    assert take(1, 2, 3, 12) == services.Taken(0, 0, 0)
    assert target(asked.member(1)).removed_at is None


def test_it_lets_a_unit_tighten_a_deadline_but_never_loosen_it(asked, session):
    day = timedelta(days=1)
    services.tighten(DUNG, asked.essays, 2, DUE - 5 * day, NOW)
    with pytest.raises(InvalidInput, match="sớm hơn"):
        services.tighten(DUNG, asked.essays, 3, DUE - 4 * day, NOW)
    services.tighten(DUNG, asked.essays, 3, DUE - 6 * day, NOW)
    services.tighten(DUNG, asked.essays, 2, DUE, NOW)  # up to what the province asks
    with pytest.raises(InvalidInput):
        services.tighten(DUNG, asked.essays, 2, DUE + day, NOW)
    session.rollback()
    deadlines = deadlines_of(target(asked.member(1)).assignment)
    assert deadlines.of("/1/2/3/") == DUE - 6 * day
    assert deadlines.of("/1/2/4/") == deadlines.of("/1/5/6/") == DUE


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", PDF), ("a.pdf", docx()), ("a.docx", docx("word/document.xml")), ("a.pdf", b""), ("a.pdf", b"%PDF-1.7 cut off"),
        ("a.exe", PDF), ("a.docx", docx("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")), (".pdf", PDF),
        ("a.pdf", b"%PDF-" + b"x" * 11_000_000 + b"%%EOF"), ("a.docx", b"PK\x03\x04 nothing"),
    ],
)  # fmt: skip
def test_it_refuses_a_file_that_is_not_what_it_says(name, data):
    with pytest.raises(InvalidInput) as refused:
        check_file(name, data)
    assert refused.value.field == "file"


def test_it_takes_word_and_pdf_in_place_of_typing(asked):
    plan = asked.unit(2)
    assert services.attach(DUNG, plan, "C:\\ke hoach\\Kế hoạch.docx", docx(), NOW) == "Kế hoạch.docx"
    services.attach(DUNG, plan, "ke-hoach.pdf", PDF, NOW)
    services.detach(DUNG, plan, NOW)
    with pytest.raises(InvalidInput):
        services.hand_in(DUNG, plan, NOW)
    services.attach(DUNG, plan, "ke-hoach.pdf", PDF, NOW)
    assert services.hand_in(DUNG, plan, NOW) == 1


@given(st.integers(-40 * 24 * 60, 40 * 24 * 60))
def test_it_is_late_exactly_after_the_deadline(minutes):
    days = late_days(DUE + timedelta(minutes=minutes), DUE)
    assert (days > 0) is (minutes > 0)
    assert days <= max(0, minutes // 1440 + 1)
