"""Files of ten thousand questions: read and laid out, the first page of the preview, applied and undone; per format, with peak memory.

`python -m bench.question_files [FOLDER]` prints one JSON object; each format is measured in a process of its own, so that memory is that of one
import alone. The questions are put together from the words of `bench.banks`, so that every run has the same ones.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.banks import drafts
from bench.figures import Figure
from elearn.contests.services.rehearsing.server import ROOT

QUESTIONS = 10_000
FORMATS = ("gift", "xlsx", "docx")


def measure(folder: Path) -> list[Figure]:
    """Each format into a bank of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment["ELEARN_DATA_DIR"] = str(folder)
    subprocess.run([sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=environment, capture_output=True, check=True)
    found = []
    for key in FORMATS:
        probe = subprocess.run(
            [sys.executable, "-m", "bench.question_files", str(folder), key],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen = json.loads(probe.stdout)
        name = f"{QUESTIONS:,} questions from {key} ({seen['size'] / 1e6:.1f} MB)"
        found += [
            Figure(f"questions_{key}_preview", f"{name}: read, judged, laid out", "s", [seen["preview"]], at_most=30),
            Figure(f"questions_{key}_preview_cpu", "in CPU", "s", [seen["preview_cpu"]]),
            Figure(f"questions_{key}_page", "a page of its preview", "ms", [seen["page"]]),
            Figure(f"questions_{key}_apply", "the same applied", "s", [seen["apply"]], at_most=30),
            Figure(f"questions_{key}_apply_cpu", "in CPU", "s", [seen["apply_cpu"]]),
            Figure(f"questions_{key}_undo", "the same undone", "s", [seen["undo"]]),
            Figure(f"questions_{key}_memory", "its memory, peak", "MiB", [seen["memory"]]),
        ]
    return found


def write_file(key: str, target: Path) -> None:
    """A file of QUESTIONS questions of four options."""
    from elearn.questions.rules.files import FORMATS as KNOWN

    target.write_bytes(KNOWN[key].write(drafts(QUESTIONS, 7)))  # type: ignore[arg-type]


def probe(folder: Path, key: str) -> dict[str, float]:
    """Seconds of each step by the clock and of CPU, milliseconds of a page, peak memory in MiB, bytes of the file."""
    from elearn.app import create_app
    from elearn.core import clock
    from elearn.core.db import transaction
    from elearn.questions.models import Bank
    from elearn.questions.queries.imports import Narrowed, page_of_rows
    from elearn.questions.services import importing
    from elearn.questions.views.imports import shown
    from elearn.units.models import Unit, UnitKind

    path = folder / f"questions.{key}"
    nobody = (None, "bench")
    with create_app().app_context():
        with transaction() as session:
            if session.get(Unit, 1) is None:
                session.add(UnitKind(id=1, code="province", name="Tỉnh"))
                session.flush()
                session.add(
                    Unit(
                        id=1,
                        code="tinh",
                        name="Tỉnh",
                        short_name="Tỉnh",
                        kind_id=1,
                        path="/1/",
                        depth=0,
                        sort_key=b"",
                        search_key="",
                        valid_from=clock.now().date(),
                    )
                )
                session.flush()
            bank = Bank(code=f"bench-{key}-{os.getpid()}", title="Bench", unit_id=1)
            session.add(bank)
            session.flush()
            bank_id = bank.id
        began, used = time.perf_counter(), time.process_time()
        import_id = importing.keep_for_later(bank_id, path.read_bytes(), path.name, key, nobody, folder, clock.now())
        importing.read_kept(import_id, folder, clock.now(), nobody, quiet)
        found = {
            "preview": time.perf_counter() - began,
            "preview_cpu": time.process_time() - used,
            "size": float(path.stat().st_size),
        }
        began = time.perf_counter()
        [shown(row) for row in page_of_rows(import_id, Narrowed(), 200).items]
        found["page"] = (time.perf_counter() - began) * 1000
        began, used = time.perf_counter(), time.process_time()
        importing.apply_import(import_id, nobody, clock.now, quiet)
        found |= {"apply": time.perf_counter() - began, "apply_cpu": time.process_time() - used}
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        importing.undo_import(import_id, nobody, clock.now, quiet)
        found["undo"] = time.perf_counter() - began
    return found


def quiet(_step: str, _done: int = 0, _total: int = 0) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(probe(Path(sys.argv[1]), sys.argv[2])))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(sys.argv[1] if len(sys.argv) == 2 else scratch)
            for each in FORMATS:
                write_file(each, place / f"questions.{each}")
            print(json.dumps({figure.key: round(figure.median, 2) for figure in measure(place)}, indent=1))
