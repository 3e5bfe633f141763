"""A study campaign over 5,000 units and 300,000 people: taking its list, the screen of who is missing, names, files.

`python -m bench.campaigns [FOLDER]` loads an invented organisation of that size into FOLDER, or into one of its own, and takes some
minutes; where FOLDER holds it already it is used again. Not part of `make bench`, which is bounded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figures import Figure, show
from elearn.contests.services.rehearsing.server import ROOT

MEMBERS, UNITS, RUNS = 300_000, 5_000, 5
SCREEN_SECONDS = 1.0


def load(folder: Path) -> None:
    """The invented organisation."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= {"ELEARN_DATA_DIR": str(folder), "ELEARN_DEMO_PASSWORD": "lua-nuoc-tre-xanh"}
    commands = (["db", "upgrade"], ["content", "sync"], ["demo", "load", "--members", str(MEMBERS), "--units", str(UNITS)])
    for command in commands:
        subprocess.run([sys.executable, "-m", "flask", *command], cwd=ROOT, env=environment, capture_output=True, check=True)


def timed(work: Callable[[], Any], runs: int = RUNS, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Seconds of each run."""
    found = []
    for _ in range(runs):
        began = clock()
        work()
        found.append(clock() - began)
    return found


def burnt(work: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """CPU seconds of each run: what else runs on the machine does not count."""
    return timed(work, runs, time.process_time)


def probe() -> list[Figure]:
    """Make a campaign with three requirements, let two thirds do them, and time what officers wait for."""
    from sqlalchemy import func, select, text

    from elearn.campaigns import services
    from elearn.campaigns.models import Campaign
    from elearn.campaigns.queries.figures import figures
    from elearn.campaigns.rules.audience import Audience
    from elearn.core import clock
    from elearn.core.db import db, write_connection
    from elearn.courses.models import Course
    from elearn.members.models import Member
    from elearn.submissions.rules.assignments import FIVE_CLEAR_POINTS, ONE_TEXT, Kind
    from elearn.units.models import Unit, UnitKind
    from tests import cast

    app, now = app_of(), clock.now()
    with app.app_context():
        officer = db.session.scalar(select(Member).where(Member.login == "daotao1"))
        actor = (officer.id, officer.display_name)
        kinds = tuple(db.session.scalars(select(UnitKind.code)))
        audience = Audience(kinds, ("official", "probationary", "outstanding", "cadre"))
        due_at = now + timedelta(days=7)
        course_id = db.session.scalar(select(Course.id).limit(1))
        top = db.session.scalar(select(Unit.id).where(Unit.path == "/1/"))
        campaign_id = services.make_campaign(
            actor, services.CampaignSpec("Đo", top, now - timedelta(days=9), due_at, audience, course_id=course_id), now
        )
        plan = services.RequirementSpec("submission", "unit", "Kế hoạch", due_at, fields=FIVE_CLEAR_POINTS)
        essay = services.RequirementSpec("submission", "member", "Bài thu hoạch", due_at, (), Kind.ESSAY, fields=ONE_TEXT)
        course = services.RequirementSpec("course", "member", "Học xong khoá", due_at)
        ids = [services.add_requirement(actor, campaign_id, one, now) for one in (course, essay, plan)]
        taken = timed(lambda: services.take_list(actor, campaign_id, now), 1)
        services.announce(actor, campaign_id, now)
        with write_connection() as connection:
            connection.execute(
                text(
                    "UPDATE assignment_targets SET state = 'submitted', submitted_at = added_at WHERE id % 3 < 2 AND assignment_id IN "
                    "(SELECT id FROM assignments WHERE origin = 'campaign' AND origin_id = :id)"
                ),
                {"id": campaign_id},
            )
            connection.execute(
                text(
                    "INSERT INTO takings (member_id, edition_id, started_at, last_read_at, lessons_done, completed_at) "
                    "SELECT member_id, (SELECT max(id) FROM course_editions WHERE course_id = :course), added_at, added_at, 0, added_at "
                    "FROM campaign_targets WHERE campaign_id = :id AND member_id % 3 < 2 ON CONFLICT DO NOTHING"
                ),
                {"id": campaign_id, "course": course_id},
            )
        ward = db.session.scalar(select(Unit.id).join(Member, Member.login == "daotao2").where(Unit.depth == 1).limit(1))
        units, people = db.session.execute(
            text("SELECT count(*) - count(member_id), count(member_id) FROM campaign_targets WHERE campaign_id = :id"),
            {"id": campaign_id},
        ).one()
        assert db.session.scalar(select(func.count()).select_from(Campaign))
        as_of = timed(lambda: figures(campaign_id, "/1/", now + timedelta(minutes=1)), 3)
        db.session.rollback()
        client = app.test_client()
        cast.sign_in(app, client, "daotao1")

        def ask(address: str) -> Callable[[], None]:
            def once() -> None:
                answer = client.get(f"/admin/campaigns/{campaign_id}{address}")
                assert answer.status_code == 200, answer.status_code

            once()
            return once

        size = f"{units:,} units, {people:,} people"
        screens = {"course": f"?requirement={ids[0]}", "essays": f"?requirement={ids[1]}", "plans": f"?requirement={ids[2]}"}
        found = [
            Figure(f"campaign_{key}", f"screen of the province, {key}, CPU", "s", burnt(ask(address)), at_most=SCREEN_SECONDS)
            for key, address in screens.items()
        ]
        names = f"/missing?requirement={ids[0]}"
        return [
            Figure("campaign_take", f"list of {size} taken, with those of what is handed in", "s", taken),
            *found,
            Figure("campaign_wall", "screen of the province, course, by the clock", "s", timed(ask(screens["course"]))),
            Figure(
                "campaign_ward",
                "screen of one commune, CPU",
                "s",
                burnt(ask(f"{screens['course']}&unit={ward}")),
                at_most=SCREEN_SECONDS,
            ),
            Figure("campaign_names", "first page of names missing, CPU", "s", burnt(ask(names)), at_most=SCREEN_SECONDS),
            Figure("campaign_tree", "tree as Excel", "s", timed(ask(f"/excel?requirement={ids[1]}"), 3), at_most=5),
            Figure(
                "campaign_missing", "all names missing as Excel", "s", timed(ask(f"/excel?list=missing&requirement={ids[1]}"), 1)
            ),
            Figure("campaign_as_of", "figures as of a moment, for reports", "s", as_of),
        ]


def app_of() -> Any:
    """The application on the folder of ELEARN_DATA_DIR, without the checks of forms that a browser would pass."""
    from elearn.app import create_app

    return create_app(TESTING=True, WTF_CSRF_ENABLED=False)


def main() -> int:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        if not (folder / "elearn.db").exists():
            load(folder)
        os.environ["ELEARN_DATA_DIR"] = str(folder)
        show(probe())
    return 0


if __name__ == "__main__":
    sys.exit(main())
