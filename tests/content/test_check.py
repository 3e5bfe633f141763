"""Checking content: every fault at once, at its line, in words."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest

from elearn.content.services import check_content
from tests.content.conftest import spoil

TODAY = date(2026, 12, 31)
COURSE, BANK, DOCS, LESSON = "courses/khoa-thu/course.yaml", "banks/thu.yaml", "documents/thu.yaml", "courses/khoa-thu/01-mot.md"


def found(root: Path) -> list[tuple[str, int, str]]:
    return [
        (fault.file, fault.line, fault.message % dict(fault.values) if fault.values else fault.message)
        for fault in check_content(root, TODAY)
    ]


def test_it_finds_nothing_wrong_with_sound_content(root):
    assert found(root) == []


def test_it_finds_nothing_wrong_with_the_content_that_ships():
    assert found(Path(__file__).parents[2] / "content") == []


def test_it_reports_ten_mistakes_at_once_each_at_its_line(root):
    spoil(root, DOCS, "superseded_by: chi-thi-hai", "superseded_by: chi-thi-ba")  # 1: unknown successor, line 8
    spoil(root, DOCS, "issued_on: 2016-05-15", "issued_on: hôm qua")  # 2: no date, line 6
    spoil(root, BANK, "type: single_choice", "type: nhieu_chon")  # 3: unknown type, line 7
    spoil(root, BANK, "  - code: q3", "  - code: q2")  # 4: code twice, line 28
    spoil(root, BANK, '- {text: "Một 4", right: true}', '- {text: "Một 4"}')  # 5: no right option, line 44
    spoil(root, COURSE, "count: 4", "count: 40")  # 6: more than the bank holds, line 12
    spoil(root, COURSE, "02-hai]", "03-ba]")  # 7 and 8: no such file; file not listed, line 7
    spoil(root, COURSE, "as_of: 2026-01-01", "as_of: 2027-01-01")  # 9: future, line 6
    spoil(root, LESSON, "[^2]", "[^5]")  # 10: no such source, line 16
    faults = found(root)
    places = {(file, line) for file, line, _ in faults}
    assert {(DOCS, 8), (DOCS, 6), (BANK, 7), (BANK, 28), (BANK, 44), (COURSE, 12), (COURSE, 7), (COURSE, 6), (LESSON, 16)} <= places
    assert len(faults) >= 10
    assert sum(file == COURSE and line == 7 for file, line, _ in faults) == 2


@pytest.mark.parametrize(
    ("path", "old", "new", "line", "word"),
    [
        (LESSON, "title: Bài thử\n", "", 2, "title"),
        (LESSON, "## Mục một", "# Mục một", 10, "tiêu đề"),
        (LESSON, "Câu đầu", "<b>Câu</b> đầu", 12, "HTML"),
        (LESSON, "Câu đầu", "C\u0061\u0302u đầu", 12, "NFC"),
        (LESSON, "## Mục một", "Lời mở.\n\n# Mục một", 12, "tiêu đề"),
        (LESSON, "Câu đầu", "[Câu](https://noi-khac.example/) đầu", 12, "đường dẫn"),
        (LESSON, "Câu đầu", "![](https://noi-khac.example/) Câu đầu", 12, "hình"),
        (LESSON, "[^2]", "[^hai]", 16, "phải là số"),
        (LESSON, "## Mục hai", "## Mục rỗng\n\n## Mục hai", 14, "chưa có nội dung"),
        (LESSON, "title: Bài thử\n", "title: Bài thử\ntitle: Bài khác\n", 3, "hai lần"),
        (LESSON, "as_of: 2026-01-01", "as_of: 2026-02-30", 7, "ngày có thật"),
        (LESSON, "as_of: 2026-01-01", "as_of: 2026-01-01 10:00:00", 7, "ngày có thật"),
        (LESSON, "title: Bài thử", "title: " + "dài " * 60, 2, "200"),
        (LESSON, "title: Bài thử", "title: 2026", 2, "ngoặc kép"),
        (LESSON, "sources: [chi-thi-mot, chi-thi-hai]", "sources: [chi-thi-mot, {a: b}]", 8, "các mã"),
        (LESSON, "sources: [chi-thi-mot, chi-thi-hai]", "sources: &x [*x]", 8, "anchors"),
        (LESSON, "sources: [chi-thi-mot, chi-thi-hai]", "sources: [chi-thi-mot, khong-co]", 8, "khong-co"),
        (LESSON, "minutes: 5", "minutes: năm", 6, "số nguyên"),
        (LESSON, "minutes: 5", "minutes: 5\nmau: đỏ", 7, "mau"),
        (LESSON, "chữ " * 220, "", None, "400"),
        (LESSON, "---\n", "", 1, "---"),
        (BANK, "level: nhan_biet", "level: kho", 9, "level"),
        (BANK, "explanation: Vì thế.", "explanation: ''", None, "explanation"),
        (BANK, "document: chi-thi-mot", "document: khong-co", 16, "khong-co"),
        (BANK, '{text: "Hai"}', '{text: "Ba"}', 11, "giống nhau"),
        (BANK, "Vì thế.", "Vì \u00d0ảng.", 15, "Eth"),
        (BANK, "questions:", "questions: [", None, "YAML"),
        (BANK, "right: true", "right: có", 12, "true hoặc false"),
        (BANK, "Vì thế.", "Vì <b>thế</b>.", 15, "HTML"),
        (BANK, "explanation: Vì thế.", "explanation: Vì thế.\n    answer: true", 16, "answer"),
        (BANK, "code: thu", "code: khac", 1, "khac"),
        (BANK, "questions:", "questions: []\nthua:", 5, "còn trống"),
        (DOCS, "issued_on: 2016-05-15", "issued_on: 2016-05-15\n  valid_to: 2015-01-01", 7, "trước ngày ban hành"),
        (DOCS, "https://vi-du.example/", "vi-du.example", 7, "http"),
        (DOCS, "- key: chi-thi-hai", "- key: chi-thi-mot", 10, "đã dùng"),
        (COURSE, "bank: thu", "bank: khong-co", 10, "khong-co"),
        (
            COURSE,
            "- {count: 4, level: nhan_biet}",
            "- {count: 4, level: nhan_biet}\n    - {count: 4, level: nhan_biet}",
            13,
            "Rút 8",
        ),
        (COURSE, "- {count: 4, level: nhan_biet}", "- {count: 4, level: nhan_biet}\n    - {count: 3}", 13, "Rút 7"),
        (COURSE, "lessons: [01-mot, 02-hai]", "lessons: []", 7, "còn trống"),
        (COURSE, "minutes: 10", "minutes: 99999999999999999999", 13, "600"),
        (COURSE, "pass_percent: 50", "pass_percent: 500", 15, "100"),
        (COURSE, "code: khoa-thu", "code: Khoá thử", 1, "Mã"),
    ],
)
def test_it_says_what_is_wrong_and_where(root, path, old, new, line, word):
    spoil(root, path, old, new)
    faults = [fault for fault in found(root) if fault[0] == path]
    assert any(word in message and (line is None or line == at) for _, at, message in faults), faults


def test_it_reports_a_circle_of_successors(root):
    spoil(root, DOCS, "title: Về việc thử tiếp", "title: Về việc thử tiếp\n  superseded_by: chi-thi-mot")
    assert sum("vòng tròn" in message for _, _, message in found(root)) == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"code: [", b"- 1\n- 2", b"chu"])
def test_it_survives_any_file(root, content):
    for path in (COURSE, BANK, DOCS, LESSON):
        kept = (root / path).read_bytes()
        (root / path).write_bytes(content)
        assert found(root)
        (root / path).write_bytes(kept)


def test_it_names_the_line_of_the_first_byte_that_is_no_utf_8(root):
    (root / BANK).write_bytes((root / BANK).read_bytes().replace("Một 1".encode(), b"M\xf4t 1"))
    assert (BANK, 12, "Tệp không phải UTF-8.") in found(root)


def test_it_does_not_blame_others_for_a_file_that_cannot_be_read(root):
    spoil(root, DOCS, "- key: chi-thi-hai", "- key: [")
    spoil(root, BANK, "questions:", "questions: [")
    (root / LESSON).write_bytes(b"\xff")
    assert {file for file, _, _ in found(root)} == {DOCS, BANK, LESSON}


def test_it_reports_files_that_nobody_would_read(root):
    (root / "banks/thu-hai.yml").write_text("code: x", encoding="utf-8")
    (root / "courses/khac").mkdir()
    (root / "courses/khac/01-mot.md").write_text((root / LESSON).read_text(encoding="utf-8"), encoding="utf-8")
    (root / "banks/.an").write_text("x", encoding="utf-8")
    assert [(file, line) for file, line, _ in found(root)] == [("banks/thu-hai.yml", 1), ("courses/khac/01-mot.md", 1)]


PIECES = [
    "2026-13-45",
    "[]",
    "{a: {b: c}}",
    "null",
    "&x [*x]",
    "'",
    "1e400",
    "- x",
    "? [a]: b",
    "!!int x",
    "!foo b",
    "~",
    "",
    "---",
    "\0",
    "[^99]",
    "## ",
]


@pytest.mark.parametrize("seed", range(120))
def test_it_never_fails_whatever_stands_in_a_line(root, seed):
    chance = random.Random(seed)
    path = root / chance.choice([COURSE, BANK, DOCS, LESSON])
    lines = path.read_text(encoding="utf-8").split("\n")
    place = chance.randrange(len(lines))
    piece = chance.choice(PIECES)
    lines[place] = chance.choice([piece, lines[place] + piece, lines[place].partition(":")[0] + ": " + piece])
    path.write_text("\n".join(lines), encoding="utf-8")
    found(root)


def test_it_says_when_there_is_no_folder(tmp_path):
    assert found(tmp_path / "khong-co")


def test_it_answers_on_the_command_line(app, root):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["content", "check", str(root)]).exit_code == 0
    spoil(root, BANK, "level: nhan_biet", "level: kho")
    plain = runner.invoke(args=["content", "check", str(root)])
    assert plain.exit_code == 1
    assert "banks/thu.yaml:9:" in plain.output
    as_json = runner.invoke(args=["content", "check", str(root), "--json"])
    assert json.loads(as_json.output)["faults"][0]["line"] == 9
