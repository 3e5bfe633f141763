"""Documents as officers write them: the same words in Word and PDF, the form of the Party and of the state."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document as read_word
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.exports.pdf import write_pdf
from elearn.core.exports.word import write_word
from elearn.lib.document import (
    Annex,
    Column,
    Document,
    Letterhead,
    Paragraph,
    Signer,
    Table,
    blank,
    padded,
    text_of,
    written_day,
)

PARTY = Letterhead("party", "Đảng bộ tỉnh An Sơn", "Ban Tổ chức cuộc thi", "03", "QĐ", "BTC", "An Sơn", date(2018, 4, 3))


def decision(head: Letterhead = PARTY, rows: int = 60) -> Document:
    return Document(
        head,
        "QUYẾT ĐỊNH",
        "về việc trao giải",
        (
            Paragraph("Căn cứ thể lệ;", is_italic=True),
            Paragraph("Trao giải cho 08 cá nhân.", lead="Điều 1."),
            Annex("DANH SÁCH", "kèm theo quyết định"),
            Table(
                (Column("STT", 1, "center"), Column("Họ và tên", 4)), tuple((str(n), f"Người thứ {n}") for n in range(1, rows + 1))
            ),
        ),
        (Signer("T/M BAN TỔ CHỨC\nTRƯỞNG BAN", "Hoàng Thị Mai"),),
        ("Như Điều 2", "Lưu"),
    )


def words_of(content: bytes) -> list[str]:
    """All texts of a Word file in reading order, those of tables between the paragraphs."""
    found: list[str] = []
    for part in read_word(io.BytesIO(content)).element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
        found.append("".join(one.text or "" for one in part.iter() if one.tag.endswith("}t")))
    return [one for one in found if one]


@pytest.mark.parametrize("style", ["party", "state"])
def test_it_writes_every_word_of_the_document(style: Any) -> None:
    document = decision(Letterhead(style, "Đảng bộ tỉnh An Sơn", "Ban Tổ chức"))
    written = " ".join(words_of(write_word(document)))
    for text in text_of(document):
        for line in text.split("\n"):
            assert line in written
    assert write_pdf(document).startswith(b"%PDF")


def test_it_has_the_form_of_the_party() -> None:
    written = words_of(write_word(decision()))
    assert written[:6] == [
        "ĐẢNG BỘ TỈNH AN SƠN", "BAN TỔ CHỨC CUỘC THI", "*", "ĐẢNG CỘNG SẢN VIỆT NAM", "Số 03-QĐ/BTC", "An Sơn, ngày 03 tháng 4 năm 2018",
    ]  # fmt: skip


def test_it_has_the_form_of_the_state() -> None:
    head = Letterhead("state", "", "Sở Giáo dục", "1748", "QĐ", "SGD", "An Sơn", date(2026, 1, 12))
    written = words_of(write_word(decision(head)))
    assert written[:5] == [
        "SỞ GIÁO DỤC", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 1748/QĐ-SGD",
        "An Sơn, ngày 12 tháng 01 năm 2026",
    ]  # fmt: skip


def test_it_leaves_dots_to_be_written_upon() -> None:
    written = words_of(write_word(decision(Letterhead("party", "Tỉnh uỷ", "Ban Tổ chức", sign="QĐ"))))
    assert "Số ………-QĐ" in written
    assert f"{blank(4)}, ngày …… tháng …… năm ……" in written


def test_it_is_a_page_of_a4_in_times_with_headings_that_come_again() -> None:
    file = read_word(io.BytesIO(write_word(decision())))
    section = file.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm), round(section.left_margin.mm)) == (210, 297, 30)
    assert (file.styles["Normal"].font.name, file.styles["Normal"].font.size.pt) == ("Times New Roman", 14)
    assert section.different_first_page_header_footer
    assert " PAGE " in section.header._element.xml
    listed = file.tables[-1]
    assert "w:tblHeader" in listed.rows[0]._tr.xml
    assert "w:tblHeader" not in listed.rows[1]._tr.xml
    assert len(listed.rows) == 61
    assert abs(listed.columns[1].width - 4 * listed.columns[0].width) < 3000  # Word keeps twentieths of a point


def test_it_writes_signs_that_no_file_may_hold() -> None:
    odd = Document(PARTY, "BIÊN BẢN", "a\x00b & <c> #strong[d]", (Paragraph("*e* _f_ \x08$x$"),))
    assert "ab & <c> #strong[d]" in words_of(write_word(odd))
    assert write_pdf(odd).startswith(b"%PDF")


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (1, "01"), (9, "09"), (10, "10"), (7200, "7.200")])
def test_it_writes_counts_as_reports_do(count: int, words: str) -> None:
    assert padded(count) == words


@given(st.dates())
def test_it_writes_days_as_documents_do(day: date) -> None:
    words = written_day(day).split()
    assert (int(words[1]), int(words[3]), int(words[5])) == (day.day, day.month, day.year)
    assert len(words[1]) == 2
    assert (words[3][0] == "0") is (day.month < 3)
