"""Vietnamese text of before Unicode: TCVN3 (the .VnTime fonts), VNI-Windows, Windows-1258; and UTF-16 or UTF-8 told apart.

Text typed in a legacy font looks like "NguyÔn V¨n An" (TCVN3) or "Nguyeãn Vaên An" (VNI) wherever the font is not used.
What is such text and what is French is decided by whether its words become possible Vietnamese syllables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

TCVN3 = "tcvn3"
VNI = "vni"

_TCVN3_RUNS = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"), (0xB5, "àảãáạ"), (0xBB, "ằẳẵắ"), (0xC6, "ặầẩẫấậè"), (0xCE, "ẻẽéẹềểễếệìỉ"), (0xDC, "ĩíịò"), (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)  # fmt: skip
_FROM_TCVN3 = {start + index: letter for start, letters in _TCVN3_RUNS for index, letter in enumerate(letters)}
_TO_TCVN3 = {ord(letter): chr(code) for code, letter in _FROM_TCVN3.items()}
# Capitals with a tone have no code of their own: fonts such as .VnTimeH draw the small letter's code as a capital.
_TO_TCVN3 |= {ord(letter.upper()): chr(code) for code, letter in _FROM_TCVN3.items() if ord(letter.upper()) not in _TO_TCVN3}
_TCVN3_TONED = frozenset(chr(code) for code in _FROM_TCVN3 if code >= 0xB5)

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_VNI_MARKS = dict(zip("ùøûõï", (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True))
_VNI_CIRCUMFLEX = dict(zip("âáàåãä", ("", _ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True))
_VNI_BREVE = dict(zip("êéèúüë", ("", _ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True))
_VNI_ALONE = {"ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư"}


def _vni_table() -> dict[str, str]:
    small = dict(_VNI_ALONE)
    for base, letter in (*((vowel, vowel) for vowel in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        small.update({base + mark: unicodedata.normalize("NFC", letter + tone) for mark, tone in _VNI_MARKS.items()})
    for base in "aeo":
        small.update({base + mark: unicodedata.normalize("NFC", base + "\u0302" + tone) for mark, tone in _VNI_CIRCUMFLEX.items()})
    small.update({"a" + mark: unicodedata.normalize("NFC", "a\u0306" + tone) for mark, tone in _VNI_BREVE.items()})
    table = dict(small)
    for code, letter in small.items():
        table[code.upper()] = letter.upper()
        table[code[0].upper() + code[1:]] = letter.upper()
    return table


_FROM_VNI = _vni_table()
_TO_VNI = {letter: code for code, letter in _FROM_VNI.items() if code in (code.lower(), code.upper())}
_TO_VNI |= {"ỵ": "î", "Ỵ": "Î"}
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))

_WORD = re.compile("[A-Za-z\u00a1-\u00fe\u0100-\u01b0\u0300-\u0323\u1ea0-\u1ef9]+")
_SEGMENT = re.compile('[^\t\r\n;,|"]+')
_BEYOND_LATIN1 = re.compile("[\u0100-\u01ff\u0300-\u036f\u1e00-\u1eff]")
_FOREIGN_BYTES = re.compile("[\u00a1-\u00ff]")
_SIGN_IN_WORD = re.compile(
    "[A-Za-z][\u00a8\u00a9\u00aa\u00ab\u00ac\u00ad\u00ae\u00b5-\u00b9\u00bb-\u00be]|[\u00a7\u00a8\u00aa\u00b8\u00ae\u00ad][a-z]"
)

_ONSETS = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|b|c|d|đ|g|h|k|l|m|n|p|q|r|s|t|v|x|"
_OPEN_RIMES = (
    "a ai am an ang anh ao au ay ăm ăn ăng âm ân âng âu ây e em en eng eo ê êm ên ênh êu i ia iêm iên iêng iêu im in inh iu o oa oai oam oan oang oanh oao oay "
    "oăm oăn oăng oe oen oeo oi om on ong oong ô ôi ôm ôn ông ơ ơi ơm ơn u ua uân uâng uây uê uênh ui um un ung uôi uôm uôn uông uơ uy uya uyên uynh uyu "
    "ư ưa ưi ưm ưn ưng ươi ươm ươn ương ươu ưu y yêm yên yêng yêu ym yn"
)
_STOPPED_RIMES = (
    "ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich iêc iêp iêt ip it oac oach oap oat oăc oăt oc oet ooc op ot ôc ôp ôt ơp ơt "
    "uât uc uêch uôc uôt up ut uych uyêt uyt ưc ươc ươp ươt ưt yêt yt"
)
_OPEN = re.compile(f"(?:{_ONSETS})(?:{'|'.join(_OPEN_RIMES.split())})")
_STOPPED = re.compile(f"(?:{_ONSETS})(?:{'|'.join(_STOPPED_RIMES.split())})")
_TONES = frozenset((_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT))
_MAX_WORDS = 3_000
_MAX_WORD = 40
_LONGEST_SYLLABLE = 14  # "nghiêng" with every accent a character of its own, and some more
_NAME_WORDS = 6
_TELLING_LENGTH = 5  # shorter words of other languages may turn into a syllable by chance


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is "utf-8", "utf-16", "windows-1258", "tcvn3", "vni" or "windows-1252" (Western, as a last resort)."""

    text: str
    encoding: str


def is_syllable(word: str) -> bool:
    """Whether a word is a possible Vietnamese syllable, tone and all, such as "Nguyễn" but not "Noël"."""
    return len(word) <= _LONGEST_SYLLABLE and _is_syllable(word)


@lru_cache(maxsize=32768)
def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [part for part in parts if part in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    if _STOPPED.fullmatch(bare):
        return tones in ([_ACUTE], [_DOT])
    return _OPEN.fullmatch(bare) is not None


def to_tcvn3(text: str) -> str:
    """Text as it was typed in a .VnTime font (.VnTimeH for capitals with tones), shown in Latin letters."""
    return unicodedata.normalize("NFC", text).translate(_TO_TCVN3)


def to_vni(text: str) -> str:
    """Text as it was typed in a VNI font, shown in Latin letters."""
    return "".join(_TO_VNI.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def _from_vni(text: str) -> str:
    return _VNI_PATTERN.sub(lambda found: _FROM_VNI[found[0]], text)


def _from_tcvn3(text: str) -> str:
    return _SEGMENT.sub(lambda found: _tcvn3_segment(found[0]), text) if _FOREIGN_BYTES.search(text) else text


def _tcvn3_segment(segment: str) -> str:
    """One cell: its capitals with tones are told from the letters around them."""
    if not _FOREIGN_BYTES.search(segment):
        return segment
    plain = [letter for letter in segment if letter.isascii() and letter.isalpha()]
    if len(plain) >= 2 and all(map(str.isupper, plain)):
        words = segment.split()
        if len(words) == 1 or any(sum(letter.isascii() and letter.isalpha() for letter in word) >= 2 for word in words):
            return segment.translate(_FROM_TCVN3).upper()
    others = [word for word in segment.split() if word[0] not in _TCVN3_TONED]
    is_name = bool(others) and all(word.translate(_FROM_TCVN3)[0].isupper() for word in others)
    return _WORD.sub(lambda found: _tcvn3_word(found[0], is_name), segment)


def _tcvn3_word(word: str, is_name: bool) -> str:
    text = word.translate(_FROM_TCVN3)
    plain = [letter for letter in word if letter.isascii()]
    if len(plain) >= 2 and all(map(str.isupper, plain)):
        return text.upper()
    return text[0].upper() + text[1:] if is_name and word[0] in _TCVN3_TONED else text


_CONVERT = {TCVN3: _from_tcvn3, VNI: _from_vni}


def _words(texts: Iterable[str]) -> set[str]:
    """Different words with letters beyond ASCII."""
    words: set[str] = set()
    for text in texts:
        if not text.isascii():
            words.update(word for word in _WORD.findall(text) if len(word) <= _MAX_WORD and not word.isascii())
            if len(words) >= _MAX_WORDS:
                break
    return words


@lru_cache(maxsize=32768)
def _vote(word: str) -> str:
    """What a word speaks for: "unicode", "tcvn3", "vni", "either" of these two, or "" for nothing Vietnamese."""
    if _BEYOND_LATIN1.search(word) or is_syllable(word):
        return "unicode"
    is_vni = is_syllable(_from_vni(word)) and _from_vni(word) != word
    is_tcvn3 = is_syllable(word.translate(_FROM_TCVN3))
    return "either" if is_vni and is_tcvn3 else VNI if is_vni else TCVN3 if is_tcvn3 else ""


def detect_legacy(texts: Iterable[str]) -> str:
    """ "tcvn3", "vni", or "" for text that is Unicode already or not Vietnamese: decided over all texts of a column or sheet."""
    votes = {"unicode": 0, TCVN3: 0, VNI: 0, "either": 0, "": 0}
    strong = False
    for word in _words(texts):
        vote = _vote(word)
        votes[vote] += 1
        strong = strong or (vote in (*_CONVERT, "either") and (len(word) >= _TELLING_LENGTH or bool(_SIGN_IN_WORD.search(word))))
    kind = TCVN3 if votes[TCVN3] >= max(1, votes[VNI]) else VNI
    voices = votes[kind] + votes["either"]
    enough = 1 if strong else 2
    # In one name a word that tells is enough: "Nguyeãn" is no syllable, while "Hoà Thò" beside it might be either. A column goes by its majority.
    is_one_name = strong and sum(votes.values()) <= _NAME_WORDS
    if voices >= enough and voices > votes[""] and (is_one_name or voices * 2 > votes["unicode"]):
        return kind
    return ""


def convert_legacy(text: str, kind: str | None = None) -> tuple[str, str]:
    """The text in Unicode and the encoding it was in ("" where nothing was to be done); `kind` is what its column was found to be."""
    if text.isascii() or _BEYOND_LATIN1.search(text):
        return text, ""
    if kind is None:
        kind = detect_legacy([text])
    if not kind:
        return text, ""
    converted = _CONVERT[kind](text)
    before = [word for word in _WORD.findall(text) if not word.isascii()]
    after = [word for word in _WORD.findall(converted) if not word.isascii()]
    if sum(map(is_syllable, after)) < sum(map(is_syllable, before)):
        return text, ""
    return converted, kind if converted != text else ""


def _utf16(data: bytes) -> str | None:
    """The text of UTF-16 with or without its mark; None if it is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    sample = data[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) // 2 or min(even, odd) * 4 > max(even, odd):
        return None
    try:
        return data.decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        return None


def _share_of_syllables(text: str) -> float:
    words = _words(line for line in text[:400_000].splitlines())
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def decode(data: bytes) -> Decoded:
    """Bytes of a text file as text; never fails, for single bytes always mean something."""
    text = _utf16(data)
    if text is not None:
        return Decoded(unicodedata.normalize("NFC", text.lstrip("\ufeff")), "utf-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        # A legacy font's letters may have been saved as UTF-8 by a program that knew no better.
        kind = detect_legacy(text[:400_000].splitlines())
        return Decoded(_CONVERT[kind](text), kind) if kind else Decoded(unicodedata.normalize("NFC", text), "utf-8")
    latin = data.decode("latin-1")
    combining = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    candidates = [
        (combining, "windows-1258"),
        (_from_tcvn3(latin[:400_000]), TCVN3),
        (_from_vni(latin[:400_000]), VNI),
        (latin[:400_000], "windows-1252"),
    ]
    shares = [_share_of_syllables(candidate) for candidate, _encoding in candidates]
    best = max(range(len(shares)), key=shares.__getitem__)
    if shares[best] < 0.5:
        return Decoded(data.decode("cp1252", "replace"), "windows-1252")
    encoding = candidates[best][1]
    if encoding == "windows-1258":
        return Decoded(combining, encoding)
    return Decoded(_CONVERT[encoding](latin) if encoding in _CONVERT else data.decode("cp1252", "replace"), encoding)
