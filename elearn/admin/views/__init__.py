"""Pages of officers."""

from __future__ import annotations

from elearn.admin.views import units
from elearn.admin.views.pages import blueprint

__all__ = ["blueprint", "units"]
