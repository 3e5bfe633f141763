"""Rules of the house that a machine can check: templates, migrations, foreign keys, documentation, pure rules."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from elearn.app import FEATURES, create_app
from elearn.config import PREFIX, Config
from elearn.core.db import Model, db, turns_of
from tests.conftest import POSTGRESQL, cannot_run

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "elearn").rglob("templates/**/*.html"))
PURE = sorted(
    path
    for pattern in ("lib/*.py", "*/rules/**/*.py", "*/rules.py", "*/types/*.py", "*/rankings/*.py", "*/formats/*.py")
    for path in (ROOT / "elearn").glob(pattern)
    if path.parts[-2] != "core"
)


def template_name(path: Path) -> str:
    return path.relative_to(next(parent for parent in path.parents if parent.name == "templates")).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_it_compiles_and_titles_every_template(app, path):
    app.jinja_env.get_template(template_name(path))
    text = path.read_text(encoding="utf-8")
    is_page = "{% extends" in text and not path.name.startswith("_") and "layouts" not in path.parts
    assert not is_page or re.search(r"\{%-? *block title *-?%\}\s*\S", text) or "errors/" in text
    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"\son\w+=\"", text)


def test_it_imports_every_rule_without_flask_and_sqlalchemy():
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PURE if path.name != "__init__.py"]
    assert len(modules) > 15
    program = (
        "import sys, importlib\n"
        "for name in ('flask', 'sqlalchemy', 'flask_sqlalchemy', 'flask_login', 'flask_babel', 'wtforms'): sys.modules[name] = None\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def is_of_a_model(_thing, name, *_rest):
    """The index of words is the database's own: a virtual table with its parts on SQLite, an expression on PostgreSQL."""
    return not (name or "").startswith(
        ("members_words", "ix_members_words", "questions_words", "ix_questions_words", "documents_words", "ix_documents_words")
    )


def test_it_keeps_models_equal_to_migrations(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_of_a_model})
        differences = compare_metadata(context, Model.metadata)
    assert not differences


def fresh_app(data_path: Path, address: str) -> Flask:
    return create_app(Config(data_dir=str(data_path), database_url=address, secret_key="k" * 20), TESTING=True)


def test_it_migrates_up_and_down(data_path, tmp_path):
    from flask_migrate import downgrade, upgrade

    app = fresh_app(data_path, f"sqlite:///{tmp_path / 'updown.db'}")
    with app.app_context():
        upgrade()
        tables = set(sa.inspect(db.engine).get_table_names())
        downgrade(revision="base")
        assert set(sa.inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
        assert set(sa.inspect(db.engine).get_table_names()) == tables
        db.engine.dispose()
        turns_of(app).close()


class Unplugged(Exception):
    """Stands for the power going."""


def test_it_leaves_no_half_of_a_migration_behind(data_path, tmp_path):
    """The migration is broken off at one statement after the other; each time the schema is as before."""
    from flask_migrate import upgrade

    app = fresh_app(data_path, f"sqlite:///{tmp_path / 'half.db'}")
    with app.app_context():
        for stop_at in (1, 5, 20, 40):
            seen = 0

            def break_off(*_arguments, stop_at=stop_at):
                nonlocal seen
                seen += 1
                if seen > stop_at + 4:
                    raise Unplugged

            sa.event.listen(db.engine, "before_cursor_execute", break_off)
            with pytest.raises(Unplugged):
                upgrade()
            sa.event.remove(db.engine, "before_cursor_execute", break_off)
            assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()
        turns_of(app).close()


def test_it_has_one_line_of_migrations():
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_it_points_foreign_keys_downwards():
    home = {mapper.local_table.name: mapper.class_.__module__.split(".")[1] for mapper in Model.registry.mappers}
    rank = {name: index for index, name in enumerate(FEATURES)}
    upwards = [
        f"{table.name} → {key.column.table.name}"
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if rank[home[key.column.table.name]] > rank[home[table.name]]
    ]
    assert not upwards


def test_it_can_carry_over_the_rows_that_it_says_it_does(app):
    """A merger lists rows by their id."""
    from elearn.members.hooks import kept_as_history, results

    for one in (*results, *kept_as_history):
        assert {"id", one.column, *one.alone} <= set(one.model.__table__.columns.keys()), one.label


def test_it_says_of_every_column_with_a_hidden_meaning_what_it_means():
    silent = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if not column.comment and re.search(r"(_ms|_seconds|_permille|_count|_key|digest|state|status)$", column.name)
    ]
    assert not [name for name in silent if not name.startswith(("standings.", "unit_standings."))]


def test_it_documents_every_setting():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for field in fields(Config):
        assert f"`{PREFIX}{field.name.upper()}`" in text, field.name
        assert field.metadata["meaning"] in text, field.name


def test_it_documents_every_command(app):
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    ours = {"quizzes", "content", "demo", "contests", "prepare", "jobs", "units", "members", "retention", "audit", "questions"}
    for name, command in app.cli.commands.items():
        if name not in ours:
            continue
        for sub in getattr(command, "commands", {"": command}):
            assert f"flask {name} {sub}".strip() in text, f"{name} {sub}"


def test_it_can_run_on_postgresql():
    """The rest of the suite runs there when ELEARN_TEST_DATABASE_URL names a server; here only that CI has one."""
    import os

    address = POSTGRESQL or os.environ.get("ELEARN_TEST_POSTGRESQL_URL", "")
    if not address:
        cannot_run("postgresql", "ELEARN_TEST_DATABASE_URL names no server")
    with sa.create_engine(address).connect() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
