"""Word and PDF files made for tests."""

from __future__ import annotations

import io

import docx

from elearn.core.exports.pdf import set_pdf


def word(*lines: str, heading: str = "", header: str = "") -> bytes:
    made = docx.Document()
    if header:
        made.sections[0].header.paragraphs[0].text = header
    if heading:
        made.add_heading(heading, 1)
    for line in lines:
        made.add_paragraph(line)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def pdf(*pages: str) -> bytes:
    template = b'#let pages = json(bytes(sys.inputs.data))\n#set text(font: "Be Vietnam Pro")\n#for one in pages [#one #pagebreak(weak: true)]'
    return set_pdf(template, list(pages))
