"""Every route declares its permission; every POST refuses a missing CSRF token; nothing answers what it should not."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from elearn.app import create_app
from elearn.config import Config
from elearn.core.guards import PUBLIC, SIGNED_IN
from elearn.members.rules.permissions import PERMISSIONS, REFUSALS
from tests import cast

# What the public may read without signing in: everything else asks for it.
OPEN_TO_ALL = {
    "core.healthz", "core.readyz", "core.font", "home.show", "members.sign_in", "members.sign_in_code", "members.choose_language",
    "contests.catalogue", "contests.show", "contests.join", "contests.join_code", "contests.standings", "contests.screen", "contests.standings_excel",
    "contests.register", "contests.come_back", "contests.challenge", "contests.units", "contests.embed",
    "contests.changes", "contests.live", "contests.full_rules", "contests.poster",
    "contests.keys", "contests.integrity", "contests.manifest", "contests.checkpoints",
}  # fmt: skip


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def url_of(app: Flask, rule: Rule) -> str:
    values = {
        name: 999_999 if type(converter).__name__ == "IntegerConverter" else "khong-co"
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def test_it_declares_a_permission_on_every_route(app):
    undeclared = [rule.endpoint for rule in rules_of(app) if not getattr(app.view_functions[rule.endpoint], "permission", None)]
    assert not undeclared


def test_it_knows_every_permission_that_a_route_names(app):
    named = {getattr(app.view_functions[rule.endpoint], "permission", "") for rule in rules_of(app)} - {PUBLIC, SIGNED_IN}
    assert named <= set(PERMISSIONS)


def test_it_can_explain_every_refusal():
    assert set(REFUSALS) == set(PERMISSIONS)


def test_it_opens_to_all_only_what_is_listed(app):
    opened = {rule.endpoint for rule in rules_of(app) if getattr(app.view_functions[rule.endpoint], "permission", "") == PUBLIC}
    assert opened <= OPEN_TO_ALL


def test_it_asks_everybody_else_to_sign_in(app, as_):
    client = as_()
    for rule in rules_of(app):
        if rule.endpoint in OPEN_TO_ALL or "GET" not in rule.methods:
            continue
        answer = client.get(url_of(app, rule))
        assert answer.status_code == 302, rule
        assert "/sign-in" in answer.headers["Location"], rule


@pytest.mark.parametrize("name", ["hanh", "dung", "mai", "yen", "phuoc", "thanh", "quang", "kien"])
def test_it_never_fails_for_a_thing_that_is_not_there(app, as_, name):
    client = as_(name)
    for rule in rules_of(app):
        if "GET" in rule.methods and rule.arguments:
            assert client.get(url_of(app, rule)).status_code in (302, 403, 404), rule


def test_it_keeps_learners_out_of_every_officers_page(app, as_):
    client = as_("hanh")
    for rule in rules_of(app):
        if "GET" in rule.methods and rule.rule.startswith("/admin"):
            assert client.get(url_of(app, rule)).status_code in (403, 404), rule


def test_it_refuses_every_post_without_a_csrf_token(schema, data_path, tmp_path):
    address = f"sqlite:///{tmp_path / 'csrf.db'}"
    app = create_app(Config(data_dir=str(data_path), database_url=address, secret_key="k" * 20), TESTING=True)
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        cast.enter(__import__("elearn.core.db", fromlist=["db"]).db)
        for rule in rules_of(app):
            if "POST" in rule.methods:
                assert app.test_client().post(url_of(app, rule)).status_code == 400, rule
                assert app.test_client().post(url_of(app, rule), json={}).status_code == 400, rule


def test_it_sends_the_safety_headers(as_):
    for path in ("/", "/sign-in", "/khong-co"):
        headers = as_().get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"]


@pytest.mark.parametrize(("base_url", "is_secure"), [("https://hoc.example", True), ("http://127.0.0.1:8000", False)])
def test_it_marks_cookies(schema, data_path, base_url, is_secure, tmp_path: Path):
    config = Config(data_dir=str(data_path), database_url=schema, secret_key="k" * 20, base_url=base_url)
    client = create_app(config, TESTING=True).test_client()
    cookie = client.get("/sign-in", base_url=base_url).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is is_secure
    assert cookie.startswith("__Host-") is is_secure
