"""Word files: every usual layout is read without a doubt, what Word can hold beside letters is kept or named, and bad files are refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from decimal import Decimal

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.lib.legacy_encodings import to_tcvn3, to_vni
from elearn.questions.formats.word import FORMAT
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.typed import as_text, read_text
from tests.questions.formats.documents import (
    AUTOMATIC_LABELS,
    LABELS,
    LAYOUTS,
    OPTIONS,
    TEXT_KEYS,
    WORD_KEYS,
    Builder,
    Layout,
    add_run,
    set_cell_shade,
    with_parts,
    word_of,
)
from tests.questions.formats.questions import as_questions, doubts, drafts, sound_questions, without_line

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def png() -> bytes:
    """A picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def is_possible(layout: Layout) -> bool:
    """Some marks need letters typed by hand, some a line of their own."""
    if layout.layout == "automatic" and layout.key in ("star_before", "star_after", "label_colour"):
        return False
    return not (layout.key == "same_line" and layout.layout in ("table", "row", "breaks", "automatic"))


@settings(max_examples=60, deadline=None)
@given(
    sound_questions(),
    st.builds(
        Layout,
        st.sampled_from(LABELS + AUTOMATIC_LABELS),
        st.sampled_from(OPTIONS),
        st.sampled_from(LAYOUTS),
        st.sampled_from(TEXT_KEYS + WORD_KEYS),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ).filter(is_possible),
)
def test_it_reads_every_layout_without_a_doubt(questions, layout):
    reading = FORMAT.read(word_of(questions, layout))
    assert as_questions(reading) == questions
    assert not doubts(reading)


@settings(max_examples=30, deadline=None)
@given(st.lists(drafts(), min_size=1, max_size=3))
def test_it_reads_back_what_it_wrote(some):
    again = FORMAT.read(FORMAT.write(some)).drafts
    assert [without_line(found) for found in again] == [without_line(draft) for draft in some]


def test_it_writes_what_word_opens_with_keys_in_bold_and_a_table_of_answers():
    draft = Draft(
        "single_choice",
        "Xem hình ![cờ](@@PLUGINFILE@@/co.png) rồi trả lời",
        {"options": [{"text": "Một"}, {"text": "Hai", "right": True}]},
        files={"co.png": png(), "b.png": png()},
    )
    written = FORMAT.write([draft, Draft("true_false", "Đảng ra đời năm 1930.", {"answer": True})])
    document = docx.Document(io.BytesIO(written))
    lines = {paragraph.text: [run.bold for run in paragraph.runs if run.text] for paragraph in document.paragraphs}
    assert lines["B. Hai"] == [True]
    assert lines["A. Một"] == [None]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["Câu", "1"], ["Đáp án", "B"]]
    reading = FORMAT.read(written)
    assert reading.drafts[0].files == draft.files
    assert without_line(reading.drafts[0]) == without_line(draft)
    assert written == FORMAT.write(reading.drafts)
    assert not doubts(reading)


def sample(builder: Builder, number: int = 1, stem: str = "Đại hội I họp ở đâu?", key: str = "Đáp án: B") -> None:
    builder.line(f"Câu {number}: {stem}")
    for line in ("A. Hương Cảng", "B. Ma Cao", "C. Hà Nội", key):
        builder.line(line)


def read(builder: Builder):
    return FORMAT.read(builder.bytes())


# Keys by look


@pytest.mark.parametrize("colours", [("0000FF", "FF0000"), ("333333", "C00000"), ("000000", "00B050")])
def test_it_takes_the_option_of_another_colour(colours):
    builder = Builder()
    for number in (1, 2):
        builder.line(f"Câu {number}: Chọn câu đúng thứ {number}?")
        for place, text in enumerate(("A. Một", "B. Hai", "C. Ba")):
            run = add_run(builder.line(""), text)
            run.font.color.rgb = RGBColor.from_string(colours[place == number])
    reading = read(builder)
    assert [next(at for at, option in enumerate(draft.body["options"]) if option.get("right")) for draft in reading.drafts] == [
        1,
        2,
    ]
    assert not doubts(reading)


def test_it_does_not_take_for_a_key_what_is_bold_everywhere():
    builder = Builder()
    for number in range(1, 4):
        builder.line(f"Câu {number}: Chọn câu đúng thứ {number}?", bold=True)
        for letter in "ABC":
            paragraph = builder.line(f"{letter}. ", bold=True)
            add_run(paragraph, f"Phương án {letter}{number}", bold=number < 3 or letter == "C")
    reading = read(builder)
    assert all(not option.get("right") for draft in reading.drafts for option in draft.body["options"])
    assert [problem.question for problem in reading.problems if problem.severity == "error"] == [0, 1, 2]


def test_it_says_where_look_and_line_disagree():
    builder = Builder()
    builder.line("Câu 1: Chọn câu đúng?")
    builder.line("A. Một", key="bold", is_right=True)
    builder.line("B. Hai")
    builder.line("Đáp án: B")
    reading = read(builder)
    assert [option.get("right") for option in reading.drafts[0].body["options"]] == [None, True]
    assert any("ở phương án A" in words for words in doubts(reading))


def test_it_keeps_words_emphasised_within_a_stem():
    builder = Builder()
    paragraph = builder.line("Câu 1: Đâu ")
    add_run(paragraph, "không phải", bold=True)
    add_run(paragraph, " là nghị quyết * trụ cột_2*3*?")
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    assert read(builder).drafts[0].text == r"Đâu **không phải** là nghị quyết * trụ cột_2\*3\*?"


# Numbering


def test_it_follows_numbering_that_begins_anew_or_is_in_roman():
    builder = Builder()
    letters = builder.automatic([("upperLetter", "%1.")])
    numbers = builder.automatic([("decimal", "Câu %1:")])
    for number in range(1, 4):
        builder.number(builder.line(f"Nội dung câu thứ {number} là gì?"), numbers, 0)
        own = letters if number == 1 else builder.again(letters)
        for text in ("Một", "Hai", "Ba"):
            builder.number(builder.line(f"{text} {number}", key="bold", is_right=text == "Hai"), own, 0)
    reading = read(builder)
    assert [[option["text"] for option in draft.body["options"]] for draft in reading.drafts] == [
        [f"{text} {number}" for text in ("Một", "Hai", "Ba")] for number in range(1, 4)
    ]
    assert not doubts(reading)


def test_it_takes_bullets_for_options_where_one_is_marked():
    builder = Builder()
    builder.line("Câu 1: Chọn câu đúng?")
    bullets = builder.automatic([("bullet", "•")])
    for text in ("Một", "Hai", "Ba"):
        builder.number(builder.line(text, key="colour", is_right=text == "Ba"), bullets, 0)
    reading = read(builder)
    assert [option.get("right") for option in reading.drafts[0].body["options"]] == [None, None, True]
    assert any("không có chữ cái" in problem.said() for problem in reading.problems)


def test_it_takes_headings_for_topics():
    builder = Builder()
    builder.document.add_heading("Ngân hàng câu hỏi", 0)
    builder.document.add_heading("Lịch sử Đảng", 1)
    sample(builder)
    builder.document.add_heading("Chương II. Điều lệ Đảng", 2)
    sample(builder, 2, "Đại hội II họp ở đâu?")
    assert [draft.topic for draft in read(builder).drafts] == ["Lịch sử Đảng", "Điều lệ Đảng"]


# Tables


def test_it_reads_a_table_with_a_row_for_each_question():
    builder = Builder()
    builder.table(
        [
            ["STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án", "Căn cứ", "Mức độ"],
            ["1", "Đại hội I họp ở đâu?", "Hương Cảng", "Ma Cao", "Hà Nội", "Huế", "B", "Lịch sử Đảng", "Nhận biết"],
            ["2", "Hai nghị quyết nào?", "57", "59", "18", "", "A, B", "", ""],
            ["3", "Ai?", "Ông", "Bà", "Cô", "Chú", "F", "", ""],
        ]
    )
    reading = read(builder)
    first, second, third = reading.drafts
    assert (first.line, second.line, third.line) == (2, 3, 4)
    assert (first.source, first.level) == ("Lịch sử Đảng", "nhan_biet")
    assert [option.get("right") for option in first.body["options"]] == [None, True, None, None]
    assert second.type == "multiple_choice"
    assert [(problem.line, problem.question) for problem in reading.problems if "Đáp án F" in problem.said()] == [(4, 2)]


def test_it_leaves_out_empty_option_cells_at_the_end():
    builder = Builder()
    builder.table(
        [
            ["STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án"],
            ["1", "Đúng hay sai?", "Đúng", "Sai", "", "", "A"],
            ["2", "Chọn?", "Một", "Hai", "Ba", "", "C"],
        ]
    )
    reading = read(builder)
    assert reading.drafts[0].type == "true_false"
    assert len(reading.drafts[1].body["options"]) == 3
    assert not doubts(reading)


def test_it_reads_questions_and_options_over_cells_and_shades():
    builder = Builder()
    table = builder.table([["Câu 1", "Đại hội I họp ở đâu?"], ["A.", "Hương Cảng"], ["B.", "Ma Cao"], ["C.", "Hà Nội"]])
    set_cell_shade(table.cell(2, 1), "FFFF00")
    reading = read(builder)
    assert [(option["text"], option.get("right")) for option in reading.drafts[0].body["options"]] == [
        ("Hương Cảng", None),
        ("Ma Cao", True),
        ("Hà Nội", None),
    ]
    assert not doubts(reading)


def test_it_reads_options_arranged_in_columns():
    builder = Builder()
    builder.line("Câu 1: Đại hội I họp ở đâu?")
    builder.table([["A. Hương Cảng", "C. Hà Nội"], ["B. Ma Cao", "D. Huế"]])
    builder.line("Đáp án: C")
    assert [option["text"] for option in read(builder).drafts[0].body["options"]] == ["Hương Cảng", "Ma Cao", "Hà Nội", "Huế"]


def test_it_reads_an_option_a_row_with_the_question_over_them():
    builder = Builder()
    table = builder.table(
        [
            ["TT", "Nội dung câu hỏi", "Phương án", "Đáp án"],
            ["1", "Đại hội I họp ở đâu?", "Hương Cảng", ""],
            ["", "", "Ma Cao", "x"],
            ["", "", "Hà Nội", ""],
            ["2", "Ai?", "Ông", "x"],
            ["", "", "Bà", ""],
        ]
    )
    for column in (0, 1):
        table.cell(1, column).merge(table.cell(3, column))
        table.cell(4, column).merge(table.cell(5, column))
    reading = read(builder)
    assert [[(option["text"], option.get("right")) for option in draft.body["options"]] for draft in reading.drafts] == [
        [("Hương Cảng", None), ("Ma Cao", True), ("Hà Nội", None)],
        [("Ông", True), ("Bà", None)],
    ]


def test_it_keeps_a_table_of_a_stem():
    builder = Builder()
    builder.line("Câu 1: Số liệu dưới đây nói gì?")
    builder.table([["Năm", "Đảng viên"], ["1930", "hơn 500"], ["1945", "5 000 | ước"]])
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = read(builder)
    assert (
        reading.drafts[0].text
        == "Số liệu dưới đây nói gì?\n\n| Năm | Đảng viên |\n| --- | --- |\n| 1930 | hơn 500 |\n| 1945 | 5 000 \\| ước |"
    )
    assert read_text(as_text(reading.drafts[0])).drafts[0].text == reading.drafts[0].text


@pytest.mark.parametrize(
    "rows",
    [
        [["1", "2"], ["B", "C"]],
        [["Câu", "Đáp án"], ["1", "B"], ["2", "C"]],
        [["Câu", "Đáp án", "Câu", "Đáp án"], ["1", "B", "2", "C"]],
        [["1.B", "2.C"]],
        [["BẢNG ĐÁP ÁN", ""], ["Câu 1", "Câu 2"], ["B", "C"]],
    ],
)
def test_it_reads_tables_of_answers(rows):
    builder = Builder()
    sample(builder, key="")
    sample(builder, 2, "Đại hội II họp ở đâu?", key="")
    builder.line("ĐÁP ÁN")
    builder.table(rows)
    reading = read(builder)
    assert [
        next((at for at, option in enumerate(draft.body["options"]) if option.get("right")), None) for draft in reading.drafts
    ] == [1, 2]
    assert not doubts(reading)


def test_it_says_that_a_table_of_answers_has_several_papers():
    builder = Builder()
    sample(builder, key="")
    sample(builder, 2, "Đại hội II họp ở đâu?", key="")
    builder.table([["Câu", "Mã 101", "Mã 102"], ["1", "A", "B"], ["2", "B", "C"]])
    reading = read(builder)
    assert any("nhiều mã đề" in words for words in doubts(reading))
    assert [option.get("right") for option in reading.drafts[0].body["options"]] == [True, None, None]


# What is not letters


def test_it_keeps_pictures_and_asks_for_their_words():
    builder = Builder()
    builder.document.add_paragraph("Câu 1: Xem hình ").add_run().add_picture(io.BytesIO(png()))
    picture = builder.document.add_paragraph("A. ").add_run().add_picture(io.BytesIO(png()))
    picture._inline.docPr.set("descr", "Cờ Đảng")
    for line in ("B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = read(builder)
    draft = reading.drafts[0]
    assert draft.text == "Xem hình ![](@@PLUGINFILE@@/image1.png)"
    assert draft.body["options"][0]["text"] == "![Cờ Đảng](@@PLUGINFILE@@/image1.png)"
    assert draft.files == {"image1.png": png()}
    assert [words for words in doubts(reading) if "mô tả bằng lời" in words] == [
        "Hình image1.png chưa có mô tả bằng lời cho người không nhìn thấy hình."
    ]


def test_it_names_pictures_that_no_page_can_show():
    builder = Builder()
    builder.document.add_paragraph("Câu 1: Xem hình ").add_run().add_picture(io.BytesIO(png()))
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = FORMAT.read(with_parts(builder.bytes(), {"word/media/image1.png": b"\x01\x00\x00\x00EMF"}))
    assert any(
        "định dạng trang web không hiển thị được" in problem.said() and problem.severity == "error" and problem.question == 0
        for problem in reading.problems
    )


def test_it_keeps_raised_and_lowered_letters():
    builder = Builder()
    paragraph = builder.line("Câu 1: Diện tích 5 km")
    add_run(paragraph, "2").font.superscript = True
    for text, raised in (("A. H", "2"), ("B. x", "tb")):
        option = builder.line(text)
        add_run(option, raised).font.subscript = True
        add_run(option, "O < 5")
    builder.line("Đáp án: A")
    draft = read(builder).drafts[0]
    assert draft.text == "Diện tích 5 km²"
    assert draft.body["options"][0]["text"] == "H₂O < 5"
    assert draft.body["options"][1]["text"] == {"text": "<p>x<sub>tb</sub>O &lt; 5</p>", "format": "html"}


def formula(inner: str):
    return parse_xml(f"<m:oMath {MATH} {nsdecls('w')}>{inner}</m:oMath>")


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    "inner, latex",
    [
        (f"<m:f><m:num>{r('a+1')}</m:num><m:den>{r('2')}</m:den></m:f>", r"\frac{a+1}{2}"),
        (f"<m:sSup><m:e>{r('x')}</m:e><m:sup>{r('2')}</m:sup></m:sSup>{r('≤5%')}", r"x^{2}\le 5\%"),
        (f"<m:sSub><m:e>{r('x')}</m:e><m:sub>{r('n')}</m:sub></m:sSub>", "x_{n}"),
        (f"<m:rad><m:radPr/><m:deg>{r('3')}</m:deg><m:e>{r('x')}</m:e></m:rad>", r"\sqrt[3]{x}"),
        (f"<m:d><m:e>{r('a')}</m:e></m:d>", r"\left(a\right)"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{r("1")}</m:sub><m:sup>{r("n")}</m:sup><m:e>{r("i")}</m:e></m:nary>',
            r"\sum_{1}^{n}{i}",
        ),
    ],
)
def test_it_puts_formulas_into_latex(inner, latex):
    builder = Builder()
    builder.line("Câu 1: Cho ")._p.append(formula(inner))
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = read(builder)
    assert reading.drafts[0].text == rf"Cho \( {latex} \)"
    assert not doubts(reading)
    assert read_text(as_text(reading.drafts[0])).drafts[0].text == reading.drafts[0].text


def test_it_names_parts_of_formulas_that_it_cannot_write():
    builder = Builder()
    builder.line("Câu 1: Cho ")._p.append(formula(f"<m:m><m:mr><m:e>{r('a')}</m:e></m:mr></m:m>"))
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = read(builder)
    assert any(problem.severity == "error" and problem.question == 0 and "LaTeX" in problem.said() for problem in reading.problems)


def test_it_follows_tracked_changes_and_leaves_struck_and_hidden_words_out():
    builder = Builder()
    paragraph = builder.line("Câu 1: Đại hội ")
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t xml:space="preserve">lần thứ </w:t></w:r></w:ins>')
    )
    paragraph._p.append(parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>khoá </w:delText></w:r></w:del>'))
    add_run(paragraph, "I họp ở đâu?")
    add_run(paragraph, " Bỏ đi", strike=True)
    add_run(paragraph, " Ẩn").font.hidden = True
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = read(builder)
    assert reading.drafts[0].text == "Đại hội lần thứ I họp ở đâu?"
    said = [problem.said() for problem in reading.problems if problem.question == 0]
    assert "Phần chèn thêm trong chế độ theo dõi sửa đổi được giữ lại." in said
    assert "Phần đã xoá trong chế độ theo dõi sửa đổi được bỏ đi." in said
    assert "Chữ gạch ngang “Bỏ đi” được bỏ đi." in said
    assert "Chữ ẩn “Ẩn” được bỏ đi." in said


def test_it_reads_text_boxes_once():
    builder = Builder()
    inner = "<w:txbxContent><w:p><w:r><w:t>Câu 1: Trong khung là gì?</w:t></w:r></w:p></w:txbxContent>"
    box = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        f"{inner}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    builder.line("")._p.append(parse_xml(box))
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    reading = read(builder)
    assert [draft.text for draft in reading.drafts] == ["Trong khung là gì?"]
    assert not doubts(reading)


def test_it_names_footnotes_and_objects():
    builder = Builder()
    paragraph = builder.line("Câu 1: Theo quy định nào?")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:object/></w:r>"))
    for line in ("A. Một", "B. Hai", "Đáp án: A"):
        builder.line(line)
    plain = builder.bytes()
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        relations = archive.read("word/_rels/document.xml.rels")
    relation = b'<Relationship Id="rF" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    notes = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>Xem Điều lệ.</w:t></w:r></w:p></w:footnote></w:footnotes>'.encode()
    reading = FORMAT.read(
        with_parts(
            plain, {"word/_rels/document.xml.rels": relations.replace(b"</Relationships>", relation), "word/footnotes.xml": notes}
        )
    )
    said = doubts(reading)
    assert any("“Xem Điều lệ.”" in words for words in said)
    assert any("đối tượng nhúng" in words for words in said)


@pytest.mark.parametrize("font, encode, kind", [(".VnTime", to_tcvn3, "TCVN3"), ("VNI-Times", to_vni, "VNI")])
def test_it_converts_old_fonts(font, encode, kind):
    builder = Builder()
    builder.line(encode("Câu 1: Đảng lãnh đạo"), font=font)
    for line in ("A. Nhân dân", "B. Trường học, thư viện", "Đáp án: B"):
        builder.line(encode(line), font=font)
    sample(builder, 2)
    reading = read(builder)
    assert reading.drafts[0].text == "Đảng lãnh đạo"
    assert [option["text"] for option in reading.drafts[0].body["options"]] == ["Nhân dân", "Trường học, thư viện"]
    assert {problem.question for problem in reading.problems if kind in problem.said()} == {0}


def test_it_takes_points_and_breaks_within_a_paragraph():
    builder = Builder()
    builder.line("Câu 1. (1,5 điểm) Đại hội I họp ở đâu?\nA. Hương Cảng\nB. Ma Cao\nC. Hà Nội\nĐáp án: B")
    reading = read(builder)
    assert reading.drafts[0].default_mark == Decimal("1.5")
    assert len(reading.drafts[0].body["options"]) == 3
    assert not doubts(reading)


# Safety


@pytest.mark.parametrize(
    "data, code, words",
    [
        (b"", "empty_file", "không có nội dung"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word", ".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected_file", "mật khẩu"),
        (b"%PDF-1.7 ...", "pdf_file", "PDF"),
        (b"{\\rtf1 ...}", "rtf_file", "RTF"),
        (b"<html><body>", "web_page", "trang web"),
        (b"Cau 1: abc", "not_word", ".docx"),
        (b"PK\x03\x04 broken", "broken_archive", "hỏng"),
    ],
)
def test_it_refuses_other_files_with_advice(data, code, words):
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(data)
    assert refused.value.code == code
    assert words in str(refused.value)


def plain_file() -> bytes:
    builder = Builder()
    sample(builder)
    return builder.bytes()


def body_of(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_refuses_declarations(encoding):
    data = plain_file()
    body = body_of(data).decode().split("?>", 1)[1]
    evil = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "Câu 1: bom">]>{body}'.encode(encoding)
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(with_parts(data, {"word/document.xml": evil}))
    assert refused.value.code == "declared_xml"


def test_it_names_the_line_of_broken_xml():
    data = plain_file()
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(with_parts(data, {"word/document.xml": body_of(data)[:-200]}))
    assert refused.value.code == "broken_xml"
    assert refused.value.values["part"] == "word/document.xml"


def test_it_refuses_bombs_and_other_archives():
    data = plain_file()
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(with_parts(data, {"word/media/big.bin": b"\0" * 40_000_000}))
    assert refused.value.code == "archive_bomb"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(target.getvalue())
    assert "Excel" in str(refused.value)


def test_it_reads_deep_and_strange_documents_or_refuses_them():
    data = plain_file()
    deep = "<w:sdt><w:sdtContent>" * 60 + "<w:p><w:r><w:t>Câu 2: Sâu?</w:t></w:r></w:p>" + "</w:sdtContent></w:sdt>" * 60
    body = body_of(data).decode().replace("<w:sectPr", f"{deep}<w:sectPr", 1)
    assert [draft.text for draft in FORMAT.read(with_parts(data, {"word/document.xml": body.encode()})).drafts] == [
        "Đại hội I họp ở đâu?",
        "Sâu?",
    ]
    tables = "<w:tbl><w:tr><w:tc>" * 90 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 90
    body = body_of(data).decode().replace("<w:sectPr", f"{tables}<w:sectPr", 1)
    try:
        assert FORMAT.read(with_parts(data, {"word/document.xml": body.encode()})).drafts
    except InvalidInput as refused:
        assert refused.code == "broken_xml"


def test_it_reads_strict_documents():
    data = plain_file()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {
            name: archive.read(name)
            .replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"
            )
            .replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            for name in archive.namelist()
            if name.startswith(("word/", "_rels"))
        }
    reading = FORMAT.read(with_parts(data, parts))
    assert [draft.text for draft in reading.drafts] == ["Đại hội I họp ở đâu?"]


def test_it_knows_its_own_files():
    assert FORMAT.looks_like("a.docx", plain_file()) == 95
    assert FORMAT.looks_like("a.doc", b"\xd0\xcf\x11\xe0") == 30
    assert FORMAT.looks_like("a.txt", b"Cau 1") == 0
