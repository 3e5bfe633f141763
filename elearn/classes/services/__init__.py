"""Writes of classes: programmes, cohorts, nominations, enrolment."""

from elearn.classes.services.cohorts import (
    close_cohort,
    cohort_workbook,
    enrol_members,
    open_cohort,
    reopen_cohort,
    restore,
    withdraw,
)
from elearn.classes.services.moving import Outcome, Refused
from elearn.classes.services.nominating import Added, act, add_nominees, enrol_late, lapse_due, open_class
from elearn.classes.services.planning import Plan, change_cohort, plan_cohort
from elearn.classes.services.programmes import save_programme, set_programme_open

__all__ = [
    "Added", "Outcome", "Plan", "Refused", "act", "add_nominees", "change_cohort", "close_cohort", "cohort_workbook", "enrol_late", "enrol_members", "lapse_due",
    "open_class", "open_cohort", "plan_cohort", "reopen_cohort", "restore", "save_programme", "set_programme_open", "withdraw",
]  # fmt: skip
