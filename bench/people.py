"""An organisation of a hundred thousand: a list of as many people previewed, applied and undone, the list of members and its search.

Run as a module with a data folder it is the probe itself, in a process of its own, so that memory is that of the import alone.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from bench.figures import Figure
from elearn.contests.services.rehearsing.server import ROOT

MEMBERS = 100_000
UNITS = 5_000
SEARCHES = {"": "list", "dang thi hoa": "search", "nguyen": "search_common"}
_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"]
_GIVEN = [
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hạnh",
    "Khoa",
    "Lan",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
    "Quân",
    "Sơn",
    "Tú",
    "Uyên",
    "Vinh",
    "Yến",
]


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """Load the organisation, import a list of which half is known, and time what officers wait for."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= {"ELEARN_DATA_DIR": str(folder), "ELEARN_DEMO_PASSWORD": "lua-nuoc-tre-xanh"}
    began = time.perf_counter()
    for command in (["db", "upgrade"], ["demo", "load", "--members", str(MEMBERS), "--units", str(UNITS)]):
        subprocess.run([sys.executable, "-m", "flask", *command], cwd=ROOT, env=environment, capture_output=True, check=True)
    loaded = time.perf_counter() - began
    write_list(folder / "elearn.db", folder / "list.xlsx")
    say(f"a list of {MEMBERS} people: preview, apply, undo")
    probe = subprocess.run(
        [sys.executable, "-m", "bench.people", str(folder)], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    seen = json.loads(probe.stdout)
    return [
        Figure("demo_load", f"demo organisation of {MEMBERS:,} people and {UNITS:,} units", "s", [loaded], at_most=60),
        Figure("import_preview", f"import of {MEMBERS:,} people: read, recognise, preview", "s", [seen["preview"]], at_most=15),
        Figure("import_apply", "the same applied", "s", [seen["apply"]], at_most=60),
        Figure("import_undo", "the same undone", "s", [seen["undo"]]),
        Figure("import_memory", "memory of the import, peak", "MiB", [seen["memory"]], at_most=1024),
        Figure("member_list", f"first page of {seen['people']:,} members", "ms", seen["list"], at_most=50),
        Figure("member_search", "search “dang thi hoa” among them", "ms", seen["search"], at_most=50),
        Figure("member_search_common", "search “nguyen” among them", "ms", seen["search_common"], at_most=50),
    ]


def write_list(database: Path, target: Path) -> None:
    """A workbook of MEMBERS people: the first half are known and get a national id, the others are new."""
    connection = sqlite3.connect(database)
    known = connection.execute(
        "SELECT m.display_name, m.birth_date, m.birth_precision, m.sex, m.phone, u.code FROM members m JOIN units u ON u.id = m.unit_id "
        "ORDER BY m.id LIMIT ?",
        (MEMBERS // 2,),
    ).fetchall()
    cells = [row[0] for row in connection.execute("SELECT code FROM units WHERE valid_to IS NULL ORDER BY id DESC LIMIT 2000")]
    connection.close()
    luck = random.Random(1)
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("DS")
    sheet.write_row(0, 0, ["DANH SÁCH ĐẢNG VIÊN"])
    sheet.write_row(2, 0, ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Điện thoại", "Đơn vị", "Dân tộc", "Ghi chú"])
    for number in range(1, MEMBERS + 1):
        if number <= len(known):
            name, born, precision, sex, phone, unit = known[number - 1]
            year = int(born[:4]) if born else 0
            birth = "" if not born else str(year) if precision == "year" else f"{born[8:10]}/{born[5:7]}/{year}"
        else:
            name, year = f"{luck.choice(_FAMILY)} Văn {luck.choice(_GIVEN)} {luck.choice(_GIVEN)}", luck.randint(1950, 2004)
            sex, phone, unit = luck.choice(("male", "female")), f"09{10_000_000 + number}", luck.choice(cells)
            birth = f"{luck.randint(1, 28):02}/{luck.randint(1, 12):02}/{year}"
        sign = (sex == "female") + 2 * (year >= 2000)
        identity = f"001{sign}{year % 100:02}{number:06}" if year else ""
        words = "Nữ" if sex == "female" else "Nam"
        sheet.write_row(number + 2, 0, [number, name, birth, words, identity, phone, unit, "Kinh", ""])
    book.close()


def probe(folder: Path) -> dict[str, object]:
    """Seconds of each step of the import, peak memory in MiB, milliseconds of each list (five times)."""
    from elearn.app import create_app
    from elearn.core import clock
    from elearn.core.db import db
    from elearn.lib.periods import local_day
    from elearn.members.queries import page_of_members
    from elearn.members.rules.permissions import Actor, Grant, Role
    from elearn.members.services import importing

    def quiet(_step: str, _done: int = 0, _total: int = 0) -> None:
        """Nobody watches."""

    found: dict[str, object] = {}
    nobody = (None, "bench")
    with create_app().app_context():
        data = (folder / "list.xlsx").read_bytes()
        began = time.perf_counter()
        number = importing.open_import(nobody, 1, data, "list.xlsx", "", folder, 1 << 28, clock.now())
        importing.stage_import(number, folder, 1 << 28, local_day(clock.now()), quiet)
        found["preview"] = time.perf_counter() - began
        began = time.perf_counter()
        importing.apply_import(number, nobody, clock.now, quiet)
        found["apply"] = time.perf_counter() - began
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        actor = Actor(1, "/1/", (Grant(Role.SYSTEM_ADMINISTRATOR, "/1/"),))
        for words, key in SEARCHES.items():
            runs = []
            for _ in range(5):
                db.session.rollback()
                began = time.perf_counter()
                page = page_of_members(actor, words, None, 1)
                runs.append((time.perf_counter() - began) * 1000)
            found[key] = runs
            found.setdefault("people", page.total)
        db.session.rollback()
        began = time.perf_counter()
        importing.undo_import(number, nobody, 30, clock.now, quiet)
        found["undo"] = time.perf_counter() - began
    return found


if __name__ == "__main__":
    print(json.dumps(probe(Path(sys.argv[1]))))
