"""Numbers as people type them, with or without a unit: 3,14 · 1.000,5 · 1 000 · 3×10^8 · -5 m/s. Exact throughout.

Two readers. `take_apart` splits by fixed signs for decimals and thousands, as files and other systems use them. `quantity` reads what a
taker typed, who may write as Vietnamese or as English do; its rule, in this order:

1. Two different signs: the last one begins the decimals, the other parts thousands (1.000,5 and 1,000.5).
2. One sign several times parts thousands (1.000.000).
3. One comma begins the decimals (3,141).
4. One point begins the decimals, too; where it may as well part thousands (one to three digits, no leading zero, then exactly three:
   1.000) the number has both readings, the Vietnamese one first. Whoever compares takes the reading that is better for the taker:
   marking somebody down for writing 1.000 as the law of the land has it would be worse than letting a rare slip pass.
5. Spaces may part thousands in any of these. Groups that are not of three digits make it no number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

LONGEST = 100
Apart = tuple[str, str, str, str]

_EXPONENT = r"(?:e|E|(?:x|\*|×)10(?:\^|\*\*))([+-]?[0-9]+)"


@lru_cache(maxsize=64)
def _numbers(decimal_point: str, thousands: str) -> str:
    point, parting = re.escape(decimal_point), re.escape(thousands)
    return rf"([+-]?[{parting}0-9]*)(?:{point}([0-9]*))?(?:{_EXPONENT})?"


def take_apart(text: str, decimal_point: str = ".", thousands: str = ",", unit_before: bool = False) -> Apart | None:
    """Whole part (with its sign, thousands signs gone), decimals, exponent and unit of a quantity; None where there is no number.

    The signs are settings, single characters or "". What stands before or behind the number is the unit, whatever it says.
    """
    pattern = _numbers(decimal_point, thousands)
    found = re.search(f"{pattern}$", text) if unit_before else re.match(pattern, text)
    if found is None:
        return None
    whole = (found[1] or "").replace(thousands, "")
    decimals, exponent = found[2] or "", found[3] or ""
    if whole.strip("+-") == "" and decimals == "":
        return None
    unit = text[: found.start()] if unit_before else text[found.end() :]
    return whole, decimals, exponent, unit.strip()


@dataclass(frozen=True)
class Quantity:
    """What a taker's number may mean, most likely first, and the unit typed with it ("" where there is none)."""

    readings: tuple[Fraction, ...]
    unit: str


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = str.maketrans("−–‐‑﹣－＋，．", "-----" + "-+,.")
_RAISED = re.compile("(?<=10)[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_MANTISSA = r"([+-]?)\s*([0-9](?:[0-9.,\s]*[0-9])?[.,]?|[.,][0-9]+)"
# In Vietnam 3.10^8 is three times ten to the eighth.
_TAKERS_EXPONENT = r"\s*(?:[eE]|[xX×*·⋅.]\s*10\s*(?:\^|\*\*)\s*)([+-]?[0-9]{1,3})(?![0-9.,])"
_FORMS = tuple(
    re.compile(form)
    for form in (f"^{_MANTISSA}{_TAKERS_EXPONENT}(.*)$", f"^{_MANTISSA}()(.*)$")
)  # fmt: skip
_FORMS_AFTER_UNIT = tuple(
    re.compile(form)
    for form in (f"^([^0-9.,+-]+?)\\s*{_MANTISSA}{_TAKERS_EXPONENT}$", f"^([^0-9.,+-]+?)\\s*{_MANTISSA}()$")
)  # fmt: skip
_LEFT_EXPONENT = re.compile(r"[eE][+-]?\s*[0-9]|[xX×*·⋅]\s*[0-9]")
"""An exponent that is out of all bounds is no unit."""
_GROUPS = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+|[0-9]+")


def quantity(text: str) -> Quantity | None:
    """What a taker typed as a number with or without a unit before or behind it; None where it is none. See the rule above."""
    if len(text) > LONGEST:
        return None
    flat = _RAISED.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), text.translate(_SIGNS))
    flat = " ".join(flat.split())
    for form in _FORMS:
        found = form.match(flat)
        if found:
            sign, mantissa, exponent, unit = found.groups()
            return _made_of(sign, mantissa, exponent, unit.strip())
    for form in _FORMS_AFTER_UNIT:
        found = form.match(flat)
        if found:
            unit, sign, mantissa, exponent = found.groups()
            return _made_of(sign, mantissa, exponent, unit.strip())
    return None


def _made_of(sign: str, mantissa: str, exponent: str, unit: str) -> Quantity | None:
    power = int(exponent or 0)
    if abs(power) > 100 or (unit and not may_be_unit(unit)):
        return None
    factor = Fraction(10) ** power * (-1 if sign == "-" else 1)
    readings = tuple(Fraction(plain) * factor for plain in _readings(mantissa))
    return Quantity(readings, unit) if readings else None


def _readings(mantissa: str) -> list[str]:
    """The mantissa with a decimal point and no other sign, in each of its readings."""
    points, commas = mantissa.count("."), mantissa.count(",")
    if points and commas:
        decimal = max(".", ",", key=mantissa.rfind)
        parting = "," if decimal == "." else "."
        if mantissa.count(decimal) > 1:
            return []
        whole, _, decimals = mantissa.partition(decimal)
        return _joined(whole.replace(parting, " "), decimals) if " " not in whole else []
    if points > 1 or commas > 1:
        return _joined(mantissa.replace("." if points else ",", " "), "") if " " not in mantissa else []
    whole, _, decimals = mantissa.partition("." if points else ",")
    found = _joined(whole, decimals)
    if points and len(decimals) == 3 and re.fullmatch("[1-9][0-9]{0,2}", whole):
        found.insert(0, whole + decimals)
    return found


def _joined(whole: str, decimals: str) -> list[str]:
    """Groups of three digits, parted by spaces, and the decimals as one number."""
    if (whole and not _GROUPS.fullmatch(whole)) or " " in decimals or not (whole or decimals):
        return []
    return [f"{whole.replace(' ', '') or '0'}.{decimals or '0'}"]


def may_be_unit(words: str) -> bool:
    """Whether words behind or before a number can name its unit. "2/3", "5 or 6" and "2 m 50" are no quantities."""
    if _LEFT_EXPONENT.match(words):
        return False
    first = words[0]
    is_sign = first in "%‰°′″'\"" or unicodedata.category(first) in ("Sc", "So")
    return (first.isalpha() or is_sign) and not any(word[0].isdigit() or word[0] in "+-.,=" for word in words.split())


def unit_key(unit: str) -> str:
    """A unit as it is compared: without spaces, "m²" as "m2"."""
    return "".join(unicodedata.normalize("NFC", unit).translate(_SUPERSCRIPTS).split())


def written(value: Fraction, decimals: int | None = None) -> str:
    """The number with a decimal point: exact where that takes at most 40 digits, else to 15 of them; or with so many decimals."""
    if decimals is not None:
        return f"{rounded(value, decimals):f}"
    near = Context(prec=40).divide(Decimal(value.numerator), Decimal(value.denominator))
    if Fraction(near) != value:
        near = Context(prec=15).plus(near)
    near = near.normalize(Context(prec=40))
    return f"{near:f}" if -20 < near.adjusted() < 20 else f"{near:E}".replace("E+", "E")


def said(value: Fraction, decimals: int | None = None) -> str:
    """The number as Vietnamese write it, without signs between thousands: 3,14."""
    return written(value, decimals).replace(".", ",")


def rounded(value: Fraction, decimals: int) -> Decimal:
    """The value with so many decimals, halves away from zero."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals, Context(prec=400))
