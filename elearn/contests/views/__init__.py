"""Pages of contests: public ones, entering, standings, and closing a round."""

from __future__ import annotations

from elearn.contests.views import closing, entering, hall, judges, judging, public, stages, standings
from elearn.contests.views.pages import blueprint

__all__ = ["blueprint", "closing", "entering", "hall", "judges", "judging", "public", "stages", "standings"]
