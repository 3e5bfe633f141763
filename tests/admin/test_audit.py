"""The audit log: who reads which entry, and how a rewrite is proved."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from elearn.admin.queries.people import DeedFilter, list_deeds
from elearn.admin.rules.changes import Change, changes_of
from elearn.admin.rules.reading import may_read
from elearn.audit.models import AuditEntry
from elearn.audit.services import blank_person, record
from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.members.rules.permissions import Actor, Grant, Role
from elearn.units.models import Unit

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
KIEN, NGA, DUNG, THUAN = (4, "Đặng Trung Kiên"), (14, "Ngô Thị Nga"), (5, "Phan Đức Dũng"), (11, "Lò Văn Thuận")
HANH, LAN = ("member", 1, "Trần Thị Hạnh"), ("member", 3, "Phạm Thị Lan Anh")


@pytest.fixture
def deeds(app):
    """1 to 8: by and to people of both branches, by the system, to units, to many."""
    with transaction() as session:
        record(session, NOW, KIEN, "edit_member", HANH)
        record(session, NOW, KIEN, "edit_member", LAN)
        record(session, NOW, DUNG, "open_cohort", ("cohort", 1, "Lớp 1"))
        record(session, NOW, THUAN, "open_cohort", ("cohort", 2, "Lớp 2"))
        record(session, NOW, (None, "Hệ thống"), "edit_unit", ("unit", 2, "Đảng bộ phường Bình Minh"))
        record(session, NOW, (None, "Hệ thống"), "edit_unit", ("unit", 5, "Đảng bộ xã Đông Hoà"))
        record(session, NOW, NGA, "export_sensitive", ("export", "members", "Danh sách"), after={"people": 2}, concerns=(1, 2))
        record(session, NOW, KIEN, "load_demo", ("system", 1, "An Sơn"))


def administrator(*paths):
    return Actor(4, "/1/", tuple(Grant(Role.SYSTEM_ADMINISTRATOR, path) for path in paths))


def place_of(kind, number):
    query = sa.select(Unit.path).where(Unit.id == number)
    if kind == "member":
        query = sa.select(Unit.path).join(Member, Member.unit_id == Unit.id).where(Member.id == number)
    return (db.session.scalar(query) or "") if kind in ("member", "unit") else ""


@pytest.mark.parametrize(
    ("paths", "seen"),
    [
        (("/1/",), {1, 2, 3, 4, 5, 6, 7, 8}),
        (("/1/2/",), {1, 3, 5}),
        (("/1/5/",), {2, 4, 6}),
        (("/1/2/", "/1/5/"), {1, 2, 3, 4, 5, 6}),
        ((), set()),
    ],
)
def test_it_lists_what_the_rule_allows(deeds, paths, seen):
    listed = {one.seq for one in list_deeds(administrator(*paths), DeedFilter())}
    allowed = {
        one.seq
        for one in db.session.scalars(sa.select(AuditEntry)).all()
        if may_read(
            paths,
            place_of("member", one.actor_id),
            place_of(one.subject_kind, int(one.subject_id) if one.subject_id.isdecimal() else 0),
        )
    }
    assert listed == allowed == seen


PATHS = st.lists(st.integers(1, 3), max_size=4).map(lambda ids: "/" + "".join(f"{one}/" for one in ids) if ids else "")
TOPS = st.lists(PATHS.filter(bool), max_size=3)


@given(TOPS, TOPS, PATHS, PATHS)
def test_it_shows_no_less_with_more_subtrees_and_nothing_without(few, others, actor_path, subject_path):
    assert may_read(few + others, actor_path, subject_path) >= may_read(few, actor_path, subject_path)
    assert not may_read([], actor_path, subject_path)


def test_it_tells_before_and_after_in_words(as_, app):
    with transaction() as session:
        before, after = (
            {"sex": "male", "birth_date": "1980-02-01"},
            {"sex": "female", "birth_date": "1981-02-01", "phone": "<b>0913"},
        )
        record(session, NOW, KIEN, "edit_member", HANH, before, after)
    page = as_("kien").get("/admin/audit").get_data(as_text=True)
    for words in ("Giới tính: Nam → Nữ", "Ngày sinh: 01/02/1980 → 01/02/1981", "Điện thoại: &lt;b&gt;0913"):
        assert words in page


def test_it_leaves_out_what_stayed_but_not_what_is_masked():
    changes = changes_of({"sex": "male", "phone": "1", "religion": "•••"}, {"sex": "male", "phone": "2", "religion": "•••"})
    assert changes == [Change("Điện thoại", "1", "2"), Change("Tôn giáo", "•••", "•••")]
    assert changes_of(None, None) == []
    told = {"rows": 3, "filters": {"q": "lan"}, "is_external": True, "units": [1, 2], "no_such": None, "day": "2026-13-45"}
    assert [f"{one.field}: {one.after}" for one in changes_of({}, told)] == [
        "Số dòng: 3", "Điều kiện lọc: Từ khoá: lan", "Ngoài tổ chức: có", "Đơn vị: 1; 2", "Ngày: 2026-13-45",
    ]  # fmt: skip


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda one: st.lists(one) | st.dictionaries(st.text(max_size=5), one),
    )
)
def test_it_can_tell_whatever_was_written_down(value):
    assert all(one.before == "" for one in changes_of(None, value))
    assert changes_of(value, value) == [] or "•••" in str(value)


def test_it_counts_entries_that_lost_their_contents(app, deeds):
    with transaction() as session:
        blank_person(session, 1)
    told = json.loads(app.test_cli_runner().invoke(args=["audit", "check", "--json"]).stdout)
    assert told == {"entries": 8, "blanked": 1, "broken_at": None, "whole": True}


def test_it_proves_a_rewrite_by_a_checkpoint_kept_outside(app, deeds):
    runner = app.test_cli_runner()
    line = runner.invoke(args=["audit", "checkpoint"]).stdout.split()[0]
    assert json.loads(runner.invoke(args=["audit", "checkpoint", "--json"]).stdout)["entry"] == 8
    assert runner.invoke(args=["audit", "check", "--checkpoint", line]).exit_code == 0
    with transaction() as session:
        record(session, NOW, KIEN, "edit_member", HANH)
    assert runner.invoke(args=["audit", "check", "--checkpoint", line]).exit_code == 0
    refused = runner.invoke(args=["audit", "check", "--checkpoint", f"8:{'0' * 64}", "--json"])
    assert (refused.exit_code, json.loads(refused.stdout)["fits_checkpoint"]) == (1, False)
    assert "viết lại" in runner.invoke(args=["audit", "check", "--checkpoint", f"8:{'0' * 64}"]).stderr
    assert runner.invoke(args=["audit", "check", "--checkpoint", "9"]).exit_code == 2


def test_it_has_no_checkpoint_of_an_empty_log(app):
    assert app.test_cli_runner().invoke(args=["audit", "checkpoint"]).exit_code == 1
