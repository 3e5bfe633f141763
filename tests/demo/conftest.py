"""A small invented organisation, loaded once for all tests of this folder that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn.app import create_app
from elearn.config import Config
from elearn.core.db import Model, db, turns_of
from tests.conftest import FONTS, POSTGRESQL, OwnContextClient

CONTENT = Path(__file__).parents[2] / "content"
PASSWORD = "tre-xanh-lua-vang"


def bare_app(schema: str, folder: Path) -> Flask:
    """An application on a migrated database that holds nothing at all."""
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "fonts").symlink_to(FONTS)
    address = schema if POSTGRESQL else f"sqlite:///{folder / 'elearn.db'}"
    config = Config(
        data_dir=str(folder), database_url=address, secret_key="test-key-of-the-whole-run", content_dir=str(CONTENT),
        demo_password=PASSWORD,
    )  # fmt: skip
    app = create_app(config, TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = OwnContextClient
    with app.app_context():
        if POSTGRESQL:
            with db.engine.begin() as connection:
                names = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
                connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        else:
            from flask_migrate import upgrade

            upgrade()
    return app


@pytest.fixture(scope="module")
def demo(schema: str, data_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application after `flask demo load --members 200`."""
    app = bare_app(schema, tmp_path_factory.mktemp("demo") / "var")
    result = app.test_cli_runner().invoke(args=["demo", "load", "--members", "200", "--seed", "7"])
    assert result.exit_code == 0, result.output
    app.extensions["demo_output"] = result.output
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
        turns_of(app).close()
