"""Puts the letters of a document right before anything is read out of them, and notes what was done in which line."""

from __future__ import annotations

import re
from dataclasses import replace

from elearn.lib.legacy_encodings import convert_legacy, detect_legacy
from elearn.lib.repair import repaired
from elearn.lib.styled import Document, Line, Note, Table
from elearn.questions.rules.typed.texts import OPEN, with_verbatim

# Often typed in Unicode before words of an old font.
_LABEL = re.compile(r"\s*câu\s+(?=\d)", re.IGNORECASE)

# Longer gaps say no more than this, and patterns would dwell on them.
_LONG_GAP = re.compile(r"(\s{16})\s+")


def put_right(document: Document) -> None:
    """Converts letters of old fonts that nothing but the words themselves gives away, puts `Ð` and the like right, and sets aside what is to be taken word for word."""
    lines = [line for block in document.blocks for line in ([block] if isinstance(block, Line) else lines_of(block))]
    kind = detect_legacy(line.text for line in lines)
    for place, block in enumerate(document.blocks):
        document.blocks[place] = _line(document, block, kind) if isinstance(block, Line) else _table(document, block, kind)
    for place, thing in enumerate(document.objects):
        if isinstance(thing, Table):
            document.objects[place] = _table(document, thing, kind)


def lines_of(table: Table) -> list[Line]:
    """All lines of a table."""
    return [line for row in table.rows for cell in row.cells for line in cell.lines]


def _table(document: Document, table: Table, kind: str) -> Table:
    if all(line.text.isascii() for line in lines_of(table)):
        return table
    return Table(
        tuple(
            replace(
                row,
                cells=tuple(replace(cell, lines=tuple(_line(document, line, kind) for line in cell.lines)) for cell in row.cells),
            )
            for row in table.rows
        )
    )


def _line(document: Document, line: Line, kind: str) -> Line:
    if _LONG_GAP.search(line.text):
        line = _squeezed(line)
    if line.text.isascii():
        return line
    label = _LABEL.match(line.text)
    start = label.end() if label else 0
    own = kind or detect_legacy([line.text[start:]])
    pieces, looks = [line.text[:start]], [line.looks[:start]]
    for text, sign in replace(line, text=line.text[start:], looks=line.looks[start:]).runs():
        if own:
            text, done = convert_legacy(text, own)
            if done:
                document.notes.append(Note(line.number, done))
        text, kinds = repaired(text)
        document.notes += [Note(line.number, what) for what in kinds]
        pieces.append(text)
        looks.append(sign * len(text))
    line = replace(line, text="".join(pieces), looks="".join(looks))
    return _set_aside(document, line) if document.is_source and OPEN in line.text else line


def _squeezed(line: Line) -> Line:
    kept = [
        place
        for found in re.finditer(r"\S+|\s+", line.text)
        for place in range(found.start(), min(found.end(), found.start() + 16) if found[0].isspace() else found.end())
    ]
    return replace(line, text="".join(line.text[place] for place in kept), looks="".join(line.looks[place] for place in kept))


def _set_aside(document: Document, line: Line) -> Line:
    text, places = with_verbatim(document, line.text)
    return replace(line, text=text, looks="".join(line.looks[place] for place in places))
