"""Tables of classes: programmes, cohorts and who attends them; nominations; results."""

from elearn.classes.models.cohorts import Cohort, CohortQuota, CohortStaff, Enrolment, Programme
from elearn.classes.models.nominations import Nomination, NominationStep
from elearn.classes.models.results import LearnerMark, MarkChange, Result, ResultAppeal, ResultChange

__all__ = [
    "Cohort", "CohortQuota", "CohortStaff", "Enrolment", "LearnerMark", "MarkChange", "Nomination", "NominationStep", "Programme", "Result",
    "ResultAppeal", "ResultChange",
]  # fmt: skip
