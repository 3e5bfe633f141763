"""Which role may hand on which, and that nobody gives more than they hold: in role, in units, in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local
from elearn.lib.tree import is_within, outermost
from elearn.members.rules.permissions import Role

_GRANTABLE = frozenset(role for role in Role if role is not Role.LEARNER)

DELEGATES: Mapping[Role, frozenset[Role]] = {
    Role.SYSTEM_ADMINISTRATOR: _GRANTABLE,
    Role.PERSONNEL_OFFICER: frozenset({Role.PERSONNEL_OFFICER, Role.UNIT_VIEWER}),
    Role.TRAINING_OFFICER: frozenset({Role.TRAINING_OFFICER, Role.EXAMINER, Role.UNIT_VIEWER}),
    Role.CONTEST_OFFICER: frozenset({Role.CONTEST_OFFICER, Role.EXAMINER, Role.UNIT_VIEWER}),
    Role.CONTENT_EDITOR: frozenset({Role.CONTENT_EDITOR, Role.REVIEWER}),
}

# Two people decide about these. The administrator can do everything. The personnel officer alone reads ethnicity, religion and
# national ids, which administrators may not: without a second pair of eyes one could let an accomplice read them.
HIGHEST = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.PERSONNEL_OFFICER})


@dataclass(frozen=True)
class HeldGrant:
    """A grant that somebody holds, with its period; `unit_path` may also be a unit of the catchment."""

    role: Role
    unit_path: str
    valid_from: datetime
    valid_to: datetime | None = None


@dataclass(frozen=True)
class WantedGrant:
    """A grant that is asked for: `paths` are the unit and, with catchment, the units that it serves."""

    role: Role
    paths: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime | None = None


def roles_to_give(own: Iterable[HeldGrant]) -> list[Role]:
    """The roles that these grants let one hand on, in the order of the roles."""
    found = {role for grant in own for role in DELEGATES.get(grant.role, frozenset())}
    return [role for role in Role if role in found]


def paths_to_give(own: Iterable[HeldGrant], role: Role | None = None) -> list[str]:
    """Tops of the subtrees in which one may hand on `role`, or any role at all."""
    return outermost(
        grant.unit_path for grant in own if (role in DELEGATES.get(grant.role, ()) if role else grant.role in DELEGATES)
    )


def check_grant(own: Sequence[HeldGrant], wanted: WantedGrant, grantor_id: int, receiver_id: int, now: datetime) -> None:
    """Raise InvalidInput naming the field and the reason where a grant is wider than one's own, or to oneself."""
    if grantor_id == receiver_id:
        raise InvalidInput("grant_to_self", "Không tự giao quyền cho chính mình được.", field="member")
    if wanted.valid_to is not None and wanted.valid_to <= max(wanted.valid_from, now):
        raise InvalidInput("grant_period", "Ngày kết thúc phải sau ngày bắt đầu và chưa qua.", field="last_day")
    live = [grant for grant in own if grant.valid_from <= now and (grant.valid_to is None or grant.valid_to > now)]
    able = [grant for grant in live if wanted.role in DELEGATES.get(grant.role, frozenset())]
    if not able:
        raise InvalidInput("grant_role_wider", "Quyền của bạn không cho phép giao lại quyền này.", field="role")
    latest: list[datetime] = []
    for place, path in enumerate(wanted.paths):
        over = [grant for grant in able if is_within(path, grant.unit_path)]
        if not over and place == 0:
            raise InvalidInput("grant_unit_wider", "Đơn vị này nằm ngoài phạm vi quyền của bạn.", field="unit")
        if not over:
            raise InvalidInput(
                "grant_catchment_wider", "Có đơn vị trong địa bàn phục vụ nằm ngoài phạm vi quyền của bạn.", field="with_catchment"
            )
        ends = [grant.valid_to for grant in over]
        if None not in ends:
            latest.append(max(end for end in ends if end is not None))
    if latest and (wanted.valid_to is None or wanted.valid_to > min(latest)):
        raise InvalidInput(
            "grant_period_wider", "Quyền của bạn chỉ đến %(moment)s, không giao lâu hơn được.", field="last_day",
            moment=local(min(latest)).strftime("%H:%M %d/%m/%Y"),
        )  # fmt: skip
