"""The natural Vietnamese order of names of units, and the key by which two names count as the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from elearn.lib.vietnamese import normalise, sort_key

_DIGITS = re.compile(r"[0-9]+")
_WIDTH = 10
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@lru_cache(maxsize=65536)
def unit_sort_key(name: str) -> str:
    """ASCII whose plain order puts "Khu phố 5" before "Khu phố 10"; Roman numerals are letters like others."""
    return sort_key(_DIGITS.sub(lambda found: found[0].lstrip("0").zfill(_WIDTH), name))


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Equal for names that differ only in capitals, spaces or the place of a tone mark: uỷ and ủy, hoà and hòa."""
    words = []
    for word in unicodedata.normalize("NFD", normalise(name).casefold()).split():
        tones = "".join(char for char in word if char in _TONES)
        words.append("".join(char for char in word if char not in _TONES) + tones)
    return " ".join(words)
