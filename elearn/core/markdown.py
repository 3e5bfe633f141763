"""Text written by people to sanitised HTML, from Markdown, HTML, plain lines and formulas: the only way there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

_TAGS = {
    "p", "h3", "h4", "strong", "em", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "sup", "a", "code",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_renderer = MarkdownIt("commonmark", {"html": False}).enable("table")

_MATHS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "munder", "mover", "munderover",
    "mtable", "mtr", "mtd", "mstyle", "mspace", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
}  # fmt: skip
_RICH_TAGS = _TAGS | _MATHS | {
    "h5", "h6", "b", "i", "u", "s", "del", "ins", "small", "sub", "span", "div", "pre", "dl", "dt", "dd", "caption", "tfoot", "img",
}  # fmt: skip
_RICH_ATTRIBUTES = {
    "a": {"href", "title"}, "ol": {"start"}, "th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}, "img": {"src", "alt"},
    "math": {"display", "xmlns"}, "mo": {"stretchy", "fence", "form", "accent"}, "mtd": {"columnalign"}, "mspace": {"width"},
    "mi": {"mathvariant"}, "mfrac": {"linethickness"}, "menclose": {"notation"},
}  # fmt: skip

_DIGEST = re.compile("[0-9a-f]{64}")
_IN_FILE = "@@PLUGINFILE@@/"
_PIECE = re.compile(r"(<[^>]*>)")
_FORMULA = re.compile(r"\\\((.{1,2000}?)\\\)|\$\$(.{1,2000}?)\$\$|\\\[(.{1,2000}?)\\\]", re.S)
_DEEPEST = 40


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


def render_rich(text: str | Mapping[str, Any] | None, files: Mapping[str, str] | None = None) -> Markup:
    """A text of a question as sanitised HTML: a plain string is Markdown, otherwise {"text", "format"}; formulas become MathML.

    Formats: "markdown" (one line stays inline), "html", "plain", "moodle" (lines in which HTML may stand). Pictures are named in the text as
    `@@PLUGINFILE@@/name`, with the digest of each name in `files`, or as `media:digest`; any other picture leaves its alternative text.
    """
    if not text:
        return Markup("")
    words, form = (text, "markdown") if isinstance(text, str) else (str(text.get("text", "")), str(text.get("format", "markdown")))
    return _rendered(words, form, tuple(sorted(files.items())) if files else ())


@lru_cache(maxsize=16384)
def _rendered(words: str, form: str, files: tuple[tuple[str, str], ...]) -> Markup:
    words = words.replace("\0", "").replace("\r\n", "\n").strip()
    if form == "html":
        html = words
    elif form == "moodle":
        html = _with_breaks(words)
    elif form == "plain":
        html = escape(words).replace("\n", "<br>")
    else:
        html = _rich_renderer.render(words) if "\n" in words else _rich_renderer.renderInline(words)
    return Markup(_finished(_cleaned(html), dict(files)))  # noqa: S704 - sanitised by _cleaned, formulas by _mathml


def _with_breaks(words: str) -> str:
    """Line ends made visible, but for those beside a tag, as Moodle's own format has it."""
    words = re.sub(r">[^\S\n]*\n\s*<", "><", words)
    words = re.sub(r"\n+(?=<)", " ", words)
    return re.sub(r"(?<=>)\n+", " ", words).replace("\n", "<br>")


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=_RICH_TAGS,
        attributes=_RICH_ATTRIBUTES,
        url_schemes={"http", "https", "media"},
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style", "title", "textarea", "template", "noscript", "iframe", "xmp"},
    )


def _finished(html: str, files: Mapping[str, str]) -> str:
    """Sanitised HTML with its pictures looked up, formulas set, and a lone paragraph unwrapped.

    The sanitiser escapes angle brackets inside attributes, so that what stands between `<` and `>` is a whole tag.
    """
    out, verbatim = [], 0
    for place, piece in enumerate(_PIECE.split(html)):
        if place % 2 == 0:
            out.append(piece if verbatim else _FORMULA.sub(_mathml, piece))
        elif piece.startswith("<img"):
            out.append(_picture(piece, files))
        else:
            name = piece.strip("</>").partition(" ")[0]
            if name in ("code", "pre", "math"):
                verbatim = max(0, verbatim + (-1 if piece.startswith("</") else 1))
            elif name == "a" and 'href="media:' in piece:
                piece = "<a>"
            out.append(piece)
    html = "".join(out).strip()
    is_lone = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if is_lone and "<table" not in html else html


def _picture(tag: str, files: Mapping[str, str]) -> str:
    """The picture at its place in /media; where there is none its alternative text in brackets."""
    found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
    source, alt = unescape(found.get("src", "")), found.get("alt", "")
    digest = ""
    if source.startswith(_IN_FILE):
        name = source.removeprefix(_IN_FILE)
        digest = files.get(name) or files.get(unquote(name)) or ""
    elif source.startswith("media:"):
        digest = source.removeprefix("media:")
    if not _DIGEST.fullmatch(digest):
        return f"[{alt}]" if alt else ""
    return f'<img src="/media/{digest}" alt="{alt}">'


def _mathml(found: re.Match[str]) -> str:
    r"""The formula between \( \), $$ $$ or \[ \] as MathML; its source where it is broken."""
    source = unescape(found[1] or found[2] or found[3])
    made = formula(source, is_block=found[1] is None)
    return made if made is not None else found[0]


def formula(source: str, is_block: bool = False) -> str | None:
    """LaTeX as sanitised MathML; None where it is broken or uses a command that is not known."""
    depth = deepest = 0
    for sign in re.sub(r"\\.", "", source, flags=re.S):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        deepest = max(deepest, depth)
        if depth < 0:
            return None
    if depth or deepest > _DEEPEST or not source.strip():
        return None
    try:
        made = convert(source, display="block" if is_block else "inline")
    except Exception:  # whatever a formula does to the converter, its source is shown
        return None
    return None if "\\" in re.sub(r"<mtext>.*?</mtext>", "", made) else _cleaned(made)


def _formula_rule(state: StateInline, silent: bool) -> bool:
    r"""Keeps a formula out of Markdown's hands, which would take `\(` for an escaped bracket and `_` for emphasis."""
    found = _FORMULA.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _formula_out(_self: RendererHTML, tokens: Any, place: int, _options: Any, _env: Any) -> str:
    return escape(tokens[place].content)


_rich_renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
_rich_renderer.inline.ruler.before("escape", "formula", _formula_rule)
_rich_renderer.add_render_rule("formula", _formula_out)
