"""Small reversible changes of the dated facts: what a plan comes to, what is written to tables, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from elearn.units.rules.organisation import NO_DECISION, Decision, Organisation, Span, Successor, UnitHistory, UnitName

Fact = Literal["name", "kind", "parent"]
Value = UnitName | str | int | None
SPANS: Mapping[Fact, str] = {"name": "names", "kind": "kinds", "parent": "parents"}


@dataclass(frozen=True, slots=True)
class AddUnit:
    """A new unit; its name, kind and parent follow as spans."""

    unit_id: int
    code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class RemoveUnit:
    """Takes back `AddUnit`: the unit has no facts left and nothing points to it."""

    unit_id: int
    code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A fact that holds from a day on; the one before it is closed. Reversed by `RemoveSpan`."""

    unit_id: int
    fact: Fact
    valid_from: date
    value: Value
    decision: Decision = NO_DECISION


@dataclass(frozen=True, slots=True)
class RemoveSpan:
    """Takes away the last, open span of a fact, as if it had never been."""

    unit_id: int
    fact: Fact
    valid_from: date
    value: Value
    decision: Decision = NO_DECISION


@dataclass(frozen=True, slots=True)
class CloseSpan:
    """The last span of a fact gets an end. Reversed by `ReopenSpan`."""

    unit_id: int
    fact: Fact
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class ReopenSpan:
    """The last span of a fact, which had this end, holds on."""

    unit_id: int
    fact: Fact
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class EndUnit:
    """The unit does not exist from the day on; its spans have been closed. Reversed by `ReviveUnit`."""

    unit_id: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class ReviveUnit:
    """The unit did not end on that day after all."""

    unit_id: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class AddSuccessor:
    """A link to a unit that carries on, or (not main) took over a part. Reversed by `RemoveSuccessor`."""

    link: Successor


@dataclass(frozen=True, slots=True)
class RemoveSuccessor:
    """Takes the link away."""

    link: Successor


Edit = AddUnit | RemoveUnit | OpenSpan | RemoveSpan | CloseSpan | ReopenSpan | EndUnit | ReviveUnit | AddSuccessor | RemoveSuccessor


@dataclass(frozen=True)
class Conflict:
    """An edit that cannot be undone, and why: a Vietnamese source message with places for `values`."""

    edit: Edit
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class CannotApply(Exception):
    """The facts are not what an edit expects; carries the conflict."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.message % conflict.values)
        self.conflict = conflict


@dataclass(frozen=True)
class Undoing:
    """`edits` take back all that nothing later was built on; `conflicts` are the edits that stay, as they were made."""

    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    organisation: Organisation


def inverse(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that take these back, in the order in which they are to be applied."""
    return tuple(opposite(edit) for edit in reversed(edits))


def opposite(edit: Edit) -> Edit:
    """The edit that takes this one back."""
    match edit:
        case AddUnit(unit_id, code, valid_from):
            return RemoveUnit(unit_id, code, valid_from)
        case RemoveUnit(unit_id, code, valid_from):
            return AddUnit(unit_id, code, valid_from)
        case OpenSpan(unit_id, fact, valid_from, value, decision):
            return RemoveSpan(unit_id, fact, valid_from, value, decision)
        case RemoveSpan(unit_id, fact, valid_from, value, decision):
            return OpenSpan(unit_id, fact, valid_from, value, decision)
        case CloseSpan(unit_id, fact, valid_from, valid_to):
            return ReopenSpan(unit_id, fact, valid_from, valid_to)
        case ReopenSpan(unit_id, fact, valid_from, valid_to):
            return CloseSpan(unit_id, fact, valid_from, valid_to)
        case EndUnit(unit_id, valid_to):
            return ReviveUnit(unit_id, valid_to)
        case ReviveUnit(unit_id, valid_to):
            return EndUnit(unit_id, valid_to)
        case AddSuccessor(link):
            return RemoveSuccessor(link)
        case RemoveSuccessor(link):
            return AddSuccessor(link)


def apply(organisation: Organisation, edits: Iterable[Edit]) -> Organisation:
    """The organisation after the edits; raises CannotApply where the facts are not what an edit expects."""
    draft = Draft(organisation)
    for edit in edits:
        draft.apply(edit)
    return draft.organisation()


def conflicts(organisation: Organisation, edits: Sequence[Edit]) -> tuple[Conflict, ...]:
    """Which of the edits, made earlier, can no longer be undone, because something later built on them."""
    return undo(organisation, [(edit,) for edit in edits]).conflicts


def undo(organisation: Organisation, steps: Sequence[Sequence[Edit]]) -> Undoing:
    """What takes back steps made earlier, each wholly or not at all, as far as no gap, circle or orphan comes of it."""
    draft = Draft(organisation)
    done: list[Edit] = []
    found: list[Conflict] = []
    for step in reversed(steps):
        taken: list[Edit] = []
        for edit in inverse(step):
            try:
                draft.apply(edit)
            except CannotApply as refusal:
                found.append(replace(refusal.conflict, edit=opposite(edit)))
                for back in inverse(taken):
                    draft.apply(back)
                taken = []
                break
            taken.append(edit)
        done += taken
    return Undoing(tuple(done), tuple(found), draft.organisation())


class Draft:
    """An organisation while edits are applied to it one after the other."""

    def __init__(self, organisation: Organisation) -> None:
        self.units: dict[int, UnitHistory] = dict(organisation.units)
        self.codes: dict[str, int] = dict(organisation.ids_by_code)
        self.below: dict[int, set[int]] = {}
        self.before: dict[int, set[int]] = {}
        for unit in self.units.values():
            self._index(unit)

    def organisation(self) -> Organisation:
        """The organisation as it stands now."""
        return Organisation(dict(self.units))

    def apply(self, edit: Edit) -> None:
        """Makes one edit; raises CannotApply and changes nothing where the facts are not what it expects."""
        match edit:
            case AddUnit(unit_id, code, valid_from):
                self._expect(unit_id not in self.units and code not in self.codes, edit, unit_id)
                self._put(UnitHistory(unit_id, code, valid_from))
            case RemoveUnit(unit_id, code, _):
                self._remove_unit(edit)
            case OpenSpan() | RemoveSpan() | CloseSpan() | ReopenSpan():
                self._change_span(edit)
            case EndUnit(unit_id, valid_to):
                unit = self._unit(edit, unit_id)
                ends = [spans[-1].valid_to for spans in (unit.names, unit.kinds, unit.parents) if spans]
                self._expect(unit.valid_to is None and set(ends) <= {valid_to}, edit, unit_id)
                left = [child for child in self.below.get(unit_id, ()) if self.lies_below(child, unit_id, valid_to)]
                self._expect(not left, edit, unit_id, left[0] if left else None)
                self._put(replace(unit, valid_to=valid_to))
            case ReviveUnit(unit_id, valid_to):
                unit = self._unit(edit, unit_id)
                self._expect(unit.valid_to == valid_to, edit, unit_id)
                self._put(replace(unit, valid_to=None))
            case AddSuccessor(link):
                unit = self._unit(edit, link.unit_id)
                clash = any(
                    other.successor_id == link.successor_id or (other.is_main and link.is_main) for other in unit.successors
                )
                self._expect(link.successor_id in self.units and not clash, edit, link.unit_id)
                links = sorted((*unit.successors, link), key=lambda each: (each.effective_on, not each.is_main, each.successor_id))
                self._put(replace(unit, successors=tuple(links)))
            case RemoveSuccessor(link):
                unit = self._unit(edit, link.unit_id)
                self._expect(link in unit.successors, edit, link.unit_id)
                self._put(replace(unit, successors=tuple(other for other in unit.successors if other != link)))

    def lies_below(self, child_id: int, unit_id: int, day: date) -> bool:
        """True where the child belongs to the unit on the day or later."""
        return any(
            span.value == unit_id and (span.valid_to is None or span.valid_to > day) for span in self.units[child_id].parents
        )

    def makes_circle(self, unit_id: int, parent_id: int, day: date, until: date | None = None) -> bool:
        """True where the parent is the unit, or lies below it on any day from `day` (until `until`)."""
        if parent_id == unit_id:
            return True
        for span in self.units[parent_id].parents:
            starts = max(span.valid_from, day)
            ends = min((end for end in (span.valid_to, until) if end is not None), default=None)
            if span.value is not None and (ends is None or starts < ends) and self.makes_circle(unit_id, span.value, starts, ends):
                return True
        return False

    def _unit(self, edit: Edit, unit_id: int) -> UnitHistory:
        unit = self.units.get(unit_id)
        if unit is None:
            raise CannotApply(Conflict(edit, "gone", "Đơn vị của bước này không còn nữa."))
        return unit

    def _remove_unit(self, edit: RemoveUnit) -> None:
        unit = self._unit(edit, edit.unit_id)
        others = sorted(self.below.get(unit.id, set()) | self.before.get(unit.id, set()))
        self._expect(not others, edit, unit.id, others[0] if others else None)
        self._expect(not (unit.names or unit.kinds or unit.parents or unit.successors or unit.valid_to), edit, unit.id)
        del self.units[unit.id], self.codes[unit.code]

    def _change_span(self, edit: OpenSpan | RemoveSpan | CloseSpan | ReopenSpan) -> None:
        unit = self._unit(edit, edit.unit_id)
        spans: tuple[Span[Any], ...] = getattr(unit, SPANS[edit.fact])
        last = spans[-1] if spans else None
        match edit:
            case OpenSpan():
                end_before = last.valid_to if last else unit.valid_from
                self._expect(unit.valid_to is None and end_before == edit.valid_from, edit, unit.id)
                self._check_parent(edit, edit.fact, edit.value, edit.valid_from)
                spans = (*spans, Span(edit.valid_from, None, edit.value, edit.decision))
            case RemoveSpan():
                self._expect(last == Span(edit.valid_from, None, edit.value, edit.decision), edit, unit.id)
                spans = spans[:-1]
            case CloseSpan():
                is_open = last is not None and last.valid_to is None and last.valid_from == edit.valid_from < edit.valid_to
                self._expect(is_open, edit, unit.id)
                assert last is not None
                spans = (*spans[:-1], replace(last, valid_to=edit.valid_to))
            case ReopenSpan():
                is_closed = last is not None and (last.valid_from, last.valid_to) == (edit.valid_from, edit.valid_to)
                self._expect(unit.valid_to is None and is_closed, edit, unit.id)
                assert last is not None
                self._check_parent(edit, edit.fact, last.value, edit.valid_to)
                spans = (*spans[:-1], replace(last, valid_to=None))
        changed: dict[str, Any] = {SPANS[edit.fact]: spans}
        self._put(replace(unit, **changed))

    def _check_parent(self, edit: OpenSpan | ReopenSpan, fact: Fact, value: object, day: date) -> None:
        if fact == "parent" and isinstance(value, int):
            parent = self._unit(edit, value)
            self._expect(parent.valid_to is None and parent.valid_from <= day, edit, edit.unit_id, value)
            if self.makes_circle(edit.unit_id, value, day):
                message = "“%(unit)s” nay đã thuộc cấp dưới của đơn vị đó, nên không đưa về chỗ cũ được."
                raise CannotApply(Conflict(edit, "circle", message, {"unit": parent.name.full or parent.code}))

    def _expect(self, condition: bool, edit: Edit, unit_id: int, other_id: int | None = None) -> None:
        if condition:
            return
        unit, other = self.units.get(unit_id), self.units.get(other_id) if other_id is not None else None
        values = {"unit": (unit.name.full or unit.code) if unit else str(unit_id)}
        if other is None:
            raise CannotApply(Conflict(edit, "changed", "“%(unit)s” đã thay đổi tiếp sau bước này.", values))
        message = "“%(other)s” nay gắn với “%(unit)s” do thay đổi sau bước này."
        raise CannotApply(Conflict(edit, "built_on", message, {**values, "other": other.name.full or other.code}))

    def _index(self, unit: UnitHistory) -> None:
        for span in unit.parents:
            if span.value is not None:
                self.below.setdefault(span.value, set()).add(unit.id)
        for link in unit.successors:
            self.before.setdefault(link.successor_id, set()).add(unit.id)

    def _put(self, unit: UnitHistory) -> None:
        old = self.units.get(unit.id)
        if old is None:
            self.codes[unit.code] = unit.id
        elif old.parents is not unit.parents or old.successors is not unit.successors:
            for span in old.parents:
                if span.value is not None:
                    self.below[span.value].discard(unit.id)
            for link in old.successors:
                self.before[link.successor_id].discard(unit.id)
        self.units[unit.id] = unit
        self._index(unit)
