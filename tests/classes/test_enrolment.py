"""Enrolling by ticking, by a whole unit, by pasting; withdrawing and coming back."""

from __future__ import annotations

import pytest

from elearn.audit.models import AuditEntry
from elearn.classes.models import Enrolment
from elearn.core.db import transaction
from elearn.members.models import Member
from tests.classes.conftest import NOW
from tests.counting import statements

pytestmark = pytest.mark.usefixtures("at_the_hour")


@pytest.fixture
def fresh(school) -> int:
    return school.cohort(school.course())


def enrolled(session) -> set[int]:
    session.rollback()
    return {row.member_id for row in session.query(Enrolment).filter_by(withdrawn_at=None)}


def test_it_enrols_the_ticked_with_name_and_unit_of_the_day(as_, fresh, session):
    answer = as_("dung").post(f"/admin/classes/{fresh}/enrol?q=h", data={"member": ["1", "2", "2"]})
    assert answer.status_code == 302
    assert enrolled(session) == {1, 2}
    with transaction() as writing:
        writing.get(Member, 1).display_name = "Trần Thị Hạnh Phúc"
    row = session.query(Enrolment).filter_by(member_id=1).one()
    assert (row.display_name, row.unit_name, row.enrolled_by_id) == ("Trần Thị Hạnh", "Chi bộ Khu phố 5", 5)


@pytest.mark.parametrize("ticked", [["3"], ["13"], ["99999"], ["abc", "-1", "9" * 30]])
def test_it_never_enrols_people_out_of_scope_or_disabled_or_unknown(as_, fresh, session, ticked):
    assert as_("dung").post(f"/admin/classes/{fresh}/enrol", data={"member": ticked}).status_code == 302
    assert enrolled(session) == set()


def test_it_says_when_nobody_was_ticked(as_, fresh):
    dung = as_("dung")
    dung.post(f"/admin/classes/{fresh}/enrol")
    assert "Chưa chọn ai" in dung.get(f"/admin/classes/{fresh}").get_data(as_text=True)


def test_it_finds_people_without_accents_and_only_in_scope(as_, fresh):
    dung = as_("dung")
    assert "Trần Thị Hạnh" in dung.get(f"/admin/classes/{fresh}/enrol?q=tran+hanh").get_data(as_text=True)
    assert "Phạm Thị Lan Anh" not in dung.get(f"/admin/classes/{fresh}/enrol").get_data(as_text=True)
    assert "Không tìm thấy ai" in dung.get(f"/admin/classes/{fresh}/enrol?q=lan+anh").get_data(as_text=True)
    page = dung.get(f"/admin/classes/{fresh}/enrol?unit=6").get_data(as_text=True)
    assert "Thôn Thượng" not in page


def test_it_enrols_a_whole_unit_after_a_look(as_, fresh, session):
    dung = as_("dung")
    assert "Ghi danh cả 2 người" in dung.get(f"/admin/classes/{fresh}/enrol-all?unit=3").get_data(as_text=True)
    assert dung.post(f"/admin/classes/{fresh}/enrol-all?unit=3").status_code == 302
    assert enrolled(session) == {1, 12}


def test_it_previews_pasted_lines_and_writes_nothing(as_, fresh, session):
    text = "1\tTrần Thị Hạnh\nDV00002\nPhạm Thị Lan Anh\nDV00003\nLê Không Ai\n"
    answer = as_("dung").post(f"/admin/classes/{fresh}/paste", data={"text": text, "step": "look"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Ghi danh 2 người" in page
    assert page.count("Không tìm thấy trong phạm vi") == 2
    assert "ngoài phạm vi của bạn" in page
    assert 'value="Lê Không Ai"' in page
    assert enrolled(session) == set()


def test_it_enrols_the_clear_lines_and_keeps_the_others(as_, fresh, session):
    answer = as_("dung").post(f"/admin/classes/{fresh}/paste", data={"text": "hanh\nNguyễn Văn Bìn\n", "step": "enrol"})
    page = answer.get_data(as_text=True)
    assert enrolled(session) == {1}
    assert "Đã ghi danh 1 người." in page
    assert 'value="Nguyễn Văn Bìn"' in page
    data = {"text": "", "line": ["Nguyễn Văn Bình"], "step": "enrol"}
    assert as_("dung").post(f"/admin/classes/{fresh}/paste", data=data).status_code == 302
    assert enrolled(session) == {1, 2}


def test_it_lets_one_choose_among_people_of_the_same_name(as_, fresh, session):
    with transaction() as writing:
        twin = writing.get(Member, 12)
        twin.display_name, twin.search_key = "Trần Thị Hạnh", "tran thi hanh moi dv00012"
    dung = as_("dung")
    page = dung.post(f"/admin/classes/{fresh}/paste", data={"text": "tran thi hanh", "step": "look"}).get_data(as_text=True)
    assert "Có 2 người khớp" in page
    data = {"line": ["", "tran thi hanh"], "choice-1": "12", "step": "look"}
    page = dung.post(f"/admin/classes/{fresh}/paste", data=data).get_data(as_text=True)
    assert "DV00012\n" in page
    assert "1 dòng sẵn sàng" in page
    dung.post(f"/admin/classes/{fresh}/paste", data={**data, "step": "enrol"})
    assert enrolled(session) == {12}


@pytest.mark.parametrize("text", ["", "   \n \t \n", "A B\n" * 2001])
def test_it_refuses_nothing_and_too_much(as_, fresh, text):
    answer = as_("dung").post(f"/admin/classes/{fresh}/paste", data={"text": text})
    assert answer.status_code == 400
    assert "Hãy" in answer.get_data(as_text=True)


def test_it_reads_a_long_list_in_few_statements(as_, fresh):
    text = "\n".join(f"Nguyễn Văn Bình {number}\tDV{number:05}" for number in range(2000))
    dung = as_("dung")
    with statements() as sent:
        assert dung.post(f"/admin/classes/{fresh}/paste", data={"text": text}).status_code == 200
    assert len(sent) < 40


def test_it_withdraws_with_a_reason_and_takes_back(as_, school, fresh, session):
    school.enrol(fresh, 1)
    dung = as_("dung")
    number = session.query(Enrolment).one().id
    session.rollback()
    path = f"/admin/classes/enrolments/{number}"
    assert "Rút Trần Thị Hạnh khỏi lớp?" in dung.get(f"{path}/withdraw").get_data(as_text=True)
    for reason in ("", "x"):
        assert dung.post(f"{path}/withdraw", data={"reason": reason}).status_code == 400
    for name, status in (("thuan", 404), ("quang", 403)):
        assert as_(name).post(f"{path}/withdraw", data={"reason": "chuyển công tác"}).status_code == status
        assert as_(name).post(f"{path}/restore").status_code == status
    assert dung.post(f"{path}/withdraw", data={"reason": "chuyển công tác"}).status_code == 302
    assert enrolled(session) == set()
    page = dung.get(f"/admin/classes/{fresh}?state=withdrawn").get_data(as_text=True)
    assert "chuyển công tác" in page
    assert dung.post(f"{path}/restore").status_code == 302
    assert enrolled(session) == {1}
    actions = [row.action for row in session.query(AuditEntry).order_by(AuditEntry.seq)]
    assert actions == ["open_cohort", "enrol_members", "withdraw_member", "restore_member"]


def test_it_takes_back_somebody_withdrawn_who_is_enrolled_again(school, fresh, session):
    school.enrol(fresh, 1, 2)
    with transaction() as writing:
        writing.query(Enrolment).filter_by(member_id=1).update({"withdrawn_at": NOW, "withdrawn_reason": "nhầm"})
    assert school.enrol(fresh, 1, 2) == 1
    assert enrolled(session) == {1, 2}


@pytest.mark.parametrize("path", ["close", "reopen", "enrolments/1/restore"])
def test_it_knows_only_its_verbs(as_, path, fresh):
    address = f"/admin/classes/{path}" if "/" in path else f"/admin/classes/{fresh}/{path}"
    assert as_("dung").delete(address).status_code == 405
