"""Messages in the reader's language, with the values that stand in them."""

from __future__ import annotations

import contextvars

import pytest

from elearn.core.i18n import COOKIE, with_values


@pytest.fixture
def read_in(app):
    """`with_values` as a reader of that language gets it."""

    def ask(language, message, **values):
        with app.test_request_context(headers={"Cookie": f"{COOKIE}={language}"}):
            return with_values(message, values)

    # Each reader in a context of their own, as on a server: the language is kept for the length of one.
    return lambda *asked, **values: contextvars.Context().run(ask, *asked, **values)


MESSAGE = "Câu thứ %(number)s: trường “%(field)s” %(fault)s."


def test_it_translates_our_words_within_a_message(read_in):
    assert read_in("en", MESSAGE, number=3, field="tags", fault="phải là chữ") == "Question 3: the field “tags” must be text."
    assert read_in("vi", MESSAGE, number=3, field="tags", fault="phải là chữ") == "Câu thứ 3: trường “tags” phải là chữ."


def test_it_leaves_the_words_of_people_as_they_are(read_in):
    assert read_in("en", MESSAGE, number=3, field="Đúng", fault="còn thiếu") == "Question 3: the field “Đúng” is missing."


def test_it_leaves_a_message_without_values_unformatted(read_in):
    assert read_in("vi", "Dưới 50% là tốt.") == "Dưới 50% là tốt."
