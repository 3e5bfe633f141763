"""What is entered about one person by hand: each field in its one form, and the keys that follow from a name."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.rules.importing import values as cells
from elearn.members.rules.importing.rows import ERROR
from elearn.members.rules.logins import login_key

KINDS: Mapping[str, str] = {
    "official": "Đảng viên chính thức",
    "probationary": "Đảng viên dự bị",
    "outstanding": "Quần chúng ưu tú",
    "cadre": "Cán bộ, công chức",
    "guest": "Khách mời",
}
GUEST_UNIT = "NGOAI"
"""Code of the unit outside the tree to which people without an account belong, so that no unit of the tree ever lists or counts them."""
SEXES: Mapping[str, str] = {"": "chưa rõ", "female": "Nữ", "male": "Nam"}
STATUSES: Mapping[str, str] = {
    "active": "Đang dùng",
    "disabled": "Đã khoá",
    "left": "Đã chuyển đi hoặc thôi",
    "deceased": "Đã mất",
    "merged": "Đã gộp vào hồ sơ khác",
    "erased": "Đã xoá dữ liệu",
}
SENSITIVE: Mapping[str, str] = {
    "national_id": "Số định danh",
    "card_number": "Số thẻ",
    "ethnicity": "Dân tộc",
    "religion": "Tôn giáo",
}
MOST_POSITIONS = 20
_NUMBERS = re.compile(r"\d+")
_CODE = re.compile(r"[\w.\-/]{1,40}")


class PersonKeys(NamedTuple):
    """What lists sort by and what search looks into."""

    name_key: str
    search_key: str


def person_keys(name: str, login: str, code: str) -> PersonKeys:
    """Keys of a person; they are worked out here and nowhere else."""
    return PersonKeys(name_sort_key(name)[:400], fold(f"{name} {login} {code}")[:240])


def read_birth(text: str, today: date) -> tuple[date | None, str]:
    """Day, month or year of birth as far as it is known, with its precision; (None, "") for nothing. Raises InvalidInput."""
    wrong = InvalidInput(
        "birth_invalid", "Ngày sinh không đúng. Ghi 14/10/1980, hoặc 10/1980, hoặc 1980 nếu chỉ biết đến đó.", "birth"
    )
    if not text.strip():
        return None, ""
    numbers = [int(part) for part in _NUMBERS.findall(text)]
    if re.fullmatch(r"\s*\d{4}-\d{1,2}-\d{1,2}\s*", text):
        numbers.reverse()
    if not 1 <= len(numbers) <= 3 or re.search(r"[^\d\s./\-]", text):
        raise wrong
    year, month, day = [*reversed(numbers), 1, 1][:3]
    if not (1880 <= year <= today.year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise wrong
    found = date(year, month, day)
    if found > today:
        raise InvalidInput("birth_future", "Ngày sinh ở tương lai.", "birth")
    return found, ("year", "month", "day")[len(numbers) - 1]


def show_birth(day: date | None, precision: str) -> str:
    """A birth as it is written in a form; empty where it is unknown."""
    if day is None:
        return ""
    return {"year": f"{day.year}", "month": f"{day.month:02}/{day.year}"}.get(precision, f"{day.day:02}/{day.month:02}/{day.year}")


def births_compatible(first: date | None, first_precision: str, second: date | None, second_precision: str) -> bool | None:
    """Whether two births may be one, as far as both are known; None where one is unknown."""
    if first is None or second is None:
        return None
    parts = min({"year": 1, "month": 2}.get(one, 3) for one in (first_precision, second_precision))
    return (first.year, first.month, first.day)[:parts] == (second.year, second.month, second.day)[:parts]


def _converted(converted: cells.Converted, field: str, text: str) -> str:
    value, remarks = converted
    for code, message, severity in remarks:
        if severity == ERROR:
            raise InvalidInput(code, message, field, text=text, value=value)
    return value


def check_person(values: Mapping[str, str], today: date) -> dict[str, Any]:
    """Columns of a person from what was entered. Raises InvalidInput at the field that is wrong."""
    name = cells.clean(values.get("full_name", ""))
    if len(name) < 2:
        raise InvalidInput("name_missing", "Hãy ghi họ và tên.", "full_name")
    if len(name) > 120:
        raise InvalidInput("name_long", "Họ và tên dài quá 120 ký tự.", "full_name")
    _converted(cells.name(name), "full_name", name)
    birth, precision = read_birth(values.get("birth", ""), today)
    sex, kind = values.get("sex", ""), values.get("kind", "") or "official"
    if sex not in SEXES:
        raise InvalidInput("sex_unknown", "Hãy chọn Nam, Nữ hoặc chưa rõ.", "sex")
    if kind not in KINDS:
        raise InvalidInput("kind_unknown", "Hãy chọn đối tượng trong danh sách.", "kind")
    phone, email = cells.clean(values.get("phone", "")), cells.clean(values.get("email", ""))
    return {
        "display_name": name,
        "birth_date": birth,
        "birth_precision": precision,
        "sex": sex,
        "kind": kind,
        "phone": _converted(cells.phone(phone), "phone", phone)[:20] if phone else "",
        "email": _converted(cells.email(email), "email", email) if email else "",
    }


def check_login(text: str) -> str:
    """A login as chosen by hand, empty for one of our making. Raises InvalidInput."""
    login = cells.clean(text)
    if login and not 3 <= len(login_key(login)) <= 80:
        raise InvalidInput("login_short", "Tên đăng nhập cần từ 3 đến 80 ký tự.", "login")
    return login


def check_code(text: str) -> str:
    """A code as chosen by hand, empty for one of our making. Raises InvalidInput."""
    code = cells.clean(text)
    if code and not _CODE.fullmatch(code):
        raise InvalidInput("code_invalid", "Mã chỉ gồm chữ, số, dấu chấm, gạch; tối đa 40 ký tự.", "code")
    return code


def check_positions(text: str) -> list[str]:
    """Titles of offices, one a line, each once. Raises InvalidInput."""
    found = list(dict.fromkeys(one for one in map(cells.clean, text.splitlines()) if one))
    if len(found) > MOST_POSITIONS or any(len(one) > 200 for one in found):
        raise InvalidInput("positions_many", "Mỗi dòng một chức vụ, tối đa 20 dòng, mỗi dòng tối đa 200 ký tự.", "positions")
    return found


def check_sensitive(values: Mapping[str, str]) -> dict[str, str | None]:
    """Sensitive columns from what was entered; only those given. Raises InvalidInput."""
    found: dict[str, str | None] = {}
    for field in SENSITIVE:
        if field not in values:
            continue
        text = cells.clean(values[field])
        if field == "national_id" and text:
            number = _converted(cells.national_id(text), field, text)
            if len(number) != 12:
                raise InvalidInput("national_id_invalid", "“%(text)s” không phải số định danh (12 chữ số).", field, text=text)
            text = number
        longest = 50 if field == "card_number" else 60
        if len(text) > longest:
            raise InvalidInput("too_long", "Tối đa %(longest)s ký tự.", field, longest=longest)
        found[field] = (text or None) if field in ("national_id", "card_number") else text
    return found


def hidden(value: str | None) -> str:
    """A number as the card on the page shows it: its last four signs."""
    return f"••••••••{value[-4:]}" if value and len(value) > 4 else "••••" if value else ""
