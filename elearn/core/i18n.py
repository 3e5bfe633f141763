"""Languages: Vietnamese is written in the code, English comes from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, gettext, lazy_gettext, ngettext

__all__ = ["LOCALES", "compile_catalogue", "get_locale", "gettext", "init_i18n", "lazy_gettext", "ngettext", "with_values"]

LOCALES = ("vi", "en")
SOURCE = Path(__file__).parent.parent / "translations"
COOKIE = "language"
# Places of messages in which words of ours stand, never those of people.
OUR_WORDS = frozenset(("fault", "hint", "kind", "reason"))


def compile_catalogue(target: Path) -> None:
    """Compile every .po below `translations/` into `target`; does nothing where the compiled file is newer."""
    for po in SOURCE.glob("*/LC_MESSAGES/messages.po"):
        mo = target / po.relative_to(SOURCE).with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        mo.parent.mkdir(parents=True, exist_ok=True)
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        scratch = mo.with_suffix(".tmp")
        with scratch.open("wb") as out:
            write_mo(out, catalogue)
        scratch.replace(mo)


def with_values(message: str, values: Mapping[str, object]) -> str:
    """The message in the reader's language; words of ours among its values (`OUR_WORDS`) are translated with it."""
    told = {
        name: gettext(value) if name in OUR_WORDS and isinstance(value, str) and value else value for name, value in values.items()
    }
    return gettext(message, **told)


def choose_locale() -> str:
    """The reader's choice kept in a cookie; Vietnamese otherwise, whatever the browser says."""
    if not has_request_context():
        return "vi"
    if "locale" not in g:
        chosen = request.cookies.get(COOKIE, "")
        g.locale = chosen if chosen in LOCALES else "vi"
    return str(g.locale)


def init_i18n(app: Flask, data_path: Path) -> None:
    """Set up Flask-Babel with catalogues compiled into the data folder."""
    compiled = data_path / "translations"
    compile_catalogue(compiled)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled)
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    Babel(app, locale_selector=choose_locale)
