"""Keys as people write them: letters, numbers, or the words of an option; and other words of tables that come in many spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from elearn.lib.vietnamese import fold
from elearn.questions.rules.choices import LABELS

# Letters of another alphabet that look like ours.
_LOOK_ALIKE = str.maketrans("\u0410\u0412\u0421\u0415\u041d\u0430\u0441\u0435", "ABCEHace")
_LEAD = re.compile(r"(?:dap an|phuong an|cau|lua chon|answer|option|key|chon|y)(?: dung)?[ :.]*(?=[a-z0-9](?:[^a-z]|\Z))")
_LETTERS = re.compile(r"[A-Za-z](?:[.)]?(?:\s*[,;/&+.\-\n|]\s*|\s+(?:và|and|va|hoặc|or)\s+|\s+)[A-Za-z])*[.)]?")
_TOGETHER = re.compile(r"[A-Za-z]{2,26}")
_NUMBERS = re.compile(r"[0-9]{1,2}(?:\s*[,;/&+.\-\n|]\s*[0-9]{1,2})*[.)]?|[0-9]{1,2}(?:\s+(?:và|and|va)\s+[0-9]{1,2})+")
_TRUE, _FALSE = {"dung", "true", "d", "t", "yes", "co", "x"}, {"sai", "false", "s", "f", "no", "khong"}
_WHOLE_TRUE, _WHOLE_FALSE = {"dung", "true"}, {"sai", "false"}

_TYPES: Mapping[str, tuple[str, ...]] = {
    "single_choice": (
        "mot dap an dung", "mot dap an", "1 dap an", "1 dap an dung", "chon mot", "chon 1", "mot lua chon", "trac nghiem mot dap an", "single",
        "single choice", "single answer", "single response", "one answer", "singlechoice", "radio",
    ),
    "multiple_choice": (
        "nhieu dap an dung", "nhieu dap an", "chon nhieu", "multiple response", "multiple answer", "multiple answers", "multi", "multiple",
        "multi select", "multiselect", "checkbox", "trac nghiem nhieu dap an",
    ),
    "true_false": ("dung hay sai", "dung sai", "dung hoac sai", "true false", "truefalse", "tf", "t f", "d s", "true or false", "menh de"),
    "short_answer": ("tra loi ngan", "dien khuyet", "dien tu", "short answer", "short", "shortanswer", "cau tra loi ngan", "fill in", "fill in the blank"),
    "numeric": ("so", "numeric", "numerical", "number", "so hoc", "cau so", "tra loi so"),
    "essay": ("tu luan", "essay", "long answer", "viet", "cau tu luan"),
    "description": ("doan dan", "mo ta", "thong tin", "description", "info", "khong cham"),
    "": ("trac nghiem", "trac nghiem khach quan", "multiple choice", "multiplechoice", "mc", "mcq", "nhieu lua chon", "choice", "tn"),
}  # fmt: skip
_TYPE_OF = {name: key for key, names in _TYPES.items() for name in names}
_LEVELS: Mapping[str, tuple[str, ...]] = {
    "nhan_biet": ("nhan biet", "nb", "biet", "de", "easy", "muc 1", "1", "knowledge", "remember", "recall", "nho", "level 1", "cap do 1"),
    "thong_hieu": (
        "thong hieu", "th", "hieu", "trung binh", "tb", "medium", "muc 2", "2", "comprehension", "understand", "understanding", "level 2", "cap do 2",
    ),
    "van_dung": (
        "van dung", "vd", "vdc", "vdt", "van dung thap", "van dung cao", "kho", "hard", "muc 3", "muc 4", "3", "4", "application", "apply", "applying",
        "level 3", "level 4", "cap do 3", "cap do 4", "difficult",
    ),
}  # fmt: skip
_LEVEL_OF = {name: key for key, names in _LEVELS.items() for name in names}


def _bare(words: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(words)).split())


def type_of(words: str) -> str | None:
    """Key of the type that words name, "" where they name only a kind of choice, None where nobody knows them."""
    return _TYPE_OF.get(_bare(words.replace("_", " ")))


def level_of(words: str) -> str | None:
    """Key of the level; None where nobody knows it."""
    return _LEVEL_OF.get(_bare(words.replace("_", " ")))


def truth_of(words: str, is_sure: bool = False) -> bool | None:
    """What words such as "Đúng" or "S" say; with `is_sure` only whole words count."""
    bare = _bare(words)
    if bare in (_WHOLE_TRUE if is_sure else _TRUE):
        return True
    return False if bare in (_WHOLE_FALSE if is_sure else _FALSE) else None


@dataclass
class Key:
    """Places of right options, from 0 as their letters count; `doubts` are messages with values."""

    places: list[int] = field(default_factory=list)
    doubts: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Severity, message, values."""


def key_of(words: str, options: Mapping[int, str], is_from_number: bool = False) -> Key:
    """Which options a key means. `options` by their place; `is_from_number` where the cell held a number."""
    written = unicodedata.normalize("NFKC", words).translate(_LOOK_ALIKE).strip().strip("\"'“”").strip()
    by_words = _by_words(written, options)
    lead = _LEAD.match(fold(written))
    if lead and not by_words:
        written = written[lead.end() :].strip()
    places = _by_letters(written)
    if places is not None and len(places) > 1 and not set(places) & set(options):
        places = None  # a word that happens to have no letter twice
    if by_words and len(written) > 1:
        if _NUMBERS.fullmatch(written) and _by_numbers(written) not in (None, by_words):
            doubt = "%(sheet)sĐáp án “%(key)s” vừa là số thứ tự vừa là nội dung của một phương án; đã chọn theo nội dung."
            return Key(by_words, [("warning", doubt, {"key": written})])
        return Key(by_words)
    if places is None and _NUMBERS.fullmatch(written):
        places = _by_numbers(written)
        if by_words and by_words != places:
            doubt = "%(sheet)sĐáp án “%(key)s” vừa là số thứ tự vừa là nội dung của một phương án; đã chọn theo nội dung."
            return Key(by_words, [("warning", doubt, {"key": written})])
        if places is not None and is_from_number and len(places) > 1:
            doubt = "%(sheet)sÔ đáp án là số thập phân %(key)s; được hiểu là nhiều đáp án. Hãy xem lại."
            return _checked(places, options, [("warning", doubt, {"key": written})])
    if places is None:
        if by_words:
            return Key(by_words)
        return Key(
            [], [("error", "Đáp án “%(key)s” không phải chữ cái, số thứ tự hay nội dung của phương án nào.", {"key": words[:100]})]
        )
    return _checked(places, options, [])


def _by_letters(written: str) -> list[int] | None:
    if _LETTERS.fullmatch(written):
        letters = re.findall(r"[A-Za-z]", re.sub(r"\b(?:và|and|va|hoặc|or)\b", " ", written))
    elif (
        _TOGETHER.fullmatch(written)
        and (written.isupper() or written == written.lower())
        and len(set(written.upper())) == len(written)
    ):
        letters = list(written)
    else:
        return None
    return [LABELS.index(letter.upper()) for letter in letters]


def _by_numbers(written: str) -> list[int] | None:
    return [int(number) - 1 for number in re.findall("[0-9]+", written)]


def _same(one: str) -> str:
    return " ".join(unicodedata.normalize("NFC", one).casefold().split()).rstrip(".;, ")


def _by_words(written: str, options: Mapping[int, str]) -> list[int]:
    """Places of options whose very words the key is: of one, or of several on lines of their own."""
    places = {_same(text): place for place, text in reversed(list(options.items()))}
    if not written:
        return []
    if _same(written) in places:
        return [places[_same(written)]]
    for separator in ("\n", "|", ";"):
        parts = [_same(part) for part in written.split(separator) if part.strip()]
        if len(parts) > 1 and all(part in places for part in parts):
            return sorted({places[part] for part in parts})
    return []


def _checked(places: Sequence[int], options: Mapping[int, str], doubts: list[tuple[str, str, dict[str, str]]]) -> Key:
    key = Key(doubts=doubts)
    last = max(options, default=-1)
    for place in places:
        letter = LABELS[place] if 0 <= place < len(LABELS) else str(place + 1)
        if place > last or place < 0:
            values = {"key": letter, "last": LABELS[last] if last >= 0 else "–"}
            key.doubts.append(("error", "%(sheet)sĐáp án %(key)s vượt quá phương án cuối cùng (%(last)s).", values))
        elif place not in options:
            key.doubts.append(("error", "%(sheet)sĐáp án %(key)s là một phương án để trống.", {"key": letter}))
        elif place in key.places:
            key.doubts.append(("warning", "%(sheet)sĐáp án ghi lặp phương án %(key)s.", {"key": letter}))
        else:
            key.places.append(place)
    key.places.sort()
    return key


def parts_of(words: str) -> list[str]:
    """Accepted answers out of one cell: parted by `|`, where `\\|` means the sign itself."""
    parts = _split(words)
    return [part.strip() for part in parts if part.strip()]


def _split(words: str) -> list[str]:
    parts = [""]
    at = 0
    while at < len(words):
        if words.startswith("\\|", at):
            parts[-1] += "|"
            at += 2
        elif words[at] == "|":
            parts.append("")
            at += 1
        else:
            # Other escapes (`\*`) are those of the answers themselves.
            step = 2 if words[at] == "\\" else 1
            parts[-1] += words[at : at + step]
            at += step
    return parts


_NUMBER = r"[+-]?[0-9][0-9 ]*(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,2})?|[+-]?[.,][0-9]+"
_ANSWER = re.compile(rf"\s*({_NUMBER})\s*(?:(?:±|\+-|\+/-|:)\s*({_NUMBER})\s*(%)?)?\s*")
_RANGE = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.|…|\bđến\b|\bto\b)\s*({_NUMBER})\s*")


def decimal_of(words: str) -> Decimal | None:
    """A number with a point or comma; None for anything else."""
    if not re.fullmatch(_NUMBER, words.strip()):
        return None
    try:
        return Decimal(words.strip().replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None


def number_of(words: str) -> dict[str, str] | None:
    """A numeric answer such as "3,14", "3,14 ± 0,01", "100 ± 2%" or "3,1..3,2"; None for anything else."""
    if words.strip() == "*":
        return {"value": "*"}
    span = _RANGE.fullmatch(words)
    if span:
        low, high = decimal_of(span[1]), decimal_of(span[2])
        if low is None or high is None or low > high:
            return None
        return {"value": _shown((low + high) / 2), "tolerance": _shown((high - low) / 2)}
    found = _ANSWER.fullmatch(words)
    value = decimal_of(found[1]) if found else None
    if found is None or value is None:
        return None
    answer = {"value": _shown(value)}
    tolerance = decimal_of(found[2]) if found[2] else None
    if tolerance:
        answer["tolerance"] = _shown(abs(tolerance) / 100 if found[3] else abs(tolerance))
        if found[3]:
            answer["tolerance_kind"] = "relative"
    return answer


def _shown(value: Decimal) -> str:
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
