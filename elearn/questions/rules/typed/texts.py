"""Lines of a document as the texts of a question: Markdown, or HTML where letters are raised or lowered beyond what characters can show."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from elearn.lib.styled import (
    BOLD,
    FIRST_OBJECT,
    ITALIC,
    SUBSCRIPT,
    SUPERSCRIPT,
    UNDERLINE,
    Document,
    Formula,
    Line,
    Picture,
    Table,
    Verbatim,
)
from elearn.questions.rules.texts import FORMATS, Rich, rich

OPEN, CLOSE, NEW_LINE, SPACE, TAB = "⟦", "⟧", "⏎", "␣", "⇥"
"""How a text is written that would otherwise be read differently: ⟦ … ⟧, with signs for what is lost at the ends of lines."""
_SIGNS = {NEW_LINE: "\n", SPACE: " ", TAB: "\t"}
_VERBATIM = re.compile(rf"{OPEN}((?:\\.|[^\\{OPEN}{CLOSE}])*){CLOSE}")
_CODED = re.compile(rf"\\([\\{OPEN}{CLOSE}{NEW_LINE}{SPACE}{TAB}])|([{NEW_LINE}{SPACE}{TAB}])")
_SPECIAL = re.compile(rf"[\\{OPEN}{CLOSE}{NEW_LINE}{SPACE}{TAB}]")
_LOST_SPACE = re.compile(r"^ | $|(?<= ) | (?=\n)|(?<=\n) ")
_FORMAT = re.compile(rf"\[({'|'.join(FORMATS[1:])})\]\s?")

_RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ", strict=True))
_OBJECT = re.compile(f"[{chr(FIRST_OBJECT)}-\U0010ffff]")
_MATH = re.compile(r"\\\(.{0,2000}?\\\)|\\\[.{0,2000}?\\\]")
# What Markdown would take for a mark: only then is it worth a backslash in a text that people will read and edit.
_MARKS = re.compile(
    r"\*(?=\S)|(?<=\S)\*|(?<![^\W_])_(?=_{0,9}[^\W_].{0,300}?[^\W_]_)|`|<(?=[A-Za-z/!?])|&(?=#?\w+;)|!?\[(?=[^\]\n]{0,300}\][\[(:])|\\(?=[!-/:-@\[-`{-~])"
)
_LINE_MARKS = re.compile(r"^(?=#{1,6}(?:\s|$)|>|[-=_*~`]{3})")
_ROW = re.compile(r"\s*\|.*\|\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
_LETTERED = re.compile(r"\w{1,2}[.)]\s")
_ENDS_SENTENCE = frozenset(".:;?!…”\"')]|")


def encode_verbatim(text: str) -> str:
    """The text in ⟦ … ⟧, on one line."""
    coded = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    coded = _LOST_SPACE.sub(SPACE, coded).replace("\n", NEW_LINE).replace("\t", TAB)
    return f"{OPEN}{coded}{CLOSE}"


def _decode(coded: str) -> str:
    return _CODED.sub(lambda found: found[1] or _SIGNS[found[2]], coded)


def with_verbatim(document: Document, text: str) -> tuple[str, list[int]]:
    """A line of a source in which each ⟦ … ⟧ has become one character, so that nothing is looked for in it; and whence each character came."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _VERBATIM.finditer(text):
        pieces += [text[at : found.start()], document.keep(Verbatim(_decode(found[1]), found[0]))]
        places += [*range(at, found.start()), found.start()]
        at = found.end()
    return "".join([*pieces, text[at:]]), [*places, *range(at, len(text))]


class Renderer:
    """Makes texts of lines; pictures that it meets are gathered in `files`."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.files: dict[str, bytes] = {}

    def raw(self, text: str) -> str:
        """The line as it was typed: for values that are not texts."""
        return _OBJECT.sub(lambda found: self._typed(found[0]), text)

    def _typed(self, letter: str) -> str:
        thing = self._document.object_at(letter)
        return thing.raw if isinstance(thing, Verbatim) else ""

    def value(self, text: str) -> str:
        """A value of one line: a code, a name, a source."""
        return " ".join(self._source(text).split()) if OPEN not in self.raw(text) else self._source(text.strip())

    def answer(self, text: str) -> str:
        """An accepted answer: in a document of ordinary letters an asterisk means itself."""
        value = self.value(text)
        return value if self._document.is_source else value.replace("*", "\\*")

    def rich(self, lines: Sequence[Line], keeps_emphasis: bool = False) -> Rich:
        """The text of the lines, a paragraph each."""
        lines = [line for line in lines if line.text.strip()]
        if self._document.is_source:
            return self._source_rich(lines)
        if self._needs_html(lines):
            return rich("".join(self._html_block(line) for line in lines), "html")
        emphasis = self._emphasis(lines) if keeps_emphasis else 0
        parts = [self._markdown(line, emphasis) for line in lines]
        return joined([part for part in parts if part])

    def _source_rich(self, lines: Sequence[Line]) -> Rich:
        first = lines[0].text.lstrip() if lines else ""
        form = _FORMAT.match(first)
        texts = [line.text for line in lines]
        if form:
            texts[0] = first[form.end() :]
        parts = [text if self._is_verbatim(text) else " ".join(text.split()) for text in texts]
        text = self._source(joined([part for part in parts if part]))
        return rich(text, form[1]) if form else text

    def _is_verbatim(self, text: str) -> bool:
        return any(isinstance(self._document.object_at(letter), Verbatim) for letter in _OBJECT.findall(text))

    def _source(self, text: str) -> str:
        def written(found: re.Match[str]) -> str:
            thing = self._document.object_at(found[0])
            if isinstance(thing, Verbatim):
                return self._source(thing.text)
            return self._object_markdown(thing)

        return _OBJECT.sub(written, text)

    # Markdown

    @staticmethod
    def _emphasis(lines: Sequence[Line]) -> int:
        """Which looks are emphasis here: those of some letters, but not of all."""
        signs = {ord(sign) for line in lines for letter, sign in zip(line.text, line.looks, strict=True) if letter.isalnum()}
        return sum(
            flag
            for flag in (BOLD, ITALIC, UNDERLINE)
            if any(sign & flag for sign in signs) and not all(sign & flag for sign in signs)
        )

    def _markdown(self, line: Line, emphasis: int) -> str:
        if len(line.text) == 1 and isinstance(table := self._document.object_at(line.text), Table):
            return self._markdown_table(table)
        pieces: list[str] = []
        text = ""
        mark = ""
        for words, sign in self._joined_runs(line, emphasis):
            flags = ord(sign)
            words = self._shifted(words, flags)
            now = ("**" if flags & emphasis & (BOLD | UNDERLINE) else "") + ("*" if flags & emphasis & ITALIC else "")
            if now != mark:
                pieces.append(self._marked(text, mark))
                text, mark = "", now
            text += words
        pieces.append(self._marked(text, mark))
        whole = " ".join(_set_apart(pieces).split())
        return f"\\{whole}" if _LINE_MARKS.match(whole) else whole

    def _joined_runs(self, line: Line, emphasis: int) -> list[tuple[str, str]]:
        """Runs of one meaning: looks that are no emphasis and no shift are left out."""
        kept = emphasis | SUPERSCRIPT | SUBSCRIPT
        runs: list[tuple[str, str]] = []
        for words, sign in line.runs():
            meaning = chr(ord(sign) & kept)
            if runs and (runs[-1][1] == meaning or not words.strip()):
                runs[-1] = (runs[-1][0] + words, runs[-1][1])
            else:
                runs.append((words, meaning))
        return runs

    @staticmethod
    def _shifted(words: str, flags: int) -> str:
        table = _RAISED if flags & SUPERSCRIPT else _LOWERED if flags & SUBSCRIPT else None
        return words if table is None else "".join(table.get(letter, letter) for letter in words)

    def _marked(self, text: str, mark: str) -> str:
        """A piece with its mark, or without where there is nothing to emphasise; the marks touch letters on their inner sides."""
        written = self._literal(text)
        if not mark or not any(letter.isalnum() for letter in text):
            return written
        inner = written.strip()
        left = written[: len(written) - len(written.lstrip())]
        right = written[len(written.rstrip()) :]
        closed = mark[::-1]
        return f"{left}\ue000{mark}{inner}{closed}\ue001{right}"

    def _literal(self, text: str) -> str:
        """Letters that mean themselves, as Markdown; formulas between \\( and \\) stay."""
        pieces = []
        at = 0
        for found in _MATH.finditer(text):
            pieces += [_MARKS.sub(lambda mark: f"\\{mark[0]}", text[at : found.start()]), found[0]]
            at = found.end()
        pieces.append(_MARKS.sub(lambda mark: f"\\{mark[0]}", text[at:]))
        return _OBJECT.sub(lambda found: self._object_markdown(self._document.object_at(found[0])), "".join(pieces))

    def _object_markdown(self, thing: object) -> str:
        if isinstance(thing, Picture):
            self.files[thing.name] = thing.data
            alt = thing.alt if self._document.is_source else re.sub(r"([\\\[\]])", r"\\\1", thing.alt)
            return f"![{alt}](@@PLUGINFILE@@/{thing.name})"
        if isinstance(thing, Formula):
            return rf"\( {thing.latex} \)"
        return self._markdown_table(thing) if isinstance(thing, Table) else ""

    def _markdown_table(self, table: Table) -> str:
        rows = [[self._cell(cell.lines) for cell in row.cells] for row in table.rows]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return ""
        rows = [row + [""] * (width - len(row)) for row in rows]
        written = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([written[0], "|" + " --- |" * width, *written[1:]])

    def _cell(self, lines: Sequence[Line]) -> str:
        parts = []
        for line in lines:
            is_nested = any(isinstance(self._document.object_at(letter), Table) for letter in line.text)
            parts.append(self._flat_table(line) if is_nested else re.sub(r"(?<!\\)\|", r"\\|", self._markdown(line, 0)))
        return " ".join(part for part in parts if part)

    def _flat_table(self, line: Line) -> str:
        """A table within a cell, which Markdown cannot show: its words one after the other."""
        tables = [thing for thing in map(self._document.object_at, line.text) if isinstance(thing, Table)]
        return "; ".join(cell.words() for table in tables for row in table.rows for cell in row.cells if cell.words())

    # HTML

    def _needs_html(self, lines: Sequence[Line]) -> bool:
        for line in lines:
            for words, sign in line.runs():
                flags = ord(sign)
                table = _RAISED if flags & SUPERSCRIPT else _LOWERED if flags & SUBSCRIPT else None
                if table is not None and any(letter not in table for letter in words.strip() if letter != " "):
                    return True
        return False

    def _html_block(self, line: Line) -> str:
        if len(line.text) == 1 and isinstance(self._document.object_at(line.text), Table):
            return self._html_objects(line.text)
        return f"<p>{self._html(line)}</p>"

    def _html(self, line: Line) -> str:
        pieces = []
        for words, sign in line.runs():
            flags = ord(sign)
            tag = "sup" if flags & SUPERSCRIPT else "sub" if flags & SUBSCRIPT else ""
            text = self._html_objects(html.escape(words, quote=False))
            pieces.append(f"<{tag}>{text}</{tag}>" if tag else text)
        return " ".join("".join(pieces).split())

    def _html_objects(self, text: str) -> str:
        return _OBJECT.sub(lambda found: self._object_html(self._document.object_at(found[0])), text)

    def _object_html(self, thing: object) -> str:
        if isinstance(thing, Picture):
            self.files[thing.name] = thing.data
            return f'<img src="@@PLUGINFILE@@/{html.escape(thing.name)}" alt="{html.escape(thing.alt)}">'
        if isinstance(thing, Formula):
            return html.escape(rf"\( {thing.latex} \)", quote=False)
        if isinstance(thing, Table):
            rows = ("".join(f"<td>{' '.join(map(self._html, cell.lines))}</td>" for cell in row.cells) for row in thing.rows)
            return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        return ""


def _set_apart(pieces: Sequence[str]) -> str:
    """Pieces put together; emphasis that would begin or end within a word is left out, for Markdown would show its asterisks."""
    text = "".join(pieces)

    def judged(found: re.Match[str]) -> str:
        before = text[found.start() - 1] if found.start() else " "
        after = text[found.end()] if found.end() < len(text) else " "
        is_apart = not (before.isalnum() or after.isalnum() or before in "*\\\ue001" or after in "*\ue000")
        return found[1] + found[2] + found[3] if is_apart and found[2][0] != "\\" else found[2]

    return re.sub("\ue000(\\*+)(.*?)(\\*+)\ue001", judged, text)


def joined(parts: Sequence[str]) -> str:
    """Lines as one text: rows of a table and items of a list follow each other, a broken sentence goes on, all else is a paragraph."""
    pieces: list[str] = []
    last = ""
    for part in parts:
        if not last:
            gap = ""
        elif (_ROW.fullmatch(last) and _ROW.fullmatch(part)) or (_ITEM.match(last) and _ITEM.match(part)):
            gap = "\n"
        elif part[:1].islower() and not _LETTERED.match(part) and last[-1] not in _ENDS_SENTENCE:
            gap = " "
        else:
            gap = "\n\n"
        pieces += [gap, part]
        last = part.rsplit("\n", 1)[-1]
    return "".join(pieces)
