"""XML of question items as plain nodes with line numbers; names of version 3 are read as, and written from, those of version 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from elearn.lib.errors import InvalidInput

MAX_DEPTH = 120
MAX_NODES = 400_000
_MATHML = "http://www.w3.org/1998/Math/MathML"


@dataclass(slots=True, eq=False)
class Node:
    """An element: its name without namespace, attributes likewise, and what stands in it; texts are plain strings."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    line: int = 0

    def get(self, name: str, otherwise: str = "") -> str:
        """An attribute, trimmed."""
        return self.attributes.get(name, otherwise).strip()

    def nodes(self, *names: str) -> list[Node]:
        """Children that are elements; of these names only, where some are given."""
        return [child for child in self.children if isinstance(child, Node) and (not names or child.name in names)]

    def first(self, *names: str) -> Node | None:
        """The first child of one of these names."""
        return next((child for child in self.children if isinstance(child, Node) and child.name in names), None)

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the file."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def words(self) -> str:
        """All text below, as it stands."""
        return "".join(child if isinstance(child, str) else child.words() for child in self.children)


@lru_cache(maxsize=4096)
def _plain_name(tag: str) -> tuple[str, bool]:
    """Local name in the spelling of version 2, and whether it was one of version 3."""
    local = tag.rpartition("}")[2]
    if not local.startswith("qti-"):
        return local, False
    return _camel(local[4:]), True


@lru_cache(maxsize=4096)
def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


@lru_cache(maxsize=4096)
def _attribute_name(key: str, is_new: bool) -> str:
    local = key.rpartition("}")[2]
    return _camel(local) if is_new and not local.startswith(("data-", "aria-")) else local


class _Builder:
    """Target of the parser; `parser` is set once that exists, for its line numbers."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= MAX_DEPTH or self._count > MAX_NODES:
            raise _TooMuch
        name, is_new = _plain_name(tag)
        node = Node(
            name, {_attribute_name(key, is_new): value for key, value in attributes.items()}, [], self.parser.CurrentLineNumber
        )
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        if self._open:
            children = self._open[-1].children
            if children and isinstance(children[-1], str):
                children[-1] += text
            else:
                children.append(text)

    def close(self) -> Node | None:
        return self.root


class _TooMuch(Exception):
    pass


def parse(data: bytes, name: str = "") -> Node:
    """The outermost element; raises InvalidInput with file and line for broken XML and for what could do harm."""
    builder = _Builder()
    try:
        parser = DefusedXMLParser(target=builder, forbid_dtd=True)
        builder.parser = parser.parser
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        raise InvalidInput(
            "unsafe_xml",
            "Tệp %(name)s có khai báo DOCTYPE hoặc ENTITY ở dòng %(line)s nên không được đọc, vì lý do an toàn. Hãy xoá phần khai báo đó.",
            "file",
            name=name or "XML",
            line=_line(builder),
        ) from None
    except _TooMuch:
        raise InvalidInput(
            "too_deep_xml",
            "Tệp %(name)s lồng quá sâu hoặc có quá nhiều phần tử (dòng %(line)s) nên không được đọc.",
            "file",
            name=name or "XML",
            line=_line(builder),
        ) from None
    except ParseError as error:
        line = error.position[0] if getattr(error, "position", None) else _line(builder)
        raise _broken(name, line) from None
    except (ValueError, LookupError):
        raise _broken(name, _line(builder)) from None
    if builder.root is None:
        raise _broken(name, 1)
    return builder.root


def _line(builder: _Builder) -> int:
    return int(getattr(builder.parser, "CurrentLineNumber", 1) or 1)


def _broken(name: str, line: int) -> InvalidInput:
    return InvalidInput(
        "broken_xml",
        "Tệp %(name)s bị hỏng ở dòng %(line)s: không đúng cú pháp XML.",
        "file",
        name=name or "XML",
        line=line,
    )


# Elements of HTML and MathML keep their names in version 3; all others belong to the specification and get its prefix.
HTML = frozenset({
    "a", "abbr", "acronym", "address", "audio", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code",
    "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "label", "li", "math", "object", "ol", "p", "param", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "video",
})  # fmt: skip


@lru_cache(maxsize=4096)
def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_for_xml(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return UNFIT.sub("", text)


def serialise(node: Node, is_new: bool, namespace: str = "", is_foreign: bool = False) -> str:
    """XML of an element; `is_new` writes names of version 3, `is_foreign` marks what lies inside MathML or SVG."""
    is_ours = not is_foreign and node.name not in HTML
    name = f"qti-{_kebab(node.name)}" if is_new and is_ours else node.name
    attributes = dict(node.attributes)
    if namespace:
        attributes = {"xmlns": namespace} | attributes
    elif node.name == "math" and not is_foreign:
        attributes = {"xmlns": _MATHML} | {key: value for key, value in attributes.items() if key != "xmlns"}
    written = "".join(
        f" {_kebab(key) if is_new and is_ours and not key.startswith(('xmlns', 'xml:', 'data-')) else key}={_quoted(value)}"
        for key, value in attributes.items()
    )
    if not node.children:
        return f"<{name}{written}/>"
    inner = "".join(
        escape(text_for_xml(child), {"\r": "&#13;"})
        if isinstance(child, str)
        else serialise(child, is_new, is_foreign=is_foreign or node.name in ("math", "svg"))
        for child in node.children
    )
    return f"<{name}{written}>{inner}</{name}>"


def _quoted(value: str) -> str:
    return quoteattr(text_for_xml(value), {"\r": "&#13;"})
