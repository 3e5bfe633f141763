"""Background work: it runs once, tells how far it is, stops when asked, and is taken over from a worker that has died."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.jobs import services
from elearn.jobs.hooks import Cancelled, works
from elearn.jobs.models import Job
from elearn.lib.errors import DomainError

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)


@pytest.fixture
def work(app, monkeypatch):
    """Registers a function as the work of kind `count`."""
    return lambda function: monkeypatch.setitem(works, "count", function)


def start(owner_id=1, **arguments):
    return services.start_job("count", "Đếm", arguments, owner_id, NOW)


def of(job_id):
    db.session.expire_all()
    return db.session.get(Job, job_id)


def test_it_runs_what_waits_once_and_keeps_the_result(work):
    seen = []
    work(lambda arguments, tell: seen.append(arguments["to"]) or {"counted": arguments["to"]})
    job_id = start(to=3)
    assert services.work_off() == 1
    assert services.work_off() == 0
    assert seen == [3]
    job = of(job_id)
    assert (job.state, job.result) == ("done", {"counted": 3})
    assert job.finished_at is not None


def test_it_tells_how_far_it_is_and_stops_when_asked(work):
    steps = []

    def count(_arguments, tell):
        for number in range(1, 4):
            tell(f"Bước {number}", number, 3)
            steps.append(number)
            if number == 2:
                services.ask_to_cancel(job_id, clock.now())

    work(count)
    job_id = start()
    services.work_off()
    assert steps == [1, 2]
    job = of(job_id)
    assert (job.state, job.step, job.total) == ("cancelled", "Bước 3", 3)


def test_it_says_why_it_failed(work):
    def refuse(_arguments, _tell):
        raise DomainError("no", "Không đếm được.")

    work(refuse)
    job_id = start()
    services.work_off()
    assert (of(job_id).state, of(job_id).message) == ("failed", "Không đếm được.")


def test_it_cancels_at_once_what_has_not_begun(work):
    work(lambda _arguments, _tell: pytest.fail("must not run"))
    job_id = start()
    services.ask_to_cancel(job_id, NOW)
    assert services.work_off() == 0
    assert of(job_id).state == "cancelled"


def test_it_takes_over_from_a_worker_that_fell_silent_and_stops_the_old_one(work):
    work(lambda _arguments, _tell: {"again": True})
    job_id = start()
    now = clock.now()
    taken = services.take_next("first", now)
    assert services.take_next("second", now + timedelta(seconds=20)) is None
    second = services.take_next("second", now + timedelta(seconds=31))
    assert second.id == job_id
    with pytest.raises(Cancelled):
        services.Progress(taken.id, "first")("Bước", 1, 2)
    services.run_job(taken, "first")
    assert of(job_id).state == "running"
    services.run_job(second, "second")
    assert of(job_id).result == {"again": True}


def test_it_shows_a_job_to_its_owner_alone(work, as_, people):
    job_id = start(people.kien.member_id)
    kien = as_("kien")
    assert "Đang chờ đến lượt" in kien.get(f"/jobs/{job_id}").get_data(as_text=True)
    assert kien.get(f"/jobs/{job_id}", headers={"Accept": "application/json"}).json["state"] == "queued"
    assert as_("mai").get(f"/jobs/{job_id}").status_code == 404
    assert as_("mai").post(f"/jobs/{job_id}/cancel").status_code == 404
    assert kien.post(f"/jobs/{job_id}/cancel", data={"next": "//evil.example"}).headers["Location"] == f"/jobs/{job_id}"
    assert "Đã dừng" in kien.get(f"/jobs/{job_id}").get_data(as_text=True)
    with transaction() as session:
        session.execute(update(Job).values(state="failed", message="Không đếm được."))
    assert "Không đếm được." in kien.get(f"/jobs/{job_id}").get_data(as_text=True)
