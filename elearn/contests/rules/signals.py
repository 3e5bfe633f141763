"""Signals of unfair play, found only in what the contest itself keeps. None decides anything: each says what was seen and how often it happens by chance.

Values in, findings out. Thresholds are stated where they are used, so that a person who reads a signal can judge it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb

KINDS: Mapping[str, tuple[str, str]] = {
    "same_phone": (
        "Cùng số điện thoại",
        "Nhiều người khai cùng một số. Người già, trẻ em hay dùng chung số với người nhà, nên đây thường là chuyện bình thường.",
    ),
    "same_answers": (
        "Trả lời giống hệt nhau, cả các câu sai",
        "Hai người trở lên chọn cùng các phương án sai ở cùng các câu. Người học chung một tài liệu sai cũng có thể như vậy.",
    ),
    "too_fast": (
        "Làm quá nhanh",
        "Đúng gần hết trong thời gian không đủ để đọc câu hỏi. Người đã làm nhiều lượt có thể nhớ đáp án.",
    ),
    "burst": (
        "Đăng ký dồn dập",
        "Nhiều người không có tài khoản đăng ký cho cùng một đơn vị, người này ngay sau người kia. Cả một lớp hay một cuộc họp cũng làm như vậy.",
    ),
    "same_device": (
        "Cùng một máy",
        "Nhiều người dự thi trên cùng một máy. Máy dùng chung ở cơ quan, nhà văn hoá, hay của người nhà đều như vậy.",
    ),
}
"""By kind: its name, and what else may explain it; Vietnamese source messages."""
LEAST_WRONG = 3
"""Shared wrong answers from which likeness is looked at."""
LEAST_CHANCE = Fraction(1, 100)
"""Pairs expected by chance in the whole round, below which likeness is a signal."""
READING_MS = 1_500
"""Milliseconds for which nobody can read and answer a question."""
FAST_SHARE = Fraction(8, 10)
"""Share of right answers from which speed is a signal."""
BURST_COUNT, BURST_GAP_MS = 20, 20_000
"""So many registrations, each within so many milliseconds of the one before."""
SHARED_DEVICE = 3
"""People on one device from which it is a signal: a couple shares a phone."""


@dataclass(frozen=True)
class Signal:
    """What was seen of some entries. `facts` are figures for the words that show it."""

    kind: str
    entry_ids: tuple[int, ...]
    facts: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same again is the same signal."""
        return f"{self.kind}:{','.join(map(str, self.entry_ids))}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The counted attempt of an entry. `chosen` holds for each question (by version) what was answered, `wrong` those versions not right."""

    entry_id: int
    chosen: Mapping[int, str]
    wrong: frozenset[int]
    working_ms: int


def groups(kind: str, pairs: Iterable[tuple[str, int]], least: int) -> list[Signal]:
    """A signal for each mark (of a phone, of a device) that at least so many entries carry; `pairs` are (mark, entry id)."""
    found: dict[str, set[int]] = {}
    for mark, entry_id in pairs:
        found.setdefault(mark, set()).add(entry_id)
    return [
        Signal(kind, tuple(sorted(entries)), {"people": len(entries)})
        for _, entries in sorted(found.items())
        if len(entries) >= least
    ]


def too_fast(sheets: Iterable[Sheet]) -> list[Signal]:
    """Entries that were nearly all right in less time than reading takes."""
    found = []
    for sheet in sheets:
        count = len(sheet.chosen)
        right = count - len(sheet.wrong)
        if count and sheet.working_ms < READING_MS * count and Fraction(right, count) >= FAST_SHARE:
            found.append(
                Signal("too_fast", (sheet.entry_id,), {"right": right, "all": count, "working_ms": sheet.working_ms, "floor_ms": READING_MS * count})
            )  # fmt: skip
    return found


def bursts(registered: Sequence[tuple[int, int, int]]) -> list[Signal]:
    """Long runs of registrations close together for one unit; `registered` are (unit id, milliseconds, entry id)."""
    runs: list[list[tuple[int, int]]] = []
    by_unit: dict[int, list[tuple[int, int]]] = {}
    for unit_id, moment, entry_id in registered:
        by_unit.setdefault(unit_id, []).append((moment, entry_id))
    for _, rows in sorted(by_unit.items()):
        last = None
        for row in sorted(rows):
            if last is None or row[0] - last > BURST_GAP_MS:
                runs.append([])
            runs[-1].append(row)
            last = row[0]
    return [
        Signal("burst", tuple(sorted(entry for _, entry in run)), {"people": len(run), "seconds": (run[-1][0] - run[0][0]) // 1000})
        for run in runs
        if len(run) >= BURST_COUNT
    ]


def same_answers(sheets: Sequence[Sheet]) -> list[Signal]:
    """Entries with exactly the same wrong answers to the same questions, where chance would hardly ever do that.

    How likely a shared wrong answer is by chance is taken from how many chose it among those who were asked the question. For a group, the
    number of pairs expected by chance among all people is C(people, 2) × Π p², and a signal is what stays under `LEAST_CHANCE`.
    """
    asked: Counter[int] = Counter()
    chose: Counter[tuple[int, str]] = Counter()
    for sheet in sheets:
        asked.update(sheet.chosen.keys())
        chose.update((version, sheet.chosen[version]) for version in sheet.wrong)
    alike: dict[tuple[tuple[int, str], ...], list[int]] = {}
    for sheet in sheets:
        # A question left out tells nothing about where an answer comes from.
        signature = tuple(sorted((version, sheet.chosen[version]) for version in sheet.wrong if sheet.chosen[version]))
        if len(signature) >= LEAST_WRONG and frozenset(version for version, _ in signature) == sheet.wrong:
            alike.setdefault(signature, []).append(sheet.entry_id)
    pairs = comb(len(sheets), 2)
    found = []
    for signature, entries in sorted(alike.items()):
        if len(entries) < 2:
            continue
        chance = Fraction(pairs)
        for version, answer in signature:
            chance *= Fraction(chose[version, answer], asked[version]) ** 2
        if chance < LEAST_CHANCE:
            facts = {"people": len(entries), "wrong": len(signature), "per_million": int(chance * 10**6) + 1}
            found.append(Signal("same_answers", tuple(sorted(entries)), facts))
    return found
