"""Answers that are files of questions, and the list of formats as pages show it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from elearn.questions.rules.exchange import Format
from elearn.questions.rules.files import FORMATS
from elearn.questions.rules.format_words import FIRST, READS


def told_formats() -> list[tuple[Format, str]]:
    """Every format with what it reads, those that most people have first."""
    known = list(FORMATS)
    ordered = sorted(known, key=lambda form: FIRST.index(form.key) if form.key in FIRST else len(FIRST))
    return [(form, READS.get(form.key, "")) for form in ordered]


def format_names() -> dict[str, str]:
    """Names of formats by key."""
    return {form.key: form.name for form in FORMATS}


def file_answer(content: bytes, name: str, form: Format) -> Response:
    """A file of questions as a download; `name` without its ending."""
    suffix = form.suffixes[0]
    disposition = f"attachment; filename=\"questions{suffix}\"; filename*=UTF-8''{quote(name)}{suffix}"
    return Response(content, mimetype=form.mimetype.partition(";")[0], headers={"Content-Disposition": disposition})
