"""Contests as files: every fault at its line, and loading them once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from elearn.content.services import check_content, sync_content
from elearn.contests.models import Contest
from elearn.core.db import db

CONTEST = """code: thi-thu
title: Cuộc thi thử
organiser: Ban Tuyên giáo
settings:
  minimum_age: 14
  criteria: [most_correct, shorter_time]
  prizes:
    - {title: Nhất, count: 1, amount: 2000000}
  units: {weights: {rate: 50, mean: 50}}
round:
  minutes: 10
  draw: [{bank: thu, count: 4}]
  settings:
    attempt_limit: 3
    hours: [{days: [0, 1], begin: "07:30", end: "17:30"}]
weekly: {count: 2, title: "Tuần {n}", first_day: 2026-11-02, opens: "10:00", days: 7, closes: "09:00"}
rounds:
  - title: Tổng
    kind: total
    opens: "2026-11-30 08:00"
    closes: "2026-11-30 09:00"
"""
NOW = datetime(2026, 10, 1, tzinfo=UTC)


def write(root: Path, text: str = CONTEST) -> None:
    (root / "contests").mkdir(exist_ok=True)
    (root / "contests" / "thi-thu.yaml").write_text(text, encoding="utf-8")


def faults(root: Path) -> list[tuple[int, str]]:
    found = check_content(root, date(2026, 12, 31))
    return [
        (one.line, one.message % dict(one.values) if one.values else one.message)
        for one in found
        if one.file.startswith("contests/")
    ]


def test_it_finds_nothing_wrong_with_a_sound_contest(root: Path) -> None:
    write(root)
    assert faults(root) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("minimum_age: 14", "minimum_age: mười bốn", 5, "số nguyên từ 1 đến 120"),
        ("minimum_age: 14", "age: 14", 5, "Không có trường “age”"),
        ("[most_correct, shorter_time]", "[most_correct, luck]", 6, "danh sách gồm các từ"),
        ("[most_correct, shorter_time]", "[drawn_lots, most_correct]", 6, "Bốc thăm phải là tiêu chí cuối"),
        ("count: 1, amount", "count: 0, amount", 8, "“count” phải là số nguyên"),
        ("rate: 50", "luck: 50", 9, "Không có trường “luck”"),
        ("bank: thu", "bank: khac", 12, "Không có ngân hàng câu hỏi “khac”"),
        ("attempt_limit: 3", "attempt_limit: 0", 14, "số nguyên từ 1"),
        ('begin: "07:30"', 'begin: "17:45"', 15, "giờ mở trước giờ đóng"),
        ('opens: "10:00", days', "opens: 10:00, days", 16, "giờ trong ngoặc kép"),
        ("days: 7", "days: 9", 16, "dài hơn một tuần"),
        ('opens: "2026-11-30 08:00"', "opens: 2026-11-30", 20, "ngày giờ trong ngoặc kép"),
        ('closes: "2026-11-30 09:00"', 'closes: "2026-11-30 07:00"', 21, "Giờ đóng phải sau giờ mở"),
        ("kind: total", "kind: quiz\n    draw: []", 20, "Danh sách “draw” còn trống"),
        ("code: thi-thu", "code: khac", 1, "khác tên tệp"),
        ("title: Cuộc thi thử", "title: 2026", 2, "phải là chữ"),
    ],
)
def test_it_says_what_is_wrong_and_where(root: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in CONTEST
    write(root, CONTEST.replace(old, new))
    told = faults(root)
    assert len(told) == 1, told
    assert told[0][0] == line
    assert words in told[0][1]


def test_it_loads_a_contest_once_and_leaves_it_to_its_organiser(app, root: Path) -> None:
    write(root)
    assert sync_content(root, 1, NOW).outcomes["contest_created"] == 1
    contest = db.session.scalars(select(Contest)).one()
    assert [one.title for one in contest.rounds] == ["Tuần 1", "Tuần 2", "Tổng"]
    assert (contest.rounds[0].quiz.question_count, contest.rounds[0].quiz.attempt_limit, contest.rounds[2].kind) == (4, 3, "total")
    assert not contest.is_published
    db.session.rollback()
    write(root, CONTEST.replace("Cuộc thi thử", "Tên khác"))
    assert sync_content(root, 1, NOW).outcomes["contest_same"] == 1
    assert db.session.scalars(select(Contest)).one().title == "Cuộc thi thử"
