"""Attendance of a class, where its roll is called in the system."""

from __future__ import annotations

from decimal import Decimal

from elearn.classes.models import Cohort


def rates_of(cohort: Cohort) -> dict[int, tuple[Decimal, Decimal]]:
    """By member: (attended, total) in sessions or periods, as the programme counts; those never called are missing."""
    return {}
