"""What stands against letting a contest go live, and what should be looked at again, from plain facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from elearn.contests.rules.entry import full_years
from elearn.contests.rules.settings import ContestSettings
from elearn.contests.rules.windows import overlapping
from elearn.contests.rules.words import Value, Words

GREEN, AMBER, RED = "green", "amber", "red"
SMALLEST_FREE = 1024**3
SMALLEST_SHARE = 0.2
OLDEST_BACKUP = timedelta(days=1)
QUICKEST_SECONDS = 20
"""Less than this for a question is hardly time to read it."""
STARTS_A_MINUTE = 840
"""Starts that one small server manages in a minute: 364 people within a second had their papers after 26 s, docs/benchmarks.md."""
RUSH = 10
"""One in so many of those who may enter is taken to start in the first minute: an assumption, not a measurement."""


@dataclass(frozen=True)
class RoundFacts:
    """A round as the check list sees it.

    `wanted` questions are asked; `short` parts of the blueprint draw from fewer questions than they ask for, `is_enough` says whether one paper
    can be drawn from all parts together. `unreviewed` and `expired` count questions that may be drawn, `unmarked` those that examiners mark.
    """

    number: int
    title: str
    kind: str
    opens_at: datetime
    closes_at: datetime
    wanted: int = 0
    short: int = 0
    is_enough: bool = True
    unreviewed: int = 0
    expired: int = 0
    time_limit_seconds: int = 0
    has_metric: bool = False
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """A contest as the check list sees it.

    `officers` may publish standings, which takes two. `barred` people are kept out by their roles or for having written questions, and would
    qualify otherwise. `expected` people may enter; None where nobody can tell. Disk in bytes; a backup is None where nothing is known of one.
    """

    settings: ContestSettings
    is_published: bool = False
    rounds: Sequence[RoundFacts] = ()
    first_day: date | None = None
    has_consent_text: bool = True
    officers: int = 0
    examiners: int = 0
    barred: Sequence[str] = field(default_factory=tuple)
    expected: int | None = None
    disk_free: int = 0
    disk_total: int = 1
    last_backup_at: datetime | None = None


@dataclass(frozen=True)
class Item:
    """One line of the list. `link` names where it is mended: "who", "prizes", "round:3", "roles", "" for nowhere on these pages."""

    key: str
    level: str
    words: Words
    link: str = ""


def check_list(facts: Facts, now: datetime) -> list[Item]:
    """Everything that was looked at, what is wrong first."""
    found = [
        *_papers(facts), *_windows(facts, now), *_people(facts), *_prizes(facts), *_chain(facts), *_officers(facts), *_machine(facts, now),
    ]  # fmt: skip
    return sorted(found, key=lambda item: (RED, AMBER, GREEN).index(item.level))


def is_ready(items: Sequence[Item]) -> bool:
    """Whether nothing is red."""
    return all(item.level != RED for item in items)


def _alike(facts: Facts) -> list[tuple[RoundFacts, str]]:
    """A round of each kind of paper and ranking, with the titles of all that are like it: sixteen weeks make one line, not sixteen."""
    groups: dict[RoundFacts, list[RoundFacts]] = {}
    moment = datetime.min
    for one in facts.rounds:
        groups.setdefault(replace(one, number=0, title="", opens_at=moment, closes_at=moment), []).append(one)
    named = [(several[0], [one.title for one in several]) for several in groups.values()]
    return [(one, ", ".join(titles) if len(titles) < 4 else f"{titles[0]} … {titles[-1]}") for one, titles in named]


def _papers(facts: Facts) -> list[Item]:
    found = []
    for one, titles in _alike(facts):
        if one.kind not in ("quiz", "written"):
            continue
        link = f"round:{one.number}"
        values: dict[str, Value] = {"round": titles, "wanted": one.wanted}
        if not one.wanted:
            found.append(Item("paper", RED, Words("%(round)s: đề chưa có câu nào.", values), link))
        elif one.short or not one.is_enough:
            text = "%(round)s: ngân hàng không đủ câu để rút %(wanted)s câu của đề."
            found.append(Item("paper", RED, Words(text, values), link))
        else:
            found.append(Item("paper", GREEN, Words("%(round)s: ngân hàng đủ để rút %(wanted)s câu.", values), link))
        if one.unreviewed:
            text = "%(round)s: %(count)s câu có thể ra trong đề chưa có người thứ hai thẩm định."
            found.append(Item("reviewed", AMBER, Words(text, {**values, "count": one.unreviewed}), link))
        if one.expired:
            text = "%(round)s: %(count)s câu có thể ra trong đề dựa vào văn bản hết hiệu lực hoặc đã thay thế vào ngày mở vòng."
            found.append(Item("expired", AMBER, Words(text, {**values, "count": one.expired}), link))
        if one.wanted and one.kind == "quiz" and one.time_limit_seconds < QUICKEST_SECONDS * one.wanted:
            found.append(Item("hurried", AMBER, Words("%(round)s: chưa đến 20 giây cho mỗi câu.", values), link))
    return found


def _windows(facts: Facts, now: datetime) -> list[Item]:
    rounds = facts.rounds
    if not rounds:
        return [Item("rounds", RED, Words("Cuộc thi chưa có vòng nào."), "rounds")]
    found = []
    for one in rounds:
        if facts.is_published:
            continue  # what is past is as it should be
        if one.closes_at <= now:
            found.append(Item("past", RED, Words("%(round)s đã đóng trước lúc này.", {"round": one.title}), f"round:{one.number}"))
        elif one.opens_at <= now:
            text = "%(round)s mở ngay khi công bố: giờ mở đã qua."
            found.append(Item("past", AMBER, Words(text, {"round": one.title}), f"round:{one.number}"))
    for first, second in overlapping([(each.opens_at, each.closes_at) for each in rounds]):
        values: dict[str, Value] = {"one": rounds[first].title, "other": rounds[second].title}
        found.append(
            Item("overlap", AMBER, Words("%(one)s và %(other)s mở cùng một lúc.", values), f"round:{rounds[second].number}")
        )
    return found or [Item("windows", GREEN, Words("Giờ các vòng không chồng lên nhau."), "rounds")]


def _people(facts: Facts) -> list[Item]:
    rules = facts.settings
    found = []
    if not rules.excluded_roles and not rules.excludes_writers:
        text = "Chưa loại ai: người tổ chức, ra đề và thẩm định cũng vào thi được."
        found.append(Item("excluded", AMBER, Words(text), "who"))
    elif facts.barred:
        text = "%(count)s người đủ điều kiện nhưng bị loại vì giữ vai trò hay đã viết câu hỏi; họ không vào thi được."
        found.append(Item("excluded", GREEN, Words(text, {"count": len(facts.barred)}), "who"))
    else:
        found.append(Item("excluded", GREEN, Words("Không có ai thuộc diện bị loại mà đủ điều kiện dự thi."), "who"))
    day = rules.age_on or facts.first_day
    if day and rules.born_from and rules.born_to and rules.born_from > rules.born_to:
        found.append(Item("age", RED, Words("Khoảng ngày sinh bị ngược: không ai dự được."), "who"))
    if day and rules.born_to and rules.minimum_age and full_years(rules.born_to, day) < rules.minimum_age:
        text = "Tuổi và ngày sinh mâu thuẫn: người sinh đúng hạn chót chưa đủ %(age)s tuổi."
        found.append(Item("age", AMBER, Words(text, {"age": rules.minimum_age}), "who"))
    if rules.audience == "everybody":
        found.append(
            Item("consent", GREEN, Words("Có nội dung xin đồng ý dành cho người chưa có tài khoản."), "who")
            if facts.has_consent_text
            else Item(
                "consent", AMBER, Words("Chưa có nội dung xin đồng ý riêng; người chưa có tài khoản đọc nội dung chung."), "who"
            )
        )
        if "birth_date" not in rules.asked and (rules.minimum_age or rules.maximum_age or rules.born_from or rules.born_to):
            found.append(Item("asked", RED, Words("Có giới hạn tuổi mà không hỏi ngày sinh của người chưa có tài khoản."), "who"))
    return found


def _prizes(facts: Facts) -> list[Item]:
    rules = facts.settings
    if not rules.prizes:
        return [Item("prizes", AMBER, Words("Chưa có giải nào."), "prizes")]
    found = []
    amounts = [prize.amount for prize in rules.prizes if prize.given == "ranking" and prize.amount]
    if amounts != sorted(amounts, reverse=True):
        found.append(Item("prizes", AMBER, Words("Giải đứng sau có tiền thưởng cao hơn giải đứng trước."), "prizes"))
    given = sum(prize.count for prize in rules.prizes if prize.given == "ranking")
    if facts.expected is not None and rules.audience == "members" and given > facts.expected:
        values: dict[str, Value] = {"prizes": given, "people": facts.expected}
        found.append(Item("prizes", AMBER, Words("Có %(prizes)s giải mà chỉ %(people)s người dự được.", values), "prizes"))
    return found or [Item("prizes", GREEN, Words("Cơ cấu giải không có chỗ mâu thuẫn."), "prizes")]


def _chain(facts: Facts) -> list[Item]:
    found = []
    for one, titles in _alike(facts):
        guesses = "nearest_prediction" in one.criteria
        values: dict[str, Value] = {"round": titles}
        if one.kind == "quiz" and guesses and not one.has_metric:
            text = "%(round)s: xếp hạng theo dự đoán mà không có câu dự đoán."
            found.append(Item("chain", RED, Words(text, values), f"round:{one.number}"))
        if one.kind == "quiz" and one.has_metric and not guesses:
            text = "%(round)s: có câu dự đoán mà xếp hạng không dùng đến."
            found.append(Item("chain", AMBER, Words(text, values), f"round:{one.number}"))
    return found


def _officers(facts: Facts) -> list[Item]:
    found = [
        Item("officers", GREEN, Words("%(count)s cán bộ công bố được kết quả; cần hai người.", {"count": facts.officers}), "roles")
        if facts.officers >= 2
        else Item(
            "officers", RED, Words("Chưa đủ hai cán bộ để công bố kết quả: người chốt và người đồng ý phải khác nhau."), "roles"
        )
    ]
    if any(one.kind in ("written", "stage") for one in facts.rounds) and not facts.examiners:
        found.append(Item("examiners", RED, Words("Có vòng do giám khảo chấm mà chưa giao quyền giám khảo cho ai."), "roles"))
    return found


def _machine(facts: Facts, now: datetime) -> list[Item]:
    values: dict[str, Value] = {
        "free": f"{facts.disk_free / 1024**3:.1f}".replace(".", ","),
        "share": facts.disk_free * 100 // max(1, facts.disk_total),
    }
    is_full = facts.disk_free < SMALLEST_FREE or facts.disk_free < SMALLEST_SHARE * facts.disk_total
    text = "Ổ đĩa còn %(free)s GB, bằng %(share)s%%."
    found = [Item("disk", RED if is_full else GREEN, Words(text, values))]
    if facts.last_backup_at is None:
        found.append(Item("backup", AMBER, Words("Chưa có bản sao lưu nào. Hãy nhờ người giữ máy chủ sao lưu trước khi mở vòng.")))
    else:
        hours = int((now - facts.last_backup_at).total_seconds() // 3600)
        level = GREEN if now - facts.last_backup_at <= OLDEST_BACKUP else RED
        found.append(Item("backup", level, Words("Bản sao lưu gần nhất cách đây %(hours)s giờ.", {"hours": hours})))
    if facts.expected is None:
        found.append(Item("capacity", AMBER, Words("Chưa đoán được số người dự: cuộc thi mở cho mọi người.")))
    else:
        rush = -(-facts.expected // RUSH)
        told: dict[str, Value] = {"people": facts.expected, "rush": rush, "starts": STARTS_A_MINUTE}
        text = "%(people)s người dự được. Nếu một phần mười vào thi trong phút đầu thì có %(rush)s lượt mở; một máy chủ nhỏ mở được chừng %(starts)s lượt mỗi phút."
        found.append(Item("capacity", AMBER if rush > STARTS_A_MINUTE else GREEN, Words(text, told)))
    return found
