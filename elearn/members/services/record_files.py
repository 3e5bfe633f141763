"""Files with what is recorded about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from elearn.core.display import show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext


def sensitive_workbook(title: str, rows: Sequence[Any], reason: str, by: str, now: datetime) -> bytes:
    """People with their sensitive columns; who took the file, when and why stands at its top."""
    columns = [
        Column(gettext("STT"), 7),
        Column(gettext("Họ và tên"), 28),
        Column(gettext("Mã"), 14),
        Column(gettext("Đơn vị"), 40),
        Column(gettext("Số định danh"), 16),
        Column(gettext("Số thẻ"), 16),
        Column(gettext("Dân tộc"), 14),
        Column(gettext("Tôn giáo"), 14),
    ]
    notes = [
        gettext("Tính đến %(moment)s: %(n)s người.", moment=show_datetime(now), n=show_number(len(rows))),
        gettext("Người xuất: %(name)s. Lý do: %(reason)s", name=by, reason=reason),
    ]
    return workbook(title, notes, columns, ((number, *row[1:]) for number, row in enumerate(rows, start=1)))
