"""Lists of officers' pages as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from elearn.admin.rules.changes import WORDS, Change, changes_of
from elearn.admin.rules.deeds import words_of
from elearn.audit.models import AuditEntry
from elearn.core.display import show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.members.rules.people import STATUSES

LONGEST = 200  # signs of one value


def members_workbook(rows: Sequence[Any], words: str, unit_name: str, now: datetime) -> bytes:
    """Members as an Excel file, in the order of `rows`; which filters were set is said at the top."""
    columns = [
        Column(gettext("STT"), 7),
        Column(gettext("Họ và tên"), 28),
        Column(gettext("Mã"), 14),
        Column(gettext("Tên đăng nhập"), 18),
        Column(gettext("Đơn vị"), 40),
        Column(gettext("Tình trạng"), 14),
    ]
    notes = [gettext("Tính đến %(moment)s: %(n)s người.", moment=show_datetime(now), n=show_number(len(rows)))]
    if unit_name:
        notes.append(gettext("Đơn vị: %(unit)s và các đơn vị bên dưới.", unit=unit_name))
    if words.strip():
        notes.append(gettext("Từ khoá: %(words)s.", words=words.strip()))
    states = {status: gettext(words) for status, words in STATUSES.items()}
    lines = (
        (number, row.display_name, row.code, row.login, row.unit_name, states[row.status])
        for number, row in enumerate(rows, start=1)
    )
    return workbook(gettext("Danh sách thành viên"), notes, columns, lines)


def lines_of(entry: AuditEntry) -> list[Change]:
    """What an entry changed, each field by its name in the reader's language, long values shortened."""
    return [
        Change(gettext(one.field) if one.field else gettext("Nội dung"), _said(one.before), _said(one.after))
        for one in changes_of(entry.detail.before, entry.detail.after)
    ]


def _said(words: str) -> str:
    words = gettext(words) if words in WORDS else words
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _cell(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{field}: {words}" for field, words in pairs if words)


def deeds_workbook(rows: Sequence[Any], now: datetime) -> bytes:
    """Entries of the audit log as an Excel file, the latest first, with their digests."""
    columns = [
        Column(gettext("Số"), 8), Column(gettext("Lúc"), 20), Column(gettext("Ai"), 28), Column(gettext("Việc"), 28),
        Column(gettext("Với"), 36), Column(gettext("Trước"), 50), Column(gettext("Sau"), 50), Column(gettext("Lý do"), 40), Column("SHA-256", 66),
    ]  # fmt: skip
    lines = (
        (
            row.seq, row.at, row.detail.actor_name or "", gettext(words_of(row.action)), row.detail.subject_name or "",
            _cell((one.field, one.before) for one in changes), _cell((one.field, one.after) for one in changes),
            row.detail.reason or "", row.digest,
        )
        for row in rows
        for changes in [lines_of(row)]
    )  # fmt: skip
    return workbook(gettext("Nhật ký"), [gettext("Tính đến %(moment)s.", moment=show_datetime(now))], columns, lines)
