"""Headers, cookies and CSRF: the same for every answer."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from elearn.config import Config

csrf = CSRFProtect()

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace("script-src 'self'", "script-src 'none'")
"""For the few pages that other sites may show in a frame: they run no script."""


def secret_key(config: Config) -> str:
    """The configured key, or one made at first start and kept with mode 600."""
    if config.secret_key:
        return config.secret_key
    path = config.data_path / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"secret-key.{os.getpid()}")
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # another process may have been first: then its key counts
            os.link(scratch, path)
        scratch.unlink()
    return path.read_text().strip()


def keyed_hash(key: str, purpose: str, value: str) -> str:
    """HMAC-SHA256 of a value for one purpose, hexadecimal: comparable, not readable."""
    return hmac.new(key.encode(), f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()


def init_security(app: Flask, config: Config) -> None:
    """Cookies, CSRF and headers."""
    app.config.update(
        SECRET_KEY=secret_key(config),
        SESSION_COOKIE_NAME="__Host-elearn" if config.is_secure else "elearn",
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=config.session_hours * 3600,
        MAX_CONTENT_LENGTH=config.max_upload_mb * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as the sign-in: a paper must not outlive it
        WTF_CSRF_SSL_STRICT=config.is_secure,
    )

    @app.before_request
    def let_large_files_in() -> None:
        """Before anything reads the body, and so before the CSRF token is looked for in it."""
        setting = getattr(app.view_functions.get(request.endpoint or ""), "largest_file", None)
        if setting:
            request.max_content_length = (getattr(config, setting) + 1) * 1024 * 1024

    csrf.init_app(app)

    @app.after_request
    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        if "frame-ancestors *" not in headers["Content-Security-Policy"]:
            headers["X-Frame-Options"] = "DENY"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if config.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint not in ("static", "core.font") and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
