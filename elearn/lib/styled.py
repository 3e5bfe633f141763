"""Lines of text whose letters carry their look: what a reader of documents hands on to those who make sense of them.

The look of a letter is a number kept as a character of a second string of the same length, so that cutting and joining stay cheap.
Pictures, formulas, tables and passages to be taken word for word stand in the text as one character each, see `Document.objects`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

BOLD, ITALIC, UNDERLINE, SUPERSCRIPT, SUBSCRIPT = 1, 2, 4, 8, 16
MOST_COLOURS = 127
_COLOUR, _SHADE = 5, 12
FIRST_OBJECT = 0xF0000
"""Characters from here on are objects: FIRST_OBJECT + n stands for the n-th. They lie in a plane of private use."""
LAST_OBJECT = 0x10FFFD
PLAIN = "\0"
_ONE_LOOK = re.compile(r"(.)\1*", re.DOTALL)


def look(flags: int, colour: int = 0, shade: int = 0) -> str:
    """The character of a look; `colour` and `shade` are numbers from 0 (the usual one) to MOST_COLOURS."""
    return chr(flags | min(colour, MOST_COLOURS) << _COLOUR | min(shade, MOST_COLOURS) << _SHADE)


def colour_of(letter: str) -> int:
    """The number of the colour in a look."""
    return ord(letter) >> _COLOUR & MOST_COLOURS


def shade_of(letter: str) -> int:
    """The number of the shade in a look."""
    return ord(letter) >> _SHADE & MOST_COLOURS


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a part of one. `number` is its place in the file; `heading` the level of a heading, 0 for none."""

    text: str
    looks: str
    number: int
    heading: int = 0

    @staticmethod
    def plain(text: str, number: int) -> Line:
        """A line without any look."""
        return Line(text, PLAIN * len(text), number)

    def cut(self, start: int, end: int | None = None) -> Line:
        """The part from `start` to `end`, without white space around it."""
        text = self.text[start:end]
        left = len(text) - len(text.lstrip())
        first = start + left
        last = first + len(text.strip())
        return Line(self.text[first:last], self.looks[first:last], self.number)

    def runs(self) -> Iterator[tuple[str, str]]:
        """Pieces of one look with that look."""
        for found in _ONE_LOOK.finditer(self.looks):
            yield self.text[found.start() : found.end()], found[1]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by the name it is kept under; `alt` are its words for those who do not see it."""

    name: str
    alt: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as LaTeX, without delimiters."""

    latex: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words in which no label and no field is looked for; `raw` is how they were written."""

    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `is_continued` where it belongs to the cell above it."""

    lines: tuple[Line, ...]
    is_continued: bool = False

    def words(self) -> str:
        """Its text on one line."""
        return " ".join(" ".join(line.text for line in self.lines).split())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a cell over several columns is followed by empty ones."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands between lines, and as an object within a text."""

    rows: tuple[Row, ...]


Object = Picture | Formula | Verbatim | Table


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the file has to be told about a line; `kind` is known to who reads on."""

    line: int
    kind: str
    words: str = ""


@dataclass
class Document:
    """`is_source`: texts are Markdown already, with what `Verbatim` needs; otherwise they are letters that mean themselves."""

    blocks: list[Line | Table] = field(default_factory=list)
    objects: list[Object] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    is_source: bool = False

    def keep(self, thing: Object) -> str:
        """The character that stands for a new object; "" where there are too many."""
        if FIRST_OBJECT + len(self.objects) > LAST_OBJECT:
            return ""
        self.objects.append(thing)
        return chr(FIRST_OBJECT + len(self.objects) - 1)

    def object_at(self, letter: str) -> Object | None:
        """The object for which a character stands; None for any other character."""
        place = ord(letter) - FIRST_OBJECT
        return self.objects[place] if 0 <= place < len(self.objects) else None
