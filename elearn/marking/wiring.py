"""What marking does in the background."""

from __future__ import annotations

from typing import Any

from flask import Flask

from elearn.core import clock
from elearn.jobs.hooks import Tell, works
from elearn.marking.services import COMPARISON, compare_piles


def wire(app: Flask) -> None:
    """Scripts are compared by a worker."""
    works[COMPARISON] = compare


def compare(arguments: Any, tell: Tell) -> dict[str, int]:
    """See `services.comparing`."""
    return compare_piles(arguments, tell, clock.now)
