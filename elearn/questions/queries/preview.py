"""A question as its taker sees it, drawn by the server and not to be answered; and with its key, as its author sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from elearn.core.markdown import render_rich
from elearn.questions.queries.rendering import TYPES
from elearn.questions.rules.choices import InOrder
from elearn.questions.rules.texts import Rich
from elearn.questions.types import Line

# Only between tags: what stands in the alternative text of a picture is no gap.
_PIECE = re.compile(r"(<[^>]*>)|\{#([0-9]{1,3})\}")


@dataclass(frozen=True)
class Preview:
    """`pieces` is the stem cut at its gaps: (HTML, number of the gap after it or ""). `lines` hold the key."""

    type: str
    pieces: tuple[tuple[Markup, str], ...]
    instruction: str
    controls: Mapping[str, Any]
    lines: tuple[Line, ...]
    explanation: Markup


def preview_of(
    kind: str, text: Rich, body: Mapping[str, Any], files: Mapping[str, str] | None, explanation: Rich = ""
) -> Preview | None:
    """The question in the order of its author; None where its body is not sound, so that it cannot be shown yet."""
    rules = TYPES[kind]
    if rules.check(body, text):
        return None

    def html(words: Rich) -> str:
        return render_rich(words, files)

    order = rules.arrange(body, InOrder())
    stem = render_rich(rules.stem(text, body, order), files)
    return Preview(
        kind,
        _cut(stem),
        rules.instruction,
        rules.controls(body, order, html),
        tuple(rules.review(body, order, None, html)) if rules.is_marked or rules.needs_marker else (),
        render_rich(explanation, files),
    )


def _cut(html: Markup) -> tuple[tuple[Markup, str], ...]:
    found, begin = [], 0
    for match in _PIECE.finditer(html):
        if match[2]:
            found.append((Markup(html[begin : match.start()]), match[2]))  # noqa: S704 - a part of sanitised HTML, cut between tags
            begin = match.end()
    found.append((Markup(html[begin:]), ""))  # noqa: S704 - as above
    return tuple(found)
