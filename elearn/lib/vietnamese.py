"""Vietnamese text: normal form, folding for search, and the order of the alphabet and of names."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Tones in the order of Vietnamese dictionaries: none, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index for index, letter in enumerate(_LETTERS, start=20)}
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: they make another letter


def normalise(text: str) -> str:
    """NFC, with `Ð` (Eth, U+00D0) put right to `Đ` and runs of white space made one space."""
    text = unicodedata.normalize("NFC", text).replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")
    return " ".join(text.split())


class _Folded(dict[int, str]):
    """Each character without accents and in lower case; worked out when first met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFD", chr(code).casefold()).replace("đ", "d")
        self[code] = "".join(ch for ch in plain if not unicodedata.combining(ch))
        return self[code]


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Text without accents, in lower case, for search: "Đặng Thị Hoà" and "Đặng Thị Hòa" give "dang thi hoa"."""
    return normalise(text).translate(_FOLDED)


@lru_cache(maxsize=65536)
def sort_key(text: str) -> str:
    """A string whose plain order is the Vietnamese order of `text`.

    Three levels as in the Unicode collation algorithm: letters, then tones, then capitals after small letters.
    Only ASCII characters come out, so that every database compares it alike.
    """
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    base = ""
    tone = 0
    upper = False

    def flush() -> None:
        nonlocal base, tone, upper
        if not base:
            return
        letter = unicodedata.normalize("NFC", base)
        if letter in _RANK:
            letters.append(chr(_RANK[letter] + 45))
        elif letter.isdigit():
            letters.append(chr(48 + int(unicodedata.digit(letter, 0))))
        elif letter.isspace():
            letters.append("!")
        else:
            letters.append(f"#{ord(letter[0]):06x}")
        tones.append(str(tone))
        cases.append("1" if upper else "0")
        base, tone, upper = "", 0, False

    for char in unicodedata.normalize("NFD", normalise(text)):
        if char in _TONES:
            tone = _TONES[char]
        elif char in _SHAPES:
            base += char
        elif unicodedata.combining(char):
            continue
        else:
            flush()
            upper = char != char.lower()
            base = "đ" if char in "đĐ" else char.lower()
    flush()
    return f"{''.join(letters)} {''.join(tones)} {''.join(cases)}"


def name_sort_key(name: str) -> str:
    """Order of lists of people: given name (last word), then the words before it from family name on."""
    words = normalise(name).split(" ")
    return f"{sort_key(words[-1])}~{sort_key(' '.join(words[:-1]))}"


def initials(name: str) -> str:
    """Two letters for a round badge: of the middle and given name, as in "Trần Thị Hạnh" → "TH"."""
    words = normalise(name).split(" ")
    return "".join(word[0] for word in words[-2:] if word).upper()
