"""From a unit's draft list to a place in a class: one state machine, pure.

A nomination is live from the moment its unit submits it until it is refused, withdrawn or lapses. A unit never has more live nominations
than its quota; a class never has more places taken (approved, offered, enrolled) than its capacity. Whoever is approved when the class is
full waits; a place that becomes free is offered to whoever has waited longest, for a limited time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from elearn.classes.rules.eligibility import Reason
from elearn.lib.errors import DomainError, InvalidInput


class State(StrEnum):
    """Where a nomination stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    ENROLLED = "enrolled"
    WAITING = "waiting"
    OFFERED = "offered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Act(StrEnum):
    """What people do with nominations."""

    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    APPROVE = "approve"
    REFUSE = "refuse"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    AGAIN = "again"


STATE_NAMES: Mapping[State, str] = {
    State.DRAFT: "Đang lập",
    State.SUBMITTED: "Chờ cấp trên xác nhận",
    State.CONFIRMED: "Chờ đơn vị mở lớp duyệt",
    State.APPROVED: "Đã duyệt",
    State.ENROLLED: "Đã vào lớp",
    State.WAITING: "Danh sách chờ",
    State.OFFERED: "Được gọi bổ sung, chờ nhận chỗ",
    State.REFUSED: "Không được duyệt",
    State.WITHDRAWN: "Đã rút",
    State.LAPSED: "Quá hạn nhận chỗ",
}
LIVE = frozenset({State.SUBMITTED, State.CONFIRMED, State.APPROVED, State.ENROLLED, State.WAITING, State.OFFERED})
PLACED = frozenset({State.APPROVED, State.OFFERED, State.ENROLLED})
ENDED = frozenset({State.REFUSED, State.WITHDRAWN, State.LAPSED})
FROM: Mapping[Act, frozenset[State]] = {
    Act.SUBMIT: frozenset({State.DRAFT}),
    Act.CONFIRM: frozenset({State.SUBMITTED}),
    Act.RETURN: frozenset({State.SUBMITTED, State.CONFIRMED}),
    Act.APPROVE: frozenset({State.CONFIRMED}),
    Act.REFUSE: frozenset({State.SUBMITTED, State.CONFIRMED, State.WAITING}),
    Act.ACCEPT: frozenset({State.OFFERED}),
    Act.WITHDRAW: frozenset({State.DRAFT, *LIVE}),
    Act.AGAIN: ENDED,
}
"""From which states each act leads on; anything else is refused."""
NEEDS_REASON = frozenset({Act.RETURN, Act.REFUSE, Act.WITHDRAW})
SHORTEST_REASON = 5
FREED = "Có chỗ trống; hạn nhận chỗ đến %(until)s"
LAPSED_WORDS = "Quá thời hạn nhận chỗ"


@dataclass(frozen=True)
class Nominee:
    """A nomination as the machine sees it; `queued_at` is set once it waits and orders the waiting list, ids after it."""

    id: int
    unit_id: int
    state: State
    queued_at: datetime | None = None
    offered_until: datetime | None = None


@dataclass(frozen=True)
class Places:
    """What limits a class. `capacity` None: no limit; a unit without a quota may nominate nobody. `is_opened`: the decision is out."""

    capacity: int | None
    quotas: Mapping[int, int]
    confirm_for: timedelta = timedelta(hours=48)
    is_opened: bool = False


@dataclass(frozen=True)
class Move:
    """One change of state; `because` explains what followed by itself, such as a promotion."""

    before: Nominee
    after: Nominee
    because: Reason | None = None


@dataclass(frozen=True)
class Refusal:
    """A nomination that the act did not change, and why; several reasons where conditions were checked."""

    nominee_id: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Plan:
    """All that an act changes, in order, and what it left as it was."""

    moves: tuple[Move, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Machine:
    """Works an act out on a list of nominations; holds the list as it becomes, and nothing else."""

    def __init__(self, nominees: Sequence[Nominee], places: Places, now: datetime) -> None:
        self.now, self.places = now, places
        self.by_id = {one.id: one for one in nominees}
        self.live = Counter(one.unit_id for one in nominees if one.state in LIVE)
        self.taken = sum(one.state in PLACED for one in nominees)
        self.moves: list[Move] = []
        self.refusals: list[Refusal] = []

    @property
    def has_room(self) -> bool:
        return self.places.capacity is None or self.taken < self.places.capacity

    def move(self, one: Nominee, state: State, because: Reason | None = None, until: datetime | None = None) -> None:
        queued_at = (one.queued_at or self.now) if state in (State.WAITING, State.OFFERED) else None
        after = replace(one, state=state, queued_at=queued_at, offered_until=until)
        self.live[one.unit_id] += (state in LIVE) - (one.state in LIVE)
        self.taken += (state in PLACED) - (one.state in PLACED)
        self.by_id[one.id] = after
        self.moves.append(Move(one, after, because))

    def refuse(self, one: Nominee, *reasons: Reason) -> None:
        self.refusals.append(Refusal(one.id, reasons))

    def promote(self) -> None:
        """Offer every free place to whoever has waited longest."""
        waiting = sorted(
            (one for one in self.by_id.values() if one.state is State.WAITING), key=lambda one: (one.queued_at or self.now, one.id)
        )
        for one in waiting:
            if not self.has_room:
                return
            until = self.now + self.places.confirm_for
            self.move(one, State.OFFERED, Reason("promoted", "Có chỗ trống, được gọi từ danh sách chờ"), until)

    def plan(self) -> Plan:
        return Plan(tuple(self.moves), tuple(self.refusals))


def check_reason(act: Act, reason: str) -> None:
    """Raise InvalidInput where the act needs a reason and has none."""
    if act in NEEDS_REASON and len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput("reason_needed", "Hãy ghi lý do, ít nhất %(n)s ký tự.", field="reason", n=SHORTEST_REASON)


def carry_out(
    act: Act,
    chosen: Collection[int],
    nominees: Sequence[Nominee],
    places: Places,
    now: datetime,
    against: Mapping[int, tuple[Reason, ...]] | None = None,
) -> Plan:
    """What an act on the chosen nominations changes. `against` holds what the conditions say, by nomination, for submitting and approving.

    Order of the list is the order in which places are given; ids that are not of the list raise DomainError.
    """
    unknown = set(chosen) - {one.id for one in nominees}
    if unknown:
        raise DomainError("not_of_class", "Danh sách vừa thay đổi. Hãy tải lại trang rồi làm lại.")
    machine = Machine(nominees, places, now)
    wanted = set(chosen)
    for one in nominees:
        if one.id not in wanted:
            continue
        if one.state not in FROM[act]:
            machine.refuse(one, Reason("state", "đang ở trạng thái “%(state)s”", (("state", STATE_NAMES[one.state]),)))
            continue
        reasons = (against or {}).get(one.id, ()) if act in (Act.SUBMIT, Act.APPROVE, Act.ACCEPT) else ()
        if reasons:
            machine.refuse(one, *reasons)
            continue
        _step(machine, act, one)
    if act in (Act.WITHDRAW, Act.REFUSE):
        machine.promote()
    return machine.plan()


def _step(machine: Machine, act: Act, one: Nominee) -> None:
    if act is Act.SUBMIT:
        quota = machine.places.quotas.get(one.unit_id, 0)
        if machine.live[one.unit_id] >= quota:
            machine.refuse(one, Reason("over_quota", "vượt chỉ tiêu: đơn vị chỉ được cử %(quota)s người", (("quota", quota),)))
        else:
            machine.move(one, State.SUBMITTED)
    elif act is Act.APPROVE:
        in_queue = any(other.state is State.WAITING for other in machine.by_id.values())
        if not machine.has_room or in_queue:
            machine.move(one, State.WAITING, Reason("full", "Lớp đã đủ chỗ, vào danh sách chờ"))
        else:
            machine.move(one, State.ENROLLED if machine.places.is_opened else State.APPROVED)
    elif act is Act.ACCEPT:
        if one.offered_until is not None and one.offered_until <= machine.now:
            machine.move(one, State.LAPSED, Reason("lapsed", LAPSED_WORDS))
            machine.promote()
        else:
            machine.move(one, State.ENROLLED if machine.places.is_opened else State.APPROVED)
    else:
        target = {
            Act.CONFIRM: State.CONFIRMED, Act.RETURN: State.DRAFT, Act.REFUSE: State.REFUSED, Act.WITHDRAW: State.WITHDRAWN,
            Act.AGAIN: State.DRAFT,
        }[act]  # fmt: skip
        machine.move(one, target)


def open_class(nominees: Sequence[Nominee], places: Places, now: datetime) -> Plan:
    """The opening decision is out: whoever is approved is enrolled."""
    machine = Machine(nominees, places, now)
    for one in nominees:
        if one.state is State.APPROVED:
            machine.move(one, State.ENROLLED)
    return machine.plan()


def let_lapse(nominees: Sequence[Nominee], places: Places, now: datetime) -> Plan:
    """Offers whose time has run out lapse, and those who wait next are called; also called when capacity has grown."""
    machine = Machine(nominees, places, now)
    for one in nominees:
        if one.state is State.OFFERED and one.offered_until is not None and one.offered_until <= now:
            machine.move(one, State.LAPSED, Reason("lapsed", LAPSED_WORDS))
    machine.promote()
    return machine.plan()


def check_limits(nominees: Sequence[Nominee], capacity: int | None, quotas: Mapping[int, int], names: Mapping[int, str]) -> None:
    """Raise InvalidInput where new limits are below what is taken already."""
    taken = sum(one.state in PLACED for one in nominees)
    if capacity is not None and capacity < taken:
        raise InvalidInput(
            "capacity_taken", "Đã có %(n)s người được xếp chỗ, quy mô lớp không nhỏ hơn được.", field="capacity", n=taken
        )
    live = Counter(one.unit_id for one in nominees if one.state in LIVE)
    for unit_id, count in live.items():
        if quotas.get(unit_id, 0) < count:
            raise InvalidInput(
                "quota_taken", "%(unit)s đã cử %(n)s người, chỉ tiêu không nhỏ hơn được.",
                field="quotas", n=count, unit=names.get(unit_id, ""),
            )  # fmt: skip
