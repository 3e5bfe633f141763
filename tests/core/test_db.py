"""Writers take turns, transactions are whole, marks are exact."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from elearn.audit.models import AuditDetail, AuditEntry
from elearn.audit.queries import check_chain
from elearn.audit.rules.chain import entry_digest, salted_digest
from elearn.audit.services import blank_person, record
from elearn.core.db import db, transaction, write_connection
from elearn.core.types import Mark, UtcDateTime
from elearn.lib.canonical import canonical
from elearn.units.models import UnitKind
from tests.conftest import POSTGRESQL

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)


def test_it_rolls_everything_back_on_an_error(app):
    with pytest.raises(RuntimeError), transaction() as session:
        session.add(UnitKind(code="x", name="X"))
        session.flush()
        raise RuntimeError
    assert not db.session.scalar(sa.select(UnitKind).where(UnitKind.code == "x"))


def test_it_reads_again_inside_the_transaction(app):
    kind = db.session.scalars(sa.select(UnitKind).where(UnitKind.code == "cell")).one()
    with write_connection() as connection:
        connection.execute(sa.update(UnitKind).where(UnitKind.code == "cell").values(name="Khác"))
    with transaction():
        assert kind.name == "Khác"


def test_it_serves_many_writers_without_losing_one(app):
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with app.app_context():
                for turn in range(10):
                    with write_connection() as connection:
                        connection.execute(sa.insert(UnitKind).values(code=f"k{number}-{turn}", name="K", name_en=""))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnitKind).where(UnitKind.code.like("k%-%"))) == 160


@pytest.mark.skipif(bool(POSTGRESQL), reason="turns of SQLite")
def test_it_refuses_a_write_inside_a_write_instead_of_waiting_for_ever(app):
    with pytest.raises(RuntimeError, match="inside"), write_connection(), write_connection():
        pass


@pytest.mark.skipif(bool(POSTGRESQL), reason="settings of SQLite")
def test_it_is_durable_on_sqlite(app):
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.skipif(bool(POSTGRESQL), reason="settings of SQLite")
@pytest.mark.parametrize("ends_well", [True, False])
def test_a_bulk_transaction_gives_its_connection_back_as_it_was(app, ends_well):
    with contextlib.suppress(ZeroDivisionError), transaction(is_bulk=True) as session:
        assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
        assert ends_well or 1 / 0
    with transaction() as session:
        assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert session.connection().exec_driver_sql("PRAGMA cache_size").scalar() == -16000


def test_it_chains_the_audit_log_and_refuses_to_change_it(app):
    for number in range(3):
        with transaction() as session:
            record(session, NOW, (4, "Đặng Trung Kiên"), "try_things", ("member", number, "Ai đó"), after={"n": number})
    rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [row.seq for row in rows] == [1, 2, 3]
    previous = ""
    for row in rows:
        names = ("seq", "actor_id", "action", "subject_kind", "subject_id", "actor_digest", "detail_digest")
        previous = entry_digest(previous, {**{name: getattr(row, name) for name in names}, "at": row.at.isoformat()})
        assert row.digest == previous
        told = {name: getattr(row.detail, name) for name in ("subject_name", "before", "after", "reason")}
        assert row.detail_digest == salted_digest(row.detail.detail_salt, told)
    for deed in (
        sa.update(AuditEntry).values(action="khác"),
        sa.delete(AuditEntry),
        sa.update(AuditDetail).values(reason="khác"),
        sa.delete(AuditDetail),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), write_connection() as connection:
            connection.execute(deed)


def test_it_blanks_a_person_and_the_chain_still_fits(app):
    with transaction() as session:
        record(session, NOW, (4, "Đặng Trung Kiên"), "try_things", ("member", 1, "Trần Thị Hạnh"), after={"phone": "0900"})
        record(session, NOW, (1, "Trần Thị Hạnh"), "try_things", ("round", 1, "Vòng 1"))
    with transaction() as session:
        assert blank_person(session, 1) == 1
    kept = db.session.scalars(sa.select(AuditDetail).order_by(AuditDetail.seq)).all()
    assert "Hạnh" not in str([(one.actor_name, one.subject_name, one.after, one.search_key) for one in kept])
    assert kept[0].actor_name == "Đặng Trung Kiên"
    check = check_chain(db.session())
    assert (check.length, check.broken_at, check.blanked) == (2, None, 2)


@given(st.decimals(min_value=-1000, max_value=1000, places=7))
def test_it_keeps_marks_exact(mark):
    kind = Mark()
    assert kind.process_result_value(kind.process_bind_param(mark, None), None) == mark


def test_it_refuses_a_moment_without_a_zone():
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), None)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
def test_it_writes_json_in_one_way(value):
    assert canonical(value) == canonical(dict(reversed(list(value.items()))))
