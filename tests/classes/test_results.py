"""From marks to recognised results: two who write at once, the council, the learner's own view, corrections, documents."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document as WordFile
from python_calamine import CalamineWorkbook

from elearn.classes import services
from elearn.classes.models import Cohort, Enrolment, LearnerMark, MarkChange, Result, ResultAppeal, ResultChange
from elearn.classes.queries import results
from elearn.classes.rules.nomination import Act
from elearn.classes.rules.programmes import Lesson, Part, Terms
from elearn.classes.rules.sheet import Typed
from elearn.classes.services.essays import ORIGIN, take_mark
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.marking.hooks import Marked
from elearn.marking.models import Script
from elearn.members.hooks import erasers, own_data
from elearn.notices.models import Notice
from elearn.submissions.models import Assignment, AssignmentTarget
from elearn.submissions.services import exempt, hand_in, save_draft
from tests.classes.conftest import DUNG, NOW, text_of

pytestmark = pytest.mark.usefixtures("at_the_hour")

D = Decimal
THANH = (9, "Đỗ Văn Thành")


class Class:
    """Hạnh and Bình in a class of 20 sessions counted on paper, test and essay each half of the mark."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.id = desk.essay_cohort()
        desk.add(2, 1, 2, cohort=self.id)
        desk.all_in(1, 2, cohort=self.id)
        services.open_class(DUNG, self.id, "12-QĐ/TTCT", date(2026, 10, 5), NOW)
        services.set_sheet(DUNG, self.id, 20, None, "best", NOW)

    def row(self, session, member=1):
        return session.query(Enrolment).filter_by(cohort_id=self.id, member_id=member).one().id

    def fill(self, session, member, attended, test, essay):
        number = self.row(session, member)
        typed = {"attended": attended, "test": test, "essay": essay}
        cells = [Typed((number, part), None, D(value)) for part, value in typed.items()]
        return services.save_marks(DUNG, self.id, cells, NOW)

    def decided(self, session):
        self.fill(session, 1, "18", "8.5", "8")
        self.fill(session, 2, "14", "9", "9")
        services.decide_results(DUNG, self.id, {}, "05-BB/HĐ", date(2026, 10, 20), NOW)
        return self

    def recognised(self, session):
        self.decided(session)
        services.recognise_results(DUNG, self.id, "33-QĐ/TTCT", date(2026, 10, 22), NOW)
        return self


@pytest.fixture
def lop(desk):
    return Class(desk)


def test_it_proposes_with_the_rule_in_words(lop, session):
    lop.fill(session, 1, "18", "8.5", "8")
    lop.fill(session, 2, "14", "9", "9")
    rows = {row.name: row.proposal for row in results.list_sheet(session.get_one(Cohort, lop.id))}
    assert rows["Trần Thị Hạnh"].why == "dự 18/20 buổi = 90%; điểm 8,25 → Giỏi"
    assert rows["Nguyễn Văn Bình"].why == "không đạt vì dự 14/20 buổi = 70%, dưới 80%"


def test_it_loses_no_mark_when_two_write_at_once(as_, lop, session):
    dung, kien, number = as_("dung"), as_("kien"), lop.row(session)
    cell = {f"base-{number}-test": "", f"mark-{number}-test": "8,5"}
    assert kien.post(f"/admin/classes/{lop.id}/marks", data=cell).status_code == 302
    assert dung.post(f"/admin/classes/{lop.id}/marks", data=cell).status_code in (302, 404)
    other = kien.post(
        f"/admin/classes/{lop.id}/marks",
        data={f"base-{number}-test": "", f"mark-{number}-test": "7", f"base-{number}-essay": "", f"mark-{number}-essay": "9"},
    )
    assert other.status_code == 409
    assert "Người khác vừa ghi 8,5" in text_of(other)
    assert 'value="7"' in text_of(other)
    assert results.current_marks(lop.id) == {(number, "test"): D("8.5"), (number, "essay"): D(9)}
    again = {f"base-{number}-test": "8,5", f"mark-{number}-test": "7"}
    assert kien.post(f"/admin/classes/{lop.id}/marks", data=again).status_code == 302
    assert [(one.before, one.after) for one in session.query(MarkChange).filter_by(part="test")] == [
        (None, D("8.5")),
        (D("8.5"), D(7)),
    ]


def test_it_saves_the_sound_cells_and_keeps_the_others_as_typed(as_, lop, session):
    number = lop.row(session)
    cells = {f"mark-{number}-test": "11", f"base-{number}-test": "", f"mark-{number}-essay": "9,25", f"base-{number}-essay": ""}
    bad = as_("kien").post(f"/admin/classes/{lop.id}/marks", data=cells)
    assert bad.status_code == 400
    assert "không phải là số từ 0 đến 10" in text_of(bad)
    assert 'value="11"' in text_of(bad)
    assert results.current_marks(lop.id) == {(number, "essay"): D("9.25")}


def test_it_takes_a_paste_by_code_or_name(as_, lop, session):
    text = "DV00001\t18\t8,5\t8\nNguyễn Văn Bình\t20\t6\nKhông Ai\t1"
    page = as_("kien").post(f"/admin/classes/{lop.id}/marks/paste", data={"text": text})
    assert page.status_code == 400
    assert "3: Không Ai" in text_of(page)
    assert session.query(LearnerMark).count() == 5


def test_it_takes_the_test_from_the_quiz_engine(school, desk, session):
    course = school.course()
    cohort = desk.plan(
        "CO-KHOA", course_id=course, starts_at=NOW - timedelta(days=3), due_at=NOW + timedelta(days=3), nominate_until=None
    )
    desk.add(2, 1, cohort=cohort)
    desk.all_in(1, cohort=cohort)
    services.open_class(DUNG, cohort, "1", date(2026, 10, 5), NOW)
    school.study(course, 1, lessons=3, mark=9, is_passed=True)
    row = results.list_sheet(session.get_one(Cohort, cohort))[0]
    assert row.automatic["test"] == D("9.00")
    services.save_marks(DUNG, cohort, [Typed((row.enrolment_id, "test"), None, D("7.5"))], NOW)
    assert results.list_sheet(session.get_one(Cohort, cohort))[0].figures.marks["test"] == D("7.5")


def test_it_decides_only_what_is_complete_or_reasoned(as_, lop, session):
    lop.fill(session, 1, "18", "8.5", "8")
    with pytest.raises(InvalidInput, match="Nguyễn Văn Bình: còn thiếu số buổi dự"):
        services.decide_results(DUNG, lop.id, {}, "05", date(2026, 10, 20), NOW)
    number = lop.row(session, 2)
    with pytest.raises(InvalidInput, match="phải ghi lý do"):
        services.decide_results(DUNG, lop.id, {number: services.Verdict("Khá")}, "05", date(2026, 10, 20), NOW)
    form = {f"grade-{number}": "Không đạt", f"reason-{number}": "Bỏ học từ buổi thứ ba", "number": "05-BB/HĐ", "day": "20/10/2026"}
    assert as_("kien").post(f"/admin/classes/{lop.id}/council", data=form).status_code == 302
    found = {one.enrolment_id: (one.grade, one.is_passed, one.reason) for one in session.query(Result)}
    assert found == {lop.row(session, 1): ("Giỏi", True, ""), number: ("Không đạt", False, "Bỏ học từ buổi thứ ba")}
    bad = as_("kien").post(f"/admin/classes/{lop.id}/council", data=form | {f"reason-{number}": "", "number": ""})
    assert bad.status_code == 400
    assert "Bỏ học" not in text_of(bad)


def test_it_shows_a_learner_their_result_only_once_it_is_recognised(as_, lop, session):
    lop.decided(session)
    assert "Kết quả của bạn" not in text_of(as_("hanh").get(f"/my-classes/{lop.id}"))
    with pytest.raises(DomainError, match="chưa công bố"):
        services.file_appeal((1, "Trần Thị Hạnh"), lop.row(session), "Điểm chưa đúng", NOW)
    services.recognise_results(DUNG, lop.id, "33-QĐ/TTCT", date(2026, 10, 22), NOW)
    page = text_of(as_("hanh").get(f"/my-classes/{lop.id}"))
    assert "Giỏi · 8,25 điểm" in page
    assert "dự 18/20 buổi = 90%; điểm 8,25 → Giỏi" in page
    assert session.query(Notice).filter(Notice.title.startswith("Đã có kết quả")).count() == 1
    with pytest.raises(DomainError, match="đã được công nhận"):
        services.save_marks(DUNG, lop.id, [], NOW)


def test_it_offers_a_certificate_to_nobody_who_failed(lop, session):
    lop.decided(session)
    assert results.list_passed(lop.id) == []
    services.recognise_results(DUNG, lop.id, "33-QĐ/TTCT", date(2026, 10, 22), NOW)
    assert [(one.name, one.grade, one.mark) for one in results.list_passed(lop.id)] == [("Trần Thị Hạnh", "Giỏi", D("8.25"))]
    services.correct_result(DUNG, lop.row(session), "Không đạt", "Phát hiện nhờ người học hộ", NOW)
    assert results.list_passed(lop.id) == []
    assert results.list_passed(999) == []


def test_it_refuses_whoever_has_the_certificate_still_in_force(lop, desk, session):
    lop.recognised(session)
    terms = Terms("Bồi dưỡng đảng viên mới", (Lesson("Bài một", 5),), not_holding="DVM", parts=(Part("test", D(100)),))
    again = services.save_programme(DUNG, None, 1, "DVM2", terms, NOW)
    plan = services.Plan("Lớp sau", "DVM-SAU", NOW + timedelta(days=40), NOW + timedelta(days=44), {2: 5})
    cohort = services.plan_cohort(DUNG, again, 1, plan, NOW)
    desk.add(2, 1, 2, cohort=cohort)
    outcome = desk.act(Act.SUBMIT, cohort=cohort)
    # Bình failed and may come again.
    assert [(one.name, one.reasons[0].words) for one in outcome.refused] == [
        ("Trần Thị Hạnh", "đã có giấy chứng nhận còn hạn đến 22/10/2031")
    ]
    later = services.Plan("Lớp sau nữa", "DVM-2031", NOW + timedelta(days=1900), NOW + timedelta(days=1904), {2: 5})
    far = services.plan_cohort(DUNG, again, 1, later, NOW)
    desk.add(2, 1, cohort=far)
    assert desk.act(Act.SUBMIT, cohort=far).refused == ()


def test_it_answers_an_appeal_and_keeps_what_was(as_, lop, session):
    lop.recognised(session)
    binh = as_("binh")
    assert binh.post(f"/my-classes/{lop.id}/appeal", data={"text": "a"}).status_code == 400
    assert binh.post(f"/my-classes/{lop.id}/appeal", data={"text": "Tôi dự 16 buổi, có chữ ký"}).status_code == 302
    assert binh.post(f"/my-classes/{lop.id}/appeal", data={"text": "Tôi hỏi lần nữa"}).status_code == 409
    assert as_("moi").post(f"/my-classes/{lop.id}/appeal", data={"text": "Tôi hỏi"}).status_code in (302, 404)
    assert "1 đề nghị xem lại kết quả" in text_of(as_("kien").get("/admin"))
    appeal = session.query(ResultAppeal).one()
    url = f"/admin/classes/appeals/{appeal.id}"
    assert as_("thuan").get(url).status_code == 404
    assert as_("kien").post(url, data={"grade": "Xuất sắc", "answer": ""}).status_code == 400
    assert as_("kien").post(url, data={"grade": "Xuất sắc", "answer": "Đã đối chiếu sổ điểm danh"}).status_code == 302
    session.expire_all()
    result, change = session.get_one(Result, lop.row(session, 2)), session.query(ResultChange).one()
    assert (result.grade, result.is_passed, result.version, appeal.outcome) == ("Xuất sắc", True, 2, "changed")
    assert (change.grade_before, change.grade_after, change.reason) == ("Không đạt", "Xuất sắc", "Đã đối chiếu sổ điểm danh")
    assert "Đã đối chiếu sổ điểm danh" in text_of(binh.get(f"/my-classes/{lop.id}"))


def test_it_corrects_one_result_with_its_history(as_, lop, session):
    lop.recognised(session)
    url = f"/admin/classes/results/{lop.row(session)}/correct"
    assert as_("kien").post(url, data={"grade": "Khá", "reason": ""}).status_code == 400
    assert as_("kien").post(url, data={"grade": "Giỏi", "reason": "Nhầm cột điểm"}).status_code == 400
    assert as_("kien").post(url, data={"grade": "Khá", "reason": "Nhầm cột điểm"}).status_code == 302
    assert "Giỏi → Khá" in text_of(as_("kien").get(f"/admin/classes/{lop.id}/council"))


def test_it_writes_minutes_decision_and_list(as_, lop, session):
    here = f"/admin/classes/{lop.id}/papers"
    assert as_("kien").get(f"{here}/minutes.docx?style=party").status_code == 409
    lop.recognised(session)
    assert "Quyết định công nhận kết quả" in text_of(as_("kien").get(here))
    file = WordFile(BytesIO(as_("kien").get(f"{here}/recognition.docx?style=party&issuer=Trung+tâm+chính+trị&office=TTCT").data))
    words = "\n".join(one.text for one in file.paragraphs)
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert "Công nhận 01 học viên" in words
    assert "số 05-BB/HĐ, ngày 20 tháng 10 năm 2026" in words
    assert "Số 33-QĐ/TTCT" in cells
    assert "Trần Thị Hạnh" in cells
    assert "Nguyễn Văn Bình" not in cells
    minutes = WordFile(BytesIO(as_("kien").get(f"{here}/minutes.docx?style=state").data))
    assert "Giỏi 01 (50,00%); Không đạt 01 (50,00%)" in "\n".join(one.text for one in minutes.paragraphs)
    assert as_("kien").get(f"{here}/results.pdf").data[:4] == b"%PDF"
    rows = CalamineWorkbook.from_filelike(BytesIO(as_("kien").get(f"{here}/results.xlsx").data)).get_sheet_by_index(0).to_python()
    assert [row[5:8] for row in rows if row[1] == "Trần Thị Hạnh"] == [[8.25, "Giỏi", "Đạt"]]


def test_it_marks_essays_blind_and_enters_the_mark(as_, lop, session):
    form = {"title": "Bài thu hoạch", "prompt": "Liên hệ bản thân", "due_on": "25/10/2026", "takes_file": "y"}
    assert as_("kien").post(f"/admin/classes/{lop.id}/essay", data=form).status_code == 302
    target = session.query(AssignmentTarget).filter_by(member_id=1).one()
    hanh = (1, "Trần Thị Hạnh")
    save_draft(hanh, target.id, {"text": "Bài viết của tôi về công tác chi bộ. " * 20}, 0, NOW)
    hand_in(hanh, target.id, NOW)
    bad = as_("kien").post(f"/admin/classes/{lop.id}/essay", data={"rubric": "Nội dung | 6\nTrình bày | 3", "examiners": 1})
    assert bad.status_code == 400
    assert "đúng 10" in text_of(bad)
    give = {"rubric": "Nội dung | 6\nTrình bày | 4", "examiners": 1}
    assert as_("kien").post(f"/admin/classes/{lop.id}/essay", data=give).status_code == 302
    script = session.query(Script).one()
    assert (script.origin, script.origin_id, script.max_mark) == (ORIGIN, target.id, D(10))
    assert "Hạnh" not in script.text + script.prompt
    assert services.give_to_examiners(DUNG, lop.id, "", 1, NOW) == 0
    assert "Hạnh" not in text_of(as_("thanh").get("/admin/marking"))
    with transaction() as writing:
        take_mark(writing, Marked(ORIGIN, target.id, 0, D("7.5"), (), THANH, NOW))
    assert results.current_marks(lop.id) == {(lop.row(session), "essay"): D("7.5")}
    assert session.query(MarkChange).one().by_name == "Đỗ Văn Thành"


def test_it_puts_the_class_among_what_a_learner_has_to_do(as_, lop):
    page = text_of(as_("hanh").get("/"))
    assert "Dự lớp: Lớp DVM-2026-10" in page
    assert "Dự lớp" not in text_of(as_("lan").get("/"))


def test_it_lets_the_old_be_exempt_from_the_essay(lop, session):
    services.ask_essay(DUNG, lop.id, "Bài thu hoạch", "", NOW + timedelta(days=3), True, NOW)
    exempt(DUNG, session.query(AssignmentTarget).filter_by(member_id=2).one().id, "Đảng viên cao tuổi", NOW)
    number = lop.row(session, 2)
    services.save_marks(DUNG, lop.id, [Typed((number, "attended"), None, D(20)), Typed((number, "test"), None, D(8))], NOW)
    row = next(one for one in results.list_sheet(session.get_one(Cohort, lop.id)) if one.member_id == 2)
    assert row.proposal.why == "dự 20/20 buổi = 100%; miễn bài thu hoạch; điểm 8,00 → Giỏi"


def test_it_asks_those_who_come_later_for_the_essay_too(lop, session):
    services.ask_essay(DUNG, lop.id, "Bài thu hoạch", "", NOW + timedelta(days=3), True, NOW)
    services.enrol_late(DUNG, lop.id, 5, [3], "Bổ sung theo đề nghị", NOW)
    assert {one.member_id for one in session.query(AssignmentTarget).filter_by(removed_at=None)} == {1, 2, 3}
    services.withdraw(DUNG, lop.row(session, 1), "Chuyển công tác", NOW)
    session.expire_all()
    assert {one.member_id for one in session.query(AssignmentTarget).filter_by(removed_at=None)} == {2, 3}
    assert session.query(Assignment).one().origin_id == lop.id


@pytest.mark.parametrize(
    "page", ["marks", "council", "appeals", "essay", "marks/settings", "recognise", "late", "open", "plan", "papers", "nominations"]
)
def test_it_hides_the_class_from_outsiders(as_, lop, page):
    assert as_("kien").get(f"/admin/classes/{lop.id}/{page}").status_code == 200
    assert as_("thuan").get(f"/admin/classes/{lop.id}/{page}").status_code == 404
    assert as_("hanh").get(f"/admin/classes/{lop.id}/{page}").status_code == 403


def test_it_takes_no_marks_from_viewers_and_examiners_decide_nothing(as_, lop, session):
    number = lop.row(session)
    cell = {f"base-{number}-test": "", f"mark-{number}-test": "8"}
    assert as_("quang").post(f"/admin/classes/{lop.id}/marks", data=cell).status_code == 404
    assert as_("thanh").post(f"/admin/classes/{lop.id}/marks", data=cell).status_code == 302
    assert as_("thanh").post(f"/admin/classes/{lop.id}/council", data={"number": "1", "day": "20/10/2026"}).status_code == 403


def test_it_gives_a_person_their_data_and_erases_their_name(app, lop, session):
    lop.recognised(session)
    services.file_appeal((2, "Nguyễn Văn Bình"), lop.row(session, 2), "Tôi là Bình, xin xem lại", NOW)
    held = next(found["classes"] for found in (one(2) for one in own_data) if "classes" in found)
    assert (held[0]["result"], held[0]["appeals"]) == ("Không đạt", ["Tôi là Bình, xin xem lại"])
    with transaction() as writing:
        for erase in erasers:
            erase(writing, 2, "Người đã xoá")
            erase(writing, 5, "Người đã xoá")
    session.expire_all()
    assert session.query(ResultAppeal).one().text == ""
    assert {one.by_name for one in session.query(MarkChange)} == {"Người đã xoá"}
    assert session.query(Enrolment).filter_by(member_id=2).one().display_name == "Người đã xoá"
