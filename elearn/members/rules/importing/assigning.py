"""Which field each column holds, by its heading first and by its cells where the heading is silent or says something else."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.lib.grid import Cell
from elearn.members.rules.importing.columns import FIELDS, IGNORED, LOOKS, field_of_heading, folded_heading, looks
from elearn.members.rules.importing.sorts import is_empty, text_of

_BY_HEADING = "Tiêu đề “%(heading)s”"
_BY_PHRASE = "Tiêu đề “%(heading)s” có từ ngữ của cột này"
_BY_BOTH = "Tiêu đề “%(heading)s” và nội dung các ô"
_BY_CELLS = "%(share)s%% số ô giống %(what)s"
_NO_HINT = "Không nhận ra từ tiêu đề hay nội dung"
_EMPTY = "Cột trống"
_TAKEN = "Đã có cột khác chắc chắn hơn cho “%(label)s”"
_PARTED = "Chữ cuối của họ tên nằm riêng ở cột bên phải"
_REPEATABLE = frozenset(("education", "note", IGNORED, ""))
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column is taken for; `reason` is a Vietnamese source message with its `values`; confidence from 0 to 1."""

    column: int
    heading: str
    field: str
    confidence: float
    reason: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    sample: tuple[str, ...] = ()

    def reason_text(self) -> str:
        """The reason with its places filled."""
        return self.reason % self.values if self.values else self.reason


def assign(parts: Sequence[tuple[str, ...]], sample: Sequence[Sequence[Cell]]) -> tuple[ColumnGuess, ...]:
    """One guess a column; `parts` are the heading texts over it from top to bottom, `sample` cells of it."""
    shares = [looks(cells) for cells in sample]
    guesses = [_guess(column, parts[column], sample[column], shares[column]) for column in range(len(parts))]
    _part_names(guesses, shares)
    _settle(guesses)
    _fill_by_cells(guesses, shares)
    return tuple(guesses)


def _guess(column: int, parts: tuple[str, ...], cells: Sequence[Cell], shares: dict[str, float]) -> ColumnGuess:
    heading = " / ".join(parts)
    some = tuple(text_of(cell)[:60] for cell in cells if not is_empty(cell))[:3]
    if not some and not parts:
        return ColumnGuess(column, heading, IGNORED, 1.0, _EMPTY)
    key, sure = _from_heading(parts, shares)
    if not key:
        return ColumnGuess(column, heading, "", 0.0, _NO_HINT, sample=some)
    reason = _BY_HEADING if sure >= 0.9 else _BY_PHRASE
    if (key, sure) in (("full_name", 1.0), ("birth_date", 1.0), ("phone", 1.0), ("national_id", 1.0)) and shares.get(
        key, 0
    ) > _ENOUGH:
        reason = _BY_BOTH
    return ColumnGuess(column, heading, key, sure, reason, {"heading": heading}, some)


def _from_heading(parts: tuple[str, ...], shares: dict[str, float]) -> tuple[str, float]:
    if not parts:
        return "", 0.0
    leaf, over = parts[-1], " ".join(parts[:-1])
    if leaf.startswith("(") and over:
        leaf, over = parts[-2], " ".join(parts[:-2])
    folded, above = folded_heading(leaf), field_of_heading(over)[0] if over else ""
    about_birth = above == "birth_date"
    is_dated = shares.get("year", 0) + shares.get("birth_date", 0) > 0.5
    is_marked = shares.get("mark", 0) + shares.get("ordinal", 0) > 0.5 and not is_dated
    if folded in ("nam", "nu") and not _is_year_word(leaf, parts):
        if above == "sex" or is_marked or (not about_birth and not is_dated):
            return ("male_mark" if folded == "nam" else "female_mark"), 0.9
        return ("birth_year_male" if folded == "nam" else "birth_year_female"), 1.0
    if about_birth and folded in ("ngay", "thang", "nam"):
        return {"ngay": "birth_day", "thang": "birth_month", "nam": "birth_year"}[folded], 0.9
    if folded in ("chinh thuc", "du bi", "dang vien chinh thuc", "dang vien du bi"):
        official = "chinh thuc" in folded
        if is_marked:
            return ("official_mark" if official else "probationary_mark"), 0.9
        return ("official_on" if official else "joined_on"), 0.9
    key, sure = field_of_heading(leaf)
    if above and over and (not key or sure < 0.9 or above == IGNORED):
        whole = field_of_heading(f"{over} {leaf}")
        key, sure = max((key, sure), whole, (above, 0.6), key=lambda found: found[1])
    if key in ("joined_on", "official_on") and above and folded in ("ngay", "so"):
        key = above
    return key, sure


def _is_year_word(leaf: str, parts: tuple[str, ...]) -> bool:
    """Whether "Năm" (year), not "Nam" (male): told by the breve, or by the "Ngày", "Tháng" beside it which only the caller's parts show."""
    return "ă" in leaf.lower()


def _part_names(guesses: list[ColumnGuess], shares: Sequence[dict[str, float]]) -> None:
    """Names over two columns: the second often has no heading of its own, or "Tên" holds the whole name."""
    fields = {guess.field: guess.column for guess in guesses}
    for guess in list(guesses):
        right = guess.column + 1
        if guess.field not in ("full_name", "family_name") or right >= len(guesses) or "given_name" in fields:
            continue
        follower = guesses[right]
        is_bare = follower.field == "" or (follower.field == guess.field and follower.heading == guess.heading)
        if is_bare and shares[right].get("given_name", 0) > _ENOUGH:
            guesses[guess.column] = dataclasses.replace(guess, field="family_name", confidence=0.9, reason=_PARTED, values={})
            guesses[right] = dataclasses.replace(follower, field="given_name", confidence=0.9, reason=_PARTED, values={})
            return
    if "full_name" not in fields and "given_name" in fields and "family_name" not in fields:
        column = fields["given_name"]
        if shares[column].get("full_name", 0) > 0.5:
            guesses[column] = dataclasses.replace(guesses[column], field="full_name", confidence=0.9, reason=_BY_BOTH)


def _settle(guesses: list[ColumnGuess]) -> None:
    """No field twice: the surer column keeps it, of two equals the one named for party cells, then the first."""
    best: dict[str, ColumnGuess] = {}
    for guess in guesses:
        if guess.field in _REPEATABLE:
            continue
        other = best.get(guess.field)
        if other is None or _rank(guess) > _rank(other):
            best[guess.field] = guess
    for index, guess in enumerate(guesses):
        if guess.field not in _REPEATABLE and best[guess.field] is not guess:
            guesses[index] = dataclasses.replace(
                guess, field=IGNORED, confidence=0.5, reason=_TAKEN, values={"label": FIELDS[guess.field].label}
            )
    if "full_name" in best and "given_name" in best and "family_name" not in best:
        given = best["given_name"]  # "Họ và tên" beside "Tên" alone: the first column then lacks the last word
        guesses[given.column] = dataclasses.replace(
            given, field=IGNORED, confidence=0.5, reason=_TAKEN, values={"label": FIELDS["full_name"].label}
        )


def _rank(guess: ColumnGuess) -> tuple[float, bool, bool, int]:
    heading = folded_heading(guess.heading)
    return (guess.confidence, "chi bo" in heading or "di dong" in heading, bool(guess.sample), -guess.column)


def _fill_by_cells(guesses: list[ColumnGuess], shares: Sequence[dict[str, float]]) -> None:
    """Columns whose heading says nothing, by what their cells look like; the surest first."""
    taken = {guess.field for guess in guesses}
    found: list[tuple[float, int, str]] = []
    for guess in guesses:
        if guess.field:
            continue
        for look, share in _readings(shares[guess.column], guess):
            if share > _ENOUGH:
                found.append((share, -guess.column, look))
    for share, minus_column, look in sorted(found, reverse=True):
        guess = guesses[-minus_column]
        if guess.field or look in taken:
            continue
        taken.add(look)
        values = {"share": round(share * 100), "what": LOOKS[look]}
        guesses[guess.column] = dataclasses.replace(
            guess, field=look, confidence=round(share * 0.8, 2), reason=_BY_CELLS, values=values
        )
    for index, guess in enumerate(guesses):
        if not guess.field:
            guesses[index] = dataclasses.replace(guess, field=IGNORED)


def _readings(shares: dict[str, float], guess: ColumnGuess) -> list[tuple[str, float]]:
    dated = shares.get("birth_date", 0) + shares.get("year", 0)
    readings = [(look, shares.get(look, 0)) for look in ("full_name", "phone", "email", "national_id", "sex", "kind", "unit")]
    readings.append(("birth_date", dated))
    if guess.column <= 1 and not guess.heading:
        readings.append(("ordinal", shares.get("ordinal", 0)))
    return readings
