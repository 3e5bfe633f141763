"""Rehearses a round: invented entrants sit a shadow of it against a server of their own, through HTTP, as fast as they are asked to come."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime

from elearn.contests.rules.rehearsals import STEPS, Rehearsal, step_of
from elearn.contests.services.rehearsing.server import Server
from elearn.contests.services.rehearsing.shadow import Shadow, ShadowOf
from elearn.contests.services.rehearsing.taker import Taker

STACK = 256 * 1024
MOST_ENTRANTS = 5_000
"""Threads that one machine can drive."""
Signs = Callable[[str, str], str]
"""Given (secret of the server, token of a sign-in): the cookie that the server would have given."""


class Entrant(Taker):
    """One who sits, and how long each step took, in seconds."""

    def __init__(self, port: int, login: str, cookie: str) -> None:
        super().__init__(port, login, "")
        self.cookies["elearn"] = cookie
        self.times: dict[str, list[float]] = {key: [] for key in STEPS}
        self.paper_at = 0.0

    def timed(self, key: str, work: Callable[[], object]) -> object:
        """Do a step and keep how long it took."""
        began = time.perf_counter()
        done = work()
        self.times[key].append(time.perf_counter() - began)
        return done

    def go(self, contest: str, number: int) -> None:
        """From the page of the contest to the result."""
        self.timed("open", lambda: self.page(f"/contests/{contest}/rounds/{number}"))
        place = self.timed("start", lambda: self.form(f"/contests/{contest}/rounds/{number}/enter"))
        self.timed("paper", lambda: self.get_paper(str(place)))
        self.paper_at = time.perf_counter()
        self.answer_all()
        self.times["save"] = self.latencies
        self.timed("submit", self.submit)
        self.timed("result", lambda: self.page(self.paper["urls"]["result"]))


def rehearse(
    round_id: int, entrants: int, seconds: float, now: datetime, sign: Signs, say: Callable[[str], None] = lambda _: None
) -> Rehearsal:
    """Let so many come within so many seconds. Raises NotFound for a round without a paper."""
    say("Dựng bản bóng của vòng thi")
    with (
        ShadowOf(round_id, entrants, now, dict(os.environ)) as shadow,
        Server("wsgi:app", shadow.environment, ready="/readyz") as server,
    ):
        say("Cho người thử vào thi")
        return _drive(shadow, server.port, seconds, sign)


def _drive(shadow: Shadow, port: int, seconds: float, sign: Signs) -> Rehearsal:
    cookies = [sign(shadow.secret, token) for token in shadow.tokens]
    people = [Entrant(port, f"thu{n}", cookie) for n, cookie in enumerate(cookies, start=1)]
    failures: list[str] = []
    gate = threading.Barrier(len(people) + 1)

    def sit(place: int, person: Entrant) -> None:
        gate.wait()
        time.sleep(place / len(people) * seconds)
        try:
            person.go(shadow.contest, shadow.number)
        except Exception as failure:  # whatever goes wrong for an entrant is what a rehearsal is to find
            failures.append(f"{type(failure).__name__}: {failure}"[:300])
        finally:
            person.leave()

    before = threading.stack_size(STACK)
    try:
        threads = [threading.Thread(target=sit, args=pair, daemon=True) for pair in enumerate(people)]
        for thread in threads:
            thread.start()
    finally:
        threading.stack_size(before)
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    steps = tuple(step_of(key, [value for person in people for value in person.times[key]]) for key in STEPS)
    last_paper = max((person.paper_at for person in people), default=0.0)
    finished = sum(bool(person.times["result"]) for person in people)
    return Rehearsal(len(people), finished, tuple(failures), max(last_paper - began, 0.001), steps)
