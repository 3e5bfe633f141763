"""A document marked secret has no place on this site: how its marks are recognised.

Marks of the law on state secrets are "Mật", "Tối mật" and "Tuyệt mật", stamped near the head of the first page, and a sign of secrecy
behind the number. Words in running text ("bảo vệ bí mật nhà nước") are no mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from elearn.lib.vietnamese import normalise

HEAD_LINES = 60
_MARK = r"(?:TUYỆT\s*MẬT|TỐI\s*MẬT|MẬT)"
_ALONE = re.compile(rf"[\W_]*(?:(?:TÀI LIỆU|VĂN BẢN|ĐỘ|DẤU|MỨC)\s*)*(?:MẬT\s*:\s*)?{_MARK}[\W_]*", re.IGNORECASE)
# Columns of a letterhead run together when a PDF is read: the stamp then stands beside fixed words of the head, in capitals.
_HEAD = r"(?:ĐẢNG CỘNG SẢN VIỆT NAM|CỘNG H(?:ÒA|OÀ) XÃ HỘI|ĐỘC LẬP|SỐ\b)"
_BESIDE = re.compile(rf"(?:^|\s){_MARK}\s+{_HEAD}|{_HEAD}.*\s{_MARK}[\W_]*$")
_LETTERED = re.compile(r"(?:\b\w\s){2,}\w\b")
_NUMBER = re.compile(r"\b[0-9]{1,5}\s*[-/]\s*[A-ZĐ]{1,8}\s*[-/]\s*[A-ZĐ]{1,12}\s*(?:-\s*M\b|\(\s*(?:M|TM|TuM|TUM)\s*\))")


def find_mark(lines: Iterable[str]) -> str:
    """The line near the head of a document that marks it secret; empty where there is none."""
    for line in _first(lines):
        if _ALONE.fullmatch(line) or _ALONE.fullmatch(_closed(line)) or _BESIDE.search(line):
            return line[:80]
        if _NUMBER.search(line):
            return line[:80]
    return ""


def is_secret_number(number: str) -> bool:
    """Whether a number carries a sign of secrecy, as 12-CV/TU-M."""
    return bool(_NUMBER.search(normalise(number)))


def _first(lines: Iterable[str]) -> Iterable[str]:
    count = 0
    for raw in lines:
        line = normalise(unicodedata.normalize("NFC", raw))
        if not line:
            continue
        yield line
        count += 1
        if count == HEAD_LINES:
            return


def _closed(line: str) -> str:
    """ "T Ố I  M Ậ T" as "TỐIMẬT"."""
    return line.replace(" ", "") if _LETTERED.fullmatch(line) else line
