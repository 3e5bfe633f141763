"""The words of a PDF, as far as it holds words and not pictures of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

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
    return "\n".join(normalise(line) for page in pages_of_pdf(data, MOST_PAGES) for line in page.splitlines())


def pages_of_pdf(data: bytes, most: int) -> list[str]:
    """The text of the first pages, one by one, lines in normal form. Raises InvalidInput."""
    with _readable():
        pages = [page.extract_text() or "" for page in islice(PdfReader(io.BytesIO(data), strict=False).pages, most)]
    return ["\n".join(normalise(line) for line in page.splitlines()) for page in pages]


def count_pages(data: bytes) -> int:
    """How many pages there are. Raises InvalidInput."""
    with _readable():
        return len(PdfReader(io.BytesIO(data), strict=False).pages)


@contextmanager
def _readable() -> Iterator[None]:
    """A damaged file makes the library fail in many ways."""
    try:
        yield
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
