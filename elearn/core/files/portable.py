"""The words of a PDF, as far as it holds words and not pictures of them."""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import normalise

MOST_PAGES = 200


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does."""
    return data[:1024].lstrip().startswith(b"%PDF-")


def words_of_pdf(data: bytes) -> str:
    """The text page after page, in normal form; empty for a scan. Raises InvalidInput for what cannot be read or is locked."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        pages = [page.extract_text() or "" for page in reader.pages[:MOST_PAGES]]
    # A damaged file makes the library fail in many ways.
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        NotImplementedError,
    ) as problem:
        raise InvalidInput("unreadable_pdf", "Không đọc được chữ trong tệp PDF này.", field="file") from problem
    return "\n".join(normalise(line) for page in pages for line in page.splitlines())
