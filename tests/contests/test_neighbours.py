"""Every row says why it stands between its neighbours."""

from __future__ import annotations

from io import BytesIO

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.contests.models import Standing
from elearn.contests.queries.standings import page_of_standings, rows_beside
from elearn.contests.rules.candidates import COLUMNS
from elearn.contests.services.excel import standings_workbook
from elearn.contests.services.neighbours import _TEXTS, why_of
from elearn.core.db import db
from tests.contests.conftest import Fair


def test_it_has_words_for_the_figure_of_every_criterion() -> None:
    assert set(_TEXTS) == set(COLUMNS)


def rows_of(settlement_id: int) -> list[Standing]:
    return list(db.session.scalars(select(Standing).where(Standing.settlement_id == settlement_id).order_by(Standing.position)))


def test_it_names_what_parts_a_row_from_both_neighbours(closed: Fair, app) -> None:
    settlement = closed.settle()
    rows = rows_of(settlement.id)
    with app.test_request_context():
        # Only the second row is shown: its neighbours are asked for beside it.
        told = why_of(rows[1:2], rows_beside(settlement.id, rows[1:2]), settlement)[rows[1].entry_id]
        whole = why_of(rows, rows_beside(settlement.id, rows), settlement)
    assert told.brief == "Xếp theo: dự đoán gần nhất"
    assert f"Dòng này lệch {rows[1].prediction_distance}, dòng trên lệch {rows[0].prediction_distance}." in told.whole
    assert "Trước người xếp dưới vì: số câu đúng. Dòng này 4 câu đúng, dòng dưới 3 câu đúng." in told.whole
    assert whole[rows[0].entry_id].brief == "Đứng đầu bảng"
    assert whole[rows[-1].entry_id].whole.count("vì:") == 1, "below the last row there is nobody"


def test_it_says_that_equals_share_a_place(closed: Fair, app) -> None:
    settlement = closed.settle()
    above, row = rows_of(settlement.id)[:2]
    row.place, row.decided_by = above.place, ""
    with app.test_request_context():
        told = why_of([above, row], {1: above, 2: row}, settlement)
    assert told[row.entry_id].whole == "Bằng người xếp trên ở mọi tiêu chí nên đồng hạng."
    assert "Người xếp dưới bằng ở mọi tiêu chí" in told[above.entry_id].whole
    db.session.rollback()


def test_it_stands_on_the_page_and_in_the_file(closed: Fair, app) -> None:
    settlement = closed.publish()
    second = rows_of(settlement.id)[1].display_name
    for query in ({}, {"q": second}):
        shown = app.test_client().get("/contests/lich-su/rounds/1/standings", query_string=query).text
        assert "Sau người xếp trên vì: dự đoán gần nhất." in shown
    with app.test_request_context():
        book = CalamineWorkbook.from_filelike(BytesIO(standings_workbook(closed.round(), settlement)))
    lines = book.get_sheet_by_index(0).to_python()
    assert sum(1 for line in lines if any("Sau người xếp trên vì" in str(cell) for cell in line)) == 3


def test_a_page_of_all_is_a_span_of_positions(closed: Fair) -> None:
    settlement = closed.settle()
    rows = rows_of(settlement.id)
    for number in (1, 2, 9):
        page, filtered = page_of_standings(settlement.id, "", number, 3), page_of_standings(settlement.id, "n", number, 3)
        start = (min(number, 2) - 1) * 3
        assert [one.entry_id for one in page.items] == [one.entry_id for one in rows[start : start + 3]]
        assert (page.number, page.total, page.pages) == (min(number, 2), len(rows), 2)
        assert filtered.total <= page.total
    assert page_of_standings(settlement.id + 1, "", 4, 3).total == 0
