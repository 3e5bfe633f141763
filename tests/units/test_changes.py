"""Changes of the tree through the services: written to the tables, and taken back as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from elearn.audit.models import AuditDetail, AuditEntry
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.units.models import CatchmentUnit, Unit, UnitChange, UnitHeadcount, UnitName, UnitSuccessor
from elearn.units.queries import history
from elearn.units.rules.operations import Close, Create, Merge, Move, Part, Rename, Split
from elearn.units.rules.organisation import Decision
from elearn.units.services import changes, details, undoing
from elearn.units.services.changes import CannotChange, apply_change, preview_change

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
DAY = date(2026, 11, 1)
KIEN = (4, "Đặng Trung Kiên")
DECISION = Decision("12-QĐ/TU", date(2026, 10, 20))
MERGER = Merge(
    units=("khu-pho-5", "truong"), into="binh-minh-1", name="Chi bộ Bình Minh 1", effective_on=DAY, decision=DECISION
)  # fmt: skip
OPERATIONS = {
    "create": Create(code="n", name="Chi bộ Thôn Hạ", kind="cell", parent="dong-hoa", effective_on=DAY, decision=DECISION),
    "rename": Rename(unit="khu-pho-5", name="Chi bộ Tổ dân phố 5", effective_on=DAY, decision=DECISION),
    "move": Move(unit="truong", parent="dong-hoa", effective_on=DAY, decision=DECISION),
    "merge": MERGER,
    "split": Split(
        unit="thuong", effective_on=DAY, decision=DECISION,
        parts=(Part(code="t1", name="Chi bộ Thượng 1", is_main=True), Part(code="t2", name="Chi bộ Thượng 2")),
    ),
    "close": Close(unit="binh-minh", successor="dong-hoa", effective_on=DAY, decision=DECISION),
}  # fmt: skip


def state(session):
    """Everything that the tables say of the tree."""
    session.rollback()
    columns = list(Unit.__table__.columns)
    rows = {row.id: tuple(row) for row in session.execute(select(*columns))}
    return history.load_organisation(session), rows


@pytest.mark.parametrize("name", OPERATIONS)
def test_it_does_each_operation_and_takes_it_back(app, session, name):
    before = state(session)
    number = apply_change(KIEN, "", [OPERATIONS[name]], NOW)
    organisation, rows = state(session)
    assert (organisation, rows) != before
    snapshot = organisation.as_of(DAY)
    assert history.snapshot_on(DAY) == snapshot and not snapshot.faults
    for then in snapshot.units.values():
        unit = session.get(Unit, then.id)
        kept = (unit.name, unit.short_name, unit.parent_id, unit.path, unit.depth, unit.kind.code)
        assert kept == (then.name, then.short_name, then.parent_id, then.path, then.depth, then.kind)
    assert history.snapshot_on(DAY - timedelta(days=1)) == before[0].as_of(DAY - timedelta(days=1))
    change = session.get(UnitChange, number)
    assert change.decision == "12-QĐ/TU ngày 20/10/2026" and change.title and change.decided_on == date(2026, 10, 20)
    undoing.undo_change(KIEN, number, "ghi nhầm quyết định", NOW)
    assert state(session) == before
    assert session.get(UnitChange, number).undone_by_name == KIEN[1]


def test_it_writes_what_a_merger_is(app, session):
    number = apply_change(KIEN, "Sáp nhập hai chi bộ", [MERGER], NOW)
    new = session.scalar(select(Unit).where(Unit.code == "binh-minh-1"))
    assert (new.path, new.depth, new.parent_id, new.short_name) == (f"/1/2/{new.id}/", 2, 2, "Chi bộ Bình Minh 1")
    assert new.search_key == "chi bo binh minh 1 binh-minh-1" and new.sort_key
    links = session.scalars(select(UnitSuccessor).where(UnitSuccessor.successor_id == new.id)).all()
    assert {link.unit_id for link in links} == {3, 4} and all(link.decision == "12-QĐ/TU ngày 20/10/2026" for link in links)
    assert session.get(Unit, 3).valid_to == DAY
    assert history.successor_map() == {3: new.id, 4: new.id}
    assert [unit.id for _, unit in history.list_predecessors(new.id)] == [3, 4]
    assert [unit.id for _, unit in history.list_successors(3)] == [new.id]
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()))
    assert (entry.action, entry.subject_kind, entry.subject_id, entry.actor_id) == ("change_units", "unit_change", str(number), 4)
    detail = session.get(AuditDetail, entry.seq)
    assert detail.after["operations"] == ["Sáp nhập Chi bộ Khu phố 5 và Chi bộ Trường THCS thành Chi bộ Bình Minh 1"]


def test_it_moves_the_paths_of_a_whole_subtree(app, session):
    apply_change(KIEN, "", [Move(unit="binh-minh", parent="dong-hoa", effective_on=DAY)], NOW)
    assert session.get(Unit, 3).path == "/1/5/2/3/" and session.get(Unit, 3).depth == 3


def test_it_previews_without_writing(app, session):
    before = state(session)
    seen = preview_change([MERGER], NOW)
    assert seen.is_sound and [row.action for row in seen.rows] == ["merge"]
    assert state(session) == before


def test_it_refuses_a_circle_and_writes_nothing(app, session):
    before = state(session)
    with pytest.raises(CannotChange) as refusal:
        apply_change(KIEN, "", [OPERATIONS["rename"], Move(unit="binh-minh", parent="khu-pho-5", effective_on=DAY)], NOW)
    assert [(problem.operation, problem.field, problem.code) for problem in refusal.value.problems] == [(1, "parent", "circle")]
    assert state(session) == before


def test_it_refuses_days_that_have_not_come_and_nothing_at_all(app):
    with pytest.raises(CannotChange) as refusal:
        apply_change(KIEN, "", [Rename(unit="truong", name="X", effective_on=date(2026, 12, 1))], NOW)
    assert [problem.code for problem in refusal.value.problems] == ["not_yet"]
    with pytest.raises(CannotChange):
        apply_change(KIEN, "", [], NOW)
    with pytest.raises(CannotChange):
        apply_change(KIEN, "", [Rename(unit="truong", name="Chi bộ Trường THCS", short_name="Trường THCS", effective_on=DAY)], NOW)


def test_it_refuses_too_many_operations(app, monkeypatch):
    monkeypatch.setattr(changes, "MOST_OPERATIONS", 1)
    with pytest.raises(CannotChange):
        apply_change(KIEN, "", [OPERATIONS["rename"], OPERATIONS["move"]], NOW)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (Move(unit="truong", parent="dong-hoa", effective_on=DAY), "out_of_scope"),
        (Rename(unit="thuong", name="Chi bộ khác", effective_on=DAY), "out_of_scope"),
        (Move(unit="truong", parent="", effective_on=DAY), "top_out_of_scope"),
    ],
)
def test_it_keeps_within_the_scope(app, operation, code):
    assert [problem.code for problem in preview_change([operation], NOW, ["/1/2/"]).problems] == [code]
    with pytest.raises(CannotChange):
        apply_change(KIEN, "", [operation], NOW, scope=["/1/2/"])
    assert preview_change([operation], NOW, ["/1/"]).is_sound


def test_it_does_not_undo_what_later_was_built_on(app, session):
    number = apply_change(KIEN, "", [MERGER], NOW)
    apply_change(KIEN, "", [Rename(unit="binh-minh-1", name="Chi bộ Số 1", effective_on=date(2026, 11, 2))], NOW)
    counts, reasons = undoing.preview_undo(KIEN, number, NOW)
    assert not counts and any("đã thay đổi tiếp" in reason.message for reason in reasons)
    with pytest.raises(undoing.CannotUndo):
        undoing.undo_change(KIEN, number, "ghi nhầm", NOW)
    assert session.get(UnitChange, number).undone_at is None


def test_it_does_not_take_away_a_unit_that_is_used(app, session):
    number = apply_change(KIEN, "", [OPERATIONS["create"]], NOW)
    new = session.scalar(select(Unit.id).where(Unit.code == "n"))
    details.set_headcount(KIEN, new, DAY, 12, "báo cáo", NOW)
    with pytest.raises(undoing.CannotUndo) as refusal:
        undoing.undo_change(KIEN, number, "ghi nhầm", NOW)
    assert [reason.values for reason in refusal.value.reasons] == [{"unit": "Chi bộ Thôn Hạ", "count": 1}]
    assert session.get(Unit, new) is not None


def test_it_undoes_once_with_a_reason_and_in_scope(app):
    number = apply_change(KIEN, "", [MERGER], NOW)
    with pytest.raises(InvalidInput):
        undoing.undo_change(KIEN, number, " ", NOW)
    with pytest.raises(undoing.CannotUndo):
        undoing.undo_change(KIEN, number, "ghi nhầm", NOW, ["/1/5/"])
    undoing.undo_change(KIEN, number, "ghi nhầm", NOW, ["/1/2/"])
    with pytest.raises(DomainError):
        undoing.undo_change(KIEN, number, "ghi nhầm", NOW)
    with pytest.raises(NotFound):
        undoing.undo_change(KIEN, 999, "ghi nhầm", NOW)


def test_it_does_not_undo_into_the_area_of_others(app, session):
    number = apply_change(KIEN, "", [OPERATIONS["move"]], NOW)
    with pytest.raises(undoing.CannotUndo) as refusal:
        undoing.undo_change(KIEN, number, "ghi nhầm", NOW, ["/1/5/"])
    assert "ngoài phạm vi" in refusal.value.reasons[0].message
    undoing.undo_change(KIEN, number, "ghi nhầm", NOW, ["/1/"])


def test_it_rehearses_an_undoing(app, session):
    number = apply_change(KIEN, "", [MERGER], NOW)
    after = state(session)
    undoing.preview_undo(KIEN, number, NOW)
    assert state(session) == after and session.get(UnitChange, number).undone_at is None


def test_it_counts_people_of_a_day(app, session):
    details.set_headcount(KIEN, 3, DAY, 30, "báo cáo tháng 10", NOW)
    details.set_headcount(KIEN, 3, DAY, 31, "đính chính", NOW)
    assert [row.people_count for row in history.list_headcounts(3)] == [31]
    with pytest.raises(InvalidInput):
        details.set_headcount(KIEN, 3, date(2020, 1, 1), 3, "", NOW)
    with pytest.raises(InvalidInput):
        details.set_headcount(KIEN, 3, DAY, -1, "", NOW)
    details.set_headcount(KIEN, 3, DAY, None, "", NOW)
    assert session.scalar(select(func.count()).select_from(UnitHeadcount)) == 0


def test_it_keeps_what_a_centre_served_before(app, session):
    details.set_catchment(KIEN, 2, [5], date(2026, 1, 1), "1-QĐ", NOW)
    details.set_catchment(KIEN, 2, [5, 6], date(2026, 6, 1), "2-QĐ", NOW)
    details.set_catchment(KIEN, 2, [6], DAY, "3-QĐ", NOW)
    rows = session.execute(select(CatchmentUnit.unit_id, CatchmentUnit.valid_from, CatchmentUnit.valid_to)).all()
    assert sorted(rows) == [(5, date(2026, 1, 1), DAY), (6, date(2026, 6, 1), None)]
    assert [unit.id for unit in history.list_catchment(2, DAY)] == [6]
    assert [unit.id for unit in history.list_catchment(2, date(2026, 7, 1))] == [6, 5]


def test_it_marks_an_external_unit(app, session):
    details.edit_unit(KIEN, 6, "Khối xã", True, NOW)
    details.edit_unit(KIEN, 6, "Khối xã", True, NOW)
    assert (session.get(Unit, 6).segment, session.get(Unit, 6).is_external) == ("Khối xã", True)
    assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "edit_unit")) == 1
    assert session.scalar(select(func.count()).select_from(UnitName)) == 6
