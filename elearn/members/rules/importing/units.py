"""Which unit a row names: by code, or by name as written in lists, within the subtree that a list is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from elearn.lib.vietnamese import fold

_SHORT = (
    (re.compile(r"\bcb\b"), "chi bo"), (re.compile(r"\bdb\b"), "dang bo"), (re.compile(r"\bdu\b"), "dang uy"), (re.compile(r"\bkp\b"), "khu pho"),
    (re.compile(r"\btdp\b"), "to dan pho"), (re.compile(r"\bp\b"), "phuong"), (re.compile(r"\bx\b"), "xa"), (re.compile(r"\bubnd\b"), "uy ban nhan dan"),
    (re.compile(r"\btruong (thcs|thpt|th)\b"), r"truong \1"),
)  # fmt: skip
_HEAD = re.compile(r"^(?:chi bo|dang bo|dang uy|chi uy|ban chap hanh|bch)\s+")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that rows may name; `path` are the ids from the top down, `successor_id` is set where it has ended."""

    id: int
    code: str
    name: str
    short_name: str
    path: str
    successor_id: int | None = None
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """The unit meant, or why none was found. `code` is "" where there is nothing to say; `values` fill the message's places."""

    unit_id: int | None
    code: str = ""
    message: str = ""
    values: tuple[tuple[str, object], ...] = ()


def plain(text: str) -> str:
    """A unit's name as it is compared: folded, abbreviations written out, without signs."""
    text = " ".join(_NOT_WORDS.sub(" ", fold(text)).split())
    for pattern, words in _SHORT:
        text = pattern.sub(words, text)
    return text


def bare(text: str) -> str:
    """The compared name without the word for its sort in front."""
    return _HEAD.sub("", text)


class Directory:
    """The units of a subtree by code and by every way to write their names."""

    def __init__(self, places: Iterable[Place], default_id: int) -> None:
        """Rows that name no unit belong to `default_id`."""
        self._default = default_id
        self._by_id: dict[int, Place] = {}
        self._by_code: dict[str, Place] = {}
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._by_id[place.id] = place
            self._by_code[place.code.casefold()] = place
            for text in {plain(place.name), plain(place.short_name)}:
                self._by_name[text].append(place)
                if bare(text) != text:
                    self._by_name[f"~{bare(text)}"].append(place)
        self._cache: dict[tuple[str, str], Resolved] = {}

    def resolve(self, unit: str, parent: str = "") -> Resolved:
        """The unit that a row means by its own words and by those for the unit above."""
        key = (unit, parent)
        if key not in self._cache:
            self._cache[key] = self._resolve(unit, parent)
        return self._cache[key]

    def _resolve(self, unit: str, parent: str) -> Resolved:
        if not unit.strip():
            return Resolved(self._default)
        by_code = self._by_code.get(unit.strip().casefold())
        found = [by_code] if by_code else self._named(unit)
        if len(found) > 1 and parent:
            above = {place.id for place in self._named(parent)}
            within = [place for place in found if above & {int(part) for part in place.path.strip("/").split("/")}]
            found = within or found
        if len(found) > 1:
            standing = [place for place in found if not place.has_ended]
            found = standing or found
        if not found:
            return self._unknown(unit)
        if len(found) > 1:
            return Resolved(
                None, "unit_ambiguous", "Có %(n)s đơn vị cùng tên “%(unit)s”. Hãy ghi mã đơn vị, hoặc thêm cột đơn vị cấp trên.",
                (("n", len(found)), ("unit", unit)),
            )  # fmt: skip
        place = found[0]
        if not place.has_ended:
            return Resolved(place.id)
        successor = self._by_id.get(place.successor_id or 0)
        if successor is None or successor.has_ended:
            return Resolved(None, "unit_ended", "Đơn vị “%(unit)s” đã kết thúc và không có đơn vị kế thừa.", (("unit", unit),))
        return Resolved(
            successor.id, "unit_succeeded", "“%(unit)s” đã kết thúc; người này được xếp vào %(successor)s.",
            (("unit", unit), ("successor", successor.name)),
        )  # fmt: skip

    def _named(self, text: str) -> list[Place]:
        by_code = self._by_code.get(text.strip().casefold())
        if by_code:
            return [by_code]
        name = plain(text)
        found = self._by_name.get(name) or self._by_name.get(f"~{bare(name)}") or []
        return list({place.id: place for place in found}.values())

    def _unknown(self, unit: str) -> Resolved:
        near = get_close_matches(plain(unit), [name for name in self._by_name if not name.startswith("~")], n=1, cutoff=0.75)
        if near:
            place = self._by_name[near[0]][0]
            return Resolved(
                None, "unit_unknown_near", "Không có đơn vị “%(unit)s” trong phạm vi này. Có phải %(near)s (mã %(code)s)?",
                (("unit", unit), ("near", place.name), ("code", place.code)),
            )  # fmt: skip
        return Resolved(None, "unit_unknown", "Không có đơn vị “%(unit)s” trong phạm vi này.", (("unit", unit),))
