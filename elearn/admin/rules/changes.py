"""What an entry of the audit log changed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from elearn.members.rules.people import KINDS, SENSITIVE, SEXES, STATUSES
from elearn.members.rules.permissions import ROLE_NAMES

FIELDS: Mapping[str, str] = {
    **SENSITIVE,
    "display_name": "Họ và tên",
    "full_name": "Họ và tên",
    "family_name": "Họ và đệm",
    "given_name": "Tên",
    "name": "Tên",
    "short_name": "Tên gọn",
    "birth_date": "Ngày sinh",
    "birth_precision": "Biết ngày sinh đến mức",
    "sex": "Giới tính",
    "kind": "Loại",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "login": "Tên đăng nhập",
    "code": "Mã",
    "positions": "Chức vụ",
    "position": "Chức vụ",
    "status": "Tình trạng",
    "state": "Tình trạng",
    "unit": "Đơn vị",
    "unit_id": "Đơn vị",
    "units": "Đơn vị",
    "parent": "Trực thuộc",
    "segment": "Khối",
    "is_external": "Ngoài tổ chức",
    "member": "Người được giao",
    "members": "Số người",
    "people": "Số người",
    "role": "Quyền",
    "with_catchment": "Gồm cả địa bàn phụ trách",
    "from": "Từ ngày",
    "to": "Đến ngày",
    "day": "Ngày",
    "due_at": "Hạn",
    "decision": "Quyết định",
    "effective_on": "Có hiệu lực từ",
    "made_at": "Ghi lúc",
    "count": "Số thao tác",
    "operations": "Thao tác",
    "rows": "Số dòng",
    "counts": "Đếm",
    "filters": "Điều kiện lọc",
    "choice": "Phần đã tải",
    "q": "Từ khoá",
    "action": "Việc",
    "list": "Danh sách",
    "form": "Dạng tệp",
    "since": "Từ ngày",
    "until": "Đến ngày",
    "cohort": "Lớp",
    "enrolment_id": "Số ghi danh",
    "edition_id": "Bản của khoá học",
    "request": "Yêu cầu số",
    "purpose": "Mục đích",
    "version": "Bản",
    "days": "Số ngày",
    "gone_id": "Hồ sơ được gộp",
    "other_id": "Hồ sơ kia",
    "carried": "Đã chuyển theo",
    "asked_by": "Người đề nghị",
    "approved_by": "Người duyệt",
    "seconds": "Số giây thêm",
    "attempts": "Số lượt",
    "for": "Cho",
    "under_way": "Bài đang làm được thêm",
    "slots": "Các câu",
    "time_permille": "Thời gian làm bài, phần nghìn so với thường",
    "large_print": "Chữ to",
    "screen_reader": "Trình đọc màn hình",
    "valid_to": "Ngày đầu tiên không còn",
    "source": "Nguồn",
    "digest": "Mã của tệp",
}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "sex": SEXES,
    "status": STATUSES,
    "kind": KINDS,
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "birth_precision": {"day": "ngày", "month": "tháng", "year": "năm", "": ""},
}
WORDS = frozenset(word for names in _VALUES.values() for word in names.values() if word) | {"có", "không"}


@dataclass(frozen=True)
class Change:
    """One field: its name, a message, and what stood there, which is a message only where it is one of WORDS."""

    field: str
    before: str
    after: str


def changes_of(before: Any, after: Any) -> list[Change]:
    """What an entry changed, field by field in the order in which it was written down; fields that stayed are left out."""
    old = before if isinstance(before, dict) else {} if before is None else {"": before}
    new = after if isinstance(after, dict) else {} if after is None else {"": after}
    changes = []
    for key in {**old, **new}:
        change = Change(FIELDS.get(key, str(key).replace("_", " ")), _shown(key, old.get(key)), _shown(key, new.get(key)))
        if change.before != change.after or "•••" in (change.before, change.after):
            changes.append(change)
    return changes


def _shown(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, dict):
        parts = ((FIELDS.get(str(name), str(name)), _shown(str(name), one)) for name, one in value.items())
        return "; ".join(f"{name}: {words}" for name, words in parts if words)
    if isinstance(value, list):
        return "; ".join(_shown(key, one) for one in value)
    words = str(value)
    return _VALUES.get(key, {}).get(words) or _day(words)


def _day(words: str) -> str:
    """A moment or day as the log keeps it in the order in which people write it; anything else as it is."""
    if len(words) < 10 or words[4:5] != "-":
        return words
    try:
        day = date.fromisoformat(words[:10])
    except ValueError:
        return words
    rest = words[10:]
    if rest and not (rest.startswith("T") and len(rest) >= 6):
        return words
    return f"{day:%d/%m/%Y}" + (f" {rest[1:6]} UTC" if rest and rest[1:6] != "00:00" else "")
