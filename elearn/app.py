"""create_app: the only module that knows every feature."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from elearn import doctor, heart, prepare
from elearn.config import Config
from elearn.core import core_views, display, errors, guards, i18n, navigation, security
from elearn.core.contributions import Contributions
from elearn.core.db import db, init_db
from elearn.members.queries import managed_unit_name
from elearn.members.rules import permissions
from elearn.members.services import passwords
from elearn.members.views import login_manager, second_factor

# From the bottom up; each may import only those before it (see pyproject.toml, tool.importlinter).
FEATURES = (
    "audit", "jobs", "units", "members", "notices", "library", "questions", "submissions", "marking", "quizzes", "courses",
    "campaigns", "classes", "contests", "content", "reports", "home", "admin", "demo", "backups",
)  # fmt: skip


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """The application. `overrides` are Flask's own settings, for tests."""
    config = config or Config.from_environment()
    config.data_path.mkdir(parents=True, exist_ok=True)
    app = Flask("elearn", static_folder="static", template_folder="core/templates")
    app.config.update(
        ELEARN=config,
        SITE_NAME=config.site_name,
        SQLALCHEMY_DATABASE_URI=config.database_address,
        SEND_FILE_MAX_AGE_DEFAULT=0,
        JSON_AS_ASCII=False,
        **overrides,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["contributions"] = Contributions()
    app.logger.setLevel(getattr(logging, config.log_level.upper(), logging.INFO))
    passwords.queue.configure(config.hashing_slots, config.hashing_wait_seconds)

    init_db(app)
    Migrate(app, db, directory=str(Path(__file__).parent.parent / "migrations"), compare_type=True)
    security.init_security(app, config)
    i18n.init_i18n(app, config.data_path)
    display.init_display(app)
    errors.init_errors(app)
    login_manager.init_app(app)
    core_views.init_core(app, config)
    prepare.init_prepare(app)
    doctor.init_doctor(app)
    load_features(app)
    heart.init_heart(app)
    guards.init_guards(app, permissions.may_anywhere, permissions.forbidden, second_factor.is_missing)
    navigation.init_navigation(app, permissions.may_anywhere)
    navigation.LEARNER_MENU[:] = [
        navigation.Entry("Việc cần làm", "home.show", "list-checks", short="Cần làm"),
        navigation.Entry("Khoá học", "courses.catalogue", "book", prefixes=("/courses",)),
        navigation.Entry("Cuộc thi", "contests.catalogue", "flag", prefixes=("/contests",)),
        navigation.Entry("Lớp của tôi", "classes.my_classes", "users", prefixes=("/my-classes",), place="top"),
        navigation.Entry("Bài kiểm tra", "quizzes.catalogue", "edit", prefixes=("/quizzes",), place="top"),
        navigation.Entry("Tài liệu", "library.catalogue", "document", prefixes=("/documents",), place="top"),
        navigation.Entry("Của tôi", "members.me", "user", prefixes=("/password",), place="bottom"),
    ]
    navigation.OFFICER_MENU[:] = [
        navigation.Entry("Hôm nay", "admin.today", "home", "admin.view"),
        navigation.Entry(
            "Thành viên",
            "admin.members",
            "users",
            "member.list",
            ("/admin/members", "/admin/imports", "/admin/slips", "/admin/decisions", "/admin/duplicates"),
        ),
        navigation.Entry("Đơn vị", "admin.units", "org-tree", "unit.view", ("/admin/units",)),
        navigation.Entry("Lớp học", "classes.overview", "book", "cohort.view", ("/admin/classes",)),
        navigation.Entry("Chương trình", "classes.programme_list", "list", "programme.use", ("/admin/programmes",)),
        navigation.Entry("Cử người đi học", "classes.calls", "user", "cohort.nominate", ("/admin/nominations",)),
        navigation.Entry(
            "Đợt học tập", "campaigns.overview", "calendar", "campaign.view", ("/admin/campaigns", "/admin/submissions")
        ),
        navigation.Entry("Cuộc thi", "contests.overview", "flag", "contest.oversee", ("/admin/contests",)),
        navigation.Entry("Bài kiểm tra", "quizzes.overview", "edit", "quiz.view", ("/admin/quizzes",)),
        navigation.Entry("Ngân hàng câu hỏi", "questions.overview", "list-checks", "question.view", ("/admin/questions",)),
        navigation.Entry("Tài liệu, bản tin", "library.overview", "document", "document.manage", ("/admin/documents",)),
        navigation.Entry("Chấm bài", "marking.overview", "check-circle", "script.list", ("/admin/marking",)),
        navigation.Entry("Báo cáo", "reports.overview", "chart", "report.view", ("/admin/reports",)),
        navigation.Entry("Giao quyền", "members.role_requests", "key", "role.grant", ("/admin/roles",)),
        navigation.Entry("Dữ liệu cá nhân", "members.privacy_overview", "lock", "privacy.manage", ("/admin/privacy",)),
        navigation.Entry("Nhật ký", "admin.audit", "log", "audit.view"),
    ]
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

    @app.context_processor
    def person() -> dict[str, Any]:
        is_known = bool(current_user) and current_user.is_authenticated
        return {
            "person": current_user if is_known else None,
            "may": lambda permission: is_known and permissions.may_anywhere(current_user.actor, permission),
            "managed_unit_name": managed_unit_name(current_user.actor) if is_known and request.path.startswith("/admin") else "",
            "home_url": url_for("home.show"),
            "account_url": url_for("contests.mine" if is_known and current_user.is_guest else "members.me"),
            "admin_url": url_for("admin.today")
            if is_known and permissions.may_anywhere(current_user.actor, "admin.view")
            else None,
            "sign_in_url": url_for("members.sign_in"),
            "sign_out_url": url_for("members.sign_out"),
            "language_url": url_for("members.choose_language"),
        }

    return app


def load_features(app: Flask) -> None:
    """Load models first; then register each feature's blueprint and commands, and let it wire itself to features below.

    A feature offers `views.blueprint`, `cli.group` and `wiring.wire(app)`, each only where it has one.
    """
    for name in FEATURES:
        if find_spec(f"elearn.{name}.models"):
            import_module(f"elearn.{name}.models")
    for name in FEATURES:
        if find_spec(f"elearn.{name}.views"):
            app.register_blueprint(import_module(f"elearn.{name}.views").blueprint)
        if find_spec(f"elearn.{name}.cli"):
            app.cli.add_command(import_module(f"elearn.{name}.cli").group)
        if find_spec(f"elearn.{name}.wiring"):
            import_module(f"elearn.{name}.wiring").wire(app)
