"""Starting, running and cancelling background work.

The row of a job is its queue place, its lease and its progress. A worker is a process of its own (`flask jobs work`), started by the
request that queues a job and by any page that finds a job without a living worker; it ends when nothing is left to do. Work is cut
into transactions of its own and must be safe to run again from its beginning: after a crash it is.
"""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import and_, or_, select, update

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Cancelled, works
from elearn.jobs.models import LEASE, Job
from elearn.lib.errors import DomainError

TOLD_EVERY = timedelta(seconds=0.5)
log = logging.getLogger(__name__)


def start_job(kind: str, title: str, arguments: dict[str, Any], owner_id: int | None, now: datetime) -> str:
    """Queue one piece of work and return its id; a worker is started by `wake`."""
    job_id = secrets.token_urlsafe(16)
    with transaction() as session:
        session.add(Job(id=job_id, kind=kind, title=title[:200], arguments=arguments, owner_id=owner_id, created_at=now))
    return job_id


def wake(root: Path, environment: dict[str, str] | None = None) -> None:
    """Start a worker process that outlives the request."""
    subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi:app", "jobs", "work"],
        cwd=root, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def ask_to_cancel(job_id: str, now: datetime) -> None:
    """Let a job stop at its next step; one that has not begun is cancelled at once."""
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "queued")
            .values(state="cancelled", cancel_asked_at=now, finished_at=now)
        )
        session.execute(update(Job).where(Job.id == job_id, Job.state == "running").values(cancel_asked_at=now))


def take_next(worker: str, now: datetime) -> Job | None:
    """The oldest job that waits, or whose worker has been silent for longer than its lease; None where there is none."""
    waiting = or_(Job.state == "queued", and_(Job.state == "running", Job.heartbeat_at < now - LEASE))
    if db.session.scalar(select(Job.id).where(waiting).limit(1)) is None:
        db.session.rollback()
        return None
    with transaction() as session:
        job = session.scalar(select(Job).where(waiting).order_by(Job.created_at).limit(1).with_for_update(skip_locked=True))
        if job is None:
            return None
        job.state, job.worker, job.heartbeat_at = "running", worker, now
        job.started_at = job.started_at or now
        session.flush()
        session.expunge(job)
        return job


class Progress:
    """Given to the work: tells how far it is, and learns whether it is to stop."""

    def __init__(self, job_id: str, worker: str) -> None:
        self.job_id, self.worker = job_id, worker
        self._told_at = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._step = ""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Tell the step, how much is done and how much there is; call it often and never inside a transaction.

        Raises Cancelled where the owner asked to stop, or the lease went to another worker.
        """
        now = clock.now()
        if now - self._told_at < TOLD_EVERY and step == self._step and done != total:
            return
        self._told_at, self._step = now, step
        with transaction() as session:
            kept = session.execute(
                update(Job)
                .where(Job.id == self.job_id, Job.worker == self.worker, Job.state == "running")
                .values(step=step, done=done, total=total, heartbeat_at=now)
            ).rowcount  # type: ignore[attr-defined]
            stop = session.scalar(select(Job.cancel_asked_at).where(Job.id == self.job_id))
        if not kept or stop is not None:
            raise Cancelled


def run_job(job: Job, worker: str) -> None:
    """Do the work of a job that was taken; its outcome is written down whatever happens."""
    tell = Progress(job.id, worker)
    outcome: dict[str, Any]
    try:
        outcome = {"state": "done", "result": works[job.kind](job.arguments, tell)}
    except Cancelled:
        outcome = {"state": "cancelled"}
    except DomainError as refusal:
        outcome = {"state": "failed", "message": str(refusal)[:500]}
    except Exception:
        log.exception("job %s (%s) failed", job.id, job.kind)
        outcome = {"state": "failed", "message": "Có lỗi ngoài dự kiến. Phần đã ghi vẫn còn; hãy chạy lại hoặc báo người vận hành."}
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id == job.id, Job.worker == worker, Job.state == "running")
            .values(**outcome, finished_at=clock.now())
        )


def work_off(now: Callable[[], datetime] = clock.now) -> int:
    """Run what waits, one job after the other, until nothing is left; return how many were run."""
    worker, count = secrets.token_hex(12), 0
    while (job := take_next(worker, now())) is not None:
        run_job(job, worker)
        count += 1
    return count
