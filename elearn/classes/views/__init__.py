"""Pages about classes."""

from elearn.classes.views import approving, cohorts, mine, nominations, papers, programmes, results
from elearn.classes.views.pages import blueprint

__all__ = ["approving", "blueprint", "cohorts", "mine", "nominations", "papers", "programmes", "results"]
