"""What a row would change of a record, and what can be taken back of it later."""

from __future__ import annotations

from collections.abc import Mapping

PLAIN = ("full_name", "sex", "phone", "email", "kind")
SENSITIVE = ("national_id", "card_number", "ethnicity", "religion")
CARRIED = (*PLAIN, "birth_date", "birth_precision", *SENSITIVE, "position", "unit_id")
"""Fields of a record that an import writes. An empty cell never takes anything away."""


def changes_of(values: Mapping[str, str], unit_id: int | None, present: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Field → (old, new) for everything that a row says otherwise than the record. `present` holds the fields of CARRIED."""
    found: dict[str, tuple[object, object]] = {}
    for field in (*PLAIN, *SENSITIVE, "position"):
        new = values.get(field, "")
        if field == "national_id" and len(new) != 12:
            continue  # the nine digits of an old card say nothing of the twelve
        if new and new != present[field]:
            found[field] = (present[field], new)
    birth, precision = values.get("birth_date", ""), values.get("birth_precision", "")
    if birth and (birth, precision) != (present["birth_date"], present["birth_precision"]):
        ranks = {"": 0, "year": 1, "month": 2, "day": 3}
        is_coarser = ranks[precision] < ranks[str(present["birth_precision"])]
        length = {"year": 4, "month": 7, "day": 10}[precision]
        if not (is_coarser and str(present["birth_date"])[:length] == birth[:length]):
            found["birth_date"] = (present["birth_date"], birth)
            found["birth_precision"] = (present["birth_precision"], precision)
    if unit_id and unit_id != present["unit_id"]:
        found["unit_id"] = (present["unit_id"], unit_id)
    return found


def action_of(changes: Mapping[str, object]) -> str:
    """What a matched row comes to: "move" where the unit changes, "update", or "same"."""
    return "move" if "unit_id" in changes else "update" if changes else "same"


def can_take_back(
    changes: Mapping[str, tuple[object, object]], present: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    """(field → value to write again, fields that somebody has changed since and that stay as they are)."""
    back = {field: old for field, (old, new) in changes.items() if present[field] == new}
    return back, [field for field in changes if field not in back]
