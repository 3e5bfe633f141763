"""A corrected question and the standings of its round: told beforehand, written as the next version, taken back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from elearn.contests.models import Settlement
from elearn.core.db import db
from elearn.quizzes.models import Attempt
from elearn.quizzes.services.correcting import apply_correction, preview_correction, propose_correction, revert_correction
from tests.contests.conftest import AFTER, MAI, Fair
from tests.contests.test_closing import places

KIEN = (4, "Đặng Trung Kiên")
LATER = AFTER + timedelta(hours=1)


def propose(fair: Fair, member_id: int, slot: int) -> int:
    """Question at a slot of somebody's paper: a second option is right as well."""
    attempt = db.session.scalar(select(Attempt).where(Attempt.member_id == member_id, Attempt.number == 1))
    body = {"options": [{"text": "Đúng", "fraction": "1"}, {"text": "Sai", "fraction": "1"}, {"text": "Cũng sai"}]}
    version_id = attempt.paper[slot - 1]["version"]
    return propose_correction(
        fair.round().quiz_id, version_id, "accept", {"body": body}, "exact", "Văn kiện cho phép cả hai", MAI, AFTER
    )


def versions() -> list[int]:
    return list(db.session.scalars(select(Settlement.version).order_by(Settlement.version)))


def test_it_tells_who_would_move_and_writes_a_version_that_waits(closed: Fair) -> None:
    published = closed.publish()
    before = places(published)
    number = propose(closed, 3, 4)  # Lan's one wrong answer
    summary = preview_correction(number, LATER)
    assert versions() == [1]  # a preview leaves nothing behind
    told = {one["text"] for one in summary["consequences"]}
    assert "Số người đúng hết đổi từ %(old)s thành %(new)s." in told
    assert any("đổi hạng" in text for text in told)
    assert apply_correction(number, KIEN, LATER)["consequences"] == summary["consequences"]
    assert versions() == [1, 2]
    assert closed.round().published_version == 1
    last = db.session.scalar(select(Settlement).where(Settlement.version == 2))
    assert (last.all_correct_count, last.reason) == (3, "Văn kiện cho phép cả hai")
    assert places(published) == before  # the published version stays readable
    revert_correction(number, KIEN, "Nhầm văn kiện", LATER + timedelta(hours=1))
    assert versions() == [1, 2, 3]
    assert places(db.session.scalar(select(Settlement).where(Settlement.version == 3))) == before


def test_it_says_nothing_of_rounds_that_are_not_settled(closed: Fair) -> None:
    summary = preview_correction(propose(closed, 3, 4), LATER)
    assert summary["consequences"] == []
    assert summary["tally"]["up"] >= 1
    assert versions() == []
