"""Questions typed as text: every usual layout is read without a doubt, every fault is named at its question, and writing is read back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.lib.legacy_encodings import to_tcvn3, to_vni
from elearn.questions.formats.text import FORMAT
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.typed import as_text, read_text
from tests.questions.formats.documents import LABELS, OPTIONS, TEXT_KEYS, Layout, text_of
from tests.questions.formats.questions import as_questions, doubts, drafts, sound_questions, without_line

GOOD = "Câu {}: Đại hội {} của Đảng họp ở đâu?\nA. Hương Cảng\nB. Ma Cao\nC. Hà Nội\nD. Tuyên Quang\nĐáp án: B\n"


@settings(max_examples=150, deadline=None)
@given(
    sound_questions(),
    st.builds(
        Layout,
        st.sampled_from(LABELS),
        st.sampled_from(OPTIONS),
        st.sampled_from(("lines", "tabs", "spaces", "pairs")),
        st.sampled_from(TEXT_KEYS),
        st.booleans(),
    ),
)
def test_it_reads_every_layout_without_a_doubt(questions, layout):
    reading = FORMAT.read(text_of(questions, layout).encode())
    assert as_questions(reading) == questions
    assert not doubts(reading)


@settings(max_examples=120, deadline=None)
@given(drafts())
@example(Draft("essay", "Đảng", {}, topic="Đảng \n BẢNG ĐÁP ÁN"))
def test_it_reads_back_what_it_wrote(draft):
    written = as_text(draft)
    again = read_text(written).drafts
    assert [without_line(found) for found in again] == [without_line(draft)], written


@settings(max_examples=40, deadline=None)
@given(st.lists(drafts(), min_size=1, max_size=4))
def test_it_reads_back_a_whole_file(some):
    again = FORMAT.read(FORMAT.write(some)).drafts
    assert [without_line(found) for found in again] == [without_line(draft) for draft in some]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="CâuĐáp án12AB.:)*\n\t |⟦⟧\\", max_size=80))
def test_it_never_fails_on_any_text(text):
    try:
        reading = read_text(text)
    except InvalidInput as refused:
        assert refused.values["line"] == 1
        return
    for problem in reading.problems:
        assert problem.said()
        assert problem.question is None or 0 <= problem.question < len(reading.drafts)


def test_it_writes_other_types_so_that_nothing_is_lost_in_repair():
    draft = Draft(
        "matching", "Ghép cho đúng", {"pairs": [{"left": "Một", "right": "1"}, {"left": "Hai", "right": "2"}]}, explanation="Vì thế"
    )
    assert without_line(read_text(as_text(draft)).drafts[0]) == without_line(draft)
    with pytest.raises(InvalidInput) as refused:
        FORMAT.write([draft])
    assert refused.value.code == "type_not_written"


def test_it_writes_plainly_what_can_be_written_plainly():
    draft = read_text(GOOD.format(1, "I")).drafts[0]
    assert as_text(draft) == GOOD.format(1, "I").strip()
    assert "⟦" in as_text(Draft("essay", "Nêu ý nghĩa\nA. Một", {}))


FAULTS = {
    "stem_takes_option": (GOOD.replace("?\nA.", "? A."), "error", "Phương án nằm chung dòng với câu dẫn"),
    "stem_takes_option_b": (GOOD.replace("\nB. Ma Cao", "").replace("đâu?", "đâu? B. Ma Cao"), "error", "Phương án B nằm lẫn trong câu dẫn"),
    "option_takes_option": (GOOD.replace("\nC.", "; C)"), "error", "Phương án C nằm lẫn trong phương án trước"),
    "begins_at_b": (GOOD.replace("A. Hương Cảng\n", ""), "error", "bắt đầu từ B"),
    "gap": (GOOD.replace("C. Hà Nội\n", ""), "error", "Thiếu phương án C"),
    "past_last": (GOOD.replace("Đáp án: B", "Đáp án: E"), "error", "Đáp án E không có"),
    "one_option": (GOOD.replace("A. Hương Cảng\nB. Ma Cao\nC. Hà Nội\nD. ", "A. ").replace("Đáp án: B", "Đáp án: A"), "error", "chỉ có một phương án"),
    "no_key": (GOOD.replace("Đáp án: B\n", ""), "error", "không có đáp án"),
    "unknown_key": (GOOD.replace("Đáp án: B", "Đáp án: chưa rõ"), "error", "Không hiểu đáp án"),
    "two_lines_disagree": (GOOD + "Đáp án: C\n", "error", "dòng đáp án ghi C"),
    "star_disagrees": (GOOD.replace("A. Hương", "*A. Hương"), "error", "dấu hoa thị ở phương án A"),
    "explanation_disagrees": (GOOD + "Giải thích: Vì vậy chọn C.\n", "error", "lời giải thích chọn C"),
    "key_words_disagree": (GOOD.replace("Đáp án: B", "Đáp án: B. Hà Nội"), "error", "lời văn kèm theo là của phương án C"),
    "doubled_label": (GOOD.replace("C. Hà", "B. Hà"), "error", "cùng mang chữ B"),
    "same_options": (GOOD.replace("Hà Nội", "Hương cảng"), "error", "A và C giống nhau"),
    "empty_option": (GOOD.replace("C. Hà Nội", "C."), "error", "Phương án C để trống"),
    "broken_option": (GOOD.replace("C. Hà Nội", "C. Hà Nội, thủ\nđô cả nước"), "warning", "ngắt thành hai dòng"),
    "loose_line": (GOOD.replace("D. Tuyên Quang", "D. Tuyên Quang\nKhoa học và công nghệ"), "warning", "không có nhãn"),
    "split_option": (GOOD.replace("D. Tuyên Quang", "D. Giáo dục\nE. đào tạo"), "warning", "bị tách đôi"),
    "long_option": (GOOD.replace("Hà Nội", "Rất dài " * 60), "warning", "rất dài"),
    "no_stem": ("Câu {}:\n{}A. Một\nB. Hai\nĐáp án: A\n", "error", "không có câu dẫn"),
    "label_within": (GOOD.replace("Câu {}:", "Câu {}.").replace("Quang\nĐáp", "Quang\nĐáp"), None, ""),
    "eth": (GOOD.replace("Đảng", "Ðảng"), "warning", "“Ð” gõ nhầm"),
    "no_options": ("Câu {}: Trình bày ý nghĩa của đại hội {}.\n", "warning", "tự luận"),
    "letter_without_options": ("Câu {}: Đại hội {} họp ở đâu?\nĐáp án: B\n", "error", "không có phương án nào"),
    "no_alternative_text": (GOOD.replace("đâu?", "đâu? ![](@@PLUGINFILE@@/a.png)"), "warning", "chưa có mô tả bằng lời"),
    "bad_level": (GOOD + "Mức độ: siêu khó\n", "warning", "Không hiểu mức độ"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
@settings(max_examples=4, deadline=None)
@given(st.integers(1, 5))
def test_it_names_each_fault_at_its_question(name, at):
    bad, severity, words = FAULTS[name]
    numerals = ("I", "II", "III", "IV", "V")
    text = "\n".join(
        (bad if number == at else GOOD)
        .replace("{}", str(number), 1)
        .replace("{}", numerals[number - 1] if bad is not FAULTS["no_stem"][0] or number != at else "", 1)
        for number in range(1, 6)
    )
    reading = read_text(text)
    assert len(reading.drafts) == 5
    asked = [problem for problem in reading.problems if problem.severity != "info"]
    if severity is None:
        assert not asked
        return
    assert {problem.question for problem in asked} == {at - 1}
    assert any(words in problem.said() and problem.severity == severity and problem.line > 0 for problem in asked), [
        problem.said() for problem in asked
    ]
    begin = reading.drafts[at - 1].line
    assert all(begin <= problem.line < begin + 9 for problem in asked)
    repaired = read_text(as_text(reading.drafts[at - 1]))
    assert len(repaired.drafts) == 1


def test_it_names_doubled_and_missing_numbers_and_texts():
    reading = read_text(GOOD.format(1, "I") + GOOD.format(2, "II") + GOOD.format(2, "III") + GOOD.format(5, "II"))
    said = [(problem.question, problem.said()) for problem in reading.problems]
    assert (2, "Số thứ tự câu 2 bị lặp lại.") in said
    assert (3, "Thiếu câu 3–4 trước câu này; có thể nhãn của nó bị mất.") in said
    assert (3, "Câu này có câu dẫn giống câu thứ 2 trong tệp (dòng 7).") in said


def test_it_finds_a_question_whose_label_is_missing():
    text = GOOD.format(1, "I") + GOOD.format(2, "II").replace("Câu 2: ", "") + GOOD.format(3, "III")
    reading = read_text(text)
    assert [draft.text for draft in reading.drafts] == [f"Đại hội {number} của Đảng họp ở đâu?" for number in ("I", "II", "III")]
    assert any(
        problem.question == 1 and problem.severity == "error" and "không có nhãn" in problem.said() for problem in reading.problems
    )


def test_it_compares_the_list_of_answers_with_the_questions():
    questions = "".join(
        GOOD.format(number, numeral).replace("Đáp án: B\n", "") for number, numeral in ((1, "I"), (2, "II"), (3, "III"))
    )
    reading = read_text(questions + "BẢNG ĐÁP ÁN\n1.B 2-C\n4. A\n")
    assert [[at for at, option in enumerate(draft.body["options"]) if option.get("right")] for draft in reading.drafts] == [
        [1],
        [2],
        [],
    ]
    said = doubts(reading)
    assert any("có câu 4 nhưng trong tệp không có" in words for words in said)
    assert any("không có câu 3" in words for words in said)
    assert any(problem.question == 2 and problem.severity == "error" for problem in reading.problems)
    both = read_text(GOOD.format(1, "I") + "BẢNG ĐÁP ÁN\nCâu 1: D\n")
    assert any("bảng đáp án ghi D" in words for words in doubts(both))


def test_it_gives_answers_to_parts_that_number_anew():
    part = "".join(GOOD.format(number, numeral).replace("Đáp án: B\n", "") for number, numeral in ((1, "I"), (2, "II")))
    other = part.replace("Đại hội", "Hội nghị")
    text = f"Phần I. Đại hội\n{part}Phần II. Hội nghị\n{other}ĐÁP ÁN\nPhần I\n1.A 2.B\nPhần II\n1.C 2.D\n"
    reading = read_text(text)
    assert [next(at for at, option in enumerate(draft.body["options"]) if option.get("right")) for draft in reading.drafts] == [
        0,
        1,
        2,
        3,
    ]
    assert [draft.topic for draft in reading.drafts] == ["Đại hội", "Đại hội", "Hội nghị", "Hội nghị"]
    assert not doubts(reading)


def test_it_reads_solutions_below_the_heading_of_answers():
    questions = "".join(GOOD.format(number, numeral).replace("Đáp án: B\n", "") for number, numeral in ((1, "I"), (2, "II")))
    reading = read_text(
        f"{questions}HƯỚNG DẪN CHẤM\nCâu 1: Chọn B. Giải thích: Đại hội I họp ở Ma Cao.\nCâu 2. D\nVì họp ở Tuyên Quang.\n"
    )
    assert [draft.explanation for draft in reading.drafts] == ["Đại hội I họp ở Ma Cao.", "Vì họp ở Tuyên Quang."]
    assert [next(at for at, option in enumerate(draft.body["options"]) if option.get("right")) for draft in reading.drafts] == [
        1,
        3,
    ]


def test_it_reads_what_else_stands_with_a_question():
    text = (
        "Chủ đề 1: Lịch sử Đảng\nCâu 1 (NB). Đảng ra đời năm nào? (0,5 điểm)\nA. 1929\nB. 1930\nC. 1931\nĐáp án: B\nGiải thích: Ngày 3/2/1930.\nHội nghị ở Hương Cảng.\n"
        "Căn cứ: Lịch sử Đảng, tập 1\n\nChương II. Điều lệ\nCâu 2: [VD] Chi bộ có bao nhiêu đảng viên?\nA. 2\nB. 3\nC. 5\nĐ/A: B\nTrích: Điều 24\nMức độ: Thông hiểu\n"
    )
    first, second = read_text(text).drafts
    assert (first.text, first.level, first.default_mark, first.topic, first.source) == (
        "Đảng ra đời năm nào?",
        "nhan_biet",
        Decimal("0.5"),
        "Lịch sử Đảng",
        "Lịch sử Đảng, tập 1",
    )
    assert first.explanation == "Ngày 3/2/1930.\n\nHội nghị ở Hương Cảng."
    assert (second.topic, second.level, second.source) == ("Điều lệ", "thong_hieu", "Điều 24")


def test_it_reads_questions_without_options():
    text = (
        "Câu 1: Đảng ra đời ngày 3/2/1930.\nĐáp án: Sai\nCâu 2: Ai chủ trì hội nghị?\nĐáp án: Nguyễn Ái Quốc\nCâu 3: Có hai phương án.\nA. Đúng\nB. Sai\nĐáp án: A\n"
        "Câu 4: Nêu ý nghĩa.\nĐáp án:\nÝ thứ nhất là thế này.\nÝ thứ hai là thế kia.\nCâu 5: Viết bài.\n..........\n"
    )
    reading = read_text(text)
    assert [(draft.type, draft.body) for draft in reading.drafts] == [
        ("true_false", {"answer": False}),
        ("short_answer", {"answers": [{"text": "Nguyễn Ái Quốc"}]}),
        ("true_false", {"answer": True}),
        ("essay", {"guide": "Ý thứ nhất là thế này.\n\nÝ thứ hai là thế kia."}),
        ("essay", {}),
    ]
    assert len(doubts(reading)) == 1


def test_it_keeps_options_last_that_speak_of_others():
    text = "Câu 1: Đâu là đúng?\nA. Một\nB. Hai\nC. Cả A và B\nD. Không có đáp án nào đúng\nĐáp án: C\nCâu 2: Đâu là sai?\nA. Ba\nB. Bốn\nC. Tất cả các đáp án trên\nĐáp án: C\n"
    first, second = read_text(text).drafts
    assert [option.get("last") for option in first.body["options"]] == [None, None, True, True]
    assert first.body["shuffle"] is False
    assert second.body["options"][2]["last"] is True
    assert "shuffle" not in second.body


@pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
def test_it_converts_old_fonts_with_a_word_to_each_question(encode):
    lines = "Nguyễn Văn Cừ chủ trì hội nghị nào\nA. Hội nghị thành lập Đảng\nB. Hội nghị trung ương\nC. Đại hội đại biểu toàn quốc"
    first, *options = encode(lines).split("\n")
    text = f"Câu 1: {first}?\n" + "\n".join(options) + "\nĐáp án: A\n" + GOOD.format(2, "II")
    reading = read_text(text)
    assert reading.drafts[0].text == "Nguyễn Văn Cừ chủ trì hội nghị nào?"
    assert [option["text"] for option in reading.drafts[0].body["options"]][:2] == [
        "Hội nghị thành lập Đảng",
        "Hội nghị trung ương",
    ]
    assert {problem.question for problem in reading.problems if "phông" in problem.said()} == {0}


def test_it_composes_letters_and_leaves_out_invisible_ones():
    import unicodedata

    reading = read_text(unicodedata.normalize("NFD", GOOD.format(1, "I")).replace("Ma Cao", "Ma\u00a0Ca\u00ado\u200b"))
    assert [option["text"] for option in reading.drafts[0].body["options"]][1] == "Ma Cao"
    assert not doubts(reading)
    assert any("gõ tách rời" in problem.said() for problem in reading.problems)


def test_it_reads_a_pasted_table():
    reading = read_text(
        "STT\tNội dung câu hỏi\tA\tB\tC\tĐáp án\tNguồn\n1\tĐảng ra đời năm nào?\t1929\t1930\t1931\tB\tLịch sử\n2\tAi chủ trì?\tMột\tHai\tBa\tA, C\t\n"
    )
    assert [draft.type for draft in reading.drafts] == ["single_choice", "multiple_choice"]
    assert reading.drafts[0].source == "Lịch sử"
    assert not doubts(reading)


def test_it_keeps_lists_and_tables_within_a_stem():
    text = "Câu 1: Xem bảng:\n| Năm | Số |\n| --- | --- |\n| 1930 | 9 |\nSố đúng là\nA. 9\nB. 8\nĐáp án: A\nCâu 2: Cho các ý:\na) Một\nb) Hai\nÝ nào đúng?\nA. a\nB. b\nĐáp án: A\n"
    first, second = read_text(text).drafts
    assert first.text == "Xem bảng:\n\n| Năm | Số |\n| --- | --- |\n| 1930 | 9 |\n\nSố đúng là"
    assert second.text == "Cho các ý:\n\na) Một\n\nb) Hai\n\nÝ nào đúng?"
    assert [len(draft.body["options"]) for draft in (first, second)] == [2, 2]


def test_it_leaves_years_and_names_in_stems_alone():
    text = "Câu 1: Theo C. Mác và V.I. Lênin, vitamin A. hay B. có trong gì?\nA. Một\nB. Hai\nĐáp án: B\nCâu 2: Ai nói câu 3 điểm?\nA. Ông D. Hồ\nB. Bà\nĐáp án: A\n"
    reading = read_text(text)
    assert reading.drafts[0].text == "Theo C. Mác và V.I. Lênin, vitamin A. hay B. có trong gì?"
    assert reading.drafts[1].body["options"][0]["text"] == "Ông D. Hồ"
    assert not doubts(reading)


def test_it_refuses_what_is_no_text():
    for data, code in ((b"", "empty_file"), (b"\x00\x01\x02\x00" * 20, "not_text")):
        with pytest.raises(InvalidInput) as refused:
            FORMAT.read(data)
        assert refused.value.code == code
    with pytest.raises(InvalidInput) as refused:
        read_text("Chỉ là một bài văn, không có câu hỏi.")
    assert "Câu 1:" in str(refused.value)


def test_it_knows_its_own_files():
    assert FORMAT.looks_like("a.txt", GOOD.format(1, "I").encode()) == 90
    assert FORMAT.looks_like("a.txt", b"1. What?\nA. x\nB. y\n") == 60
    assert FORMAT.looks_like("a.txt", b"// comment\n::Q1:: 1+1 {=2}") == 10
    assert FORMAT.looks_like("a.docx", b"PK\x03\x04rest") == 0
