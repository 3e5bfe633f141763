"""Ranks units: what they are measured by, how measures are weighed, and what each has to reach.

Everything is exact: shares are fractions until they are shown, so that two machines never round a tie apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from elearn.contests.rules.settings import UnitFormula, UnitTarget
from elearn.contests.rules.words import Words

MEASURES: Mapping[str, str] = {
    "people": "Số người dự",
    "attempts": "Số lượt dự",
    "rate": "Tỷ lệ người dự trên quân số",
    "mean": "Điểm trung bình (thang 100)",
    "pass": "Tỷ lệ đạt",
    "all_correct": "Tỷ lệ đúng hết",
}
"""By key, in words. The first two are counts, the others lie between 0 and 100."""
COUNTS = ("people", "attempts")


@dataclass(frozen=True)
class UnitFigures:
    """Sums over the people (người) and attempts (lượt) of a unit. Scores are ten-millionths; `headcount` None where none is recorded."""

    unit_id: int
    name: str
    people: int
    attempts: int
    all_correct: int
    passed: int
    score_sum: int
    max_score: int
    headcount: int | None = None


@dataclass(frozen=True)
class UnitRow:
    """A unit in its place; `score` is exact, `measures` by key, None where a measure is not defined for the unit."""

    position: int
    place: int
    figures: UnitFigures
    score: Fraction
    measures: Mapping[str, Fraction | None]


def mean_of_all(units: Sequence[UnitFigures]) -> Fraction:
    """Mean score over all people, 0 to 100; 0 where nobody took part."""
    top = sum(one.people * one.max_score for one in units)
    return Fraction(100 * sum(one.score_sum for one in units), top) if top else Fraction(0)


def measures_of(one: UnitFigures, overall: Fraction, shrink_to: int) -> dict[str, Fraction | None]:
    """All measures of a unit. The mean is drawn towards the mean of all as if `shrink_to` further people had it (shrinkage estimate).

    The rate is at most 100: people who moved in since the day of the headcount do not count a unit above full.
    """
    has_people = one.people > 0
    weight = one.people + shrink_to
    own = Fraction(100 * one.score_sum, one.max_score) if one.max_score else Fraction(0)
    return {
        "people": Fraction(one.people),
        "attempts": Fraction(one.attempts),
        "rate": min(Fraction(100), Fraction(100 * one.people, one.headcount)) if one.headcount else None,
        "mean": (own + shrink_to * overall) / weight if has_people else None,
        "pass": Fraction(100 * one.passed, one.people) if has_people else None,
        "all_correct": Fraction(100 * one.all_correct, one.people) if has_people else None,
    }


def rank_units(units: Sequence[UnitFigures], formula: UnitFormula) -> list[UnitRow]:
    """Units from the best. The score is the weighted sum of the measures in percent; a measure that is not defined counts as 0.

    Ties go by mean, then by rate, then by attempts; whoever is still equal shares a place (1, 2, 2, 4), rows then go by name and id.
    """
    overall = mean_of_all(units)
    found = []
    for one in units:
        measures = measures_of(one, overall, formula.shrink_to)
        score = sum((Fraction(weight, 100) * (measures[key] or 0) for key, weight in formula.weights.items()), Fraction(0))
        ties = tuple(-(measures[key] or Fraction(0)) for key in ("mean", "rate", "attempts"))
        found.append(((-score, *ties), one, score, measures))
    found.sort(key=lambda row: (row[0], row[1].name, row[1].unit_id))
    rows: list[UnitRow] = []
    above, place = None, 0
    for position, (key, one, score, measures) in enumerate(found, start=1):
        if key != above:
            place = position
        rows.append(UnitRow(position, place, one, score, measures))
        above = key
    return rows


def shown_score(score: Fraction) -> int:
    """A score in millionths, rounded half up: for show and for columns; places rest on the exact value."""
    return (2 * score.numerator * 10**6 + score.denominator) // (2 * score.denominator)


def word_formula(formula: UnitFormula) -> list[Words]:
    """What the score of a unit is made of, in words."""
    if list(formula.weights) == ["people"]:
        return [Words("Đơn vị có nhiều người dự hơn thì xếp trên.")]
    told = [
        Words("%(weight)s%% %(measure)s", {"weight": weight, "measure": Words(MEASURES[key])})
        for key, weight in formula.weights.items()
    ]
    if formula.shrink_to:
        told.append(
            Words(
                "Điểm trung bình của đơn vị ít người được kéo về trung bình chung, như thể có thêm %(n)s người đạt mức ấy.",
                {"n": formula.shrink_to},
            )
        )
    return told


@dataclass(frozen=True)
class Reached:
    """What a unit has to reach and has; None where nothing is asked of it."""

    target: UnitTarget
    has: int

    @property
    def is_reached(self) -> bool:
        """Whether it is enough."""
        return self.has >= self.target.count

    @property
    def is_missing(self) -> int:
        """How many are missing."""
        return max(0, self.target.count - self.has)


def named_targets(counts: Mapping[int, int], kind: str) -> tuple[UnitTarget, ...]:
    """Targets of single units from counts by unit id, those of the same count together."""
    units: dict[int, list[int]] = {}
    for unit_id, count in counts.items():
        units.setdefault(count, []).append(unit_id)
    return tuple(UnitTarget(count, kind, tuple(sorted(ids))) for count, ids in sorted(units.items()))


def target_of(targets: Sequence[UnitTarget], unit_id: int) -> UnitTarget | None:
    """What is asked of a unit: the first target that names it, else the first that names none."""
    named = next((one for one in targets if unit_id in one.unit_ids), None)
    return named or next((one for one in targets if not one.unit_ids), None)


def reached(targets: Sequence[UnitTarget], unit_id: int, people: int, attempts: int) -> Reached | None:
    """How a unit stands to its target; None where nothing is asked of it."""
    target = target_of(targets, unit_id)
    return Reached(target, people if target.counts == "people" else attempts) if target else None
