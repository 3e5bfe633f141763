"""The list of prizes as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.contests.models import Round
from elearn.contests.queries.awards import Winner
from elearn.contests.rules.awards import HOW
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext

STATES = {"todo": "Chưa xác minh", "partly": "Đang xác minh", "verified": "Đã xác minh", "problem": "Có điều không khớp"}


def awards_workbook(found: Round, winners: Sequence[Winner]) -> bytes:
    """A row for each prize: who, why, how far verified, when handed over."""
    columns = [
        Column(gettext("Giải"), 16), Column(gettext("Hạng"), 8), Column(gettext("Họ và tên, đơn vị"), 32), Column(gettext("Đơn vị"), 36),
        Column(gettext("Số tiền (đồng)"), 14), Column(gettext("Điện thoại"), 14), Column(gettext("Xác minh"), 18),
        Column(gettext("Ngày trao"), 12), Column(gettext("Người trao"), 24), Column(gettext("Cách trao"), 14), Column(gettext("Lý do trao giải"), 40),
    ]  # fmt: skip
    rows = (
        (
            one.prize, one.row.place if one.row else None, one.name, one.unit_name, one.amount or None, one.phone,
            gettext(STATES[one.state]) if one.state else "", one.delivery.handed_on if one.delivery else None,
            one.delivery.handed_by if one.delivery else "", gettext(HOW[one.delivery.how]) if one.delivery else "", one.reason,
        )
        for one in winners
    )  # fmt: skip
    return workbook(f"{found.contest.title}, {found.title}", [gettext("Giải thưởng")], columns, rows)
