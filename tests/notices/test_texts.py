"""What a message may say, and how it reads in a chat group."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from elearn.lib.errors import InvalidInput
from elearn.notices.rules.mailing import WAITS, next_try
from elearn.notices.rules.texts import check_notice, paste_text

NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)


def test_it_writes_text_to_paste():
    text = paste_text(
        " Nhắc nộp kế hoạch ", ["Còn 59 tập thể chưa nộp:", "", " 1. Chi bộ Khu phố 5 "], "https://hoc.example/campaigns/3"
    )
    assert text == "Nhắc nộp kế hoạch\nCòn 59 tập thể chưa nộp:\n1. Chi bộ Khu phố 5\nhttps://hoc.example/campaigns/3"
    assert paste_text("Nhắc", [], "") == "Nhắc"


@pytest.mark.parametrize(
    ("title", "body", "url", "field"),
    [
        ("  ", "x", "/home", "title"),
        ("x" * 201, "", "", "title"),
        ("x", "y" * 4001, "", "body"),
        ("x", "", "https://other.example/", "url"),
        ("x", "", "//other.example/", "url"),
    ],
)
def test_it_refuses_a_message_that_cannot_be_sent(title, body, url, field):
    with pytest.raises(InvalidInput) as refusal:
        check_notice(title, body, url)
    assert refusal.value.field == field


def test_it_tries_again_later_and_later_and_gives_up():
    waits = [next_try(tries, NOW) - NOW for tries in range(1, len(WAITS) + 1)]
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(minutes=10)
    assert next_try(len(WAITS) + 1, NOW) is None
