"""Gives to the examiners what a person has to mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

from elearn.marking.services import ScriptSpec, hand_in, hand_in_again
from elearn.questions.queries import TYPES, render_versions
from elearn.quizzes.models import AttemptFile, Quiz
from elearn.quizzes.queries.keys import items_of
from elearn.quizzes.rules.attempts import State
from elearn.quizzes.rules.grading import Marks

ORIGIN = "attempt"


def hand_in_scripts(
    connection: Connection, attempt: Row[Any], state: State, marks: Marks, at: datetime, changed: Collection[int] | None = None
) -> None:
    """Put every answer that has no mark yet on the pile of its question, all answers to one version of it in one quiz together.

    `changed` names the slots of work that replaces what may have been handed in before; other slots are left then.
    """
    quiz = connection.execute(select(Quiz.title, Quiz.unit_id).where(Quiz.id == attempt.quiz_id)).one()
    items = items_of(connection, attempt.quiz_id, attempt.paper)
    shown = render_versions([asked["version"] for asked in attempt.paper], connection)
    files = _files(connection, attempt.id)
    for slot, mark in enumerate(marks.by_slot, start=1):
        if mark is not None or (changed is not None and slot not in changed):
            continue
        item, version = items[slot - 1], shown[slot - 1]
        response = TYPES[item.type].read(item.body, item.order, state.responses.get(slot)) or {}
        named = set(response.get("files", ()))
        difference = item.body.get("difference")
        spec = ScriptSpec(
            origin=ORIGIN, origin_id=attempt.id, slot=slot, pile=f"quiz:{attempt.quiz_id}:{version.version_id}",
            title=f"{quiz.title}: {version.summary}", unit_id=quiz.unit_id, prompt=str(version.stem), text=response.get("text", ""),
            max_mark=item.max, guide=str(version.html(item.body["guide"])) if item.body.get("guide") else "",
            files=[one for one in files.get(slot, ()) if one["name"] in named], rubric=item.body.get("rubric", ()),
            examiners=int(item.body.get("examiners", 1)), difference=None if difference is None else Decimal(str(difference)),
        )  # fmt: skip
        (hand_in if changed is None else hand_in_again)(connection, spec, at)


def _files(connection: Connection, attempt_id: int) -> dict[int, list[dict[str, Any]]]:
    files: dict[int, list[dict[str, Any]]] = {}
    columns = (AttemptFile.slot, AttemptFile.name, AttemptFile.digest, AttemptFile.mimetype, AttemptFile.size)
    for slot, name, digest, mimetype, size in connection.execute(select(*columns).where(AttemptFile.attempt_id == attempt_id)):
        files.setdefault(slot, []).append({"name": name, "digest": digest, "mimetype": mimetype, "size": size})
    return files
