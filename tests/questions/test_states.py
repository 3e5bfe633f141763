"""Draft → reviewed by a second person → in use → retired, with reasons; many at once, and back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from elearn.audit.models import AuditEntry
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions.rules.versions import STATES, STEPS, Standing, after_edit, problem_of, take_step
from elearn.questions.services.changing import Change, change_many, undo_change
from tests.questions.banked import KIEN, PHUOC, YEN, draft, make_bank, put, question

BY_YEN, BY_PHUOC = (YEN, "Bùi Ngọc Yến"), (PHUOC, "Nguyễn Hữu Phước")
standings = st.builds(Standing, st.sampled_from(list(STATES)), st.sampled_from([None, 1, 2]), st.none())


@given(standings, st.lists(st.tuples(st.sampled_from(list(STEPS)), st.sampled_from([1, 2, 3])), max_size=8))
def test_it_never_has_an_author_read_their_own_version(standing, steps):
    for step, member in steps:
        if not problem_of(step, standing, member, "vì"):
            standing = take_step(step, standing, member, "vì")
        assert standing.reviewer_id is None or standing.reviewer_id != standing.author_id
        assert standing.status in STATES


@given(st.lists(st.tuples(st.sampled_from(list(STEPS)), st.sampled_from([1, 2])), max_size=8))
def test_it_comes_into_use_only_through_a_second_reader(steps):
    standing = after_edit(1)
    for step, member in steps:
        if not problem_of(step, standing, member, "vì"):
            standing = take_step(step, standing, member, "vì")
        assert standing.status != "in_use" or standing.reviewer_id == 2


def test_it_asks_for_a_reason():
    with pytest.raises(InvalidInput) as refusal:
        take_step("send_back", Standing("draft", 1), 2, " ")
    assert refusal.value.field == "reason"
    with pytest.raises(DomainError):
        take_step("put_in_use", Standing("draft", 1), 2)


@pytest.fixture
def bank(app):
    number = make_bank()
    put("mot", draft(), draft(text="Câu hai?"), draft(text="Câu ba?"))
    return number


def step(client, name: str, reason: str = "", code: str = "mot-0001") -> int:
    return client.post(f"/admin/questions/mot/{code}/status", data={"step": name, "reason": reason}).status_code


def test_it_goes_its_way(bank, as_):
    yen, phuoc = as_("yen"), as_("phuoc")
    assert step(yen, "review") == 409  # she wrote it
    assert step(phuoc, "send_back") == 400  # no reason
    assert step(phuoc, "send_back", "Câu dẫn tối nghĩa") == 302
    assert (question("mot-0001").status, question("mot-0001").status_note) == ("draft", "Câu dẫn tối nghĩa")
    assert step(phuoc, "review") == 302
    found = question("mot-0001")
    assert (found.status, found.reviewed_by_id, found.status_note) == ("reviewed", PHUOC, "")
    assert found.reviewed_at is not None
    assert step(phuoc, "put_in_use") == 403  # a reader does not edit
    assert step(yen, "put_in_use") == 302
    assert question("mot-0001").reviewed_by_id == PHUOC
    assert step(yen, "retire", "Nguồn đã bị thay thế") == 302
    assert step(yen, "bring_back") == 302
    assert (question("mot-0001").status, question("mot-0001").reviewed_by_id) == ("draft", None)
    deeds = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "question").order_by(AuditEntry.seq)
    ).all()
    assert deeds[-5:] == ["send_back_question", "review_question", "put_in_use_question", "retire_question", "bring_back_question"]


def test_it_keeps_a_reason_typed_and_knows_no_other_steps(bank, as_):
    page = as_("phuoc").post("/admin/questions/mot/mot-0001/status", data={"step": "send_back", "reason": "  "})
    assert page.status_code == 400
    assert "Hãy ghi lý do." in page.get_data(as_text=True)
    assert as_("yen").post("/admin/questions/mot/mot-0001/status", data={"step": "khac"}).status_code == 404


def test_it_says_to_the_author_why_they_cannot_review(bank, as_):
    shown = as_("yen").get("/admin/questions/mot/mot-0001").get_data(as_text=True)
    assert "người khác phải thẩm định" in shown
    assert "Xác nhận đã thẩm định" in as_("phuoc").get("/admin/questions/mot/mot-0001").get_data(as_text=True)


def test_it_refuses_in_the_database_what_got_past_the_rules(bank):
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.text("UPDATE questions SET reviewed_by_id = author_id"))


def ids() -> list[int]:
    return [question(f"mot-000{n}").id for n in (1, 2, 3)]


def test_it_reviews_many_but_not_ones_own(bank):
    put("mot", draft(text="Câu tư?"), author=PHUOC)
    done = change_many(BY_PHUOC, bank, [*ids(), question("mot-0004").id], Change("step", "review"), clock.now())
    assert done.count == 3
    assert list(done.refused.values()) == [1]
    assert [question(f"mot-000{n}").status for n in (1, 2, 3, 4)] == ["reviewed"] * 3 + ["draft"]


@pytest.mark.parametrize(
    ("change", "now_is", "was"),
    [
        (Change("level", "van_dung"), lambda one: one.level, ""), (Change("topic", "Chủ đề mới"), lambda one: one.topic, ""),
        (Change("category", "Kệ / Ngăn"), lambda one: one.category and one.category.path, None), (Change("tag", "Mới"), lambda one: [t.tag for t in one.tags], []),
        (Change("step", "retire", "Thử"), lambda one: (one.status, one.status_note), ("draft", "")),
    ],
    ids=["level", "topic", "category", "tag", "retire"],
)  # fmt: skip
def test_it_changes_many_and_takes_it_back(bank, change, now_is, was):
    done = change_many(BY_YEN, bank, ids()[:2], change, clock.now())
    assert done.count == 2
    assert now_is(question("mot-0001")) != was
    assert now_is(question("mot-0003")) == was
    assert undo_change(BY_YEN, bank, done.undo, clock.now()) == 2
    assert [now_is(question(f"mot-000{n}")) for n in (1, 2)] == [was, was]
    assert undo_change(BY_YEN, bank, done.undo, clock.now()) == 0


def test_it_leaves_alone_what_was_changed_since(bank):
    done = change_many(BY_YEN, bank, ids(), Change("level", "van_dung"), clock.now())
    change_many(BY_PHUOC, bank, ids()[:1], Change("level", "nhan_biet"), clock.now())
    assert undo_change(BY_YEN, bank, done.undo, clock.now()) == 2
    assert [question(f"mot-000{n}").level for n in (1, 2, 3)] == ["nhan_biet", "", ""]


def test_it_takes_back_only_ones_own_and_soon(bank):
    done = change_many(BY_YEN, bank, ids(), Change("level", "van_dung"), clock.now())
    other = make_bank("hai")
    for by, number, seq, at in (
        (BY_PHUOC, bank, done.undo, clock.now()), (BY_YEN, other, done.undo, clock.now()), (BY_YEN, bank, 0, clock.now()),
        (BY_YEN, bank, done.undo, clock.now().replace(year=clock.now().year + 1)),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            undo_change(by, number, seq, at)


@pytest.mark.parametrize(
    "change",
    [Change("level", "khác"), Change("tag", " "), Change("khác", ""), Change("step", "retire")],
    ids=lambda change: change.what,
)
def test_it_refuses_a_change_that_makes_no_sense(bank, change):
    with pytest.raises(InvalidInput):
        change_many(BY_YEN, bank, ids(), change, clock.now())


def test_it_works_from_the_list_with_a_way_back(bank, as_):
    client = as_("yen")
    form = {"ids": [str(number) for number in ids()[:2]], "what": "level", "value-level": "van_dung", "f-status": "draft"}
    answer = client.post("/admin/questions/mot/bulk", data=form)
    assert answer.headers["Location"].endswith("/admin/questions/mot?status=draft")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Đã đổi 2 câu." in page
    seq = page.split('name="seq" value="')[1].split('"')[0]
    assert 'name="seq"' not in client.get("/admin/questions/mot").get_data(as_text=True)  # offered once
    assert client.post("/admin/questions/mot/undo", data={"seq": seq}).status_code == 302
    assert question("mot-0001").level == ""


def test_it_takes_all_that_the_filters_leave(bank, as_):
    put("mot", draft(text="Câu khác?", level="van_dung"))
    as_("yen").post(
        "/admin/questions/mot/bulk", data={"everything": "1", "what": "tag", "value-tag": "nhãn", "f-level": "van_dung"}
    )
    assert [bool(question(f"mot-000{n}").tags) for n in (1, 2, 3, 4)] == [False, False, False, True]


def test_it_touches_no_question_of_another_bank(bank):
    make_bank("hai")
    put("hai", draft())
    with pytest.raises(sa.exc.NoResultFound):
        question("không có")
    done = change_many(BY_YEN, bank, [question("hai-0001").id], Change("level", "van_dung"), clock.now())
    assert done.count == 0
    assert question("hai-0001").level == ""


@pytest.mark.parametrize("name", ["yen", "phuoc", "kien"])
def test_it_puts_what_waits_before_an_officers_day(bank, as_, name):
    today = as_(name).get("/admin").get_data(as_text=True)
    assert ("Thẩm định 3 câu hỏi" in today) is (name != "yen")
    step(as_("phuoc"), "send_back", "Sửa")
    assert ("Sửa 1 câu hỏi bị trả lại" in as_("yen").get("/admin").get_data(as_text=True)) is True
    assert KIEN
