"""Why somebody stands where they stand, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from elearn.contests.rules.candidates import Criterion, Own, Step
from elearn.contests.rules.words import Words


def explain(own: Own, steps: Sequence[Step], criteria: Mapping[str, Criterion]) -> list[Words]:
    """Sentences from the first criterion to the one that leaves nobody equal, and what follows from them."""
    told: list[Words] = []
    for step in steps:
        told += criteria[step.key].tell(own, step)
        if not step.equal:
            break
    else:
        if steps and steps[-1].equal:
            told.append(Words("%(count)s người khác bằng bạn ở mọi tiêu chí nên đồng hạng.", {"count": steps[-1].equal}))
    told.append(Words("Vì thế bạn xếp thứ %(place)s.", {"place": own.place}))
    return told
