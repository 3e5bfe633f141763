"""What a report is to the frame around it: its name, what it asks of the reader, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from elearn.lib.periods import local_day
from elearn.members.rules.permissions import Actor
from elearn.reports.rules.scoring import Criterion
from elearn.reports.rules.written import Written

Option = tuple[str, str]
"""Value as it stands in the address, and its name."""


@dataclass(frozen=True)
class Choice:
    """Something that the reader chooses: its name in the address, and its label, a source message."""

    name: str
    label: str


@dataclass(frozen=True)
class Context:
    """Who asks, when, and what was chosen. By id of a unit and year: `criteria` of the scorecard, `class_plans` (learners by programme).

    `own_units`: by permission, the units for which the reader holds it.
    """

    actor: Actor
    now: datetime
    asked: Mapping[str, str] = field(default_factory=dict)
    criteria: Callable[[int, int], Sequence[Criterion]] = lambda _unit_id, _year: ()
    class_plans: Callable[[int, int], Mapping[str, int]] = lambda _unit_id, _year: {}
    own_units: Callable[[str], Sequence[Option]] = lambda _permission: ()

    @property
    def today(self) -> date:
        """The day in Viet Nam."""
        return local_day(self.now)

    def number(self, name: str) -> int | None:
        """What was chosen as an id; None where nothing could be chosen."""
        raw = self.asked.get(name, "")
        return int(raw) if raw.isdecimal() and len(raw) < 10 else None


@dataclass(frozen=True)
class Report:
    """One report. `options` gives, for each choice in turn, what may be chosen, the usual first; `build` None where there is nothing yet.

    `name`, `about`, `empty` are source messages; `empty` says why there is nothing and what to do.
    """

    key: str
    name: str
    about: str
    permission: str
    empty: str
    build: Callable[[Context], Written | None]
    choices: tuple[Choice, ...] = ()
    options: Callable[[Context, str], Sequence[Option]] = lambda _context, _name: ()


def chosen(report: Report, context: Context) -> tuple[Context, dict[str, Sequence[Option]]]:
    """The context with a sound value for every choice, the first option where none was asked for, and all options by choice."""
    options: dict[str, Sequence[Option]] = {}
    for choice in report.choices:
        found = report.options(context, choice.name)
        options[choice.name] = found
        values = [value for value, _ in found]
        asked = context.asked.get(choice.name, "")
        value = asked if asked in values else values[0] if values else ""
        context = replace(context, asked={**context.asked, choice.name: value})
    return context, options
