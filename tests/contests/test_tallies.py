"""Archives of rounds without papers: a stage from its judges' points, a total from its rounds; what is bent in them is found."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.contests import services
from elearn.contests.models import Entry, Round
from elearn.contests.rules.settings import RoundSettings
from elearn.contests.rules.tallies import FILES, verify_tally
from elearn.contests.services import RoundSpec
from elearn.contests.services.scoring import give_scores, lock_part, reopen_part
from elearn.core.db import db, transaction
from elearn.core.signing import sign
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError
from elearn.members.models import Member
from tests.contests.archived import Held
from tests.contests.conftest import CLOSES, KIEN, MAI, OPENS, SETTINGS, Fair
from tests.contests.test_stages import DURING, JUDGES, LATER, Hall
from tests.contests.test_stages import hall as _hall
from tests.contests.test_stages import ready as _ready

hall, ready = _hall, _ready
MINUTE = timedelta(minutes=1)


class Tally(Held):
    """The files of such an archive."""

    @classmethod
    def of(cls, path: Path) -> Tally:
        with zipfile.ZipFile(path) as opened:
            assert tuple(opened.namelist()) == FILES
            return cls({name: opened.read(name) for name in FILES})

    def verified(self) -> Any:
        return verify_tally(self)

    def bent(self, name: str, change: Callable[[list[dict[str, Any]]], object]) -> Tally:
        """With other lines, digests and signature made anew: as the holder of the key would cheat."""
        lines = self.rows(name)
        change(lines)
        return self.signed(name, "".join(canonical(one) + "\n" for one in lines).encode())

    def signed(self, name: str, content: bytes) -> Tally:
        files = {**self.files, name: content}
        told = json.loads(files["manifest.json"])
        told.pop("signature")
        told["files"] = {
            one: {"bytes": len(files[one]), "sha256": hashlib.sha256(files[one]).hexdigest()} for one in FILES[:-1]
        }  # fmt: skip
        files["manifest.json"] = (canonical({**told, "signature": sign(told)}) + "\n").encode()
        return Tally(files)


def told(report: Any) -> str:
    return "\n".join(f"{one.file}:{one.line} {one.message % one.values}" for one in report.faults)


def set_rules(number: int, **changes: Any) -> None:
    with transaction() as session:
        found = session.scalars(select(Round).where(Round.number == number)).one()
        found.settings = replace(RoundSettings.read(found.settings), **changes).store()


@pytest.fixture
def stage(ready: Hall, as_: Any, at: Any, tmp_path: Path) -> Path:
    """The archive of a published stage without the highest and lowest judges; a part was opened again and points were corrected."""
    set_rules(2, leaves_out_extremes=True, criteria=("highest_score", "drawn_lots"))
    luck = random.Random(5)
    for entry_id in ready.entries().values():
        for judge_id in JUDGES.values():
            given = [f"{luck.randrange(400, 1000) / 100:.2f}" for _ in range(2)]
            give_scores(1, entry_id, judge_id, {1: given[0], 2: "4"}, f"a{judge_id}", DURING)
            give_scores(2, entry_id, judge_id, {3: given[1]}, f"a{judge_id}", DURING + MINUTE)
    for part in (1, 2):
        lock_part(part, MAI, DURING + 2 * MINUTE)
    reopen_part(1, "Đọc nhầm", MAI, DURING + 3 * MINUTE)
    hanh = ready.entries()["Trần Thị Hạnh"]
    give_scores(1, hanh, JUDGES["yen"], {1: "9,99"}, "again", DURING + 4 * MINUTE, "Thư ký Nguyễn Văn A đọc nhầm")
    lock_part(1, MAI, DURING + 5 * MINUTE)
    at(LATER)
    settlement = services.settle_round(ready.round(2).id, MAI, LATER)
    path = tmp_path / "stage.zip"
    with pytest.raises(DomainError) as refusal:
        services.archive_round(ready.round(2).id, path, LATER)
    assert refusal.value.code == "not_revealed"
    services.publish_round(settlement.id, KIEN, LATER)
    services.archive_round(ready.round(2).id, path, LATER)
    return path


def test_a_stage_is_worked_out_again_from_the_points_of_its_judges(stage: Path, ready: Hall) -> None:
    report = services.verify_file(stage)
    assert report.is_right, told(report)
    assert len(report.checked) == 3
    held = Tally.of(stage)
    assert len(held.rows("points.jsonl")) == 2 * 3 * 3
    assert sorted(len(one["versions"]) for one in held.rows("points.jsonl"))[-2:] == [1, 2]
    assert len({one["judge"] for one in held.rows("points.jsonl")}) == 3


def test_points_that_were_bent_do_not_lead_to_the_result(stage: Path, ready: Hall) -> None:
    held = Tally.of(stage)
    assert held.signed("points.jsonl", held.files["points.jsonl"]).verified().is_right, "the test is not blind"

    def raise_all(lines: list[dict[str, Any]]) -> None:
        for one in lines:
            if one["part"] == 2 and one["p"] == lines[0]["p"]:
                one["versions"][-1]["points"] += 1_000_000

    for name, change in (
        ("points.jsonl", raise_all),
        ("points.jsonl", lambda lines: lines.pop()),
        ("points.jsonl", lambda lines: lines.append(lines[-1])),
        ("points.jsonl", lambda lines: lines.reverse()),
        ("points.jsonl", lambda lines: lines[0]["versions"][-1].update(points=110_000_000)),
        ("points.jsonl", lambda lines: lines[0]["versions"][-1].update(at="2030-01-01T00:00:00+00:00")),
        ("rules.json", lambda lines: lines[0]["parts"][1].update(weight=100)),
        ("rules.json", lambda lines: lines[0].update(leaves_out_extremes=False)),
        ("rules.json", lambda lines: lines[0].update(criteria=["earlier_submission"])),
        ("entrants.jsonl", lambda lines: lines[0].update(disqualified=True)),
        ("entrants.jsonl", lambda lines: lines[0]["parts"].update({"1": 1})),
        ("entrants.jsonl", lambda lines: lines.pop()),
    ):
        assert not held.bent(name, change).verified().is_right, (name, change)


@pytest.mark.parametrize("of", ["stage", "total"])
def test_it_finds_each_of_a_thousand_flips(of: str, request: pytest.FixtureRequest) -> None:
    held, luck, missed = Tally.of(request.getfixturevalue(of)), random.Random(11), []
    for _ in range(1000):
        name = luck.choice(FILES)
        content = bytearray(held.files[name])
        place = luck.randrange(len(content))
        content[place] ^= 1 << luck.randrange(8)
        if Tally({**held.files, name: bytes(content)}).verified().is_right:
            missed.append((name, place))
    assert not missed


@pytest.mark.parametrize("of", ["stage", "total"])
def test_nobody_is_known_in_it_and_the_same_state_gives_the_same_bytes(
    of: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = request.getfixturevalue(of)
    files = Tally.of(path).files
    text = b"".join(content for name, content in files.items() if name != "rules.json").decode()  # that one holds titles alone
    assert "Nguyễn Văn A" not in text
    for member in db.session.scalars(select(Member)):
        for secret in (member.display_name, member.phone, member.email, member.login, member.code):
            assert not secret or secret not in text, secret
    number = 2 if of == "stage" else 3
    round_id = db.session.scalars(select(Round.id).where(Round.number == number)).one()
    services.archive_round(round_id, tmp_path / "again.zip", LATER + timedelta(days=3))
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


@pytest.fixture
def total(app: Flask, at: Any, tmp_path: Path) -> Path:
    """The archive of a total over two weeks, one of the people in it disqualified there; two others are equal in all but lots."""
    parts = [{"bank": 1, "level": None, "count": 4}]
    fair = Fair()
    fair.contest(
        rounds=(
            RoundSpec("Tuần 1", OPENS, CLOSES, parts, settings=RoundSettings(attempt_limit=3)),
            RoundSpec("Tuần 2", OPENS, CLOSES, parts, settings=RoundSettings(attempt_limit=3)),
            RoundSpec(
                "Tổng", CLOSES, CLOSES + MINUTE, kind="total", settings=RoundSettings(criteria=("highest_total", "all_correct", "drawn_lots"))
            ),
        ),
        settings=SETTINGS,
    )  # fmt: skip
    for member_id, rights in {1: (4, 4), 2: (4, 2), 3: (2, 4), 10: (1, None), 11: (None, 3)}.items():
        for number, right in enumerate(rights, start=1):
            if right is not None:
                fair.sit(member_id, right, number=number)
    later = CLOSES + timedelta(hours=1)
    at(later)
    for number in (1, 2):
        fair.publish(number, later)
    first = fair.settle(3, later)
    assert first.people_count == 5
    with transaction() as session:
        session.scalars(select(Entry).join(Round).where(Round.number == 3, Entry.member_id == 10)).one().is_counted = False
    services.publish_round(fair.settle(3, later).id, KIEN, later)
    path = tmp_path / "total.zip"
    services.archive_round(fair.round(3).id, path, later)
    return path


def test_a_total_is_added_up_again_from_its_rounds(total: Path, app: Flask) -> None:
    report = services.verify_file(total)
    assert report.is_right, told(report)
    held = Tally.of(total)
    assert held.json("manifest.json")["result"]["people"] == 4
    assert [line.split(",")[0] for line in held.files["ranking.csv"].decode().splitlines()[1:]] == ["1", "2", "3", "4"]
    ranked = {line.split(",")[1] for line in held.files["ranking.csv"].decode().splitlines()[1:]}
    points = [json.loads(line) for line in held.files["points.jsonl"].splitlines()]
    # The figures of whoever was disqualified change no result; pseudonyms are drawn anew for each run.
    at = next(number for number, line in enumerate(points) if line["p"] in ranked)
    for name, change in (
        ("points.jsonl", lambda lines: lines[at].update(score=lines[at]["score"] + 1)),
        ("points.jsonl", lambda lines: lines.pop(at)),
        ("points.jsonl", lambda lines: lines[at].update(source=9)),
        ("rules.json", lambda lines: lines[0].update(combined="best")),
        ("rules.json", lambda lines: lines[0]["criteria"].reverse()),
    ):
        assert not held.bent(name, change).verified().is_right, (name, change)
    rows = held.files["ranking.csv"].decode().splitlines()
    swapped = [rows[0], rows[2].replace("2,", "1,", 1), rows[1].replace("1,", "2,", 1), *rows[3:]]
    assert not held.signed("ranking.csv", ("\n".join(swapped) + "\n").encode()).verified().is_right
    number = str(db.session.scalars(select(Round.id).where(Round.number == 3)).one())
    done = app.test_cli_runner().invoke(args=["contests", "recount", number, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["verified"]["is_right"]
