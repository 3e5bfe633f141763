"""Which works are alike, and in which passages."""

from __future__ import annotations

import io

from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from elearn.core import blobs
from elearn.marking.rules.similarity import find_alike, pieces_of, shared_passages
from elearn.marking.services.comparing import words_of_file

ASKED = "Đồng chí hãy nêu bài học của chi bộ nơi đồng chí sinh hoạt và việc làm cụ thể của bản thân trong năm nay"
COPIED = (
    "Chi bộ khu phố phân công từng đảng viên phụ trách năm hộ gia đình, mỗi tháng đến thăm một lần và ghi lại điều bà con kiến nghị"
)
ONE = f"Tôi xin kể. {COPIED}. Việc ấy làm đều nên bà con tin."
OTHER = f"Ở quê tôi thì thế này: {COPIED.upper()}; nhờ vậy đường làng sạch hơn trước nhiều."
FOREIGN = "Trường tôi tổ chức đọc sách mỗi sáng thứ hai, học sinh kể lại một tấm gương người tốt trong lớp mình cho cả trường nghe"


def test_it_finds_what_two_works_share_and_leaves_the_rest_alone():
    pairs = find_alike({1: ONE, 2: OTHER, 3: FOREIGN}, ASKED, 300)
    assert [(one.one, one.other) for one in pairs] == [(1, 2)]
    assert 300 <= pairs[0].likeness < 1000
    assert shared_passages(ONE, OTHER, ASKED) == [COPIED]
    assert shared_passages(ONE, FOREIGN, ASKED) == []


def test_quoting_the_question_is_no_likeness():
    assert find_alike({1: f"{ASKED}. {FOREIGN}", 2: f"{ASKED}. {COPIED}"}, ASKED, 50) == []
    assert shared_passages(f"{ASKED}. {FOREIGN}", f"{ASKED}. {COPIED}", ASKED) == []


def test_what_half_a_large_pile_writes_finds_nobody():
    works = {number: f"{COPIED}. {'từ' * number} riêng {number} của người {number} viết" for number in range(1, 41)}
    assert find_alike(works, ASKED, 300) == []
    assert len(find_alike({number: works[number] for number in (1, 2)}, ASKED, 300)) == 1


@given(st.text(alphabet="ab ăâ.đ\n", max_size=200), st.text(alphabet="ab ăâ.đ\n", max_size=200))
def test_passages_stand_in_the_text_and_pieces_make_it_up_again(text, other):
    passages = shared_passages(text, other)
    assert all(passage in text for passage in passages)
    pieces = pieces_of(text, passages)
    assert "".join(piece for piece, _ in pieces) == text
    assert any(is_shared for _, is_shared in pieces) == bool(passages)


def test_it_reads_word_and_pdf_files_and_nothing_else(app):
    document = Document()
    document.add_paragraph("Bài học của chi bộ")
    document.add_table(1, 1).cell(0, 0).text = "Trong bảng"
    buffer = io.BytesIO()
    document.save(buffer)
    assert words_of_file(blobs.keep(buffer.getvalue())) == "Bài học của chi bộ\nTrong bảng"

    import typst

    pdf = typst.compile(b"Chi b\xe1\xbb\x99 khu ph\xe1\xbb\x91 n\xc4\x83m")
    assert words_of_file(blobs.keep(pdf)) == "Chi bộ khu phố năm"
    assert words_of_file(blobs.keep(b"%PDF-1.7 broken")) == ""
    assert words_of_file(blobs.keep(b"\x89PNG nothing to read")) == ""
    assert words_of_file("0" * 64) == ""
