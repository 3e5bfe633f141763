"""Checks content files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from elearn.content.rules.faults import Fault, in_order
from elearn.content.rules.schema import check
from elearn.content.services.reading import read_content


def check_content(root: Path, today: date) -> list[Fault]:
    """Every fault of every file at once; none where the content may be loaded."""
    files, faults = read_content(root)
    return in_order([*faults, *check(files, today)])
