"""Minutes, decision, list to sign and bulletin: what they say, their sums, and who may have them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from docx import Document as read_word
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.queries import standings
from elearn.contests.queries.bulletin import find_figures
from elearn.contests.rules.bulletin import (
    Figures,
    UnitLine,
    Week,
    WinnerLine,
    chat_text,
    compared,
    growth,
    growth_words,
    main_sentences,
    short_labels,
    until_words,
    winner_sentence,
    winners_by_unit,
    write_bulletin,
)
from elearn.contests.rules.papers import (
    WRITERS,
    Awarded,
    Closing,
    Typed,
    counted,
    prize_words,
    who,
    write_decision,
    write_minutes,
    write_receipts,
)
from elearn.contests.services import awarding
from elearn.contests.services.awarding import Named
from elearn.contests.services.papers import closing_of
from elearn.contests.services.publishing import publish_round
from elearn.lib.document import Letterhead, text_of
from tests.contests.conftest import AFTER, CLOSES, KIEN, MAI, OPENS, Fair
from tests.contests.test_awards import ADMIN, settled, text  # noqa: F401 — settled is a fixture

HEAD = Letterhead(
    "party", "Đảng bộ tỉnh An Sơn", "Ban Tổ chức cuộc thi", "12", office="BTC", place="An Sơn", day=date(2026, 10, 20)
)
CLOSING = Closing(
    contest="Cuộc thi “Tìm hiểu lịch sử Đảng”", round="Tuần 4", organiser="Ban Tuyên giáo", opens_at=OPENS, closes_at=CLOSES,
    settled_at=AFTER, version=2, people=34_892, attempts=118_545, all_correct=14_193, question_count=10,
    chain="Số câu đúng, rồi dự đoán gần nhất.", prediction=("Có bao nhiêu người trả lời đúng tất cả?", "14.193 người"),
    winners=(
        Awarded("Nhất", "Trần Thị Hạnh", "Phường Bình Minh", "Hạng 1; 10/10 câu", 4_000_000),
        Awarded("Nhì", "Nguyễn Văn Bình", "Phường Bình Minh", "Hạng 2", 2_000_000, handed_on=date(2026, 10, 21)),
        Awarded("Nhì", "Phạm Thị Lan Anh", "Xã Đông Hoà", "Hạng 3", 2_000_000),
        Awarded("Giải tập thể", "Đảng bộ xã Đông Hoà", "", "Xếp hạng đơn vị", is_unit=True),
    ),
    reserves=(("Vũ Đình Quang", "Phường Bình Minh"),), plan_number="128-KH/BTG", plan_day=date(2026, 9, 17), refused=1,
)  # fmt: skip
TYPED = Typed(HEAD, "Trưởng ban", "Hoàng Thị Mai", "Bùi Ngọc Yến", "Ông A; Bà B")


def words(document: Any) -> str:
    return "\n".join(text_of(document))


def words_of(content: bytes) -> str:
    """All words of a Word file."""
    return "\n".join(
        "".join(one.text or "" for one in part.iter() if one.tag.endswith("}t"))
        for part in read_word(io.BytesIO(content)).element.body.iter()
        if part.tag.endswith("}p")
    )


def test_minutes_say_who_when_figures_and_why() -> None:
    told = words(write_minutes(CLOSING, TYPED))
    for part in (
        "Số 12-BB/BTC",
        "Hôm nay, ngày 20 tháng 10 năm 2026, Ban Tuyên giáo họp chốt kết quả Tuần 4",
        "34.892 người dự thi với 118.545 lượt; 14.193 người trả lời đúng tất cả 10 câu hỏi, đạt 40,68% số người dự thi.",
        "Số đúng: 14.193 người",
        "01 người không được công nhận",
        "trao 01 giải Nhất, 02 giải Nhì, 01 Giải tập thể cho 03 cá nhân và 01 tập thể",
        "Hạng 1; 10/10 câu",
        "Dự khuyết, theo thứ tự: Vũ Đình Quang (Phường Bình Minh).",
        "3. Ông A",
        "4. Bà B",
        "THƯ KÝ",
        "Bùi Ngọc Yến",
    ):
        assert part in told, part


def test_a_decision_names_its_grounds_sums_and_list() -> None:
    told = words(write_decision(CLOSING, TYPED))
    for part in (
        "Số 12-QĐ/BTC",
        "Căn cứ văn bản số 128-KH/BTG ngày 17 tháng 9 năm 2026",
        "Điều 1. Công nhận kết quả Tuần 4",
        "Điều 2. Tổng số tiền thưởng là 8.000.000 đồng",
        "Điều 3.",
        "- Như Điều 3;",
        "(kèm theo Quyết định số 12-QĐ/BTC, ngày 20 tháng 10 năm 2026)",
        "TRƯỞNG BAN",
    ):
        assert part in told, part
    plain = words(write_decision(Closing(**{**CLOSING.__dict__, "winners": ()}), Typed(Letterhead())))
    assert "đồng" not in plain
    assert "ngày …… tháng …… năm ……" in plain


def test_the_list_to_sign_has_a_row_each_and_the_sum() -> None:
    table = write_receipts(CLOSING, TYPED).body[1]
    assert len(table.rows) == 5
    assert table.rows[1] == ("2", "Nguyễn Văn Bình", "Phường Bình Minh", "Nhì", "2.000.000", "21/10/2026")
    assert table.rows[-1][4] == "8.000.000"


@pytest.mark.parametrize("kind", WRITERS)
def test_nothing_typed_leaves_dots(kind: str) -> None:
    told = words(WRITERS[kind](CLOSING, Typed(Letterhead())))
    assert "……" in told
    assert "None" not in told


@given(st.lists(st.sampled_from(["Nhất", "Nhì", "Giải tập thể"]), max_size=30))
def test_prizes_are_counted_not_typed(titles: list[str]) -> None:
    winners = [Awarded(one, "A", "B", is_unit=one == "Giải tập thể") for one in titles]
    told = counted(winners)
    assert sum(int(part.split(" ")[0]) for part in told.split(", ") if part) == len(titles)
    units = titles.count("Giải tập thể")
    assert ("tập thể" in who(winners)) is (units > 0)


def test_a_prize_that_says_so_itself_is_not_called_so_twice() -> None:
    assert (prize_words("Giải tập thể"), prize_words("Nhất")) == ("Giải tập thể", "giải Nhất")


# The bulletin

WEEK_3 = Week("Tuần 3", 32_200, 120_000, 14_193)
WEEK_4 = Week("Tuần 4", 34_892, 118_545, 14_193)
FIGURES = Figures(
    "Cuộc thi “Tìm hiểu lịch sử Đảng”", "tuần", CLOSES, 1, True, WEEK_4, WEEK_3, (WEEK_3, WEEK_4),
    tuple(UnitLine(n, f"Đơn vị {n}", 100 - n, 200 - n, 5) for n in range(1, 13)),
    (WinnerLine("Nhất", "Trần Thị Hạnh", "Bình Minh"), WinnerLine("Nhì", "Bình", "Bình Minh"), WinnerLine("Nhì", "Lan", "Đông Hoà"),
     WinnerLine("Tập thể", "Bình Minh", "", True)),
)  # fmt: skip


def test_the_bulletin_tells_people_and_attempts_apart() -> None:
    assert main_sentences(FIGURES) == [
        "Tính đến 10 giờ 32 ngày 19/10/2026, Tuần 4 Cuộc thi “Tìm hiểu lịch sử Đảng” có 34.892 người dự thi với 118.545 lượt,"
        " bình quân 3,4 lượt mỗi người.",
        "Có 14.193 người trả lời đúng tất cả các câu hỏi, đạt 40,68% số người dự thi.",
        "So với Tuần 3, tăng 2.692 người dự thi (8,36%), giảm 1.455 lượt dự thi (1,21%), số người đúng tất cả không đổi.",
        "Cộng 02 tuần đã qua có 238.545 lượt dự thi.",
    ]


def test_many_weeks_are_known_by_their_number() -> None:
    weeks = [Week(f"Tuần {n}", 1, 1, 1) for n in range(1, 21)]
    assert short_labels(weeks[:3]) == ["Tuần 1", "Tuần 2", "Tuần 3"]
    assert short_labels(weeks)[-1] == "20"
    assert short_labels([Week("Chung kết", 1, 1, 1)] * 9)[0] == "Chung kết"


def test_the_first_week_has_none_before_it() -> None:
    first = Figures("C", "tuần", CLOSES, 1, False, Week("Tuần 1", 0, 0, 0))
    assert compared(first) == "Chưa có tuần trước để so sánh."
    assert main_sentences(first)[0].endswith("có 0 người dự thi với 0 lượt.")
    assert "chưa công bố" in chat_text(first)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_growth_is_the_difference_and_its_share(now: int, before: int) -> None:
    change = growth(now, before)
    assert before + change.difference == now
    if before:
        assert abs(Decimal(before) * (1 + change.percent / 100) - now) < Decimal("0.01")
    else:
        assert change.percent is None
    told = growth_words(change, "người")
    assert ("tăng" in told, "giảm" in told, "không đổi" in told) == (now > before, now < before, now == before)


def test_the_text_for_a_chat_group_has_ten_units_and_all_winners() -> None:
    told = chat_text(FIGURES)
    assert "10. Đơn vị 10: 90 người, 190 lượt" in told
    assert "11. " not in told
    assert "- Nhất: Trần Thị Hạnh, Bình Minh" in told
    assert "03 cá nhân và 01 tập thể đạt giải." in told
    assert winners_by_unit(FIGURES.winners) == [("Bình Minh", 2), ("Đông Hoà", 1)]
    assert "Bình Minh (02 người)" in winner_sentence(FIGURES)
    assert until_words(datetime(2026, 1, 5, 2, 0, tzinfo=UTC)) == "tính đến 9 giờ 00 ngày 05/01/2026"


def test_the_bulletin_as_a_document_has_its_tables() -> None:
    told = words(write_bulletin(FIGURES, HEAD))
    for part in ("BẢN TIN", "Tuần 3", "32.200", "Đơn vị 10", "Danh sách đạt giải", "Theo bản chốt 1, đã công bố."):
        assert part in told
    assert "Đơn vị 11" not in told


# From a real round


def test_a_closing_is_told_from_the_settlement(settled: Fair) -> None:  # noqa: F811
    awarding.award_by_hand(settled.round().id, "Lan toả", Named(name="Cụ Sáu", unit_name="Khu phố 5"), "Gương mẫu", MAI, AFTER)
    told = closing_of(settled.round(), standings.find_latest(settled.round().id))
    assert (told.people, told.attempts, told.all_correct, told.question_count) == (4, 5, 2, 4)
    assert told.prediction == ("Có bao nhiêu người trả lời đúng tất cả các câu hỏi trong vòng này?", "2 người")
    assert [(one.prize, one.name, one.amount, one.is_unit) for one in told.winners] == [
        ("Nhất", "Trần Thị Hạnh", 4_000_000, False), ("Nhì", "Nguyễn Văn Bình", 2_000_000, False),
        ("Đông người dự", "Đảng bộ phường Bình Minh", 0, True), ("Lan toả", "Cụ Sáu", 500_000, False),
    ]  # fmt: skip
    assert told.winners[0].why == "Hạng 1; 4/4 câu; dự đoán 2 (đúng); làm bài 1 phút 00 giây; nộp 10:33:00 ngày 14/10/2026"
    assert told.winners[3].why == "Gương mẫu"
    assert told.reserves == (("Phạm Thị Lan Anh", "Đảng bộ xã Đông Hoà"),)


@pytest.mark.parametrize("kind", WRITERS)
def test_documents_go_out_as_word_and_pdf(settled: Fair, as_: Any, kind: str) -> None:  # noqa: F811
    client = as_("mai")
    typed = {
        "style": "state",
        "issuer": "Sở Văn hoá",
        "number": "7",
        "office": "SVH",
        "day": "03/02/2026",
        "post": "Giám đốc",
        "name": "Ông C",
    }
    answer = client.get(f"{ADMIN}/papers/{kind}.docx", query_string=typed)
    told = words_of(answer.data)
    for part in ("SỞ VĂN HOÁ", "Độc lập - Tự do - Hạnh phúc", "Số: 7/", "ngày 03 tháng 02 năm 2026", "Trần Thị Hạnh"):
        assert part in told
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(f"{ADMIN}/papers/{kind}.pdf").data.startswith(b"%PDF")
    assert client.get(f"{ADMIN}/papers/{kind}.odt").status_code == 404
    assert client.get(f"{ADMIN}/papers/{kind}.docx", query_string={**typed, "day": "mai"}).status_code == 400
    assert "Ngày không đúng" in text(client.get(f"{ADMIN}/papers", query_string={**typed, "day": "mai"}))


def test_there_is_nothing_to_print_before_the_closing(closed: Fair, as_: Any) -> None:
    client = as_("mai")
    assert "Chưa có gì để in" in text(client.get(f"{ADMIN}/papers"))
    assert client.get(f"{ADMIN}/papers/minutes.docx").status_code == 404
    assert "Chưa có số liệu" in text(client.get(f"{ADMIN}/bulletin"))
    assert client.get(f"{ADMIN}/bulletin.docx").status_code == 404
    assert "Chưa có ai đạt giải" in text(client.get(f"{ADMIN}/prizes"))


def test_the_bulletin_of_a_round(settled: Fair, as_: Any) -> None:  # noqa: F811
    client = as_("mai")
    page = text(client.get(f"{ADMIN}/bulletin"))
    assert "Số liệu tạm theo bản chốt 1, chưa công bố" in page
    assert "có 04 người dự thi với 05 lượt" in page
    assert "Chưa có tuần trước để so sánh." in page
    assert "Đảng bộ phường Bình Minh: 03 người, 03 lượt" in page
    assert "?unit=" not in page
    publish_round(standings.find_latest(settled.round().id).id, KIEN, AFTER)
    page = text(client.get(f"{ADMIN}/bulletin"))
    assert "Theo bản chốt 1, đã công bố." in page
    assert "/contests/lich-su/rounds/1/standings?unit=2" in page
    assert "Trần Thị Hạnh" in words_of(client.get(f"{ADMIN}/bulletin.docx").data)
    assert client.get(f"{ADMIN}/bulletin.pdf").data.startswith(b"%PDF")
    assert client.get(f"{ADMIN}/bulletin.txt").status_code == 404


def test_the_second_week_is_compared_with_the_first(settled: Fair, at: Any) -> None:  # noqa: F811
    second = CLOSES + timedelta(hours=2)
    settled.sit(1, 4, 1, now=second, number=2)
    settled.sit(2, 3, 1, now=second, number=2)
    settled.settle(2, CLOSES + timedelta(days=8))
    figures = find_figures(settled.round(2))
    assert (figures.before.people, figures.this.people) == (4, 2)
    assert "So với Tuần 1, giảm 02 người dự thi (50%)" in compared(figures)
    assert [one.title for one in figures.weeks] == ["Tuần 1", "Tuần 2"]


def test_officers_see_the_bulletin_and_nobody_else(settled: Fair, as_: Any) -> None:  # noqa: F811
    for path in ("bulletin", "bulletin.docx"):
        for name in ("mai", "thanh", "kien"):
            assert as_(name).get(f"{ADMIN}/{path}").status_code == 200
        for name in ("hanh", "dung", "thuan"):
            assert as_(name).get(f"{ADMIN}/{path}").status_code in (403, 404)
        assert as_().get(f"{ADMIN}/{path}").status_code == 302


def test_the_standings_can_be_narrowed_to_a_unit(settled: Fair, as_: Any) -> None:  # noqa: F811
    publish_round(standings.find_latest(settled.round().id).id, KIEN, AFTER)
    here = "/contests/lich-su/rounds/1/standings"
    page = text(as_().get(f"{here}?unit=5"))
    assert "Chỉ Đảng bộ xã Đông Hoà: 1 người, 2 lượt." in page
    assert "Phạm Thị Lan Anh" in page
    assert "Nguyễn Văn Bình" not in page
    assert '<input type="hidden" name="unit" value="5">' in page
    for wrong in ("999", "x", "-1", "", "²", "9" * 30):
        assert "Nguyễn Văn Bình" in text(as_().get(here, query_string={"unit": wrong}))
