"""The weekly bulletin: figures of a round in the sentences of such reports. People (người) and attempts (lượt) are told apart throughout.

It is written in Vietnamese, whatever the language of the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from elearn.lib.document import Block, Column, Document, Letterhead, Paragraph, Signer, Table, blank, padded
from elearn.lib.numbers import format_number, format_percent
from elearn.lib.periods import local

TOP = 10
"""Units that the bulletin names."""


@dataclass(frozen=True)
class Week:
    """Figures of one round."""

    title: str
    people: int
    attempts: int
    all_correct: int


@dataclass(frozen=True)
class UnitLine:
    """Figures of a unit."""

    unit_id: int
    name: str
    people: int
    attempts: int
    all_correct: int


@dataclass(frozen=True)
class WinnerLine:
    """A prize and who gets it; a unit has no `unit_name`."""

    prize: str
    name: str
    unit_name: str
    is_unit: bool = False


@dataclass(frozen=True)
class Figures:
    """What a bulletin is made of. `word` is what rounds are called (tuần); `weeks` run up to this one, `units` from the best.

    `before` is the round before, None where there is none; `has_questions` is false on a stage, where nobody is "wholly right".
    """

    contest: str
    word: str
    closes_at: datetime
    version: int
    is_published: bool
    this: Week
    before: Week | None = None
    weeks: tuple[Week, ...] = ()
    units: tuple[UnitLine, ...] = ()
    winners: tuple[WinnerLine, ...] = ()
    has_questions: bool = True


@dataclass(frozen=True)
class Growth:
    """How a count differs from that of the round before; `percent` is None where that was 0."""

    difference: int
    percent: Decimal | None


def short_labels(weeks: Sequence[Week], most: int = 8) -> list[str]:
    """Titles for the foot of a chart; of many weeks the number alone, where the titles end in one."""
    titles = [one.title for one in weeks]
    ends = [title.rsplit(" ", 1)[-1] for title in titles]
    return ends if len(titles) > most and all(end.isdecimal() for end in ends) else titles


def growth(now: int, before: int) -> Growth:
    """The difference, and its share of the count before in percent."""
    return Growth(now - before, Decimal(now - before) * 100 / before if before else None)


def growth_words(change: Growth, counted: str) -> str:
    """ "tăng 1.200 người (8,42%)", "giảm 08 lượt (1,5%)", "không đổi"."""
    if not change.difference:
        return f"số {counted} không đổi"
    word = "tăng" if change.difference > 0 else "giảm"
    share = "" if change.percent is None else f" ({format_number(abs(change.percent), 2).removesuffix(',00')}%)"
    return f"{word} {padded(abs(change.difference))} {counted}{share}"


def until_words(moment: datetime) -> str:
    """ "tính đến 9 giờ 00 ngày 19/10/2026"."""
    here = local(moment)
    return f"tính đến {here.hour} giờ {here.minute:02} ngày {here:%d/%m/%Y}"


def winners_by_unit(winners: Sequence[WinnerLine]) -> list[tuple[str, int]]:
    """(unit, prizes of its people), most first; equals in the order in which they come."""
    counts: dict[str, int] = {}
    for one in winners:
        if not one.is_unit and one.unit_name:
            counts[one.unit_name] = counts.get(one.unit_name, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])


def main_sentences(of: Figures) -> list[str]:
    """Figures of the round, and how they differ from the round before."""
    this = of.this
    first = f"{until_words(of.closes_at).capitalize()}, {this.title} {of.contest} có {padded(this.people)} người dự thi với {padded(this.attempts)} lượt"
    if this.people:
        first += f", bình quân {format_number(Decimal(this.attempts) / this.people, 1)} lượt mỗi người"
    told = [f"{first}."]
    if of.has_questions and this.people:
        told.append(
            f"Có {padded(this.all_correct)} người trả lời đúng tất cả các câu hỏi,"
            f" đạt {format_percent(this.all_correct, this.people)} số người dự thi."
        )
    told.append(compared(of))
    if len(of.weeks) > 1:
        told.append(
            f"Cộng {padded(len(of.weeks))} {of.word} đã qua có {padded(sum(one.attempts for one in of.weeks))} lượt dự thi."
        )
    return told


def compared(of: Figures) -> str:
    """How the round differs from the one before, in one sentence."""
    if of.before is None:
        return f"Chưa có {of.word} trước để so sánh."
    changes = [
        growth_words(growth(of.this.people, of.before.people), "người dự thi"),
        growth_words(growth(of.this.attempts, of.before.attempts), "lượt dự thi"),
    ]
    if of.has_questions:
        changes.append(growth_words(growth(of.this.all_correct, of.before.all_correct), "người đúng tất cả"))
    return f"So với {of.before.title}, {', '.join(changes)}."


def unit_sentence(of: Figures) -> str:
    """How many units took part, and the first by people."""
    if not of.units:
        return ""
    head = of.units[0]
    return (
        f"Có {padded(len(of.units))} đơn vị có người dự thi; đông nhất là {head.name} với {padded(head.people)} người,"
        f" {padded(head.attempts)} lượt."
    )


def winner_sentence(of: Figures) -> str:
    """How many prizes went to whom, and the units with the most of them."""
    if not of.winners:
        return ""
    units = sum(one.is_unit for one in of.winners)
    parts = [f"{padded(count)} {word}" for count, word in ((len(of.winners) - units, "cá nhân"), (units, "tập thể")) if count]
    told = f"{' và '.join(parts)} đạt giải."
    most = winners_by_unit(of.winners)
    if most and most[0][1] > 1:
        names = [name for name, count in most if count == most[0][1]]
        told += f" Đơn vị có nhiều người đạt giải nhất: {', '.join(names)} ({padded(most[0][1])} người)."
    return told


def status_words(of: Figures) -> str:
    """Whether everybody may see the figures already."""
    return (
        f"Theo bản chốt {of.version}, đã công bố." if of.is_published else f"Số liệu tạm theo bản chốt {of.version}, chưa công bố."
    )


def chat_text(of: Figures) -> str:
    """The bulletin as lines to be pasted into a chat group."""
    lines = [
        f"BẢN TIN {of.this.title.upper()}",
        of.contest[:1].upper() + of.contest[1:],
        *([] if of.is_published else [status_words(of)]),
        "",
        *main_sentences(of),
    ]
    if of.units:
        lines += ["", f"{padded(min(TOP, len(of.units)))} đơn vị có đông người dự thi nhất:"]
        lines += [
            f"{place}. {one.name}: {padded(one.people)} người, {padded(one.attempts)} lượt"
            for place, one in enumerate(of.units[:TOP], start=1)
        ]
    if of.winners:
        lines += ["", winner_sentence(of)]
        lines += [f"- {one.prize}: {one.name}{f', {one.unit_name}' if one.unit_name else ''}" for one in of.winners]
    return "\n".join(lines)


def write_bulletin(of: Figures, letterhead: Letterhead) -> Document:
    """The bulletin as a document, with its figures as tables."""
    body: list[Block] = [Paragraph(sentence) for sentence in main_sentences(of)]
    columns: tuple[Column, ...]
    if len(of.weeks) > 1:
        columns = (
            Column(of.word.capitalize(), 4),
            Column("Người", 3, "right"),
            Column("Lượt", 3, "right"),
            Column("Đúng tất cả (người)", 4, "right"),
        )
        body += [
            Paragraph(f"Số liệu các {of.word}", is_bold=True),
            Table(columns, tuple((one.title, *_figures(one.people, one.attempts, one.all_correct)) for one in of.weeks)),
        ]
    if of.units:
        columns = (
            Column("STT", 14, "center"), Column("Đơn vị", 71), Column("Người", 25, "right"), Column("Lượt", 25, "right"),
            Column("Đúng tất cả (người)", 30, "right"),
        )  # fmt: skip
        rows = tuple(
            (str(place), one.name, *_figures(one.people, one.attempts, one.all_correct))
            for place, one in enumerate(of.units[:TOP], start=1)
        )
        body += [
            Paragraph(unit_sentence(of)),
            Paragraph("Các đơn vị có đông người dự thi nhất", is_bold=True),
            Table(columns, rows),
        ]
    if of.winners:
        columns = (Column("STT", 14, "center"), Column("Giải", 35), Column("Họ và tên, tập thể", 58), Column("Đơn vị", 58))
        rows = tuple((str(place), one.prize, one.name, one.unit_name) for place, one in enumerate(of.winners, start=1))
        body += [Paragraph(winner_sentence(of)), Paragraph("Danh sách đạt giải", is_bold=True), Table(columns, rows)]
    body.append(Paragraph(status_words(of), is_italic=True))
    return Document(
        letterhead, "BẢN TIN", f"{of.this.title} {of.contest}", tuple(body), (Signer("NGƯỜI LẬP", ""), Signer(blank(8), ""))
    )


def _figures(*counts: int) -> tuple[str, ...]:
    return tuple(padded(count) for count in counts)
