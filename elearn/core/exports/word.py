"""Word files from `lib.document`: A4, Times New Roman 14, letterhead, tables whose headings are repeated, signatures, page numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any
from urllib.parse import quote

from docx import Document as new_file
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from flask import Response

from elearn.lib.document import DOTS, Annex, Block, Document, Letterhead, Paragraph, Signer, Table

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
WIDTH = 165
"""Millimetres between the margins: left 30, right 15, above and below 20."""
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}  # fmt: skip
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_word(document: Document) -> bytes:
    """The document as a .docx file."""
    file = new_file()
    _set_page(file)
    _head(file, document.letterhead)
    _line(file, document.kind, size=16, is_bold=True, align="center", above=12)
    _line(file, document.subject, size=14, is_bold=True, align="center", below=10)
    body, annexes = document.parts
    _blocks(file, body)
    _signatures(file, document)
    _blocks(file, annexes)
    file.core_properties.title = _clean(f"{document.kind} {document.subject}")[:250]
    file.core_properties.author = _clean(document.letterhead.issuer)[:250]
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def word_answer(content: bytes, name: str) -> Response:
    """The file as a download that no cache keeps; `name` without its ending."""
    disposition = f"attachment; filename=\"export.docx\"; filename*=UTF-8''{quote(name)}.docx"
    return Response(content, mimetype=MIME, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _set_page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(30), Mm(15), Mm(20), Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    normal.element.get_or_add_rPr().append(_element("w:lang", val="vi-VN"))
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.space_before = Pt(0)
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, words in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "2"), ("end", "")):
        run = number.add_run()
        if kind == "text":
            run.text = words
        elif kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = _element("w:instrText")
            instruction.text = words
            run._r.append(instruction)


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _write(paragraph: Any, text: str, **look: Any) -> Any:
    """Set a paragraph's words and look: size, is_bold, is_italic, is_underlined, align, above, below, indent, keeps."""
    paragraph.alignment = _ALIGN[look.get("align", "left")]
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(look.get("above", 0)), Pt(look.get("below", 0))
    if look.get("indent"):
        form.first_line_indent = Mm(10)
    form.keep_with_next = look.get("keeps") or None
    _run(paragraph, text, **look)
    return paragraph


def _run(paragraph: Any, text: str, **look: Any) -> None:
    if not text:
        return
    run = paragraph.add_run(_clean(text))
    run.bold, run.italic, run.underline = look.get("is_bold"), look.get("is_italic"), look.get("is_underlined")
    if "size" in look:
        run.font.size = Pt(look["size"])


def _line(place: Any, text: str, **look: Any) -> Any:
    return _write(place.add_paragraph(), text, **look)


def _grid(file: Any, rows: int, widths: Iterable[int]) -> Any:
    """A table of fixed widths in millimetres, without lines."""
    known = list(widths)
    table = file.add_table(rows=rows, cols=len(known))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for index, width in enumerate(known):
        table.columns[index].width = Mm(width)
        for cell in table.columns[index].cells:
            cell.width = Mm(width)
    return table


def _fill(cell: Any, lines: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """The cell's lines, each with its look."""
    paragraph = cell.paragraphs[0]
    for place, (text, look) in enumerate(lines):
        _write(paragraph if place == 0 else cell.add_paragraph(), text, **look)


def _head(file: Any, head: Letterhead) -> None:
    is_party = head.style == "party"
    table = _grid(file, 2, (75, 90) if is_party else (65, 100))
    size = 14 if is_party else 12
    plain, bold = {"align": "center", "size": size}, {"align": "center", "size": size, "is_bold": True}
    superior, issuer = head.left
    left = [(superior, plain)] if superior else []
    left.append((issuer, bold))
    if is_party:
        left.append(("*", plain))
        right = [(head.right[0], {**bold, "size": 15, "is_underlined": True})]
    else:
        right = [(head.right[0], bold), (head.right[1], {**bold, "size": 13, "is_underlined": True})]
    _fill(table.cell(0, 0), left)
    _fill(table.cell(0, 1), right)
    _fill(table.cell(1, 0), [(head.number_line, {"align": "center", "size": 14 if is_party else 13})])
    _fill(table.cell(1, 1), [(head.place_line, {"align": "center", "size": 14 if is_party else 13, "is_italic": True})])


def _blocks(file: Any, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            _paragraph(file, block)
        elif isinstance(block, Table):
            _table(file, block)
        else:
            _annex(file, block)


def _paragraph(file: Any, block: Paragraph) -> None:
    look = {"align": block.align, "above": 3, "below": 3, "indent": block.is_indented, "is_italic": block.is_italic}
    written = _write(file.add_paragraph(), f"{block.lead} " if block.lead else "", **look, is_bold=True)
    if block.is_bold and not block.lead:
        written.paragraph_format.keep_with_next = True
    _run(written, block.text, is_bold=block.is_bold, is_italic=block.is_italic)


def _table(file: Any, block: Table) -> None:
    """Headings and one row are made; all further rows are copies of it, for making each cell anew takes long in long lists."""
    whole = sum(column.share for column in block.columns)
    table = _grid(file, 2, (WIDTH * column.share // whole for column in block.columns))
    table.style = "Table Grid"
    head, pattern = table.rows[0], table.rows[1]
    for cell, column in zip(head.cells, block.columns, strict=True):
        _fill(cell, [(column.heading, {"align": "center", "is_bold": True, "size": 13, "above": 2, "below": 2})])
    for cell, column in zip(pattern.cells, block.columns, strict=True):
        _fill(cell, [(DOTS, {"align": "left" if column.align == "justify" else column.align, "size": 13, "above": 2, "below": 2})])
    for row in (head, pattern):
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    head._tr.trPr.append(_element("w:tblHeader"))
    table._tbl.remove(pattern._tr)
    for texts in block.rows:
        row = deepcopy(pattern._tr)
        for place, text in zip(row.iter(qn("w:t")), texts, strict=True):
            place.text = _clean(text)
            place.set(_SPACE, "preserve")
        table._tbl.append(row)
    _line(file, "", size=6)


def _annex(file: Any, block: Annex) -> None:
    file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _line(file, block.title, size=15, is_bold=True, align="center", keeps=True)
    if block.subject:
        _line(file, block.subject, is_bold=True, align="center", keeps=True)
    if block.note:
        _line(file, block.note, is_italic=True, align="center", below=8, keeps=True)


def _signatures(file: Any, document: Document) -> None:
    columns = len(document.signers) + bool(document.recipients)
    if not columns:
        return
    _line(file, "", size=8, keeps=True)
    table = _grid(file, 1, [WIDTH // columns] * columns)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    cells = list(table.rows[0].cells)
    if document.recipients:
        first = (
            "Nơi nhận:",
            {"size": 12, "is_bold": True, "is_italic": True, "is_underlined": document.letterhead.style == "party"},
        )
        _fill(cells.pop(0), [first, *((f"- {one};", {"size": 11}) for one in document.recipients)])
    for cell, signer in zip(cells, document.signers, strict=True):
        _fill(cell, _signature(signer))


def _signature(signer: Signer) -> list[tuple[str, dict[str, Any]]]:
    look: dict[str, Any] = {"align": "center", "keeps": True}
    lines = [(line, {**look, "is_bold": True}) for line in signer.post.split("\n")]
    if signer.hint:
        lines.append((signer.hint, {**look, "is_italic": True, "size": 12}))
    return [*lines, *[("", look)] * 4, (signer.name, {"align": "center", "is_bold": True})]
