"""How dates, times and figures are shown: Vietnamese first, always on the clock of Viet Nam."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from markupsafe import Markup, escape

from elearn.core.i18n import choose_locale, gettext
from elearn.lib.numbers import format_number, format_percent
from elearn.lib.periods import local

_DAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NBSP = "\u00a0"


def _here(value: date) -> date:
    return local(value) if isinstance(value, datetime) else value


def show_date(value: date | None) -> str:
    """14/10/2026."""
    return f"{_here(value):%d/%m/%Y}" if value else ""


def show_short_date(value: date | None) -> str:
    """14/10."""
    return f"{_here(value):%d/%m}" if value else ""


def show_weekday(value: date) -> str:
    """Thứ Tư."""
    names = _DAYS_EN if choose_locale() == "en" else _DAYS_VI
    return names[_here(value).weekday()].replace(" ", NBSP)


def show_long_date(value: date | None) -> str:
    """Thứ Tư, 14/10/2026."""
    return f"{show_weekday(value)}, {show_date(value)}" if value else ""


def show_time(value: datetime | None) -> str:
    """9:00, without a leading zero."""
    return f"{local(value).hour}:{local(value):%M}" if value else ""


def show_clock(value: datetime | None) -> str:
    """10:32:05."""
    return f"{local(value):%H:%M:%S}" if value else ""


def show_datetime(value: datetime | None) -> str:
    """17:00 ngày 14/10/2026."""
    if not value:
        return ""
    return gettext("%(time)s ngày %(date)s", time=show_time(value), date=show_date(value)).replace(" ", NBSP)


def show_number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """4.105 in Vietnamese, 4,105 in English."""
    if value is None:
        return "–"
    text = format_number(value, places)
    return text.translate(str.maketrans(".,", ",.")) if choose_locale() == "en" else text


def show_scaled(value: int | None, decimals: int) -> str:
    """A whole number of smallest parts with its comma: (4067981, 5) is 40,67981."""
    return show_number(None if value is None else Decimal(value).scaleb(-decimals))


def show_percent(part: Decimal | int, whole: Decimal | int, places: int = 2) -> str:
    """`part|percent(whole)` as 45,42%."""
    text = format_percent(part, whole, places)
    return text.translate(str.maketrans(".,", ",.")) if choose_locale() == "en" else text


def show_duration(milliseconds: int | None) -> str:
    """A working time as 6:48 (minutes and seconds), with hours where there are any."""
    if milliseconds is None:
        return "–"
    seconds = milliseconds // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def keep_together(value: object) -> Markup:
    """The text with no-break spaces: for names, dates and document numbers."""
    return escape(str(value)).replace(" ", NBSP).replace("-", "\u2011") if value else Markup("")


def show_lines(text: str) -> Markup:
    """Text as people typed it: paragraphs where a line is empty, breaks elsewhere."""
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(part.split("\n"))) for part in paragraphs)


def init_display(app: Flask) -> None:
    """Offer the functions above as Jinja filters."""
    app.jinja_env.filters.update(
        date=show_date,
        short_date=show_short_date,
        weekday=show_weekday,
        long_date=show_long_date,
        time=show_time,
        clock=show_clock,
        datetime=show_datetime,
        number=show_number,
        scaled=show_scaled,
        percent=show_percent,
        duration=show_duration,
        nbsp=keep_together,
        lines_of_text=show_lines,
    )
