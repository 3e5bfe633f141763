"""Health answers, built assets, and what every template may use."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, send_from_directory, url_for
from markupsafe import Markup
from sqlalchemy import text

from elearn.config import Config
from elearn.core import assets, guards, i18n, markdown
from elearn.core.db import db

blueprint = Blueprint("core", __name__)


@blueprint.get("/healthz")
@guards.public
@guards.while_password_is_new
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@guards.public
@guards.while_password_is_new
def readyz() -> Response:
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ready")


@blueprint.get("/assets/fonts/<name>")
@guards.public
@guards.while_password_is_new
def font(name: str) -> Response:
    folder = current_app.config["ELEARN"].data_path / "assets" / "fonts"
    response = send_from_directory(folder, name, mimetype="font/woff2", max_age=365 * 86400)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def init_core(app: Flask, config: Config) -> None:
    """Build fonts where they are missing and give templates `asset`, `locale`, `site_name` and Markdown."""
    assets.build_fonts(config.data_path / "assets" / "fonts")
    app.register_blueprint(blueprint)
    static = Path(app.static_folder or "")
    stamps: dict[str, tuple[float, str]] = {}

    def asset(path: str) -> str:
        """Address of a static file that changes whenever the file does, so that it may be cached for ever."""
        if not (static / path).exists():
            return url_for("static", filename=path)
        modified = (static / path).stat().st_mtime
        if path not in stamps or stamps[path][0] != modified:
            stamps[path] = (modified, hashlib.sha256((static / path).read_bytes()).hexdigest()[:10])
        return url_for("static", filename=path, v=stamps[path][1])

    @app.after_request
    def cache_static(response: Response) -> Response:
        from flask import request

        if request.endpoint == "static" and request.args.get("v") and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["site_name"] = config.site_name
    app.jinja_env.filters["markdown_inline"] = markdown.render_inline
    app.jinja_env.filters["safe_html"] = lambda html: Markup(markdown.sanitise(html))  # noqa: S704 - sanitised here

    @app.context_processor
    def locale() -> dict[str, Any]:
        return {"locale": i18n.choose_locale()}
