"""Likeness of questions: word triples without accents, a small sketch of them to find candidates, the Jaccard index to compare.

A sketch holds the SKETCH smallest hashes of a question's triples (bottom-k min-wise hashing, Broder 1997): two questions of similarity J share
none of them with a probability of about (1 − J)^SKETCH, which is 0.02 % at J = 0.5.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from heapq import nsmallest

from elearn.lib.vietnamese import fold

SKETCH = 12
ALIKE = 500
"""Thousandths from which two questions are called near-duplicates."""
TOO_COMMON = 200
"""A hash that so many questions share belongs to a turn of phrase and says nothing."""
_WORD = re.compile("[a-z0-9]+")


def triples(parts: Iterable[str]) -> frozenset[int]:
    """Hashes (63 bits) of all runs of three words of each part; of the whole part where it is shorter. The order of parts does not matter."""
    found: set[str] = set()
    for part in parts:
        words = _WORD.findall(fold(part))
        if words:
            found.update(" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2)))
    return frozenset(int.from_bytes(blake2b(one.encode(), digest_size=8).digest(), "big") >> 1 for one in found)


def sketch(hashes: Iterable[int]) -> list[int]:
    """The smallest hashes, in order."""
    return nsmallest(SKETCH, hashes)


def similarity(one: frozenset[int], other: frozenset[int]) -> int:
    """Jaccard index in thousandths; 0 where both are empty."""
    both = len(one | other)
    return round(1000 * len(one & other) / both) if both else 0


def candidates(own: Sequence[int], holders: Mapping[int, Sequence[int]], without: int | None = None, most: int = 3) -> list[int]:
    """Ids that share the most hashes with a sketch, best first; `holders` gives the ids by hash.

    Of a full sketch one shared hash is chance: at J = 0.5 fewer than two are shared by 0.3 % of the pairs.
    """
    least = 2 if len(own) == SKETCH else 1
    shared = Counter(number for value in own for number in holders.get(value, ()) if number != without)
    likely = [(-count, number) for number, count in shared.items() if count >= least]
    return [number for _, number in sorted(likely)[:most]]


def by_hash(sketches: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Ids by hash from (hash, id) pairs, without the hashes that are too common."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for value, number in sketches:
        holders[value].append(number)
    return {value: numbers for value, numbers in holders.items() if len(numbers) <= TOO_COMMON}


def doubles_within(questions: Sequence[frozenset[int]], least: int = ALIKE) -> list[tuple[int, int] | None]:
    """For each of the triples of a file's questions the earlier one that it resembles most, with its similarity; None below `least`."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    found: list[tuple[int, int] | None] = []
    for place, own in enumerate(questions):
        mine = sketch(own)
        common = {value: holders[value] for value in mine if value in holders and len(holders[value]) <= TOO_COMMON}
        likes = [(similarity(own, questions[other]), -other) for other in candidates(mine, common)]
        best = max(likes, default=(0, 0))
        found.append((-best[1], best[0]) if best[0] >= least else None)
        for value in mine:
            holders[value].append(place)
    return found
