"""A campaign from its making to the list of who is missing, the reminder, the figures."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.campaigns import services
from elearn.campaigns.models import CampaignTarget, Taking
from elearn.campaigns.queries import board
from elearn.campaigns.queries.figures import figures
from elearn.campaigns.rules.audience import Audience
from elearn.campaigns.rules.progress import Place, Tally, roll_up, rows_below, tree_rows
from elearn.campaigns.wiring import decisions_of_officer, own_data
from elearn.core.db import db
from elearn.jobs.services import work_off
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Member
from elearn.members.queries import actor_of
from elearn.notices.models import NoticeCopy
from elearn.submissions import services as submissions
from elearn.submissions.models import AssignmentTarget
from elearn.units.models import Unit
from tests.campaigns.conftest import DUE, KIEN, NOW, PLAN, Run, complete, spec
from tests.counting import statements


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def target_of(run: Run, requirement_id: int, **key) -> int:
    db.session.rollback()
    assignment = run.requirement(requirement_id).assignment_id
    return db.session.scalar(select(AssignmentTarget.id).filter_by(assignment_id=assignment, **key))


def hand_in_plan(run: Run, unit_id: int = 2, at=NOW) -> None:
    target = target_of(run, run.plans, unit_id=unit_id)
    submissions.save_draft(KIEN, target, PLAN, 0, at)
    submissions.hand_in(KIEN, target, at)


def reset() -> None:
    db.session.rollback()


def test_it_stores_the_list_as_of_the_day_and_keeps_the_history_of_takings(running, session):
    rows = session.scalars(select(CampaignTarget)).all()
    assert (sum(one.member_id is None for one in rows), sum(one.member_id is not None for one in rows)) == (2, 13)
    session.get(Member, 1).display_name = "Trần Thị Hạnh Nguyên"
    session.get(Member, 2).status = "left"
    session.commit()
    services.take_list(KIEN, running.id, NOW + timedelta(days=1))
    reset()
    takings = session.scalars(select(Taking).order_by(Taking.id)).all()
    assert [(one.added_count, one.removed_count, one.units_count, one.people_count) for one in takings] == [
        (15, 0, 2, 13),
        (0, 1, 2, 12),
    ]
    assert session.scalar(select(CampaignTarget.name).where(CampaignTarget.member_id == 1)) == "Trần Thị Hạnh"
    assert session.scalar(select(CampaignTarget.removed_at).where(CampaignTarget.member_id == 2)) == NOW + timedelta(days=1)
    essays = running.requirement(running.essays).assignment_id
    off = select(AssignmentTarget.member_id).where(
        AssignmentTarget.assignment_id == essays, AssignmentTarget.removed_at.is_not(None)
    )
    assert session.scalars(off).all() == [2]


def test_it_counts_whoever_has_moved_in_their_new_unit_from_the_next_taking(running, session):
    complete(1)
    ward, commune = db.session.get(Unit, 2), db.session.get(Unit, 5)
    course, essays = running.requirement(running.course), running.requirement(running.essays)
    before = [board.sum_of(one, unit).total for one in (course, essays) for unit in (ward, commune)]
    session.get(Member, 1).unit_id = 6
    session.commit()
    services.take_list(KIEN, running.id, NOW + timedelta(days=1))
    reset()
    assert [board.sum_of(one, unit).total for one in (course, essays) for unit in (ward, commune)] == [
        before[0] - 1, before[1] + 1, before[2] - 1, before[3] + 1,
    ]  # fmt: skip
    assert board.sum_of(course, commune).done == 1
    last = session.scalars(select(Taking).order_by(Taking.id.desc())).first()
    assert (last.added_count, last.removed_count, last.moved_count) == (0, 0, 1)


def test_it_takes_people_by_code_too_and_only_below_the_organiser(app, session):
    audience = Audience(unit_kinds=("cell",), member_kinds=(), codes=("DV00001", "DV00003"))
    made = services.make_campaign(KIEN, spec(unit_id=2, audience=audience), NOW)
    assert services.count_audience(audience, 2) == (2, 1)
    services.take_list(KIEN, made, NOW)
    reset()
    assert set(session.scalars(select(CampaignTarget.name))) == {"Trần Thị Hạnh", "Chi bộ Khu phố 5", "Chi bộ Trường THCS"}


def test_it_takes_a_list_again_after_a_crash_in_the_middle(prepared, session):
    class Stopped(Exception):
        pass

    def tell(_step, done=0, total=0):
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        services.take_list(KIEN, prepared.id, NOW, tell)
    services.take_list(KIEN, prepared.id, NOW)
    reset()
    taking = session.scalars(select(Taking)).one()
    assert (taking.units_count, taking.people_count) == (2, 13)
    essays = prepared.requirement(prepared.essays).assignment_id
    assert len(session.scalars(select(AssignmentTarget.id).where(AssignmentTarget.assignment_id == essays)).all()) == 13


def test_it_counts_each_requirement_and_names_who_is_missing(running):
    hand_in_plan(running)
    complete(1, 5)
    province, ward = db.session.get(Unit, 1), db.session.get(Unit, 2)
    found = board.board_of(running.row, running.requirement(running.plans), province)
    assert {key: (one.done, one.total) for key, one in found.sums.items()} == {
        running.plans: (1, 2), running.essays: (0, 13), running.course: (2, 13),
    }  # fmt: skip
    assert [(row.place.name, row.tally.done, row.tally.total) for row in found.rows] == [
        ("An Sơn", 1, 2),
        ("Bình Minh", 1, 1),
        ("Đông Hoà", 0, 1),
    ]
    assert [one.name for one in board.list_missing(running.requirement(running.plans), province)] == ["Đảng bộ xã Đông Hoà"]
    names = [one.name for one in board.list_missing(running.requirement(running.course), ward)]
    assert names == ["Lê Quốc Bảo", "Nguyễn Văn Bình", "Vũ Đình Quang"]  # by given name
    assert [one.name for one in board.page_of_missing(running.requirement(running.course), ward, "binh", 1).items] == [
        "Nguyễn Văn Bình"
    ]


def test_it_gives_the_figures_of_a_day_gone_by(running):
    day = timedelta(days=1)
    hand_in_plan(running, at=NOW + day)
    hand_in_plan(running, unit_id=5, at=NOW + 2 * day)
    submissions.return_(KIEN, target_of(running, running.plans, unit_id=2), "Chưa rõ việc", NOW + 3 * day)
    complete(3, at=NOW + 2 * day)
    reset()

    def at(days, path="/1/"):
        return [(one.done, one.total) for one in figures(running.id, path, NOW + days * day)]

    assert at(0) == [(0, 2), (0, 13), (0, 13)]
    assert at(1) == [(1, 2), (0, 13), (0, 13)]
    assert at(2) == [(2, 2), (0, 13), (1, 13)]
    assert at(3) == [(1, 2), (0, 13), (1, 13)]
    assert at(3, "/1/5/") == [(1, 1), (0, 2), (1, 2)]
    now = board.sums_of(running.row, db.session.get(Unit, 1))
    assert [(one.done, one.total) for one in now.values()] == at(3)
    assert at(-1) == [(0, 0), (0, 0), (0, 0)]


def test_it_shows_each_officer_their_own_part(as_, running):
    page = text_of(as_("kien").get(f"/admin/campaigns/{running.id}?requirement={running.course}"))
    assert "Đông Hoà" in page
    assert "danh sách giao chốt ngày" in page
    own = text_of(as_("dung").get(f"/admin/campaigns/{running.id}?requirement={running.course}"))
    assert "Trường THCS" in own
    assert "Đông Hoà" not in own
    for query in ("?unit=5", "?unit=1"):
        assert as_("dung").get(f"/admin/campaigns/{running.id}{query}").status_code == 404
    missing = text_of(as_("thuan").get(f"/admin/campaigns/{running.id}/missing?requirement={running.course}"))
    assert "Phạm Thị Lan Anh" in missing
    assert "Trần Thị Hạnh" not in missing
    assert as_("quang").get(f"/admin/campaigns/{running.id}").status_code == 200
    for name, status in (("hanh", 403), ("mai", 403)):
        assert as_(name).get(f"/admin/campaigns/{running.id}").status_code == status


def test_it_hides_a_campaign_from_those_below_until_it_is_announced(as_, prepared):
    assert as_("dung").get(f"/admin/campaigns/{prepared.id}").status_code == 404
    assert "Học tập Nghị quyết" not in text_of(as_("dung").get("/admin/campaigns"))
    assert as_("hanh").get(f"/campaigns/{prepared.id}").status_code == 404
    with pytest.raises(DomainError, match="chốt danh sách"):
        services.announce(KIEN, prepared.id, NOW)
    services.take_list(KIEN, prepared.id, NOW)
    services.announce(KIEN, prepared.id, NOW)
    assert "Học tập Nghị quyết" in text_of(as_("dung").get("/admin/campaigns"))
    assert as_("hanh").get(f"/campaigns/{prepared.id}").status_code == 200


@pytest.mark.parametrize("page", ["/edit", "/plan", "/requirements/new", "/take", "/announce", "/close"])
def test_it_lets_only_the_organiser_change_a_campaign(as_, running, page):
    assert as_("kien").get(f"/admin/campaigns/{running.id}{page}").status_code == 200
    assert as_("dung").get(f"/admin/campaigns/{running.id}{page}").status_code == 403
    assert as_("quang").get(f"/admin/campaigns/{running.id}{page}").status_code == 403


def test_it_reminds_the_missing_only_and_nobody_twice_a_day(as_, running, session, at_the_hour):
    complete(1)
    dung, here = as_("dung"), f"/admin/campaigns/{running.id}/remind?unit=2&requirement={running.course}"
    assert "Nhắc 4 người?" in text_of(dung.get(here))
    assert "Đã nhắc 4 người" in text_of(dung.post(here, follow_redirects=True))
    reset()
    assert set(session.scalars(select(NoticeCopy.member_id))) == {2, 5, 10, 12}
    assert "không nhắc lại" in text_of(dung.post(here, follow_redirects=True))
    assert "Nhắc việc: Học xong khoá" in text_of(as_("binh").get("/notices"))
    at_the_hour.move_to(NOW + timedelta(hours=21))
    assert "Đã nhắc 4 người" in text_of(dung.post(here, follow_redirects=True))
    assert as_("quang").post(here).status_code == 403
    assert as_("thuan").post(here).status_code == 404


def test_it_says_which_units_it_could_tell_nobody_for(as_, running, session):
    here = f"/admin/campaigns/{running.id}/remind?requirement={running.plans}"
    page = text_of(as_("kien").post(here, follow_redirects=True))
    assert "Đã nhắc 2 người" in page  # the training officers of both communes
    session.get(Unit, 5)
    reset()
    assert set(session.scalars(select(NoticeCopy.member_id))) == {5, 11}


def test_it_gives_the_text_for_a_chat_group(as_, running, at_the_hour):
    complete(1, 2, 10, 12)
    at_the_hour.move_to(DUE + timedelta(days=1))
    page = text_of(as_("dung").get(f"/admin/campaigns/{running.id}?requirement={running.course}"))
    assert "Đảng bộ phường Bình Minh còn 1 người chưa xong, hạn 26/10/2026:" in page
    assert "1. Phan Đức Dũng, Đảng bộ phường Bình Minh (quá hạn 06 ngày)" in page
    assert f"/campaigns/{running.id}" in page


def test_it_tightens_a_deadline_for_a_subtree_and_never_loosens_it(as_, running):
    dung = as_("dung")
    for requirement, day in ((running.course, "20/10/2026"), (running.essays, "25/10/2026")):
        here = f"/admin/campaigns/{running.id}/deadline?unit=2&requirement={requirement}"
        assert dung.post(here, data={"due_on": "05/11/2026"}).status_code == 400
        assert dung.post(here, data={"due_on": day}).status_code == 302
    own = text_of(as_("hanh").get(f"/campaigns/{running.id}"))
    assert "20/10/2026" in own
    assert "25/10/2026" in own
    other = text_of(as_("lan").get(f"/campaigns/{running.id}"))
    assert "26/10/2026" in other
    assert "25/10/2026" not in other
    assert as_("quang").post(f"/admin/campaigns/{running.id}/deadline?unit=2&requirement={running.course}").status_code == 403


def test_it_makes_a_campaign_by_the_pages(as_, app, session):
    kien = as_("kien")
    form = {
        "title": "Quán triệt Kết luận 21", "unit": 1, "starts_on": "01/10/2026", "due_on": "31/10/2026", "course": 0,
        "unit_kinds": ["commune"], "member_kinds": ["official"], "codes": "",
    }  # fmt: skip
    for change, said in (
        ({"due_on": "01/09/2026"}, "sau ngày bắt đầu"), ({"documents": "99-QĐ/XX"}, "Không có trong mục Tài liệu: 99-QĐ/XX"),
        ({"codes": "DV99999"}, "Không có thành viên nào mang mã: DV99999"), ({"unit_kinds": [], "member_kinds": []}, "ít nhất một loại"),
    ):  # fmt: skip
        answer = kien.post("/admin/campaigns/new", data={**form, **change})
        assert answer.status_code == 400
        assert said in text_of(answer)
        assert "Quán triệt Kết luận 21" in text_of(answer)
    here = kien.post("/admin/campaigns/new", data=form).headers["Location"].removesuffix("/plan")
    late = {"what": "plan_unit", "title": "Kế hoạch", "due_on": "01/11/2026", "takes_file": "y"}
    assert "không thể sau hạn của cả đợt" in text_of(kien.post(f"{here}/requirements/new", data=late))
    kien.post(f"{here}/requirements/new", data={**late, "due_on": "20/10/2026"})
    assert "chưa gắn khoá học" in text_of(
        kien.post(f"{here}/requirements/new", data={"what": "course", "title": "Học", "due_on": "20/10/2026"})
    )
    kien.post(f"{here}/take")
    assert "2 đơn vị và 13 người" in text_of(kien.get(f"{here}/announce"))
    kien.post(f"{here}/announce")
    assert "còn thiếu" in text_of(kien.get(here)).lower()
    assert kien.post(f"{here}/close").status_code == 302
    assert kien.post(f"{here}/take").status_code == 409
    assert kien.post(f"{here}/reopen").status_code == 302


def test_it_takes_a_long_list_in_the_background(as_, prepared, monkeypatch, session):
    monkeypatch.setattr("elearn.campaigns.views.making.MOST_AT_ONCE", 5)
    answer = as_("kien").post(f"/admin/campaigns/{prepared.id}/take")
    assert "/jobs/" in answer.headers["Location"]
    assert work_off() == 1
    reset()
    assert session.scalars(select(Taking)).one().people_count == 13


def test_it_asks_for_nothing_before_it_is_announced_and_takes_nothing_after_its_end(as_, prepared):
    services.take_list(KIEN, prepared.id, NOW)
    essay = target_of(prepared, prepared.essays, member_id=1)
    hanh = as_("hanh")
    for word in ("announce", "close"):
        assert "Nộp bài" not in text_of(hanh.get("/"))
        assert "Lúc này không nhận bài" in text_of(hanh.get(f"/submissions/{essay}"))
        with pytest.raises(DomainError, match="không nhận bài"):
            submissions.save_draft((1, "Trần Thị Hạnh"), essay, {"text": "Bài"}, 0, NOW)
        if word == "announce":
            services.announce(KIEN, prepared.id, NOW)
            assert "Nộp bài" in text_of(hanh.get("/"))
            services.close(KIEN, prepared.id, NOW)
    services.reopen(KIEN, prepared.id, NOW)
    submissions.save_draft((1, "Trần Thị Hạnh"), essay, {"text": "Bài"}, 0, NOW)


def test_it_tells_officers_and_learners_what_is_to_be_done(app, as_, running, at_the_hour):
    soon = DUE - timedelta(days=3)
    at_the_hour.move_to(soon)
    with app.test_request_context():
        told = [one.title for one in decisions_of_officer(actor_of(5, "/1/2/", soon), soon)]
    assert told == [
        "1 tập thể chưa nộp: Kế hoạch làm theo Bác",
        "5 cá nhân chưa nộp: Bài thu hoạch",
        "5 người chưa học xong: Học xong khoá",
    ]
    assert "1 tập thể chưa nộp" in text_of(as_("dung").get("/admin"))
    home = text_of(as_("hanh").get("/"))
    assert "Nộp bài" in home
    assert "Học khoá" in home
    services.close(KIEN, running.id, NOW)
    assert "Học khoá" not in text_of(as_("hanh").get("/"))


def test_it_gives_files(as_, running):
    hand_in_plan(running)
    tree = as_("kien").get(f"/admin/campaigns/{running.id}/excel?requirement={running.plans}")
    rows = CalamineWorkbook.from_filelike(BytesIO(tree.data)).get_sheet_by_index(0).to_python()
    assert [row[:4] for row in rows if row[0].strip() in ("An Sơn", "Bình Minh", "Đông Hoà")] == [
        ["An Sơn", 2, 1, 1], ["    Bình Minh", 1, 1, 0], ["    Đông Hoà", 1, 0, 1],
    ]  # fmt: skip
    names = as_("kien").get(f"/admin/campaigns/{running.id}/excel?requirement={running.plans}&list=missing")
    rows = CalamineWorkbook.from_filelike(BytesIO(names.data)).get_sheet_by_index(0).to_python()
    assert rows[-1][1:4] == ["Đảng bộ xã Đông Hoà", "Đảng bộ xã Đông Hoà", "Chưa viết"]
    assert "In danh sách" in text_of(as_("kien").get(f"/admin/campaigns/{running.id}/missing?requirement={running.plans}&print=1"))


def test_it_asks_as_many_statements_however_many_are_missing(as_, running):
    kien, here = as_("kien"), f"/admin/campaigns/{running.id}?requirement={running.course}"
    kien.get(here)
    with statements() as many:
        kien.get(here)
    complete(*(one for one in range(1, 15) if one not in (1, 13)))
    with statements() as one:
        kien.get(here)
    assert len(many) == len(one)


def test_it_refuses_what_would_lose_something(running, prepared):
    with pytest.raises(DomainError, match="công bố"):
        services.remove_requirement(KIEN, running.plans, NOW)
    with pytest.raises(InvalidInput, match="hạn sau"):
        services.edit_campaign(KIEN, running.id, spec(due_at=DUE - timedelta(days=8)), NOW)


def test_it_removes_a_requirement_that_nobody_has_seen(prepared, session):
    services.take_list(KIEN, prepared.id, NOW)
    services.remove_requirement(KIEN, prepared.essays, NOW)
    reset()
    assert [one.title for one in prepared.row.requirements] == ["Kế hoạch làm theo Bác", "Học xong khoá"]


def test_it_tells_a_person_what_it_holds_about_them(running):
    assert [one["title"] for one in own_data(1)["campaigns"]] == ["Học tập Nghị quyết Đại hội XIV"]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_it_adds_up_the_tree_without_losing_or_doubling(nodes):
    """Each node hangs below an earlier one; the top has the sum of all, and each unit that of its rows below and its own."""
    places, tallies = [], {}
    for number, (above, done, more) in enumerate(nodes):
        parent = places[above % len(places)] if places else None
        path = f"{parent.path if parent else '/'}{number + 1}/"
        places.append(Place(number + 1, str(number + 1), path, path.count("/") - 2))
        tallies[number + 1] = Tally(done, done + more)
    places.sort(key=lambda one: one.depth)
    sums = roll_up(places, tallies)
    top = places[0]
    assert sums[top.unit_id] == sum(tallies.values(), Tally())
    for place in places:
        rows = rows_below(places, sums, place)
        assert rows[0].tally == sum((row.tally for row in rows[1:]), tallies[place.unit_id])
    assert [row.place.unit_id for row in tree_rows(places, sums, 0)].count(top.unit_id) == 1
    assert len(tree_rows(places, sums, 0)) == len(places)
