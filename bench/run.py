"""Measures one taker's journey and the acknowledged answer, beside what this machine needs for known things; `make bench` runs it.

Everything happens on loopback against servers that this program starts and stops; it is bounded to ten minutes. Figures go to the screen and
to var/bench.json. Absolute times wander between machines and hours, so each figure stands beside a reference measured in the same run.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
TICK = os.sysconf("SC_CLK_TCK")
PASSWORD = "lua-nuoc-tre-xanh"
TAKERS = 64
QUESTIONS = 20
RUNS = 3

HELLO = "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef hello():\n    return 'hello'\n"


@dataclass
class Server:
    """granian with two workers in a folder of its own."""

    module: str
    folder: Path
    environment: dict[str, str]
    port: int = 0
    process: Any = None

    def __enter__(self) -> Server:
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", "2", "--blocking-threads", "8", "--backlog", "4096", "--log-level", "error", self.module]
        self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment)
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", "/")
                connection.getresponse().read()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)

    def cpu_seconds(self) -> float:
        """CPU time of the server and its workers so far."""
        total = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = stat.read_text().rpartition(")")
            except OSError:
                continue
            fields = rest.split()
            if int(name.split()[0]) == self.process.pid or int(fields[1]) == self.process.pid:
                total += (int(fields[11]) + int(fields[12])) / TICK
        return total


@dataclass
class Taker:
    """A person with one connection and one cookie."""

    port: int
    login: str
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    latencies: list[float] = field(default_factory=list)
    connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, text, {name.lower(): value for name, value in answer.getheaders()}

    def form(self, path: str, **values: str) -> dict[str, str]:
        body = urlencode({"csrf_token": self.csrf, **values}).encode()
        status, text, headers = self.call("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})
        if status != 302:
            raise RuntimeError(f"{path}: {status} {text[:300]}")
        return headers

    def page(self, path: str) -> str:
        status, text, _ = self.call("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        self.csrf = found[1] if found else self.csrf
        return text

    def sign_in(self) -> None:
        self.page("/sign-in")
        self.form("/sign-in", login=self.login, password=PASSWORD)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        began = time.perf_counter()
        status, text, _ = self.call(
            "POST", path, json.dumps(body).encode(), **{"Content-Type": "application/json", "X-CSRFToken": self.csrf}
        )
        if status != 200:
            raise RuntimeError(f"{path}: {status} {text[:300]}")
        self.latencies.append(time.perf_counter() - began)
        answer: dict[str, Any] = json.loads(text)
        return answer

    def sit(self, round_path: str) -> None:
        """Open the round, start, get the paper, answer twenty questions one by one, submit, see the result."""
        self.page(round_path)
        place = self.form(f"{round_path}/enter")["location"]
        paper = self.page(place)
        self.csrf = re.search(r'"csrf": "([^"]+)"', paper)[1]  # type: ignore[index]
        for slot in range(1, QUESTIONS + 1):
            body = {"slot": slot, "response": "A", "client_seq": slot, "key": f"k{slot}"}
            response = self.post_any(f"{place}/responses", body)
            if "receipt" not in response:
                raise RuntimeError(f"no receipt: {response}")
        self.latencies, kept = [], self.latencies
        self.post(f"{place}/submit", {"key": "s"})
        self.latencies = kept
        self.page(f"{place}/result")

    def post_any(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Answer a question whatever its type: a list where a single letter is refused."""
        try:
            return self.post(path, body)
        except RuntimeError:
            return self.post(path, {**body, "response": ["A"]})


def each(takers: list[Taker], work: Callable[[Taker], None], at_once: int) -> float:
    """Let the takers do the work, so many at a time; return the seconds it took."""
    waiting, failures = list(takers), list[BaseException]()
    lock = threading.Lock()

    def go() -> None:
        while True:
            with lock:
                if not waiting or failures:
                    return
                taker = waiting.pop()
            try:
                work(taker)
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=go) for _ in range(at_once)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - began


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(work: Callable[[], float]) -> float:
    return statistics.median(work() for _ in range(RUNS))


# ── what this machine needs for known things


def hello_cpu_ms(folder: Path) -> float:
    (folder / "hello.py").write_text(HELLO)
    with Server("hello:app", folder, {**os.environ, "PYTHONPATH": str(folder)}) as server:
        taker = Taker(server.port, "")

        def run() -> float:
            before = server.cpu_seconds()
            for _ in range(2000):
                taker.call("GET", "/")
            return (server.cpu_seconds() - before) / 2000 * 1000

        return median(run)


def commits_per_second(folder: Path) -> float:
    connection = sqlite3.connect(folder / "reference.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")

    def run() -> float:
        began = time.perf_counter()
        for _ in range(1000):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t (text) VALUES ('answer')")
            connection.execute("COMMIT")
        return 1000 / (time.perf_counter() - began)

    return median(run)


def argon2_cpu_ms() -> float:
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    def run() -> float:
        before = time.process_time()
        for _ in range(10):
            hasher.hash("mot-mat-khau-dai")
        return (time.process_time() - before) * 100

    return median(run)


def jinja_cpu_ms() -> float:
    from jinja2 import Environment

    text = "{% for q in paper %}<fieldset><legend>{{ q.stem }}</legend>{% for o in q.options %}<label><input type=radio name={{ q.id }}>{{ o }}</label>{% endfor %}</fieldset>{% endfor %}"
    template = Environment(autoescape=True).from_string(text)
    paper = [
        {"id": n, "stem": "Đại hội đại biểu toàn quốc lần thứ II họp ở đâu?" * 2, "options": ["Tuyên Quang"] * 4}
        for n in range(QUESTIONS)
    ]

    def run() -> float:
        before = time.process_time()
        for _ in range(200):
            template.render(paper=paper)
        return (time.process_time() - before) * 5

    return median(run)


# ── ours


def prepare(folder: Path) -> tuple[dict[str, str], list[str], str]:
    """A demo organisation in `folder`; the environment, logins, and the path of the running round."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= {"ELEARN_DATA_DIR": str(folder), "ELEARN_DEMO_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)}
    for command in (["db", "upgrade"], ["demo", "load", "--members", "600"]):
        subprocess.run([sys.executable, "-m", "flask", *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    with sqlite3.connect(folder / "elearn.db") as connection:
        sat = "SELECT member_id FROM attempts JOIN rounds USING (quiz_id) WHERE closes_at > CURRENT_TIMESTAMP AND opens_at <= CURRENT_TIMESTAMP"
        logins = [
            row[0]
            for row in connection.execute(
                f"SELECT login FROM members WHERE status = 'active' AND must_change_password = 0 AND password_hash <> '' "
                f"AND id NOT IN (SELECT member_id FROM role_grants) AND id NOT IN ({sat}) ORDER BY id"
            )
        ]
        code, number = connection.execute(
            "SELECT contests.code, rounds.number FROM rounds JOIN contests ON contests.id = contest_id "
            "WHERE opens_at <= CURRENT_TIMESTAMP AND closes_at > CURRENT_TIMESTAMP"
        ).fetchone()
    return environment, logins, f"/contests/{code}/rounds/{number}"


def measure(folder: Path, figures: dict[str, float]) -> None:
    environment, logins, round_path = prepare(folder)
    environment["PWD"] = str(ROOT)
    journeys: list[float] = []
    rates: list[float] = []
    sign_ins: list[float] = []
    with Server("wsgi:app", ROOT, environment) as server:
        warm = Taker(server.port, logins.pop())
        warm.sign_in()
        warm.sit(round_path)
        latencies: list[float] = []
        for _ in range(RUNS):
            takers = [Taker(server.port, logins.pop()) for _ in range(TAKERS)]
            before = server.cpu_seconds()
            each(takers, Taker.sign_in, 16)
            sign_ins.append((server.cpu_seconds() - before) / TAKERS * 1000)
            before = server.cpu_seconds()
            seconds = each(takers, lambda taker: taker.sit(round_path), TAKERS)
            journeys.append((server.cpu_seconds() - before) / TAKERS * 1000)
            rates.append(TAKERS / seconds)
            latencies += [value for taker in takers for value in taker.latencies]
        calm: list[float] = []
        takers = [Taker(server.port, logins.pop()) for _ in range(4)]
        each(takers, Taker.sign_in, 4)
        each(takers, lambda taker: taker.sit(round_path), 2)
        calm = [value for taker in takers for value in taker.latencies]
    figures["sign_in_cpu_ms"] = statistics.median(sign_ins)
    figures["journey_cpu_ms"] = statistics.median(journeys)
    figures["journeys_per_second"] = statistics.median(rates)
    for share in (50, 95, 99):
        figures[f"answer_p{share}_ms_at_{TAKERS}"] = quantile(latencies, share / 100) * 1000
        figures[f"answer_p{share}_ms_at_2"] = quantile(calm, share / 100) * 1000


LINES = [
    ("hello_cpu_ms", "reference: Flask 'hello' under granian, CPU ms a request", "0.17"),
    ("argon2_cpu_ms", "reference: Argon2id 19 MiB t=2 p=1, CPU ms", "22"),
    ("commits_per_second", "reference: durable SQLite commits a second, one writer", "3,200–10,700"),
    ("jinja_cpu_ms", "reference: 20-question paper by Jinja, CPU ms", "2.3"),
    ("sign_in_cpu_ms", "sign-in with password hashing, server CPU ms", ""),
    ("journey_cpu_ms", "one taker's journey without sign-in, server CPU ms", "≤ 20, stretch 15"),
    ("journeys_per_second", f"journeys a second, {TAKERS} takers at once, signed in", "≥ 60"),
    ("answer_p50_ms_at_2", "answer acknowledged on disk, p50 ms, 2 takers", ""),
    ("answer_p99_ms_at_2", "answer acknowledged on disk, p99 ms, 2 takers", "≤ 50"),
    (f"answer_p50_ms_at_{TAKERS}", f"answer acknowledged on disk, p50 ms, {TAKERS} takers without pause", ""),
    (f"answer_p99_ms_at_{TAKERS}", f"answer acknowledged on disk, p99 ms, {TAKERS} takers without pause", ""),
]


def main() -> None:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures["hello_cpu_ms"] = hello_cpu_ms(folder)
        figures["argon2_cpu_ms"] = argon2_cpu_ms()
        figures["commits_per_second"] = commits_per_second(folder)
        figures["jinja_cpu_ms"] = jinja_cpu_ms()
        data = folder / "data"
        data.mkdir()
        measure(data, figures)
    figures["journey_in_hellos"] = figures["journey_cpu_ms"] / figures["hello_cpu_ms"]
    table = Table("figure", "measured", "target or usual")
    for key, words, usual in [*LINES, ("journey_in_hellos", "journey in 'hello' requests (27 requests make one)", "≤ 118")]:
        table.add_row(words, f"{figures[key]:,.2f}", usual)
    Console(width=120).print(table)
    target = ROOT / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
