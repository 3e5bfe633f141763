"""Formulas of calculated questions: read by a grammar of their own and worked out step by step; nothing is ever given to Python to run.

    sum: product (("+" | "-") product)*      product: signed (("*" | "/") signed)*      signed: ("+" | "-")* power
    power: atom (("**" | "^") signed)?       atom: number | {name} | name | name "(" sums ")" | "(" sum ")"

A formula becomes a list of at most 1,000 steps in postfix order; depth, digits and exponents are bounded, so that none takes long.
Numbers are decimals of 34 digits; angles are in radians. Results are rounded to 15 digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache

from elearn.lib.errors import InvalidInput

LONGEST = 5000
MOST_STEPS = 1000
DEEPEST = 40

_EXACT = Context(prec=34, Emax=300, Emin=-300, traps=[InvalidOperation, DivisionByZero, Overflow])
_SHORT = Context(prec=15, Emax=300, Emin=-300)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)|\{(?P<braced>[^{}\s]{1,50})\}"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,49})|(?P<sign>\*\*|[-+*/^(),;]))"
)
Step = tuple[str, str, int]
"""("number", digits, 0) · ("value", name, 0) · ("call", function, count of arguments); operators are functions."""


@dataclass(frozen=True)
class Function:
    """A function that formulas may use."""

    fewest: int
    most: int
    run: Callable[..., Decimal]


def _by_float(run: Callable[..., float]) -> Callable[..., Decimal]:
    """A function of `math`: its 15 to 17 digits are as many as results keep."""

    def worked_out(*values: Decimal) -> Decimal:
        result = run(*(float(value) for value in values))
        if not math.isfinite(result):
            raise ValueError("not finite")
        return Decimal(repr(result))

    return worked_out


def _logarithm(value: Decimal, base: Decimal | None = None) -> Decimal:
    return _EXACT.ln(value) if base is None else _EXACT.divide(_EXACT.ln(value), _EXACT.ln(base))


def _rounded(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    if places != places.to_integral_value() or abs(places) > 30:
        raise ValueError("places")
    shifted = value.scaleb(int(places), _EXACT)
    return shifted.to_integral_value(ROUND_HALF_UP, _EXACT).scaleb(-int(places), _EXACT)


def _in_base(read: int, write: str) -> Callable[[Decimal], Decimal]:
    def worked_out(value: Decimal) -> Decimal:
        if value != value.to_integral_value() or value < 0 or value >= 10**15:
            raise ValueError("no whole number")
        return Decimal(format(int(str(int(value)), read), write))

    return worked_out


_PI = Decimal("3.141592653589793238462643383279503")
_RADIANS = _EXACT.divide(_PI, Decimal(180))
FUNCTIONS: Mapping[str, Function] = {
    "+": Function(2, 2, _EXACT.add),
    "-": Function(2, 2, _EXACT.subtract),
    "*": Function(2, 2, _EXACT.multiply),
    "/": Function(2, 2, _EXACT.divide),
    "**": Function(2, 2, _EXACT.power),
    "negative": Function(1, 1, _EXACT.minus),
    "abs": Function(1, 1, _EXACT.abs),
    "sqrt": Function(1, 1, _EXACT.sqrt),
    "exp": Function(1, 1, _EXACT.exp),
    "expm1": Function(1, 1, _by_float(math.expm1)),
    "ln": Function(1, 1, _EXACT.ln),
    "log": Function(1, 2, _logarithm),
    "log10": Function(1, 1, _EXACT.log10),
    "log1p": Function(1, 1, _by_float(math.log1p)),
    "pow": Function(2, 2, _EXACT.power),
    "min": Function(2, 50, min),
    "max": Function(2, 50, max),
    "floor": Function(1, 1, lambda value: value.to_integral_value(ROUND_FLOOR, _EXACT)),
    "ceil": Function(1, 1, lambda value: value.to_integral_value(ROUND_CEILING, _EXACT)),
    "round": Function(1, 2, _rounded),
    "fmod": Function(2, 2, _EXACT.remainder),
    "pi": Function(0, 0, lambda: _PI),
    "deg2rad": Function(1, 1, lambda value: _EXACT.multiply(value, _RADIANS)),
    "rad2deg": Function(1, 1, lambda value: _EXACT.divide(value, _RADIANS)),
    "bindec": Function(1, 1, _in_base(2, "d")),
    "decbin": Function(1, 1, _in_base(10, "b")),
    "octdec": Function(1, 1, _in_base(8, "d")),
    "decoct": Function(1, 1, _in_base(10, "o")),
    "atan2": Function(2, 2, _by_float(math.atan2)),
    **{
        name: Function(1, 1, _by_float(getattr(math, name)))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh")
    },
}
_OPERATORS = {"+", "-", "*", "/", "**", "negative"}


def _wrong(message: str) -> InvalidInput:
    return InvalidInput("bad_formula", message, field="formula")


class _Reader:
    """Reads one formula into steps."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.tokens = [*tokens, ("end", "")]
        self.place = 0
        self.depth = 0
        self.steps: list[Step] = []

    def next_is(self, *signs: str) -> bool:
        kind, text = self.tokens[self.place]
        return kind == "sign" and text in signs

    def take(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, sign: str) -> None:
        if not self.next_is(sign):
            raise _wrong("Công thức thiếu dấu ngoặc hoặc thừa dấu.")
        self.place += 1

    def step(self, kind: str, text: str, count: int = 0) -> None:
        self.steps.append((kind, text, count))
        if len(self.steps) > MOST_STEPS:
            raise _wrong("Công thức quá dài.")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _wrong("Công thức lồng nhau quá sâu.")

    def sum(self) -> None:
        self.deeper()
        self.product()
        while self.next_is("+", "-"):
            sign = self.take()[1]
            self.product()
            self.step("call", sign, 2)
        self.depth -= 1

    def product(self) -> None:
        self.signed()
        while self.next_is("*", "/"):
            sign = self.take()[1]
            self.signed()
            self.step("call", sign, 2)

    def signed(self) -> None:
        is_negative = False
        while self.next_is("+", "-"):
            is_negative ^= self.take()[1] == "-"
        self.power()
        if is_negative:
            self.step("call", "negative", 1)

    def power(self) -> None:
        self.atom()
        if self.next_is("**", "^"):
            self.take()
            self.deeper()
            self.signed()
            self.depth -= 1
            self.step("call", "**", 2)

    def atom(self) -> None:
        kind, text = self.take()
        if kind == "number":
            self.step("number", text)
        elif kind == "braced":
            self.step("value", text)
        elif kind == "name" and self.next_is("("):
            self.call(text.lower())
        elif kind == "name":
            self.step("value", text)
        elif (kind, text) == ("sign", "("):
            self.sum()
            self.expect(")")
        else:
            raise _wrong("Công thức thiếu số hạng.")

    def call(self, name: str) -> None:
        self.expect("(")
        count = 0
        if not self.next_is(")"):
            self.sum()
            count = 1
            while self.next_is(",", ";"):
                self.take()
                self.sum()
                count += 1
        self.expect(")")
        function = FUNCTIONS.get(name)
        if function is None or name in _OPERATORS:
            raise _wrong("Công thức có hàm không được dùng.")
        if not function.fewest <= count <= function.most:
            raise _wrong("Công thức có hàm với số giá trị không đúng.")
        self.step("call", name, count)


@lru_cache(maxsize=2048)
def read_formula(text: str) -> tuple[Step, ...]:
    """The steps of a formula in postfix order. Raises InvalidInput("bad_formula") for what is none."""
    if len(text) > LONGEST:
        raise _wrong("Công thức quá dài.")
    tokens, place = [], 0
    text = text.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise _wrong("Công thức có ký tự không hiểu được.")
        tokens.append((found.lastgroup, found[found.lastgroup]))
        place = found.end()
    reader = _Reader(tokens)
    reader.sum()
    if reader.tokens[reader.place][0] != "end":
        raise _wrong("Công thức thiếu dấu ngoặc hoặc thừa dấu.")
    return tuple(reader.steps)


def names_in(text: str) -> set[str]:
    """Names for which the formula wants values. Raises InvalidInput("bad_formula")."""
    return {name for kind, name, _ in read_formula(text) if kind == "value"}


def work_out(text: str, values: Mapping[str, str] | None = None) -> Decimal:
    """The value of a formula. Raises InvalidInput("bad_formula"): for a broken one, a missing value, a result that does not exist."""
    stack: list[Decimal] = []
    try:
        for kind, name, count in read_formula(text):
            if kind == "number":
                stack.append(_EXACT.create_decimal(name))
            elif kind == "value":
                stack.append(_value_of(name, values or {}))
            else:
                start = len(stack) - count
                stack[start:] = [FUNCTIONS[name].run(*stack[start:])]
        result = _SHORT.plus(stack[0])
    except (DecimalException, ValueError, OverflowError, ZeroDivisionError) as cause:
        raise _wrong("Công thức không tính được với các giá trị này, ví dụ vì chia cho 0.") from cause
    if not result.is_finite():
        raise _wrong("Công thức không tính được với các giá trị này, ví dụ vì chia cho 0.")
    return result


def _value_of(name: str, values: Mapping[str, str]) -> Decimal:
    if name in values:
        return _EXACT.create_decimal(values[name])
    if name.lower() == "pi":
        return FUNCTIONS["pi"].run()
    raise _wrong("Công thức dùng một giá trị không có trong các bộ số.")
