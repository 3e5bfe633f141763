"""Addresses of further pages of a list hold only what the list was asked for."""

from __future__ import annotations

import pytest

from elearn.core.pages import Page


@pytest.mark.parametrize(
    "asked", ["endpoint=x", "_scheme=javascript&_external=1&x=%0aalert(1)", "_anchor=x", "_method=POST", "_external=1", "page=9"]
)
def test_it_takes_nothing_from_the_address_that_is_not_a_filter(app, asked):
    with app.test_request_context(f"/contests?q=a+b&{asked}"):
        address = Page([], 1, 100).url(2)
    assert address.startswith("/contests?q=a+b&")
    assert address.endswith("page=2")
    assert "#" not in address
