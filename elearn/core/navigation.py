"""The menus: features put their entries here, pages show what the reader may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from elearn.core.guards import is_kept_from_guests
from elearn.core.i18n import gettext


@dataclass(frozen=True)
class Entry:
    """A line of a menu; `permission` empty means everybody, `label` is a Vietnamese source message.

    `short` is the label in the bar at the foot of a phone; `place` is "top" or "bottom" where an entry stands in one bar only.
    """

    label: str
    endpoint: str
    icon: str
    permission: str = ""
    prefixes: tuple[str, ...] = ()
    short: str = ""
    place: str = ""


LEARNER_MENU: list[Entry] = []
OFFICER_MENU: list[Entry] = []


def shown(entries: list[Entry], may_anywhere: Callable[[Any, str], bool]) -> list[dict[str, Any]]:
    """Entries that the reader may use, the present one marked."""
    path = request.path
    lines = []
    for entry in entries:
        if entry.permission and not (current_user.is_authenticated and may_anywhere(current_user.actor, entry.permission)):
            continue
        if current_user.is_authenticated and current_user.is_guest and is_kept_from_guests(entry.endpoint):
            continue
        url = url_for(entry.endpoint)
        is_active = path == url or any(path.startswith(prefix) for prefix in entry.prefixes)
        lines.append(
            {
                "label": gettext(entry.label),
                "short": gettext(entry.short) if entry.short else "",
                "place": entry.place,
                "url": url,
                "icon": entry.icon,
                "active": is_active,
                "count": None,
            }
        )
    return lines


def init_navigation(app: Flask, may_anywhere: Callable[[Any, str], bool]) -> None:
    """Give templates `navigation` and `admin_navigation`; each is worked out only where a template uses it."""

    class Lazy:
        def __init__(self, entries: list[Entry]) -> None:
            self.entries = entries

        def __iter__(self) -> Any:
            return iter(shown(self.entries, may_anywhere))

        def __bool__(self) -> bool:
            return any(True for _ in self)

    @app.context_processor
    def menus() -> dict[str, Any]:
        return {"navigation": Lazy(LEARNER_MENU), "admin_navigation": Lazy(OFFICER_MENU)}


def site_name() -> str:
    """Name of the site."""
    return str(current_app.config["SITE_NAME"])
