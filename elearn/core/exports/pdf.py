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

_turn = threading.Lock()


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


def pdf_answer(content: bytes, name: str) -> Response:
    """The file as a download that no cache keeps; `name` without its ending."""
    disposition = f"attachment; filename=\"export.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})
