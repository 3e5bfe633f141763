"""Rounds are sealed before they open; papers come from the seal, the log stands in checkpoints, nothing secret leaves before its time."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.contests import services
from elearn.contests.models import Contest, Entry, LogCheckpoint, LogClosing, Round, Seal
from elearn.contests.queries.seals import versions_of
from elearn.contests.rules.archives import Papers
from elearn.contests.rules.seals import (
    Commitment,
    brief,
    climb,
    first_head,
    is_late,
    is_signed,
    line_of,
    lot_seed,
    merkle_path,
    merkle_root,
    next_head,
)
from elearn.contests.services.chaining import close_log, cut_checkpoint
from elearn.contests.services.sealing import seal_round
from elearn.core.db import db, transaction, write_connection
from elearn.questions.services import QuestionSpec, put_question
from elearn.quizzes.models import Attempt, AttemptEvent
from elearn.quizzes.services import submit_attempt
from tests.contests.conftest import AFTER, CLOSES, NOW, OWN, SETTINGS

MINUTE = timedelta(minutes=1)
PAGE = "/contests/lich-su/rounds/{}"


def seal_of(round_id: int) -> Seal:
    return db.session.scalars(select(Seal).where(Seal.round_id == round_id).order_by(Seal.number.desc())).first()


def marks_of(round_id: int) -> list[LogCheckpoint]:
    return list(db.session.scalars(select(LogCheckpoint).where(LogCheckpoint.round_id == round_id).order_by(LogCheckpoint.number)))


@given(st.lists(st.text("abc", min_size=1), min_size=1, max_size=40), st.data())
def test_it_climbs_from_every_leaf_to_the_root(leaves, data):
    place = data.draw(st.integers(0, len(leaves) - 1))
    assert climb(leaves[place], merkle_path(leaves, place)) == merkle_root(leaves)
    assert climb(leaves[place] + "x", merkle_path(leaves, place)) != merkle_root(leaves)


def test_it_knows_the_lot_seed_only_with_every_part():
    seeds = {
        lot_seed(*parts)
        for parts in (("a", "b", "c", ""), ("x", "b", "c", ""), ("a", "x", "c", ""), ("a", "b", "x", ""), ("a", "b", "c", "x"))
    }
    assert len(seeds) == 5


def test_it_seals_what_has_not_opened_when_the_contest_is_published(fair):
    assert seal_of(fair.round(1).id) is None  # open already: sealed at the first entry
    seal = seal_of(fair.round(2).id)
    assert (seal.number, seal.made_at, seal.revealed_at) == (1, NOW, None)
    assert is_signed(seal.public_key, seal.manifest, seal.signature)
    assert not is_signed(seal.public_key, {**seal.manifest, "number": 2}, seal.signature)
    words, keys = versions_of(db.session.connection(), seal.rules["pools"])
    assert len(words) == 4
    assert Commitment(seal.name, seal.secret, seal.salt, seal.rules, words, keys).hashes() == seal.manifest["hashes"]


def add_question(code: str) -> None:
    with transaction() as session:
        body = {"options": [{"text": "Đúng", "right": True}, {"text": "Sai"}]}
        bank_id = session.scalar(sa.text("SELECT id FROM banks WHERE code = 'bank-lich-su'"))
        put_question(session, bank_id, QuestionSpec(code, "single_choice", "t", "nhan_biet", "Câu mới?", body, "", None), NOW)


def test_it_seals_anew_before_the_opening_and_never_after(fair):
    number, opens_at = fair.round(2).id, fair.round(2).opens_at
    assert services.seal_upcoming(NOW) == 0
    add_question("moi-1")
    assert services.seal_upcoming(NOW + MINUTE) == 1
    first, second = (db.session.scalars(select(Seal).where(Seal.round_id == number, Seal.number == one)).one() for one in (1, 2))
    assert first.secret != second.secret
    assert first.manifest["hashes"] != second.manifest["hashes"]
    assert len(second.rules["pools"][0]) == 5
    add_question("moi-2")
    assert services.seal_upcoming(opens_at) == 0
    with transaction() as session:
        assert seal_round(session, session.get_one(Round, number), opens_at).number == 2
    attempt_id = fair.start(1, opens_at + MINUTE, number=2)
    drawn = {one["version"] for one in db.session.get_one(Attempt, attempt_id).paper}
    assert drawn <= set(seal_of(number).rules["pools"][0])


def test_it_draws_papers_from_the_sealed_seed_alone(fair, at):
    attempts = [fair.sit(1, 4, 2), fair.sit(1, 2, 2, now=NOW + 20 * MINUTE), fair.sit(2, 1)]
    seal = seal_of(fair.round().id)
    papers = Papers.of(seal.name, seal.secret, seal.rules, *versions_of(db.session.connection(), seal.rules["pools"]))
    seeds = set()
    for attempt_id in attempts:
        attempt = db.session.get_one(Attempt, attempt_id)
        pseudonym = db.session.scalars(select(Entry.pseudonym).where(Entry.member_id == attempt.member_id)).one()
        assert attempt.seed == papers.seed(pseudonym, attempt.number)
        assert attempt.paper == papers.draw(attempt.seed)
        seeds.add(attempt.seed)
    assert len(seeds) == 3


def test_it_gives_two_starts_at_once_the_paper_of_their_number(fair, app, people):
    found: list[int] = []

    def start() -> None:
        with app.app_context():
            found.append(services.enter_round(1, fair_person, NOW))

    fair_person = fair.person(1)
    db.session.rollback()
    threads = [threading.Thread(target=start) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == 1
    assert len(found) == 6
    assert db.session.scalar(select(sa.func.count()).select_from(Seal).where(Seal.round_id == 1)) == 1


def test_it_chains_every_event_once(fair, at):
    number = fair.round().id
    running = fair.start(10, NOW)
    fair.sit(1, 4, 2)
    assert cut_checkpoint(number, NOW + MINUTE)
    assert not cut_checkpoint(number, NOW + 2 * MINUTE)  # nothing is new
    fair.save(running, 10, 1, "A", 1, NOW + MINUTE)
    fair.sit(2, 4, 5)
    assert services.cut_due(NOW + MINUTE + timedelta(seconds=59)) == 0
    assert services.cut_due(NOW + 2 * MINUTE) == 1
    submit_attempt(running, 10, "end", NOW + 5 * MINUTE)
    close_log(number, AFTER)
    close_log(number, AFTER + MINUTE)
    assert [one.count for one in marks_of(number)] == [8, 16, 17]
    seal, total = seal_of(number), db.session.scalar(select(sa.func.count()).select_from(AttemptEvent))
    closing = db.session.get_one(LogClosing, number)
    assert (closing.events, closing.log_head, closing.entrants, closing.predictions) == (total, marks_of(number)[-1].head, 3, 2)
    query = select(Entry.pseudonym, Attempt.number, AttemptEvent.seq, AttemptEvent.digest, Attempt.id)
    rows = db.session.execute(
        query.join(Attempt, Attempt.member_id == Entry.member_id).join(AttemptEvent, AttemptEvent.attempt_id == Attempt.id)
    ).all()
    by_place = {(row[4], row[2]): line_of(*row[:4]) for row in rows}
    order = [(1, 1), *((2, one) for one in range(1, 8)), (1, 2), *((3, one) for one in range(1, 8)), (1, 3)]
    head = first_head(seal.manifest)
    for place in order:
        head = next_head(head, by_place[place])
    assert head == closing.log_head
    assert sorted(order) == sorted(by_place)


def test_it_lets_one_of_two_cuts_win(fair, app):
    fair.sit(1, 4, 2)
    db.session.rollback()
    done = []

    def cut() -> None:
        with app.app_context():
            done.append(cut_checkpoint(1, NOW + MINUTE))

    threads = [threading.Thread(target=cut) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [False, False, False, True]
    assert [one.number for one in marks_of(1)] == [1]


@pytest.mark.parametrize("table", ["log_checkpoints", "log_closings"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET head = 'x'", "DELETE FROM {}"])
def test_it_never_changes_a_checkpoint_or_a_closing(closed, table, deed):
    closed.settle()
    words = deed.format(table).replace("head", "log_head" if table == "log_closings" else "head")
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), write_connection() as connection:
        connection.execute(sa.text(words))


def test_it_puts_the_checkpoint_beside_receipts(fair, as_, at):
    attempt_id = fair.start(1)
    client = as_("hanh")

    def save(seq: int) -> dict:
        body = {"slot": 1, "response": "A", "client_seq": seq, "key": f"s{seq}"}
        return client.post(f"/attempts/{attempt_id}/responses", json=body).json

    assert "checkpoint" not in save(1)
    cut_checkpoint(1, NOW + MINUTE)
    at(NOW + 2 * MINUTE)
    mark = marks_of(1)[0]
    first = save(2)
    assert first["checkpoint"] == brief(mark.count, mark.head)
    assert len(first["checkpoint"]) == 26
    cut_checkpoint(1, NOW + 3 * MINUTE)
    at(NOW + 4 * MINUTE)
    assert save(3)["checkpoint"] != first["checkpoint"]
    assert save(2)["checkpoint"] == first["checkpoint"]  # repeating a request gives the same answer
    done = client.post(f"/attempts/{attempt_id}/submit", json={"key": "end"}).json
    assert done["checkpoint"] == brief(marks_of(1)[1].count, marks_of(1)[1].head)
    at(NOW + 9 * MINUTE)
    assert client.post(f"/attempts/{attempt_id}/submit", json={"key": "end"}).json == done


def secrets_of(round_id: int) -> list[str]:
    seal = seal_of(round_id)
    return [seal.secret, seal.salt]


def test_it_tells_no_secret_before_the_publication(closed, as_):
    number = closed.round().id
    cut_checkpoint(number, AFTER)
    closed.settle()
    pages = [PAGE.format(1) + part for part in ("/integrity", "/manifest.json", "/checkpoints.jsonl", "/receipts")]
    for name in (None, "hanh", "mai"):
        for page in [*pages, "/contests/lich-su", "/keys"]:
            answer = as_(name).get(page)
            assert not [one for one in secrets_of(number) if one in answer.text], page
    assert as_().get(pages[1]).json["reveal"] is None
    closed.publish()
    told = as_().get(pages[1]).json
    assert [told["reveal"]["seed"], told["reveal"]["salt"]] == secrets_of(number)
    assert secrets_of(number)[0] in as_().get(pages[0]).text
    assert is_signed(told["public_key"], told["manifests"][-1]["manifest"], told["manifests"][-1]["signature"])
    assert told["public_key"] in as_().get("/keys").text


def test_it_publishes_every_checkpoint(fair, as_, at):
    fair.sit(1, 4, 2)
    cut_checkpoint(1, NOW + MINUTE)
    fair.sit(2, 4, 2)
    cut_checkpoint(1, NOW + 2 * MINUTE)
    answer = as_().get(PAGE.format(1) + "/checkpoints.jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [(one["number"], one["count"]) for one in lines] == [(1, 7), (2, 14)]
    assert not set(lines[0]) - {"kind", "round", "number", "at", "count", "head", "root", "signature"}
    assert marks_of(1)[1].head in as_().get(PAGE.format(1) + "/integrity").text


def test_it_says_when_seed_and_key_are_revealed_late(closed, as_, at):
    closed.settle()
    at(AFTER + timedelta(hours=23))
    assert "Mở chậm" not in as_().get(PAGE.format(1) + "/integrity").text
    at(AFTER + timedelta(hours=25))
    assert "Mở chậm" in as_().get(PAGE.format(1) + "/integrity").text
    assert is_late(AFTER, None, AFTER + timedelta(hours=25))
    assert not is_late(AFTER, AFTER + timedelta(hours=24), AFTER + timedelta(days=9))


def test_it_says_that_a_round_has_no_seal(fair, as_):
    assert "chưa niêm phong" in as_().get(PAGE.format(1) + "/integrity").text
    assert as_().get(PAGE.format(1) + "/manifest.json").status_code == 404


def test_it_finds_an_own_receipt_and_nobody_elses(closed, as_):
    closed.settle()
    events = {
        member_id: db.session.execute(
            select(AttemptEvent.digest, AttemptEvent.seq)
            .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
            .where(Attempt.member_id == member_id, AttemptEvent.kind == "submitted")
        ).first()
        for member_id in (1, 2)
    }
    page = PAGE.format(1) + "/receipts?receipt="
    own = events[1][0]
    answer = as_("hanh").get(page + f"{own[:8]} {own[8:16].upper()}")
    assert answer.status_code == 200
    assert own in answer.text
    pseudonyms = dict(db.session.execute(select(Entry.member_id, Entry.pseudonym)).all())
    assert pseudonyms[1] in answer.text
    assert not [one for number, one in pseudonyms.items() if number != 1 and one in answer.text]
    assert not [
        one
        for one in db.session.scalars(select(AttemptEvent.digest).join(Attempt).where(Attempt.member_id != 1))
        if one in answer.text
    ]
    assert as_("hanh").get(page + events[2][0][:16]).status_code == 400
    assert as_("hanh").get(page + "xyz").status_code == 400
    assert as_().get(page + own[:16]).status_code == 302


def test_it_proves_a_receipt_by_hand(closed):
    from elearn.contests.queries.receipts import find_receipt

    closed.settle()
    digest = db.session.scalars(select(AttemptEvent.digest).where(AttemptEvent.attempt_id == 2, AttemptEvent.seq == 3)).one()
    proof = find_receipt(closed.round(), 2, digest[:16])
    leaf = line_of(proof.pseudonym, proof.attempt, proof.seq, proof.digest)
    assert next_head(proof.before, leaf) == proof.after
    assert climb(leaf, proof.path) == proof.root == marks_of(1)[proof.checkpoint - 1].root
    assert proof.line == 10


def test_it_waits_with_receipts_for_the_close(fair, as_, at):
    fair.sit(1, 4, 2)
    assert "Vòng thi chưa đóng" in as_("hanh").get(PAGE.format(1) + "/receipts?receipt=" + "0" * 16).text
    at(CLOSES)


def test_it_takes_the_result_of_a_draw_from_the_officer(fair, as_, at):
    with transaction() as session:
        found = session.scalars(select(Round).where(Round.number == 1)).one()
        found.settings = replace(OWN, public_draw="giải đặc biệt ngày 20/10").store()
        session.get_one(Contest, found.contest_id).settings = replace(SETTINGS, criteria=("most_correct", "drawn_lots")).store()
    fair.sit(1, 4, 2)
    fair.sit(2, 4, 2)
    at(AFTER)
    address = "/admin/contests/lich-su/rounds/1/draw"
    assert "chưa chốt" in as_("mai").get(address).text
    close_log(1, AFTER)
    assert "giải đặc biệt ngày 20/10" in as_("mai").get(address).text
    assert as_("mai").post(address, data={"value": ""}).status_code == 400
    assert as_("mai").post(address, data={"value": "48210"}).status_code == 302
    assert seal_of(1).public_value == "48210"
    assert as_("mai").post(address, data={"value": "11111"}).status_code == 409
    assert as_("hanh").get(address).status_code == 403
    assert "48210" in as_().get(PAGE.format(1) + "/integrity").text


def test_it_keeps_the_private_key_to_itself(fair, app):
    folder = app.config["ELEARN"].data_path / "keys"
    assert (folder / "ed25519").stat().st_mode & 0o777 == 0o600
    assert len(seal_of(fair.round(2).id).public_key) == 64
