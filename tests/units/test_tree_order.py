"""The natural order of names of units, and which names count as the same."""

from __future__ import annotations

import random

import pytest

from elearn.units.rules.tree_order import name_key, unit_sort_key


def test_it_orders_numbers_by_their_value():
    ordered = [
        "Ấp 1", "Chi bộ I", "Chi bộ II", "Chi bộ V", "Đảng bộ xã An Sơn", "Khu phố 5", "Khu phố 5A", "Khu phố 09", "Khu phố 10",
        "Khu phố 10 B", "Khu phố 100", "Khu phố Bàu",
    ]  # fmt: skip
    mixed = random.Random(1).sample(ordered, len(ordered))
    assert sorted(mixed, key=unit_sort_key) == ordered
    assert all(unit_sort_key(name).isascii() for name in ordered)


@pytest.mark.parametrize(("one", "other"), [("Uỷ ban", "Ủy ban"), ("Đông Hoà", "ĐÔNG  HÒA"), ("Thuỷ", "Thủy")])
def test_it_takes_names_for_the_same_wherever_the_tone_mark_stands(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Tân Lập", "Tấn Lập"), ("Đông", "Dong"), ("Tổ 1", "Tổ 10"), ("Lê", "Le")])
def test_it_keeps_names_apart_that_differ(one, other):
    assert name_key(one) != name_key(other)
