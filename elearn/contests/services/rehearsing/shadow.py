"""A shadow of a round: its paper and rules in a database of its own, with invented people, so that a rehearsal touches nothing real."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from sqlalchemy import Connection, Table, create_engine, event, insert, select

from elearn.contests.models import Contest, Round
from elearn.contests.services.rehearsing.server import ROOT
from elearn.core.db import Model, db, read_connection
from elearn.lib.errors import NotFound
from elearn.members.models import Member, SignInSession
from elearn.members.services.sign_in import token_hash
from elearn.quizzes.models import Quiz

COPIED = ("unit_kinds", "units", "media", "banks", "question_categories", "questions", "question_versions", "question_tags")
"""What a paper is drawn from; whatever else there is stays away."""
CHUNK = 1000
SECRET = 32


@dataclass(frozen=True)
class Shadow:
    """Where to reach it: the environment of its server, the contest, and the tokens of those who will sit."""

    environment: dict[str, str]
    contest: str
    number: int
    tokens: Sequence[str]
    secret: str


class ShadowOf:
    """Makes the shadow on entering and takes it away on leaving."""

    def __init__(self, round_id: int, entrants: int, now: datetime, environment: dict[str, str]) -> None:
        self.round_id, self.entrants, self.now = round_id, entrants, now
        self.environment = {name: value for name, value in environment.items() if not name.startswith("ELEARN_")}

    def __enter__(self) -> Shadow:
        self.folder = Path(tempfile.mkdtemp(prefix="elearn-rehearsal-"))
        try:
            return self._fill()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fill(self) -> Shadow:
        secret = secrets.token_hex(SECRET)
        environment = {**self.environment, "ELEARN_DATA_DIR": str(self.folder), "ELEARN_SECRET_KEY": secret}
        command = [sys.executable, "-m", "flask", "--app", "wsgi:app", "db", "upgrade"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        tokens = [secrets.token_urlsafe(SECRET) for _ in range(self.entrants)]
        engine = create_engine(f"sqlite:///{self.folder / 'elearn.db'}")
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
        with read_connection() as real, engine.begin() as shadow:
            contest, number, unit_id = self._copy_round(real, shadow)
            for name in COPIED:
                copy_table(real, shadow, db.metadata.tables[name])
            self._invent(shadow, tokens, unit_id)
        engine.dispose()
        return Shadow(environment, contest, number, tokens, secret)

    def _copy_round(self, real: Connection, shadow: Connection) -> tuple[str, int, int]:
        """The round, open from now on for everybody; its paper, limits and prediction stay as they are."""
        rounds, contests, quizzes = table_of(Round), table_of(Contest), table_of(Quiz)
        found = real.execute(select(rounds).where(rounds.c.id == self.round_id)).mappings().one_or_none()
        if found is None or found["quiz_id"] is None:
            raise NotFound("no_round", "Không có vòng thi trắc nghiệm hay bài viết mang số này.")
        contest = real.execute(select(contests).where(contests.c.id == found["contest_id"])).mappings().one()
        quiz = real.execute(select(quizzes).where(quizzes.c.id == found["quiz_id"])).mappings().one()
        hours = {"opens_at": self.now - timedelta(minutes=1), "closes_at": self.now + timedelta(days=1)}
        metric = {name: value for name, value in found["settings"].items() if name == "metric"}
        shadow.execute(
            insert(contests).values({**_apart(contests, contest), "settings": {}, "password_hash": "", "is_published": True})
        )
        shadow.execute(insert(quizzes).values({**_apart(quizzes, quiz), **hours, "password_hash": "", "join_code": None}))
        shadow.execute(insert(rounds).values({**_apart(rounds, found), **hours, "settings": metric, "published_version": None}))
        return contest["code"], found["number"], contest["unit_id"]

    def _invent(self, shadow: Connection, tokens: Sequence[str], unit_id: int) -> None:
        people = [
            {
                "id": n, "code": f"T{n}", "login": f"thu{n}", "login_key": f"thu{n}", "display_name": f"Người thử {n}",
                "name_key": f"{n:06}".encode(), "search_key": f"nguoi thu {n}", "birth_precision": "", "sex": "", "phone": "", "email": "",
                "kind": "official", "unit_id": unit_id, "status": "active", "password_hash": "", "must_change_password": False,
                "created_at": self.now,
            }
            for n in range(1, self.entrants + 1)
        ]  # fmt: skip
        sessions = [
            {
                "token_hash": token_hash(token), "member_id": n, "created_at": self.now, "last_seen_at": self.now,
                "expires_at": self.now + timedelta(days=1), "agent": "",
            }
            for n, token in enumerate(tokens, start=1)
        ]  # fmt: skip
        shadow.execute(insert(table_of(Member)), people)
        shadow.execute(insert(table_of(SignInSession)), sessions)


def table_of(model: type[Model]) -> Table:
    """The table behind a model."""
    return cast(Table, model.__table__)


def _apart(table: Table, row: Any) -> dict[str, Any]:
    """A row without what it says of people and of tables that are not copied; where somebody must be named, it is the first invented person."""
    values = dict(row)
    for column in table.c:
        for key in column.foreign_keys:
            target = key.column.table.name
            if target not in COPIED and target not in ("contests", "quizzes", "rounds"):
                values[column.name] = None if column.nullable else 1
    return values


def copy_table(real: Connection, shadow: Connection, table: Table) -> None:
    """Every row of a table, a thousand at a time."""
    result = real.execution_options(yield_per=CHUNK).execute(select(table))
    for rows in result.mappings().partitions(CHUNK):
        shadow.execute(insert(table), [_apart(table, row) for row in rows])
