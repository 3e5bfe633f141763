"""Classical test theory: how hard each item of a quiz was, how well it told strong from weak takers, and how far the whole can be trusted.

Marks come in as whole ten-millionths, and sums are exact whole numbers, so that "all marks are equal" and "the covariance is 0" are facts
and no matter of rounding; only the last step of each figure is a float. What is not defined is None, never an error.

Formulas: means, variances and covariances with n − 1 in the denominator; discrimination index and efficiency, effective weight, and the
k-statistics for skewness and kurtosis as the quiz statistics of Moodle define them; coefficient of internal consistency = 100 × Cronbach's alpha.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

PER_MARK = 10_000_000
"""Whole ten-millionths in one mark."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class ItemFigures:
    """Figures of one item over the `s` attempts that hold it. `sd` in marks, `facility` from 0 to 1, the rest as in the module's text.

    `effective_weight` is None where the item is no place of the paper (a question of a pool, a variant), or works against the total.
    """

    s: int
    facility: float | None = None
    sd: float | None = None
    effective_weight: float | None = None
    discrimination_index: float | None = None
    discriminative_efficiency: float | None = None
    covariance: float | None = None
    covariance_max: float | None = None
    mark_variance: float | None = None
    other_mark_variance: float | None = None


@dataclass(frozen=True)
class WholeFigures:
    """Figures of the whole quiz over `n` attempts; mean, median, sd and standard error in marks, error ratio and cic in per cent."""

    n: int
    mean: float | None = None
    median: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    cic: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None


@dataclass(frozen=True)
class Spread:
    """Exact sums of an item beside the rest: n·Σab − Σa·Σb for (mark, mark), (rest, rest), (mark, rest), and both sorted."""

    n: int
    total: int
    marks: int
    rest: int
    both: int
    sorted_both: int

    def over(self, value: int) -> Fraction | None:
        """A variance or covariance in marks²; None for a single attempt."""
        return None if self.n < 2 else Fraction(value, self.n * (self.n - 1) * PER_MARK**2)

    @property
    def with_total(self) -> Fraction | None:
        """Covariance of the mark with the total, of which it is a part."""
        return self.over(self.both + self.marks)


def dot(one: Whole, other: Whole) -> int:
    """Σ one·other, exact however large: halves are multiplied where 64 bits would overflow."""
    if not len(one):
        return 0
    width = [int(np.abs(each).max()).bit_length() for each in (one, other)]
    if sum(width) + len(one).bit_length() < 63:
        return int(np.dot(one, other))
    if width[0] < width[1]:
        one, other, width = other, one, width[::-1]
    shift = width[0] // 2
    high, low = one >> shift, one & ((1 << shift) - 1)
    return (dot(high, other) << shift) + dot(low, other)


def joint(one: Whole, other: Whole) -> int:
    """n·Σab − Σa·Σb: n(n − 1) times the covariance, exact. The same for a constant added to either."""
    if not len(one):
        return 0
    one, other = one - one.min(), other - other.min()
    return len(one) * dot(one, other) - int(one.sum()) * int(other.sum())


def spread_of(marks: Whole, rest: Whole) -> Spread:
    """The sums from which all figures of an item follow. `rest` is what each attempt earned besides, or the total for a pool's question."""
    return Spread(
        len(marks),
        int(marks.sum()),
        joint(marks, marks),
        joint(rest, rest),
        joint(marks, rest),
        joint(np.sort(marks), np.sort(rest)),
    )


def item_figures(spread: Spread, reachable: int, effective_weight: float | None = None) -> ItemFigures:
    """All figures of an item of which `reachable` could have been earned in all attempts together (ten-millionths)."""
    if not spread.n:
        return ItemFigures(0)
    variance = spread.over(spread.marks)
    return ItemFigures(
        s=spread.n,
        facility=float(Fraction(spread.total, reachable)) if reachable else None,
        sd=None if variance is None else math.sqrt(variance),
        effective_weight=effective_weight,
        discrimination_index=100 * spread.both / (math.sqrt(spread.marks) * math.sqrt(spread.rest))
        if spread.marks and spread.rest
        else None,
        discriminative_efficiency=float(Fraction(100 * spread.both, spread.sorted_both)) if spread.sorted_both else None,
        covariance=_float(spread.over(spread.both)),
        covariance_max=_float(spread.over(spread.sorted_both)),
        mark_variance=_float(variance),
        other_mark_variance=_float(spread.over(spread.rest)),
    )


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def effective_weights(spreads: Sequence[Spread]) -> list[float | None]:
    """For the places of a paper: how much of the spread of totals each explains, in per cent of all that explain some."""
    roots = []
    for spread in spreads:
        covariance = spread.with_total
        roots.append(None if covariance is None or covariance < 0 else math.sqrt(covariance))
    whole = sum(root for root in roots if root is not None)
    return [None if root is None or not whole else 100 * root / whole for root in roots]


def whole_figures(totals: Whole, spreads: Sequence[Spread]) -> WholeFigures:
    """Figures of the whole quiz; `spreads` are those of the places of the paper."""
    n = len(totals)
    if not n:
        return WholeFigures(0)
    values, counts = np.unique(totals, return_counts=True)
    mean = Fraction(int(totals.sum()), n)
    middle = np.partition(totals, (n - 1) // 2)[(n - 1) // 2], np.partition(totals, n // 2)[n // 2]
    median = Fraction(int(middle[0]) + int(middle[1]), 2)
    k2, k3, k4 = _k_statistics([(int(value), int(count)) for value, count in zip(values, counts, strict=True)], n)
    sd = None if k2 is None else math.sqrt(k2) / PER_MARK
    alpha = _alpha(k2, spreads)
    error = None if alpha is None else math.sqrt(1 - alpha)
    return WholeFigures(
        n=n,
        mean=float(mean / PER_MARK),
        median=float(median / PER_MARK),
        sd=sd,
        skewness=float(k3) / math.sqrt(k2) ** 3 if k2 and k3 is not None else None,
        kurtosis=float(k4 / k2**2) if k2 and k4 is not None else None,
        cic=None if alpha is None else float(100 * alpha),
        error_ratio=None if error is None else 100 * error,
        standard_error=None if error is None or sd is None else error * sd,
    )


def _k_statistics(counted: Sequence[tuple[int, int]], n: int) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """The second, third and fourth k-statistics; each None where there are too few values."""
    if n < 2:
        return None, None, None
    whole = sum(value * count for value, count in counted)
    # Distances from the mean, times n: whole numbers, and exact.
    sums = [sum((n * value - whole) ** power * count for value, count in counted) for power in (2, 3, 4)]
    m2, m3, m4 = (Fraction(total, n ** (power + 1)) for total, power in zip(sums, (2, 3, 4), strict=True))
    k2 = n * m2 / (n - 1)
    k3 = n**2 * m3 / ((n - 1) * (n - 2)) if n > 2 else None
    k4 = n**2 * ((n + 1) * m4 - 3 * (n - 1) * m2**2) / ((n - 1) * (n - 2) * (n - 3)) if n > 3 else None
    return k2, k3, k4


def _alpha(k2: Fraction | None, spreads: Sequence[Spread]) -> Fraction | None:
    """Cronbach's alpha; None for fewer than two items or equal totals."""
    p = len(spreads)
    if p < 2 or not k2:
        return None
    variances = [spread.over(spread.marks) or Fraction(0) for spread in spreads]
    # Attempts that lack an item have a variance of their own, which may push the figure past its bound.
    return min(Fraction(1), Fraction(p, p - 1) * (1 - sum(variances, Fraction(0)) * PER_MARK**2 / k2))


FINEST = 15
"""Bins of equal size by total: three of them are a fifth, five a third."""


def score_bins(totals: Whole) -> Whole:
    """For each attempt the fifteenth of the field, from the weakest (0) to the strongest (14), in which it stands.

    Equal totals share a bin, that of the middle of their ranks; so bins differ in size where many are equal.
    """
    if not len(totals):
        return totals
    _, place, counts = np.unique(totals, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    bins: Whole = FINEST * (2 * below + counts) // (2 * len(totals))
    return bins[place]


def histogram(totals: Whole, max_total: int, bars: int = 10) -> list[int]:
    """How many attempts reached each tenth of the maximum; what lies below 0 or at the top belongs to the outermost."""
    if not len(totals) or max_total <= 0:
        return [0] * bars
    places = np.clip(totals * bars // max_total, 0, bars - 1)
    return [int(count) for count in np.bincount(places, minlength=bars)]
