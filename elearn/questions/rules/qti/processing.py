"""Response processing carried out: what a response earns by the rules of an item, and what its outcomes say.

Numbers are exact. What is not known here (random numbers, areas of pictures, operators of vendors …) raises `Unreadable`, and the caller
falls back on the declared right response. Meaning of the operators: QTI 2.2 information model, sections "Expressions" and
"Response Processing".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from elearn.questions.rules.qti.patterns import fits, wildcard_of
from elearn.questions.rules.qti.xml import Node

Value = Any
"""None, bool, Fraction, str, or a list of these for containers."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST_BITS = 4_000  # products of products grow without end
_STEPS_OF_ITEM = 60_000
_STEPS_IN_ALL = 6_000_000


class Unreadable(Exception):
    """Something in the rules that is not understood here."""


class Budget:
    """How much may be worked out for a whole file, so that no file keeps the machine busy."""

    def __init__(self) -> None:
        self._left = _STEPS_IN_ALL
        self._left_for_item = _STEPS_OF_ITEM

    def next_item(self) -> None:
        """A new item begins."""
        self._left_for_item = _STEPS_OF_ITEM

    def take(self) -> None:
        """One step; raises Unreadable where none is left."""
        self._left -= 1
        self._left_for_item -= 1
        if min(self._left, self._left_for_item) < 0:
            raise Unreadable


def number_of(text: str) -> Fraction | None:
    """The number that a text is, with a point or comma; None where it is none."""
    words = " ".join(text.split())
    if not _NUMBER.fullmatch(words):
        return None
    try:
        return Fraction(Decimal(words.replace(",", ".")))
    except (InvalidOperation, ValueError):
        return None


def value_of(base_type: str, text: str) -> Value:
    """A value as it stands in a file."""
    words = " ".join(text.split())
    if base_type in ("float", "integer"):
        return number_of(words)
    if base_type == "boolean":
        return words in ("true", "1")
    if base_type == "pair":
        return " ".join(sorted(words.split(" ")))
    return words


@dataclass
class Declaration:
    """Of a response or an outcome."""

    identifier: str
    cardinality: str = "single"
    base_type: str = "identifier"
    correct: list[Value] = field(default_factory=list)
    interpretation: str = ""
    """Of the right response, in words."""
    default: list[Value] = field(default_factory=list)
    default_words: str = ""
    """The default as it stands, white space and all."""
    mapping: dict[Value, Fraction] | None = None
    mapping_default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None
    without_case: frozenset[Value] = frozenset()
    """Keys of the mapping for which capitals are as good as small letters."""
    maximum: Fraction | None = None
    line: int = 0

    @property
    def is_container(self) -> bool:
        return self.cardinality in ("multiple", "ordered")

    def contain(self, values: list[Value]) -> Value:
        """The values as this variable holds them."""
        if self.is_container:
            return values or None
        return values[0] if values else None

    def mapped(self, value: Value) -> Fraction:
        """What the mapping gives for a response; raises Unreadable where there is none."""
        if self.mapping is None:
            raise Unreadable
        values = value if isinstance(value, list) else [value]
        seen: list[Value] = []
        total = Fraction(0)
        for each in values:
            if each is None or each in seen:
                continue
            seen.append(each)
            total += self._mapped(each)
        if self.lower is not None:
            total = max(total, self.lower)
        if self.upper is not None:
            total = min(total, self.upper)
        return total

    def _mapped(self, value: Value) -> Fraction:
        assert self.mapping is not None  # looked at by the caller
        if value in self.mapping:
            return self.mapping[value]
        if isinstance(value, str):
            for key in self.without_case:
                if isinstance(key, str) and key.casefold() == value.casefold():
                    return self.mapping[key]
        return self.mapping_default


def declared(node: Node) -> Declaration:
    """A responseDeclaration or outcomeDeclaration."""
    base = node.get("baseType") or "identifier"
    found = Declaration(node.get("identifier"), node.get("cardinality") or "single", base, line=node.line)
    correct, default, mapping = node.first("correctResponse"), node.first("defaultValue"), node.first("mapping")
    if correct:
        found.interpretation = correct.get("interpretation")
        found.correct = [value_of(base, value.words()) for value in correct.nodes("value")]
    if default:
        values = default.nodes("value")
        found.default = [value_of(base, value.words()) for value in values]
        found.default_words = values[0].words() if values else ""
    if node.get("normalMaximum"):
        found.maximum = number_of(node.get("normalMaximum"))
    if mapping:
        found.mapping = {}
        without_case = set()
        for entry in mapping.nodes("mapEntry"):
            key = value_of(base, entry.get("mapKey"))
            found.mapping.setdefault(key, number_of(entry.get("mappedValue")) or Fraction(0))
            if entry.get("caseSensitive", "true") in ("false", "0"):
                without_case.add(key)
        found.without_case = frozenset(without_case)
        found.mapping_default = number_of(mapping.get("defaultValue", "0")) or Fraction(0)
        found.lower, found.upper = number_of(mapping.get("lowerBound")), number_of(mapping.get("upperBound"))
    return found


class Processing:
    """The rules of one item."""

    def __init__(
        self, responses: Mapping[str, Declaration], outcomes: Mapping[str, Declaration], rules: Node | None, budget: Budget
    ) -> None:
        self.responses = responses
        self.outcomes = outcomes
        self.rules = rules
        self._budget = budget
        self._values: dict[str, Value] = {}
        self._full: Fraction | None = None
        self.template = rules.get("template").rpartition("/")[2].removesuffix(".xml") if rules else ""

    @property
    def is_there(self) -> bool:
        """Whether the item says at all how it is marked."""
        return self.rules is not None and bool(self.template or self.rules.nodes())

    def run(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """The outcomes of a response; raises Unreadable."""
        self._values = {identifier: outcome.contain(outcome.default) for identifier, outcome in self.outcomes.items()}
        for identifier, outcome in self.outcomes.items():
            if self._values[identifier] is None and outcome.base_type in ("float", "integer") and not outcome.is_container:
                self._values[identifier] = Fraction(0)
        self._values |= {identifier: given.get(identifier) for identifier in self.responses}
        assert self.rules is not None  # callers ask `is_there` first
        if self.rules.nodes():
            with suppress(_Exit):
                self._carry_out(self.rules.nodes())
        else:
            self._by_template()
        return {identifier: self._values.get(identifier) for identifier in self.outcomes} | {"SCORE": self._values.get("SCORE")}

    def score(self, given: Mapping[str, Value]) -> Fraction:
        """SCORE of a response; raises Unreadable."""
        outcomes = self.run(given)
        found = outcomes.get("SCORE")
        if found is None and "SCORE" not in self.outcomes:
            # Some programs keep a score of its own for each interaction and leave it to the test to add them up.
            parts = [value for name, value in outcomes.items() if name.startswith("SCORE") and isinstance(value, Fraction)]
            found = sum(parts, Fraction(0))
        if found is None:
            return Fraction(0)
        if not isinstance(found, Fraction):
            raise Unreadable
        return found

    def _by_template(self) -> None:
        self._budget.take()
        name = "RESPONSE" if "RESPONSE" in self.responses or len(self.responses) != 1 else next(iter(self.responses))
        response = self.responses.get(name)
        if response is None or "point" in self.template:
            raise Unreadable
        value = self._values.get(name)
        if "map_response" in self.template:
            self._values["SCORE"] = response.mapped(value) if value is not None else Fraction(0)
        elif "match" in self.template:
            full = self._values.get("MAXSCORE") if self.template.startswith("CC2") else None
            right = response.contain(response.correct)
            self._values["SCORE"] = (full or Fraction(1)) if self._match(value, right, response) else Fraction(0)
        else:
            raise Unreadable

    def _carry_out(self, rules: list[Node]) -> None:
        for rule in rules:
            self._budget.take()
            match rule.name:
                case "responseCondition":
                    for branch in rule.nodes("responseIf", "responseElseIf", "responseElse"):
                        parts = branch.nodes()
                        if branch.name == "responseElse":
                            self._carry_out(parts)
                            break
                        if parts and self._value(parts[0]) is True:
                            self._carry_out(parts[1:])
                            break
                case "setOutcomeValue":
                    expressions = rule.nodes()
                    self._values[rule.get("identifier")] = self._value(expressions[0]) if expressions else None
                case "responseProcessingFragment":
                    self._carry_out(rule.nodes())
                case "exitResponse":
                    raise _Exit
                case _:
                    raise Unreadable

    def _variable(self, node: Node) -> Declaration:
        name = node.get("identifier")
        if name in self.responses:
            return self.responses[name]
        if name in self.outcomes:
            return self.outcomes[name]
        raise Unreadable

    def _value(self, node: Node) -> Value:
        self._budget.take()
        match node.name:
            case "variable":
                if node.get("identifier") == "completionStatus":
                    return None
                return self._values.get(self._variable(node).identifier, self._values.get(node.get("identifier")))
            case "correct":
                declaration = self._variable(node)
                return declaration.contain(declaration.correct)
            case "default":
                declaration = self._variable(node)
                return declaration.contain(declaration.default)
            case "mapResponse":
                declaration = self._variable(node)
                value = self._values.get(declaration.identifier)
                return declaration.mapped(value) if value is not None else Fraction(0)
            case "baseValue":
                return value_of(node.get("baseType"), node.words())
            case "null":
                return None
        parts = [self._value(child) for child in node.nodes()]
        return self._operate(node, parts)

    def _operate(self, node: Node, parts: list[Value]) -> Value:
        name = node.name
        if name in ("multiple", "ordered"):
            return [each for part in parts for each in (part if isinstance(part, list) else [part]) if each is not None] or None
        if name in _LOGIC:
            return _LOGIC[name](parts)
        if name == "isNull":
            return parts[0] is None or parts[0] in ("", [])
        if name == "containerSize":
            return Fraction(len(parts[0]) if isinstance(parts[0], list) else int(parts[0] is not None))
        if name in _NUMBERS:
            numbers = [each for part in parts for each in (part if isinstance(part, list) else [part])]
            if any(each is None for each in numbers):
                return None
            if not numbers or not all(isinstance(each, Fraction) for each in numbers):
                raise Unreadable
            found = _NUMBERS[name](numbers)
            if isinstance(found, Fraction) and max(found.numerator.bit_length(), found.denominator.bit_length()) > _LONGEST_BITS:
                raise Unreadable
            return found
        if any(part is None for part in parts) or not parts:
            return None
        return self._compare(node, parts)

    def _compare(self, node: Node, parts: list[Value]) -> Value:
        first, second = parts[0], parts[-1]
        match node.name:
            case "match":
                return self._match(
                    first, second, None, "ordered" in {child.name for child in node.nodes()} or self._is_ordered(node)
                )
            case "member":
                return isinstance(second, list) and first in second
            case "contains":
                return not Counter(map(repr, _listed(second))) - Counter(map(repr, _listed(first)))
            case "index":
                place = node.get("n")
                if not place.isdecimal() or not isinstance(first, list):
                    raise Unreadable
                return first[int(place) - 1] if 0 < int(place) <= len(first) else None
            case "delete":
                return [each for each in _listed(second) if each != first] or None
            case "stringMatch" | "substring":
                one, other = str(first), str(second)
                if node.get("caseSensitive", "true") in ("false", "0"):
                    one, other = one.casefold(), other.casefold()
                return one in other if node.name == "substring" or node.get("substring") in ("true", "1") else one == other
            case "patternMatch":
                wildcard = wildcard_of(node.get("pattern"))
                if wildcard is None:
                    raise Unreadable
                return fits(wildcard[0], str(first), wildcard[1])
            case "equal":
                return _equal(node, first, second)
            case _:
                raise Unreadable

    def _is_ordered(self, node: Node) -> bool:
        return any(
            child.name in ("variable", "correct")
            and child.get("identifier") in self.responses
            and self.responses[child.get("identifier")].cardinality == "ordered"
            for child in node.nodes()
        )

    @staticmethod
    def _match(first: Value, second: Value, declaration: Declaration | None, is_ordered: bool = False) -> bool:
        if first is None or second is None:
            return False
        if declaration is not None:
            is_ordered = declaration.cardinality == "ordered"
        if isinstance(first, list) or isinstance(second, list):
            one, other = _listed(first), _listed(second)
            return one == other if is_ordered else Counter(map(repr, one)) == Counter(map(repr, other))
        return bool(first == second)


class _Exit(Exception):
    pass


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def tolerance_of(node: Node) -> tuple[str, Fraction, Fraction]:
    """Mode and both tolerances of an `equal`; raises Unreadable where they are not plain numbers."""
    mode = node.get("toleranceMode") or "exact"
    if mode == "exact":
        return mode, Fraction(0), Fraction(0)
    numbers = [number_of(part) for part in node.get("tolerance").split()]
    if mode not in ("absolute", "relative") or not numbers or None in numbers:
        raise Unreadable
    known = [each for each in numbers if each is not None]
    return mode, known[0], known[-1]


def _equal(node: Node, first: Value, second: Value) -> bool:
    if not isinstance(first, Fraction) or not isinstance(second, Fraction):
        raise Unreadable
    mode, below, above = tolerance_of(node)
    if mode == "exact":
        return first == second
    # The first expression is what the second may lie around; files put the right value and the response in either place.
    is_response_first = bool(node.nodes()) and node.nodes()[0].name == "variable"
    value, response = (second, first) if is_response_first else (first, second)
    if mode == "relative":
        below, above = abs(value) * below / 100, abs(value) * above / 100
    return value - below <= response <= value + above


def _divided(numbers: list[Fraction]) -> Fraction | None:
    return numbers[0] / numbers[1] if len(numbers) == 2 and numbers[1] else None


def _multiplied(numbers: list[Fraction]) -> Fraction:
    result = Fraction(1)
    for each in numbers:
        result *= each
    return result


def _truths(parts: list[Value]) -> list[bool]:
    return [part is True for part in parts]


_LOGIC: Mapping[str, Any] = {
    "and": lambda parts: all(_truths(parts)),
    "or": lambda parts: any(_truths(parts)),
    "not": lambda parts: None if parts[:1] == [None] else not any(_truths(parts)),
}
_NUMBERS: Mapping[str, Any] = {
    "sum": sum,
    "product": _multiplied,
    "subtract": lambda numbers: numbers[0] - numbers[-1],
    "divide": _divided,
    "max": max,
    "min": min,
    "lt": lambda numbers: numbers[0] < numbers[-1],
    "lte": lambda numbers: numbers[0] <= numbers[-1],
    "gt": lambda numbers: numbers[0] > numbers[-1],
    "gte": lambda numbers: numbers[0] >= numbers[-1],
    "round": lambda numbers: Fraction((numbers[0] + Fraction(1, 2)).__floor__()),
    "truncate": lambda numbers: Fraction(int(numbers[0])),
}
