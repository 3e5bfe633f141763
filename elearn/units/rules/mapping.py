"""A mapping file old → new: its rows become operations in an order in which they can be done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from graphlib import CycleError, TopologicalSorter

from elearn.lib.vietnamese import fold, normalise
from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Part, Plan, Rename, Split
from elearn.units.rules.organisation import NO_DECISION, Decision, Organisation

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "old_code": ("ma cu", "ma don vi cu", "old code"),
    "old_name": ("ten cu", "ten don vi cu", "old name"),
    "action": ("thao tac", "hinh thuc", "action", "operation"),
    "new_code": ("ma moi", "ma don vi moi", "new code"),
    "new_name": ("ten moi", "ten don vi moi", "new name"),
    "short_name": ("ten ngan", "ten ngan moi", "short name"),
    "kind": ("loai", "loai don vi", "kind", "type"),
    "parent": ("truc thuoc (ma)", "truc thuoc", "ma cap tren", "ma don vi cap tren", "parent code", "parent"),
    "is_main": ("la noi ke thua chinh", "ke thua chinh", "main successor", "is main"),
    "decision_number": ("so quyet dinh", "quyet dinh so", "decision number", "decision"),
    "decision_date": ("ngay quyet dinh", "decision date"),
    "effective_on": ("ngay hieu luc", "hieu luc tu", "effective date", "effective on"),
    "note": ("ghi chu", "note", "notes"),
}
"""Columns of the file and their folded headings."""

HEADINGS: Mapping[str, str] = {
    "old_code": "Mã cũ", "old_name": "Tên cũ", "action": "Thao tác", "new_code": "Mã mới", "new_name": "Tên mới", "short_name": "Tên ngắn",
    "kind": "Loại", "parent": "Trực thuộc (mã)", "is_main": "Là nơi kế thừa chính", "decision_number": "Số quyết định",
    "decision_date": "Ngày quyết định", "effective_on": "Ngày hiệu lực", "note": "Ghi chú",
}  # fmt: skip
"""Headings as the template of the file and messages write them."""

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "merge": ("sap nhap", "hop nhat", "nhap", "merge"),
    "rename": ("doi ten", "rename"),
    "move": ("chuyen", "chuyen truc thuoc", "dieu chuyen", "move"),
    "split": ("chia tach", "chia", "tach", "split"),
    "close": ("giai the", "ket thuc", "cham dut", "close"),
    "create": ("thanh lap", "thanh lap moi", "lap moi", "create"),
}
TOP = "-"
"""In the column of the unit above: none, the unit stands at the top."""
_YES = frozenset({"x", "co", "1", "1.0", "yes", "true", "chinh", "main", "v"})
_NO = frozenset({"", "khong", "0", "0.0", "no", "false"})


@dataclass(frozen=True)
class RowProblem:
    """What is wrong at a row (as numbered in the file) and a column of COLUMNS ("" for the whole row)."""

    row: int
    column: str
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, kw_only=True)
class MappingRow:
    """One row, read: codes and names normalised, the old unit by its id where found."""

    number: int
    old_code: str = ""
    action: str = ""
    new_code: str = ""
    new_name: str = ""
    short_name: str = ""
    kind: str = ""
    parent: str | None = None
    is_main: bool = False
    decision: Decision = NO_DECISION
    effective_on: date


@dataclass(frozen=True)
class Reading:
    """Operations in the order in which they can be done; `rows[i]` are the rows behind `operations[i]`."""

    operations: tuple[Operation, ...]
    rows: tuple[tuple[int, ...], ...]
    problems: tuple[RowProblem, ...]


def columns_of(headings: Sequence[object]) -> dict[str, int]:
    """Where each known column stands, by its heading in Vietnamese or English; unknown headings are left out."""
    known = {words: column for column, each in COLUMNS.items() for words in each}
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        column = known.get(re.sub(r"[_*:.]+", " ", fold(_text(heading))).strip())
        if column is not None:
            found.setdefault(column, position)
    return found


def read_day(value: object) -> date | None:
    """A day from a date, a text (1/7/2025, 2025-07-01) or the number of a spreadsheet; None where it is none of these."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 20000 < value < 80000:
        return date(1899, 12, 30) + timedelta(days=int(value))
    text = _text(value)
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    parts = (found[3], found[2], found[1]) if found else ()
    if found is None and (iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text)):
        parts = (iso[1], iso[2], iso[3])
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def read_mapping(
    table: Iterable[tuple[int, Mapping[str, object]]],
    organisation: Organisation,
    kinds: Mapping[str, str],
    default_day: date | None = None,
) -> Reading:
    """Operations of a file. `table` holds (number of the row, cells by column of COLUMNS), `kinds` names by code."""
    reader = _Reader(organisation, kinds, default_day)
    rows = [row for number, cells in table if any(_text(cell) for cell in cells.values()) and (row := reader.row(number, cells))]
    ordered = reader.in_order(reader.grouped(rows))
    return Reading(tuple(op for op, _ in ordered), tuple(numbers for _, numbers in ordered), tuple(reader.problems))


_FIELDS: Mapping[str, str] = {
    "unit": "old_code", "units": "old_code", "children": "old_code", "code": "new_code", "into": "new_code", "successor": "new_code",
    "parts": "is_main", "name": "new_name", "kind": "kind", "parent": "parent", "effective_on": "effective_on",
}  # fmt: skip


def problems_of(reading: Reading, plan: Plan) -> tuple[RowProblem, ...]:
    """Problems of the file and of the plan of its operations, each at its row and column, by row."""
    found = list(reading.problems)
    for problem in plan.problems:
        rows, path = reading.rows[problem.operation], problem.field.split(".")
        row = rows[int(path[1])] if len(path) == 3 and int(path[1]) < len(rows) else rows[0]
        column = _FIELDS.get(path[-1], "")
        found.append(RowProblem(row, column, problem.code, problem.message, problem.values, problem.is_warning))
    return tuple(sorted(found, key=lambda problem: (problem.row, problem.column, problem.code)))


class _Reader:
    def __init__(self, organisation: Organisation, kinds: Mapping[str, str], default_day: date | None) -> None:
        self.units = organisation.units
        self.codes = organisation.ids_by_code
        self.folded_codes = {code.casefold(): code for code in self.codes}
        self.names: dict[str, list[str]] = {}
        for unit in self.units.values():
            if unit.valid_to is None:
                self.names.setdefault(fold(unit.name.full), []).append(unit.code)
        self.kinds = {fold(word): code for code, name in kinds.items() for word in (name, code)}
        self.default_day = default_day
        self.problems: list[RowProblem] = []

    def problem(self, number: int, column: str, kind: str, message: str, /, **values: object) -> None:
        self.problems.append(RowProblem(number, column, kind, message, values))

    def row(self, number: int, cells: Mapping[str, object]) -> MappingRow | None:
        """The row as values; None where it has a problem, which is noted."""
        before = len(self.problems)
        text = {column: _text(cells.get(column)) for column in COLUMNS}
        day = read_day(cells.get("effective_on")) if text["effective_on"] else self.default_day
        if day is None:
            message = "Ngày hiệu lực phải là một ngày, như 01/07/2025." if text["effective_on"] else "Chưa ghi ngày hiệu lực."
            self.problem(number, "effective_on", "no_day", message)
        signed_on = read_day(cells.get("decision_date"))
        if text["decision_date"] and signed_on is None:
            self.problem(number, "decision_date", "no_day", "Ngày quyết định phải là một ngày, như 01/07/2025.")
        action = next((action for action, words in ACTIONS.items() if fold(text["action"]) in words), "")
        if text["action"] and not action:
            self.problem(number, "action", "unknown_action", "Không hiểu thao tác “%(action)s”.", action=text["action"])
        kind = self.kinds.get(fold(text["kind"]), "") if text["kind"] else ""
        if text["kind"] and not kind:
            self.problem(number, "kind", "unknown_kind", "Không có loại đơn vị “%(kind)s”.", kind=text["kind"])
        mark = fold(text["is_main"])
        if mark not in _YES | _NO:
            self.problem(number, "is_main", "unknown_mark", "Chỉ ghi “x” ở nơi kế thừa chính, hoặc để trống.")
        old_code = self._old(number, text["old_code"], text["old_name"])
        if len(self.problems) > before or day is None:
            return None
        parent = None if not text["parent"] else "" if text["parent"] == TOP else self._code(text["parent"])
        new_code = self._code(text["new_code"])
        decision = Decision(text["decision_number"], signed_on)
        return MappingRow(
            number=number, old_code=old_code, action=action, new_code=new_code, new_name=text["new_name"], kind=kind, parent=parent,
            short_name=text["short_name"], is_main=mark in _YES, decision=decision, effective_on=day,
        )  # fmt: skip

    def _code(self, code: str) -> str:
        """The code as the organisation writes it, where it has it."""
        return self.folded_codes.get(code.casefold(), code)

    def _old(self, number: int, code: str, name: str) -> str:
        if code:
            if self._code(code) not in self.codes:
                self.problem(number, "old_code", "unknown_unit", "Không có đơn vị nào mang mã “%(unit)s”.", unit=code)
            return self._code(code)
        found = self.names.get(fold(name), []) if name else []
        if name and not found:
            self.problem(number, "old_name", "unknown_unit", "Không có đơn vị nào tên “%(unit)s”.", unit=name)
        if len(found) > 1:
            message = "Có %(count)s đơn vị tên “%(unit)s”: cần ghi mã cũ."
            self.problem(number, "old_name", "not_unique", message, unit=name, count=len(found))
        return found[0] if found else ""

    def grouped(self, rows: Sequence[MappingRow]) -> list[tuple[Operation, tuple[int, ...]]]:
        """Rows of one merger, and rows of one split, taken together."""
        of_old: dict[str, list[MappingRow]] = {}
        made: list[tuple[Operation, tuple[int, ...]]] = []
        mergers: dict[str, list[MappingRow]] = {}
        for row in rows:
            if row.old_code:
                of_old.setdefault(row.old_code, []).append(row)
            elif row.new_code and row.action in ("", "create"):
                name, kind = row.new_name, row.kind
                create = Create(
                    code=row.new_code, name=name, short_name=row.short_name, kind=kind, parent=row.parent or "",
                    effective_on=row.effective_on, decision=row.decision,
                )  # fmt: skip
                made.append((create, (row.number,)))
            else:
                self.problem(
                    row.number, "old_code", "no_code", "Dòng này không ghi đơn vị cũ, cũng không phải thành lập đơn vị mới."
                )
        heirs = {row.new_code for row in rows if row.new_code != row.old_code}
        for old, own in of_old.items():
            targets = dict.fromkeys(row.new_code or old for row in own)
            if len(own) > len(targets):
                self.problem(
                    own[-1].number, "old_code", "repeated", "Đơn vị “%(unit)s” đã có ở dòng %(row)s.", unit=old, row=own[0].number
                )
            elif len(targets) > 1:
                made += self._split(old, own)
            elif own[0].action == "close" or (own[0].new_code and own[0].new_code != old and own[0].action == "split"):
                row = own[0]
                successor = row.new_code if row.new_code != old else ""
                close = Close(unit=old, successor=successor, effective_on=row.effective_on, decision=row.decision)
                made.append((close, (row.number,)))
            elif own[0].new_code and own[0].new_code != old:
                mergers.setdefault(own[0].new_code, []).append(own[0])
            else:
                made += self._same(own[0], may_change_nothing=old in heirs)
        made += [each for into, own in mergers.items() if (each := self._merge(into, own)) is not None]
        return made

    def _same(self, row: MappingRow, may_change_nothing: bool = False) -> list[tuple[Operation, tuple[int, ...]]]:
        """What a row does to a unit that stays itself: another name, kind or place."""
        unit = self.units[self.codes[row.old_code]]
        kind = row.kind if row.kind != (unit.kinds[-1].value if unit.kinds else "") else ""
        made: list[tuple[Operation, tuple[int, ...]]] = []
        is_renamed = row.new_name not in ("", unit.name.full) or row.short_name not in ("", unit.name.short)
        if row.action != "move" and (kind or is_renamed):
            name = row.new_name or unit.name.full
            rename = Rename(
                unit=row.old_code,
                name=name,
                short_name=row.short_name,
                kind=kind,
                effective_on=row.effective_on,
                decision=row.decision,
            )
            made.append((rename, (row.number,)))
        above = unit.parents[-1].value if unit.parents else None
        if row.parent is not None and row.parent != (self.units[above].code if above is not None else ""):
            move = Move(unit=row.old_code, parent=row.parent, effective_on=row.effective_on, decision=row.decision)
            made.append((move, (row.number,)))
        # A unit that others go into, or that is split and stays, may be named without a change; elsewhere that is a slip.
        if not made and not may_change_nothing:
            message = "Không rõ dòng này đổi gì: cần mã mới, tên mới, nơi trực thuộc mới hoặc thao tác “giải thể”."
            self.problem(row.number, "action", "unclear", message)
        return made

    def _split(self, old: str, own: Sequence[MappingRow]) -> list[tuple[Operation, tuple[int, ...]]]:
        staying = [row for row in own if (row.new_code or old) == old]
        leaving = [row for row in own if row not in staying]
        marked = [row for row in leaving if row.is_main]
        if (staying and marked) or (not staying and len(marked) != 1):
            message = "Đơn vị “%(unit)s” chia thành nhiều nơi: cần đánh dấu đúng một nơi kế thừa chính."
            self.problem(own[0].number, "is_main", "no_main", message, unit=old)
            return []
        if len({(row.effective_on, row.decision) for row in own}) > 1:
            self._differs(own, "effective_on")
            return []
        parts = tuple(
            Part(
                code=row.new_code,
                name=row.new_name,
                short_name=row.short_name,
                kind=row.kind,
                parent=row.parent,
                is_main=row.is_main,
            )
            for row in leaving
        )
        numbers = tuple(row.number for row in own)
        first = own[0]
        split = Split(unit=old, parts=parts, carries_on=bool(staying), effective_on=first.effective_on, decision=first.decision)
        changes = [each for row in staying for each in self._same(row, may_change_nothing=True)]
        return [(split, numbers), *changes]

    def _differs(self, rows: Sequence[MappingRow], column: str) -> None:
        message = "Dòng này ghi khác dòng %(row)s, tuy cùng một việc."
        first = rows[0]
        other = next(row for row in rows if (row.effective_on, row.decision) != (first.effective_on, first.decision))
        self.problem(other.number, column, "differs", message, row=first.number)

    def _merge(self, into: str, own: Sequence[MappingRow]) -> tuple[Operation, tuple[int, ...]] | None:
        if len({(row.effective_on, row.decision) for row in own}) > 1:
            self._differs(own, "effective_on")
            return None
        values: dict[str, str | None] = {}
        for column in ("new_name", "short_name", "kind", "parent"):
            given = [(row, value) for row in own if (value := getattr(row, column)) or (column == "parent" and value is not None)]
            for row, value in given:
                if value != given[0][1]:
                    message = "Dòng này ghi “%(value)s”, dòng %(row)s ghi “%(other)s” cho cùng một đơn vị mới."
                    self.problem(row.number, column, "differs", message, value=value, row=given[0][0].number, other=given[0][1])
                    return None
            values[column] = given[0][1] if given else None
        units = tuple(row.old_code for row in own)
        first = own[0]
        merge = Merge(
            units=units, into=into, name=values["new_name"] or "", short_name=values["short_name"] or "", kind=values["kind"] or "",
            parent=values["parent"], effective_on=first.effective_on, decision=first.decision,
        )  # fmt: skip
        return merge, tuple(row.number for row in own)

    def in_order(self, made: Sequence[tuple[Operation, tuple[int, ...]]]) -> list[tuple[Operation, tuple[int, ...]]]:
        """By day; then what makes or places a unit before what refers to it; closing last, from below."""
        ordered: list[tuple[Operation, tuple[int, ...]]] = []
        for day in sorted({operation.effective_on for operation, _ in made}):
            todays = [each for each in made if each[0].effective_on == day]
            places: dict[str, list[int]] = {}
            for number, (operation, _) in enumerate(todays):
                for code in _placed(operation):
                    places.setdefault(code, []).append(number)
            graph = {
                number: {other for code in _needed(operation) for other in places.get(code, ()) if other != number}
                for number, (operation, _) in enumerate(todays)
            }
            sorter = TopologicalSorter(graph)
            try:
                sorter.prepare()
            except CycleError as circle:
                for number in sorted(set(circle.args[1])):
                    message = "Các dòng này đặt đơn vị dưới nhau theo vòng tròn."
                    self.problem(todays[number][1][0], "parent", "circle", message)
                continue
            while sorter.is_active():
                ready = sorted(sorter.get_ready(), key=lambda number: (self._rank(todays[number][0]), number))
                number_of_closings = [number for number in ready if isinstance(todays[number][0], Close)]
                ordered += [todays[number] for number in ready if number not in number_of_closings]
                sorter.done(*ready)
            closings = [each for each in todays if isinstance(each[0], Close)]
            ordered += sorted(closings, key=lambda each: (-self._depth(_unit_of(each[0])), each[1]))
        return ordered

    def _rank(self, operation: Operation) -> int:
        order = (Create, Rename, Merge, Split, Move, Close)
        return next(index for index, kind in enumerate(order) if isinstance(operation, kind))

    def _depth(self, code: str) -> int:
        depth, seen = 0, set[int]()
        current = self.codes.get(code)
        while current is not None and current not in seen:
            seen.add(current)
            parents = self.units[current].parents
            current, depth = (parents[-1].value if parents else None), depth + 1
        return depth


def _unit_of(operation: Operation) -> str:
    return operation.unit if isinstance(operation, Close) else ""


def _placed(operation: Operation) -> list[str]:
    """Codes of units that an operation makes or gives a place."""
    match operation:
        case Create():
            return [operation.code]
        case Move():
            return [operation.unit]
        case Merge():
            return [operation.into]
        case Split():
            return [part.code for part in operation.parts]
    return []


def _needed(operation: Operation) -> list[str]:
    """Codes of units that must be there and in their place before."""
    match operation:
        case Create() | Move():
            return [operation.parent]
        case Merge():
            return [operation.parent] if operation.parent else []
        case Split():
            return [part.parent for part in operation.parts if part.parent]
    return []


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return normalise(str(value))
