"""PDF files set by typst: a template of ours, and data that it reads as data."""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fontpkg_be_vietnam_pro
import typst
from flask import Response

from elearn.lib.document import Block, Document, Paragraph, Table

_turn = threading.Lock()
_DOCUMENT = Path(__file__).with_name("document.typ")


@cache
def _compiler() -> Any:
    """One compiler a process: reading the fonts takes longer than a page."""
    fonts = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
    return typst.Compiler(b"", font_paths=[str(fonts)], ignore_system_fonts=True)  # type: ignore[misc]


def set_pdf(template: bytes, data: object) -> bytes:
    """The template as PDF. It reads `data` by `json(bytes(sys.inputs.data))`: texts in it are printed as they are, never read as markup."""
    with _turn:
        content: bytes = _compiler().compile(input=template, format="pdf", sys_inputs={"data": json.dumps(data)})
    return content


def write_pdf(document: Document) -> bytes:
    """The document as PDF; says what `core.exports.word.write_word` says."""
    head = document.letterhead
    superior, issuer = head.left
    body, annexes = document.parts
    data = {
        "head": {
            "style": head.style, "superior": superior, "issuer": issuer, "right": head.right, "number": head.number_line,
            "place": head.place_line,
        },
        "kind": document.kind, "subject": document.subject, "body": [_block(one) for one in body],
        "annexes": [_block(one) for one in annexes], "recipients": document.recipients,
        "signers": [{"post": one.post, "name": one.name, "hint": one.hint} for one in document.signers],
    }  # fmt: skip
    return set_pdf(_DOCUMENT.read_bytes(), data)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {
            "is": "paragraph", "text": block.text, "lead": block.lead, "align": block.align, "bold": block.is_bold,
            "italic": block.is_italic, "indented": block.is_indented,
        }  # fmt: skip
    if isinstance(block, Table):
        columns = [{"heading": one.heading, "share": one.share, "align": one.align} for one in block.columns]
        return {"is": "table", "columns": columns, "rows": block.rows}
    return {"is": "annex", "title": block.title, "subject": block.subject, "note": block.note}


def pdf_answer(content: bytes, name: str) -> Response:
    """The file as a download that no cache keeps; `name` without its ending."""
    disposition = f"attachment; filename=\"export.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})
