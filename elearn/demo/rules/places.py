"""The invented province An Sơn: its units today, and the districts and communes that ended on 1 July 2025."""

# ruff: noqa: SIM905 - a list of words is read more easily as text

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from elearn.demo.rules.chance import chance

PROVINCE = "Đảng bộ tỉnh An Sơn"
REFORM = date(2025, 7, 1)
"""Day on which districts ended and communes were merged."""
FOUNDED = date(1997, 1, 1)
FEWEST_UNITS = 40
MOST_UNITS = 8000

KINDS: tuple[tuple[str, str, str], ...] = (
    ("province", "Đảng bộ tỉnh", "Provincial organisation"),
    ("provincial_body", "Đảng bộ trực thuộc tỉnh", "Organisation of a provincial body"),
    ("district", "Đảng bộ huyện", "District organisation (until 2025)"),
    ("ward", "Đảng bộ phường", "Ward organisation"),
    ("commune", "Đảng bộ xã", "Commune organisation"),
    ("committee", "Đảng bộ cơ sở", "Grassroots organisation"),
    ("cell", "Chi bộ", "Party cell"),
)
"""Sorts of unit: code, name, name in English."""


@dataclass
class Place:
    """A unit to be made. `number` counts from 0; `weight` says how many people it draws, 0 where people belong below it."""

    number: int
    name: str
    short_name: str
    kind: str
    parent: int | None
    valid_from: date
    valid_to: date | None = None
    weight: float = 0.0
    milieu: str = "village"
    earlier_parent: int | None = None
    successors: tuple[int, ...] = ()
    predecessors: list[int] = field(default_factory=list)


_WARDS = ("Bình Minh", "Tân Lập", "Đông Kinh", "Hồng Phong", "Nam Cường", "Thanh Bình", "Quyết Thắng", "Cốc Lếu Mới")
_COMMUNES = ("Đông Hoà", "Mường Cơi", "Suối Ngần", "Tam Thanh", "Nậm Khoang", "Phú Lương", "Vĩnh Trạch", "Yên Khê")
_FIRST = tuple(
    "Bình Tân Đông Phú Xuân Hoà Thanh Yên Vĩnh Long Minh Thái Kim Hồng Trung Thượng Hương Ngọc Cẩm Mường Nậm Quảng".split()
)
_SECOND = tuple("Khê Lâm Giang Thịnh Lộc Phong Sơn Lương Trạch Phú Xá Tiến Cường Hoà Thuỷ Nghĩa Lạc Đức Bằng Vân".split())
_DISTRICTS = ("Bình Sơn Hạ", "Thượng Khê", "Mường Cơi", "Yên Giang", "Phú Trạch", "Vĩnh Ngọc", "Đông Lương", "Nậm Khoang")
_VILLAGES = tuple(
    "Thượng,Trung,Hạ,Đoài,Đông,Tiền Phong,Tân Lập,Đồng Tâm,Quyết Tiến,Đầu Cầu,Chùa,Vực,Giếng,Đồng Bông,Gò Mít,Trại Cau,Hoà Bình,"
    "Cầu Đá,Bến Than,Cây Đa,Đồng Sậy,Núi Voi,Ao Sen,Thống Nhất,Đoàn Kết,Làng Mới,Ngọc Tân,Xuân Tiến,Minh Khai,Bãi Dâu".split(",")
)
_HAMLETS = tuple(
    "Nà Cang,Nà Hỳ,Pá Khoang,Huổi Lóng,Co Mạ,Nậm Ngà,Tả Phình,Púng Luông,Bó Mười,Hua Nà,Cang Mường,Phiêng Ban,Suối Lềnh,Pa Cheo,"
    "Huổi Só,Nà Tăm,Bản Bo,Chiềng Pha,Hin Phá,Tà Sìn".split(",")
)
_OFFICES = {
    "các cơ quan Đảng tỉnh": (
        "Ban Tuyên giáo và Dân vận Tỉnh uỷ", "Ban Tổ chức Tỉnh uỷ", "Văn phòng Tỉnh uỷ", "Cơ quan Uỷ ban Kiểm tra Tỉnh uỷ",
        "Ban Nội chính Tỉnh uỷ", "Trường Chính trị tỉnh", "Báo và Phát thanh, Truyền hình tỉnh", "Cơ quan Mặt trận Tổ quốc tỉnh",
        "Tỉnh đoàn", "Hội Liên hiệp Phụ nữ tỉnh", "Liên đoàn Lao động tỉnh", "Hội Nông dân tỉnh",
    ),
    "Uỷ ban nhân dân tỉnh": (
        "Sở Nội vụ", "Sở Giáo dục và Đào tạo", "Sở Y tế", "Sở Tài chính", "Sở Xây dựng", "Sở Nông nghiệp và Môi trường",
        "Sở Khoa học và Công nghệ", "Sở Công Thương", "Sở Tư pháp", "Sở Văn hoá, Thể thao và Du lịch", "Văn phòng Uỷ ban nhân dân tỉnh",
        "Thanh tra tỉnh", "Bệnh viện Đa khoa tỉnh", "Trường THPT Chuyên An Sơn", "Trường Cao đẳng An Sơn", "Trung tâm Kiểm soát bệnh tật",
    ),
    "Công an tỉnh": (
        "Phòng Tham mưu", "Phòng Cảnh sát giao thông", "Phòng Cảnh sát hình sự", "Phòng Quản lý hành chính về trật tự xã hội",
        "Phòng Cảnh sát phòng cháy, chữa cháy", "Phòng Hậu cần", "Phòng An ninh nội địa", "Trại tạm giam",
    ),
    "Quân sự tỉnh": (
        "Phòng Tham mưu", "Phòng Chính trị", "Phòng Hậu cần – Kỹ thuật", "Trung đoàn 82", "Ban Chỉ huy phòng thủ khu vực 1",
        "Ban Chỉ huy phòng thủ khu vực 2",
    ),
}  # fmt: skip
_MILIEU = {"Công an tỉnh": "police", "Quân sự tỉnh": "army"}


class Map:
    """The units while they are laid out; parents come before what lies below them."""

    def __init__(self, seed: int) -> None:
        self.places: list[Place] = []
        self.luck = chance(seed, "places")

    def add(self, name: str, short_name: str, kind: str, parent: int | None, since: date = REFORM, **more: object) -> Place:
        place = Place(len(self.places), name, short_name, kind, parent, since, **more)  # type: ignore[arg-type]
        self.places.append(place)
        return place

    def today(self) -> int:
        return sum(place.valid_to is None for place in self.places)


def lay_out(units: int, seed: int) -> list[Place]:
    """About `units` units of today in four levels, and those that ended; the first is the province."""
    chart = Map(seed)
    province = chart.add(PROVINCE, "An Sơn", "province", None, FOUNDED)
    _add_provincial_bodies(chart, province.number, round(units * 0.14))
    rest = units - chart.today()
    count = max(4, min(120, round(rest / (11 + units / 170))))
    names = _commune_names(chart.luck)
    districts = [
        chart.add(f"Đảng bộ huyện {name}", f"Huyện {name}", "district", province.number, FOUNDED, valid_to=REFORM)
        for name in _DISTRICTS[: max(2, min(8, count // 5))]
    ]
    for index in range(count):
        is_ward = index % 4 == 0
        wanted = (units - chart.today()) // (count - index)
        if index == 0:
            wanted = max(wanted, 16)  # the ward of the guided accounts has quarters enough
        _add_commune(chart, province.number, districts[index % len(districts)].number, next(names[is_ward]), is_ward, wanted, names)
    return chart.places


def _commune_names(luck: random.Random) -> dict[bool, Iterator[str]]:
    """Names for wards (True) and communes (False), none twice."""
    pairs = [f"{first} {second}" for first in _FIRST for second in _SECOND if first != second]
    taken = {*_WARDS, *_COMMUNES, *_DISTRICTS}
    luck.shuffle(pairs)
    free = [pair for pair in pairs if pair not in taken]
    return {True: iter([*_WARDS, *free[0::3]]), False: iter([*_COMMUNES, *free[1::3], *free[2::3]])}


def _add_provincial_bodies(chart: Map, province: int, cells: int) -> None:
    bodies = {
        name: chart.add(
            f"Đảng bộ {name} An Sơn", f"Đảng bộ {name}", "provincial_body", province, milieu=_MILIEU.get(name, "office")
        )
        for name in _OFFICES
    }
    shares = {"các cơ quan Đảng tỉnh": 0.3, "Uỷ ban nhân dân tỉnh": 0.4, "Công an tỉnh": 0.17, "Quân sự tỉnh": 0.13}
    for name, offices in _OFFICES.items():
        body = bodies[name]
        for index in range(max(2, round(cells * shares[name]))):
            office = offices[index % len(offices)]
            turn = index // len(offices)
            short = f"Chi bộ {office}" if not turn else f"Chi bộ số {turn + 1}, {office}"
            name_in_full = short if body.milieu == "office" else f"{short}, {name}"
            chart.add(
                name_in_full, short, "cell", body.number, date(2012, 1, 1), weight=0.8, milieu=body.milieu, earlier_parent=province
            )


def _add_commune(
    chart: Map, province: int, district: int, name: str, is_ward: bool, wanted: int, names: dict[bool, Iterator[str]]
) -> None:
    """A commune with about `wanted` units, itself included, and the communes from which it was made."""
    luck, word = chart.luck, "phường" if is_ward else "xã"
    title = f"{word} {name}"
    old = []
    if luck.random() < 0.7 or is_ward:
        for old_name in (name, *(next(names[False], "") for _ in range(luck.choice((1, 1, 2))))):
            if old_name:
                old.append(
                    chart.add(f"Đảng bộ xã {old_name} (cũ)", f"Xã {old_name} (cũ)", "commune", district, FOUNDED, valid_to=REFORM)
                )
    commune = chart.add(f"Đảng bộ {title}", f"{word.capitalize()} {name}", "ward" if is_ward else "commune", province)
    if not old:
        commune.valid_from, commune.earlier_parent = FOUNDED, district
    government = chart.add(f"Đảng bộ UBND {title}", f"Đảng bộ UBND {word}", "committee", commune.number, milieu="office")
    for place in old:
        place.successors = (commune.number,)
        office = chart.add(
            f"Chi bộ Cơ quan {place.short_name}".replace("Cơ quan Xã", "Cơ quan xã"), "Chi bộ Cơ quan", "cell", place.number,
            date(2005, 1, 1), valid_to=REFORM, milieu="office", successors=(government.number,),
        )  # fmt: skip
        government.predecessors.append(office.number)
    economy = "Phòng Kinh tế, Hạ tầng và Đô thị" if is_ward else "Phòng Kinh tế"
    for office_name in ("Văn phòng HĐND và UBND", economy, "Phòng Văn hoá – Xã hội")[: 3 if wanted > 7 else 2]:
        chart.add(
            f"Chi bộ {office_name}, {title}", f"Chi bộ {office_name}", "cell", government.number, weight=0.45, milieu="office"
        )
    for short, weight, milieu in _cells(luck, name, is_ward, max(2, wanted - (5 if wanted > 7 else 4))):
        cell = chart.add(f"{short}, {title}", short, "cell", commune.number, weight=weight, milieu=milieu)
        if milieu != "police":
            cell.valid_from = date(luck.choice((1998, 2003, 2009, 2015)), 1, 1)
            cell.earlier_parent = luck.choice(old).number if old else None


def _cells(luck: random.Random, name: str, is_ward: bool, count: int) -> list[tuple[str, float, str]]:
    """Short name, weight and milieu of the cells directly below a commune; villages or quarters make up the number."""
    special = [
        ("Chi bộ Trường THCS", 0.9, "school"), ("Chi bộ Trường Tiểu học", 0.9, "school"), ("Chi bộ Trạm Y tế", 0.3, "health"),
        (f"Chi bộ Công an {'phường' if is_ward else 'xã'}", 0.6, "police"), ("Chi bộ Trường Mầm non", 0.7, "school"),
        ("Chi bộ các cơ quan Đảng", 0.5, "office"), ("Chi bộ Quân sự", 0.2, "army"), ("Chi bộ Trường THPT", 1.2, "school"),
        ("Chi bộ Hợp tác xã Dịch vụ nông nghiệp", 0.3, "village"),
    ]  # fmt: skip
    kept = special[: max(1, min(len(special), count * 2 // 5))]
    rest = count - len(kept)
    if is_ward:
        homes = [f"Chi bộ Khu phố {index}" for index in range(1, rest + 1)]
    elif name.startswith(("Mường", "Nậm", "Suối")):
        homes = [f"Chi bộ Bản {one}" for one in _spread(luck, _HAMLETS, rest)]
    else:
        homes = [f"Chi bộ Thôn {one}" for one in _spread(luck, _VILLAGES, rest)]
    return [(home, 1.1 + luck.random() * 0.9, "village") for home in homes] + kept


def _spread(luck: random.Random, names: tuple[str, ...], count: int) -> list[str]:
    """`count` names in mixed order; numbered once they run out."""
    mixed = luck.sample(names, len(names))
    return [mixed[index % len(mixed)] + (f" {index // len(mixed) + 1}" if index >= len(mixed) else "") for index in range(count)]
