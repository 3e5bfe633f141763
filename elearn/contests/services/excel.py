"""Standings as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from elearn.contests.models import Round, Settlement
from elearn.contests.queries.standings import iterate_standings
from elearn.contests.queries.units import CompetingUnit
from elearn.contests.services.columns import columns_of
from elearn.contests.services.neighbours import in_order
from elearn.core.db import db
from elearn.core.display import show_date, show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import choose_locale, gettext

KEPT = 4
_files: WeakKeyDictionary[Engine, dict[tuple[int, str], bytes]] = WeakKeyDictionary()
"""The last files made: a settlement never changes, and anybody may ask for its file."""


def standings_file(found: Round, settlement: Settlement) -> bytes:
    """The workbook of a settlement in the reader's language, made once by each process."""
    files = _files.setdefault(db.engine, {})
    key = (settlement.id, choose_locale())
    if key not in files:
        made = standings_workbook(found, settlement)
        while len(files) >= KEPT:
            files.pop(next(iter(files)), None)
        files[key] = made
        return made
    return files[key]


def standings_workbook(found: Round, settlement: Settlement) -> bytes:
    """All rows of a published settlement: names, units and figures as on the page, nothing more."""
    columns = columns_of(found, settlement, {})
    counts = [gettext("%(count)s %(what)s", count=show_number(count), what=word) for word, count in columns.counts()]
    notes = [
        gettext("Vòng mở từ %(start)s đến %(end)s.", start=show_date(found.opens_at), end=show_datetime(found.closes_at)),
        f"{', '.join(counts)}.",
        gettext("Bản chốt %(version)s, lúc %(moment)s.", version=settlement.version, moment=show_datetime(settlement.settled_at)),
    ]
    heads = [Column(gettext("Hạng"), 8), Column(gettext("Họ và tên"), 28), Column(gettext("Đơn vị"), 36)]
    heads += [Column(gettext(one.title), one.width) for one in columns.in_file()]
    heads.append(Column(gettext("Vì sao đứng ở hạng này"), 60))
    values = [one.value for one in columns.in_file()]
    rows = (
        (row.place, row.display_name, row.unit_name, *(value(row, columns.shown) for value in values), told)
        for row, told in in_order(iterate_standings(settlement.id), settlement)
    )
    return workbook(f"{found.contest.title}, {found.title}", notes, heads, rows)


def units_workbook(found: Round, settlement: Settlement | None, competing: Sequence[CompetingUnit]) -> bytes:
    """Units with people (người) and attempts (lượt) apart, in the order of their places; those without anybody at the end."""
    notes = [gettext("Vòng mở từ %(start)s đến %(end)s.", start=show_date(found.opens_at), end=show_datetime(found.closes_at))]
    if settlement is not None:
        moment = show_datetime(settlement.settled_at)
        notes.append(gettext("Bản chốt %(version)s, lúc %(moment)s.", version=settlement.version, moment=moment))
    columns = [
        Column(gettext("Hạng"), 8), Column(gettext("Đơn vị"), 40), Column(gettext("Số người"), 12), Column(gettext("Số lượt"), 12),
        Column(gettext("Người đúng hết"), 14), Column(gettext("Quân số"), 12), Column(gettext("Điểm đơn vị"), 14), Column(gettext("Giải"), 10),
        Column(gettext("Chỉ tiêu"), 12), Column(gettext("Còn thiếu"), 12),
    ]  # fmt: skip
    rows = (
        (
            one.row.place if one.row else None, one.name, one.row.people_count if one.row else 0, one.row.attempts_count if one.row else 0,
            one.row.all_correct_count if one.row else 0, one.row.headcount if one.row else None,
            Decimal(one.row.score).scaleb(-6) if one.row else None, one.row.prize_count if one.row else 0,
            one.reached.target.count if one.reached else None, one.reached.is_missing if one.reached else None,
        )
        for one in competing
    )  # fmt: skip
    return workbook(f"{found.contest.title}, {found.title}", notes, columns, rows)
