"""The beat of a serving process: a small write every few seconds, by which outages are known afterwards (see quizzes/rules/outages.py).

Once a minute it also looks for what is to begin by the clock (`jobs.hooks.timers`).
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from flask import Flask

from elearn.core import clock
from elearn.jobs.hooks import timers
from elearn.quizzes.rules.outages import EVERY
from elearn.quizzes.services.outages import beat

LOOK_SECONDS = 60
log = logging.getLogger(__name__)


def init_heart(app: Flask) -> None:
    """Begin to beat at the first request of the process, before it is answered; tests and commands do not beat."""
    if app.testing:
        return
    started = threading.Lock()

    @app.before_request
    def begin() -> None:
        if started.acquire(blocking=False):
            # Time lost is given back before anybody is told that theirs has run out.
            last = _beat(app, None)
            threading.Thread(target=_go_on, args=(app, last), name="heart", daemon=True).start()


def _beat(app: Flask, last: float | None) -> float | None:
    """Beat once; the steady clock at the last beat that was written."""
    steady = time.monotonic()
    try:
        with app.app_context():
            outage = beat(clock.now(), None if last is None else timedelta(seconds=steady - last))
    except Exception:  # a full disk, a database that restarts: the next beat finds out how long it lasted
        log.warning("no beat could be written", exc_info=True)
        return last
    if outage is not None:
        log.warning("the server did not answer from %s to %s; the time was given back", outage.began_at, outage.ended_at)
    return steady


def _go_on(app: Flask, last: float | None) -> None:
    looked = time.monotonic()
    while True:
        time.sleep(EVERY.total_seconds())
        last = _beat(app, last)
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            look(app)


def look(app: Flask) -> None:
    """Call every timer; one that fails does not keep the others from their turn."""
    for timer in timers:
        try:
            with app.app_context():
                timer(clock.now())
        except Exception:
            log.warning("a timer failed", exc_info=True)
