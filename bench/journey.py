"""The main job under load: takers who sign in, sit a round of twenty questions and see their result."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Figure, quantile
from elearn.contests.services.rehearsing.server import ROOT, Server
from elearn.contests.services.rehearsing.taker import Taker

RUNS = 3
MEMBERS = 800
CROWD = 64
RUSH = 500
SAVES_PER_SECOND = 1000
PACED_SECONDS = 4
PASSWORD = "lua-nuoc-tre-xanh"
_OPEN_NOW = "opens_at <= CURRENT_TIMESTAMP AND closes_at > CURRENT_TIMESTAMP"


@dataclass(frozen=True)
class Site:
    """A small invented organisation: how to serve it, who may sit, and which round."""

    environment: dict[str, str]
    logins: list[str]
    contest: str
    number: int


def prepare(folder: Path) -> Site:
    """Load the organisation into `folder`. The logins are of people who have no role and have not sat the running round."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= {"ELEARN_DATA_DIR": str(folder), "ELEARN_DEMO_PASSWORD": PASSWORD}
    for command in (["db", "upgrade"], ["demo", "load", "--members", str(MEMBERS)]):
        done = subprocess.run([sys.executable, "-m", "flask", *command], cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(command)}: {done.stderr[-2000:]}")
    connection = sqlite3.connect(folder / "elearn.db")
    quiz, contest, number = connection.execute(
        f"SELECT quiz_id, code, number FROM rounds JOIN contests ON contests.id = contest_id WHERE {_OPEN_NOW}"
    ).fetchone()
    query = """SELECT login FROM members WHERE NOT must_change_password AND id NOT IN (SELECT member_id FROM role_grants)
               AND id NOT IN (SELECT member_id FROM attempts WHERE quiz_id = ?) ORDER BY id"""
    logins = [row[0] for row in connection.execute(query, (quiz,))]
    connection.close()
    if len(logins) < RUSH:
        raise RuntimeError(f"only {len(logins)} people are free to sit, {RUSH} are wanted")
    return Site(environment, logins, contest, number)


def together(takers: Sequence[Taker], work: Callable[[Taker], None], spread_seconds: float = 0) -> float:
    """Let all takers work at once, each in a thread; return the seconds from the first start to the last end.

    With `spread_seconds` their starts are spread evenly over that time. The first failure is raised.
    """
    failures: list[BaseException] = []
    gate = threading.Barrier(len(takers) + 1)

    def go(place: int, taker: Taker) -> None:
        gate.wait()
        try:
            if spread_seconds:
                time.sleep(place / len(takers) * spread_seconds)
            work(taker)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=go, args=pair, daemon=True) for pair in enumerate(takers)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    return seconds


def in_turns(takers: Sequence[Taker], work: Callable[[Taker], None], at_once: int = 16) -> None:
    """Let the takers work, so many at a time: for preparing what is not measured."""
    for first in range(0, len(takers), at_once):
        together(takers[first : first + at_once], work)


class Runs:
    """Values of one figure after the other, by key."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {}

    def add(self, key: str, value: float) -> None:
        self.values.setdefault(key, []).append(value)

    def latencies(self, key: str, takers: Sequence[Taker]) -> None:
        """Quantiles of the answers since the last time, in milliseconds."""
        found = [value for taker in takers for value in taker.latencies]
        for taker in takers:
            taker.latencies = []
        for share in (50, 95, 99):
            self.add(f"{key}_p{share}", quantile(found, share / 100) * 1000)


def measure(site: Site, runs: Runs, say: Callable[[str], None]) -> None:
    """Measure the main job; `runs` holds what was measured also where this is broken off."""
    with Server("wsgi:app", site.environment, ready="/readyz") as server:
        rest = iter(site.logins)
        rush = [Taker(server.port, login, PASSWORD) for login, _ in zip(rest, range(RUSH), strict=False)]
        say(f"{RUSH} people sign in")
        began, before = time.perf_counter(), server.cpu_seconds()
        in_turns(rush, Taker.sign_in)
        runs.add("sign_in_cpu", (server.cpu_seconds() - before) / RUSH * 1000)
        runs.add("sign_in_rate", RUSH / (time.perf_counter() - began))
        crowd, few = rush[:CROWD], rush[CROWD : CROWD + 8]
        for name, takers in (("few", few), ("crowd", crowd)):
            say(f"{len(takers)} takers at once, {RUNS} times")
            together(takers, lambda taker: taker.sit(site.contest, site.number))  # workers and caches get warm
            runs.latencies("warm", takers)
            for _ in range(RUNS):
                _journeys(runs, name, server, site, takers)
        say(f"{CROWD} takers at once with their passwords, {RUNS} times")
        for _ in range(RUNS):
            _whole_journeys(runs, server, site, crowd)
        say(f"{SAVES_PER_SECOND} answers a second for {PACED_SECONDS} seconds, {RUNS} times")
        paced = rush[CROWD + 8 : CROWD + 8 + CROWD]
        in_turns(paced, lambda taker: taker.start(site.contest, site.number))
        for _ in range(RUNS):
            _paced_saves(runs, server, paced)
        rushing = rush[CROWD + 8 + CROWD :]
        say(f"{len(rushing)} takers start, and later submit, within one second, {RUNS} times")
        for _ in range(RUNS):
            _rush(runs, site, rushing)


def _journeys(runs: Runs, name: str, server: Server, site: Site, takers: Sequence[Taker]) -> None:
    before = server.cpu_seconds()
    seconds = together(takers, lambda taker: taker.sit(site.contest, site.number))
    runs.add(f"{name}_cpu", (server.cpu_seconds() - before) / len(takers) * 1000)
    runs.add(f"{name}_rate", len(takers) / seconds)
    runs.latencies(name, takers)


def _whole_journeys(runs: Runs, server: Server, site: Site, takers: Sequence[Taker]) -> None:
    def whole(taker: Taker) -> None:
        taker.leave()
        taker.sign_in()
        taker.sit(site.contest, site.number)

    before = server.cpu_seconds()
    seconds = together(takers, whole)
    runs.add("whole_cpu", (server.cpu_seconds() - before) / len(takers) * 1000)
    runs.add("whole_rate", len(takers) / seconds)
    runs.latencies("whole", takers)


def _paced_saves(runs: Runs, server: Server, takers: Sequence[Taker]) -> None:
    pause = len(takers) / SAVES_PER_SECOND
    count = round(PACED_SECONDS / pause)

    def save(taker: Taker) -> None:
        begin = time.perf_counter()
        for turn in range(count):
            wait = begin + turn * pause - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            taker.save(turn % len(taker.paper["paper"]["questions"]) + 1)

    before = server.cpu_seconds()
    seconds = together(takers, save, spread_seconds=pause)
    runs.add("save_cpu", (server.cpu_seconds() - before) / (count * len(takers)) * 1000)
    runs.add("save_rate", count * len(takers) / seconds)
    runs.latencies("paced", takers)


def _rush(runs: Runs, site: Site, takers: Sequence[Taker]) -> None:
    runs.add("start_last", together(takers, lambda taker: taker.start(site.contest, site.number), spread_seconds=1) - 1)
    in_turns(takers, Taker.answer_all)
    for taker in takers:
        taker.latencies = []
    runs.add("submit_last", together(takers, Taker.submit, spread_seconds=1) - 1)


def figures(runs: Runs) -> list[Figure]:
    """What was measured, with targets; what was not is left out."""
    rushing = RUSH - 2 * CROWD - 8
    wanted: list[tuple[str, str, str, dict[str, Any]]] = [
        ("crowd_cpu", "One journey without the password, server CPU, 64 takers", "ms", {"at_most": 20, "ratio_to": "hello"}),
        ("few_cpu", "The same with 8 takers", "ms", {"ratio_to": "hello"}),
        ("whole_cpu", "One journey with the password, server CPU", "ms", {"ratio_to": "argon2"}),
        ("sign_in_cpu", "One sign-in (page, password, session), server CPU", "ms", {"ratio_to": "argon2"}),
        ("crowd_rate", "Journeys a second, 64 takers, signed in", "/s", {"at_least": 60}),
        ("whole_rate", "Journeys a second, 64 takers, with the password", "/s", {"at_least": 25}),
        ("save_cpu", "One answer saved, server CPU", "ms", {"ratio_to": "hello"}),
        ("save_rate", f"Answers a second (asked for: {SAVES_PER_SECOND})", "/s", {"ratio_to": "commit"}),
        *(
            (f"{key}_p{share}", f"{words}, p{share}", "ms", {"at_most": 50} if (key, share) == ("paced", 99) else {})
            for key, words in (
                ("paced", f"Answer acknowledged on disk, {SAVES_PER_SECOND}/s asked for"),
                ("few", "Answer acknowledged, 8 takers without a pause"),
                ("crowd", "Answer acknowledged, 64 takers without a pause"),
            )
            for share in (50, 95, 99)
        ),
        ("start_last", f"{rushing} people start within one second: last paper after", "s", {"at_most": 10}),
        ("submit_last", f"{rushing} people submit within one second: last one acknowledged after", "s", {"at_most": 1}),
    ]
    return [Figure(key, title, unit, runs.values[key], **more) for key, title, unit, more in wanted if key in runs.values]
