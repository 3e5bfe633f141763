"""Pages about classes."""

from elearn.classes.views import cohorts
from elearn.classes.views.pages import blueprint

__all__ = ["blueprint", "cohorts"]
