"""Numbers with a comma, kept as whole numbers of their smallest part."""

from __future__ import annotations

import pytest

from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import format_scaled, parse_scaled


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("87,65432", 5, 8_765_432), ("87", 5, 8_700_000), ("87,5", 5, 8_750_000), ("87.5", 5, 8_750_000), ("0,00001", 5, 1),
        ("1.234,5", 5, 123_450_000), ("1.234", 5, 123_400_000), ("3.400", 0, 3400),
    ],
)  # fmt: skip
def test_it_reads_numbers_with_a_comma_as_whole_ones(text: str, decimals: int, value: int) -> None:
    assert parse_scaled(text, decimals) == value
    assert parse_scaled(format_scaled(value, decimals), decimals) == value


@pytest.mark.parametrize("text", ["87,654321", "87,", ",5", "8a", "87,6,5", "-3", ""])
def test_it_refuses_numbers_with_too_much_behind_the_comma(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_scaled(text, 5)
