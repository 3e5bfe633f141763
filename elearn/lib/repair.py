"""Text from outside put right without changing what it says: composed letters, `Đ`, spaces, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata

COMPOSED, ETH = "composed", "eth"
"""Kinds of repair: letters and their accents put together; `Ð` (U+00D0) made `Đ` (U+0110)."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc\x00-\x08\x0e-\x1f\x7f\U000f0000-\U0010ffff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ETH = str.maketrans("\u00d0\u00f0", "\u0110\u0111")
_WIDE_COLON = str.maketrans({"\uff1a": ":", "\uff0e": ".", "\uff09": ")", "\uff08": "("})


def repair(text: str) -> tuple[str, frozenset[str]]:
    """The text in NFC with plain spaces and line ends, and the kinds of repair worth telling."""
    done: set[str] = set()
    if text.isascii() and text.isprintable():
        return text, frozenset()
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        done.add(COMPOSED)
    if "\u00d0" in text or "\u00f0" in text:
        text = text.translate(_ETH)
        done.add(ETH)
    return text.translate(_WIDE_COLON), frozenset(done)
