"""Making a contest from an empty page to publication, and changing it afterwards."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from elearn.contests.models import Contest, Round, RulesChange
from elearn.core.db import db
from elearn.members.models import RoleGrant
from elearn.questions.models import Bank
from elearn.units.models import Unit
from tests.contests.conftest import AFTER, CLOSES, NOW, Fair

NEW = "/admin/contests/new"
FORM: dict[str, Any] = {
    "title": "Tìm hiểu nghị quyết", "lead": "Bốn tuần.", "unit": "1", "organiser_name": "Ban Tuyên giáo", "audience": "members",
    "minimum_age": "14", "excluded_roles": ["contest_officer", "content_editor"], "excludes_writers": "y", "asked": ["phone", "birth_date"],
    "criterion": ["all_correct", "nearest_prediction", "earlier_submission", ""], "counted": "best_correct", "per_person": "round",
    "prize-title": ["Nhất", "Nhì", ""], "prize-count": ["1", "2", ""], "prize-amount": ["4.000.000", "2.000.000", ""],
    "prize-given": ["ranking", "ranking", "ranking"], "prize-title_en": ["", "", ""], "reserves": "2", "objection_days": "3", "do": "save",
}  # fmt: skip
HERE = "/admin/contests/tim-hieu-nghi-quyet"


def paper(bank_id: int, count: int = 3) -> dict[str, Any]:
    return {
        "part": ["0"], "part-0-kind": "draw", "part-0-bank": str(bank_id), "part-0-count": str(count), "minutes": "10", "attempts": "3",
        "questions": "same", "shuffle_options": "y", "metric": "people_all_correct", "counted": "",
    }  # fmt: skip


WEEKLY = {
    "count": "4", "title": "Tuần {n}", "title_en": "", "first_day": "19/10/2026", "opens": "10:00", "closes_on": "0", "closes": "9h00",
}  # fmt: skip


@pytest.fixture
def bank_id(fair: Fair) -> int:
    return db.session.scalars(select(Bank.id)).one()


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def made() -> Contest:
    db.session.rollback()
    return db.session.scalars(select(Contest).where(Contest.code == "tim-hieu-nghi-quyet")).one()


@pytest.fixture
def drafted(bank_id: int, as_: Any) -> Any:
    """A draft of four weeks, made on the pages."""
    client = as_("mai")
    assert client.post(NEW, data=FORM).location == HERE
    assert client.post(f"{HERE}/rounds/weekly", data={**WEEKLY, **paper(bank_id), "do": "save"}).location == HERE
    return client


def test_it_makes_a_contest_with_every_setting(drafted: Any) -> None:
    contest = made()
    rules = contest.rules
    assert (rules.criteria, rules.minimum_age, rules.per_person, rules.reserves, rules.objection_days) == (
        ("all_correct", "nearest_prediction", "earlier_submission"), 14, "round", 2, 3,
    )  # fmt: skip
    assert [(one.title, one.count, one.amount) for one in rules.prizes] == [("Nhất", 1, 4_000_000), ("Nhì", 2, 2_000_000)]
    assert not contest.is_published
    assert len(contest.rounds) == 4
    first, second = contest.rounds[:2]
    assert (first.title, first.opens_at, first.closes_at) == (
        "Tuần 1", datetime(2026, 10, 19, 3, 0, tzinfo=UTC), datetime(2026, 10, 26, 2, 0, tzinfo=UTC),
    )  # fmt: skip
    assert second.opens_at - first.closes_at == timedelta(hours=1)
    assert first.quiz.paper_seed
    assert first.quiz.prediction_prompt
    assert first.quiz.paper_seed != second.quiz.paper_seed
    assert contest.join_code.isdigit()


def test_it_keeps_targets_of_single_units_as_they_are_pasted(drafted: Any, session: Any) -> None:
    codes = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_((2, 5)))).all())
    session.rollback()
    pasted = f"Đơn vị\tChỉ tiêu\n{codes[2]}\t50\n{codes[5]} | 20"
    assert drafted.post(f"{HERE}/edit", data={**FORM, "target": "10", "own_targets": pasted}).location == HERE
    targets = made().rules.unit_targets
    assert [(one.count, one.unit_ids) for one in targets] == [(20, (5,)), (50, (2,)), (10, ())]
    assert f"{codes[2]} | " in text(drafted.get(f"{HERE}/edit")), "what was pasted is shown again"
    wrong = drafted.post(f"{HERE}/edit", data={**FORM, "own_targets": f"{codes[2]} | 50\nĐơn vị không có | 3"})
    assert wrong.status_code == 400
    assert "Dòng 2: không tìm thấy đơn vị" in text(wrong)
    assert drafted.post(f"{HERE}/edit", data={**FORM, "target": "", "own_targets": ""}).location == HERE
    assert made().rules.unit_targets == ()


def test_it_shows_the_windows_before_it_makes_them(bank_id: int, as_: Any) -> None:
    client = as_("mai")
    client.post(NEW, data=FORM)
    page = client.post(f"{HERE}/rounds/weekly", data={**WEEKLY, **paper(bank_id), "do": "preview"})
    assert page.status_code == 200
    for words in ("Sẽ lập 4 vòng", "Tuần 4", "10:00 Thứ Hai, 19/10/2026", "9:00 Thứ Hai, 26/10/2026", "Lập 4 vòng"):
        assert words in text(page).replace("\xa0", " "), words
    assert not made().rounds
    late = client.post(f"{HERE}/rounds/weekly", data={**WEEKLY, **paper(bank_id), "closes": "11:00", "do": "save"})
    assert late.status_code == 400
    assert "dài hơn một tuần" in text(late)
    assert not made().rounds


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Hãy điền ô này"),
        ({"minimum_age": "15", "maximum_age": "12"}, "Tuổi lớn nhất"),
        ({"born_from": "01/01/2010", "born_to": "01/01/2000"}, "phải sau ngày"),
        ({"criterion": ["", ""]}, "ít nhất một tiêu chí"),
        ({"criterion": ["drawn_lots", "most_correct"]}, "Bốc thăm phải là tiêu chí cuối"),
        ({"criterion": ["most_correct", "most_correct"]}, "chỉ chọn một lần"),
        ({"criterion": ["nothing"]}, "không có trong danh sách"),
        ({"prize-count": ["0", "2", ""]}, "Số giải từ 1"),
        ({"prize-title": ["Nhất", "Nhất", ""]}, "trùng tên"),
        ({"prize-amount": ["nhiều", "", ""]}, "bằng đồng"),
        ({"weight_rate": "35", "weight_mean": "35"}, "cộng thành 100"),
        ({"decision_on": "hôm qua"}, "Ngày không đúng"),
    ],
)
def test_it_says_at_the_field_what_is_wrong_and_loses_nothing(fair: Fair, as_: Any, changes: dict[str, Any], words: str) -> None:
    answer = as_("mai").post(NEW, data={**FORM, **changes})
    assert answer.status_code == 400
    assert words in text(answer)
    assert "Bốn tuần." in text(answer)
    assert "Ban Tuyên giáo" in text(answer)


def test_it_adds_a_row_without_a_script(fair: Fair, as_: Any) -> None:
    page = as_("mai").post(NEW, data={**FORM, "title": "", "do": "add-prize"})
    assert page.status_code == 200
    assert text(page).count('name="prize-title"') == 4
    assert "4.000.000" in text(page)


def test_it_publishes_what_the_check_list_lets_pass(drafted: Any, as_: Any) -> None:
    page = text(drafted.get(HERE))
    assert "ngân hàng đủ để rút 3 câu" in page
    assert "Chưa có bản sao lưu nào" in page
    assert drafted.get("/contests/tim-hieu-nghi-quyet").status_code == 200
    assert as_("hanh").get("/contests/tim-hieu-nghi-quyet").status_code == 404
    drafted.post(f"{HERE}/go-live")
    assert made().is_published
    assert as_().get("/contests/tim-hieu-nghi-quyet/rules").status_code == 200
    drafted.post(f"{HERE}/withdraw")
    assert not made().is_published


def test_it_publishes_nothing_that_the_check_list_stops(drafted: Any, session: Any) -> None:
    session.execute(db.delete(RoleGrant).where(RoleGrant.member_id == 4))
    session.commit()
    assert "Chưa đủ hai cán bộ" in text(drafted.get(HERE))
    drafted.post(f"{HERE}/go-live")
    assert not made().is_published


def test_it_changes_a_draft_freely(drafted: Any, bank_id: int) -> None:
    round_2 = made().rounds[1]
    changes = {
        "title": "Tuần hai",
        "kind": "quiz",
        "opens_at": "27/10/2026 08:00",
        "closes_at": "30/10/2026 17:00",
        "hours": "T2-T6 7:30-17:30",
    }
    assert drafted.post(f"{HERE}/rounds/2/edit", data={**paper(bank_id, 4), **changes}).location == HERE
    db.session.rollback()
    changed = db.session.get_one(Round, round_2.id)
    assert (changed.title, changed.quiz.title, changed.quiz.question_count) == ("Tuần hai", "Tuần hai", 4)
    assert changed.quiz.opens_at == changed.opens_at == datetime(2026, 10, 27, 1, 0, tzinfo=UTC)
    assert changed.own_rules.hours[0].days == (0, 1, 2, 3, 4)
    page = text(drafted.get(f"{HERE}/rounds/2/edit"))
    assert "T2-T6 7:30-17:30" in page
    assert (
        drafted.post(f"{HERE}/rounds/2/edit", data={**paper(bank_id), **changes, "hours": "lúc nào cũng được"}).status_code == 400
    )
    total = {
        "title": "Tổng",
        "kind": "total",
        "opens_at": "20/11/2026 08:00",
        "closes_at": "20/11/2026 08:01",
        "combined": "sum",
        "sources": ["1", "2"],
    }
    assert drafted.post(f"{HERE}/rounds/new", data={**paper(bank_id), **total, "metric": ""}).location == HERE
    assert made().rounds[4].own_rules.sources == (1, 2)
    assert "lấy kết quả" in text(drafted.post(f"{HERE}/rounds/2/remove", follow_redirects=True))
    drafted.post(f"{HERE}/rounds/5/remove")
    assert [one.number for one in made().rounds] == [1, 2, 3, 4]


def test_it_copies_a_contest_with_its_rounds_into_the_future(drafted: Any, as_: Any, at: Any) -> None:
    at(datetime(2027, 1, 15, tzinfo=UTC))
    answer = as_("mai").post(f"{HERE}/copy")
    assert answer.location.startswith("/admin/contests/tim-hieu-nghi-quyet-")
    db.session.rollback()
    copy = db.session.scalars(select(Contest).where(Contest.title == "Tìm hiểu nghị quyết (bản sao)")).one()
    first = copy.rounds[0]
    assert first.opens_at > datetime(2027, 1, 15, tzinfo=UTC)
    assert (first.opens_at - made().rounds[0].opens_at) % timedelta(days=7) == timedelta(0)
    assert copy.rules == made().rules
    assert copy.rounds[0].quiz.id != made().rounds[0].quiz.id


def test_it_keeps_a_poster_and_refuses_what_is_none(drafted: Any, as_: Any) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(picture, "PNG")
    bad = drafted.post(f"{HERE}/edit", data={**FORM, "poster": (io.BytesIO(b"<svg onload=x>"), "a.png")})
    assert bad.status_code == 400
    assert "SVG" in text(bad)
    assert drafted.post(f"{HERE}/edit", data={**FORM, "poster": (io.BytesIO(picture.getvalue()), "a.png")}).location == HERE
    assert made().poster
    assert drafted.get("/contests/tim-hieu-nghi-quyet/poster").mimetype == "image/png"
    assert as_().get("/contests/tim-hieu-nghi-quyet/poster").status_code == 404


@pytest.mark.parametrize("name", ["hanh", "dung", "yen", "thanh", "quang", "thuan"])
def test_it_lets_only_officers_of_contests_make_them(drafted: Any, as_: Any, name: str) -> None:
    client = as_(name)
    assert client.get(NEW).status_code == 403
    for path in (f"{HERE}/edit", f"{HERE}/rounds/1/edit", f"{HERE}/rounds/weekly"):
        assert client.get(path).status_code in (403, 404)
    for path in (f"{HERE}/go-live", f"{HERE}/copy", f"{HERE}/withdraw", f"{HERE}/rounds/1/remove"):
        assert client.post(path).status_code in (403, 404)
    assert not made().is_published


# Once a round is open.

RUNNING = "/admin/contests/lich-su"


def edit_of(bank_id: int, **changes: str) -> dict[str, Any]:
    """The form of the open round as it stands, with changes."""
    stored = {"title": "Tuần 1", "kind": "quiz", "opens_at": "12/10/2026 10:32", "closes_at": "19/10/2026 10:32"}
    return {**paper(bank_id, 4), "questions": "own", **stored, **changes}


def test_it_needs_a_second_officer_to_change_an_open_round(fair: Fair, bank_id: int, as_: Any, people: Any) -> None:
    fair.sit(1, 4, 2)
    mai, kien = as_("mai"), as_("kien")
    later = edit_of(bank_id, closes_at="20/10/2026 17:00")
    no_reason = mai.post(f"{RUNNING}/rounds/1/edit", data=later)
    assert no_reason.status_code == 400
    assert "Hãy ghi lý do" in text(no_reason)
    assert mai.post(f"{RUNNING}/rounds/1/edit", data={**later, "reason": "Mất điện"}).location == f"{RUNNING}/rule-changes"
    assert fair.round().closes_at == CLOSES, "nothing is changed yet"
    page = text(kien.get(f"{RUNNING}/rule-changes"))
    for words in ("Giờ đóng", "17:00 ngày 20/10/2026", "Mất điện", "1 người đã vào thi và 1 lượt"):
        assert words in page.replace("\xa0", " "), words
    assert "Đính chính" not in text(as_().get("/contests/lich-su"))
    change = db.session.scalars(select(RulesChange)).one()
    db.session.rollback()
    assert "Người đề nghị không tự duyệt được" in text(
        mai.post(f"{RUNNING}/rule-changes/{change.id}", data={"do": "agree"}, follow_redirects=True)
    )
    assert fair.round().closes_at == CLOSES
    again = mai.post(f"{RUNNING}/rounds/1/edit", data={**later, "reason": "Lại mất điện"})
    assert again.status_code == 409
    kien.post(f"{RUNNING}/rule-changes/{change.id}", data={"do": "agree"})
    db.session.rollback()
    assert fair.round().closes_at == fair.round().quiz.closes_at == datetime(2026, 10, 20, 10, 0, tzinfo=UTC)
    told = text(as_().get("/contests/lich-su")).replace("\xa0", " ")
    for words in ("Đính chính", "Mất điện", "17:00 ngày 20/10/2026", "Hoàng Thị Mai đề nghị, Đặng Trung Kiên đồng ý"):
        assert words in told, words


def test_it_leaves_the_round_as_it_is_when_refused(fair: Fair, bank_id: int, as_: Any) -> None:
    mai, kien = as_("mai"), as_("kien")
    mai.post(f"{RUNNING}/rounds/1/edit", data=edit_of(bank_id, attempts="9", reason="Cho thêm lượt"))
    change = db.session.scalars(select(RulesChange)).one()
    db.session.rollback()
    assert change.told == [{"label": "Mỗi lượt", "before": change.told[0]["before"], "after": change.told[0]["after"]}]
    assert "tối đa 9 lượt" in change.told[0]["after"]
    assert kien.post(f"{RUNNING}/rule-changes/{change.id}", data={"do": "refuse", "answer": " "}).status_code == 400
    kien.post(f"{RUNNING}/rule-changes/{change.id}", data={"do": "refuse", "answer": "Không công bằng"})
    db.session.rollback()
    assert fair.round().quiz.attempt_limit == 3
    assert db.session.get_one(RulesChange, change.id).state == "refused"
    assert "Không công bằng" in text(mai.get(f"{RUNNING}/rule-changes"))
    assert "Đính chính" not in text(as_().get("/contests/lich-su"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"own_chain": "y", "criterion": ["shorter_time"]}, "Thứ tự xếp hạng không đổi được"),
        ({"metric": "people"}, "đã có người vào thi và dự đoán"),
        ({"part-0-count": "3"}, "Số câu của đề không đổi được"),
        ({"kind": "written"}, "Loại vòng không đổi được"),
        ({"opens_at": "13/10/2026 10:32"}, "giờ mở không đổi được"),
        ({"counted": "last"}, "lượt được tính không đổi được"),
    ],
)
def test_it_refuses_with_the_reason_what_never_changes(
    fair: Fair, bank_id: int, as_: Any, changes: dict[str, Any], words: str
) -> None:
    fair.sit(1, 4, 2)
    answer = as_("mai").post(f"{RUNNING}/rounds/1/edit", data={**edit_of(bank_id, reason="Thử"), **changes})
    assert answer.status_code == 409
    assert words in text(answer)
    assert not db.session.scalars(select(RulesChange)).all()
    db.session.rollback()


def test_it_changes_nothing_of_a_round_that_is_over(closed: Fair, as_: Any) -> None:
    bank_id = db.session.scalars(select(Bank.id)).one()
    db.session.rollback()
    answer = as_("mai").post(f"{RUNNING}/rounds/1/edit", data=edit_of(bank_id, closes_at="30/10/2026 10:00", reason="Mở lại"))
    assert answer.status_code == 409
    assert "Vòng đã đóng" in text(answer)
    assert AFTER > CLOSES


def test_it_refuses_a_proposal_that_is_out_of_date(fair: Fair, bank_id: int, as_: Any) -> None:
    mai, kien = as_("mai"), as_("kien")
    mai.post(f"{RUNNING}/rounds/1/edit", data=edit_of(bank_id, attempts="9", reason="Cho thêm lượt"))
    change_id = db.session.scalars(select(RulesChange.id)).one()
    fair.round().title = "Tuần đầu"
    db.session.commit()
    page = kien.post(f"{RUNNING}/rule-changes/{change_id}", data={"do": "agree"}, follow_redirects=True)
    assert "đã đổi khác sau khi có đề nghị này" in text(page)
    assert fair.round().quiz.attempt_limit == 3


def test_it_changes_names_at_once_and_rules_by_two_officers(fair: Fair, as_: Any) -> None:
    fair.sit(1, 4, 2)
    data = {
        **FORM, "title": "Tìm hiểu lịch sử Đảng ta", "excluded_roles": ["content_editor"], "excludes_writers": "", "reserves": "0", "objection_days": "0",
        "per_person": "contest", "asked": ["phone", "birth_date", "unit"], "minimum_age": "16", "reason": "Theo công văn mới",
        "criterion": ["most_correct", "nearest_prediction", "shorter_time", "earlier_submission"], "prize-title": ["Nhất", "Nhì"],
        "prize-count": ["1", "1"], "prize-amount": ["", ""], "prize-given": ["ranking", "ranking"], "prize-title_en": ["First", "Second"],
    }  # fmt: skip
    assert as_("mai").post(f"{RUNNING}/edit", data=data).location == f"{RUNNING}/rule-changes"
    contest = fair.round().contest
    assert (contest.title, contest.rules.minimum_age) == ("Tìm hiểu lịch sử Đảng ta", 14)
    change = db.session.scalars(select(RulesChange)).one()
    assert [one["label"] for one in change.told] == ["Ai được dự"]
    db.session.rollback()
    as_("kien").post(f"{RUNNING}/rule-changes/{change.id}", data={"do": "agree"})
    db.session.rollback()
    assert fair.round().contest.rules.minimum_age == 16
    other = as_("mai").post(f"{RUNNING}/edit", data={**data, "criterion": ["most_correct", "earlier_submission"]})
    assert other.status_code == 409
    assert "Thứ tự xếp hạng" in text(other)
    assert NOW < CLOSES
