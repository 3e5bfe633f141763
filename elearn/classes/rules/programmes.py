"""What a programme asks: lessons, conditions, attendance, parts of the mark, grades. A cohort keeps a copy of these terms as they were."""

from __future__ import annotations

import itertools
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import format_number, parse_scaled
from elearn.members.rules.people import KINDS

TOP = Decimal(10)
MOST_LESSONS = 60
MOST_PERIODS = 60
ATTENDANCE_UNITS: Mapping[str, str] = {"session": "buổi", "period": "tiết"}
PARTS: Mapping[str, str] = {"test": "Bài kiểm tra", "essay": "Bài thu hoạch", "participation": "Chuyên cần"}
AUDIENCES: Mapping[str, str] = {key: KINDS[key] for key in ("outstanding", "probationary", "official", "cadre")}


@dataclass(frozen=True)
class Lesson:
    """A lesson (bài) and how many periods (tiết) it takes."""

    title: str
    periods: int


@dataclass(frozen=True)
class Part:
    """A part of the mark; `weight` in hundredths of the whole, exact to one decimal."""

    kind: str
    weight: Decimal


@dataclass(frozen=True)
class Band:
    """A grade from a mark on; the lowest band begins at 0 and means failed."""

    name: str
    at_least: Decimal


DEFAULT_BANDS = (
    Band("Xuất sắc", Decimal(9)), Band("Giỏi", Decimal(8)), Band("Khá", Decimal(7)), Band("Trung bình", Decimal(5)),
    Band("Không đạt", Decimal(0)),
)  # fmt: skip
DEFAULT_PARTS = (Part("test", Decimal(50)), Part("essay", Decimal(50)))


@dataclass(frozen=True)
class Terms:
    """All that a class takes over from its programme on the day it is opened."""

    programme: str
    lessons: tuple[Lesson, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds of member who may attend; empty: everybody."""
    age_from: int | None = None
    age_to: int | None = None
    not_holding: str = ""
    """Whoever holds a certificate of this kind that is in force is refused; empty: nobody is."""
    refuse_overlap: bool = True
    attendance_percent: Decimal = Decimal(80)
    attendance_by: str = "session"
    parts: tuple[Part, ...] = DEFAULT_PARTS
    bands: tuple[Band, ...] = DEFAULT_BANDS
    certificate_kind: str = ""
    """Empty: the class ends without certificates."""
    validity_months: int | None = None
    audience: tuple[str, ...] = field(default=())
    """For whom it is meant, in words, as it stands in plans and summonses."""

    @property
    def periods(self) -> int:
        return sum(lesson.periods for lesson in self.lessons)

    @property
    def pass_mark(self) -> Decimal:
        """The mark from which a learner passes: where the lowest band but one begins."""
        return self.bands[-2].at_least


def to_json(terms: Terms) -> dict[str, Any]:
    """Plain values for the database; decimals as text, so that they stay exact."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [plain(one) for one in value]
        return value

    found: dict[str, Any] = plain(asdict(terms))
    return found


def from_json(raw: Mapping[str, Any]) -> Terms:
    """The way back from `to_json`; what an older copy lacks has its default."""
    known = {name: raw[name] for name in Terms.__dataclass_fields__ if name in raw}
    for name in ("kinds", "audience"):
        known[name] = tuple(known.get(name, ()))
    known["lessons"] = tuple(Lesson(one["title"], one["periods"]) for one in known.get("lessons", ()))
    if "attendance_percent" in known:
        known["attendance_percent"] = Decimal(known["attendance_percent"])
    if "parts" in known:
        known["parts"] = tuple(Part(one["kind"], Decimal(one["weight"])) for one in known["parts"])
    if "bands" in known:
        known["bands"] = tuple(Band(one["name"], Decimal(one["at_least"])) for one in known["bands"])
    return Terms(**known)


def check_terms(terms: Terms) -> Terms:
    """The terms; raises InvalidInput at the box that is wrong."""
    if not terms.lessons:
        raise InvalidInput("no_lessons", "Hãy ghi ít nhất một bài, mỗi bài một dòng, ví dụ: Điều lệ Đảng | 5.", field="lessons")
    if len(terms.lessons) > MOST_LESSONS:
        raise InvalidInput("many_lessons", "Một chương trình có nhiều nhất %(most)s bài.", field="lessons", most=MOST_LESSONS)
    if any(kind not in KINDS for kind in terms.kinds):
        raise InvalidInput("kind_unknown", "Hãy chọn đối tượng trong danh sách.", field="kinds")
    if terms.age_from is not None and terms.age_to is not None and terms.age_from > terms.age_to:
        raise InvalidInput("ages", "Tuổi đến phải lớn hơn hoặc bằng tuổi từ.", field="age_to")
    if not 0 <= terms.attendance_percent <= 100:
        raise InvalidInput("attendance", "Tỉ lệ dự học từ 0 đến 100 phần trăm.", field="attendance_percent")
    if terms.attendance_by not in ATTENDANCE_UNITS:
        raise InvalidInput("attendance_by", "Hãy chọn tính theo buổi hoặc theo tiết.", field="attendance_by")
    check_parts(terms.parts)
    check_bands(terms.bands)
    return terms


def check_parts(parts: Sequence[Part]) -> None:
    """Raise InvalidInput unless the parts are known, each once, and their weights make exactly 100."""
    if any(part.kind not in PARTS for part in parts) or len({part.kind for part in parts}) != len(parts):
        raise InvalidInput("parts", "Mỗi phần điểm chỉ ghi một lần.", field="weight_test")
    total = sum((part.weight for part in parts), Decimal(0))
    if any(part.weight <= 0 for part in parts) or total != 100:
        raise InvalidInput(
            "weights", "Trọng số các phần điểm phải cộng lại đúng 100; hiện là %(total)s.",
            field="weight_test", total=format_number(total),
        )  # fmt: skip


def check_bands(bands: Sequence[Band]) -> None:
    """Raise InvalidInput unless the bands part 0 to 10 without gap or overlap: from the highest down, each lower, the last at 0."""
    if len(bands) < 2:
        raise InvalidInput("bands_few", "Cần ít nhất hai mức xếp loại, mức cuối là không đạt.", field="bands")
    marks = [band.at_least for band in bands]
    if marks[-1] != 0:
        raise InvalidInput("bands_end", "Mức cuối cùng phải bắt đầu từ 0, để không điểm nào bị bỏ sót.", field="bands")
    if marks[0] > TOP or any(higher <= lower for higher, lower in itertools.pairwise(marks)):
        raise InvalidInput(
            "bands_order", "Các mức phải xếp từ cao xuống thấp, mỗi mức một điểm khác nhau, cao nhất là 10.", field="bands"
        )
    if len({band.name for band in bands}) != len(bands) or not all(band.name for band in bands):
        raise InvalidInput("bands_names", "Mỗi mức xếp loại có một tên riêng.", field="bands")


def grade_of(mark: Decimal, bands: Sequence[Band]) -> Band:
    """The band of a mark between 0 and 10."""
    return next(band for band in bands if mark >= band.at_least)


def valid_until(day: date, months: int | None) -> date | None:
    """The day from which a certificate of a day no longer holds; None where it holds for good. The 31st becomes the last of a shorter month."""
    if months is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_lessons(text: str) -> tuple[Lesson, ...]:
    """Lessons from lines "title | periods"; without a number a lesson takes one period. Raises InvalidInput naming the line."""
    found = []
    for number, line in enumerate((one.strip() for one in text.splitlines()), start=1):
        if not line:
            continue
        title, _bar, periods = line.rpartition("|") if "|" in line else (line, "", "1")
        if not title.strip() or not periods.strip().isdecimal() or not 0 < int(periods) <= MOST_PERIODS:
            raise InvalidInput(
                "lesson_line", "Dòng %(number)s: hãy ghi tên bài, dấu | rồi số tiết, ví dụ: Điều lệ Đảng | 5.",
                field="lessons", number=number,
            )  # fmt: skip
        found.append(Lesson(title.strip()[:200], int(periods)))
    return tuple(found)


def write_lessons(lessons: Iterable[Lesson]) -> str:
    """The way back from `read_lessons`."""
    return "\n".join(f"{lesson.title} | {lesson.periods}" for lesson in lessons)


def read_bands(text: str) -> tuple[Band, ...]:
    """Bands from lines "name | mark". Raises InvalidInput naming the line."""
    found = []
    for number, line in enumerate((one.strip() for one in text.splitlines()), start=1):
        if not line:
            continue
        name, _, mark = line.rpartition("|")
        try:
            at_least = Decimal(parse_scaled(mark, 2)).scaleb(-2)
        except InvalidInput:
            at_least = Decimal(-1)
        if not name.strip() or not 0 <= at_least <= TOP:
            raise InvalidInput(
                "band_line", "Dòng %(number)s: hãy ghi tên mức, dấu | rồi điểm từ 0 đến 10, ví dụ: Giỏi | 8.",
                field="bands", number=number,
            )  # fmt: skip
        found.append(Band(name.strip()[:60], at_least))
    return tuple(found)


def write_bands(bands: Iterable[Band]) -> str:
    """The way back from `read_bands`."""
    return "\n".join(f"{band.name} | {format_number(band.at_least)}" for band in bands)
