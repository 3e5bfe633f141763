"""Turns operations into edits, or says what stands against them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from elearn.lib.vietnamese import normalise
from elearn.units.rules.edits import (
    SPANS,
    AddSuccessor,
    AddUnit,
    CannotApply,
    CloseSpan,
    Draft,
    Edit,
    EndUnit,
    Fact,
    OpenSpan,
    RemoveSpan,
    RemoveSuccessor,
    Value,
    inverse,
)
from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Part, Plan, Problem, Rename, Split, Succession
from elearn.units.rules.organisation import Decision, Organisation, Span, Successor, UnitHistory, UnitName, value_on
from elearn.units.rules.tree_order import name_key

MOST_CODE, MOST_NAME, MOST_SHORT = 40, 200, 120


def plan(organisation: Organisation, operations: Sequence[Operation], kinds: Collection[str]) -> Plan:
    """What the operations come to, done one after the other; `kinds` are the codes of the kinds that there are."""
    planner = _Planner(organisation, kinds)
    steps = tuple(planner.step(number, operation) for number, operation in enumerate(operations))
    after = planner.draft.organisation()
    return Plan(steps, (*planner.problems, *planner.same_names()), after, tuple(planner.moves))


def words_of(day: date) -> str:
    """A day as written in Vietnam."""
    return f"{day:%d/%m/%Y}"


class _Refused(Exception):
    """The operation has a problem, which is noted already."""


class _Planner:
    def __init__(self, organisation: Organisation, kinds: Collection[str]) -> None:
        self.draft = Draft(organisation)
        self.kinds = frozenset(kinds)
        self.problems: list[Problem] = []
        self.moves: list[Succession] = []
        self.placed: dict[tuple[int, date], tuple[int, str]] = {}
        self._unmade: set[str] = set()
        self._next_id = min((0, *organisation.units)) - 1
        self._number = 0
        self._edits: list[Edit] = []
        self._day = date.min
        self._decision = Decision()

    def step(self, number: int, operation: Operation) -> tuple[Edit, ...]:
        """The edits of one operation; none where it is refused."""
        self._number, self._edits = number, []
        self._day, self._decision = operation.effective_on, operation.decision
        moves, placed = len(self.moves), dict(self.placed)
        try:
            match operation:
                case Create():
                    self._create(operation)
                case Rename():
                    self._rename(operation)
                case Move():
                    self._move(operation)
                case Merge():
                    self._merge(operation)
                case Split():
                    self._split(operation)
                case Close():
                    self._close(operation)
        except (_Refused, CannotApply) as refusal:
            if isinstance(refusal, CannotApply):
                conflict = refusal.conflict
                self.problems.append(Problem(number, "", f"facts_{conflict.code}", conflict.message, conflict.values))
            for edit in inverse(self._edits):
                self.draft.apply(edit)
            del self.moves[moves:]
            self.placed = placed
            self._unmade.update(_codes_made(operation))
            return ()
        return tuple(self._edits)

    def same_names(self) -> list[Problem]:
        """Warnings of units that bear the name of another below the same parent on the day on which they came there."""
        found = []
        siblings: dict[tuple[int | None, date], dict[str, list[int]]] = {}
        children: dict[int | None, list[UnitHistory]] | None = None
        for (unit_id, day), (number, field) in self.placed.items():
            unit = self.draft.units.get(unit_id)
            if unit is None or not unit.exists_on(day):
                continue
            parent_id = value_on(unit.parents, day)
            if (parent_id, day) not in siblings:
                names: dict[str, list[int]] = {}
                if parent_id is not None:
                    near = [self.draft.units[child] for child in self.draft.below.get(parent_id, ())]
                else:
                    if children is None:
                        children = {
                            None: [each for each in self.draft.units.values() if any(s.value is None for s in each.parents)]
                        }
                    near = children[None]
                for other in near:
                    if other.exists_on(day) and value_on(other.parents, day) == parent_id:
                        name = value_on(other.names, day)
                        names.setdefault(name_key(name.full) if name else "", []).append(other.id)
                siblings[parent_id, day] = names
            name = value_on(unit.names, day)
            if name and len(siblings[parent_id, day].get(name_key(name.full), ())) > 1:
                message = "Cùng cấp trên đã có đơn vị khác tên “%(name)s”."
                found.append(Problem(number, field, "same_name", message, {"name": name.full}, is_warning=True))
        return found

    # What stands against an operation

    def _warn(self, field: str, code: str, message: str, **values: object) -> None:
        self.problems.append(Problem(self._number, field, code, message, values, is_warning=True))

    def _refuse(self, field: str, code: str, message: str, **values: object) -> _Refused:
        self.problems.append(Problem(self._number, field, code, message, values))
        return _Refused()

    def _find(self, code: str, field: str) -> UnitHistory:
        """The unit as it exists on the day, with no end recorded."""
        code = normalise(code)
        if not code:
            raise self._refuse(field, "no_code", "Chưa ghi mã đơn vị.")
        if code not in self.draft.codes:
            if code in self._unmade:
                raise self._refuse(field, "waits", "Đơn vị “%(unit)s” do một thao tác khác đang có lỗi tạo ra.", unit=code)
            raise self._refuse(field, "unknown_unit", "Không có đơn vị nào mang mã “%(unit)s”.", unit=code)
        unit = self.draft.units[self.draft.codes[code]]
        if self._day < unit.valid_from:
            message = "“%(unit)s” chỉ có từ ngày %(day)s, không thể thay đổi trước ngày đó."
            raise self._refuse("effective_on", "too_early", message, unit=_name(unit), day=words_of(unit.valid_from))
        if unit.valid_to is not None and unit.valid_to <= self._day:
            message = "“%(unit)s” đã kết thúc từ ngày %(day)s."
            raise self._refuse(field, "closed", message, unit=_name(unit), day=words_of(unit.valid_to))
        if unit.valid_to is not None:
            raise self._later(unit, unit.valid_to)
        return unit

    def _later(self, unit: UnitHistory, day: date, field: str = "effective_on") -> _Refused:
        message = "“%(unit)s” đã có thay đổi ghi từ ngày %(day)s, sau ngày hiệu lực này."
        return self._refuse(field, "later_change", message, unit=_name(unit), day=words_of(day))

    def _parent(self, code: str, field: str) -> int | None:
        """Id of the unit above; None for the top."""
        code = normalise(code)
        if not code:
            return None
        found = self.draft.codes.get(code)
        parent = self.draft.units[found] if found is not None else None
        if parent is not None and parent.valid_to is not None and parent.valid_to > self._day:
            message = "Cấp trên “%(unit)s” kết thúc ngày %(day)s, trước đơn vị cấp dưới."
            raise self._refuse(field, "parent_ends", message, unit=_name(parent), day=words_of(parent.valid_to))
        return self._find(code, field).id

    def _inherited(self, parent_id: int | None, field: str) -> int | None:
        return None if parent_id is None else self._parent(self.draft.units[parent_id].code, field)

    def _kind(self, kind: str, field: str) -> str:
        if not kind:
            raise self._refuse(field, "no_kind", "Chưa ghi loại đơn vị.")
        if kind not in self.kinds:
            raise self._refuse(field, "unknown_kind", "Không có loại đơn vị “%(kind)s”.", kind=kind)
        return kind

    def _unit_name(self, full: str, short: str, field: str) -> UnitName:
        full, short = normalise(full), normalise(short)
        if not full:
            raise self._refuse(field, "unnamed", "Chưa ghi tên đơn vị.")
        if len(full) > MOST_NAME or len(short) > MOST_SHORT:
            message = "Tên dài quá: tên đầy đủ tối đa %(full)s ký tự, tên ngắn %(short)s."
            raise self._refuse(field, "too_long", message, full=MOST_NAME, short=MOST_SHORT)
        return UnitName(full, short or full[:MOST_SHORT])

    # Edits

    def _do(self, edit: Edit) -> None:
        self.draft.apply(edit)
        self._edits.append(edit)

    def _add(self, code: str, name: UnitName, kind: str, parent_id: int | None, field: str) -> int:
        code = normalise(code)
        if not code:
            raise self._refuse(field, "no_code", "Chưa ghi mã đơn vị.")
        if len(code) > MOST_CODE:
            raise self._refuse(field, "too_long", "Mã đơn vị dài quá %(most)s ký tự.", most=MOST_CODE)
        if code in self.draft.codes:
            taken = self.draft.units[self.draft.codes[code]]
            raise self._refuse(field, "code_taken", "Mã “%(taken)s” đã dùng cho “%(unit)s”.", taken=code, unit=_name(taken))
        unit_id, self._next_id = self._next_id, self._next_id - 1
        self._do(AddUnit(unit_id, code, self._day))
        facts: tuple[tuple[Fact, Value], ...] = (("name", name), ("kind", kind), ("parent", parent_id))
        for fact, value in facts:
            self._do(OpenSpan(unit_id, fact, self._day, value, self._decision))
        self.placed[unit_id, self._day] = (self._number, field)
        return unit_id

    def _set(self, unit_id: int, fact: Fact, value: Value, field: str) -> bool:
        """Lets a fact hold from the day on; False where it holds already."""
        unit = self.draft.units[unit_id]
        spans: tuple[Span[Any], ...] = getattr(unit, SPANS[fact])
        last = spans[-1]
        if last.valid_from > self._day or last.valid_to is not None:
            raise self._later(unit, last.valid_to or last.valid_from)
        if last.value == value:
            return False
        # Parts of a later split took their kind and place from what was known then: an earlier change would contradict them.
        split_later = [link.effective_on for link in unit.successors if link.effective_on > self._day]
        if fact != "name" and split_later:
            raise self._later(unit, min(split_later))
        if fact == "parent" and isinstance(value, int) and self.draft.makes_circle(unit_id, value, self._day):
            message = "“%(parent)s” là chính “%(unit)s” hoặc cấp dưới của nó: sẽ thành vòng tròn."
            raise self._refuse(field, "circle", message, unit=_name(unit), parent=_name(self.draft.units[value]))
        self._drop(unit_id, fact)
        self._do(OpenSpan(unit_id, fact, self._day, value, self._decision))
        if fact != "kind":
            self.placed[unit_id, self._day] = (self._number, field)
        return True

    def _drop(self, unit_id: int, fact: Fact) -> None:
        """The last span ends on the day; one that began that day never was."""
        last: Span[Any] = getattr(self.draft.units[unit_id], SPANS[fact])[-1]
        if last.valid_from == self._day:
            self._do(RemoveSpan(unit_id, fact, last.valid_from, last.value, last.decision))
        else:
            self._do(CloseSpan(unit_id, fact, last.valid_from, self._day))

    def _link(self, unit_id: int, successor_id: int, is_main: bool) -> None:
        for link in self.draft.units[unit_id].successors:
            if link.successor_id == successor_id:
                self._do(RemoveSuccessor(link))
        self._do(AddSuccessor(Successor(unit_id, successor_id, self._day, is_main, self._decision)))

    def _place_children(self, unit: UnitHistory, heir_id: int | None, children: Mapping[str, str]) -> None:
        """Units below go where they are told to, the others to the heir."""
        told = {normalise(child): normalise(parent) for child, parent in children.items()}
        left = []
        for child_id in sorted(self.draft.below.get(unit.id, ())):
            if not self.draft.lies_below(child_id, unit.id, self._day):
                continue
            child = self.draft.units[child_id]
            last = child.parents[-1]
            if last.valid_to is not None or last.valid_from > self._day:
                raise self._later(child, last.valid_to or last.valid_from)
            if child.code in told:
                parent_id = self._parent(told[child.code], "children")
                if parent_id == unit.id:
                    message = "“%(child)s” không thể ở lại dưới “%(unit)s”, đơn vị này kết thúc."
                    raise self._refuse("children", "children_left", message, child=_name(child), unit=_name(unit))
                self._set(child_id, "parent", parent_id, "children")
            elif heir_id is None:
                left.append(child)
            else:
                self._set(child_id, "parent", heir_id, "children")
        if left:
            message = "Còn %(count)s đơn vị trực thuộc “%(unit)s”, như “%(child)s”: cần chuyển chúng đi trước."
            raise self._refuse("children", "children_left", message, count=len(left), unit=_name(unit), child=_name(left[0]))

    def _end(self, unit: UnitHistory, heir_id: int | None, children: Mapping[str, str], field: str) -> None:
        """The unit ends on the day; the heir, if any, becomes its main successor."""
        unit = self.draft.units[unit.id]
        if unit.valid_from == self._day:
            message = "“%(unit)s” có từ đúng ngày %(day)s, không thể kết thúc trong ngày đó."
            raise self._refuse(field, "first_day", message, unit=_name(unit), day=words_of(self._day))
        later = [spans[-1].valid_from for spans in (unit.names, unit.kinds, unit.parents)]
        later += [link.effective_on for link in unit.successors]
        for before_id in self.draft.before.get(unit.id, ()):
            later += [link.effective_on for link in self.draft.units[before_id].successors if link.successor_id == unit.id]
        if max(later) > self._day:
            raise self._later(unit, max(later))
        self._place_children(unit, heir_id, children)
        for fact in SPANS:
            self._drop(unit.id, fact)
        self._do(EndUnit(unit.id, self._day))
        if heir_id is not None:
            self._link(unit.id, heir_id, is_main=True)
        self.moves.append(Succession(unit.id, heir_id, self._day))

    def _above(self, unit_id: int | None) -> list[int]:
        """The unit and those above it on the day, from below."""
        chain: list[int] = []
        while unit_id is not None and unit_id not in chain:
            chain.append(unit_id)
            unit_id = value_on(self.draft.units[unit_id].parents, self._day)
        return chain

    def _keep_clear(self, parent_id: int | None, ending: Collection[int], field: str) -> None:
        """Refuses a parent that ends by the same operation, or lies below one that does."""
        for unit_id in self._above(parent_id):
            if unit_id in ending:
                message = "Cấp trên được chọn là “%(unit)s” hoặc cấp dưới của nó, mà đơn vị này kết thúc."
                raise self._refuse(field, "parent_ends", message, unit=_name(self.draft.units[unit_id]))

    def _know_children(self, units: Sequence[UnitHistory], children: Mapping[str, str]) -> None:
        for code in children:
            child_id = self.draft.codes.get(normalise(code))
            if child_id is None or not any(self.draft.lies_below(child_id, unit.id, self._day) for unit in units):
                message = "“%(unit)s” không phải đơn vị trực thuộc của đơn vị kết thúc."
                raise self._refuse("children", "not_child", message, unit=code)

    # The operations

    def _create(self, operation: Create) -> None:
        parent_id = self._parent(operation.parent, "parent")
        kind = self._kind(operation.kind, "kind")
        self._add(operation.code, self._unit_name(operation.name, operation.short_name, "name"), kind, parent_id, "code")

    def _rename(self, operation: Rename) -> None:
        unit = self._find(operation.unit, "unit")
        changed = self._set(unit.id, "name", self._unit_name(operation.name, operation.short_name, "name"), "name")
        if operation.kind:
            changed |= self._set(unit.id, "kind", self._kind(operation.kind, "kind"), "kind")
        if not changed:
            self._warn("name", "no_change", "“%(unit)s” đã mang tên này.", unit=_name(unit))

    def _move(self, operation: Move) -> None:
        unit = self._find(operation.unit, "unit")
        if not self._set(unit.id, "parent", self._parent(operation.parent, "parent"), "parent"):
            self._warn("parent", "no_change", "“%(unit)s” đã trực thuộc đơn vị này.", unit=_name(unit))

    def _merge(self, operation: Merge) -> None:
        into = normalise(operation.into)
        codes = [code for code in dict.fromkeys(map(normalise, operation.units)) if code != into]
        if not codes:
            raise self._refuse("units", "no_units", "Chưa ghi đơn vị nào được sáp nhập.")
        units = [self._find(code, "units") for code in codes]
        heir_id = self._find(into, "into").id if into in self.draft.codes else None
        ending = {unit.id for unit in units}
        for unit_id in (*ending, *(() if heir_id is None else (heir_id,))):
            for above_id in self._above(unit_id)[1:]:
                if above_id in ending or above_id == heir_id:
                    message = "“%(unit)s” là cấp trên của “%(other)s”: không sáp nhập đơn vị với cấp trên hay cấp dưới của nó."
                    names = {"unit": _name(self.draft.units[above_id]), "other": _name(self.draft.units[unit_id])}
                    raise self._refuse("units", "own_ancestor", message, **names)
        self._know_children(units, operation.children)
        if heir_id is None:
            heir_id = self._new_heir(operation, units, ending)
        else:
            part = Part(
                code=into, name=operation.name, short_name=operation.short_name, kind=operation.kind, parent=operation.parent
            )
            self._change_heir(heir_id, part, ending, "")
        for unit in units:
            self._end(unit, heir_id, operation.children, "units")

    def _new_heir(self, operation: Merge, units: Sequence[UnitHistory], ending: Collection[int]) -> int:
        if operation.parent is not None:
            parent_id = self._parent(operation.parent, "parent")
        else:
            shared = {value_on(unit.parents, self._day) for unit in units}
            if len(shared) > 1:
                message = "Các đơn vị sáp nhập không cùng cấp trên: cần ghi đơn vị mới trực thuộc đâu."
                raise self._refuse("parent", "no_parent", message)
            parent_id = self._inherited(shared.pop(), "parent")
        self._keep_clear(parent_id, ending, "parent")
        kinds = {value_on(unit.kinds, self._day) or "" for unit in units}
        kind = self._kind(operation.kind or (kinds.pop() if len(kinds) == 1 else ""), "kind")
        name = self._unit_name(operation.name, operation.short_name, "name")
        return self._add(operation.into, name, kind, parent_id, "into")

    def _change_heir(self, heir_id: int, part: Part, ending: Collection[int], prefix: str) -> None:
        """A unit that exists and carries on takes the name, kind and parent that are given."""
        if part.name:
            self._set(heir_id, "name", self._unit_name(part.name, part.short_name, f"{prefix}name"), f"{prefix}name")
        if part.kind:
            self._set(heir_id, "kind", self._kind(part.kind, f"{prefix}kind"), f"{prefix}kind")
        if part.parent is not None:
            parent_id = self._parent(part.parent, f"{prefix}parent")
            self._keep_clear(parent_id, ending, f"{prefix}parent")
            self._set(heir_id, "parent", parent_id, f"{prefix}parent")

    def _split(self, operation: Split) -> None:
        unit = self._find(operation.unit, "unit")
        codes = [normalise(part.code) for part in operation.parts]
        if len(set(codes)) < len(codes) or unit.code in codes:
            raise self._refuse("parts", "same_part", "Các phần chia tách phải là những đơn vị khác nhau, khác đơn vị được chia.")
        if len(codes) < (1 if operation.carries_on else 2):
            raise self._refuse("parts", "no_parts", "Chia tách cần ít nhất hai đơn vị sau khi chia.")
        if sum(part.is_main for part in operation.parts) != (0 if operation.carries_on else 1):
            message = "Cần đúng một đơn vị kế thừa chính: một phần, hoặc chính đơn vị được chia nếu nó tiếp tục."
            raise self._refuse("parts", "no_main", message)
        self._know_children([unit], operation.children)
        ending = () if operation.carries_on else (unit.id,)
        heirs = [self._part(unit, part, ending, f"parts.{number}.") for number, part in enumerate(operation.parts)]
        if operation.carries_on:
            for code, parent in operation.children.items():
                self._set(self.draft.codes[normalise(code)], "parent", self._parent(parent, "children"), "children")
        else:
            main = next(heir for heir, part in zip(heirs, operation.parts, strict=True) if part.is_main)
            self._end(unit, main, operation.children, "unit")
        for heir, part in zip(heirs, operation.parts, strict=True):
            if not part.is_main:
                self._link(unit.id, heir, is_main=False)

    def _part(self, unit: UnitHistory, part: Part, ending: Collection[int], prefix: str) -> int:
        if normalise(part.code) in self.draft.codes:
            heir_id = self._find(part.code, f"{prefix}code").id
            self._keep_clear(heir_id, ending, f"{prefix}code")
            self._change_heir(heir_id, part, ending, prefix)
            return heir_id
        if part.parent is None:
            above = self._inherited(value_on(unit.parents, self._day), f"{prefix}parent")
        else:
            above = self._parent(part.parent, f"{prefix}parent")
        self._keep_clear(above, ending, f"{prefix}parent")
        kind = self._kind(part.kind or value_on(unit.kinds, self._day) or "", f"{prefix}kind")
        return self._add(part.code, self._unit_name(part.name, part.short_name, f"{prefix}name"), kind, above, f"{prefix}code")

    def _close(self, operation: Close) -> None:
        unit = self._find(operation.unit, "unit")
        heir_id = self._find(operation.successor, "successor").id if operation.successor else None
        if heir_id == unit.id:
            raise self._refuse("successor", "own_successor", "Đơn vị không thể kế thừa chính nó.")
        self._know_children([unit], operation.children)
        self._end(unit, heir_id, operation.children, "unit")


def _name(unit: UnitHistory) -> str:
    return unit.name.full or unit.code


def _codes_made(operation: Operation) -> list[str]:
    match operation:
        case Create():
            return [normalise(operation.code)]
        case Merge():
            return [normalise(operation.into)]
        case Split():
            return [normalise(part.code) for part in operation.parts]
    return []
