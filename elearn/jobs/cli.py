"""`flask jobs work`."""

from __future__ import annotations

import time

import click
from flask.cli import AppGroup

from elearn.jobs import services

group = AppGroup("jobs", help="Background work.")


@group.command()
@click.option("--stay", is_flag=True, help="Go on waiting for work instead of ending when nothing is left.")
def work(stay: bool) -> None:
    """Run the work that waits."""
    services.work_off()
    while stay:
        time.sleep(1)
        services.work_off()
