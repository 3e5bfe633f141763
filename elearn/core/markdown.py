"""Markdown to sanitised HTML: the only way from text written by people to HTML."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "p", "h3", "h4", "strong", "em", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "sup", "a", "code",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_renderer = MarkdownIt("commonmark", {"html": False}).enable("table")


def sanitise(html: str) -> str:
    """HTML cut down to an allow-list; doing it twice changes nothing."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener noreferrer")


def render(text: str) -> str:
    """Blocks of Markdown as sanitised HTML."""
    return sanitise(_renderer.render(text))


@lru_cache(maxsize=4096)
def render_inline(text: str) -> Markup:
    """One line of Markdown (a stem, an option) as sanitised HTML without a paragraph around it."""
    return Markup(sanitise(_renderer.renderInline(text)))  # noqa: S704 - sanitised on the line before
