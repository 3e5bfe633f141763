"""Tables of classes: programmes, cohorts and who attends them; nominations; results."""

from elearn.classes.models.cohorts import Cohort, CohortQuota, CohortStaff, Enrolment, Programme
from elearn.classes.models.nominations import Nomination, NominationStep

__all__ = ["Cohort", "CohortQuota", "CohortStaff", "Enrolment", "Nomination", "NominationStep", "Programme"]
