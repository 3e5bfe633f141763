"""A database with people and a log in it goes through the migrations, up and down, and loses nothing."""

from __future__ import annotations

import sqlalchemy as sa

from elearn.audit.queries import check_chain
from elearn.core.db import db, turns_of, write_connection
from elearn.members.models import Member
from elearn.members.queries import beginning_with
from tests.house.test_structure import fresh_app

ROWS = (
    "INSERT INTO unit_kinds (id, code, name, name_en) VALUES (1, 'province', 'Đảng bộ tỉnh', '')",
    "INSERT INTO units (id, code, name, short_name, kind_id, path, depth, valid_from, sort_key, search_key) "
    "VALUES (1, 'AS', 'Đảng bộ tỉnh An Sơn', 'An Sơn', 1, '/1/', 0, '2025-07-01', 'a', 'an son'), "
    "(2, 'CU', 'Đảng bộ xã Cũ', 'Cũ', 1, '/1/2/', 1, '1997-01-01', 'b', 'cu')",
    "UPDATE units SET valid_to = '2025-07-01', parent_id = 1 WHERE id = 2",
    "INSERT INTO unit_successors (unit_id, successor_id, effective_on, decision) VALUES (2, 1, '2025-07-01', '')",
    "INSERT INTO members (id, code, login, login_key, display_name, name_key, search_key, birth_precision, sex, phone, email, kind, unit_id, "
    "status, password_hash, must_change_password, created_at) VALUES (7, 'DV7', 'hanh', 'hanh', 'Trần Thị Hạnh', 'h', 'tran thi hanh hanh dv7', "
    "'', '', '', '', 'official', 1, 'active', 'x', 0, '2025-08-01 00:00:00.000000')",
    "INSERT INTO memberships (id, member_id, unit_id, valid_from) VALUES (1, 7, 1, '2025-08-01')",
    "INSERT INTO role_grants (id, member_id, role, unit_id, valid_from, reason) VALUES (1, 7, 'unit_viewer', 1, '2025-08-01 00:00:00.000000', '')",
    'INSERT INTO audit_entries (seq, at, actor_id, actor_name, action, subject_kind, subject_id, subject_name, "before", "after", reason, digest) '
    "VALUES (1, '2025-08-01 00:00:00.000000', 7, 'Trần Thị Hạnh', 'set_member_status', 'member', '7', 'Trần Thị Hạnh', "
    "'{\"status\":\"active\"}', '{\"status\":\"disabled\"}', 'chuyển đi', 'old')",
    "INSERT INTO audit_head (id, seq, digest) VALUES (1, 1, 'old')",
)


def test_it_carries_people_units_and_the_log_up_and_down(data_path, tmp_path):
    from flask_migrate import downgrade, upgrade

    app = fresh_app(data_path, f"sqlite:///{tmp_path / 'carried.db'}")
    with app.app_context():
        upgrade(revision="0001")
        with write_connection() as connection:
            for row in ROWS:
                connection.exec_driver_sql(row)
        upgrade()
        assert check_chain(db.session()).broken_at is None
        detail = db.session.execute(sa.text("SELECT actor_name, after, reason FROM audit_details")).one()
        assert tuple(detail) == ("Trần Thị Hạnh", '{"status":"disabled"}', "chuyển đi")
        assert db.session.execute(sa.text("SELECT count(*) FROM unit_names")).scalar() == 2
        assert db.session.execute(sa.text("SELECT is_main FROM unit_successors")).scalar() == 1
        assert db.session.scalars(sa.select(Member.id).where(beginning_with("hạnh trần"))).all() == [7]
        db.session.rollback()
        with write_connection() as connection:
            connection.exec_driver_sql("UPDATE members SET status = 'left'")
        downgrade(revision="0001")
        assert db.session.execute(sa.text("SELECT display_name, status FROM members")).one() == ("Trần Thị Hạnh", "disabled")
        assert db.session.execute(sa.text("SELECT actor_name, subject_name, reason FROM audit_entries")).one() == (
            "Trần Thị Hạnh", "Trần Thị Hạnh", "chuyển đi",
        )  # fmt: skip
        assert db.session.execute(sa.text("SELECT role FROM role_grants")).scalar() == "unit_viewer"
        db.session.rollback()
        upgrade()
        assert check_chain(db.session()).broken_at is None
        db.session.remove()
        db.engine.dispose()
        turns_of(app).close()
