"""Closing a round of many entries: seconds and memory, and what its pages cost afterwards. `python -m bench.closing [ENTRIES] [FOLDER]`.

People, entries and attempts are invented and written straight into a fresh database. Prints one JSON object.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from elearn.app import create_app
from elearn.config import Config

ENTRIES = 1_000_000
UNITS = 5_000
QUESTIONS = 20
OPENS = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
CHUNK = 20_000


def people(count: int) -> Iterator[dict[str, Any]]:
    """Members, all of one unit's branch; names matter to nobody here."""
    for number in range(1, count + 1):
        yield {
            "id": number, "code": f"M{number}", "login": f"m{number}", "login_key": f"m{number}", "display_name": f"Nguyễn Văn {number}",
            "name_key": f"{number:08}".encode(), "search_key": f"nguyen van {number}", "birth_precision": "", "sex": "", "phone": "",
            "email": "", "kind": "official", "unit_id": 2 + number % UNITS, "status": "active", "password_hash": "",
            "must_change_password": False, "created_at": OPENS,
        }  # fmt: skip


def attempts(count: int, quiz_id: int, luck: random.Random) -> Iterator[dict[str, Any]]:
    """One attempt a person; two in five are all right, as in a real week (DOMAIN 0.4), so that prediction and time decide."""
    right_people = count * 2 // 5
    for number in range(1, count + 1):
        correct = QUESTIONS if luck.random() < 0.4 else luck.randint(8, QUESTIONS - 1)
        working = luck.randint(60_000, 600_000)
        begin = OPENS + timedelta(milliseconds=luck.randint(0, 604_000_000))
        yield {
            "id": number, "quiz_id": quiz_id, "member_id": number, "unit_id": 2 + number % UNITS, "number": 1, "attempt_limit": 7,
            "seed": "0", "paper": [], "started_at": begin, "deadline_at": begin + timedelta(minutes=10), "extra_seconds": 0, "holder": "",
            "position": 1, "state": "submitted", "submitted_at": begin + timedelta(milliseconds=working), "is_discarded": False,
            "working_ms": working, "marks": None, "marking": "2", "is_pending": False, "mark": correct, "max_mark": QUESTIONS,
            "correct_count": correct, "prediction": max(0, int(luck.gauss(right_people, right_people / 10))), "is_passed": None,
        }  # fmt: skip


def entries(count: int, round_id: int, luck: random.Random) -> Iterator[dict[str, Any]]:
    """Everybody entered once."""
    for number in range(1, count + 1):
        unit = 2 + number % UNITS
        yield {
            "id": number, "round_id": round_id, "member_id": number, "pseudonym": f"{luck.getrandbits(64):016x}",
            "display_name": f"Nguyễn Văn {number}", "unit_id": unit, "unit_name": f"Xã {unit}", "competing_unit_id": unit,
            "competing_unit_name": f"Xã {unit}", "search_key": f"nguyen van {number} xa {unit}", "entered_at": OPENS, "is_counted": True,
        }  # fmt: skip


def fill(count: int) -> int:
    """Write everything; the id of the round."""
    from elearn.contests.models import Entry
    from elearn.contests.rules.settings import ContestSettings, PrizeKind, RoundSettings
    from elearn.contests.services import ContestSpec, RoundSpec, create_contest
    from elearn.core.db import transaction
    from elearn.members.models import Member
    from elearn.questions.services import BankSpec, put_bank
    from elearn.quizzes.models import Attempt
    from elearn.units.models import Unit, UnitKind

    luck = random.Random(7)
    with transaction() as session:
        session.add(UnitKind(id=1, code="province", name="Tỉnh", name_en=""))
        session.flush()
        units = [
            {
                "id": n, "code": f"U{n}", "name": f"Xã {n}", "short_name": f"Xã {n}", "kind_id": 1, "path": "/1/" if n == 1 else f"/1/{n}/",
                "depth": int(n > 1), "parent_id": None if n == 1 else 1, "valid_from": OPENS.date(), "sort_key": f"{n:06}".encode(),
                "search_key": f"xa {n}",
            }
            for n in range(1, UNITS + 2)
        ]  # fmt: skip
        session.execute(insert(Unit), units)
        bank = put_bank(session, BankSpec("bench", "Bench", "Bench", 1))
        prizes = (PrizeKind("Nhất", 1), PrizeKind("Nhì", 2), PrizeKind("Ba", 3), PrizeKind("Khuyến khích", 5))
        contest = create_contest(
            session,
            ContestSpec(
                "bench", "Bench", 1, "Bench",
                [
                    RoundSpec(
                        "Tuần 1", OPENS, CLOSES, [{"bank": bank.id, "level": None, "count": QUESTIONS}],
                        settings=RoundSettings(metric="people_all_correct", attempt_limit=7),
                    )
                ],
                ContestSettings(prizes=prizes, reserves=5),
            ),
            OPENS - timedelta(days=1),
        )  # fmt: skip
        found = contest.rounds[0]
        round_id, quiz_id = found.id, found.quiz.id
    for model, rows in (
        (Member, people(count)),
        (Entry, entries(count, round_id, luck)),
        (Attempt, attempts(count, quiz_id, luck)),
    ):
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == CHUNK:
                with transaction() as session:
                    session.execute(insert(model), batch)
                batch = []
        if batch:
            with transaction() as session:
                session.execute(insert(model), batch)
    return round_id


def window_seconds(count: int) -> float:
    """CPU seconds of one ranking of so many bare rows by the database into a table, to which the closing is compared."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, score INTEGER, off INTEGER, ms INTEGER)")
    luck = random.Random(3)
    rows = ((luck.randint(8, 20), luck.randint(0, 50_000), luck.randint(60_000, 600_000)) for _ in range(count))
    connection.executemany("INSERT INTO bare (score, off, ms) VALUES (?, ?, ?)", rows)
    began = time.process_time()
    connection.execute("CREATE TABLE placed AS SELECT id, rank() OVER (ORDER BY score DESC, off, ms) AS place FROM bare")
    return round(time.process_time() - began, 2)


def main() -> None:
    """Fill, close, read the pages; print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    app = create_app(Config(data_dir=str(folder), secret_key="bench" * 8))
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        began = time.perf_counter()
        round_id = fill(count)
        told: dict[str, Any] = {"entries": count, "filled_seconds": round(time.perf_counter() - began, 1)}
        from elearn.contests.queries import standings
        from elearn.contests.services import publish_round, settle_round
        from elearn.core.db import db

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wall, cpu = time.perf_counter(), time.process_time()
        settlement = settle_round(round_id, (None, "bench"), CLOSES + timedelta(minutes=1))
        told["close_seconds"] = round(time.perf_counter() - wall, 2)
        told["close_cpu_seconds"] = round(time.process_time() - cpu, 2)
        told["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told["peak_before_mib"] = before // 1024
        wall = time.perf_counter()
        settle_round(round_id, (None, "bench"), CLOSES + timedelta(minutes=2))
        told["close_again_seconds"] = round(time.perf_counter() - wall, 2)
        publish_round(settlement.id, (None, "bench"), CLOSES + timedelta(minutes=3))
        for name, ask in (
            ("top_100", lambda: standings.list_top(settlement.id, 100)),
            ("own_place", lambda: standings.find_own(settlement.id, count // 2)),
            ("units", lambda: standings.list_units(settlement.id, 7)),
            ("page", lambda: standings.page_of_standings(settlement.id, "", 1)),
        ):
            times = []
            for _ in range(7):
                db.session.remove()
                wall = time.perf_counter()
                ask()
                times.append((time.perf_counter() - wall) * 1000)
            told[f"{name}_ms"] = round(sorted(times)[3], 2)
    told["window_cpu_seconds"] = window_seconds(count)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
