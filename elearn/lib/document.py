"""A document as officers write it, as a plain value: letterhead, subject, paragraphs, tables, signatures.

`core.exports.word.write_word` and `core.exports.pdf.write_pdf` turn the same value into a file. Layout follows the guidance of the Party's
Central Office on the form of Party documents (HD 36-HD/VPTW, 2018) and Decree 30/2020 on that of the state's. What is left empty prints as
dots, to be filled in by hand. Documents are written in Vietnamese, whatever the language of the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from elearn.lib.numbers import format_number

DOTS = "…"
Align = Literal["left", "center", "right", "justify"]
Style = Literal["party", "state"]
STYLES: tuple[Style, ...] = ("party", "state")


def blank(length: int = 12) -> str:
    """Dots to be written upon."""
    return DOTS * length


def or_blank(text: str, length: int = 12) -> str:
    """The text, or dots where it is empty."""
    return text.strip() or blank(length)


def padded(count: int) -> str:
    """A count as reports write it: 08 below ten, 7.200 above."""
    return f"{count:02}" if 0 < count < 10 else format_number(count)


def written_day(day: date | None) -> str:
    """ "ngày 03 tháng 4 năm 2018": a nought before days below ten and before January and February; dots where the day is not known."""
    if day is None:
        return f"ngày {blank(2)} tháng {blank(2)} năm {blank(2)}"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


@dataclass(frozen=True)
class Letterhead:
    """Who issues a document. `sign` is the short sign of its type ("BB", "QĐ"), `office` that of the issuer ("BTC"); both may be empty."""

    style: Style = "party"
    superior: str = ""
    issuer: str = ""
    number: str = ""
    sign: str = ""
    office: str = ""
    place: str = ""
    day: date | None = None

    @property
    def number_line(self) -> str:
        """Số 03-KH/BTC for the Party, Số: 03/KH-BTC for the state."""
        number = or_blank(self.number, 3)
        first, second, lead = ("-", "/", "Số ") if self.style == "party" else ("/", "-", "Số: ")
        return lead + number + "".join(mark + part for mark, part in ((first, self.sign), (second, self.office)) if part)

    @property
    def place_line(self) -> str:
        """Hà Nội, ngày 03 tháng 4 năm 2018."""
        return f"{or_blank(self.place, 4)}, {written_day(self.day)}"

    @property
    def left(self) -> tuple[str, str]:
        """Body above and issuer, in capitals."""
        return self.superior.upper(), or_blank(self.issuer, 10).upper()

    @property
    def right(self) -> tuple[str, ...]:
        """What stands at the right: one line for the Party, name of the country and its motto for the state."""
        if self.style == "party":
            return ("ĐẢNG CỘNG SẢN VIỆT NAM",)
        return "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class Paragraph:
    """Lines of text; `lead` stands before them in bold ("Điều 1.")."""

    text: str
    lead: str = ""
    align: Align = "justify"
    is_bold: bool = False
    is_italic: bool = False
    is_indented: bool = True


@dataclass(frozen=True)
class Column:
    """Heading, share of the width of the page, and how its cells stand."""

    heading: str
    share: int = 1
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """Rows of words; the headings are repeated on each page, a row is never parted."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Annex:
    """A new page with a title of its own, and the document that it belongs to."""

    title: str
    subject: str = ""
    note: str = ""


@dataclass(frozen=True)
class Signer:
    """A post and the name below it; `hint` stands between, e.g. (Ký, ghi rõ họ tên)."""

    post: str
    name: str = ""
    hint: str = ""


Block = Paragraph | Table | Annex


@dataclass(frozen=True)
class Document:
    """The whole. `kind` is the type in capitals (QUYẾT ĐỊNH), `subject` what it is about.

    The left of the signatures is a signer, or the list of those who receive the document. Signatures stand where the body ends, before
    the first annex.
    """

    letterhead: Letterhead
    kind: str
    subject: str
    body: tuple[Block, ...]
    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = field(default=())

    @property
    def parts(self) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
        """What stands before the signatures, and the annexes after them."""
        for place, block in enumerate(self.body):
            if isinstance(block, Annex):
                return self.body[:place], self.body[place:]
        return self.body, ()


def text_of(document: Document) -> list[str]:
    """Everything that the document says, in reading order: what both writers print."""
    head = document.letterhead
    told = [*head.left, *head.right, head.number_line, head.place_line, document.kind, document.subject]
    body, annexes = document.parts
    told += _texts(body)
    if document.recipients:
        told += ["Nơi nhận:", *(f"- {one};" for one in document.recipients)]
    for signer in document.signers:
        told += [signer.post, signer.hint, signer.name]
    return [one for one in [*told, *_texts(annexes)] if one]


def _texts(blocks: tuple[Block, ...]) -> list[str]:
    told: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            told.append(f"{block.lead} {block.text}".strip())
        elif isinstance(block, Table):
            told += [column.heading for column in block.columns]
            told += [cell for row in block.rows for cell in row]
        else:
            told += [block.title, block.subject, block.note]
    return told
