"""The archive of a round: nobody can be recognised in it, and whatever is changed in it is found."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from elearn.contests import services
from elearn.contests.models import Entry, Round
from elearn.contests.rules.archives import FILES
from elearn.contests.rules.settings import RoundSettings
from elearn.contests.rules.verifying import verify
from elearn.core.db import db, transaction
from elearn.core.files.large_archives import LineReader
from elearn.lib.errors import DomainError
from elearn.members.models import Member
from elearn.quizzes.models import Attempt
from elearn.quizzes.services.correcting import apply_correction, preview_correction, propose_correction
from tests.contests.archived import Held, mutate
from tests.contests.conftest import AFTER, KIEN, MAI, NOW, SETTINGS

MINUTE = timedelta(minutes=1)
LOTS = ("most_correct", "nearest_prediction", "drawn_lots")
RANKED = "259c470fc6da5046d8c12dbc76713fe64187ecf6da76001b60c0fcbb41aaee60"


def play(fair, at):
    """Six people sit the round of "hoi-thi", with checkpoints in between; two of them are equal in all but lots."""
    fair.sit(1, 4, 2)
    services.cut_due(NOW + 5 * MINUTE)
    fair.sit(2, 4, 5)
    fair.sit(3, 3, 2, seconds=90)
    services.cut_due(NOW + 10 * MINUTE)
    fair.sit(3, 2, 2, now=NOW + timedelta(hours=1))
    fair.sit(10, 3, 2)
    fair.start(12, NOW + timedelta(hours=2))  # never submitted: finished at its deadline
    fair.sit(11, 1, None)
    at(AFTER)
    fair.publish()


@pytest.fixture
def path(fair, at, tmp_path):
    """The archive of a published round with lots."""
    with transaction() as session:
        contest = session.scalars(select(Round).where(Round.number == 1)).one().contest
        contest.settings = replace(SETTINGS, criteria=LOTS).store()
    play(fair, at)
    services.archive_round(fair.round().id, tmp_path / "round.zip", AFTER)
    return tmp_path / "round.zip"


@pytest.fixture
def held(path):
    return Held.of(path)


def told(report) -> str:
    return "\n".join(f"{one.file}:{one.line} {one.message % one.values}" for one in report.faults)


def test_it_verifies_what_was_not_touched(held):
    report = held.verified()
    assert report.is_right, told(report)
    assert len(report.checked) == 6
    assert held.json("manifest.json")["result"]["people"] == 6


def test_it_finds_each_of_a_thousand_mutations(held):
    """Though every mutation comes with digests and an outer signature that fit: as the holder of the key would do it."""
    luck = random.Random(20261014)
    missed, deeds = [], set()
    for _ in range(1000):
        deed, mutated = mutate(held, luck)
        deeds.add(deed.split()[0])
        if mutated.verified().is_right:
            missed.append(deed)
    assert not missed
    assert deeds == {"flip", "delete", "reorder", "insert", "truncate", "invent"}
    assert held.verified().is_right  # the test is not blind


def test_it_finds_what_is_changed_in_the_manifest(held):
    luck, missed = random.Random(7), []
    for _ in range(200):
        content = bytearray(held.files["manifest.json"])
        place = luck.randrange(len(content))
        content[place] ^= 1 << luck.randrange(8)
        if Held({**held.files, "manifest.json": bytes(content)}).verified().is_right:
            missed.append(place)
    assert not missed


def test_it_finds_flips_in_the_zip_itself(path, held, tmp_path):
    luck, raw, other = random.Random(3), path.read_bytes(), tmp_path / "other.zip"
    found = 0
    for _ in range(200):
        mutated = bytearray(raw)
        mutated[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
        other.write_bytes(mutated)
        report = services.verify_file(other)
        if report.is_right:  # a byte that says nothing, such as a date of the zip
            assert Held.of(other).files == held.files
        found += not report.is_right
    assert found > 150


def test_it_finds_a_result_that_was_bent_as_a_whole(held):
    """Places swapped in the ranking, a mark raised, a prediction changed after the close: each with all other files left alone."""
    rows = held.files["ranking.csv"].decode().splitlines()
    swapped = [rows[0], rows[2].replace("2,", "1,", 1), rows[1].replace("1,", "2,", 1), *rows[3:]]
    assert not held.changed("ranking.csv", ("\n".join(swapped) + "\n").encode()).verified().is_right
    for change in ({"mark": "4"}, {"prediction": 6}, {"counted": True}, {"disqualified": True}, {"working_ms": 1}):
        lines = held.rows("attempts.jsonl")
        lines[3].update(change)
        content = "".join(json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for one in lines)
        assert not held.changed("attempts.jsonl", content.encode()).verified().is_right, change


def test_it_names_file_and_line(held):
    lines = held.files["log.jsonl"].splitlines(keepends=True)
    changed = lines[2].replace(b'"slot":2', b'"slot":3')
    report = held.changed("log.jsonl", b"".join([*lines[:2], changed, *lines[3:]])).verified()
    assert ("log.jsonl", 7) in [(one.file, one.line) for one in report.faults]  # the checkpoint that ends there
    assert ("attempts.jsonl", 1) in [(one.file, one.line) for one in report.faults]


def test_it_holds_nothing_by_which_a_person_is_known(held):
    text = b"".join(held.files.values()).decode()
    for member in db.session.scalars(select(Member)):
        for secret in (member.display_name, member.phone, member.email, member.login, member.code):
            assert not secret or secret not in text, secret
    names = db.session.scalars(select(Entry.display_name)).all()
    assert not [name for name in names if name in text]
    assert not {"member_id", "member", "name", "phone", "birth_date", "by"} & {
        key for name in ("log.jsonl", "attempts.jsonl") for row in held.rows(name) for key in row
    }


def test_it_gives_the_same_bytes_for_the_same_state(path, fair, tmp_path):
    services.archive_round(fair.round().id, tmp_path / "again.zip", AFTER + timedelta(days=3))
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


def test_it_refuses_before_the_reveal(fair, at, tmp_path):
    fair.sit(1, 4, 2)
    at(AFTER)
    with pytest.raises(DomainError) as refusal:
        services.archive_round(fair.round().id, tmp_path / "a.zip", AFTER)
    assert refusal.value.code == "not_revealed"
    fair.settle()
    with pytest.raises(DomainError) as refusal:
        services.archive_round(fair.round().id, tmp_path / "a.zip", AFTER)
    assert refusal.value.code == "not_revealed"
    assert not list(tmp_path.glob("a.zip*"))


@pytest.mark.parametrize("policy", ["never_lower", "exact"])
def test_it_follows_a_correction_after_the_publication(fair, at, tmp_path, policy):
    play(fair, at)
    # The question that Lan answered wrongly becomes right by the new key, and wrong for those who had chosen the old one.
    version = db.session.scalars(select(Attempt.paper).where(Attempt.member_id == 3, Attempt.number == 1)).one()[3]["version"]
    body = {"options": [{"text": "Đúng"}, {"text": "Sai", "right": True}, {"text": "Cũng sai"}]}
    later = AFTER + timedelta(hours=1)
    made = propose_correction(
        fair.round().quiz_id, version, "key", {"body": body}, policy, "Đáp án sai.", (7, "Bùi Ngọc Yến"), later
    )
    preview_correction(made, later)
    apply_correction(made, (8, "Nguyễn Hữu Phước"), later)
    with pytest.raises(DomainError) as refusal:
        services.archive_round(fair.round().id, tmp_path / "a.zip", later)
    assert refusal.value.code == "newer_version"
    fair.publish(now=later)
    services.archive_round(fair.round().id, tmp_path / "a.zip", later)
    held = Held.of(tmp_path / "a.zip")
    assert held.verified().is_right, told(held.verified())
    assert held.json("key.json")["corrections"][0]["policy"] == policy
    key = held.json("key.json")
    key["corrections"] = []
    content = json.dumps(key, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    assert not held.changed("key.json", content.encode()).verified().is_right


def test_it_ranks_alike_on_every_database(fair, at, tmp_path, monkeypatch):
    """The digest stands here, so that SQLite and PostgreSQL are compared with the same."""
    numbers = itertools.count(1)
    monkeypatch.setattr("elearn.contests.services.entering.secrets.token_hex", lambda size: f"{next(numbers):0{2 * size}x}")
    play(fair, at)
    services.archive_round(fair.round().id, tmp_path / "a.zip", AFTER)
    ranking = Held.of(tmp_path / "a.zip").files["ranking.csv"]
    assert hashlib.sha256(ranking).hexdigest() == RANKED, ranking.decode()


def test_it_verifies_without_a_database(path, data_path):
    address = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    environment = {**os.environ, "ELEARN_DATABASE_URL": address, "ELEARN_DATA_DIR": str(data_path)}
    command = [sys.executable, "-m", "flask", "contests", "verify", str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "lich-su/1" in done.stdout
    path.write_bytes(b"PK" + path.read_bytes()[2:-40])
    done = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert json.loads(done.stdout)["is_right"] is False
    assert subprocess.run([*command[:-1], "khong-co.zip"], env=environment, capture_output=True).returncode == 2


def test_it_imports_neither_flask_nor_a_database_to_verify(path):
    program = (
        "import sys\nfrom pathlib import Path\n"
        "for name in ('flask', 'sqlalchemy', 'flask_sqlalchemy'): sys.modules[name] = None\n"
        "from elearn.contests.rules.archives import FILES\nfrom elearn.contests.rules.verifying import verify\n"
        "from elearn.core.files.large_archives import LineReader\n"
        f"with LineReader(Path({str(path)!r}), FILES) as source: assert verify(source).is_right\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_it_recounts_in_place(path, fair, app):
    number = str(fair.round().id)
    done = app.test_cli_runner().invoke(args=["contests", "recount", number, "--json"])
    assert done.exit_code == 0, done.output
    told_of = json.loads(done.output)
    assert (told_of["people"], told_of["differing"], told_of["verified"]["is_right"]) == (6, 0, True)
    with transaction() as session:
        session.execute(update(Attempt).where(Attempt.id == 1).values(working_ms=1, prediction=4))
    done = app.test_cli_runner().invoke(args=["contests", "recount", number, "--json"])
    assert done.exit_code == 1
    told_of = json.loads(done.output)
    assert told_of["differing"] > 0
    assert "attempts.jsonl" in {one["file"] for one in told_of["verified"]["faults"]}
    assert app.test_cli_runner().invoke(args=["contests", "recount", "999"]).exit_code == 1


def zip_with(path, files, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files:
            out.writestr(name, content, **options)


def test_it_refuses_archives_that_are_none(held, tmp_path):
    target = tmp_path / "bad.zip"
    files = list(held.files.items())
    for bad in (
        files[:-1], [*files, ("../x", b"")], [*files, ("readme.txt", b"x")], [*files, ("mat-ma.bin", b"0" * 3_000_000)],
        [("log.jsonl", b" " * 200_000_000) if name == "log.jsonl" else (name, content) for name, content in files],
    ):  # fmt: skip
        zip_with(target, bad)
        assert not services.verify_file(target).is_right
        assert services.verify_file(target).faults[0].file == ""
    target.write_bytes(b"no zip")
    assert not services.verify_file(target).is_right


def test_it_reads_no_line_without_end(held, tmp_path):
    target = tmp_path / "bad.zip"
    noise = random.Random(1).randbytes(6_000_000).replace(b"\n", b"x")
    zip_with(target, [(name, noise if name == "log.jsonl" else content) for name, content in held.files.items()])
    with LineReader(target, FILES) as source:
        assert not verify(source).is_right


def test_it_names_a_public_draw_before_its_result(fair, at, tmp_path):
    with transaction() as session:
        found = session.scalars(select(Round).where(Round.number == 1)).one()
        found.contest.settings = replace(SETTINGS, criteria=LOTS).store()
        found.settings = replace(
            RoundSettings.read(found.settings), public_draw="giải đặc biệt xổ số miền Bắc ngày 20/10/2026"
        ).store()
    fair.sit(1, 4, 2)
    fair.sit(2, 4, 2)
    at(AFTER)
    with pytest.raises(DomainError) as refusal:
        services.set_public_value(fair.round().id, "48210", MAI, AFTER)
    assert refusal.value.code == "log_open"
    with pytest.raises(DomainError) as refusal:
        fair.settle()
    assert refusal.value.code == "draw_missing"
    services.set_public_value(fair.round().id, " 48210 ", MAI, AFTER)
    with pytest.raises(DomainError) as refusal:
        services.set_public_value(fair.round().id, "11111", MAI, AFTER)
    assert refusal.value.code == "already_drawn"
    settlement = fair.settle()
    services.publish_round(settlement.id, KIEN, AFTER)
    services.archive_round(fair.round().id, tmp_path / "a.zip", AFTER)
    held = Held.of(tmp_path / "a.zip")
    assert held.verified().is_right, told(held.verified())
    manifest = held.json("manifest.json")
    assert manifest["result"]["public_value"] == "48210"
    manifest["result"]["public_value"] = "48211"
    content = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    bent = Held({**held.files, "manifest.json": content.encode()}).changed("log.jsonl", held.files["log.jsonl"])
    assert bent.verified().faults[0].message == "Số bốc thăm tính lại khác với hồ sơ."
