"""Word files and texts of questions in the many ways in which people lay them out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph

LABELS = ("Câu {}: ", "Câu {}. ", "Câu hỏi {}) ", "{}. ", "Question {}: ", "Bài {}. ", "CÂU {}: ", "Câu {} ")
AUTOMATIC_LABELS = ("Câu %1:", "%1.", "Câu %1.")
OPTIONS = ("{}. ", "{}) ", "{}/ ", "({}) ", "{} - ", "{}.")
LAYOUTS = ("lines", "tabs", "spaces", "pairs", "table", "row", "automatic", "breaks")
WORD_KEYS = ("bold", "underline", "colour", "highlight", "shading", "label_colour")
TEXT_KEYS = (
    "star_before", "star_after", "Đáp án: {}", "Đ/A: {}", "ĐA: {}", "Đáp án đúng là {}", "Key: {}", "Answer: {}", "Trả lời: {}", "Chọn {}", "same_line",
    "table", "list", "long_list",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What a file is made of."""

    stem: str
    options: tuple[str, ...]
    right: frozenset[int]

    def key(self) -> str:
        return ", ".join("ABCDEFGH"[place] for place in sorted(self.right))


@dataclass(frozen=True)
class Layout:
    """How it is written."""

    label: str = "Câu {}: "
    option: str = "{}. "
    layout: str = "lines"
    key: str = "Đáp án: {}"
    is_small: bool = False
    bold_labels: bool = False
    bold_stems: bool = False

    def letter(self, place: int) -> str:
        letter = "ABCDEFGH"[place]
        return letter.lower() if self.is_small else letter

    def option_label(self, place: int, question: Question) -> str:
        label = self.option.format(self.letter(place))
        if place in question.right:
            if self.key == "star_before":
                return f"*{label}"
            if self.key == "star_after":
                return label.replace(self.letter(place), f"{self.letter(place)}*")
        return label


def answer_lines(questions: Sequence[Question], layout: Layout) -> list[str]:
    """The list of answers below the questions."""
    keys = [question.key() for question in questions]
    if layout.key == "list":
        return ["ĐÁP ÁN", "  ".join(f"{number}.{key}" for number, key in enumerate(keys, start=1))]
    if layout.key == "long_list":
        return ["BẢNG ĐÁP ÁN", "; ".join(f"Câu {number}: {key}" for number, key in enumerate(keys, start=1))]
    return []


def text_of(questions: Sequence[Question], layout: Layout) -> str:
    """The questions as plain text."""
    lines: list[str] = []
    for number, question in enumerate(questions, start=1):
        lines.append(layout.label.format(number) + question.stem)
        parts = [layout.option_label(place, question) + text for place, text in enumerate(question.options)]
        if layout.layout == "tabs":
            lines.append("\t".join(parts))
        elif layout.layout == "spaces":
            lines.append("     ".join(parts))
        elif layout.layout == "pairs":
            lines += [" ".join(parts[at : at + 2]) for at in range(0, len(parts), 2)]
        else:
            lines += parts
        if layout.key == "same_line":
            lines[-1] += f"  Đáp án: {question.key()}"
        elif "{}" in layout.key:
            lines.append(layout.key.format(question.key()))
        lines.append("")
    if layout.key == "table":
        lines += [
            "Câu\t" + "\t".join(str(at + 1) for at in range(len(questions))),
            "Đáp án\t" + "\t".join(question.key().replace(" ", "") for question in questions),
        ]
    return "\n".join(lines + answer_lines(questions, layout))


class Builder:
    """A Word file being written."""

    def __init__(self) -> None:
        self.document = docx.Document()
        self._lists = 0

    def bytes(self) -> bytes:
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()

    def line(self, text: str = "", **look: object) -> Paragraph:
        paragraph = self.document.add_paragraph()
        add_run(paragraph, text, **look)
        return paragraph

    def automatic(self, levels: Sequence[tuple[str, str]]) -> str:
        """A list whose levels are (format, text), as ("upperLetter", "%2."); returns its id. Level 2 begins anew after level 1."""
        numbering = self.document.part.numbering_part.element
        self._lists += 1
        number = 900 + self._lists
        parts = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for at, (form, text) in enumerate(levels)
        )
        kind = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{parts}</w:abstractNum>'
        )
        numbering.insert(0, kind)
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
        return str(number)

    def again(self, list_id: str, start: int = 1) -> str:
        """Another list of the same kind that begins anew."""
        self._lists += 1
        number = 900 + self._lists
        self.document.part.numbering_part.element.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{list_id}"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
            )
        )
        return str(number)

    @staticmethod
    def number(paragraph: Paragraph, list_id: str, level: int) -> None:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'))

    def table(self, rows: Sequence[Sequence[str]]):
        table = self.document.add_table(rows=len(rows), cols=max(map(len, rows)))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
        return table


def add_run(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    key: str = "",
    is_right: bool = False,
    font: str = "",
    strike: bool = False,
    **_rest: object,
):
    """A run; with `is_right` it gets the look that `key` names."""
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
    if font:
        run.font.name = font
    if strike:
        run.font.strike = True
    if is_right:
        if key == "bold":
            run.bold = True
        elif key == "underline":
            run.underline = True
        elif key == "colour":
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
        elif key == "highlight":
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        elif key == "shading":
            shade = OxmlElement("w:shd")
            shade.set(qn("w:fill"), "FFFF00")
            run._r.get_or_add_rPr().append(shade)
    return run


def word_of(questions: Sequence[Question], layout: Layout) -> bytes:
    """The questions as a Word file."""
    builder = Builder()
    has_list = layout.label in AUTOMATIC_LABELS
    letters = "lowerLetter" if layout.is_small else "upperLetter"
    list_id = (
        builder.automatic([("decimal", layout.label if has_list else "%1."), (letters, "%2.")])
        if has_list or layout.layout == "automatic"
        else ""
    )
    letters_id = builder.automatic([(letters, "%1.")]) if layout.layout == "automatic" and not has_list else ""
    for number, question in enumerate(questions, start=1):
        stem = builder.document.add_paragraph()
        if has_list:
            builder.number(stem, list_id, 0)
        else:
            add_run(stem, layout.label.format(number), bold=layout.bold_labels)
        add_run(stem, question.stem, bold=layout.bold_stems)
        _write_options(
            builder, question, layout, list_id if has_list else letters_id and builder.again(letters_id), 1 if has_list else 0
        )
        if layout.key == "same_line":
            add_run(builder.document.paragraphs[-1], f"   Đáp án: {question.key()}")
        elif "{}" in layout.key:
            builder.line(layout.key.format(question.key()))
    if layout.key == "table":
        builder.line("BẢNG ĐÁP ÁN", bold=True)
        builder.table([["Câu", *map(str, range(1, len(questions) + 1))], ["Đáp án", *(question.key() for question in questions)]])
    for line in answer_lines(questions, layout):
        builder.line(line)
    return builder.bytes()


def _option(paragraph: Paragraph, place: int, question: Question, layout: Layout, has_label: bool = True) -> None:
    is_right = place in question.right
    if has_label:
        run = add_run(paragraph, layout.option_label(place, question), bold=layout.bold_labels)
        if is_right and layout.key == "label_colour":
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
    add_run(paragraph, question.options[place], key=layout.key, is_right=is_right)


def _write_options(builder: Builder, question: Question, layout: Layout, list_id: str, level: int) -> None:
    count = len(question.options)
    if layout.layout in ("table", "row"):
        width = 2 if layout.layout == "table" else count
        table = builder.document.add_table(rows=-(-count // width), cols=width)
        for place in range(count):
            _option(table.cell(place // width, place % width).paragraphs[0], place, question, layout)
        return
    if layout.layout == "automatic":
        for place in range(count):
            paragraph = builder.document.add_paragraph()
            builder.number(paragraph, list_id, level)
            _option(paragraph, place, question, layout, has_label=False)
        return
    gap = {"tabs": "\t", "spaces": "      ", "pairs": " ", "breaks": "\n"}.get(layout.layout, "")
    per_line = {"lines": 1, "pairs": 2}.get(layout.layout, count)
    for start in range(0, count, per_line):
        paragraph = builder.document.add_paragraph()
        for place in range(start, min(start + per_line, count)):
            if place > start:
                add_run(paragraph, gap)
            _option(paragraph, place, question, layout)


def set_cell_shade(cell, fill: str) -> None:
    """Paints a cell."""
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{fill}"/>'))


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive with some of its parts put in other ones."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            if name not in parts:
                archive.writestr(name, source.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()
