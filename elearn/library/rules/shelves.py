"""Where a document stands, in words, and how its address is made."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from elearn.lib.vietnamese import fold

SHELVES: Mapping[str, str] = {"paper": "Văn bản", "bulletin": "Bản tin", "chapter": "Sách, tài liệu lịch sử"}
KINDS = (
    "Nghị quyết", "Chỉ thị", "Kết luận", "Quy định", "Quyết định", "Hướng dẫn", "Kế hoạch", "Thông báo", "Công văn", "Luật", "Nghị định",
    "Thông tư", "Bản tin", "Sách", "Tài liệu",
)  # fmt: skip
READERS = ("official", "probationary")
"""Kinds of members who are asked to read bulletins of their branch."""


def make_key(name: str, issued_on: date | None, taken: Collection[str]) -> str:
    """A key for addresses out of a name, such as quy-dinh-05-qd-tu-2026; a number is added where it is taken."""
    stem = "-".join(re.findall("[a-z0-9]+", fold(name)))[:60].strip("-") or "tai-lieu"
    if issued_on is not None and not stem.endswith(str(issued_on.year)):
        stem = f"{stem}-{issued_on.year}"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
