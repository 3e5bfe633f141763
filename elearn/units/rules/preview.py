"""What operations do, in words, for people to read before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from elearn.lib.vietnamese import normalise
from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Rename, Split
from elearn.units.rules.organisation import Decision, Organisation


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One operation in a sentence; `action` is create, rename, move, merge, split or close."""

    operation: int
    action: str
    sentence: str
    effective_on: date
    decision: Decision


def as_rows(
    organisation: Organisation, operations: Sequence[Operation], translate: Callable[[str], str] = str
) -> tuple[PreviewRow, ...]:
    """Each operation in words. `translate` turns a Vietnamese source message into the reader's language."""
    names = {unit.code: unit.name.full or unit.code for unit in organisation.units.values()}
    rows = []
    for number, operation in enumerate(operations):
        message, values = _sentence(names, operation, translate)
        action = type(operation).__name__.lower()
        rows.append(PreviewRow(number, action, translate(message) % values, operation.effective_on, operation.decision))
    return tuple(rows)


def _sentence(names: dict[str, str], operation: Operation, translate: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """The message and its values; names made or changed are known to the sentences after it."""

    def name(code: str) -> str:
        return names.get(normalise(code), code)

    match operation:
        case Create():
            names[normalise(operation.code)] = operation.name
            values = {"name": operation.name, "parent": name(operation.parent)}
            return ("Thành lập %(name)s trực thuộc %(parent)s" if operation.parent else "Thành lập %(name)s"), values
        case Rename():
            values = {"unit": name(operation.unit), "name": operation.name}
            names[normalise(operation.unit)] = operation.name
            return "Đổi tên %(unit)s thành %(name)s", values
        case Move():
            values = {"unit": name(operation.unit), "parent": name(operation.parent)}
            return ("Chuyển %(unit)s về trực thuộc %(parent)s" if operation.parent else "Đưa %(unit)s lên cấp cao nhất"), values
        case Merge():
            is_new = normalise(operation.into) not in names
            units = [name(code) for code in operation.units if normalise(code) != normalise(operation.into)]
            values = {
                "units": _listed(units, translate),
                "name": operation.name or name(operation.into),
                "into": name(operation.into),
            }
            if operation.name:
                names[normalise(operation.into)] = operation.name
            if not is_new:
                return "Sáp nhập %(units)s vào %(into)s", values
            return ("Chuyển %(units)s thành %(name)s" if len(units) == 1 else "Sáp nhập %(units)s thành %(name)s"), values
        case Split():
            names.update({normalise(part.code): part.name for part in operation.parts if part.name})
            values = {
                "unit": name(operation.unit),
                "parts": _listed([name(part.code) for part in operation.parts], translate),
                "main": next((name(part.code) for part in operation.parts if part.is_main), ""),
            }
            if operation.carries_on:
                return "Tách %(parts)s từ %(unit)s; %(unit)s tiếp tục", values
            return "Chia %(unit)s thành %(parts)s; nơi kế thừa chính là %(main)s", values
        case Close():
            values = {"unit": name(operation.unit), "successor": name(operation.successor)}
            return ("Giải thể %(unit)s, %(successor)s kế thừa" if operation.successor else "Giải thể %(unit)s"), values


def _listed(names: Sequence[str], translate: Callable[[str], str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return translate("%(others)s và %(last)s") % {"others": ", ".join(names[:-1]), "last": names[-1]}
