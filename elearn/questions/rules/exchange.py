"""What passes between a file of questions and a bank: questions as drafts, and doubts about them in words.

A format reads a file into a `Reading` and writes drafts into bytes; it knows neither database nor web. Bodies are those of the question
types (see `elearn/questions/types/__init__.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from elearn.questions.rules.texts import Rich

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Problem:
    """A doubt at a line. `message` is a Vietnamese source message with %(name)s places filled from `values`.

    "error": the question cannot be taken as it is; "warning": look again; "info": said for completeness. `question` is the index of the
    draft concerned, None where it concerns the file. `field` names the part of the draft ("text", "options", "key" …) where one is meant.
    """

    line: int
    severity: Severity
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    question: int | None = None
    field: str = ""

    def said(self) -> str:
        """The message in Vietnamese."""
        return self.message % self.values if self.values else self.message


@dataclass
class Draft:
    """A question on its way in or out. Defaults say "the file does not tell"."""

    type: str
    text: Rich
    body: dict[str, Any]
    name: str = ""
    explanation: Rich = ""
    default_mark: Decimal = Decimal(1)
    code: str = ""
    category: str = ""
    """Path below the bank, parts joined by " / "."""
    tags: list[str] = field(default_factory=list)
    topic: str = ""
    level: str = ""
    source: str = ""
    """Document and clause in words, as the file gives them."""
    document: str = ""
    """Key of a document in the library, where the file gives one."""
    clause: str = ""
    as_of: date | None = None
    """Day on which its fact held."""
    valid_to: date | None = None
    """Day from which its fact does not hold any more."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Pictures by the name under which texts refer to them as `@@PLUGINFILE@@/name`."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What a format keeps for its own round trip and nobody else reads (penalty, numbering …)."""
    line: int = 0
    """Line in the file at which it begins, from 1; for a table its row; 0 where there is none."""


@dataclass
class Reading:
    """What was found in a file: drafts in their order, and all problems. A file that cannot be read raises InvalidInput instead."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def doubt(
        self, line: int, message: str, severity: Severity = "warning", question: int | None = None, part: str = "", **values: object
    ) -> None:
        """Add a problem."""
        self.problems.append(Problem(line, severity, message, values, question, part))


class Format(Protocol):
    """A file format: `elearn/questions/formats/<key>.py` offers it as `FORMAT`."""

    key: str
    name: str
    """As shown in lists: "GIFT", "Moodle XML" …"""
    suffixes: tuple[str, ...]
    """File name endings in small letters, the one for writing first: (".gift", ".txt")."""
    mimetype: str
    writes: frozenset[str]
    """Keys of the question types it can write; empty where it only reads."""
    examples: tuple[bytes, ...]
    """Small sound files, read and (where it writes) read again after writing by the contract test of all formats."""

    def looks_like(self, name: str, data: bytes) -> int:
        """How well a file fits: 0 not at all … 100 certainly. Must be quick and must not raise."""

    def read(self, data: bytes) -> Reading:
        """The questions of the file. Raises InvalidInput (with values `line` and the reason in words) for a broken one."""

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """The file of these questions; raises InvalidInput for a type that is not in `writes`."""
