"""The documents of a class's results: minutes of the council, decision that recognises them with its list, the list alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from elearn.classes.rules.papers import HINT, ClassFacts, Typed, class_words, period_words
from elearn.lib.document import Annex, Block, Column, Document, Paragraph, Signer, Table, blank, or_blank, padded, written_day
from elearn.lib.numbers import format_number, format_percent

SIGNS = {"minutes": "BB", "recognition": "QĐ", "results": "DS"}
RESULT_PAPERS: Mapping[str, str] = {
    "minutes": "Biên bản xét kết quả",
    "recognition": "Quyết định công nhận kết quả",
    "results": "Danh sách kết quả",
}


@dataclass(frozen=True)
class Graded:
    """A learner's result as lists print it; `differs` is the council's reason where it decided otherwise than proposed."""

    name: str
    born: str
    unit_name: str
    mark: Decimal | None
    grade: str
    is_passed: bool
    attendance: str = ""
    differs: str = ""


@dataclass(frozen=True)
class Results:
    """What was decided of a class; `grades` are all grades from the highest down."""

    facts: ClassFacts
    people: tuple[Graded, ...]
    grades: tuple[str, ...]
    minutes_number: str = ""
    minutes_on: date | None = None
    recognition_number: str = ""
    recognised_on: date | None = None


def counted(results: Results) -> str:
    """ "Giỏi 56 (41,48%); Khá 48 (35,56%)": every grade that somebody got, with its share of all."""
    total = len(results.people)
    counts = [(grade, sum(one.grade == grade for one in results.people)) for grade in results.grades]
    return "; ".join(f"{grade} {padded(count)} ({format_percent(count, total)})" for grade, count in counts if count)


def _table(people: Sequence[Graded], with_attendance: bool) -> Table:
    columns = [
        Column("STT", 10, "center"), Column("Họ và tên", 36), Column("Ngày sinh", 27, "center"), Column("Đơn vị", 40),
        Column("Điểm", 14, "right"), Column("Xếp loại", 22),
    ]  # fmt: skip
    if with_attendance:
        columns.insert(4, Column("Dự học", 26))
    rows = []
    for place, one in enumerate(people, start=1):
        row = [str(place), one.name, one.born, one.unit_name, format_number(one.mark, 2) if one.mark is not None else "", one.grade]
        if with_attendance:
            row.insert(4, one.attendance)
        rows.append(tuple(row))
    return Table(tuple(columns), tuple(rows))


def write_minutes(results: Results, typed: Typed) -> Document:
    """Minutes of the council: figures by grade, what was decided otherwise than proposed and why, the list."""
    number = typed.letterhead.number or _bare(results.minutes_number)
    head = replace(typed.letterhead, sign=SIGNS["minutes"], number=number, day=results.minutes_on or typed.letterhead.day)
    facts = results.facts
    passed = sum(one.is_passed for one in results.people)
    body: list[Block] = [
        Paragraph(f"Hôm nay, {written_day(head.day)}, hội đồng xét kết quả {class_words(facts.title)} họp."),
        Paragraph("I. THÀNH PHẦN", is_bold=True),
        Paragraph(f"1. Chủ trì: {or_blank(typed.name)}, chức vụ: {or_blank(typed.post)}"),
        Paragraph(f"2. Thư ký: {or_blank(typed.maker)}"),
        Paragraph(f"3. Thành viên: {blank(30)}"),
        Paragraph("II. NỘI DUNG", is_bold=True),
        Paragraph(f"1. Lớp học {period_words(facts.first, facts.last)}, có {padded(len(results.people))} học viên được xét."),
        Paragraph(
            f"2. Kết quả: {padded(passed)} người đạt, {padded(len(results.people) - passed)} người không đạt. {counted(results)}."
        ),
    ]
    differing = [one for one in results.people if one.differs]
    if differing:
        body.append(Paragraph("3. Hội đồng kết luận khác đề xuất theo quy định đối với:"))
        body += [Paragraph(f"- {one.name}: {one.grade}. Lý do: {one.differs}.") for one in differing]
    body += [
        Paragraph(f"{4 if differing else 3}. Các thành viên thống nhất kết quả sau:"),
        _table(results.people, True),
        Paragraph(
            f"Biên bản lập xong lúc {blank(2)} giờ {blank(2)} cùng ngày, đã đọc cho các thành viên nghe và thống nhất ký tên."
        ),
    ]
    signers = (Signer("THƯ KÝ", typed.maker, HINT), Signer("CHỦ TRÌ", typed.name, HINT))
    return Document(head, "BIÊN BẢN", f"xét kết quả {class_words(facts.title)}", tuple(body), signers)


def _bare(number: str) -> str:
    """The digits before the signs: 12 of 12-QĐ/TTCT."""
    return number.partition("-")[0].partition("/")[0]


def write_recognition(results: Results, typed: Typed) -> Document:
    """The decision that recognises the results of those who passed, with their list as its annex."""
    number = typed.letterhead.number or _bare(results.recognition_number)
    head = replace(typed.letterhead, sign=SIGNS["recognition"], number=number, day=results.recognised_on or typed.letterhead.day)
    facts = results.facts
    passed = [one for one in results.people if one.is_passed]
    minutes = f"số {or_blank(results.minutes_number, 6)}, {written_day(results.minutes_on)}"
    body: list[Block] = [
        Paragraph(f"Căn cứ Quyết định số {or_blank(facts.decision_number, 6)}, {written_day(facts.decided_on)} mở {class_words(facts.title)};", is_italic=True),
        Paragraph(f"Căn cứ biên bản xét kết quả {minutes},", is_italic=True),
        Paragraph(f"{or_blank(head.issuer).upper()} QUYẾT ĐỊNH", align="center", is_bold=True, is_indented=False),
        Paragraph(
            f"Công nhận {padded(len(passed))} học viên {class_words(facts.title)} hoàn thành chương trình {facts.programme}"
            f" (có danh sách kèm theo). {counted(replace(results, people=tuple(passed)))}.",
            lead="Điều 1.",
        ),
        Paragraph("Các học viên có tên trong danh sách được cấp giấy chứng nhận theo quy định.", lead="Điều 2."),
        Paragraph(f"{facts.organiser}, các cấp uỷ có học viên và các học viên có tên trong danh sách căn cứ quyết định thi hành.", lead="Điều 3."),
        Annex(
            "DANH SÁCH", f"học viên hoàn thành {class_words(facts.title)}",
            f"(kèm theo Quyết định {head.number_line[:1].lower()}{head.number_line[1:]}, {written_day(head.day)})",
        ),
        _table(passed, False),
    ]  # fmt: skip
    signers = (Signer(typed.post.upper() or blank(8), typed.name),)
    return Document(
        head, "QUYẾT ĐỊNH", f"công nhận kết quả {class_words(facts.title)}", tuple(body), signers, ("Như Điều 3", "Lưu hồ sơ lớp")
    )


def write_results(results: Results, typed: Typed) -> Document:
    """The list of everybody with attendance, mark and grade."""
    head = replace(typed.letterhead, sign=SIGNS["results"])
    body: tuple[Block, ...] = (Paragraph(f"{counted(results)}.", is_italic=True), _table(results.people, True))
    signers = (Signer("NGƯỜI LẬP", typed.maker, HINT), Signer(typed.post.upper() or blank(8), typed.name, HINT))
    return Document(head, "DANH SÁCH", f"kết quả {class_words(results.facts.title)}", body, signers)


WRITERS = {"minutes": write_minutes, "recognition": write_recognition, "results": write_results}
