"""Reads of background work."""

from __future__ import annotations

from datetime import datetime

from elearn.core.db import db
from elearn.jobs.models import LEASE, Job
from elearn.lib.errors import NotFound


def access_job(member_id: int, job_id: str) -> Job:
    """The job, or NotFound where it is somebody else's."""
    job = db.session.get(Job, job_id)
    if job is None or job.owner_id != member_id:
        raise NotFound()
    return job


def lacks_worker(job: Job, now: datetime) -> bool:
    """True where a worker must be started: the job waits for more than two seconds, or its worker has fallen silent."""
    if job.state == "queued":
        return (now - job.created_at).total_seconds() > 2
    return job.state == "running" and job.heartbeat_at is not None and job.heartbeat_at < now - LEASE
