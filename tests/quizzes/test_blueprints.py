"""The blueprint editor's rows, the check list before publishing, and settings in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.quizzes.rules.blueprints import (
    LARGEST_MARK,
    MOST_PARTS,
    MOST_QUESTIONS,
    Offer,
    PartFacts,
    QuizFacts,
    RawPart,
    RawSection,
    check_list,
    is_ready,
    raw_part,
    read_mark,
    read_parts,
    read_sections,
    read_tags,
    total_mark,
)
from elearn.quizzes.rules.papers import read_plan
from elearn.quizzes.rules.wording import LATE, late_said, review_said, shows_only_after_close

OFFER = Offer(frozenset({1, 2}), {10: 1, 20: 2}, frozenset({100, 101, 102}), frozenset({"nhan_biet", "van_dung"}))
NOW = datetime(2026, 10, 14, 3, tzinfo=UTC)

marks = st.none() | st.decimals(Decimal("0.0001"), LARGEST_MARK, places=4).map(lambda mark: format(mark.normalize(), "f"))
drawn = st.builds(
    lambda bank, count, level, is_shelved, tags, mark, section: {
        "bank": bank, "count": count, **({"level": level} if level else {}), **({"category": bank * 10} if is_shelved else {}),
        **({"tags": tags} if tags else {}), **({"mark": mark} if mark not in (None, "1") else {}), **({"section": section} if section else {}),
    },
    st.sampled_from([1, 2]), st.integers(1, 4), st.sampled_from(["", "nhan_biet", "van_dung"]), st.booleans(),
    st.lists(st.sampled_from(["dai hoi", "bac ho", "x"]), unique=True, max_size=3), marks, st.integers(0, 2),
)  # fmt: skip
chosen = st.builds(
    lambda question, mark, section: {"question": question, **({"mark": mark} if mark else {}), **({"section": section} if section else {})},
    st.sampled_from([100, 101, 102]), marks, st.integers(0, 2),
)  # fmt: skip
blueprints = st.lists(drawn | chosen, max_size=8).filter(
    lambda parts: (
        len([part for part in parts if "question" in part]) == len({part.get("question") for part in parts if "question" in part})
    )
)


@given(blueprints)
def test_it_reads_what_it_shows(blueprint):
    rows = [raw_part(part, {}) for part in blueprint]
    assert read_parts(rows, OFFER, 3) == (blueprint, {})
    assert len(read_plan(blueprint, [{}, {}, {}]).parts) == len(blueprint)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (RawPart(count="5"), "bank"), (RawPart(bank="3", count="5"), "bank"), (RawPart(bank="x", count="5"), "bank"),
        (RawPart(bank="1", category="20", count="5"), "category"), (RawPart(bank="1", category="99", count="5"), "category"),
        (RawPart(bank="1", level="kho", count="5"), "level"), (RawPart(bank="1"), "count"), (RawPart(bank="1", count="0"), "count"),
        (RawPart(bank="1", count="501"), "count"), (RawPart(bank="1", count="năm"), "count"), (RawPart(bank="1", count="2", mark="0"), "mark"),
        (RawPart(bank="1", count="2", mark="1.000,5"), "mark"), (RawPart(bank="1", count="2", section="2"), "section"),
        (RawPart("question", question="7"), "question"), (RawPart("question", question="100", mark="-1"), "mark"),
    ],
)  # fmt: skip
def test_it_says_at_which_field_a_row_is_wrong(row, field):
    parts, faults = read_parts([RawPart(bank="1", count="3"), row], OFFER, 2)
    assert set(faults) == {f"1-{field}"}
    assert parts == [{"bank": 1, "count": 3}]


def test_it_refuses_a_chosen_question_twice_and_too_many_of_everything():
    twice = [RawPart("question", question="100"), RawPart("question", question="100")]
    assert set(read_parts(twice, OFFER, 1)[1]) == {"1-question"}
    many = [RawPart(bank="1", count=str(MOST_QUESTIONS)), RawPart(bank="2", count="1")]
    assert set(read_parts(many, OFFER, 1)[1]) == {"0-count"}
    assert f"{MOST_PARTS - 1}-bank" in read_parts([RawPart(bank="1", count="1")] * (MOST_PARTS + 1), OFFER, 1)[1]


@pytest.mark.parametrize(
    ("text", "mark"),
    [("2", "2"), ("0,5", "0.5"), ("0.5", "0.5"), (" 1 ", "1"), ("1000", "1000"), ("1001", None), ("", None), ("1e3", None)],
)
def test_it_reads_marks_as_people_write_them(text, mark):
    assert read_mark(text) == (None if mark is None else Decimal(mark))


def test_it_reads_tags_without_accents():
    assert read_tags(" Đại hội ; Bác Hồ, đại  hội,") == ("dai hoi", "bac ho")


def test_it_keeps_one_plain_section_as_none():
    assert read_sections([RawSection()]) == (None, {})
    assert read_sections([RawSection(is_shuffled=False)]) == ([{"title": "", "shuffle": False}], {})
    found, faults = read_sections([RawSection("Phần I", "Lời dẫn"), RawSection()])
    assert found == [{"title": "Phần I", "intro": "Lời dẫn"}, {"title": ""}]
    assert set(faults) == {"1-title"}


def facts(*parts: PartFacts, **changes) -> QuizFacts:
    usual = {
        "is_enough": True, "time_limit_seconds": 1800, "attempt_limit": 1, "opens_at": NOW, "closes_at": NOW + timedelta(days=1),
        "review": "after_submit", "opens_after_close": False, "examiners": 1,
    }  # fmt: skip
    return QuizFacts(parts, **{**usual, **changes})


PLAIN = PartFacts(10, 20)


@pytest.mark.parametrize(
    ("quiz", "severity", "words"),
    [
        (facts(), "stop", "chưa có câu nào"),
        (facts(PartFacts(10, 9)), "stop", "cần 10 câu, ngân hàng chỉ có 9"),
        (facts(PLAIN, is_enough=False), "stop", "rút chung"),
        (facts(PartFacts(1, 0, is_chosen=True)), "stop", "chưa được đưa vào sử dụng"),
        (facts(PartFacts(1, 1, is_chosen=True, is_retired=True)), "warn", "không dùng nữa"),
        (facts(PartFacts(10, 10)), "warn", "mọi đề có cùng các câu này"),
        (facts(PartFacts(10, 20, unmarked=2)), "warn", "2 đoạn để đọc"),
        (facts(PartFacts(10, 20, by_hand=3), examiners=0), "warn", "chưa có giám khảo"),
        (facts(PartFacts(10, 20, by_hand=3), examiners=2), "good", "2 giám khảo"),
        (facts(PartFacts(10, 20, without_source=4)), "warn", "4 câu có thể ra trong đề chưa ghi nguồn"),
        (facts(PartFacts(10, 20, out_of_date=5)), "warn", "5 câu có thể ra trong đề dẫn văn bản đã hết hiệu lực"),
        (facts(PLAIN, closes_at=NOW), "stop", "Giờ đóng đã qua"),
        (facts(PLAIN, closes_at=None), "warn", "chưa có giờ đóng"),
        (facts(PLAIN, closes_at=None, opens_after_close=True), "warn", "không bao giờ hiện"),
        (facts(PLAIN, closes_at=NOW + timedelta(minutes=10)), "warn", "không ai có đủ thời gian"),
        (facts(PLAIN, time_limit_seconds=60), "warn", "khoảng 6 giây"),
        (facts(PLAIN, takers=0), "warn", "chưa có ai để làm bài"),
        (facts(PLAIN, needs_code=True), "good", "mã tham gia"),
        (facts(PLAIN, PartFacts(2, 3, Decimal("0.5"))), "good", "mỗi đề 12 câu, tổng 11.0 điểm"),
    ],
)  # fmt: skip
def test_it_finds_what_stands_against_publishing(quiz, severity, words):
    found = check_list(quiz, NOW)
    told = [(finding.severity, finding.said.message % dict(finding.said.values)) for finding in found]
    assert any(kind == severity and words in text for kind, text in told), told
    assert is_ready(found) is (severity != "stop")
    order = [("stop", "warn", "good").index(kind) for kind, _ in told]
    assert order == sorted(order)


def test_it_counts_no_marks_for_a_passage():
    assert total_mark([PLAIN, PartFacts(1, 1, Decimal(3), unmarked=1, is_chosen=True)]) == 10


def shown(review, grid=None, closes=NOW):
    quiz = SimpleNamespace(review=review, review_grid=grid, closes_at=closes)
    return [(how, moment, len(things)) for how, moment, things in review_said(quiz)]


def test_it_tells_in_words_what_is_shown_when():
    assert shown("after_submit") == [("shows", "Sau khi nộp", 5)]
    assert shown("marks_only") == [("shows", "Sau khi nộp", 1), ("adds", "Sau khi bài đóng", 4)]
    assert shown("after_close") == [("shows", "Sau khi bài đóng", 5)]
    assert shown("after_close", closes=None) == []
    assert shown("nothing") == []
    grid = {"right_after": ["marks", "correctness"], "while_open": ["marks"], "after_close": []}
    assert shown("custom", grid) == [
        ("shows", "Trong 2 phút sau khi nộp", 2), ("keeps", "Sau đó, khi bài còn mở", 1), ("keeps", "Sau khi bài đóng", 0),
    ]  # fmt: skip
    assert [shows_only_after_close(one, None) for one in ("after_submit", "marks_only", "after_close", "nothing")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_it_tells_every_way_to_end():
    for policy in LATE:
        said = late_said(SimpleNamespace(late_policy=policy, grace_seconds=90))
        assert "%(" not in said.message % dict(said.values)
    assert late_said(SimpleNamespace(late_policy="grace", grace_seconds=90)).values == {"minutes": 2}
