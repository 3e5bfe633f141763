"""Figures in the sentences of such reports, and reports as text, Word and table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.document import Letterhead, Signer, text_of
from elearn.reports.rules.campaign import Asked, CampaignFacts, asked_sentence
from elearn.reports.rules.campaign import write as campaign_report
from elearn.reports.rules.class_results import ClassLine, grades_of, line_sentence, whole_of
from elearn.reports.rules.sentences import as_of, counted, done_of, left, listed, ratio, sentence, share, short_day, span_words
from elearn.reports.rules.spans import days_of, options_until
from elearn.reports.rules.written import Column, Missing, Sheet, Written, as_document, as_text, cell_text, percent
from elearn.reports.rules.written_work import UnitWork, Work, work_sentence


@pytest.mark.parametrize(("part", "whole", "said"), [
    (116, 121, "116/121 cấp uỷ đã tổ chức (95,87%)"), (62, 121, "62/121 cấp uỷ đã tổ chức (51,24%)"), (0, 8, "0/8 cấp uỷ đã tổ chức (0,00%)"),
    (8, 8, "8/8 cấp uỷ đã tổ chức (100,00%)"), (0, 0, "chưa giao cấp uỷ nào"), (6500, 7360, "6.500/7.360 cấp uỷ đã tổ chức (88,32%)"),
])  # fmt: skip
def test_it_says_how_many_of_how_many(part, whole, said):
    assert done_of(part, whole, "cấp uỷ", "đã tổ chức") == said


@pytest.mark.parametrize(("part", "whole", "said"), [
    (62, 121, "còn 59 tập thể chưa nộp"), (120, 121, "còn 01 tập thể chưa nộp"), (121, 121, "không còn tập thể nào chưa nộp"),
    (172, 344, "còn 172 tập thể chưa nộp"), (0, 3400, "còn 3.400 tập thể chưa nộp"),
])  # fmt: skip
def test_it_says_how_many_are_left(part, whole, said):
    assert left(part, whole, "tập thể", "chưa nộp") == said


def test_it_writes_counts_days_and_shares():
    assert [counted(count) for count in (0, 8, 10, 7200)] == ["0", "08", "10", "7.200"]
    assert [short_day(day) for day in (date(2023, 6, 15), date(2023, 6, 5), date(2023, 2, 3))] == [
        "15/6/2023",
        "05/6/2023",
        "03/02/2023",
    ]
    assert as_of(date(2023, 6, 15)) == "Tính đến ngày 15/6/2023"
    assert span_words(date(2023, 1, 1), date(2023, 6, 30)) == "Từ ngày 01/01/2023 đến ngày 30/6/2023"
    assert share(172, 344) == "50,00%"
    assert share(1, 0) == "–"
    assert ratio(116, 121) == "116/121"
    assert (listed(["a", "", "b", "c"]), listed(["a"]), listed([])) == ("a, b và c", "a", "")
    assert (sentence(" còn 59 tập thể "), sentence("Xong."), sentence("")) == ("Còn 59 tập thể.", "Xong.", "")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_it_never_says_more_than_there_are(part, whole):
    part = min(part, whole)
    assert Decimal(0) <= percent(part, whole) <= Decimal(100)
    assert share(part, whole) == f"{cell_text(percent(part, whole), 'percent')}%"


def test_it_tells_of_written_work_as_such_reports_do():
    whole = UnitWork("Cộng", 121, 62, 3, 2)
    work = Work("Kế hoạch làm theo của tập thể", True, date(2023, 6, 15), (), whole, ("Chi bộ A",))
    assert work_sentence(work) == (
        "Kế hoạch làm theo của tập thể: 62/121 tập thể đã nộp (51,24%), còn 59 tập thể chưa nộp; trong đó 03 nộp chậm, 02 được miễn."
    )


REPORT = Written(
    "Kết quả học tập", date(2023, 6, 15), "Đảng bộ tỉnh An Sơn", ("Tính đến ngày 15/6/2023, đã mở 08 lớp.",),
    (Sheet("Theo đơn vị", (Column("Đơn vị"), Column("Tỷ lệ (%)", "percent")), (("An Sơn", Decimal("95.87")), ("Bình Minh", None)), ("Cộng", Decimal(50))),),
    (Missing("Còn 02 đơn vị chưa nộp", ("Chi bộ A", "Chi bộ B")),),
)  # fmt: skip


def test_it_goes_into_a_document_with_an_annex_of_names():
    told = text_of(as_document(REPORT, Letterhead("party", "", REPORT.unit, sign="BC"), Signer("T/M BAN THƯỜNG VỤ")))
    assert "BÁO CÁO" in told
    assert "95,87" in told
    assert "50,00" in told
    assert told.index("T/M BAN THƯỜNG VỤ") < told.index("Còn 02 đơn vị chưa nộp")
    assert "Chi bộ B" in told


def test_it_is_text_for_a_chat_group():
    assert as_text(REPORT).splitlines() == [
        "KẾT QUẢ HỌC TẬP", "Tính đến ngày 15/6/2023, đã mở 08 lớp.", "", "Còn 02 đơn vị chưa nộp", "1. Chi bộ A", "2. Chi bộ B",
    ]  # fmt: skip
    assert as_text(REPORT, most_names=1).splitlines()[-1] == "… và 1 tên nữa."
    assert REPORT.row_count == 4


def test_it_offers_spans_of_time_and_knows_their_days():
    options = options_until(date(2023, 6, 20), years=2)
    assert [value for value, _ in options[:5]] == ["2023", "2023-H1", "2023-Q2", "2023-Q1", "2023-06"]
    assert ("2022", "Năm 2022") in options
    assert days_of("2023-H1") == (date(2023, 1, 1), date(2023, 6, 30))
    assert days_of("2023-Q4") == (date(2023, 10, 1), date(2023, 12, 31))
    assert days_of("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert days_of("2023") == (date(2023, 1, 1), date(2023, 12, 31))
    assert [days_of(value) for value in ("2023-13", "x", "2023-Q5", "1999")] == [None] * 4
    assert all(days_of(value) for value, _ in options)


def test_it_tells_of_classes_with_grades_from_the_best_down():
    line = ClassLine("Bồi dưỡng nhận thức về Đảng", 6, 872, 820, {"Không đạt": 52, "Khá": 300, "Đạt": 0, "Giỏi": 520}, 1000)
    assert line_sentence(line) == (
        "Bồi dưỡng nhận thức về Đảng: 06 lớp, 872 học viên, đạt 87,20% kế hoạch năm; xếp loại Giỏi 520 (59,63%), Khá 300 (34,40%) và "
        "Không đạt 52 (5,96%)."
    )
    assert grades_of([line]) == ["Giỏi", "Khá", "Đạt", "Không đạt"]
    whole = whole_of([line, ClassLine("Đảng viên mới", 2, 259, 0, {})])
    assert (whole.cohorts, whole.learners, whole.by_grade["Giỏi"], whole.planned) == (8, 1131, 520, None), "one plan is missing"


def test_it_tells_of_a_campaign_as_such_reports_do():
    event = Asked("Học tập, quán triệt nghị quyết", "event", "unit", date(2023, 6, 15), (), 116, 121, ("Đảng uỷ A",))
    assert (
        asked_sentence(event) == "Học tập, quán triệt nghị quyết: 116/121 cấp uỷ đã tổ chức (95,87%), còn 05 cấp uỷ chưa báo cáo."
    )
    plans = Asked("Kế hoạch làm theo Bác", "submission", "member", date(2023, 6, 15), (), 172, 344, ())
    assert asked_sentence(plans) == "Kế hoạch làm theo Bác: 172/344 cá nhân đã nộp (50,00%), còn 172 cá nhân chưa nộp."
    nobody = Asked("Học xong khoá", "course", "member", date(2023, 6, 15), (), 0, 0, ())
    assert asked_sentence(nobody) == "Học xong khoá: chưa giao người nào."
    facts = CampaignFacts(
        "Học tập", "Đảng bộ tỉnh", date(2023, 6, 15), "Kế hoạch 15-KH/TU", ("Nghị quyết 57-NQ/TW",), date(2023, 4, 3), (event,)
    )
    assert campaign_report(facts).sentences[0] == (
        "Tính đến ngày 15/6/2023, thực hiện Kế hoạch 15-KH/TU, Đảng bộ tỉnh triển khai “Học tập”; văn bản học tập: Nghị quyết 57-NQ/TW "
        "(danh sách giao chốt ngày 03/4/2023)."
    )
