"""Text from outside put right without changing what it says: composed letters, `Đ`, spaces, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata

COMPOSED, ETH = "composed", "eth"
"""Kinds of repair: letters and their accents put together; `Ð` (U+00D0) made `Đ` (U+0110)."""

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ue000\ue001\ufffc\ufffe\uffff\ud800-\udfff\U000f0000-\U0010ffff]")
# The soft hyphen is not among them: in old fonts its code is the letter "ư".
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ETH = str.maketrans({0xD0: 0x110, 0xF0: 0x111})
_WIDE = str.maketrans({"\uff1a": ":", "\uff0e": ".", "\uff09": ")", "\uff08": "("})


def cleaned(text: str) -> str:
    """The text with plain spaces and line ends and without control and private characters; letters stay as they are."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))


def repaired(text: str) -> tuple[str, frozenset[str]]:
    """Cleaned text, which is no longer in an old font, in NFC and without invisible characters; and the kinds of repair worth telling."""
    if text.isascii():
        return text, frozenset()
    done: set[str] = set()
    text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        done.add(COMPOSED)
    if "\u00d0" in text or "\u00f0" in text:
        text = text.translate(_ETH)
        done.add(ETH)
    return text.translate(_WIDE), frozenset(done)
