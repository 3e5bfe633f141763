"""Forms of classes."""

from elearn.classes.forms.cohorts import CohortForm, Pasted, PasteForm, WithdrawForm
from elearn.classes.forms.programmes import LateForm, OpenForm, PlanForm, ProgrammeForm

__all__ = [
    "CohortForm", "LateForm", "OpenForm", "PasteForm", "Pasted", "PlanForm", "ProgrammeForm", "WithdrawForm",
]  # fmt: skip
