"""Figures with their runs, the reference to which they stand in relation, and the target; as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """Something measured several times. `at_most` and `at_least` are targets; `ratio_to` names the figure it is divided by."""

    key: str
    title: str
    unit: str
    runs: Sequence[float]
    at_most: float | None = None
    at_least: float | None = None
    ratio_to: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.at_most is not None:
            return self.median <= self.at_most
        return self.median >= self.at_least if self.at_least is not None else None

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _written(value: float) -> str:
    return f"{value:,.0f}" if value >= 200 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    by_key = {figure.key: figure for figure in figures}
    table = Table("Figure", "Median", "Runs", "Ratio", "Target", "", title="make bench", title_justify="left")
    for column in (1, 2, 3, 4):
        table.columns[column].justify = "right"
    for figure in figures:
        reference = by_key.get(figure.ratio_to)
        ratio = f"{_written(figure.median / reference.median)} × {reference.key}" if reference else ""
        spread = f"{_written(min(figure.runs))}–{_written(max(figure.runs))}"
        met = {None: "", True: "[green]met[/]", False: "[red]missed[/]"}[figure.is_met]
        table.add_row(f"{figure.title}", f"{_written(figure.median)} {figure.unit}", spread, ratio, figure.target, met)
    Console(width=150 if not os.isatty(1) else None).print(table)


def keep(figures: Sequence[Figure], path: Path, seconds: float) -> None:
    """Write the figures with the machine on which they were taken."""
    by_key = {figure.key: figure for figure in figures}
    told = {
        figure.key: {
            "title": figure.title,
            "unit": figure.unit,
            "median": round(figure.median, 4),
            "runs": [round(run, 4) for run in figure.runs],
            "target": figure.target,
            "is_met": figure.is_met,
            "ratio": round(figure.median / by_key[figure.ratio_to].median, 3) if figure.ratio_to in by_key else None,
            "ratio_to": figure.ratio_to,
        }
        for figure in figures
    }
    machine = {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "machine": machine,
        "figures": told,
    }
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
