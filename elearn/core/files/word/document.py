"""A .docx as lines and tables in the order in which a reader meets them.

A line is numbered by its place: paragraphs of the text and rows of tables are counted together, from 1. Deleted and struck-out words are
left out, inserted ones kept; each leaves a note. Letters of the old Vietnamese fonts are converted where the font says so; otherwise letters stay as they are.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from elearn.core.files.word.mathematics import Latex, M
from elearn.core.files.word.package import Package, R, W
from elearn.core.files.word.styles import Look, Numbering, Styles, colour, look_of, numbering_of, value
from elearn.lib.errors import InvalidInput
from elearn.lib.legacy_encodings import TCVN3, VNI, convert_legacy
from elearn.lib.repair import cleaned, repaired
from elearn.lib.styled import (
    BOLD,
    ITALIC,
    MOST_COLOURS,
    PLAIN,
    SUBSCRIPT,
    SUPERSCRIPT,
    UNDERLINE,
    Cell,
    Document,
    Formula,
    Line,
    Note,
    Picture,
    Row,
    Table,
    look,
)

MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_CELLS_IN_ROW = 60
MAX_LINES = 300_000
_DEEPEST = 12
_A_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_DOC_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_V_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_TEXT_BOX = f"{W}txbxContent"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_SUFFIXES = ((b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF87a", ".gif"), (b"GIF89a", ".gif"))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)
_SYMBOLS = {
    0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0x6F: "☐", 0xA8: "☐", 0x71: "☐", 0xE0: "→", 0xD8: "•", 0xB7: "•", 0xA7: "•", 0x52: "☑", 0x51: "☒", 0x50: "✓",
}  # fmt: skip
_TRANSPARENT = {f"{W}{name}" for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo")}


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the surroundings give to letters."""

    look: Look
    shade: str = ""


class _Reader:
    def __init__(self, package: Package) -> None:
        self.document = Document()
        self._package = package
        self._styles = Styles(package.related("styles"))
        self._numbering = Numbering(package.related("numbering"), self._styles)
        self._footnotes = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}
        self._colours: dict[str, int] = {"": 0}
        self._shades: dict[str, int] = {"": 0}
        self._pictures: dict[str, str] = {}
        self._looks: dict[tuple[Look, str], str] = {}
        self._line = 0
        self._told: set[tuple[int, str]] = set()
        self._boxes: list[Line] = []

    def _notes_of(self, kind: str) -> dict[str, str]:
        root = self._package.related(f"{kind}s")
        if root is None:
            return {}
        return {
            value(note, "id"): " ".join("".join(text.text or "" for text in note.iter(f"{W}t")).split())
            for note in root.iter(f"{W}{kind}")
        }

    def _tell(self, kind: str, words: str = "") -> None:
        if (self._line, kind + words) not in self._told:
            self._told.add((self._line, kind + words))
            self.document.notes.append(Note(self._line, kind, words))

    def read(self) -> Document:
        for element in self._package.body():
            if self._line > MAX_LINES:
                raise InvalidInput(
                    "too_many_lines",
                    "Văn bản có hơn %(limit)s đoạn nên không được đọc. Hãy chia thành nhiều tệp.",
                    "file",
                    limit=MAX_LINES,
                    line=self._line,
                )
            if element.tag == f"{W}p":
                self._line += 1
                self.document.blocks += self._paragraph(element, "", 0)
            else:
                self.document.blocks.append(self._table(element, 0))
        return self.document

    def _table(self, element: etree._Element, depth: int) -> Table:
        rows: list[Row] = []
        for row in _found(element, "tr"):
            if depth == 0:
                self._line += 1
            cells: list[Cell] = []
            for cell in _found(row, "tc"):
                properties = cell.find(f"{W}tcPr")
                fill = "" if properties is None else colour(value(properties.find(f"{W}shd"), "fill"))
                merge = None if properties is None else properties.find(f"{W}vMerge")
                span = "" if properties is None else value(properties.find(f"{W}gridSpan"))
                lines = tuple(self._cell(cell, "" if fill == "white" else fill, depth))
                cells.append(Cell(lines, merge is not None and value(merge) != "restart"))
                cells += [Cell(())] * min(int(span) - 1 if span.isdigit() else 0, MAX_CELLS_IN_ROW)
            rows.append(Row(self._line, tuple(cells[:MAX_CELLS_IN_ROW])))
        return Table(tuple(rows))

    def _cell(self, cell: etree._Element, shade: str, depth: int) -> Iterator[Line]:
        for child in _blocks(cell):
            if child.tag == f"{W}p":
                yield from self._paragraph(child, shade, depth)
            elif depth < _DEEPEST:
                inner = self._table(child, depth + 1)
                letter = self.document.keep(inner)
                yield Line.plain(letter, self._line)

    def _paragraph(self, element: etree._Element, shade: str, depth: int) -> list[Line]:
        """The lines of a paragraph (it may be broken by hand), then those of text boxes that hang on it."""
        properties = element.find(f"{W}pPr")
        style = self._styles.paragraph("" if properties is None else value(properties.find(f"{W}pStyle")))
        own_shade = "" if properties is None else colour(value(properties.find(f"{W}shd"), "fill"))
        ground = _Ground(style.look.over(self._styles.ground), shade or ("" if own_shade == "white" else own_shade))
        number_id, level = numbering_of(properties)
        number_id = number_id or style.number_id
        outline = "" if properties is None else value(properties.find(f"{W}outlineLvl"))
        heading = (int(outline) + 1) % 10 if outline.isdigit() else style.heading
        outer, self._boxes = self._boxes, []
        pieces: list[tuple[str, str]] = []
        self._inline(element, ground, pieces, depth)
        boxes, self._boxes = self._boxes, outer
        text = "".join(words for words, _look in pieces)
        looks = "".join(sign * len(words) for words, sign in pieces)
        if number_id not in ("", "0") and text.strip():
            label = self._numbering.label(number_id, style.level if level is None else level)
            if label.strip():
                text, looks = f"{label.strip()} {text}", PLAIN * (len(label.strip()) + 1) + looks
        lines = []
        start = 0
        for part in text.split("\n"):
            lines.append(Line(part, looks[start : start + len(part)], self._line, heading))
            start += len(part) + 1
        return lines + boxes

    def _inline(self, element: etree._Element, ground: _Ground, pieces: list[tuple[str, str]], depth: int) -> None:
        if depth > _DEEPEST * 3:
            return
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, ground, pieces, depth)
            elif tag in _TRANSPARENT:
                self._inline(child, ground, pieces, depth + 1)
            elif tag in (f"{W}ins", f"{W}moveTo"):
                self._tell("inserted")
                self._inline(child, ground, pieces, depth + 1)
            elif tag in (f"{W}del", f"{W}moveFrom"):
                self._tell("deleted")
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self._formula(child, pieces)
            elif tag == _CHOICE and len(child):
                self._inline(child[0], ground, pieces, depth + 1)

    def _formula(self, element: etree._Element, pieces: list[tuple[str, str]]) -> None:
        formula = Latex(element)
        for name in dict.fromkeys(formula.unknown):
            self._tell("formula", name)
        if formula.text:
            pieces.append((self.document.keep(Formula(formula.text)), PLAIN))

    def _run(self, run: etree._Element, ground: _Ground, pieces: list[tuple[str, str]], depth: int) -> None:
        properties = run.find(f"{W}rPr")
        given = ground.look
        if properties is not None:
            style = properties.find(f"{W}rStyle")
            if style is not None:
                given = self._styles.letters(value(style)).over(given)
            given = look_of(properties).over(given)
        words: list[str] = []
        for child in run:
            name = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
            if name == "t":
                words.append(child.text or "")
            elif name in ("tab", "ptab"):
                words.append("\t")
            elif name in ("br", "cr"):
                words.append("\n" if value(child, "type") in ("", "textWrapping") else "")
            elif name == "noBreakHyphen":
                words.append("-")
            elif name == "sym":
                code = value(child, "char")
                sign = _SYMBOLS.get(int(code, 16) & 0xFF) if re.fullmatch("[0-9A-Fa-f]{2,4}", code) else None
                if sign is None:
                    self._tell("symbol", value(child, "font"))
                words.append(sign or "")
            elif name in ("footnoteReference", "endnoteReference"):
                self._tell("footnote", self._footnotes[name.removesuffix("Reference")].get(value(child, "id"), ""))
            elif name in ("drawing", "pict", "object"):
                self._flush(words, given, ground, pieces)
                self._drawing(child, pieces, depth)
            elif child.tag == _CHOICE and len(child):
                self._flush(words, given, ground, pieces)
                self._drawing(child[0], pieces, depth)
        self._flush(words, given, ground, pieces)

    def _flush(self, words: list[str], given: Look, ground: _Ground, pieces: list[tuple[str, str]]) -> None:
        text = "".join(words)
        words.clear()
        if not text:
            return
        if (given.struck or given.hidden) and text.strip():
            self._tell("struck" if given.struck else "hidden", " ".join(text.split())[:80])
            return
        pieces.append((self._converted(text, given.font), self._sign(given, ground.shade)))

    def _converted(self, text: str, font: str) -> str:
        """The text cleaned, and out of the old font that it is written in."""
        text = cleaned(text)
        kind = TCVN3 if font.startswith(".Vn") else VNI if font.upper().startswith("VNI") else ""
        is_capital = kind == TCVN3 and font.endswith("H") and font != ".VnH"
        if kind and not text.isascii():
            text, done = convert_legacy(text, kind)
            if done:
                self._tell(done)
        return text.upper() if is_capital else text

    def _sign(self, given: Look, shade: str) -> str:
        known = self._looks.get((given, shade))
        if known is not None:
            return known
        flags = (BOLD if given.bold else 0) | (ITALIC if given.italic else 0) | (UNDERLINE if given.underline else 0)
        flags |= SUPERSCRIPT if given.raised == "superscript" else SUBSCRIPT if given.raised == "subscript" else 0
        ink = self._colours.setdefault(given.colour or "", len(self._colours))
        fill = self._shades.setdefault(given.shade or shade, len(self._shades))
        self._looks[(given, shade)] = look(flags, ink, fill)
        return self._looks[(given, shade)]

    def _drawing(self, element: etree._Element, pieces: list[tuple[str, str]], depth: int) -> None:
        """Pictures and text boxes of a drawing."""
        boxes = list(element.iter(_TEXT_BOX))
        for box in boxes if depth < _DEEPEST else []:
            if not any(outer.tag == _TEXT_BOX for outer in box.iterancestors() if outer in boxes):
                self._box(box, depth)
        blips = [blip.get(f"{R}embed") for blip in element.iter(_A_BLIP)] + [
            image.get(f"{R}id") for image in element.iter(_V_IMAGE)
        ]
        properties = next(element.iter(_DOC_PROPERTIES), None)
        alt = "" if properties is None else str(properties.get("descr") or properties.get("title") or "")
        given_name = "" if properties is None else str(properties.get("name") or "")
        if element.tag == f"{W}object":
            self._tell("object", "")
        for relation in blips:
            self._picture(str(relation or ""), " ".join(repaired(cleaned(alt))[0].split()), given_name, pieces)
        if (
            not blips
            and not boxes
            and element.tag != f"{W}object"
            and not any(outer.tag == _TEXT_BOX for outer in element.iterancestors())
        ):
            self._tell("drawing", "")

    def _box(self, box: etree._Element, depth: int) -> None:
        lines: list[Line] = []
        for child in _blocks(box):
            if child.tag == f"{W}p":
                lines += self._paragraph(child, "", depth + 1)
            else:
                lines.append(Line.plain(self.document.keep(self._table(child, depth + 1)), self._line))
        self._boxes += lines

    def _picture(self, relation: str, alt: str, given_name: str, pieces: list[tuple[str, str]]) -> None:
        kind, part = self._package.relations.get(relation, ("", ""))
        data = self._package.bytes_of(part) if kind == "image" else None
        name = posixpath.basename(part)
        suffix = "" if data is None else picture_suffix(data)
        if data is None or not suffix:
            self._tell("picture_kind", name)
            return
        if len(data) > MAX_PICTURE_BYTES:
            self._tell("picture_size", name)
            return
        if part not in self._pictures:
            stem = re.sub(r"[^A-Za-z0-9_-]+", "-", posixpath.splitext(name)[0]).strip("-") or "image"
            self._pictures[part] = f"{stem}{suffix}"
        is_own = self.document.is_source and _NAME.fullmatch(given_name)
        pieces.append((self.document.keep(Picture(given_name if is_own else self._pictures[part], alt, data)), PLAIN))


def picture_suffix(data: bytes) -> str:
    """The ending for the name of a picture that pages can show, by its first bytes; "" for any other content."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    return next((suffix for start, suffix in _SUFFIXES if data.startswith(start)), "")


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables right inside, also those within content controls."""
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _blocks(child)


def _found(element: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from _found(child, name)


def _with_usual_colour(document: Document) -> None:
    """Renumbers colours so that 0 is the one in which most letters of the document are written."""
    counted: Counter[int] = Counter()
    lines = [line for block in document.blocks for line in ([block] if isinstance(block, Line) else _lines_of(block))]
    for line in lines:
        for sign, count in Counter(line.looks).items():
            counted[ord(sign) >> 5 & MOST_COLOURS] += count
    usual = counted.most_common(1)[0][0] if counted else 0
    if usual == 0:
        return
    swapped = {0: usual, usual: 0}
    table = {}
    for sign in {sign for line in lines for sign in set(line.looks)}:
        ink = ord(sign) >> 5 & MOST_COLOURS
        table[ord(sign)] = chr(ord(sign) & ~(MOST_COLOURS << 5) | swapped.get(ink, ink) << 5)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Line):
            document.blocks[place] = replace(block, looks=block.looks.translate(table))
        else:
            document.blocks[place] = Table(
                tuple(
                    replace(
                        row,
                        cells=tuple(
                            replace(cell, lines=tuple(replace(line, looks=line.looks.translate(table)) for line in cell.lines))
                            for cell in row.cells
                        ),
                    )
                    for row in block.rows
                )
            )


def _lines_of(table: Table) -> Iterator[Line]:
    for row in table.rows:
        for cell in row.cells:
            yield from cell.lines


def read_document(data: bytes, source_mark: str = "") -> Document:
    """Lines and tables of a .docx. Raises InvalidInput, with advice, for whatever is none or is not safe to read.

    A document that carries `source_mark` among its key words was written by ourselves: its texts are Markdown.
    """
    package = Package(data)
    reader = _Reader(package)
    reader.document.is_source = bool(source_mark) and source_mark in package.keywords().split()
    document = reader.read()
    _with_usual_colour(document)
    return document
