"""Tables of questions: columns in any order and language, keys as people write them, every doubt at its row."""

from __future__ import annotations

import csv
import datetime
import io
import time
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import SheetGrid
from elearn.lib.legacy_encodings import to_tcvn3, to_vni
from elearn.questions.formats.csv_table import FORMAT as CSV
from elearn.questions.formats.excel import FORMAT as EXCEL
from elearn.questions.formats.excel import template
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.question_tables.columns import field_of, heading_of
from elearn.questions.rules.question_tables.keys import key_of, level_of, number_of, type_of
from elearn.questions.rules.question_tables.reading import read_tables
from elearn.questions.rules.question_tables.writing import WRITES
from tests.questions.formats.any_drafts import drafts, without_lines

BOTH = pytest.mark.parametrize("form", [EXCEL, CSV], ids=lambda form: form.key)
HEAD = ["Câu hỏi", "A", "B", "C", "D", "Đáp án"]


def read(*rows, **more):
    return read_tables([SheetGrid("Trang 1", [list(row) for row in rows], **more)])


def one(*cells, head=HEAD):
    reading = read(head, cells)
    assert len(reading.drafts) == 1, reading.problems
    return reading.drafts[0], reading.problems


def right(draft):
    return "".join("ABCDEFGH"[index] for index, option in enumerate(draft.body["options"]) if option.get("right"))


def workbook(*sheets):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(line, column, cell, book.add_format({"num_format": "dd/mm"}))
                elif cell is not None:
                    sheet.write(line, column, cell)
    book.close()
    return target.getvalue()


# Round trip -------------------------------------------------------------------------------------------------------------------------------


@BOTH
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(drafts(*WRITES, files=False), min_size=1, max_size=4))
def test_it_gives_back_what_it_was_given(form, found):
    reading = form.read(form.write(found))
    assert without_lines(reading.drafts) == without_lines(found)
    assert not [problem for problem in reading.problems if "đã được sửa" in problem.message]


DANGEROUS = [
    "=1+1",
    "+84",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "'=1",
    "''=1",
    "'abc",
    "=cmd|' /C calc'!A0",
    "- ba",
    "+ - @",
    "_x0041_",
    "a\nb\r\nc",
    "sep=,",
]


@BOTH
@pytest.mark.parametrize("words", DANGEROUS)
def test_it_gives_back_what_a_spreadsheet_would_calculate(form, words):
    draft = Draft(
        "short_answer", f"{words}?", {"answers": [{"text": words.strip()}]}, topic=words.strip(), explanation=words, code="c"
    )
    first = form.read(form.write([draft])).drafts
    again = form.read(form.write(first)).drafts
    assert without_lines(first) == without_lines(again) == [draft]


@pytest.mark.parametrize("words", [words for words in DANGEROUS if words.lstrip("'")[0] in "=+-@\t＝"])
def test_it_leaves_no_formula_in_a_text_file(words):
    data = CSV.write([Draft("essay", words, {}, topic=words, explanation=words)])
    assert data.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


def test_it_leaves_no_formula_in_a_workbook():
    data = EXCEL.write([Draft("essay", words, {}) for words in DANGEROUS])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


@BOTH
def test_it_takes_the_cells_for_true_once_they_were_changed(form):
    draft = Draft("single_choice", "Which?", {"options": [{"text": "a", "right": True}, {"text": "b", "feedback": "no"}]}, code="x")
    written = form.write([draft])
    assert form.read(written).drafts[0].body == draft.body
    table = read_rows(form, written)
    table[1][table[0].index("Đáp án đúng")] = "B"
    target = io.StringIO()
    csv.writer(target).writerows(table)
    changed = CSV.read(target.getvalue().encode())
    assert changed.drafts[0].body == {"options": [{"text": "a"}, {"text": "b", "right": True}]}
    assert "đã được sửa sau khi xuất" in changed.problems[0].said()


def read_rows(form, data):
    if form is CSV:
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    return [[str(cell) for cell in row] for row in read_spreadsheet(data, "", max_bytes=10**7)[0].rows]


@BOTH
def test_it_refuses_to_write_what_a_table_cannot_hold(form):
    with pytest.raises(InvalidInput):
        form.write([Draft("matching", "Match.", {"pairs": []})])


def test_it_refuses_a_text_that_a_cell_would_cut_off():
    with pytest.raises(InvalidInput) as refused:
        EXCEL.write([Draft("essay", "short", {}), Draft("essay", "a" * 32_768, {})])
    assert refused.value.values["line"] == 3
    assert EXCEL.read(EXCEL.write([Draft("essay", "a" * 32_767, {})])).drafts[0].text == "a" * 32_767


def test_it_writes_the_same_bytes_for_the_same_questions():
    found = [Draft("true_false", "2 = 2", {"answer": True})]
    assert EXCEL.write(found) == EXCEL.write(found)


# Columns ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Câu hỏi", "text"),
        ("NỘI DUNG CÂU HỎI (*)", "text"),
        ("Question", "text"),
        ("Đáp án", "key"),
        ("ĐÁP ÁN ĐÚNG", "key"),
        ("Key", "key"),
        ("Correct answer:", "key"),
        ("A", 0),
        ("Đáp án A", 0),
        ("Phương án B", 1),
        ("Option 3", 2),
        ("Phương án 4", 3),
        ("PA D", 3),
        ("Answer H", 7),
        ("Giải thích", "explanation"),
        ("Mức độ (NB/TH/VD)", "level"),
        ("Difficulty", "level"),
        ("Chủ đề", "topic"),
        ("Nguồn", "source"),
        ("Điều, khoản", "clause"),
        ("Loại câu hỏi", "type"),
        ("Điểm", "mark"),
        ("Mã", "code"),
        ("Thẻ", "tags"),
        ("Chuyên mục", "category"),
        ("STT", "ordinal"),
        ("Người soạn", None),
        ("", None),
    ],
)
def test_it_knows_headings_in_either_language(heading, field):
    assert field_of(heading_of(heading)) == field


def test_it_takes_columns_in_any_order_below_titles():
    reading = read(
        ["BAN TUYÊN GIÁO"],
        ["NGÂN HÀNG CÂU HỎI NĂM 2026", None],
        [],
        [
            "Key",
            "STT",
            "Phương án B",
            "Question",
            "Phương án A",
            "Mức độ",
            "Điểm",
            "Thẻ",
            "Chuyên mục",
            "Nguồn",
            "Điều khoản",
            "Mã",
            "Chủ đề",
            "Giải thích",
        ],
        [
            "b",
            1.0,
            "hai",
            "Một cộng một?",
            "một",
            "TH",
            "0,5",
            "toán; lớp 1",
            "Toán > Số",
            "SGK",
            "trang 3",
            "T1",
            "Số học",
            "Vì vậy.",
        ],
    )
    (draft,) = reading.drafts
    assert reading.problems == []
    assert draft == Draft(
        "single_choice", "Một cộng một?", {"options": [{"text": "một"}, {"text": "hai", "right": True}]}, explanation="Vì vậy.",
        default_mark=Decimal("0.5"), code="T1", category="Toán / Số", tags=["toán", "lớp 1"], topic="Số học", level="thong_hieu", source="SGK",
        clause="trang 3", line=5,
    )  # fmt: skip


def test_it_reads_a_heading_in_two_lines():
    reading = read(
        ["TT", "Nội dung câu hỏi", "Phương án trả lời", None, None, "Đáp án", "Ghi chú"],
        [None, None, "A", "B", "C", None, None],
        [1, "Một cộng một?", "1", "2", "3", "B", "dễ"],
    )
    assert [right(draft) for draft in reading.drafts] == ["B"]
    assert [problem.said() for problem in reading.problems] == ["Cột G (ghi chu) không rõ là gì nên không được đọc."]


def test_it_passes_over_headings_between_questions_and_those_printed_again():
    reading = read(
        HEAD,
        ["Phần I. Số học"],
        ["1 + 1?", "1", "2", None, None, "B"],
        HEAD,
        ["CHƯƠNG HAI"],
        [None, " "],
        ["2 + 2?", "4", "5", None, None, "A"],
    )
    assert [right(draft) for draft in reading.drafts] == ["B", "A"]
    assert [(problem.line, problem.severity) for problem in reading.problems] == [(2, "info"), (5, "info")]


def test_it_reads_every_sheet_that_has_a_heading():
    data = workbook(
        ("Ghi chép", [["mua", "bán"], [1, 2]]),
        ("Bài 1", [HEAD, ["1?", "a", "b", None, None, "A"]]),
        ("Bài 2", [HEAD, ["2?", "a", "b", None, None, "C"]]),
    )
    reading = EXCEL.read(data)
    assert [draft.text for draft in reading.drafts] == ["1?", "2?"]
    assert ["Ghi chép" in problem.said() or "Bài 2: " in problem.said() for problem in reading.problems] == [True, True]
    assert [(problem.severity, problem.question) for problem in reading.problems] == [("info", None), ("error", 1)]


def test_it_reads_options_from_one_cell_and_from_below_the_question():
    draft, _ = one("Thủ đô?", "A. Huế\nB. Hà Nội\nC. Vinh", "B", head=["Câu hỏi", "Các phương án", "Đáp án"])
    assert ([option["text"] for option in draft.body["options"]], right(draft)) == (["Huế", "Hà Nội", "Vinh"], "B")
    draft, _ = one("Câu 12: Thủ đô?\nA. Huế\nB. Hà Nội", "B", head=["Câu hỏi", "Đáp án"])
    assert (draft.text, right(draft)) == ("Thủ đô?", "B")


def test_it_takes_off_letters_typed_before_options_where_they_fit():
    draft, _ = one("Ai?", "A. Lan", "B) Hoa", "C. ", "A. Mai", "B")
    assert [option["text"] for option in draft.body["options"]] == ["Lan", "Hoa", "C.", "A. Mai"]


# Keys -------------------------------------------------------------------------------------------------------------------------------------

WORDS = {0: "một", 1: "hai", 2: "ba", 3: "cả ba"}


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("B", "B"),
        ("b.", "B"),
        ("Đáp án B", "B"),
        ("đáp án đúng: C", "C"),
        ("A, C", "AC"),
        ("A;C", "AC"),
        ("AC", "AC"),
        ("ac", "AC"),
        ("A và C", "AC"),
        ("A & C", "AC"),
        ("C A", "AC"),
        ("A\nB", "AB"),
        ("2", "B"),
        ("1,3", "AC"),
        ("hai", "B"),
        ("Hai.", "B"),
        ("cả ba", "D"),
        ("một; ba", "AC"),
        ("\u0412", "B"),
        ("Ｂ", "B"),
    ],
)
def test_it_reads_keys_as_people_write_them(words, letters):
    key = key_of(words, WORDS)
    assert ("".join("ABCD"[place] for place in key.places), key.doubts) == (letters, [])


@pytest.mark.parametrize(
    ("words", "letters", "said"),
    [
        ("E", "", "vượt quá phương án cuối cùng (D)"),
        ("A, F", "A", "vượt quá"),
        ("7", "", "vượt quá"),
        ("bốn", "", "không phải chữ cái"),
        ("no", "", "không phải chữ cái"),
        ("A, A", "A", "ghi lặp"),
        ("?", "", "không phải chữ cái"),
    ],
)
def test_it_tells_of_keys_that_name_nothing(words, letters, said):
    key = key_of(words, WORDS)
    assert "".join("ABCD"[place] for place in key.places) == letters
    assert any(said in message % {**values, "sheet": ""} for _, message, values in key.doubts)


def test_it_prefers_the_words_of_an_option_to_its_number_and_says_so():
    key = key_of("2", {0: "4", 1: "1", 2: "2"})
    assert (key.places, len(key.doubts)) == ([2], 1)
    assert key_of("2", {0: "1", 1: "2", 2: "3"}).doubts == []
    key = key_of("1.3", WORDS, is_from_number=True)
    assert (key.places, "số thập phân" in key.doubts[0][1]) == ([0, 2], True)


def test_it_tells_of_the_gap_that_a_key_names():
    draft, problems = one("Ai?", "a", "b", None, "d", "C")
    assert right(draft) == ""
    assert any("phương án để trống" in problem.said() and problem.severity == "error" for problem in problems)
    draft, problems = one("Ai?", "a", "b", None, "d", "D")
    assert [option["text"] for option in draft.body["options"] if option.get("right")] == ["d"]
    assert "dồn lên" in problems[0].said()


@pytest.mark.parametrize(
    ("cells", "said", "severity"),
    [
        (("Ai?", "a", "b", "c", "d", None), "chưa có đáp án đúng", "error"),
        (("Ai?", "a", "b", "c", None, "D"), "vượt quá", "error"),
        (("Ai?", "a", None, None, None, "A"), "chỉ có một phương án", "error"),
        (("Ai?", "Huế", "b", "HUẾ", None, "A"), "A và C giống nhau", "error"),
        ((None, "a", "b", "c", "d", "A"), "ô câu hỏi để trống", "error"),
        (("Ai?", "a", datetime.date(2026, 2, 1), None, None, "A"), "ngày hoặc giờ (01/02/2026)", "warning"),
        (("Ai?", None, None, None, None, None), "thành câu tự luận", "warning"),
        (("Ðảng?", "a", "b", None, None, "A"), "đã đổi lại", "info"),
    ],
)
def test_it_tells_every_doubt_at_its_row(cells, said, severity):
    reading = read(["Danh sách"], HEAD, ["1?", "x", "y", None, None, "A"], cells)
    assert [(problem.line, problem.severity) for problem in reading.problems if said in problem.said()] == [(4, severity)]


def test_it_tells_of_doubled_questions_and_of_cells_without_value():
    reading = read(
        HEAD,
        ["Ai đó?", "a", "b", None, None, "A"],
        ["AI ĐÓ?", "b", "a", None, None, "B"],
        ["Ai đó?", "a", "x", None, None, "B"],
        faults={(4, 5): "#N/A"},
    )
    assert [(problem.line, problem.said()) for problem in reading.problems] == [
        (3, "Câu này giống hệt câu ở dòng 2."),
        (4, "Ô F4 có lỗi (#N/A) nên coi như trống."),
        (4, "Câu chưa có đáp án đúng."),
    ]


# Types ------------------------------------------------------------------------------------------------------------------------------------


def test_it_guesses_the_type_by_options_and_key():
    assert one("?", "a", "b", None, None, "A")[0].type == "single_choice"
    assert one("?", "a", "b", None, None, "AB")[0].type == "multiple_choice"
    assert one("?", "Đúng", "Sai", None, None, "B")[0].body == {"answer": False}
    assert one("?", "SAI", "ĐÚNG", None, None, "Đúng")[0].body == {"answer": True}
    assert one("?", None, None, None, None, "Đúng")[0].body == {"answer": True}
    assert one("?", None, None, None, None, False)[0].body == {"answer": False}
    assert one("?", None, None, None, None, "Ba Đình|quảng trường Ba Đình")[0].body == {
        "answers": [{"text": "Ba Đình"}, {"text": "quảng trường Ba Đình"}]
    }


TYPED = [*HEAD, "Loại", "Sai số"]


@pytest.mark.parametrize(
    ("kind", "options", "key", "type_", "body"),
    [
        ("Số", [None] * 4, "3,14 ± 0,01", "numeric", {"answers": [{"value": "3.14", "tolerance": "0.01"}]}),
        ("numeric", [None] * 4, 42.5, "numeric", {"answers": [{"value": "42.5"}]}),
        ("Tự luận", [None] * 4, None, "essay", {}),
        ("Đoạn dẫn", [None] * 4, None, "description", {}),
        ("Đúng/Sai", [None] * 4, "S", "true_false", {"answer": False}),
        ("Điền khuyết", [None] * 4, "ếch*", "short_answer", {"answers": [{"text": "ếch*"}]}),
        (
            "Nhiều đáp án",
            ["a", "b", "c", None],
            "A, B",
            "multiple_choice",
            {"options": [{"text": "a", "right": True}, {"text": "b", "right": True}, {"text": "c"}]},
        ),
        (
            "multiple choice",
            ["a", "b", None, None],
            "A",
            "single_choice",
            {"options": [{"text": "a", "right": True}, {"text": "b"}]},
        ),
    ],
)
def test_it_follows_the_type_where_it_is_given(kind, options, key, type_, body):
    draft, problems = one("Câu?", *options, key, kind, None, head=TYPED)
    assert (draft.type, draft.body) == (type_, body)
    assert problems == []


def test_it_tells_where_type_and_key_disagree():
    draft, problems = one("?", "a", "b", None, None, "AB", "Một đáp án", None, head=TYPED)
    assert (draft.type, "2 đáp án đúng" in problems[0].said()) == ("multiple_choice", True)
    draft, problems = one("?", "a", "b", None, None, "A", "thơ ca", None, head=TYPED)
    assert (draft.type, "thơ ca" in problems[0].said()) == ("single_choice", True)
    draft, problems = one("?", None, None, None, None, "ba", "Số", "0,1", head=TYPED)
    assert (draft.body, problems[0].severity) == ({"answers": []}, "error")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("3,14", {"value": "3.14"}),
        ("1 000", {"value": "1000"}),
        ("100 ± 2%", {"value": "100", "tolerance": "0.02", "tolerance_kind": "relative"}),
        ("5:0.5", {"value": "5", "tolerance": "0.5"}),
        ("3,1..3,2", {"value": "3.15", "tolerance": "0.05"}),
        ("*", {"value": "*"}),
        ("ba", None),
        ("1,2,3", None),
        ("", None),
    ],
)
def test_it_reads_numbers_with_their_tolerance(words, answer):
    assert number_of(words) == answer


def test_it_knows_levels_and_types_in_many_spellings():
    assert {level_of(words) for words in ("Nhận biết", "NB", "nhan_biet", "Dễ", "easy", "1")} == {"nhan_biet"}
    assert {level_of(words) for words in ("THÔNG HIỂU", "th", "Trung bình", "medium")} == {"thong_hieu"}
    assert {level_of(words) for words in ("Vận dụng cao", "VDC", "khó", "hard")} == {"van_dung"}
    assert level_of("tuỳ") is None
    assert {type_of(words) for words in ("single_choice", "Một đáp án đúng", "Single choice")} == {"single_choice"}
    draft, problems = one("?", "a", "b", None, None, "A", "siêu khó", head=[*HEAD, "Mức độ"])
    assert (draft.level, "siêu khó" in problems[0].said()) == ("", True)


# Files ------------------------------------------------------------------------------------------------------------------------------------

TEXT = (
    "Câu hỏi;A;B;Đáp án;Giải thích\nThủ đô của nước Việt Nam là thành phố nào?;Huế;Hà Nội;B;Nghị quyết của Quốc hội khoá đầu tiên\n"
)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", ",").encode(),
        ("sep=|\n" + TEXT.replace(";", "|")).encode(),
        to_tcvn3(TEXT).encode("latin-1"),
        to_vni(TEXT).encode("latin-1"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_it_reads_text_files_in_every_encoding_and_with_every_separator(data):
    (draft,) = CSV.read(data).drafts
    assert draft.text == "Thủ đô của nước Việt Nam là thành phố nào?"
    assert right(draft) == "B"


def test_it_reads_a_cell_of_many_lines():
    words = "\n".join(f"dòng {number}" for number in range(30))
    draft = Draft("essay", {"text": words, "format": "plain"}, {})
    assert without_lines(CSV.read(CSV.write([draft])).drafts) == [draft]


def test_it_reads_old_workbooks_and_dates_that_were_fractions():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Câu hỏi")
    for line, row in enumerate([HEAD, ["Ai?", "Lan", "Hoa", "", "", "A"]]):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
    target = io.BytesIO()
    book.save(target)
    assert right(EXCEL.read(target.getvalue()).drafts[0]) == "A"
    reading = EXCEL.read(workbook(("x", [HEAD, ["Điều nào?", "Điều 1", datetime.date(2026, 2, 1), None, None, "B"]])))
    assert reading.drafts[0].body["options"][1]["text"] == "01/02/2026"
    assert "C2" in reading.problems[0].said()


def test_it_offers_a_template_that_reads_back_without_a_doubt():
    reading = EXCEL.read(template())
    assert [draft.type for draft in reading.drafts] == ["single_choice", "multiple_choice"]
    assert reading.problems == []
    with zipfile.ZipFile(io.BytesIO(template())) as archive:
        assert b"dataValidation" in archive.read("xl/worksheets/sheet1.xml")


@BOTH
def test_it_is_recognised(form):
    data = form.write([Draft("true_false", "2 = 2", {"answer": True})])
    assert form.looks_like(f"a{form.suffixes[0]}", data) == 90
    other = CSV if form is EXCEL else EXCEL
    assert other.looks_like("a", data) == 0
    for foreign in (b"", b"{}", b"<quiz/>", b"PK\x03\x04", b"::a:: b {T}\n", b"What?\nA. x\nB. y\nANSWER: A\n"):
        assert form.looks_like("a.txt", foreign) == 0


BAD = {
    "nothing": (CSV, b"", "empty_file"),
    "no heading": (CSV, "mua;bán\n1;2\n".encode(), "no_heading"),
    "a picture": (CSV, b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_spreadsheet"),
    "a page": (CSV, b"<html><table><tr><td>a</td></tr></table></html>", "not_a_spreadsheet"),
    "an empty workbook": (EXCEL, b"", "empty_file"),
    "a text named xlsx": (EXCEL, TEXT.encode(), "not_a_spreadsheet"),
    "half a workbook": (EXCEL, template()[:3000], "broken_archive"),
    "another archive": (EXCEL, None, "not_a_spreadsheet"),
    "a path that climbs": (EXCEL, None, "suspicious_archive"),
    "a bomb": (EXCEL, None, "archive_bomb"),
    "a workbook without heading": (EXCEL, workbook(("x", [["a", "b"], [1, 2]])), "no_heading"),
}


def made(name):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml" if name != "another archive" else "word/document.xml", "<x/>")
        if name == "a path that climbs":
            archive.writestr("../../x", "")
        elif name == "a bomb":
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return target.getvalue()


@pytest.mark.parametrize("name", BAD)
def test_it_refuses_a_broken_or_hostile_file_at_once_and_with_a_reason(name):
    form, data, code = BAD[name]
    start = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        form.read(made(name) if data is None else data)
    assert (refused.value.code, bool(str(refused.value))) == (code, True)
    assert time.process_time() - start < 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("Câu hỏi,A,B,Đáp án\n" + text).encode("utf-8", "replace")))
def test_it_refuses_or_reads_whatever_bytes_come_and_never_fails_otherwise(data):
    for form in (CSV, EXCEL):
        form.looks_like("a.csv", data)
        try:
            form.read(data)
        except InvalidInput as refused:
            assert str(refused)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.dictionaries(st.integers(0, 6), st.text(min_size=1, max_size=4), max_size=5))
def test_it_names_only_options_that_are_there(words, options):
    key = key_of(words, options)
    assert set(key.places) <= set(options)
    assert key.places == sorted(set(key.places))
    assert key.places or key.doubts
