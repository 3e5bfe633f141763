"""The pure rules behind making a contest: windows, what is typed, what may still change, the check list, the words."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.queries.contests import RANKINGS
from elearn.contests.rules.editing import Held, Told, Way, check_never, differences, way_of
from elearn.contests.rules.readiness import AMBER, GREEN, RED, Facts, Item, RoundFacts, check_list, is_ready
from elearn.contests.rules.rules_text import Paper, Terms, word_hours, word_rules
from elearn.contests.rules.settings import (
    UNIT_MEASURES,
    Advance,
    ContestSettings,
    Hours,
    PrizeKind,
    RoundSettings,
    UnitFormula,
    UnitTarget,
)
from elearn.contests.rules.typed import PrizeRow, closing_days, prize_rows, read_chain, read_hours, read_prizes, show_hours
from elearn.contests.rules.unit_scores import MEASURES
from elearn.contests.rules.windows import Weekly, numbered, overlapping, weekly_windows
from elearn.contests.rules.words import spell
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def test_it_lays_weeks_end_to_end_with_an_hour_between() -> None:
    windows = weekly_windows(Weekly(20, date(2019, 8, 26), time(10), 7, time(9)))
    assert len(windows) == 20
    assert (local(windows[3][0]).strftime("%d/%m %H:%M"), local(windows[3][1]).strftime("%d/%m %H:%M")) == (
        "16/09 10:00",
        "23/09 09:00",
    )
    assert {later[0] - earlier[1] for earlier, later in itertools.pairwise(windows)} == {timedelta(hours=1)}


def test_it_shuts_at_the_weekend() -> None:
    (opens, closes), *_ = weekly_windows(Weekly(4, date(2025, 11, 3), time(7, 30), 4, time(17, 30)))
    assert (local(opens).weekday(), local(closes).weekday(), local(closes).hour) == (0, 4, 17)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Weekly(0, date(2026, 1, 5), time(8), 7, time(8)), "count"),
        (Weekly(4, date(2026, 1, 5), time(8), 0, time(8)), "closes"),
        (Weekly(4, date(2026, 1, 5), time(8), 7, time(8, 1)), "days"),
    ],
)
def test_it_refuses_weeks_that_cannot_be(plan: Weekly, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        weekly_windows(plan)
    assert refusal.value.field == field


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=6))
def test_it_finds_every_pair_that_has_a_moment_in_common(spans: list[tuple[int, int]]) -> None:
    windows = [(NOW + timedelta(hours=start), NOW + timedelta(hours=start + length)) for start, length in spans]
    hours = [set(range(start, start + length)) for start, length in spans]
    expected = [(a, b) for a in range(len(spans)) for b in range(a + 1, len(spans)) if hours[a] & hours[b]]
    assert overlapping(windows) == expected


def test_it_numbers_titles() -> None:
    assert (numbered("Tuần {n}", 3), numbered("Kỳ", 2)) == ("Tuần 3", "Kỳ 2")


@pytest.mark.parametrize(("first", "on", "days"), [(0, "0", 7), (0, "4", 4), (2, "2", 7), (4, "0", 3), (3, "same", 0)])
def test_it_counts_the_days_to_the_closing(first: int, on: str, days: int) -> None:
    assert closing_days(first, on) == days


@pytest.mark.parametrize(
    ("text", "days", "begin"),
    [
        ("T2-T6 7:30-17:30", (0, 1, 2, 3, 4), time(7, 30)),
        ("T7, CN 8h-11h", (5, 6), time(8)),
        ("t2,t4-t5  13h30 – 16h00", (0, 2, 3), time(13, 30)),
    ],
)
def test_it_reads_hours_as_they_are_typed(text: str, days: tuple[int, ...], begin: time) -> None:
    (hours,) = read_hours(text)
    assert (hours.days, hours.begin) == (days, begin)


@pytest.mark.parametrize(
    "text", ["sáng thứ hai", "T2 17:00-8:00", "T9 8:00-9:00", "T6-T2 8:00-9:00", "T2 25:00-26:00", "8:00-9:00"]
)
def test_it_refuses_hours_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_hours(text)


hours = st.builds(
    Hours, days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))), begin=st.times(max_value=time(11, 59)),
    end=st.times(min_value=time(12)),
).map(lambda one: replace(one, begin=one.begin.replace(second=0, microsecond=0), end=one.end.replace(second=0, microsecond=0)))  # fmt: skip


@given(st.lists(hours, max_size=3).map(tuple))
def test_it_shows_hours_as_they_can_be_read_again(several: tuple[Hours, ...]) -> None:
    assert read_hours(show_hours(several)) == several


@given(
    st.lists(
        st.builds(
            PrizeKind, title=st.from_regex(r"\AGiải [a-z]{1,9}\Z"), count=st.integers(1, 99), amount=st.integers(0, 10**9),
            given=st.sampled_from(("ranking", "units", "hand")),
        ),
        max_size=5, unique_by=lambda one: one.title,
    )
)  # fmt: skip
def test_it_shows_prizes_as_they_can_be_read_again(prizes: list[PrizeKind]) -> None:
    assert read_prizes(prize_rows(prizes)) == (tuple(prizes), {})


def test_it_passes_over_empty_rows_of_prizes() -> None:
    assert read_prizes([PrizeRow(), PrizeRow("Nhất", "1", "2 000 000đ"), PrizeRow(title="  ")])[0] == (
        PrizeKind("Nhất", 1, amount=2_000_000),
    )


def test_it_passes_over_empty_places_of_the_chain() -> None:
    assert read_chain(["", "most_correct", "", "shorter_time"], RANKINGS.keys()) == ("most_correct", "shorter_time")


# What may still change.

HELD = Held(True, NOW, NOW + WEEK)


@pytest.mark.parametrize(
    ("held", "now", "way"),
    [
        (HELD, NOW - timedelta(seconds=1), Way.FREE),
        (HELD, NOW, Way.PROPOSAL),
        (replace(HELD, entrants=1), NOW - timedelta(days=9), Way.PROPOSAL),
        (HELD, NOW + WEEK, Way.CLOSED),
        (replace(HELD, is_published=False), NOW + WEEK, Way.FREE),
        (Held(False, None, None), NOW, Way.FREE),
    ],
)
def test_it_knows_how_a_change_is_made(held: Held, now: datetime, way: Way) -> None:
    assert way_of(held, now) is way


PLAIN: dict[str, Any] = {
    "kind": "quiz",
    "opens_at": "a",
    "settings": {"criteria": ["most_correct"]},
    "blueprint": [{"bank": 1, "count": 5}],
}


@pytest.mark.parametrize(
    ("after", "held", "code"),
    [
        ({"settings": {}}, HELD, "chain_published"),
        ({"settings": {}}, replace(HELD, is_published=False), None),
        ({"blueprint": [{"bank": 2, "count": 5}]}, replace(HELD, entrants=3, attempts=9), None),
        ({"blueprint": [{"bank": 1, "count": 6}]}, replace(HELD, entrants=3, attempts=9), "paper_fixed"),
        ({"blueprint": [{"bank": 1, "count": 6}]}, HELD, None),
        ({"kind": "total"}, HELD, "kind_fixed"),
        ({"opens_at": "b"}, HELD, "opened_already"),
    ],
)
def test_it_refuses_what_never_changes(after: dict[str, Any], held: Held, code: str | None) -> None:
    try:
        check_never(PLAIN, {**PLAIN, **after}, held, NOW)
    except DomainError as refusal:
        assert refusal.code == code
    else:
        assert code is None


def test_it_tells_what_reads_otherwise() -> None:
    assert differences({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "5", "d": "4"}) == [
        Told("b", "2", "5"),
        Told("c", "3", ""),
        Told("d", "", "4"),
    ]


# The check list.

ROUND = RoundFacts(
    1,
    "Tuần 1",
    "quiz",
    NOW + WEEK,
    NOW + 2 * WEEK,
    wanted=10,
    time_limit_seconds=600,
    has_metric=True,
    criteria=("nearest_prediction",),
)
SOUND = Facts(
    ContestSettings(excluded_roles=("content_editor",), prizes=(PrizeKind("Nhất", 1, amount=5), PrizeKind("Nhì", 2, amount=3))),
    False, (ROUND, replace(ROUND, number=2, title="Tuần 2", opens_at=NOW + 2 * WEEK, closes_at=NOW + 3 * WEEK)),
    (NOW + WEEK).date(), officers=2, expected=500, disk_free=50 * 1024**3, disk_total=100 * 1024**3, last_backup_at=NOW - timedelta(hours=3),
)  # fmt: skip


def levels(facts: Facts) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in check_list(facts, NOW):
        found.setdefault(item.key, item.level)
    return found


def test_it_finds_everything_in_order() -> None:
    assert set(levels(SOUND).values()) == {GREEN}
    assert is_ready(check_list(SOUND, NOW))
    assert sum(item.key == "paper" for item in check_list(SOUND, NOW)) == 1, "rounds that are alike make one line"


RULES = SOUND.settings


@pytest.mark.parametrize(
    ("facts", "key", "level"),
    [
        (replace(SOUND, rounds=()), "rounds", RED),
        (replace(SOUND, rounds=(replace(ROUND, wanted=0),)), "paper", RED),
        (replace(SOUND, rounds=(replace(ROUND, short=1),)), "paper", RED),
        (replace(SOUND, rounds=(replace(ROUND, is_enough=False),)), "paper", RED),
        (replace(SOUND, rounds=(replace(ROUND, unreviewed=3),)), "reviewed", AMBER),
        (replace(SOUND, rounds=(replace(ROUND, expired=3),)), "expired", AMBER),
        (replace(SOUND, rounds=(replace(ROUND, time_limit_seconds=60),)), "hurried", AMBER),
        (replace(SOUND, rounds=(replace(ROUND, opens_at=NOW - WEEK, closes_at=NOW),)), "past", RED),
        (replace(SOUND, rounds=(replace(ROUND, opens_at=NOW),)), "past", AMBER),
        (replace(SOUND, rounds=(ROUND, replace(ROUND, number=2))), "overlap", AMBER),
        (replace(SOUND, rounds=(replace(ROUND, has_metric=False),)), "chain", RED),
        (replace(SOUND, rounds=(replace(ROUND, criteria=("most_correct",)),)), "chain", AMBER),
        (replace(SOUND, settings=replace(RULES, excluded_roles=())), "excluded", AMBER),
        (replace(SOUND, barred=("A",)), "excluded", GREEN),
        (replace(SOUND, settings=replace(RULES, born_from=date(2010, 1, 1), born_to=date(2000, 1, 1))), "age", RED),
        (replace(SOUND, settings=replace(RULES, minimum_age=14, born_to=date(2020, 1, 1))), "age", AMBER),
        (replace(SOUND, settings=replace(RULES, audience="everybody"), has_consent_text=False), "consent", AMBER),
        (replace(SOUND, settings=replace(RULES, audience="everybody", minimum_age=14, asked=("phone",))), "asked", RED),
        (replace(SOUND, settings=replace(RULES, prizes=())), "prizes", AMBER),
        (replace(SOUND, settings=replace(RULES, prizes=tuple(reversed(RULES.prizes)))), "prizes", AMBER),
        (replace(SOUND, expected=2), "prizes", AMBER),
        (replace(SOUND, officers=1), "officers", RED),
        (replace(SOUND, rounds=(replace(ROUND, kind="written"),)), "examiners", RED),
        (replace(SOUND, disk_free=1024**3 - 1, disk_total=2 * 1024**3), "disk", RED),
        (replace(SOUND, disk_free=19 * 1024**3), "disk", RED),
        (replace(SOUND, last_backup_at=None), "backup", AMBER),
        (replace(SOUND, last_backup_at=NOW - timedelta(days=2)), "backup", RED),
        (replace(SOUND, expected=None), "capacity", AMBER),
        (replace(SOUND, expected=9000), "capacity", AMBER),
        (replace(SOUND, expected=8000), "capacity", GREEN),
    ],
)
def test_it_finds_what_stands_against_going_live(facts: Facts, key: str, level: str) -> None:
    assert levels(facts)[key] == level
    items = check_list(facts, NOW)
    assert is_ready(items) == (RED not in {item.level for item in items})
    assert [item.level for item in items] == sorted((item.level for item in items), key=(RED, AMBER, GREEN).index), (
        "the worst first"
    )
    assert all(spell(item.words) for item in items)
    assert all(isinstance(item, Item) for item in items)


# The rules in words.

PLAIN_TERMS = Terms(
    ContestSettings(), RoundSettings(), [RANKINGS["most_correct"]], [], date(2026, 10, 12), paper=Paper(10, 600), attempt_limit=3
)


def said(**changes: Any) -> str:
    rest = {name: value for name, value in changes.items() if name in Terms.__dataclass_fields__ and name != "prizes"}
    settings = {name: value for name, value in changes.items() if name in ContestSettings.__dataclass_fields__ and name not in rest}
    own = {name: value for name, value in changes.items() if name not in {*rest, *settings}}
    terms = replace(
        PLAIN_TERMS, settings=replace(PLAIN_TERMS.settings, **settings), own=replace(PLAIN_TERMS.own, **own),
        prizes=settings.get("prizes", ()), **rest,
    )  # fmt: skip
    return " ".join(spell(words) for rule in word_rules(terms) for words in (*rule.body, *rule.detail))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"audience": "everybody", "asked": ("phone", "unit")}, "khai họ tên, số điện thoại, đơn vị trước khi vào thi"),
        ({"unit_names": ["Đảng bộ A", "Đảng bộ B"]}, "người của Đảng bộ A và Đảng bộ B."),
        ({"member_kinds": ("official", "cadre")}, "Đối tượng: Đảng viên chính thức, cán bộ, công chức."),
        ({"minimum_age": 16, "maximum_age": 35}, "Từ đủ 16 tuổi đến hết 35 tuổi, tính vào ngày 12/10/2026."),
        ({"minimum_age": 16, "age_on": date(2026, 1, 1)}, "Từ đủ 16 tuổi, tính vào ngày 01/01/2026."),
        ({"maximum_age": 35}, "Đến hết 35 tuổi"),
        ({"born_to": date(2010, 3, 31)}, "Sinh từ tháng 3/2010 trở về trước."),
        ({"born_to": date(2010, 3, 15)}, "Sinh từ ngày 15/03/2010 trở về trước."),
        ({"born_from": date(1990, 1, 1)}, "Sinh từ tháng 1/1990 trở về sau."),
        ({"born_from": date(1990, 1, 1), "born_to": date(2010, 3, 31)}, "Sinh từ tháng 1/1990 đến tháng 3/2010."),
        ({"excludes_writers": True}, "người đã viết hay thẩm định câu hỏi"),
        ({"hours": (Hours((0, 1, 2, 3, 4), time(7, 30), time(17, 30)),)}, "thứ Hai đến thứ Sáu, 7:30–17:30"),
        ({"attempts_per_day": 2}, "Mỗi ngày tối đa 2 lượt."),
        ({"attempts_per_contest": 9}, "Cả cuộc thi tối đa 9 lượt."),
        ({"attempt_limit": 1_000_000}, "Số lượt không hạn chế."),
        ({"paper": Paper(10, 90, True)}, "Mọi người cùng một bộ câu hỏi."),
        ({"counted": "last"}, "Lượt nộp sau cùng"),
        ({"counted": "first"}, "Lượt nộp đầu tiên"),
        ({"counted": "best_score"}, "điểm cao nhất"),
        ({"metric": "percent_all_correct"}, "năm chữ số sau dấu phẩy, ví dụ 87,65432"),
        ({"criteria": [RANKINGS["most_correct"], RANKINGS["drawn_lots"]]}, "bốc thăm từ một số công khai"),
        ({"prizes": (PrizeKind("Nhất", 1, amount=2_000_000),)}, "1 Nhất, 2.000.000 đồng."),
        ({"prizes": (PrizeKind("Nhì", 2, amount=5),)}, "2 Nhì, mỗi giải 5 đồng."),
        ({"prizes": (PrizeKind("Tập thể", 3, given="units"),)}, "Cho tập thể: 3 Tập thể. "),
        ({"prizes": (PrizeKind("Lan toả", 3, given="hand"),)}, "Do ban tổ chức xét: 3 Lan toả."),
        ({"prizes": (PrizeKind("Nhất", 1),), "per_person": "none"}, "Một người có thể nhận nhiều giải."),
        ({"prizes": (PrizeKind("Nhất", 1),), "per_person": "round"}, "nhiều nhất một giải trong một vòng."),
        ({"prizes": (PrizeKind("Nhất", 1),), "reserves": 3}, "3 người xếp kế tiếp đứng trong danh sách dự bị"),
        ({"has_live_standings": True}, "Thứ hạng tạm thời hiện trong lúc vòng mở."),
        ({"has_live_standings": True, "freeze_minutes": 60}, "đứng yên trong 60 phút cuối"),
        ({"objection_days": 5}, "Trong 5 ngày từ khi công bố"),
        ({"advance": Advance(2, 10), "round_titles": {2: "Tuần 2"}}, "Chỉ 10 người đứng đầu Tuần 2 được vào vòng này."),
        ({"advance": Advance(2, 10, "unit"), "round_titles": {2: "Tuần 2"}}, "của mỗi đơn vị ở Tuần 2"),
        ({"advance": Advance(2, 10, "group"), "round_titles": {2: "Tuần 2"}}, "của mỗi bảng ở Tuần 2"),
        ({"units": UnitFormula({"rate": 35, "mean": 35, "pass": 30})}, "35% Điểm trung bình (thang 100) và 30% Tỷ lệ đạt."),
        ({"units": UnitFormula({"mean": 60, "rate": 40}, 20)}, "như thể có thêm 20 người"),
        ({"units": UnitFormula({"pass": 100}, pass_percent=80)}, "Đạt là được từ 80% số điểm."),
        ({"units": UnitFormula({"rate": 100}, headcount_on=date(2026, 1, 1))}, "Quân số tính vào ngày 01/01/2026."),
        ({"unit_targets": (UnitTarget(50),)}, "Mỗi đơn vị được giao ít nhất 50 lượt dự mỗi vòng."),
        ({"unit_targets": (UnitTarget(20, "people", (3,)),)}, "Một số đơn vị được giao ít nhất 20 người dự"),
        ({"kind": "stage", "paper": None}, "Thi trên sân khấu"),
        ({"kind": "written"}, "Bài viết, giám khảo chấm điểm."),
        (
            {"kind": "total", "paper": None, "sources": (1, 2), "round_titles": {1: "Tuần 1", 2: "Tuần 2"}},
            "Cộng điểm của Tuần 1 và Tuần 2.",
        ),
        ({"kind": "total", "paper": None, "combined": "best"}, "Lấy vòng cao điểm nhất trong các vòng trước."),
    ],
)
def test_it_words_every_setting(changes: dict[str, Any], words: str) -> None:
    assert words in said(**changes)
    assert words not in said()


def test_it_says_in_words_every_measure_and_every_criterion() -> None:
    for name in UNIT_MEASURES:
        assert MEASURES[name].lower() in said(units=UnitFormula({name: 60, "mean" if name != "mean" else "rate": 40})).lower()
    for one in RANKINGS:
        assert one.sentence in said(criteria=[one])


def test_it_names_days_one_by_one_where_they_are_no_run() -> None:
    assert spell(word_hours(Hours((0, 2, 6), time(8), time(9, 30)))) == "thứ Hai, thứ Tư, chủ nhật, 8:00–9:30"
