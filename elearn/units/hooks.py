"""What other features do when the organisation changes: they add functions to these lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from elearn.units.models import UnitChange
from elearn.units.rules.operations import Succession

after_change: list[Callable[[Session, UnitChange, Sequence[Succession]], None]] = []
"""Called in the transaction of a change, after the tree is written; `change.kept` holds what they need to take it back."""

after_undo: list[Callable[[Session, UnitChange, Sequence[Succession]], dict[str, int]]] = []
"""Called in the transaction of an undoing; each returns counts of what it took back and of what it had to leave."""

outlook: list[Callable[[Session, Sequence[Succession]], dict[str, int]]] = []
"""Called for a preview: counts of what would follow a change."""
