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
from elearn.classes.services.essays import ask_essay, give_to_examiners
from elearn.classes.services.moving import Outcome, Refused
from elearn.classes.services.nominating import Added, act, add_nominees, enrol_late, lapse_due, open_class
from elearn.classes.services.planning import Plan, change_cohort, plan_cohort
from elearn.classes.services.programmes import save_programme, set_programme_open
from elearn.classes.services.results import (
    Verdict,
    answer_appeal,
    correct_result,
    decide_results,
    file_appeal,
    recognise_results,
    save_marks,
    set_sheet,
)

__all__ = [
    "Added", "Outcome", "Plan", "Refused", "Verdict", "act", "add_nominees", "answer_appeal", "ask_essay", "change_cohort", "close_cohort",
    "cohort_workbook", "correct_result", "decide_results", "enrol_late", "enrol_members", "file_appeal", "give_to_examiners", "lapse_due",
    "open_class", "open_cohort", "plan_cohort", "recognise_results", "reopen_cohort", "restore", "save_marks", "save_programme",
    "set_programme_open", "set_sheet", "withdraw",
]  # fmt: skip
