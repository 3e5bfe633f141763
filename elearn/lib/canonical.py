"""The one JSON text of a value, as it is stored and as it is hashed."""

from __future__ import annotations

import json
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """JSON with sorted keys, without spaces, Unicode kept."""
    return _encoder.encode(value)
