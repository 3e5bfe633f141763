"""Forms of classes."""

from elearn.classes.forms.cohorts import CohortForm, Pasted, PasteForm, WithdrawForm

__all__ = ["CohortForm", "PasteForm", "Pasted", "WithdrawForm"]
