"""The invented province of An Sơn: its organisation since 1/7/2025, and the districts and communes that ended on that day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, product
from random import Random

FOUNDED = date(2020, 6, 1)
MERGED = date(2025, 7, 1)
DECISION = "01-QĐ/TU ngày 01/7/2025"

KINDS = {  # code: Vietnamese name, English name
    "province": ("Đảng bộ tỉnh", "Provincial organisation"),
    "body": ("Đảng bộ cơ quan cấp tỉnh", "Organisation of a provincial body"),
    "district": ("Đảng bộ huyện", "District organisation"),
    "commune": ("Đảng bộ xã", "Commune organisation"),
    "ward": ("Đảng bộ phường", "Ward organisation"),
    "base": ("Đảng bộ cơ sở", "Base-level organisation"),
    "section": ("Đảng bộ bộ phận", "Section organisation"),
    "cell": ("Chi bộ", "Cell"),
}


@dataclass
class Place:
    """One unit of the plan; `parent` and `successors` are indices into it."""

    name: str
    short_name: str
    kind: str
    parent: int | None
    code: str
    valid_from: date = MERGED
    valid_to: date | None = None
    former_parent: int | None = None
    successors: list[int] = field(default_factory=list)


_FIRST = "Bình Đông An Yên Tân Phú Thanh Vĩnh Xuân Hoà Long Phong Nam Tây Thượng Quảng Hưng Cẩm Kim Đại Lâm Phúc Trung Mỹ".split()
_SECOND = "Minh Hoà Thịnh Lãng Sơn Giang Lộc Hải Phong Bình Thuỷ Trạch Xuyên Khê Thọ Điền Cường Phú Lạc Mai Ninh Châu Yên".split()
_HAMLETS = "Thượng Trung Hạ Đoài Đông Đình Chùa Giữa Cầu Bến Đồng Soi Vườn Rừng Núi Trại Mới Cả Nội Ngoại Lò Gốm Bãi Giếng Tiền Hậu Gò Chợ".split()
_SCHOOLS = ("Trường THCS", "Trường Tiểu học", "Trường Mầm non", "Trạm Y tế", "Công an", "Quân sự")
_OFFICES = ("Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hoá – Xã hội", "Trung tâm Phục vụ hành chính công")
_BODIES: dict[str, tuple[str, ...]] = {
    "Đảng bộ các cơ quan Đảng tỉnh An Sơn": (
        "Chi bộ Văn phòng Tỉnh uỷ", "Chi bộ Ban Tổ chức Tỉnh uỷ", "Chi bộ Ban Tuyên giáo và Dân vận Tỉnh uỷ",
        "Chi bộ Uỷ ban Kiểm tra Tỉnh uỷ", "Chi bộ Ban Nội chính Tỉnh uỷ", "Chi bộ Cơ quan Uỷ ban MTTQ Việt Nam tỉnh",
        "Đảng bộ Trường Chính trị tỉnh", "Chi bộ Báo và Phát thanh, Truyền hình An Sơn",
    ),
    "Đảng bộ UBND tỉnh An Sơn": (
        "Đảng bộ Sở Giáo dục và Đào tạo", "Đảng bộ Sở Y tế", "Đảng bộ Sở Nội vụ", "Đảng bộ Sở Tài chính", "Đảng bộ Sở Nông nghiệp và Môi trường",
        "Đảng bộ Sở Xây dựng", "Đảng bộ Sở Khoa học và Công nghệ", "Chi bộ Thanh tra tỉnh", "Chi bộ Sở Tư pháp",
    ),
    "Đảng bộ Công an tỉnh An Sơn": (
        "Đảng bộ Phòng Tham mưu", "Đảng bộ Phòng Cảnh sát giao thông", "Chi bộ Phòng Công tác chính trị", "Chi bộ Phòng Hậu cần",
        "Chi bộ Phòng An ninh mạng",
    ),
}  # fmt: skip
_BODY_CELLS = ("Chi bộ Văn phòng", "Chi bộ Tổ chức – Hành chính", "Chi bộ Chuyên môn 1", "Chi bộ Chuyên môn 2")
SMALLEST = 60


class _Plan:
    """The list under construction."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    def add(self, name: str, short_name: str, kind: str, parent: int | None, code: str, **more: object) -> int:
        self.places.append(Place(name, short_name, kind, parent, code, **more))  # type: ignore[arg-type]
        return len(self.places) - 1


def plan_places(random: Random, wanted: int) -> list[Place]:
    """About `wanted` units (at least SMALLEST), parents before their children, the province first."""
    plan = _Plan()
    wanted = max(wanted, SMALLEST)
    province = plan.add("Đảng bộ tỉnh An Sơn", "An Sơn", "province", None, "AS", valid_from=FOUNDED)
    _add_bodies(plan, province)
    names = _commune_names(random)
    districts = [
        plan.add(
            f"Đảng bộ huyện {name}", f"huyện {name}", "district", province, f"AS-H{number}", valid_from=FOUNDED, valid_to=MERGED
        )
        for number, name in enumerate(("Yên Sơn", "Đông Giang", "Thượng Lâm"), start=1)
    ]
    communes = max(6, min(120, (wanted - len(plan.places)) // 9))
    share = max(6, (wanted - len(plan.places)) // communes - 2)
    for number in range(1, communes + 1):
        is_ward = number % 3 == 1
        name = next(names)
        former = [next(names) for _ in range(random.choice((2, 2, 3)))] if number <= max(3, communes // 3) else []
        _add_commune(plan, province, number, name, is_ward, share, former, districts[number % 3])
    return plan.places


def _commune_names(random: Random) -> Iterator[str]:
    """Names of two words, the two known from the guided tour first, none twice."""
    yield "Bình Minh"
    yield "Đông Hoà"
    pairs = [f"{a} {b}" for a, b in product(_FIRST, _SECOND) if a != b]
    taken = {
        "Bình Minh",
        "Đông Hoà",
        "Yên Sơn",
        "Đông Giang",
        "Thượng Lâm",
        "Yên Bình",
        "Phú Thọ",
        "Vĩnh Phúc",
        "Hưng Yên",
        "Phú Yên",
    }
    random.shuffle(pairs)
    yield from (pair for pair in pairs if pair not in taken)


def _add_bodies(plan: _Plan, province: int) -> None:
    for number, (name, below) in enumerate(_BODIES.items(), start=1):
        code = f"AS-C{number}"
        body = plan.add(name, name.removeprefix("Đảng bộ ").removesuffix(" An Sơn"), "body", province, code)
        for place, inner in enumerate(below, start=1):
            is_cell = inner.startswith("Chi bộ")
            short = inner.removeprefix("Chi bộ ").removeprefix("Đảng bộ ")
            unit = plan.add(inner, short, "cell" if is_cell else "base", body, f"{code}-{place:02}")
            for last, cell in enumerate(_BODY_CELLS[: 0 if is_cell else 3], start=1):
                plan.add(cell, cell.removeprefix("Chi bộ "), "cell", unit, f"{code}-{place:02}-{last}")


def _add_commune(
    plan: _Plan, province: int, number: int, name: str, is_ward: bool, share: int, former: Sequence[str], district: int
) -> None:
    """A commune with about `share` cells; where it was made of former ones, those too, and to which of them its cells belonged."""
    sort = "phường" if is_ward else "xã"
    code = f"AS-{number:03}"
    own = plan.add(f"Đảng bộ {sort} {name}", f"{sort} {name}", "ward" if is_ward else "commune", province, code)
    numbers = count(1)
    office = plan.add(f"Đảng bộ UBND {sort} {name}", f"UBND {sort} {name}", "section", own, f"{code}-{next(numbers):03}")
    for last, part in enumerate(_OFFICES[: 2 if share < 8 else 4], start=1):
        plan.add(f"Chi bộ {part}", part, "cell", office, f"{code}-001-{last}")
    old = [
        plan.add(
            f"Đảng bộ xã {one} (cũ)", f"xã {one} (cũ)", "commune", district, f"{code}-X{place}",
            valid_from=FOUNDED, valid_to=MERGED, successors=[own],
        )
        for place, one in enumerate(former, start=1)
    ]  # fmt: skip
    for place, unit in enumerate(old, start=1):
        plan.add(
            f"Chi bộ Cơ quan xã {former[place - 1]} (cũ)", f"Cơ quan xã {former[place - 1]} (cũ)", "cell", unit, f"{code}-X{place}-1",
            valid_from=FOUNDED, valid_to=MERGED, successors=[office + 1],
        )  # fmt: skip
    settlements = share - 2 if share < 8 else share - 7
    for index in range(max(5, settlements)):
        label = _settlement(is_ward, index)
        parent_before = old[index % len(old)] if old else None
        plan.add(
            f"Chi bộ {label}", label, "cell", own, f"{code}-{next(numbers):03}", former_parent=parent_before,
            valid_from=FOUNDED if old else MERGED,
        )  # fmt: skip
    for school in _SCHOOLS[: 1 if share < 8 else 5]:
        label = f"{school} {name}" if school.startswith(("Trường", "Trạm")) else f"{school} {sort} {name}"
        plan.add(f"Chi bộ {label}", label, "cell", own, f"{code}-{next(numbers):03}")


def _settlement(is_ward: bool, index: int) -> str:
    if is_ward:
        return f"Khu phố {index + 1}"
    again = index // len(_HAMLETS)
    return f"Thôn {_HAMLETS[index % len(_HAMLETS)]}" + (f" {again + 1}" if again else "")


def cells_of(places: Sequence[Place]) -> list[int]:
    """Indices of the cells that exist today: where people are."""
    return [index for index, place in enumerate(places) if place.kind == "cell" and place.valid_to is None]


def paths_below(places: Sequence[Place], top: int) -> set[int]:
    """Indices of the units below `top`, itself among them."""
    found = {top}
    for index, place in enumerate(places):
        if place.parent in found:
            found.add(index)
    return found
