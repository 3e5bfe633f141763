"""Rules that two officers change while a round runs stand in its log, and whoever verifies follows them."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from elearn.contests import services
from elearn.contests.models import Amendment, Round
from elearn.contests.queries.receipts import find_receipt
from elearn.contests.services import changing
from elearn.contests.services.editing import plain_contest, plain_round
from elearn.core.db import db, transaction
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError
from elearn.quizzes.models import AttemptEvent
from elearn.quizzes.rules.attempts import receipt
from tests.contests.archived import Held
from tests.contests.conftest import AFTER, KIEN, MAI, NOW

LATER = NOW + timedelta(hours=3)


def change(fair, whole_contest=False, settings=None, **values) -> None:
    """Mai proposes and Kiên agrees."""
    found = fair.round()
    plain = plain_contest(found.contest) if whole_contest else plain_round(found)
    after = {**plain, **values, "settings": {**plain["settings"], **(settings or {})}}
    contest_id, round_id = found.contest_id, None if whole_contest else found.id
    made = changing.propose_change(contest_id, round_id, after, "Mất điện nửa ngày", MAI, LATER)
    changing.agree_change(made, KIEN, LATER + timedelta(minutes=1))
    db.session.rollback()


def archive(fair, at, tmp_path) -> Held:
    fair.sit(2, 3, 5, now=LATER + timedelta(hours=1))
    at(AFTER)
    fair.publish()
    services.archive_round(fair.round().id, tmp_path / "round.zip", AFTER)
    return Held.of(tmp_path / "round.zip")


def test_it_verifies_with_the_rules_that_were_changed(fair, at, tmp_path):
    attempt_id = fair.sit(1, 4, 2)
    change(fair, settings={"attempt_limit": 5})
    change(fair, whole_contest=True, settings={"objection_days": 1})
    held = archive(fair, at, tmp_path)
    report = held.verified()
    assert report.is_right, [one.message % one.values for one in report.faults]
    assert any("2 lần sửa quy tắc" in message % values for message, values in report.notes)
    lines = [line for line in held.rows("log.jsonl") if line["kind"] == "amended"]
    assert [line["seq"] for line in lines] == [1, 2]
    assert lines[0]["reason"] == "Mất điện nửa ngày"
    days = [line["rules"]["contest"].get("objection_days") for line in lines]
    assert days == [held.json("rules.json")["contest"].get("objection_days"), 1]
    assert "Hoàng Thị Mai" not in held.files["log.jsonl"].decode(), "officers are named on the page of the contest, not here"
    # The receipt of an answer in the checkpoint beside an amendment still leads to its root.
    digest = db.session.scalars(
        select(AttemptEvent.digest).where(AttemptEvent.attempt_id == attempt_id).order_by(AttemptEvent.seq.desc())
    ).first()
    assert find_receipt(fair.round(), 1, receipt(digest)).checkpoint == 1


def test_it_finds_an_amendment_that_was_taken_out_or_bent(fair, at, tmp_path):
    fair.sit(1, 4, 2)
    change(fair, whole_contest=True, settings={"objection_days": 1})
    held = archive(fair, at, tmp_path)
    assert held.verified().is_right
    lines = held.files["log.jsonl"].splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if json.loads(line)["kind"] == "amended")
    bent = json.loads(lines[place])
    bent["rules"]["contest"]["objection_days"] = 2
    for other in ([], [canonical(bent).encode() + b"\n"], [lines[place]] * 2):
        content = b"".join([*lines[:place], *other, *lines[place + 1 :]])
        assert not held.changed("log.jsonl", content).verified().is_right
    luck = random.Random(5)
    for _ in range(50):
        at_byte = luck.randrange(len(lines[place]))
        line = bytearray(lines[place])
        line[at_byte] ^= 1 << luck.randrange(8)
        content = b"".join([*lines[:place], bytes(line), *lines[place + 1 :]])
        assert not held.changed("log.jsonl", content).verified().is_right


def test_it_refuses_to_change_what_papers_are_drawn_from(fair):
    fair.sit(1, 4, 2)
    found = fair.round()
    blueprint = [dict(part, count=part["count"] - 1) for part in plain_round(found)["blueprint"]]
    blueprint.append({**blueprint[0], "count": 1})
    with pytest.raises(DomainError) as refusal:
        change(fair, blueprint=blueprint)
    assert refusal.value.code == "paper_sealed"
    db.session.rollback()
    assert not db.session.scalars(select(Amendment)).all()


def test_it_writes_nothing_for_a_round_that_has_not_opened(fair):
    fair.sit(1, 4, 2)
    change(fair, whole_contest=True, settings={"objection_days": 1})
    second = db.session.scalars(select(Round.id).where(Round.number == 2)).one()
    assert {one.round_id for one in db.session.scalars(select(Amendment))} == {fair.round().id}
    assert second != fair.round().id


def test_it_takes_up_an_amendment_whose_checkpoint_was_lost(fair, at, tmp_path, monkeypatch):
    fair.sit(1, 4, 2)
    monkeypatch.setattr(changing, "cut_checkpoint", lambda *_: False)
    change(fair, settings={"attempt_limit": 5})
    assert not db.session.scalars(select(Amendment.is_logged)).one()
    held = archive(fair, at, tmp_path)
    assert held.verified().is_right
    assert db.session.scalars(select(Amendment.is_logged)).one()
    with transaction() as session:
        session.execute(update(Amendment).values(reason="Lý do khác"))
    services.archive_round(fair.round().id, tmp_path / "other.zip", AFTER)
    assert not Held.of(tmp_path / "other.zip").verified().is_right, "what was bent in the database is found"
