"""From pasted lines to people: a line holds a name, a code, a phone or a sign-in name, as copied from Excel or a chat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold, normalise
from elearn.members.rules.logins import login_key

MOST_LINES = 2000
_CELLS = re.compile(r"[\t;,|]")
_COUNTER = re.compile(r"\d{1,5}[.)]?")
_LEADING_COUNTER = re.compile(r"^\d{1,5}[.)]?\s+(?=[^\W\d])")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19|20)\d{2}|\d{1,2}/(?:19|20)\d{2}")
_GIVEN = re.compile(r"[^\W\d_]+")
_SEXES = {"nam", "nu"}
_LOST_ZERO = re.compile(r"[35789]\d{8}")


class Verdict(StrEnum):
    """What is known of a line."""

    FOUND = "found"
    SEVERAL = "several"
    LOOK = "look"
    UNKNOWN = "unknown"
    ENROLLED = "enrolled"
    OUTSIDE = "outside"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Line:
    """One pasted line, cut up: `raw` with its cells parted by semicolons, so that it can be read again; a name, keys that may name one person, and words that may help (such as a unit).

    `long_name` is the name with the next cell, since many lists keep the given name in a column of its own.
    """

    raw: str
    name: str = ""
    long_name: str = ""
    keys: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.keys or self.hints)


@dataclass(frozen=True)
class Candidate:
    """A person whom a line may mean. Of people outside the asker's scope only the fact is known, not the name."""

    member_id: int
    name: str
    code: str
    unit_name: str
    birth_year: int | None = None
    is_enrolled: bool = False
    is_in_scope: bool = True


@dataclass(frozen=True)
class Match:
    """A line with its verdict; `chosen` is the one person it means, `candidates` those to choose from, `is_picked` after a choice."""

    line: Line
    verdict: Verdict
    chosen: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    is_picked: bool = False

    @property
    def is_ready(self) -> bool:
        return self.verdict is Verdict.FOUND

    @property
    def text(self) -> str:
        """A line that means the same person without any further choice."""
        return self.chosen.code if self.is_picked and self.chosen else self.line.raw


def _is_key(cell: str) -> bool:
    """True for codes, phones and sign-in names: one word that holds a digit or an @, or a single word of plain letters."""
    compact = re.sub(r"[\s.\-()]", "", cell)
    if compact.lstrip("+").isdigit():
        return len(compact) >= 3
    return " " not in cell and (any(ch.isdigit() or ch in "@_" for ch in cell) or cell.isascii())


def parse_line(raw: str) -> Line:
    """Cut one line up. Counters, dates of birth, years and the sex are left out; without any name or key the line is empty."""
    cells = [normalise(cell) for cell in _CELLS.split(raw)]
    cells = [cell for cell in cells if cell]
    whole = "; ".join(cells)
    if len(cells) > 1 and _COUNTER.fullmatch(cells[0]):
        cells = cells[1:]
    elif cells:
        cells[0] = _LEADING_COUNTER.sub("", cells[0])
    name, long_name, previous = "", "", ""
    keys: list[str] = []
    hints: list[str] = []
    for cell in cells:
        if _DATE.fullmatch(cell):
            continue
        if name and previous == name and _GIVEN.fullmatch(cell) and cell[0].isupper():
            long_name = f"{name} {cell}"
            hints.append(cell)
        elif fold(cell) in _SEXES:
            continue
        elif _is_key(cell):
            keys.append(cell)
        elif not name and not any(ch.isdigit() for ch in cell):
            name = cell
        else:
            hints.append(cell)
        previous = cell
    return Line(whole, name, long_name, tuple(keys), tuple(hints))


def parse(raws: Sequence[str]) -> list[Line]:
    """The lines that hold anything; raises InvalidInput where there are none or too many."""
    lines = [line for line in map(parse_line, raws) if not line.is_empty]
    if not lines:
        raise InvalidInput("nothing_pasted", "Hãy dán ít nhất một dòng có họ tên hoặc mã.", field="text")
    if len(lines) > MOST_LINES:
        raise InvalidInput(
            "too_many_lines", "Mỗi lần dán tối đa %(most)s dòng; lần này có %(n)s. Hãy chia làm nhiều lần.",
            field="text", most=MOST_LINES, n=len(lines),
        )  # fmt: skip
    return lines


def key_forms(key: str) -> tuple[str, ...]:
    """The forms under which a key is looked up: as one normal form, and as a phone whose leading zero Excel dropped."""
    form = login_key(key)
    return (form, f"0{form}") if _LOST_ZERO.fullmatch(form) else (form,)


def match_line(line: Line, by_key: Mapping[str, Sequence[Candidate]], by_name: Mapping[str, Sequence[Candidate]]) -> Match:
    """What one line means. A code, phone or sign-in name wins over the name; where both disagree a person must look.

    `by_key` is keyed by `key_forms`, `by_name` by the folded name.
    """
    keyed = {one.member_id: one for key in line.keys for form in key_forms(key) for one in by_key.get(form, ())}
    names = {fold(name) for name in (line.name, line.long_name) if name}
    named = [one for name in sorted(names, key=len, reverse=True) for one in by_name.get(name, ())]
    inside = [one for one in keyed.values() if one.is_in_scope]
    if len(inside) == 1:
        only = inside[0]
        if names and fold(only.name) not in names:
            return Match(line, Verdict.LOOK, None, (only, *(one for one in named if one.member_id != only.member_id)))
        return _settled(line, only)
    if inside:
        return Match(line, Verdict.SEVERAL, None, tuple(inside))
    if keyed:
        return Match(line, Verdict.OUTSIDE)
    if len(named) > 1 and line.hints:
        hint = fold(" ".join(line.hints))
        nearer = [one for one in named if fold(one.unit_name) in hint or hint in fold(one.unit_name)]
        named = nearer or named
    if line.keys and named:
        return Match(line, Verdict.LOOK, None, tuple(named))
    if len(named) == 1:
        return _settled(line, named[0])
    if named:
        return Match(line, Verdict.SEVERAL, None, tuple(named))
    return Match(line, Verdict.UNKNOWN)


def _settled(line: Line, one: Candidate) -> Match:
    return Match(line, Verdict.ENROLLED if one.is_enrolled else Verdict.FOUND, one, (one,))


def match_all(
    lines: Sequence[Line],
    by_key: Mapping[str, Sequence[Candidate]],
    by_name: Mapping[str, Sequence[Candidate]],
    choices: Mapping[int, int] | None = None,
) -> list[Match]:
    """Every line's match. `choices` maps the index of a line to the member chosen for it; only offered people count.

    A person named by two lines is taken once, the later line is `REPEATED`.
    """
    matches: list[Match] = []
    taken: set[int] = set()
    for index, line in enumerate(lines):
        match = match_line(line, by_key, by_name)
        wanted = (choices or {}).get(index)
        if match.chosen is None and wanted is not None:
            picked = next((one for one in match.candidates if one.member_id == wanted), None)
            match = replace(_settled(line, picked), is_picked=True) if picked else match
        if match.chosen is not None and match.verdict is Verdict.FOUND:
            member_id = match.chosen.member_id
            match = replace(match, verdict=Verdict.REPEATED) if member_id in taken else match
            taken.add(member_id)
        matches.append(match)
    return matches
