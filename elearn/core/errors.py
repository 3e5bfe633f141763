"""Turns errors into pages, or into JSON where the page asked for JSON: what happened, that nothing was lost, what to do."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from elearn.core.i18n import gettext, with_values
from elearn.lib.errors import Busy, DomainError, Forbidden

PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}


def said(error: DomainError) -> str:
    """The error's message in the reader's language."""
    return with_values(error.message, error.values)


def wants_json() -> bool:
    """True for requests made by scripts of our pages."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def answer(status: int, code: str, message: str = "", **context: object) -> Response:
    """An error as JSON or as a page."""
    if wants_json():
        response = jsonify(error=code, message=message, **{k: v for k, v in context.items() if k == "details"})
    else:
        page = status if status in PAGES else 400
        response = current_app.make_response(render_template(f"errors/{page}.html", message=message, code=code, **context))
    response.status_code = status
    return response


def init_errors(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(DomainError)
    def on_refusal(error: DomainError) -> Response:
        context: dict[str, object] = {}
        if isinstance(error, Forbidden):
            context = {"rule": said(error), "who_can_change": gettext(error.who_can_change) if error.who_can_change else ""}
            asked = current_app.extensions.get("people_to_ask")
            context["contacts"] = asked() if asked and not wants_json() else []
        response = answer(error.status, error.code, said(error), **context)
        if isinstance(error, Busy):
            response.headers["Retry-After"] = str(error.retry_after_seconds)
        return response

    @app.errorhandler(CSRFError)
    def on_csrf(error: CSRFError) -> Response:
        return answer(400, "csrf", gettext("Trang đã mở quá lâu hoặc bạn đã đăng xuất ở thẻ khác. Hãy tải lại trang rồi làm lại."))

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        return answer(error.code or 500, (error.name or "error").lower().replace(" ", "_"))

    @app.errorhandler(OperationalError)
    def on_database_trouble(error: OperationalError) -> Response:
        app.logger.error("database trouble: %s", error.orig)
        message = gettext("Máy chủ chưa ghi được dữ liệu. Chưa có gì được tính là đã lưu. Hãy thử lại sau ít giây.")
        response = answer(503, "busy", message)
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(Exception)
    def on_fault(error: Exception) -> Response:
        if app.testing or app.debug:
            raise error
        app.logger.exception("unexpected error at %s", request.path)
        return answer(500, "fault")
