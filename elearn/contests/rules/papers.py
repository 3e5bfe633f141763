"""The documents of a closing: minutes, decision with its list, list to sign. Plain figures in, `lib.document` values out.

They are written in Vietnamese, whatever the language of the pages: that is what they are filed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

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
from elearn.lib.numbers import format_number, format_percent
from elearn.lib.periods import local

SIGNS = {"minutes": "BB", "decision": "QĐ", "receipts": "DS"}
ISSUER = "Ban Tổ chức cuộc thi"
"""Who issues the documents where the officer types nobody else."""
HINT = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True)
class Awarded:
    """A prize and who gets it; `why` are the figures by which it was won, or the organiser's reason. `amount` in đồng, 0: none stated."""

    prize: str
    name: str
    unit_name: str
    why: str = ""
    amount: int = 0
    is_unit: bool = False
    handed_on: date | None = None


@dataclass(frozen=True)
class Closing:
    """What a settlement says. Moments are UTC; `prediction` is the question and its true value in words, empty where none was asked."""

    contest: str
    round: str
    organiser: str
    opens_at: datetime
    closes_at: datetime
    settled_at: datetime
    version: int
    people: int
    attempts: int
    all_correct: int
    question_count: int
    chain: str
    winners: tuple[Awarded, ...] = ()
    reserves: tuple[tuple[str, str], ...] = ()
    prediction: tuple[str, str] | None = None
    is_published: bool = True
    plan_number: str = ""
    plan_day: date | None = None
    refused: int = 0


@dataclass(frozen=True)
class Typed:
    """What the officer adds; all may be empty and is then written by hand."""

    letterhead: Letterhead
    post: str = ""
    name: str = ""
    secretary: str = ""
    present: str = ""


def moment_words(moment: datetime) -> str:
    """9 giờ 00 phút ngày 19/10/2026."""
    here = local(moment)
    return f"{here.hour} giờ {here.minute:02} phút ngày {here:%d/%m/%Y}"


def prize_words(title: str) -> str:
    """ "giải Nhất"; a title that says so itself stays."""
    return title if title.lower().startswith("giải") else f"giải {title}"


def contest_words(title: str) -> str:
    """ "cuộc thi “Tìm hiểu …”"; a title that says so itself stays."""
    return title if title.lower().startswith(("cuộc thi", "hội thi")) else f"cuộc thi “{title}”"


def counted(winners: Sequence[Awarded]) -> str:
    """ "01 giải Nhất, 02 giải Nhì", in the order of the list."""
    counts: dict[str, int] = {}
    for one in winners:
        counts[one.prize] = counts.get(one.prize, 0) + 1
    return ", ".join(f"{padded(count)} {prize_words(prize)}" for prize, count in counts.items())


def who(winners: Sequence[Awarded]) -> str:
    """ "08 cá nhân và 02 tập thể"."""
    units = sum(one.is_unit for one in winners)
    told = [f"{padded(count)} {word}" for count, word in ((len(winners) - units, "cá nhân"), (units, "tập thể")) if count]
    return " và ".join(told) or "0 cá nhân"


def figures_words(closing: Closing) -> str:
    """People and attempts, each by its own word, and how many were wholly right."""
    told = f"{padded(closing.people)} người dự thi với {padded(closing.attempts)} lượt"
    if closing.question_count:
        share = format_percent(closing.all_correct, closing.people)
        told += f"; {padded(closing.all_correct)} người trả lời đúng tất cả {padded(closing.question_count)} câu hỏi"
        told += f", đạt {share} số người dự thi" if closing.people else ""
    return f"{told}."


def _list(winners: Sequence[Awarded]) -> Table:
    columns = (
        Column("STT", 14, "center"), Column("Họ và tên, tập thể", 36), Column("Đơn vị", 36), Column("Giải", 24), Column("Căn cứ", 55),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.name, one.unit_name, one.prize, one.why) for place, one in enumerate(winners, start=1)
    )  # fmt: skip
    return Table(columns, rows)


def write_minutes(closing: Closing, typed: Typed) -> Document:
    """Minutes of the closing: who and when, figures, the prediction's true value, winners with why, signatures."""
    head = replace(typed.letterhead, sign=SIGNS["minutes"])
    present = [one.strip() for one in typed.present.split(";") if one.strip()]
    body: list[Block] = [
        Paragraph(
            f"Hôm nay, {written_day(head.day)}, {or_blank(closing.organiser)} họp chốt kết quả {closing.round} {closing.contest}."
        ),
        Paragraph("I. THÀNH PHẦN", is_bold=True),
        Paragraph(f"1. Chủ trì: {or_blank(typed.name)}, chức vụ: {or_blank(typed.post)}"),
        Paragraph(f"2. Thư ký: {or_blank(typed.secretary)}"),
        *(Paragraph(f"{place}. {one}") for place, one in enumerate(present or [f"Thành viên: {blank(30)}"], start=3)),
        Paragraph("II. NỘI DUNG", is_bold=True),
        Paragraph(f"1. {closing.round} mở từ {moment_words(closing.opens_at)} đến {moment_words(closing.closes_at)}."),
        Paragraph(f"2. Kết quả chốt lúc {moment_words(closing.settled_at)} (bản chốt {closing.version}): {figures_words(closing)}"),
    ]
    lines = [f"Thứ tự xếp hạng theo thể lệ: {closing.chain}"]
    if closing.prediction:
        question, value = closing.prediction
        lines.insert(0, f"Câu dự đoán: “{question}” Số đúng: {value}, tính từ các lượt được công nhận.")
    if closing.refused:
        lines.append(
            f"Sau khi xác minh, {padded(closing.refused)} người không được công nhận; người kế tiếp theo thứ hạng được đưa lên."
        )
    lines.append(
        f"Các thành viên thống nhất trao {counted(closing.winners)} cho {who(closing.winners)}:"
        if closing.winners
        else "Không có giải."
    )
    body += [Paragraph(f"{place}. {line}") for place, line in enumerate(lines, start=3)]
    if closing.winners:
        body.append(_list(closing.winners))
    if closing.reserves:
        names = "; ".join(f"{name} ({unit})" for name, unit in closing.reserves)
        body.append(Paragraph(f"Dự khuyết, theo thứ tự: {names}."))
    body.append(
        Paragraph(
            f"Biên bản lập xong lúc {blank(2)} giờ {blank(2)} cùng ngày, đã đọc cho các thành viên nghe và thống nhất ký tên."
        )
    )
    signers = (Signer("THƯ KÝ", typed.secretary, HINT), Signer("CHỦ TRÌ", typed.name, HINT))
    return Document(head, "BIÊN BẢN", f"chốt kết quả {closing.round} {closing.contest}", tuple(body), signers)


def write_decision(closing: Closing, typed: Typed) -> Document:
    """The decision to award the prizes, with the list of winners as its annex."""
    head = replace(typed.letterhead, sign=SIGNS["decision"])
    plan = f"{or_blank(closing.plan_number, 6)} {written_day(closing.plan_day)}"
    total = sum(one.amount for one in closing.winners)
    articles = [
        f"Công nhận kết quả {closing.round} {closing.contest} và trao {counted(closing.winners) or 'giải'} cho {who(closing.winners)}"
        " (có danh sách kèm theo)."
    ]
    if total:
        articles.append(f"Tổng số tiền thưởng là {format_number(total)} đồng, trích từ kinh phí tổ chức cuộc thi.")
    last = len(articles) + 1
    articles.append(
        f"{closing.organiser or ISSUER}, các đơn vị liên quan và các cá nhân, tập thể có tên trong danh sách"
        " căn cứ quyết định thi hành."
    )
    body: list[Block] = [
        Paragraph(f"Căn cứ văn bản số {plan} về việc tổ chức {closing.contest};", is_italic=True),
        Paragraph(f"Căn cứ thể lệ {closing.contest};", is_italic=True),
        Paragraph(
            f"Căn cứ biên bản chốt kết quả {closing.round} (bản chốt {closing.version}, lúc {moment_words(closing.settled_at)}),",
            is_italic=True,
        ),
        Paragraph(f"{or_blank(head.issuer).upper()} QUYẾT ĐỊNH", align="center", is_bold=True, is_indented=False),
        *(Paragraph(text, lead=f"Điều {place}.") for place, text in enumerate(articles, start=1)),
        Annex(
            "DANH SÁCH",
            f"cá nhân, tập thể đạt giải {closing.round} {closing.contest}",
            f"(kèm theo Quyết định {head.number_line[:1].lower()}{head.number_line[1:]}, {written_day(head.day)})",
        ),
        _list(closing.winners),
    ]
    recipients = (f"Như Điều {last}", "Lưu hồ sơ cuộc thi")
    signers = (Signer(typed.post.upper() or blank(8), typed.name),)
    subject = f"công nhận kết quả và trao giải {closing.round} {closing.contest}"
    return Document(head, "QUYẾT ĐỊNH", subject, tuple(body), signers, recipients)


def write_receipts(closing: Closing, typed: Typed) -> Document:
    """The list that winners sign when they get their prize."""
    head = replace(typed.letterhead, sign=SIGNS["receipts"])
    columns = (
        Column("STT", 14, "center"), Column("Họ và tên, tập thể", 36), Column("Đơn vị", 36), Column("Giải", 24),
        Column("Số tiền (đồng)", 27, "right"), Column("Ngày và chữ ký nhận", 28),
    )  # fmt: skip
    rows = [
        (
            str(place), one.name, one.unit_name, one.prize, format_number(one.amount) if one.amount else "",
            f"{one.handed_on:%d/%m/%Y}" if one.handed_on else "",
        )
        for place, one in enumerate(closing.winners, start=1)
    ]  # fmt: skip
    total = sum(one.amount for one in closing.winners)
    if total:
        rows.append(("", "Cộng", "", "", format_number(total), ""))
    body: tuple[Block, ...] = (
        Paragraph(f"{counted(closing.winners) or 'Không có giải'}; người nhận ký vào cột cuối.", is_italic=True),
        Table(columns, tuple(rows)),
    )
    signers = (Signer("NGƯỜI LẬP", typed.secretary, HINT), Signer(typed.post.upper() or blank(8), typed.name, HINT))
    return Document(head, "DANH SÁCH", f"ký nhận giải {closing.round} {closing.contest}", body, signers)


WRITERS = {"minutes": write_minutes, "decision": write_decision, "receipts": write_receipts}
