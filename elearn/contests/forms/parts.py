"""Fields that contests and rounds have in common, and the rows that a request sends beside its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from wtforms import DateField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from elearn.contests.rules.typed import MOST_PRIZES, Faults, PrizeRow
from elearn.core.i18n import lazy_gettext as _l

LONGEST = 200
SPARE = 2
"""Empty rows offered below those that are filled in."""


class Day(DateField):
    """A day, typed as officers write it."""

    def __init__(self, label: Any, description: Any = "", is_required: bool = False, **more: Any) -> None:
        checks = [InputRequired(_l("Hãy điền ô này.")) if is_required else Optional(), _in_our_time]
        super().__init__(
            label, checks, format=["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"], widget=TextInput(), description=description, **more
        )


def _in_our_time(_form: Any, day: DateField) -> None:
    if isinstance(day.data, date) and not 1900 <= day.data.year < 2100:
        raise ValidationError(_l("Năm không hợp lý. Ví dụ: 14/10/2026."))


class OfDay(TimeField):
    """An hour of the day, typed: 10:00 or 10h00."""

    def __init__(self, label: Any, description: Any = "", **more: Any) -> None:
        super().__init__(
            label,
            [InputRequired(_l("Hãy điền ô này."))],
            format=["%H:%M", "%Hh%M", "%Hh"],
            widget=TextInput(),
            description=description,
            **more,
        )

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(["".join(value.split()) for value in valuelist])
        except ValueError as problem:
            raise ValueError(_l("Giờ không đúng. Ví dụ: 10:00.")) from problem


class Several(SelectMultipleField):
    """Boxes to be ticked."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, [Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **more)


@dataclass(frozen=True)
class Prizes:
    """The rows of the prizes as shown, and what is wrong at which place."""

    rows: tuple[PrizeRow, ...] = ()
    faults: Faults = field(default_factory=dict)

    def shown(self) -> list[PrizeRow]:
        """The rows with some empty ones below them."""
        return [*self.rows, *([PrizeRow()] * SPARE)][:MOST_PRIZES]


def prizes_sent() -> tuple[PrizeRow, ...]:
    """The rows of prizes as the request sends them, without empty ones at the end."""
    columns = [request.form.getlist(f"prize-{name}") for name in ("title", "count", "amount", "given", "title_en")]
    rows = [PrizeRow(*(value[:LONGEST].replace("\0", "") for value in row)) for row in zip(*columns, strict=False)][:MOST_PRIZES]
    while rows and rows[-1].is_empty:
        rows.pop()
    return tuple(rows)


def chain_sent() -> Sequence[str]:
    """The criteria as the request sends them, one for each place of the order, "" for a place that was left empty."""
    return [key[:40] for key in request.form.getlist("criterion")][:20]
