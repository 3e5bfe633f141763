"""What this machine needs for things that are known from elsewhere, measured in the same run."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from argon2 import PasswordHasher
from jinja2 import Environment

from bench.figures import Figure
from elearn.contests.services.rehearsing.server import Server
from elearn.contests.services.rehearsing.taker import Taker

RUNS = 3
_HELLO = "from flask import Flask\napp = Flask(__name__)\n\n\n@app.get('/')\ndef hello():\n    return 'hello'\n"
_PAPER = """<ol>{% for question in paper %}<li><fieldset><legend>{{ question.stem }}</legend><p>{{ question.hint }}</p>
{% for option in question.options %}{% set key = "ABCD"[loop.index0] %}<label class="option{% if question.chosen == key %} chosen{% endif %}">
<input type="radio" name="q{{ question.number }}" value="{{ key }}"{% if question.chosen == key %} checked{% endif %}>
<span>{{ key }}</span> <span>{{ option }}</span></label>{% endfor %}
<p class="saved">{% if question.saved_at %}Đã lưu lúc {{ question.saved_at }}{% endif %}</p></fieldset></li>{% endfor %}</ol>"""


def measure(folder: Path) -> list[Figure]:
    """The reference figures; `folder` lies on the disk that the database uses."""
    return [
        Figure("hello", "Reference: Flask 'hello' under granian, CPU a request", "ms", hello_cpu_ms(folder)),
        Figure("argon2", "Reference: Argon2id 19 MiB, t=2, p=1, CPU a hash", "ms", argon2_cpu_ms()),
        Figure("jinja", "Reference: paper of 20 questions by Jinja, CPU a page", "ms", jinja_cpu_ms()),
        Figure("commit", "Reference: durable SQLite commits of one row, one writer", "/s", commits_per_second(folder)),
    ]


def hello_cpu_ms(folder: Path) -> list[float]:
    (folder / "hello_app.py").write_text(_HELLO)
    found = []
    with Server("hello_app:app", {**os.environ, "PYTHONPATH": str(folder)}, folder) as server:
        taker = Taker(server.port, "", "")
        for _ in range(RUNS):
            before = server.cpu_seconds()
            for _ in range(3000):
                taker.call("GET", "/")
            found.append((server.cpu_seconds() - before) / 3000 * 1000)
    return found


def argon2_cpu_ms() -> list[float]:
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    found = []
    for _ in range(RUNS):
        before = time.process_time()
        for _ in range(10):
            hasher.hash("mot-mat-khau-dai")
        found.append((time.process_time() - before) / 10 * 1000)
    return found


def jinja_cpu_ms() -> list[float]:
    template = Environment(autoescape=True).from_string(_PAPER)
    stem = "Đại hội đại biểu toàn quốc lần thứ II của Đảng họp ở đâu, vào thời gian nào?"
    options = ["Tại Tuyên Quang", "Tại Ma Cao, từ ngày 27 đến ngày 31", "Tại Hà Nội", "Tại Thành phố Hồ Chí Minh"]
    question = {"stem": stem, "hint": "Chọn một đáp án.", "options": options, "chosen": "B", "saved_at": "10:32:05"}
    paper = [{**question, "number": number} for number in range(20)]
    found = []
    for _ in range(RUNS):
        before = time.process_time()
        for _ in range(200):
            template.render(paper=paper)
        found.append((time.process_time() - before) / 200 * 1000)
    return found


def commits_per_second(folder: Path) -> list[float]:
    connection = sqlite3.connect(folder / "reference.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)")
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        for _ in range(2000):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO answers (text) VALUES ('B')")
            connection.execute("COMMIT")
        found.append(2000 / (time.perf_counter() - began))
    connection.close()
    return found
