"""Whom a row of a list may be: people found by number, by telephone, by name with birth and unit, with a score and its reasons.

Scores are whole numbers from 0 to 100. From SURE on, and with nobody else near, a row is matched without asking; from DOUBTFUL on a
person decides with both records side by side; below, the row is somebody new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from elearn.lib.vietnamese import fold

SURE = 90
DOUBTFUL = 45
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A record that there is: `birth` is ISO text, `precision` says how much of it is known."""

    id: int
    name: str
    birth: str = ""
    precision: str = ""
    phone: str = ""
    unit_id: int = 0
    national_id: str = ""
    card_number: str = ""
    code: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a row may be, how sure that is, and why in Vietnamese source messages."""

    member_id: int
    score: int
    reasons: tuple[str, ...]
    by: str


@dataclass
class Index:
    """Records by each key on which a row can be found; `names` are folded."""

    by_number: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def add(self, known: Known) -> None:
        """Enter a record under all its keys."""
        for kind in NUMBERS:
            number = getattr(known, kind)
            if number:
                self.by_number[kind, number.casefold()].append(known)
        self.by_name[fold(known.name)].append(known)


NUMBERS = ("code", "login", "national_id", "card_number", "phone")
"""Keys that find a record by themselves, in the order in which they are trusted."""

_POINTS = {"code": 95, "login": 95, "national_id": 95, "card_number": 85, "phone": 65}
_WORDS = {
    "code": "Trùng mã trong danh sách",
    "login": "Trùng tên đăng nhập",
    "national_id": "Trùng số định danh",
    "card_number": "Trùng số thẻ",
    "phone": "Trùng số điện thoại",
}


def births_agree(first: str, first_precision: str, second: str, second_precision: str) -> bool | None:
    """Whether two births may be one, as far as both are known; None where one of them is unknown."""
    if not first or not second:
        return None
    length = min({"day": 10, "month": 7, "year": 4}.get(one, 10) for one in (first_precision, second_precision))
    return first[:length] == second[:length]


def score_of(values: Mapping[str, str], unit_id: int, known: Known) -> Candidate:
    """How sure it is that a row is this record."""
    score, reasons, by = 0, [], ""
    for kind in NUMBERS:
        mine, theirs = values.get(kind, ""), getattr(known, kind)
        if mine and theirs and mine.casefold() == theirs.casefold():
            if not by:
                score, by = _POINTS[kind], kind
            else:
                score += 4
            reasons.append(_WORDS[kind])
        elif kind == "national_id" and len(mine) == 12 and theirs:
            score -= 45
            reasons.append("Khác số định danh")
    mine, theirs = fold(values.get("full_name", "")), fold(known.name)
    if mine == theirs:
        score += 30 if by else 35
        reasons.append(
            "Cùng họ tên" if values.get("full_name", "").casefold() == known.name.casefold() else "Cùng họ tên, khác dấu"
        )
    elif mine and theirs:
        alike = SequenceMatcher(None, mine, theirs).ratio()
        if alike >= 0.85:
            score += 10
            reasons.append("Họ tên gần giống")
        else:
            score -= 40
            reasons.append("Khác họ tên")
    agree = births_agree(values.get("birth_date", ""), values.get("birth_precision", ""), known.birth, known.precision)
    if agree:
        is_exact = values.get("birth_precision") == known.precision == "day"
        score += 35 if is_exact else 20
        reasons.append("Cùng ngày sinh" if is_exact else "Cùng năm sinh")
    elif agree is False:
        score -= 25
        reasons.append("Khác ngày sinh")
    if unit_id and unit_id == known.unit_id:
        score += 20
        reasons.append("Cùng đơn vị")
    return Candidate(known.id, max(0, min(100, score)), tuple(reasons), by or "name")


def candidates_of(values: Mapping[str, str], unit_id: int, index: Index) -> list[Candidate]:
    """Records that a row may be, the likeliest first; only those from DOUBTFUL on."""
    near: dict[int, Known] = {}
    for kind in NUMBERS:
        number = values.get(kind, "")
        if number:
            for one in index.by_number.get((kind, number.casefold()), ()):
                near[one.id] = one
    birth = values.get("birth_date", "")[:4]
    for one in index.by_name.get(fold(values.get("full_name", "")), ()):
        if not birth or not one.birth or one.birth[:4] == birth or one.unit_id == unit_id:  # nobody else comes to DOUBTFUL points
            near[one.id] = one
    if not near:
        return []
    found = [score_of(values, unit_id, one) for one in near.values()]
    found = sorted((one for one in found if one.score >= DOUBTFUL), key=lambda one: (-one.score, one.member_id))
    return found[:MOST_CANDIDATES]


def sure_match(candidates: list[Candidate]) -> Candidate | None:
    """The one record that a row is beyond doubt; None where nobody is near, or a person must decide."""
    if not candidates or candidates[0].score < SURE:
        return None
    is_alone = len(candidates) == 1 or candidates[1].score < SURE - 15
    return candidates[0] if is_alone else None


@dataclass
class Seen:
    """Rows of the same file read so far: the same person twice is told at the second row."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    people: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def repeats(self, place: int, values: Mapping[str, str], unit_id: int) -> tuple[int, str] | None:
        """(place of the earlier row, what is the same) where this row was there before; otherwise it is noted and None returned."""
        name = fold(values.get("full_name", ""))
        for kind, words in (("national_id", "số định danh"), ("card_number", "số thẻ"), ("code", "mã"), ("login", "tên đăng nhập")):
            number = values.get(kind, "")
            if number and (earlier := self.numbers.setdefault((kind, number.casefold()), place)) != place:
                return earlier, words
        phone = values.get("phone", "")
        if phone and (earlier := self.numbers.setdefault((f"phone|{name}", phone), place)) != place:
            return earlier, "họ tên và số điện thoại"
        birth = values.get("birth_date", "")
        if birth and values.get("birth_precision") == "day":
            key = (name, birth, unit_id)
            if (earlier := self.people.setdefault(key, place)) != place:
                return earlier, "họ tên, ngày sinh và đơn vị"
        return None


def keys_of(rows: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
    """Every key of the rows by which a record could be found, so that only those records need to be kept in memory."""
    found: dict[str, set[str]] = {kind: set() for kind in (*NUMBERS, "name")}
    for values in rows:
        for kind in NUMBERS:
            if values.get(kind):
                found[kind].add(values[kind].casefold())
        found["name"].add(fold(values.get("full_name", "")))
    return found
