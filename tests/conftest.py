"""One application and one migrated database a worker, brought back for each test to how they were made."""

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
from elearn.core.db import db, engine_options, harden, turns_of
from tests import cast
from tests.fresh import bring_back, keep

# In memory where there is room: nothing made here must survive the loss of power, and every commit waits for the disk.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**31:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# A busy machine is no fault of a law: no case is judged by how long it took.
settings.register_profile("elearn", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.load_profile("elearn")
FONTS = Path(__file__).parents[1] / "var" / "test-assets" / "fonts"
REQUIRED = {name for name in os.environ.get("ELEARN_TEST_REQUIRE", "").split(",") if name}
POSTGRESQL = os.environ.get("ELEARN_TEST_DATABASE_URL", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks the database: everything else, and what is marked `once`, says the same as it did on SQLite."""
    if not POSTGRESQL:
        return
    asks = {"schema", "site"}
    chosen = [one for one in items if asks & set(getattr(one, "fixturenames", ())) and not one.get_closest_marker("once")]
    config.hook.pytest_deselected(items=[one for one in items if one not in chosen])
    items[:] = chosen


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
        if POSTGRESQL:
            keep(db.engine)
        db.engine.dispose()
        turns_of(app).close()
    return address


@pytest.fixture
def address(schema: str) -> str:
    """Address of this worker's database, fresh for one test."""
    if not POSTGRESQL:
        source = Path(sa.make_url(schema).database or "")
        target = source.with_name("elearn.db")
        for left in source.parent.glob("elearn.db*"):
            left.unlink()
        shutil.copyfile(source, target)
        return f"sqlite:///{target}"
    engine = sa.create_engine(schema)
    bring_back(engine)
    engine.dispose()
    return schema


class Made:
    """The application of this worker, made once: rules of addresses and templates are compiled once, as on a server."""

    def __init__(self, data_path: Path) -> None:
        self._data_path, self._app = data_path, None
        self._settings: dict[str, Any] = {}
        self._extensions: dict[str, Any] = {}

    def at(self, address: str) -> Flask:
        """The application on that database, with the settings it was made with and nothing kept from the test before.

        The engine is a new one: what is kept in memory of a database is kept by its engine.
        """
        config = Config(data_dir=str(self._data_path), database_url=address, secret_key="test-key-of-the-whole-run")
        if self._app is None:
            self._app = create_app(config, TESTING=True, WTF_CSRF_ENABLED=False)
            self._app.test_client_class = OwnContextClient
            self._settings, self._extensions = dict(self._app.config), dict(self._app.extensions)
        for kept, was in ((self._app.config, self._settings), (self._app.extensions, self._extensions)):
            kept.clear()
            kept.update(was)
        self._app.config["ELEARN"] = config
        with self._app.app_context():
            db.engines[None] = engine = sa.create_engine(address, **engine_options(address))
        harden(engine)
        return self._app


@pytest.fixture(scope="session")
def application(data_path: Path) -> Made:
    return Made(data_path)


@pytest.fixture
def app(address: str, application: Made) -> Iterator[Flask]:
    """The application on a fresh database that holds the cast."""
    found = application.at(address)
    with found.app_context():
        yield found
        db.session.remove()
        db.engine.dispose()
        turns_of(found).close()


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
