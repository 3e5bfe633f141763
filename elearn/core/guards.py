"""Every view says who may call it; a view that says nothing is refused.

`@public` — anybody; `@signed_in` — anybody signed in; `@requires("round.close")` — a permission of the access table; `@guests_too` beside
`@signed_in` — people without an account as well. Where the permission concerns one object, the view loads that object through an `access_*` query, which decides for the object itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SIGNED_IN = "signed_in"


def public(view: View) -> View:
    """Anybody may call this view."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody signed in may call this view; it shows only their own things."""
    view.permission = SIGNED_IN  # type: ignore[attr-defined]
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Only those who hold `permission` somewhere may call this view."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def while_password_is_new(view: View) -> View:
    """This view stays open to people who must first set their own password."""
    view.before_password = True  # type: ignore[attr-defined]
    return view


def guests_too(view: View) -> View:
    """This view stays open to people without an account, who registered for one contest only."""
    view.for_guests = True  # type: ignore[attr-defined]
    return view


def is_kept_from_guests(endpoint: str) -> bool:
    """Whether somebody without an account may not call the view behind an endpoint."""
    view = current_app.view_functions.get(endpoint)
    return permission_of(endpoint) != PUBLIC and not getattr(view, "for_guests", False)


def takes_file(setting: str) -> Callable[[View], View]:
    """This view takes a file as large as a setting in megabytes allows, instead of the usual limit of a request."""

    def mark(view: View) -> View:
        view.largest_file = setting  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(endpoint: str) -> str | None:
    """What the view behind an endpoint declares; None where it declares nothing."""
    return getattr(current_app.view_functions.get(endpoint), "permission", None)


def init_guards(
    app: Flask,
    may_anywhere: Callable[[Any, str], bool],
    forbidden: Callable[[str], Exception],
    lacks_second_factor: Callable[[], bool],
) -> None:
    """Check every request; `may_anywhere(actor, permission)` is the access table's answer, `forbidden` its refusal.

    `lacks_second_factor` says of the person behind the request that they must set one up before any officer's page opens.
    """

    @app.before_request
    def refuse_what_is_not_allowed() -> Response | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint == "static":
            return None
        permission = permission_of(endpoint)
        if permission is None:
            abort(403)
        view = app.view_functions[endpoint]
        if getattr(view, "before_password", False) and permission == PUBLIC:
            return None
        if current_user.is_authenticated and current_user.must_change_password and not getattr(view, "before_password", False):
            return redirect(url_for("members.change_password"))
        if permission == PUBLIC:
            return None
        if not current_user.is_authenticated:
            if request.is_json or request.method != "GET":
                abort(401)
            return redirect(url_for("members.sign_in", next=request.full_path.rstrip("?")))
        if current_user.is_guest and is_kept_from_guests(endpoint):
            abort(404)
        if permission != SIGNED_IN and not may_anywhere(current_user.actor, permission):
            raise forbidden(permission)
        if permission != SIGNED_IN and lacks_second_factor():
            return redirect(url_for("members.second_factor"))
        return None
