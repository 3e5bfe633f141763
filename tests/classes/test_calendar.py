"""The calendar file of a class: whole days and moments, signs that calendars read as their own, lines of 75 bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from elearn.classes.rules.calendar import Entry, write_calendar

NOW = datetime(2026, 10, 14, 3, tzinfo=UTC)


def test_it_ends_whole_days_on_the_day_after_the_last():
    text = write_calendar(
        [Entry("cohort-7@hoc", "Lớp nhận thức", "Hội trường", date(2026, 10, 20), date(2026, 10, 24))], "Học tập", NOW
    )
    assert "DTSTART;VALUE=DATE:20261020\r\nDTEND;VALUE=DATE:20261025\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_it_writes_moments_in_utc():
    first, last = datetime(2026, 10, 20, 0, 30, tzinfo=UTC), datetime(2026, 10, 20, 4, tzinfo=UTC)
    assert "DTSTART:20261020T003000Z\r\nDTEND:20261020T040000Z" in write_calendar([Entry("a", "b", "", first, last)], "s", NOW)


@given(st.text(max_size=200).filter(lambda text: text.isprintable()))
def test_it_keeps_every_word_in_lines_of_seventy_five_bytes(title):
    written = write_calendar([Entry("k", title, "", date(2026, 1, 1), date(2026, 1, 1))], "s", NOW)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    unfolded = written.replace("\r\n ", "")
    summary = next(line for line in unfolded.split("\r\n") if line.startswith("SUMMARY:"))
    assert summary[8:].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == title
