"""For which unit a person stands in a contest."""

from __future__ import annotations


def competing_unit(organiser_path: str, own_path: str) -> int:
    """Id of the unit directly below the organiser's to which the person's own belongs; their own unit where it lies elsewhere.

    A province compares its wards and communes, not their hundreds of cells. Paths run from the top down: /1/5/23/.
    """
    own = own_path.strip("/").split("/")
    if own_path.startswith(organiser_path):
        depth = len(organiser_path.strip("/").split("/"))
        return int(own[min(depth, len(own) - 1)])
    return int(own[-1])
