"""What somebody without an account says of themselves to take part, and whether it is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from elearn.contests.rules.entry import full_years
from elearn.contests.rules.settings import ContestSettings
from elearn.contests.rules.words import Words
from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold, normalise
from elearn.members.rules.people import check_person

OF_AGE = 16
"""From this age on a person agrees alone; for somebody younger a representative does as well."""
OTHER_UNIT = "other"
SHORTEST_ADDRESS = 5


@dataclass(frozen=True)
class Registration:
    """A registration that is in order. `columns` are those of a member; `unit_id` is None for a unit outside the tree, then named in words."""

    columns: Mapping[str, Any]
    unit_id: int | None = None
    unit_name: str = ""
    address: str = ""
    representative: str = ""

    @property
    def phone(self) -> str:
        return str(self.columns["phone"])

    @property
    def identity(self) -> str:
        """Name, birth date and unit in one form: equal for two registrations of one person, however typed."""
        born: date | None = self.columns["birth_date"]
        where = str(self.unit_id) if self.unit_id else fold(self.unit_name)
        told = (fold(self.columns["display_name"]), born.isoformat() if born else "", self.columns["birth_precision"], where)
        return "|".join(told)


def check_registration(values: Mapping[str, str], rules: ContestSettings, today: date) -> Registration:
    """What was typed, in its one form. Raises InvalidInput at the field that is wrong, the first one from the top.

    `values` are by field of the form; `unit` is an id that has been looked up, OTHER_UNIT, or empty.
    """
    asked = set(rules.asked)
    columns = check_person({name: values.get(name, "") for name in ("full_name", "birth", "sex", "phone")}, today)
    if "birth_date" in asked and columns["birth_date"] is None:
        raise InvalidInput("birth_missing", "Hãy ghi ngày sinh, hoặc tháng và năm, hoặc năm sinh.", "birth")
    if "phone" in asked and not columns["phone"]:
        raise InvalidInput("phone_missing", "Hãy ghi số điện thoại.", "phone")
    if "sex" in asked and not columns["sex"]:
        raise InvalidInput("sex_missing", "Hãy chọn Nam hoặc Nữ.", "sex")
    address = normalise(values.get("address", ""))
    if "address" in asked and len(address) < SHORTEST_ADDRESS:
        raise InvalidInput("address_missing", "Hãy ghi địa chỉ.", "address")
    unit_id, unit_name = _unit(values, asked)
    representative = normalise(values.get("representative", ""))
    if needs_representative(columns["birth_date"], columns["birth_precision"], today):
        if len(representative) < 2:
            raise InvalidInput(
                "representative_missing",
                "Người dự thi chưa đủ 16 tuổi: hãy ghi họ tên cha, mẹ hoặc người giám hộ.",
                "representative",
            )
        if values.get("representative_agrees") != "yes":
            raise InvalidInput(
                "representative_silent", "Người dự thi chưa đủ 16 tuổi: cha, mẹ hoặc người giám hộ cần đánh dấu đồng ý.",
                "representative_agrees",
            )  # fmt: skip
    else:
        representative = ""
    if values.get("consent") != "yes":
        raise InvalidInput("consent_missing", "Cần đánh dấu đồng ý thì mới đăng ký được.", "consent")
    return Registration(columns, unit_id, unit_name, address[:300], representative[:120])


def _unit(values: Mapping[str, str], asked: set[str]) -> tuple[int | None, str]:
    chosen, other = values.get("unit", ""), normalise(values.get("unit_other", ""))[:200]
    if "unit" not in asked:
        return None, ""
    if chosen == OTHER_UNIT:
        if len(other) < 2:
            raise InvalidInput("unit_unnamed", "Hãy ghi tên đơn vị, hoặc nơi bạn ở.", "unit_other")
        return None, other
    if not chosen.isdecimal() or len(chosen) > 9:
        raise InvalidInput("unit_missing", "Hãy tìm và chọn đơn vị của bạn, hoặc chọn “Khác”.", "unit")
    return int(chosen), ""


def needs_representative(born: date | None, precision: str, today: date) -> bool:
    """Whether the person may still be under 16: where only the year or the month is known, the latest day of it is taken."""
    if born is None:
        return False
    latest = born
    if precision == "year":
        latest = date(born.year, 12, 31)
    elif precision == "month":
        latest = date(born.year, born.month, 28)
    return full_years(latest, today) < OF_AGE


def usual_consent(organiser: str, rules: ContestSettings, days: int) -> list[Words]:
    """What people agree to where the organiser has not written a text of their own, paragraph by paragraph; `days`: how long it is kept."""
    data = {"phone": "số điện thoại", "birth_date": "ngày sinh", "sex": "giới tính", "address": "địa chỉ", "unit": "đơn vị"}
    kinds = ", ".join(words for name, words in data.items() if name in rules.asked)
    return [
        Words(
            "%(organiser)s thu thập họ tên%(more)s và bài làm của bạn để tổ chức cuộc thi, xếp hạng, xác minh người đoạt giải và trao giải.",
            {"organiser": organiser, "more": f", {kinds}" if kinds else ""},
        ),
        Words("Họ tên, đơn vị và kết quả của người dự thi được công bố cùng bảng xếp hạng. Số điện thoại, ngày sinh và địa chỉ không được công bố."),
        Words("Dữ liệu của người không có tài khoản được xoá %(days)s ngày sau khi công bố kết quả cuối cùng; kết quả còn lại không mang tên.", {"days": days}),
        Words("Bạn có quyền xem, sửa, rút lại sự đồng ý và yêu cầu xoá dữ liệu của mình; các việc ấy làm được ở trang “Đăng ký của tôi”."),
    ]  # fmt: skip
