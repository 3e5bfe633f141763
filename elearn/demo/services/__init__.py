"""Loading the invented organisation, and its sign-ins."""

from __future__ import annotations

from elearn.demo.services.loading import STEPS, Loaded, Size, is_empty, load_demo, refuse_unless_empty

__all__ = ["STEPS", "Loaded", "Size", "is_empty", "load_demo", "refuse_unless_empty"]
