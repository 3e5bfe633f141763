"""A small sound content folder to spoil."""

from __future__ import annotations

from pathlib import Path

import pytest

DOCUMENTS = """- key: chi-thi-mot
  number: 01-CT/TW
  kind: Chỉ thị
  title: Về việc thử
  issuer: Bộ Chính trị
  issued_on: 2016-05-15
  url: https://vi-du.example/
  superseded_by: chi-thi-hai
  checked_on: 2026-01-01
- key: chi-thi-hai
  number: 02-CT/TW
  kind: Chỉ thị
  title: Về việc thử tiếp
"""
QUESTION = """  - code: q{n}
    type: single_choice
    topic: Thử
    level: nhan_biet
    text: Câu thử số {n}?
    options:
      - {{text: "Một {n}", right: true}}
      - {{text: "Hai"}}
      - {{text: "Ba"}}
    explanation: Vì thế.
    source: {{document: chi-thi-mot, clause: "Điều 1"}}
"""
BANK = """code: thu
title: Ngân hàng thử
title_en: Trial bank
as_of: 2026-01-01
questions:
""" + "".join(QUESTION.format(n=n) for n in range(1, 7))
COURSE = """code: khoa-thu
title: Khoá thử
title_en: Trial course
summary: Một khoá để thử.
summary_en: A course to try.
as_of: 2026-01-01
lessons: [01-mot, 02-hai]
quiz:
  title: Kiểm tra cuối khoá
  bank: thu
  draw:
    - {count: 4, level: nhan_biet}
  minutes: 10
  attempts: 3
  pass_percent: 50
"""
LESSON = """---
title: Bài thử
title_en: Trial lesson
summary: Học để thử.
summary_en: To try.
minutes: 5
as_of: 2026-01-01
sources: [chi-thi-mot, chi-thi-hai]
---
## Mục một

Câu đầu có nguồn.[^1] {words}

## Mục hai

Câu sau cũng thế.[^2] {words}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    for path, text in {
        "documents/thu.yaml": DOCUMENTS,
        "banks/thu.yaml": BANK,
        "courses/khoa-thu/course.yaml": COURSE,
        "courses/khoa-thu/01-mot.md": LESSON.format(words="chữ " * 220),
        "courses/khoa-thu/02-hai.md": LESSON.format(words="từ " * 220),
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def spoil(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")
