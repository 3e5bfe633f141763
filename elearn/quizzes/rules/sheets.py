"""Papers for print: sanitised HTML as a tree that the typesetter lays out, answers in words, and what a sheet for answers asks.

The tree holds plain strings and nodes {"t": kind, "c": [children], …}. Kinds: p, b, i, u, s, sub, sup, code, pre, ul, ol, quote, head, br,
table ("rows": [[{"c", "h": is a heading, "w": columns, "l": lines}]]), img ("d": digest, "alt"), eq ("c", "block") with the kinds of formulas
below it: mi, mn, mo, mt, row, frac, sqrt, root, att ("c": base, "b": below, "a": above, "lim"), mat ("rows"), space, hide, box.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from elearn.questions.rules.choices import LABELS

Node = dict[str, Any]
Tree = list[Any]
MOST_CODES = 500
DIRECTLY = 20
"""Codes that are set while the reader waits, some seconds at most; also so many stand in one PDF."""
_SAME = {
    "p": "p", "div": "p", "b": "b", "strong": "b", "th": "th", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "del": "s", "sub": "sub",
    "sup": "sup", "code": "code", "pre": "pre", "ul": "ul", "ol": "ol", "li": "li", "dl": "ul", "dt": "li", "dd": "li", "blockquote": "quote",
    "h3": "head", "h4": "head", "h5": "head", "h6": "head", "caption": "p", "table": "table", "tr": "tr", "td": "td",
}  # fmt: skip
_MATHS = {
    "mrow", "mi", "mn", "mo", "ms", "mtext", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "munder", "mover", "munderover", "mtable",
    "mtr", "mtd", "mstyle", "mspace", "mpadded", "mphantom", "menclose", "mmultiscripts",
}  # fmt: skip
_EMPTY = {"br", "img", "hr", "mspace"}
_MEDIA = re.compile(r"/media/([0-9a-f]{64})")
_GAP = re.compile(r"\{#(\w+)\}")


class _Builder(HTMLParser):
    """Builds the tree; tags that are not known leave their content."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: Node = {"t": "root", "c": []}
        self.open: list[tuple[str, Node]] = [("root", self.root)]

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        node: Node = {"t": self._kind(tag), "c": []}
        if tag == "math":
            node["block"] = given.get("display") == "block"
        if tag in ("td", "th"):
            node |= {"w": _count(given.get("colspan")), "l": _count(given.get("rowspan"))}
        if tag == "ol" and given.get("start", "").isdecimal():
            node["start"] = min(int(given["start"]), 10_000)
        if tag == "img":
            found = _MEDIA.search(given.get("src", ""))
            node = {"t": "img", "d": found[1], "alt": given.get("alt", "")} if found else {"t": "text", "c": [given.get("alt", "")]}
        if tag == "mo":
            node["raw"] = given.get("form", "")
        self.open[-1][1]["c"].append(node)
        if tag not in _EMPTY:
            self.open.append((tag, node))

    def _kind(self, tag: str) -> str:
        if tag == "math":
            return "eq"
        return tag if tag in _MATHS or tag in ("br", "hr") else _SAME.get(tag, "text")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1][1]["c"].append(data)


def _count(text: str | None) -> int:
    return max(1, min(int(text), 50)) if text and text.isdecimal() else 1


def tree_of(html: str) -> Tree:
    """The tree of sanitised HTML; what is not known leaves its words."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return _nodes(builder.root["c"], keeps_space=False)


def _nodes(children: Sequence[Any], keeps_space: bool) -> Tree:
    found: Tree = []
    for child in children:
        if isinstance(child, str):
            text = child if keeps_space else re.sub(r"[ \t\r\n\f]+", " ", child)
            if text:
                found.append(text)
        elif child["t"] == "text":
            found += _nodes(child["c"], keeps_space)
        elif child["t"] == "eq":
            found.append({"t": "eq", "block": child["block"], "c": _maths(child["c"])})
        elif child["t"] == "table":
            found.append({"t": "table", "rows": _rows(child)})
        elif child["t"] in ("img", "br", "hr"):
            found.append({name: value for name, value in child.items() if name != "c"})
        else:
            inner = _nodes(child["c"], keeps_space or child["t"] == "pre")
            kept = {"start": child["start"]} if "start" in child else {}
            found.append({"t": child["t"], "c": inner, **kept})
    return found


def _rows(table: Node) -> list[list[Node]]:
    rows = []
    for child in table["c"]:
        if isinstance(child, str):
            continue
        if child["t"] == "tr":
            cells = [cell for cell in child["c"] if not isinstance(cell, str) and cell["t"] in ("td", "th")]
            rows.append([{"c": _nodes(cell["c"], False), "h": cell["t"] == "th", "w": cell["w"], "l": cell["l"]} for cell in cells])
        elif child["t"] not in ("td", "th"):
            rows += _rows(child)
    return rows


def _maths(children: Sequence[Any]) -> Tree:
    found: Tree = []
    for child in children:
        if isinstance(child, str):
            if child.strip():
                found.append({"t": "mt", "c": [child.strip()]})
        else:
            found.append(_formula(child))
    return found


def _formula(node: Node) -> Node:
    kind = node["t"]
    words = "".join(child for child in node["c"] if isinstance(child, str)).strip()
    if kind in ("mi", "mn", "mo"):
        return {"t": kind, "c": [words]}
    if kind in ("mtext", "ms", "text"):
        return {"t": "mt", "c": [words]}
    parts = _maths(node["c"])
    if kind in ("mfrac", "mroot") and len(parts) == 2:
        return {"t": kind.removeprefix("m"), "c": parts}
    if kind == "msqrt":
        return {"t": "sqrt", "c": parts}
    shape = {
        "msup": (None, 1),
        "msub": (1, None),
        "msubsup": (1, 2),
        "mover": (None, 1),
        "munder": (1, None),
        "munderover": (1, 2),
    }.get(kind)
    if shape is not None and parts:
        below, above = (parts[place] if place is not None and place < len(parts) else None for place in shape)
        return {"t": "att", "c": parts[:1], "b": below, "a": above, "lim": kind.startswith(("mover", "munder"))}
    if kind == "mtable":
        return {"t": "mat", "rows": [_cells(row) for row in node["c"] if not isinstance(row, str)]}
    return {"t": {"mspace": "space", "mphantom": "hide", "menclose": "box"}.get(kind, "row"), "c": parts}


def _cells(row: Node) -> list[Tree]:
    return [_maths(cell["c"]) for cell in row["c"] if not isinstance(cell, str)]


def run_in(tree: Tree) -> Tree:
    """The tree with its first paragraph opened, so that it can go on after words on the same line."""
    return [*tree[0]["c"], *tree[1:]] if tree and not isinstance(tree[0], str) and tree[0]["t"] == "p" else tree


def pictures_in(tree: Tree | Node) -> set[str]:
    """Digests of the pictures in a tree."""
    if isinstance(tree, Mapping):
        inner: list[Any] = [*tree.get("c", ()), *(cell for row in tree.get("rows", ()) for cell in row)]
        return ({tree["d"]} if tree.get("t") == "img" else set()) | pictures_in(inner)
    return {digest for child in tree if not isinstance(child, str) for digest in pictures_in(child)}


def is_plain(tree: Tree) -> bool:
    """Whether it is one run of words, so that its width alone decides where it fits."""
    return all(isinstance(child, str) or (child["t"] in ("b", "i", "u", "sub", "sup") and is_plain(child["c"])) for child in tree)


def with_blanks(html: str) -> str:
    """A stem in which gaps stand as numbered blanks."""
    return _GAP.sub(lambda found: f"({found[1]})\u00a0………………", html)


@dataclass(frozen=True)
class Question:
    """A question of a printed paper. `number` is None for a passage, which has none; `control` is what its type asks for."""

    number: int | None
    section: int
    stem: Tree
    hint: str
    mark: str
    control: Mapping[str, Any]
    key: str = ""
    code: str = ""
    version: int = 0


@dataclass(frozen=True)
class Paper:
    """One code (mã đề). `fingerprint` tells whether a key belongs to the papers that were printed."""

    code: str
    seed: str
    fingerprint: str
    questions: tuple[Question, ...] = field(default_factory=tuple)

    @property
    def answers(self) -> list[Question]:
        """The questions that have a number."""
        return [question for question in self.questions if question.number is not None]


def seed_of(seed: str, code: str) -> str:
    """The seed of one code, worked out from that of the whole set."""
    return hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()


def fingerprint(paper: Sequence[Mapping[str, Any]]) -> str:
    """Eight signs that stand for the questions and the order of their options."""
    text = json.dumps(list(paper), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:8].upper()


def codes_from(first: int, count: int) -> list[str]:
    """So many codes of at least three figures, one after the other: 101, 102 …"""
    return [f"{number:03}" for number in range(first, first + count)]


def printed_control(control: Mapping[str, Any]) -> dict[str, Any]:
    """What a type asks for, with its texts as trees."""
    kind = control["kind"]
    if kind in ("radio", "checkbox"):
        options = [tree_of(text) for text in control["options"]]
        return {"kind": kind, "options": options, "plain": all(is_plain(option) for option in options)}
    if kind == "match":
        return {"kind": kind, "rows": [tree_of(row) for row in control["rows"]], "choices": list(control["choices"])}
    if kind == "sort":
        return {"kind": kind, "items": [tree_of(item) for item in control["items"]]}
    if kind == "gaps":
        return {"kind": kind, "gaps": [_gap(number, gap) for number, gap in control["gaps"].items() if gap.get("options")]}
    if kind == "essay":
        return {"kind": kind, "lines": min(int(control.get("lines") or 10), 60)}
    return {"kind": kind, "units": list(control.get("units") or ())}


def _gap(number: str, gap: Mapping[str, Any]) -> dict[str, Any]:
    is_html = gap["kind"] != "select"
    return {"number": number, "options": [tree_of(text) if is_html else [text] for text in gap["options"]]}


def key_words(type_key: str, right: Any, words: str) -> str:
    """The right answer as a key says it: letters alone for a choice, otherwise in words; "–" where a person marks."""
    if right is None:
        return "–"
    if type_key in ("single_choice", "true_false"):
        return str(right)
    if type_key == "multiple_choice":
        return ", ".join(right)
    if type_key == "ordering":
        return " → ".join(right)
    if type_key == "matching":
        return ", ".join(f"{row}–{label}" for row, label in enumerate(right, start=1))
    return words


Row = tuple[int, int]
"""On a sheet for answers: the number of a question, and how many options there are to fill in; 0 for a line to write on."""


def rows_of(paper: Paper) -> list[Row]:
    """The rows of a sheet for one code."""
    return [
        (question.number or 0, len(question.control["options"]) if question.control["kind"] in ("radio", "checkbox") else 0)
        for question in paper.answers
    ]


def sheets_of(papers: Sequence[Paper]) -> list[tuple[str, list[Row]]]:
    """(code, rows) of the sheets that a set of papers needs: one without a code where every number is filled in, or written, under all codes;
    there each number has the most options that it has under any. Otherwise a sheet for each code."""
    rows = [rows_of(paper) for paper in papers]
    kinds = {tuple((number, options > 0) for number, options in one) for one in rows}
    if len(kinds) > 1:
        return [(paper.code, one) for paper, one in zip(papers, rows, strict=True)]
    return [("", [(same[0][0], max(options for _, options in same)) for same in zip(*rows, strict=True)])]


def letters(count: int) -> list[str]:
    """Letters of that many options."""
    return list(LABELS[:count])
