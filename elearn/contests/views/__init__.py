"""Pages of contests: public ones, entering, standings, and closing a round."""

from __future__ import annotations

from elearn.contests.views import closing, entering, integrity, live, objecting, public, standings, units
from elearn.contests.views.pages import blueprint

__all__ = ["blueprint", "closing", "entering", "integrity", "live", "objecting", "public", "standings", "units"]
