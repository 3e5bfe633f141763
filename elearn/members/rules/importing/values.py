"""One cell's text in its one form: names, phones, identity numbers, addresses, words for sex and kind."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from elearn.lib.vietnamese import fold, normalise
from elearn.members.rules.importing.rows import ERROR, WARNING

# What a converter answers: the value ("" for none) and code, message, severity of each thing to say about it.
Remark = tuple[str, str, str]
Converted = tuple[str, tuple[Remark, ...]]

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ESCAPED = re.compile("_x00[01][0-9A-Fa-f]_")
_TITLE = re.compile(r"(?:đ/c|đ\.c|đồng chí|ông:|bà:|ông/bà)\s*:?\s*", re.IGNORECASE)
_ODD_IN_NAME = re.compile(r"[0-9?\ufffd@#*_=<>{}\[\]|\\/;]")
_BRACKETS = re.compile(r"\s*\([^)]*\)\s*")
_TWO_NUMBERS = re.compile(r"[/,;\n|]|\s-\s|\s+hoặc\s+|\s{2,}|(?<=[0-9]{9})\s+(?=0)")
_NOT_DIGITS = re.compile(r"[^0-9]")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_LANDLINE = re.compile(r"02[0-9]{8,9}")
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059", **{f"016{digit}": f"03{digit}" for digit in "23456789"},
}  # fmt: skip
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_SEXES = {
    "nam": "male",
    "male": "male",
    "m": "male",
    "trai": "male",
    "ong": "male",
    "nu": "female",
    "female": "female",
    "f": "female",
    "gai": "female",
    "ba": "female",
}
_KINDS = {
    "official": "chinh thuc|dang vien chinh thuc|dvct|ct|dang vien|dv|dvct|dv chinh thuc|official|full|full member|member",
    "probationary": "du bi|dang vien du bi|dvdb|db|dv du bi|probationary|candidate|probationary member",
    "outstanding": "quan chung uu tu|quan chung|qcut|quan chung cam tinh|cam tinh dang|cam tinh|doi tuong dang|doi tuong ket nap dang|uu tu|doan vien uu tu|outstanding|outstanding mass",
    "cadre": "can bo|cong chuc|vien chuc|can bo cong chuc|can bo cong chuc vien chuc|cbccvc|nguoi lao dong|can bo quan ly|cadre|staff|official cadre",
    "guest": "khach moi|khach|dai bieu|dai bieu khach moi|guest|visitor",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_MARKS = frozenset(("x", "v", "1", "✓", "✔", "☑", "+", "co", "yes", "y", "true", "xx", "*"))
_NO_MARKS = frozenset(("", "0", "-", "khong", "no", "n", "false", "o"))
_SEX_CODES = re.compile(r"\b(nam|nu|male|female)\s*[:=\-]?\s*([012])\b|\b([012])\s*[:=\-]?\s*(?:la\s+)?(nam|nu|male|female)\b")
_WORDS = re.compile(r"[^a-z0-9]+")


def clean(text: str) -> str:
    """NFC text of one line without control and invisible characters."""
    if not text.isprintable():
        text = _CONTROL.sub("", text.replace("\u00a0", " "))
    if "_x00" in text:
        text = _ESCAPED.sub("", text)
    return normalise(text)


def plain(text: str) -> str:
    """Folded words only: "Dự bị." gives "du bi"."""
    return _WORDS.sub(" ", fold(text)).strip()


def _title_case(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def name(text: str) -> Converted:
    """A person's name; capitals all through become ordinary ones, with a remark."""
    remarks: list[Remark] = []
    bare = _TITLE.sub("", text, count=1) if _TITLE.match(text) else text
    if "(" in bare:
        bare = normalise(_BRACKETS.sub(" ", bare))
        remarks.append(("name_brackets", "Phần trong ngoặc của họ tên “%(text)s” đã được bỏ.", WARNING))
    bare = bare.strip(" .,;:-–'\"")
    if bare.isupper() and len(bare) > 1:
        bare = " ".join(map(_title_case, bare.split()))
        remarks.append(("name_capitals", "Họ tên viết hoa toàn bộ, đã đổi thành “%(value)s”.", WARNING))
    elif any(word[0].islower() for word in bare.split()):
        bare = " ".join(word[0].upper() + word[1:] for word in bare.split())
        remarks.append(("name_small_letters", "Họ tên có chữ đầu không viết hoa, đã đổi thành “%(value)s”.", WARNING))
    if _ODD_IN_NAME.search(bare):
        code = "name_damaged" if "?" in bare or "\ufffd" in bare else "name_odd"
        remarks.append(
            (code, "Họ tên “%(text)s” có ký tự lạ: có thể sai bảng mã hoặc gõ nhầm.", ERROR if code == "name_damaged" else WARNING)
        )
    return bare, tuple(remarks)


@lru_cache(maxsize=512)
def sex_codes(heading: str) -> dict[str, str]:
    """Figures that a heading explains: "Giới tính (1: Nam, 0: Nữ)" gives {"1": "male", "0": "female"}."""
    codes = {}
    for found in _SEX_CODES.finditer(fold(heading)):
        word, figure = (found[1], found[2]) if found[1] else (found[4], found[3])
        codes[figure] = _SEXES[word]
    return codes


def sex(text: str, codes: dict[str, str]) -> Converted:
    """ "female" or "male"."""
    word = plain(text)
    if word in codes:
        return codes[word], ()
    if word in _SEXES:
        return _SEXES[word], ()
    if word in ("0", "1", "2"):
        return "", (("sex_code", "“%(text)s”: tiêu đề cột không nói số nào là Nam, số nào là Nữ.", ERROR),)
    return "", (("sex_unknown", "Không hiểu giới tính “%(text)s”; hãy ghi Nam hoặc Nữ.", ERROR),)


def mark(text: str) -> bool | None:
    """Whether a box is ticked; None where the text is neither a tick nor nothing."""
    word = text.strip().lower()
    word = word if word in _MARKS else plain(text)
    return True if word in _MARKS else False if word in _NO_MARKS else None


def kind(text: str) -> Converted:
    """One of the kinds of people."""
    word = plain(text)
    if word in _KIND_OF:
        return _KIND_OF[word], ()
    for phrase in ("du bi", "quan chung", "chinh thuc", "can bo", "khach"):
        if phrase in word:
            return _KIND_OF[phrase], ()
    return "", (
        (
            "kind_unknown",
            "Không hiểu đối tượng “%(text)s”; hãy ghi chính thức, dự bị, quần chúng ưu tú, cán bộ hoặc khách mời.",
            ERROR,
        ),
    )


_LOST = ("digits_lost", "Số “%(text)s” đã bị bảng tính rút gọn nên mất chữ số; hãy ghi lại dưới dạng văn bản.", ERROR)


def phone(text: str, *, was_number: bool = False) -> Converted:
    """Digits with the leading zero; a foreign number keeps its "+" and country."""
    if _SCIENTIFIC.fullmatch(text):
        return "", (_LOST,)
    pieces = [piece for piece in _TWO_NUMBERS.split(text) if len(_NOT_DIGITS.sub("", piece)) >= 8] if len(text) > 13 else [text]
    remarks: list[Remark] = []
    if len(pieces) > 1:
        remarks.append(("two_phones", "Ô có nhiều số điện thoại; số đầu tiên %(value)s được dùng.", WARNING))
    piece = pieces[0] if pieces else text
    digits = _NOT_DIGITS.sub("", piece)
    if any(letter.isalpha() for letter in _SAID_BEFORE.sub("", piece)):
        return "", (("phone_invalid", "“%(text)s” không phải số điện thoại.", ERROR),)
    number = _national(digits, piece)
    if number[:4] in _OLD_PREFIXES and len(number) == 11:
        number = _OLD_PREFIXES[number[:4]] + number[4:]
        remarks.append(("old_phone", "Số di động 11 chữ số cũ đã đổi sang đầu số mới: %(value)s.", WARNING))
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return number, tuple(remarks)
    if piece.strip().startswith(("+", "00")) and 8 <= len(digits.lstrip("0")) <= 15 and not digits.lstrip("0").startswith("84"):
        return "+" + digits.lstrip("0"), tuple(remarks)
    return "", (("phone_invalid", "“%(text)s” không phải số điện thoại Việt Nam (10 chữ số, bắt đầu bằng 0).", ERROR),)


_SAID_BEFORE = re.compile(r"^\s*(?:đt|sđt|dđ|tel|mobile|zalo|didong)\s*[:.]?\s*|\s*\([^)]*[^0-9)][^)]*\)\s*$", re.IGNORECASE)


def _national(digits: str, piece: str) -> str:
    if digits.startswith("0084"):
        digits = digits[2:]
    if digits.startswith("84") and (len(digits) >= 11 or piece.strip().startswith("+")):
        return "0" + digits[2:].lstrip("0")
    if digits and digits[0] != "0" and (len(digits) == 9 or (len(digits) == 10 and digits[0] in "12")):
        return "0" + digits
    return digits


def national_id(text: str, *, was_number: bool = False) -> Converted:
    """Twelve digits, or the nine of an old card with a remark; zeros lost to a number format are put back."""
    if _SCIENTIFIC.fullmatch(text):
        return "", (_LOST,)
    digits = re.sub(r"[\s.\-'’`]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        return "", (("national_id_invalid", "“%(text)s” không phải số định danh (12 chữ số).", ERROR),)
    remarks: tuple[Remark, ...] = ()
    if len(digits) in (10, 11):
        digits = digits.zfill(12)
        remarks = (("zeros_restored", "Số định danh thiếu số 0 ở đầu, đã bổ sung: %(value)s.", WARNING),)
    if len(digits) == 12 and digits[0] == "0" and digits[:3] != "000" and digits[3] in "0123456789":
        return digits, remarks
    if len(digits) == 9:
        return digits, (("old_identity_card", "Số CMND cũ 9 chữ số; nên thay bằng số định danh 12 chữ số.", WARNING),)
    if len(digits) == 8 and was_number:
        return digits.zfill(9), (("old_identity_card", "Số CMND cũ 9 chữ số; nên thay bằng số định danh 12 chữ số.", WARNING),)
    return "", (("national_id_invalid", "“%(text)s” không phải số định danh (12 chữ số, bắt đầu bằng 0).", ERROR),)


def email(text: str) -> Converted:
    """An address in small letters."""
    pieces = [piece for piece in re.split(r"[;,\s]+", text.removeprefix("mailto:")) if "@" in piece]
    remarks: tuple[Remark, ...] = ()
    if len(pieces) > 1:
        remarks = (("two_emails", "Ô có nhiều địa chỉ thư; địa chỉ đầu tiên %(value)s được dùng.", WARNING),)
    address = (pieces[0] if pieces else text).strip("<>.()").lower()
    address = unicodedata.normalize("NFKC", address)
    if len(address) <= 120 and _EMAIL.fullmatch(address) and ".." not in address:
        return address, remarks
    return "", (("email_invalid", "“%(text)s” không phải địa chỉ thư điện tử.", ERROR),)
