"""Lists of officers' pages as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from elearn.core.display import show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.members.rules.people import STATUSES


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
