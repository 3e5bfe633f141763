"""Reads of the tree."""

from __future__ import annotations

from elearn.units import queries
from elearn.units.models import Unit


def test_it_walks_up_and_down(app, session):
    cell = session.get(Unit, 3)
    assert [unit.id for unit in queries.list_ancestors(cell)] == [1, 2]
    assert [unit.id for unit in queries.list_children([2])] == [3, 4]
    assert queries.count_children([1, 2, 3]) == {1: 2, 2: 2}
    assert [name for _, name in queries.list_parents(3)] == ["Đảng bộ phường Bình Minh"]
    assert queries.list_names([2]) == {2: "Đảng bộ phường Bình Minh"}


def test_it_offers_the_one_chosen_though_the_list_is_cut(app, session, monkeypatch):
    monkeypatch.setattr(queries, "MOST_CHOICES", 2)
    choices = queries.list_choices(Unit.path.startswith("/1/"), session.get(Unit, 6))
    assert [number for number, _ in choices] == [1, 2, 6] or [number for number, _ in choices] == [1, 5, 6]


def test_it_searches_without_accents(app):
    found = queries.page_of_units(Unit.path.startswith("/1/"), "BINH minh", 1)
    assert [unit.id for unit in found.items] == [2]
