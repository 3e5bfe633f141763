"""The rows of the blueprint editor as a request sends them, and the buttons that change the rows without saving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import request

from elearn.quizzes.models import Quiz
from elearn.quizzes.rules.blueprints import MOST_PARTS, MOST_SECTIONS, Faults, RawPart, RawSection, raw_part

PART_FIELDS = ("kind", "bank", "category", "level", "tags", "count", "question", "mark", "section")
LONGEST = 5000
FIRST_ROW = RawPart(count="10")


@dataclass(frozen=True)
class Rows:
    """What the editor shows: the rows of the blueprint, the sections, and what is wrong at which place."""

    parts: tuple[RawPart, ...] = (FIRST_ROW,)
    sections: tuple[RawSection, ...] = (RawSection(),)
    faults: Faults = field(default_factory=dict)
    section_faults: Faults = field(default_factory=dict)

    @property
    def is_faulty(self) -> bool:
        return bool(self.faults or self.section_faults)


def rows_of(quiz: Quiz, tag_names: Mapping[str, str]) -> Rows:
    """The rows of a quiz that is there already."""
    sections = tuple(
        RawSection(section.get("title", ""), section.get("intro", ""), section.get("shuffle", True))
        for section in quiz.sections or [{}]
    )
    return Rows(tuple(raw_part(part, tag_names) for part in quiz.blueprint), sections)


def rows_sent() -> Rows:
    """The rows as the request sends them: `part` and `part-section` list the names of rows in their order."""
    parts = tuple(
        RawPart(**{name: _text(f"part-{key}-{name}") for name in PART_FIELDS})
        for key in request.form.getlist("part")[: MOST_PARTS + 1]
    )
    sections = tuple(
        RawSection(_text(f"section-{key}-title"), _text(f"section-{key}-intro"), f"section-{key}-shuffle" in request.form)
        for key in request.form.getlist("section")[: MOST_SECTIONS + 1]
    )
    return Rows(parts, sections or (RawSection(),))


def _text(name: str) -> str:
    return request.form.get(name, "")[:LONGEST].replace("\0", "")


def changed(rows: Rows, deed: str) -> Rows | None:
    """The rows after a button of the editor: add-part, add-section, drop-part-3, up-part-3, down-part-3, drop-section-1; None for any other."""
    if deed == "add-part":
        last = rows.parts[-1] if rows.parts else None
        like = RawPart(bank=last.bank, section=last.section) if last and last.kind == "draw" else RawPart()
        return replace(rows, parts=(*rows.parts, replace(like, count="5"))[:MOST_PARTS])
    if deed == "add-section":
        return replace(rows, sections=(*rows.sections, RawSection())[:MOST_SECTIONS])
    verb, _, rest = deed.partition("-")
    kind, _, number = rest.partition("-")
    place = int(number) if number.isdecimal() and len(number) < 4 else -1
    if verb == "drop" and kind == "part" and 0 <= place < len(rows.parts):
        return replace(rows, parts=rows.parts[:place] + rows.parts[place + 1 :])
    if verb in ("up", "down") and kind == "part" and 0 <= place < len(rows.parts):
        return replace(rows, parts=_moved(rows.parts, place, -1 if verb == "up" else 1))
    if verb == "drop" and kind == "section" and 0 <= place < len(rows.sections) and len(rows.sections) > 1:
        return replace(
            rows,
            sections=rows.sections[:place] + rows.sections[place + 1 :],
            parts=tuple(replace(part, section=_section_after(part.section, place)) for part in rows.parts),
        )
    return None


def _moved(parts: tuple[RawPart, ...], place: int, by: int) -> tuple[RawPart, ...]:
    other = place + by
    if not 0 <= other < len(parts):
        return parts
    found = list(parts)
    found[place], found[other] = found[other], found[place]
    return tuple(found)


def _section_after(section: str, gone: int) -> str:
    """The number of a section once another is gone; rows of the one that went stand in the one before it."""
    number = int(section) if section.isdecimal() and len(section) < 4 else 0
    return str(max(0, number - 1) if number >= gone and number else number)
