"""The documents of a class: list of people, decision that opens it, summons. Plain figures in, `lib.document` values out.

They are written in Vietnamese, whatever the language of the pages: that is what they are filed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from elearn.classes.rules.cohorts import Helper
from elearn.classes.rules.programmes import Lesson
from elearn.lib.document import (
    Annex,
    Block,
    Column,
    Document,
    Letterhead,
    Paragraph,
    Signer,
    Table,
    blank,
    or_blank,
    padded,
    written_day,
)

SIGNS = {"people": "DS", "opening": "QĐ", "summons": "GTT"}
HINT = "(Ký, ghi rõ họ tên)"
PAPERS: Mapping[str, str] = {
    "people": "Danh sách trích ngang",
    "opening": "Quyết định mở lớp",
    "summons": "Giấy triệu tập",
}


@dataclass(frozen=True)
class Attendant:
    """A person as lists print them. `born` is a day, month and year, or a year, as far as it is known; the last two only for whom they are shown."""

    name: str
    sex: str
    born: str
    position: str
    unit_name: str
    sender: str
    kind: str = ""
    phone: str = ""
    ethnicity: str = ""
    religion: str = ""
    note: str = ""


@dataclass(frozen=True)
class ClassFacts:
    """A class as documents tell of it."""

    title: str
    programme: str
    organiser: str
    place: str
    first: date
    last: date
    people: tuple[Attendant, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    lecturers: tuple[Helper, ...] = ()
    committee: tuple[Helper, ...] = ()
    decision_number: str = ""
    decided_on: date | None = None
    with_sensitive: bool = False


@dataclass(frozen=True)
class Typed:
    """What the officer adds; all may be empty and is then written by hand."""

    letterhead: Letterhead
    post: str = ""
    name: str = ""
    maker: str = ""


def class_words(title: str) -> str:
    """ "lớp Bồi dưỡng …", as it stands inside a sentence; a title that says so itself loses only its capital."""
    return title[0].lower() + title[1:] if title.lower().startswith("lớp") else f"lớp {title}"


def period_words(first: date, last: date) -> str:
    """ "từ ngày 12/10/2026 đến ngày 16/10/2026", or one day."""
    return f"ngày {first:%d/%m/%Y}" if first == last else f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"


def people_table(facts: ClassFacts) -> Table:
    """The list with one column of births for men and one for women, as such lists are kept; a column without a word is left out."""
    has_posts, has_notes = any(one.position for one in facts.people), any(one.note for one in facts.people)
    columns = [
        Column("STT", 9, "center"), Column("Họ và tên", 32), Column("Nam", 27, "center"), Column("Nữ", 27, "center"),
        *([Column("Chức vụ", 20)] if has_posts else []), Column("Đơn vị", 30), Column("Cấp uỷ cử đi", 28),
        *([Column("Dân tộc", 14), Column("Tôn giáo", 14)] if facts.with_sensitive else []), *([Column("Ghi chú", 14)] if has_notes else []),
    ]  # fmt: skip
    rows = [
        (
            str(place), one.name, one.born if one.sex != "female" else "", one.born if one.sex == "female" else "",
            *([one.position] if has_posts else []), one.unit_name, one.sender,
            *([one.ethnicity, one.religion] if facts.with_sensitive else []), *([one.note] if has_notes else []),
        )
        for place, one in enumerate(facts.people, start=1)
    ]  # fmt: skip
    return Table(tuple(columns), tuple(rows))


def by_sender(people: Sequence[Attendant]) -> str:
    """ "Đảng bộ phường Bình Minh 05 người; …" in the order of the list."""
    counts: dict[str, int] = {}
    for one in people:
        counts[one.sender] = counts.get(one.sender, 0) + 1
    return "; ".join(f"{sender} {padded(count)} người" for sender, count in counts.items() if sender)


def write_people(facts: ClassFacts, typed: Typed) -> Document:
    """Danh sách trích ngang: who is sent, for the file of the class."""
    head = replace(typed.letterhead, sign=SIGNS["people"])
    women = sum(one.sex == "female" for one in facts.people)
    body: tuple[Block, ...] = (
        Paragraph(f"Danh sách có {padded(len(facts.people))} người, trong đó {padded(women)} nữ.", is_italic=True),
        people_table(facts),
    )
    signers = (Signer("NGƯỜI LẬP", typed.maker, HINT), Signer(typed.post.upper() or blank(8), typed.name, HINT))
    return Document(head, "DANH SÁCH TRÍCH NGANG", f"học viên {class_words(facts.title)}", body, signers)


def write_opening(facts: ClassFacts, typed: Typed) -> Document:
    """The decision that opens the class, with the list of learners as its annex."""
    number = typed.letterhead.number or facts.decision_number.partition("-")[0].partition("/")[0]
    head = replace(typed.letterhead, sign=SIGNS["opening"], number=number, day=typed.letterhead.day or facts.decided_on)
    periods = sum(lesson.periods for lesson in facts.lessons)
    articles = [
        f"Mở {class_words(facts.title)} gồm {padded(len(facts.people))} học viên (có danh sách kèm theo).",
        f"Thời gian {period_words(facts.first, facts.last)}. Địa điểm: {or_blank(facts.place)}."
        + (f" Chương trình {facts.programme} gồm {padded(len(facts.lessons))} bài, {padded(periods)} tiết." if periods else ""),
    ]
    if facts.lecturers:
        taught = "; ".join(f"đồng chí {one.name}" + (f" ({one.duty})" if one.duty else "") for one in facts.lecturers)
        articles.append(f"Giảng viên, báo cáo viên của lớp: {taught}.")
    if facts.committee:
        named = "; ".join(f"đồng chí {one.name}" + (f", {one.duty}" if one.duty else "") for one in facts.committee)
        articles.append(f"Chỉ định ban cán sự lớp: {named}.")
    last = len(articles) + 1
    articles.append(
        f"{facts.organiser}, các cấp uỷ cử người đi học và các học viên có tên trong danh sách căn cứ quyết định thi hành."
    )
    body: list[Block] = [
        Paragraph(f"Căn cứ kế hoạch mở lớp {facts.programme} của {facts.organiser};", is_italic=True),
        Paragraph("Xét danh sách đề cử đã được cấp trên của các đơn vị xác nhận,", is_italic=True),
        Paragraph(f"{or_blank(head.issuer).upper()} QUYẾT ĐỊNH", align="center", is_bold=True, is_indented=False),
        *(Paragraph(text, lead=f"Điều {place}.") for place, text in enumerate(articles, start=1)),
        Annex(
            "DANH SÁCH", f"học viên {class_words(facts.title)}",
            f"(kèm theo Quyết định {head.number_line[:1].lower()}{head.number_line[1:]}, {written_day(head.day)})",
        ),
        people_table(facts),
    ]  # fmt: skip
    signers = (Signer(typed.post.upper() or blank(8), typed.name),)
    return Document(
        head, "QUYẾT ĐỊNH", f"mở {class_words(facts.title)}", tuple(body), signers, (f"Như Điều {last}", "Lưu hồ sơ lớp")
    )


def write_summons(facts: ClassFacts, typed: Typed, timetable: Sequence[str] = ()) -> Document:
    """Giấy triệu tập: to one person where the list holds one, otherwise to all of an annexed list. `timetable` are its lines in words."""
    head = replace(typed.letterhead, sign=SIGNS["summons"])
    alone = facts.people[0] if len(facts.people) == 1 else None
    whom = (
        f"đồng chí {alone.name}, {alone.unit_name}"
        if alone
        else f"{padded(len(facts.people))} đồng chí có tên trong danh sách kèm theo"
    )
    decision = f" theo Quyết định số {facts.decision_number}, {written_day(facts.decided_on)}" if facts.decision_number else ""
    body: list[Block] = [
        Paragraph(f"{facts.organiser} triệu tập {whom} dự {class_words(facts.title)}{decision}."),
        Paragraph(f"Thời gian: {period_words(facts.first, facts.last)}.", lead="1."),
        Paragraph(f"Địa điểm: {or_blank(facts.place)}.", lead="2."),
    ]
    if timetable:
        body.append(Paragraph("Lịch học:", lead="3."))
        body += [Paragraph(line) for line in timetable]
    body.append(Paragraph("Đề nghị cấp uỷ nơi công tác tạo điều kiện để học viên dự đủ thời gian của lớp."))
    if alone is None:
        body += [Annex("DANH SÁCH", f"triệu tập dự {class_words(facts.title)}"), people_table(facts)]
    signers = (Signer(typed.post.upper() or blank(8), typed.name),)
    return Document(head, "GIẤY TRIỆU TẬP", f"dự {class_words(facts.title)}", tuple(body), signers, ("Như trên", "Lưu hồ sơ lớp"))


WRITERS = {"people": write_people, "opening": write_opening, "summons": write_summons}
