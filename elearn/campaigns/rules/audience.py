"""Of whom the list of a campaign is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from elearn.lib.errors import InvalidInput

MOST_CODES = 5000


@dataclass(frozen=True)
class Audience:
    """Sorts of units and sorts of people below the organiser; `segments` narrows both to units of these groups.

    `codes` names further people by their codes: a list of those managed at a level is nobody's sort.
    """

    unit_kinds: tuple[str, ...] = ()
    member_kinds: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Sequence[str]]) -> Audience:
        """The way back; what is missing is empty."""
        return cls(*(tuple(data.get(name, ())) for name in ("unit_kinds", "member_kinds", "segments", "codes")))


def check_audience(audience: Audience) -> None:
    """Raise InvalidInput, naming the field, for an audience that is nobody."""
    if not (audience.unit_kinds or audience.member_kinds or audience.codes):
        raise InvalidInput("nobody", "Hãy chọn ít nhất một loại đơn vị hoặc một nhóm người.", field="unit_kinds")
    if len(audience.codes) > MOST_CODES:
        raise InvalidInput(
            "many_codes", "Nhiều nhất %(most)s mã mỗi lần. Danh sách dài hơn thì chọn theo nhóm.", field="codes", most=MOST_CODES
        )
