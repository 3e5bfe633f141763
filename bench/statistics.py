"""Statistics of a quiz over invented attempts: twenty questions of one answer each, options mixed for everybody, the responses in the logs.

Run as a module with a data folder and numbers of attempts it is the probe itself, in a process of its own, so that memory is its own.
Attempts whose responses the analysis does not read (it takes 100,000 of them) are given none: that saves disk and changes nothing.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figures import Figure
from elearn.contests.services.rehearsing.server import ROOT

QUESTIONS = 20
SMALL, LARGE = 2_000, 20_000
RUNS = 5
_NOW = "2026-10-14 02:00:00.000000"


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """CPU of the whole way: attempts read, figures worked out, the row written."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= {"ELEARN_DATA_DIR": str(folder)}
    say(f"statistics of {SMALL:,} and of {LARGE:,} attempts")
    probe = subprocess.run(
        [sys.executable, "-m", "bench.statistics", str(folder), str(SMALL), str(LARGE)],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if probe.returncode:
        raise RuntimeError(probe.stderr[-2000:])
    told = json.loads(probe.stdout.splitlines()[-1])
    return [
        Figure(
            "statistics",
            f"Statistics of {SMALL:,} attempts × {QUESTIONS} questions, CPU",
            "s",
            told[str(SMALL)]["runs"],
            at_most=0.2,
        ),
        Figure("statistics_large", f"Statistics of {LARGE:,} attempts × {QUESTIONS} questions, CPU", "s", told[str(LARGE)]["runs"]),
    ]


def fill(path: Path, quiz_id: int, count: int, versions: list[int]) -> None:
    """Write that many submitted attempts, with the answers of those that will be read."""
    from elearn.quizzes.services.analysing import MOST_READ

    chance = random.Random(count)
    step = max(1, -(-count // MOST_READ))
    base = quiz_id * 10_000_000
    orders = [chance.sample(range(4), 4) for _ in range(64)]
    submitted = datetime(2026, 10, 14, tzinfo=UTC)

    def sheets() -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
        for number in range(count):
            skill = chance.gauss(0, 1)
            paper, marks, saves = [], [], []
            for slot, version in enumerate(versions, start=1):
                order = orders[chance.randrange(64)]
                is_right = skill + chance.gauss(0, 1.5) > slot / 10 - 1
                chosen = 0 if is_right else chance.randrange(1, 4)
                paper.append(f'{{"order":[{",".join(map(str, order))}],"version":{version}}}')
                marks.append('"1"' if is_right else '"0"')
                saves.append(
                    (base + number, slot + 1, _NOW, "answered", slot, f'"{"ABCD"[order.index(chosen)]}"', slot, "", f"k{slot}")
                )
            total = marks.count('"1"')
            row = (
                base + number, quiz_id, base + number, 1, 1, 1, "00", f"[{','.join(paper)}]", _NOW, _NOW, "", "submitted",
                str(submitted + timedelta(milliseconds=number))[:26], f"[{','.join(marks)}]", "2", total * 10_000_000, QUESTIONS * 10_000_000,
            )  # fmt: skip
            yield row, saves if number % step == 0 else []

    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous=OFF")
    columns = (
        "id, quiz_id, member_id, unit_id, number, attempt_limit, seed, paper, started_at, deadline_at, holder, state, submitted_at, marks,"
        " marking, mark, max_mark, extra_seconds, position, is_discarded, is_pending"
    )
    attempts, events = [], []
    for row, saves in sheets():
        attempts.append(row)
        events += saves
        if len(attempts) == 5000 or row[0] == base + count - 1:
            database.executemany(f"INSERT INTO attempts ({columns}) VALUES ({','.join('?' * 17)}, 0, 1, 0, 0)", attempts)
            names = "attempt_id, seq, at, kind, slot, data, client_seq, digest, key"
            database.executemany(f"INSERT INTO attempt_events ({names}) VALUES ({','.join('?' * 9)})", events)
            database.commit()
            attempts, events = [], []
    database.close()


def probe(folder: Path, sizes: list[int]) -> dict[str, Any]:
    """CPU seconds of each run and the largest memory, by number of attempts."""
    from flask_migrate import upgrade

    from elearn.app import create_app
    from elearn.config import Config
    from elearn.core import clock
    from elearn.core.db import db, transaction
    from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
    from elearn.quizzes.models import Quiz
    from elearn.quizzes.services.analysing import analyse_quiz
    from elearn.units.models import Unit, UnitKind

    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(Config(data_dir=str(folder)))
    told: dict[str, Any] = {}
    with app.app_context():
        upgrade()
        with transaction() as session:
            session.add(UnitKind(id=1, code="province", name="Tỉnh"))
            session.flush()
            session.add(
                Unit(
                    id=1, code="tinh", name="Tỉnh", short_name="Tỉnh", kind_id=1, path="/1/", depth=0, valid_from=clock.now().date(),
                    sort_key="tinh", search_key="tinh",
                )
            )  # fmt: skip
            session.flush()
            bank = put_bank(session, BankSpec("do", "Đo", "", 1))
            for number in range(QUESTIONS):
                body = {"options": [{"text": "đúng", "right": True}, {"text": "sai"}, {"text": "sai nữa"}, {"text": "vẫn sai"}]}
                put_question(
                    session,
                    bank.id,
                    QuestionSpec(f"do-{number:02}", "single_choice", "", "", f"Câu {number}?", body, "", None),
                    clock.now(),
                )
            session.flush()
            versions = [row[0] for row in session.execute(db.text("SELECT id FROM question_versions ORDER BY id"))]
            blueprint = [{"question": number} for number in range(1, QUESTIONS + 1)]
            for place, size in enumerate(sizes, start=1):
                session.add(
                    Quiz(
                        id=place, code=f"do-{size}", title="Đo", unit_id=1, blueprint=blueprint, question_count=QUESTIONS,
                        time_limit_seconds=600, attempt_limit=1,
                    )
                )  # fmt: skip
        for place, size in enumerate(sizes, start=1):
            began = time.perf_counter()
            fill(folder / "elearn.db", place, size, versions)
            filled = time.perf_counter() - began
            runs = []
            for _ in range(RUNS if size <= SMALL else 1):
                began = time.process_time()
                analyse_quiz(place, "best", clock.now())
                runs.append(time.process_time() - began)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            told[str(size)] = {"runs": runs, "memory_mb": memory, "fill_seconds": filled}
    return told


if __name__ == "__main__":
    print(json.dumps(probe(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])))
