"""A question as it stands in a file, taken apart but not yet judged: stem, options, keys and fields, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, field

from elearn.lib.styled import Line
from elearn.questions.rules.exchange import Problem, Severity
from elearn.questions.rules.typed.labels import Label


@dataclass
class Choice:
    """An option. `index` is the place of the letter that was written, None where it had none; `label_look` the look of that letter."""

    line: int
    index: int | None
    parts: list[Line] = field(default_factory=list)
    is_starred: bool = False
    label_look: str = ""
    is_inline: bool = False


@dataclass
class Entry:
    """A question; `lines` are those that have not been taken apart yet."""

    line: int
    number: int | None = None
    topic: str = ""
    stem: list[Line] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    keys: list[Line] = field(default_factory=list)
    listed_key: str | None = None
    """What the list of answers says of it."""
    fields: dict[str, list[Line]] = field(default_factory=dict)
    tags: list[tuple[str, str]] = field(default_factory=list)
    """("level" or "mark", what was written)"""
    problems: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    truths: Line | None = None
    """The line that offers "Đúng" and "Sai" side by side."""
    is_in_row: bool = False
    said_number: bool = True

    def doubt(self, line: int, message: str, severity: Severity = "warning", part: str = "", **values: object) -> None:
        """Add a problem of this question; its index is put in later."""
        self.problems.append(Problem(line, severity, message, values, None, part))

    def add_choice(self, line: Line, label: Label, text: Line, is_inline: bool = False) -> Choice:
        """Add a labelled option."""
        choice = Choice(
            line.number, label.index, [text] if text.text else [], label.is_starred, line.looks[label.letter_at], is_inline
        )
        self.choices.append(choice)
        return choice


@dataclass
class Answers:
    """A list of answers: numbers with their keys in the order in which they stand, and explanations by their place in it."""

    line: int
    items: list[tuple[int, str, int]] = field(default_factory=list)
    """(number, key, line)"""
    explanations: dict[int, list[Line]] = field(default_factory=dict)
    is_several_papers: bool = False
