"""A class as a calendar file (RFC 5545), for the telephone of whoever is summoned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LONGEST = 75
"""Bytes of a line; longer ones are folded."""


@dataclass(frozen=True)
class Entry:
    """Something in a calendar: whole days from the first to the last, or moments. `key` is the same each time it is written."""

    key: str
    title: str
    place: str
    first: date | datetime
    last: date | datetime
    notes: str = ""


def _text(value: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        value = value.replace(sign, written)
    return value


def _fold(line: str) -> str:
    """The line in pieces of at most 75 bytes, never cut inside a letter."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > _LONGEST - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])


def _when(entry: Entry) -> list[str]:
    if isinstance(entry.first, datetime) and isinstance(entry.last, datetime):
        first, last = (moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in (entry.first, entry.last))
        return [f"DTSTART:{first}", f"DTEND:{last}"]
    # The end of whole days is the day after the last.
    return [f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}"]


def write_calendar(entries: list[Entry], site: str, now: datetime) -> str:
    """The file; a calendar that has read it before replaces the entries by their keys."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(site)}//elearn//VI", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT", f"UID:{entry.key}", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", *_when(entry), f"SUMMARY:{_text(entry.title)}",
        ]  # fmt: skip
        lines += [f"LOCATION:{_text(entry.place)}"] if entry.place else []
        lines += [f"DESCRIPTION:{_text(entry.notes)}"] if entry.notes else []
        lines.append("END:VEVENT")
    return "\r\n".join(map(_fold, [*lines, "END:VCALENDAR"])) + "\r\n"
