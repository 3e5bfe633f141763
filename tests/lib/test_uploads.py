"""Word and PDF are known by what is inside."""

from __future__ import annotations

import io
import zipfile

import pytest

from elearn.lib.errors import InvalidInput
from elearn.lib.uploads import clean_name, word_or_pdf


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(("name", "data", "code"), [
    ("a.pdf", b"", "empty_file"), ("a.docx", b"%PDF-1.7", "contradiction"), ("a.pdf", zipped(*WORD), "contradiction"),
    ("a.exe", b"MZ", "other_kind"), ("a.docx", zipped("xl/workbook.xml"), "other_kind"), ("a.docx", zipped(WORD[1]), "other_kind"),
    ("a.docx", b"PK\x03\x04 word/document.xml", "other_kind"), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_word"),
    ("a.docx", zipped(*WORD, "word/vbaProject.bin"), "macros"),
])  # fmt: skip
def test_it_refuses_a_file_that_is_not_what_it_says(name, data, code):
    with pytest.raises(InvalidInput) as refusal:
        word_or_pdf(name, data, "files")
    assert (refusal.value.code, refusal.value.field) == (code, "files")


def test_it_knows_both_kinds():
    assert word_or_pdf("A.DOCX", zipped(*WORD), "file") == "docx"
    assert word_or_pdf("a.pdf", b"\n%PDF-1.4 ...", "file") == "pdf"


@pytest.mark.parametrize(("name", "kept"), [
    ("C:\\bài\\Thu  hoạch.docx", "Thu hoạch.docx"), ("../../etc/passwd", "passwd"), ("a\0b\u202e.pdf", "ab.pdf"),
    ("dài" * 60 + ".docx", ("dài" * 60)[:95] + ".docx"), ("không đuôi", "không đuôi"),
])  # fmt: skip
def test_it_keeps_a_name_that_can_be_shown(name, kept):
    assert clean_name(name) == kept
    assert len(clean_name(name)) <= 100
