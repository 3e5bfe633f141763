"""Texts of questions as elements of an item, and back. An item holds well-formed HTML only; our texts come in four formats."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt

from elearn.questions.rules.qti.xml import Node
from elearn.questions.rules.texts import Rich, format_of, is_plain, rich, words_of

PLACE = "@@PLUGINFILE@@/"
VOID = frozenset(["br", "img", "hr", "col", "source", "param"])
BLOCKS = frozenset({
    "address", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption", "colgroup",
})  # fmt: skip
_KEPT = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn",
    "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
    "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
})  # fmt: skip
_DROPPED = frozenset(["script", "style", "head", "title", "iframe", "template", "noscript"])
_ATTRIBUTES = frozenset({
    "src", "alt", "href", "width", "height", "colspan", "rowspan", "scope", "headers", "start", "title", "lang", "dir", "span",
    "abbr",
})  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n]+")
_MATH_SPACE = ("math", "pre")
_renderer = MarkdownIt("commonmark", {"html": False}).enable("table")

FileSource = Callable[[str], str]
"""Given what an item refers to, the name under which the picture is kept; "" where there is none and the reference stays."""


class _Maker(HTMLParser):
    """A tree out of HTML as browsers forgive it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self._open = [self.root]
        self._foreign = 0
        self._hidden = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self._hidden or tag in _DROPPED:
            self._hidden += tag in _DROPPED
            return
        if tag == "math" or self._foreign:
            self._foreign += tag == "math"
            kept = {key: value or "" for key, value in attributes if re.fullmatch("[a-z][a-z-]*", key) and not key.startswith("on")}
        elif tag in _KEPT:
            kept = {key: value or "" for key, value in attributes if key in _ATTRIBUTES}
        else:
            return
        if tag == "img":
            kept.setdefault("alt", "")
        if tag in ("p", "li", "tr", "td", "th"):
            self._close_like(tag)
        node = Node(tag, kept)
        self._open[-1].children.append(node)
        if tag not in VOID and len(self._open) < 60:
            self._open.append(node)

    def _close_like(self, tag: str) -> None:
        """A new paragraph, item or cell ends the one before it; but not one outside a list or table in between."""
        bounds = {"p": BLOCKS - {"p"}, "li": {"ul", "ol"}, "tr": {"table"}, "td": {"tr", "table"}, "th": {"tr", "table"}}[tag]
        like = ("td", "th") if tag in ("td", "th") else (tag,)
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].name in like:
                del self._open[index:]
                return
            if self._open[index].name in bounds:
                return

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        before = len(self._open)
        self.handle_starttag(tag, attributes)
        if self._foreign and len(self._open) > before:
            self.handle_endtag(tag)
        elif self._hidden and tag in _DROPPED:
            self._hidden -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._hidden = max(0, self._hidden - 1)
            return
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].name == tag:
                if tag == "math":
                    self._foreign = 0
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            children = self._open[-1].children
            if children and isinstance(children[-1], str):
                children[-1] += data
            else:
                children.append(data)


def html_of(text: Rich) -> str:
    """The text as HTML, neither sanitised nor necessarily well-formed."""
    words, form = words_of(text), format_of(text)
    if form == "markdown":
        return words if is_plain(words) else _renderer.render(words).strip()
    if form == "plain":
        return html.escape(words, quote=False).replace("\n", "<br>")
    return words.replace("\n", "<br>") if form == "moodle" else words


def nodes_of(text: Rich, referred: FileSource) -> list[Node | str]:
    """The text as content of an element. A single paragraph comes without its `p`; `referred` gives the path of a picture by its name."""
    form = format_of(text)
    words = words_of(text)
    if form == "plain" or (form == "markdown" and is_plain(words)):
        nodes: list[Node | str] = []
        for index, line in enumerate(words.split("\n")):
            nodes += [Node("br"), line] if index else [line]
    else:
        maker = _Maker()
        # The parser gives up at sections such as <![x[, which no page has.
        maker.feed(html_of(text).replace("<![", "&lt;!["))
        maker.close()
        nodes = maker.root.children
        for node in maker.root.walk():
            source = unquote(node.attributes.get("src", ""))
            if source.startswith(PLACE):
                node.attributes["src"] = referred(source.removeprefix(PLACE)) or source
    return unwrapped([node for node in nodes if node != ""])


def unwrapped(nodes: Sequence[Node | str]) -> list[Node | str]:
    """The content of a lone paragraph or plain division; otherwise the nodes as they are."""
    solid = [node for node in nodes if isinstance(node, Node) or node.strip()]
    if len(solid) == 1 and isinstance(solid[0], Node) and solid[0].name in ("p", "div") and not solid[0].attributes:
        return unwrapped(solid[0].children)
    return list(nodes)


def is_block(nodes: Sequence[Node | str]) -> bool:
    """Whether some of the nodes may not stand inside a paragraph."""
    return any(isinstance(node, Node) and (node.name in BLOCKS or is_block(node.children)) for node in nodes)


def text_of(nodes: Sequence[Node | str], find: FileSource) -> Rich:
    """The text that the nodes hold: a plain string where nothing is marked up, HTML otherwise. `find` gives names to pictures."""
    written = _trimmed("".join(_html(node, find) for node in unwrapped(nodes)))
    if "<" not in written:
        words = html.unescape(written)
        if is_plain(words):
            return words
    return rich(written, "html") if written else ""


_AROUND = re.compile(rf"\s*(</?(?:{'|'.join(sorted(BLOCKS, key=len, reverse=True))}|br)\b[^<>]*>)\s*")


def _trimmed(written: str) -> str:
    if "<pre" in written:
        return written.strip()
    return _AROUND.sub(r"\1", written).strip()


def _html(node: Node | str, find: FileSource, is_foreign: bool = False) -> str:
    if isinstance(node, str):
        return html.escape(node if is_foreign else _SPACES.sub(" ", node), quote=False)
    if node.name in _DROPPED:
        return ""
    if not is_foreign and node.name == "object":
        return _object(node, find)
    if node.name == "svg":
        return html.escape(" ".join(node.words().split()), quote=False)
    inner = "".join(_html(child, find, is_foreign or node.name in _MATH_SPACE) for child in node.children)
    if not is_foreign and node.name not in _KEPT and node.name not in ("math", "audio", "video", "source"):
        return inner
    attributes = {
        key: value
        for key, value in node.attributes.items()
        if (is_foreign or node.name == "math" or key in _ATTRIBUTES) and not key.startswith("on") and not key.startswith("xmlns")
    }
    if "src" in attributes:
        name = find(attributes["src"])
        if name:
            attributes["src"] = f"{PLACE}{quote(name)}"
    written = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<{node.name}{written}>" if node.name in VOID else f"<{node.name}{written}>{inner}</{node.name}>"


def _object(node: Node, find: FileSource) -> str:
    """A picture kept as `object` becomes `img`; anything else a link to the file."""
    source, kind = node.get("data"), node.get("type")
    name = find(source)
    target = html.escape(f"{PLACE}{quote(name)}" if name else source)
    words = html.escape(" ".join(node.words().split()))
    if kind.startswith("image/") or re.search(r"\.(?:png|jpe?g|gif|svg|webp|bmp)\Z", source, re.IGNORECASE):
        size = "".join(f' {key}="{html.escape(node.get(key))}"' for key in ("width", "height") if node.get(key))
        return f'<img src="{target}" alt="{words}"{size}>'
    return f'<a href="{target}">{words or html.escape(name or source)}</a>'


def embedded(source: str) -> tuple[str, bytes] | None:
    """Ending and content of a picture that is written out in its address (`data:image/png;base64,…`); None for other addresses."""
    found = re.match(r"data:image/(png|jpe?g|gif|webp|svg\+xml);base64,", source[:60], re.IGNORECASE)
    if not found:
        return None
    try:
        content = base64.b64decode(_SPACES.sub("", unquote(source[found.end() :])), validate=True)
    except (ValueError, binascii.Error):
        return None
    return {"jpeg": "jpg", "svg+xml": "svg"}.get(found[1].lower(), found[1].lower()), content
