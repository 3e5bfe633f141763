"""Pages of officers."""

from __future__ import annotations

from elearn.admin.views import reorganising, unit_files, unit_report, units
from elearn.admin.views.pages import blueprint

__all__ = ["blueprint", "reorganising", "unit_files", "unit_report", "units"]
