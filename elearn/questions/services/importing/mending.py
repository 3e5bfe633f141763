"""A question of a file is put right in the preview: typed anew, read anew, judged anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Text, cast, insert, select, update
from sqlalchemy.orm import Session

from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput
from elearn.questions.models import QuestionImportRow
from elearn.questions.queries.imports import get_row
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.staging import Doubt, carried_over, doubt_of, doubts_in, draft_in
from elearn.questions.rules.typed import read_text
from elearn.questions.services.importing.deciding import open_for_change
from elearn.questions.services.importing.staging import Judged, compare_with_bank, judge_one

_TABLE: Any = QuestionImportRow.__table__
LONGEST = 60_000


def read_again(row: QuestionImportRow, bank_id: int, text: str) -> list[Judged]:
    """The questions that a typed text now holds, with their doubts; lines are those of the text.

    Raises InvalidInput (field "text") where it holds none or is too long.
    """
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise InvalidInput("too_long", "Văn bản dài quá %(most)s ký tự.", "text", most=LONGEST)
    reading = read_text(text)
    if not reading.drafts:
        raise InvalidInput(
            "no_question", "Không tìm thấy câu hỏi nào. Câu hỏi bắt đầu bằng “Câu 1:”, mỗi phương án bằng “A.”, “B.”…", "text"
        )
    return judged_anew(reading, row, bank_id)


def read_form(row: QuestionImportRow, bank_id: int, draft: Draft, files: Mapping[str, str]) -> list[Judged]:
    """The question as the editor's form has it, with its doubts. `files` are the digests of its pictures by name."""
    draft.code = draft_in(row.draft)[0].code
    return judged_anew(Reading([draft]), row, bank_id, files)


def judged_anew(reading: Reading, row: QuestionImportRow, bank_id: int, pictures: Mapping[str, str] | None = None) -> list[Judged]:
    """Questions written in the place of a row, judged and compared with the bank."""
    before, files = draft_in(row.draft)
    files = dict(pictures) if pictures is not None else files
    found = []
    for place, draft in enumerate(reading.drafts):
        doubts = [doubt_of(problem) for problem in reading.problems if problem.question == place]
        own_files = {name: digest for name, digest in files.items() if name in _texts(draft)} if len(reading.drafts) > 1 else files
        one = judge_one(carried_over(draft, before) if place == 0 else replace(draft, line=before.line), own_files, doubts)
        twins = [doubt for doubt in doubts_in(row.problems) if doubt.origin == "twin"]
        if place == 0 and one.content()["search_key"] == row.search_key:
            one = replace(one, doubts=[*one.doubts, *twins])
        found.append(one)
    return compare_with_bank(found, bank_id)


def _texts(draft: Draft) -> str:
    """Everything in which a picture may be named."""
    return f"{draft.text}{draft.body}{draft.explanation}"


def mend_row(import_id: str, place: int, judged: Sequence[Judged]) -> int:
    """Put these questions in the place of the row: one, or several where one had swallowed others. Returns how many must still be mended.

    A question that is sound now is taken.
    """
    with transaction() as session:
        open_for_change(session, import_id)
        row = get_row(import_id, place)
        if row.question_id is not None:
            raise InvalidInput("in_bank", "Câu này đã nằm trong ngân hàng. Hãy sửa ở trang của câu hỏi.", "text")
        if len(judged) > 1:
            _make_room(session, import_id, place, len(judged) - 1)
        first, *others = judged
        for name, value in first.content().items():
            setattr(row, name, value)
        row.is_mended = True
        row.choice = "skip" if row.worst == "error" or first.is_known else "take"
        if others:
            rows = [
                one.row(import_id, place + number) | {"is_mended": True, "line": row.line}
                for number, one in enumerate(others, start=1)
            ]
            session.execute(insert(_TABLE), rows)
        return sum(one.content()["worst"] == "error" for one in judged)


def _make_room(session: Session, import_id: str, place: int, count: int) -> None:
    """Later rows move down, and doubts that name their places with them."""
    own = _TABLE.c.import_id == import_id
    connection = session.connection()
    # By way of negative numbers: the database compares row by row.
    connection.execute(update(_TABLE).where(own, _TABLE.c.place > place).values(place=-(_TABLE.c.place + count)))
    connection.execute(update(_TABLE).where(own, _TABLE.c.place < 0).values(place=-_TABLE.c.place))
    for number, kept in connection.execute(
        select(_TABLE.c.id, _TABLE.c.problems).where(own, cast(_TABLE.c.problems, Text).contains('"twin"'))
    ):
        moved = [_moved(one, place, count) if one.origin == "twin" else one for one in doubts_in(kept)]
        connection.execute(update(_TABLE).where(_TABLE.c.id == number).values(problems=[one.kept() for one in moved]))


def _moved(doubt: Doubt, place: int, count: int) -> Doubt:
    twin = int(doubt.values["place"])
    return replace(doubt, values={**doubt.values, "place": twin + count if twin > place else twin})
