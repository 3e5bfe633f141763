"""Numbers as Vietnamese read and write them: 7.200 and 95,2."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from elearn.lib.errors import InvalidInput

_WHOLE = re.compile(r"[0-9]{1,3}(?:[. \u00a0][0-9]{3})+|[0-9]+")
_LONGEST = 15  # digits; more is nonsense here, and would not fit 64 bits soon after


def format_number(value: Decimal | int | float, places: int | None = None) -> str:
    """Vietnamese figure: dot between thousands, comma before decimals, trailing zeros dropped unless `places` is given."""
    exact = Decimal(str(value))
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = "-" if exact < 0 else ""
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def format_percent(part: Decimal | int, whole: Decimal | int, places: int = 2) -> str:
    """`part` of `whole` as "45,42%"; "–" where `whole` is 0 and the share is not defined."""
    if not whole:
        return "–"
    return f"{format_number(Decimal(part) * 100 / Decimal(whole), places)}%"


def parse_scaled(text: str, decimals: int) -> int:
    """A non-negative number with up to `decimals` digits after a comma, as a whole number of its smallest part: ("87,5", 5) is 8750000.

    A single dot stands for the comma only where no comma is there and it parts no thousands. Raises InvalidInput.
    """
    if not decimals:
        return parse_whole(text)
    whole, comma, rest = text.strip().partition(",")
    if not comma and whole.count(".") == 1 and not re.fullmatch(r"[0-9]{1,3}[.][0-9]{3}", whole):
        whole, comma, rest = whole.partition(".")
    if comma and not re.fullmatch(f"[0-9]{{1,{decimals}}}", rest):
        message = "Hãy nhập một số có đến %(places)s chữ số sau dấu phẩy, ví dụ 87,65."
        raise InvalidInput("not_a_number", message, places=decimals)
    return parse_whole(whole) * 10**decimals + int((rest or "0").ljust(decimals, "0"))


def format_scaled(value: int, decimals: int) -> str:
    """The way back from `parse_scaled`."""
    return format_number(Decimal(value).scaleb(-decimals)) if decimals else format_number(value)


def parse_whole(text: str) -> int:
    """A non-negative whole number such as "3.400", "3 400" or "3400"; raises InvalidInput."""
    digits = re.sub("[^0-9]", "", text)
    if not _WHOLE.fullmatch(text.strip()) or len(digits) > _LONGEST:
        raise InvalidInput("not_a_number", "Hãy nhập một số nguyên, ví dụ 3.400.")
    return int(digits)
