"""Data of other systems, read where it lies beside the project."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

PEER = Path(__file__).parents[3] / "shared" / "peer"


def cases(name: str) -> list[Any]:
    """Cases of a file for `parametrize`; one that is skipped with its reason where the file is absent."""
    path = PEER / "moodle-cases" / name
    if not path.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"peer data: {name} is not beside the project"))]
    return list(json.loads(path.read_text(encoding="utf-8")))


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a table of statistics; skips the test where it is absent."""
    path = PEER / "moodle-statistics" / name
    if not path.exists():
        pytest.skip(f"peer data: {name} is not beside the project")
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
