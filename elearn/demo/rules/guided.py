"""The guided accounts: two for each role, with logins that are easy to say, and one that shows the forced first password."""

# ruff: noqa: SIM905 - a list of words is read more easily as text

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from elearn.demo.rules.places import Place


@dataclass(frozen=True)
class Guided:
    """An account to try a role with. `home` says where the person belongs, `scope` what the role is for ("" where there is no role)."""

    login: str
    name: str
    sex: str
    birth_year: int
    role: str
    home: str
    scope: str
    must_change_password: bool = False


_OFFICE = "Ban Tuyên giáo và Dân vận Tỉnh uỷ"
GUIDED = (
    Guided("quantri1", "Đặng Trung Kiên", "male", 1983, "system_administrator", _OFFICE, "province"),
    Guided("quantri2", "Lò Thị Phương", "female", 1991, "system_administrator", "Văn phòng HĐND và UBND", "commune"),
    Guided("nhansu1", "Ngô Thị Nga", "female", 1980, "personnel_officer", _OFFICE, "province"),
    Guided("nhansu2", "Lý Văn Khoa", "male", 1987, "personnel_officer", "Văn phòng HĐND và UBND", "commune"),
    Guided("daotao1", "Phan Đức Dũng", "male", 1979, "training_officer", _OFFICE, "province"),
    Guided("daotao2", "Vũ Thị Hường", "female", 1988, "training_officer", "Phòng Văn hoá – Xã hội", "commune"),
    Guided("cuocthi1", "Hoàng Thị Mai", "female", 1985, "contest_officer", _OFFICE, "province"),
    Guided("cuocthi2", "Trịnh Công Bách", "male", 1993, "contest_officer", "Phòng Văn hoá – Xã hội", "commune"),
    Guided("bientap1", "Bùi Ngọc Yến", "female", 1990, "content_editor", _OFFICE, "province"),
    Guided("bientap2", "Nông Văn Thuận", "male", 1986, "content_editor", "Văn phòng HĐND và UBND", "commune"),
    Guided("thamdinh1", "Nguyễn Hữu Phước", "male", 1971, "reviewer", _OFFICE, "province"),
    Guided("thamdinh2", "Đỗ Thị Thanh Thuỷ", "female", 1976, "reviewer", "Văn phòng HĐND và UBND", "commune"),
    Guided("giamkhao1", "Đỗ Văn Thành", "male", 1968, "examiner", _OFFICE, "province"),
    Guided("giamkhao2", "Dương Thị Bích Hạnh", "female", 1974, "examiner", "Trường THCS", "commune"),
    Guided("xem1", "Vũ Đình Quang", "male", 1981, "unit_viewer", _OFFICE, "province"),
    Guided("xem2", "Quàng Văn Hợp", "male", 1977, "unit_viewer", "Văn phòng HĐND và UBND", "commune"),
    Guided("hocvien1", "Trần Thị Hạnh", "female", 1984, "learner", "Khu phố", ""),
    Guided("hocvien2", "Nguyễn Văn Bình", "male", 1969, "learner", "Trường THCS", ""),
    Guided("moi", "Lê Quốc Bảo", "male", 2001, "learner", "Khu phố", "", must_change_password=True),
)

# Syllables that are easy to say and to type without accents; four of them and two digits make a password.
_SYLLABLES = tuple(
    "ao ban bau bep bien bong bua buom cam cau chao chim chuong cua dao dau den dong gao gio go gom ha hat hoa hong kem keo khoai la lan "
    "lang leo lua lung mai may me moc mua muoi nam nau ngo ngoc nha nho nui nuoc oi ong phao pho quat que rau rung sao sen son song sua "
    "suoi tam tau than thuyen tieu toi trang tre trong tuoi vai vang voi vong vuon xanh xoai xuan yen".split()
)


def commune_of(places: Sequence[Place]) -> Place:
    """The commune that the second account of each role is for: the first ward."""
    return next(place for place in places if place.kind == "ward")


def home_of(account: Guided, places: Sequence[Place]) -> Place:
    """The cell to which the account belongs: at the province, or in the ward of `commune_of`."""
    ward = commune_of(places)
    below = {ward.number} | {place.number for place in places if place.parent == ward.number}
    near = [place for place in places if place.weight and (place.parent in below)]
    if account.scope == "province":
        near = [place for place in places if place.weight and place.parent not in below]
    fitting = [place for place in near if account.home in place.name]
    quarters = [place for place in fitting if place.short_name.endswith(" 5")]
    return (quarters or fitting or near)[0]


def invent_password(luck: random.Random) -> str:
    """Four syllables and two digits, such as lua-nuoc-tre-xanh-47: about 32 bits, for invented people on a machine of one's own."""
    return "-".join([*luck.sample(_SYLLABLES, 4), f"{luck.randrange(10, 100)}"])
