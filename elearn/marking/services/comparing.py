"""Compares the scripts of a pile with each other, in the background, once nobody can hand in any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import delete, insert, select, update

from elearn.core import blobs
from elearn.core.db import db, transaction
from elearn.core.files.portable import is_pdf, words_of_pdf
from elearn.core.files.word import is_word, read_document
from elearn.jobs.hooks import Tell
from elearn.lib.errors import DomainError
from elearn.lib.styled import Line
from elearn.marking.models import Script, ScriptLikeness
from elearn.marking.rules.similarity import Pair, find_alike, shared_passages

COMPARISON = "compare_scripts"


def compare_piles(arguments: Any, tell: Tell, now: Callable[[], datetime]) -> dict[str, int]:
    """Compare pile by pile; `arguments`: {"piles": [key, …], "least": thousandths}. What was found before is replaced.

    Returns how many pairs were found and how many files held no text that can be read.
    """
    pairs = unreadable = 0
    for pile in arguments["piles"]:
        works, asked, failed = _works(pile, tell)
        unreadable += failed
        tell("So sánh các bài với nhau")
        found = find_alike(works, asked, arguments["least"])
        pairs += len(found)
        _write(list(works), rows_of(found, works, asked), now())
    return {"pairs": pairs, "unreadable": unreadable}


def rows_of(pairs: Sequence[Pair], works: Mapping[int, str], asked: str) -> list[dict[str, Any]]:
    """A row for each side of each pair."""
    return [
        {
            "script_id": one, "other_id": other, "likeness": pair.likeness,
            "passages": shared_passages(works[one], works[other], asked),
        }
        for pair in pairs
        for one, other in ((pair.one, pair.other), (pair.other, pair.one))
    ]  # fmt: skip


def _works(pile: str, tell: Tell) -> tuple[dict[int, str], str, int]:
    """Texts by script, the text of the question, and how many files could not be read."""
    rows = db.session.execute(select(Script.id, Script.text, Script.files, Script.prompt).where(Script.pile == pile)).all()
    db.session.rollback()
    works: dict[int, str] = {}
    failed = 0
    for done, (number, text, files, _) in enumerate(rows, start=1):
        texts = [text, *(words_of_file(one["digest"]) for one in files or ())]
        failed += sum(not one.strip() for one in texts[1:])
        works[number] = "\n".join(one for one in texts if one.strip())
        tell("Đọc các bài", done, len(rows))
    asked = Markup(rows[0][3]).striptags() if rows else ""  # noqa: S704 — only to take the tags off
    return works, asked, failed


def words_of_file(digest: str) -> str:
    """The text of a Word or PDF file that was handed in; empty where there is none to read."""
    try:
        data = blobs.fetch(digest)
        if is_pdf(data):
            return words_of_pdf(data)
        if is_word(data):
            return "\n".join(_lines(read_document(data).blocks))
    except DomainError:
        pass  # the examiner opens the file and sees for themselves
    return ""


def _lines(blocks: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        found += [block.text] if isinstance(block, Line) else [cell.words() for row in block.rows for cell in row.cells]
    return found


def _write(scripts: list[int], rows: list[dict[str, Any]], now: datetime) -> None:
    with transaction() as session:
        session.execute(delete(ScriptLikeness).where(ScriptLikeness.script_id.in_(scripts)))
        if rows:
            session.execute(insert(ScriptLikeness), rows)
        session.execute(update(Script).where(Script.id.in_(scripts)).values(compared_at=now))
