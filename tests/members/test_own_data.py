"""Everything held about oneself, as a file; what stayed with a merged record is the person's too."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from elearn.audit.models import AuditEntry
from elearn.core.db import transaction
from elearn.members.services.merging import merge
from elearn.members.services.own_data import collect
from elearn.members.services.records import save_member, save_sensitive
from elearn.quizzes.models import Quiz
from tests.contests.conftest import AFTER, Fair, at, closed, fair

__all__ = ["at", "closed", "fair"]

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
NGA = (14, "Ngô Thị Nga")


def test_it_gives_all_that_is_held_as_json_and_pdf(as_, session):
    save_member(NGA, 1, {"full_name": "Trần #Thị $Hạnh [x]"[:12] + " Hạnh", "birth": "1980", "positions": "Bí thư"}, "", NOW)
    save_sensitive(NGA, 1, {"national_id": "001180000123"}, "", NOW)
    hanh = as_("hanh")
    data = json.loads(hanh.post("/me/data/json").data)
    assert data["sensitive"][0]["national_id"] == "001180000123" and data["positions"][0]["title"] == "Bí thư"
    assert data["units"][0]["name"] == "Chi bộ Khu phố 5" and "password_hash" not in str(data)
    assert hanh.post("/me/data/pdf").data.startswith(b"%PDF")
    assert hanh.post("/me/data/xml").status_code == 404
    assert session.scalars(sa.select(AuditEntry.action).where(AuditEntry.actor_id == 1)).all() == ["export_own_data"] * 2


def test_it_shows_what_stayed_with_a_merged_record(closed: Fair, as_, session):
    closed.publish()
    merge(NGA, 1, 2, "", AFTER)
    data = collect(1, AFTER)
    assert len(data["entries"]) == 2 and len(data["standings"]) == 2
    assert all("paper" not in one and "mark" in one for one in data["attempts"])
    assert as_("nga").get("/admin/members/1").status_code == 200
    page = as_("hanh").get("/results").get_data(as_text=True)
    assert "Nhất" in page and "Nhì" in page


@pytest.mark.parametrize(("review", "is_shown"), [("after_close", False), ("marks_only", True)])
def test_it_gives_marks_while_a_round_is_open_only_where_its_result_page_does(fair: Fair, as_, review, is_shown):
    with transaction() as session:
        session.execute(sa.update(Quiz).values(review=review))
    attempt_id = fair.sit(1, 4, 2)
    assert ("mark" in collect(1, NOW)["attempts"][0]) == is_shown
    assert ("result-mark" in as_("hanh").get(f"/attempts/{attempt_id}/result").text) == is_shown
