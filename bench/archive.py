"""`python -m bench.archive N`: seconds and memory of closing the log of a round with N entries, of writing its archive and of verifying it.

The entries are invented answer by answer, one attempt of twenty questions each, as the demo organisation's are; nothing is left behind.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from elearn.app import create_app
from elearn.config import Config
from elearn.contests import services
from elearn.contests.models import Round
from elearn.contests.services import ContestSpec, RoundSpec
from elearn.contests.services.chaining import close_log
from elearn.contests.services.rehearsing.server import ROOT
from elearn.contests.services.sealing import seal_round
from elearn.core import clock
from elearn.core.db import db, transaction, turns_of
from elearn.demo.rules.sittings import Sitting
from elearn.demo.services.contests import write_entries
from elearn.demo.services.organisation import Known
from elearn.members.models import Member
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question

QUESTIONS, BANK = 20, 120
OFFICER = (None, "bench")


def measured(name: str, work: Callable[[], object]) -> None:
    """Run and print seconds of wall and CPU, and the largest memory of the process so far."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<28} {wall:8.1f} s wall {cpu:8.1f} s CPU {memory:6} MiB   {found or ''}", flush=True)


def make_people(count: int) -> list[Known]:
    """So many members of one unit."""
    from tests import cast

    cast.enter(db)
    people = []
    with transaction() as session:
        for number in range(count):
            people.append(
                Member(
                    id=1000 + number, code=f"B{number}", login=f"b{number}", login_key=f"b{number}", display_name=f"Người {number}",
                    name_key=str(number), search_key=str(number), unit_id=3, password_hash="x", created_at=clock.now(),
                )
            )  # fmt: skip
        session.add_all(people)
        session.flush()
        return [Known(one.id, one.display_name, 3, "Chi bộ Khu phố 5", "", 1980) for one in people]


def make_round(people: list[Known]) -> int:
    """A sealed round, closed two days ago, that everybody has sat once; its id."""
    now, luck = clock.now(), random.Random(1)
    opens_at = now - timedelta(days=9)
    with transaction() as session:
        bank = put_bank(session, BankSpec("bench", "Ngân hàng", "Bank", 1))
        for number in range(BANK):
            body = {"options": [{"text": "Đúng", "right": True}, {"text": "Sai"}, {"text": "Cũng sai"}, {"text": "Không"}]}
            put_question(
                session,
                bank.id,
                QuestionSpec(f"q{number:03}", "single_choice", "t", "nhan_biet", f"Câu {number}?", body, "", None),
                opens_at,
            )
        spec = RoundSpec("Tuần 1", opens_at, now - timedelta(days=2), [{"bank": bank.id, "level": None, "count": QUESTIONS}])
        contest = services.create_contest(session, ContestSpec("bench", "Cuộc thi", 1, "Ban tổ chức", [spec]), now)
        found = session.scalars(select(Round).where(Round.contest_id == contest.id)).one()
        seal_round(session, found, opens_at - timedelta(days=1))
        plans = [
            (one, [Sitting(opens_at + timedelta(seconds=luck.randrange(400_000)), luck.randrange(200, 600), luck.randrange(6), luck.randrange(5000))])
            for one in people
        ]  # fmt: skip
        write_entries(session.connection(), (found.id, found.quiz.id), plans, luck)
        return found.id


def main() -> int:
    """0 when everything was measured."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as name:
        app = create_app(Config(data_dir=name, secret_key="k" * 20))
        with app.app_context():
            upgrade()
            people = make_people(count)
            numbers: list[int] = []
            measured(f"write {count} entries", lambda: numbers.append(make_round(people)))
            path, now = Path(name) / "round.zip", clock.now()
            measured("close the log", lambda: close_log(numbers[0], now))
            measured("settle", lambda: services.publish_round(services.settle_round(numbers[0], OFFICER, now).id, OFFICER, now))
            measured("archive", lambda: f"{services.archive_round(numbers[0], path, now).size / 1024**2:.1f} MiB")
            measured("verify", lambda: [one.message % one.values for one in services.verify_file(path).faults][:3])
            db.session.remove()
            db.engine.dispose()
            turns_of(app).close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
