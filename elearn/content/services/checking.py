"""Checks content files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from elearn.content.rules.faults import Fault
from elearn.content.rules.schema import check
from elearn.content.services.reading import read_content


def check_content(root: Path, today: date) -> list[Fault]:
    """Every fault of every file at once; none where the content may be loaded."""
    files, faults = read_content(root)
    return sorted({*faults, *check(files, today)}, key=lambda fault: (fault.file, fault.line, fault.message))
