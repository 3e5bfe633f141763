"""One normal form for names that sign in, so that look-alikes collide and phones are found however written."""

from __future__ import annotations

import re
import unicodedata

from elearn.lib.vietnamese import fold

_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһвкмнт", "aeopcyxijsdhbkmht")  # Cyrillic → Latin
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]")
_PHONE = re.compile(r"(?:\+?84|0)(\d{9})")


def login_key(text: str) -> str:
    """Lower case, NFKC, no spaces or invisible signs, Cyrillic look-alikes as Latin; a phone as 0 and nine digits."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold().translate(_LOOK_ALIKES)
    text = "".join(text.split())
    phone = _PHONE.fullmatch(re.sub(r"[.\-()]", "", text))
    return f"0{phone[1]}" if phone else text[:80]


def login_of(name: str, number: int) -> str:
    """A login from a name, easy to say: given name, initials of what stands before it, a number; "an.nv.0123"."""
    words = ["".join(sign for sign in word if sign.isascii() and sign.isalnum()) for word in fold(name).split()]
    words = [word for word in words if word] or ["hv"]
    return f"{words[-1][:30]}.{''.join(word[0] for word in words[:-1])[:10] or 'x'}.{number:04}"
