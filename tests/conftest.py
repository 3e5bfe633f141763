"""One migrated database a test run, copied (SQLite) or emptied (PostgreSQL) for each test."""

from __future__ import annotations

import contextvars
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from elearn.app import create_app
from elearn.config import Config
from elearn.core.assets import build_fonts
from elearn.core.db import Model, db, turns_of
from tests import cast

# A busy machine is no fault of a law: no case is judged by how long it took.
settings.register_profile("elearn", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.load_profile("elearn")
FONTS = Path(__file__).parents[1] / "var" / "test-assets" / "fonts"
REQUIRED = {name for name in os.environ.get("ELEARN_TEST_REQUIRE", "").split(",") if name}
POSTGRESQL = os.environ.get("ELEARN_TEST_DATABASE_URL", "")


def cannot_run(what: str, why: str) -> None:
    """Skip with the reason, or fail where this kind of test is required."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required but {why}", pytrace=False)
    pytest.skip(f"{what}: {why}")


@pytest.fixture(scope="session")
def data_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built assets and compiled messages, shared by the whole run; the fonts are cut once for all runs."""
    path = tmp_path_factory.mktemp("data")
    FONTS.mkdir(parents=True, exist_ok=True)
    with (FONTS.parent / "fonts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers must not cut at once
        build_fonts(FONTS)
    (path / "assets").mkdir()
    (path / "assets" / "fonts").symlink_to(FONTS)
    return path


def worker_database(worker: str) -> str:
    """Address of this worker's own database on the PostgreSQL server, made fresh."""
    base = sa.make_url(POSTGRESQL)
    name = f"{base.database}_{worker}"
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return base.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def schema(data_path: Path, request: pytest.FixtureRequest) -> str:
    """Address of a migrated database with the cast in it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    address = worker_database(worker) if POSTGRESQL else f"sqlite:///{data_path / 'template.db'}"
    app = create_app(Config(data_dir=str(data_path), database_url=address, secret_key="test-key-of-the-whole-run"), TESTING=True)
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        cast.enter(db)
        db.engine.dispose()
        turns_of(app).close()
    return address


@pytest.fixture
def address(schema: str, tmp_path: Path) -> str:
    """Address of a fresh database for one test."""
    if not POSTGRESQL:
        source = sa.make_url(schema).database or ""
        with sa.create_engine(schema).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        target = tmp_path / "elearn.db"
        shutil.copyfile(source, target)
        return f"sqlite:///{target}"
    engine = sa.create_engine(schema)
    with engine.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return schema


@pytest.fixture
def app(address: str, data_path: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh database that holds the cast."""
    config = Config(data_dir=str(data_path), database_url=address, secret_key="test-key-of-the-whole-run")
    application = create_app(config, TESTING=True, WTF_CSRF_ENABLED=False)
    application.test_client_class = OwnContextClient
    with application.app_context():
        if POSTGRESQL:
            cast.enter(db)
        yield application
        db.session.remove()
        db.engine.dispose()
        turns_of(application).close()


@pytest.fixture
def session(app: Flask) -> Any:
    """The ORM session of the test."""
    return db.session


class OwnContextClient(FlaskClient):
    """Runs each request in an empty context, as a server does, though the test itself holds an application context."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():  # not in the middle of a redirect that is being followed
            db.session.rollback()
        return contextvars.Context().run(super().open, *args, **kwargs)


class Browserless:
    """Clients of the cast: `as_("hanh")` is a client signed in as her."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, name: str | None = None) -> FlaskClient:
        client = self.app.test_client()
        if name:
            cast.sign_in(self.app, client, name)
        return client


@pytest.fixture
def as_(app: Flask) -> Browserless:
    return Browserless(app)


@pytest.fixture
def people(app: Flask) -> cast.People:
    """The cast by name: `people.hanh.member_id`."""
    return cast.People()
