"""What Word works out by itself: the look that styles give to letters, and the labels of automatic numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from elearn.core.files.word.package import W

_OFF = {"0", "false", "off", "none"}
_DEEPEST = 9


def value(element: etree._Element | None, name: str = "val") -> str:
    """An attribute of Word; "" where it or the element is missing."""
    return "" if element is None else str(element.get(W + name) or "")


def is_on(parent: etree._Element, name: str) -> bool | None:
    """A switch such as bold: None where nothing is said."""
    element = parent.find(W + name)
    return None if element is None else value(element) not in _OFF


def colour(text: str) -> str:
    """A colour in a form to compare by: "" for black, near-black and automatic, "white" for white and nearly so."""
    text = text.lower()
    if not re.fullmatch("[0-9a-f]{6}", text):
        return "" if text in ("", "auto", "black", "none", "clear") else text
    parts = [int(text[at : at + 2], 16) for at in (0, 2, 4)]
    if max(parts) - min(parts) <= 24:
        if max(parts) <= 80:
            return ""  # the blacks of web pages are many
        if min(parts) >= 236:
            return "white"
    return text


@dataclass(frozen=True, slots=True)
class Look:
    """Properties of letters; None or "" where nothing is said. A colour of "auto" says black."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    colour: str | None = None
    shade: str | None = None
    raised: str | None = None
    font: str = ""

    def over(self, below: Look) -> Look:
        """These properties, and those of `below` where these say nothing."""
        return Look(
            below.bold if self.bold is None else self.bold,
            below.italic if self.italic is None else self.italic,
            below.underline if self.underline is None else self.underline,
            below.struck if self.struck is None else self.struck,
            below.hidden if self.hidden is None else self.hidden,
            below.colour if self.colour is None else self.colour,
            below.shade if self.shade is None else self.shade,
            below.raised if self.raised is None else self.raised,
            self.font or below.font,
        )


def look_of(properties: etree._Element | None) -> Look:
    """What a w:rPr says itself."""
    if properties is None or not len(properties):
        return Look()
    underline = properties.find(f"{W}u")
    strikes = [is_on(properties, "strike"), is_on(properties, "dstrike")]
    shade = properties.find(f"{W}highlight")
    marked = colour(value(shade)) if shade is not None else None
    if not marked and properties.find(f"{W}shd") is not None:
        fill = colour(value(properties.find(f"{W}shd"), "fill"))
        marked = "" if fill == "white" else fill
    ink = properties.find(f"{W}color")
    ink_name = None
    if ink is not None:
        ink_name = colour(value(ink))
        theme = value(ink, "themeColor")
        if theme and not ink_name:
            ink_name = "" if theme in ("text1", "dark1", "tx1", "dk1") else theme
    raised = properties.find(f"{W}vertAlign")
    fonts = properties.find(f"{W}rFonts")
    return Look(
        is_on(properties, "b"),
        is_on(properties, "i"),
        None if underline is None else value(underline) not in _OFF,
        None if strikes == [None, None] else any(strikes),
        is_on(properties, "vanish"),
        ink_name,
        marked,
        None if raised is None else value(raised),
        value(fonts, "ascii") or value(fonts, "hAnsi"),
    )


@dataclass(frozen=True, slots=True)
class Style:
    """What a style of paragraphs or letters gives."""

    look: Look = Look()
    heading: int = 0
    number_id: str = ""
    level: int = 0


class Styles:
    """The styles of a document by their ids, with what they inherit."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._known: dict[str, Style] = {}
        self._usual = ""
        self.ground = Look()
        if root is None:
            return
        self.ground = look_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for element in root.iter(f"{W}style"):
            self._elements[value(element, "styleId")] = element
            if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true"):
                self._usual = value(element, "styleId")

    def paragraph(self, name: str) -> Style:
        """The style of a paragraph; the usual one for ""."""
        return self._style(name or self._usual, 0)

    def letters(self, name: str) -> Look:
        """The look that a style of letters gives."""
        return self._style(name, 0).look if name else Look()

    def _style(self, name: str, depth: int) -> Style:
        if name in self._known:
            return self._known[name]
        element = self._elements.get(name)
        if element is None or depth > 20:
            return Style()
        below = self._style(value(element.find(f"{W}basedOn")), depth + 1)
        number_id, level = numbering_of(element.find(f"{W}pPr"))
        outline = value(element.find(f"{W}pPr/{W}outlineLvl"))
        titled = re.fullmatch(r"(?:heading|đầu đề|tiêu đề) ?([1-9])", value(element.find(f"{W}name")).lower())
        heading = below.heading
        if outline.isdigit():
            heading = int(outline) + 1 if int(outline) < _DEEPEST else 0
        elif titled:
            heading = int(titled[1])
        self._known[name] = Style(
            look_of(element.find(f"{W}rPr")).over(below.look),
            heading,
            number_id or below.number_id,
            below.level if level is None else level,
        )
        return self._known[name]


def numbering_of(properties: etree._Element | None) -> tuple[str, int | None]:
    """Which list and which level a w:pPr names; ("", None) where it names none."""
    numbers = None if properties is None else properties.find(f"{W}numPr")
    if numbers is None:
        return "", None
    level = value(numbers.find(f"{W}ilvl"))
    return value(numbers.find(f"{W}numId")), min(int(level), _DEEPEST - 1) if level.isdigit() else None


def _roman(number: int) -> str:
    text = ""
    for size, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        text += sign * (number // size)
        number %= size
    return text


def _number(number: int, form: str) -> str:
    number = min(max(number, 0), 99_999)
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(65 + (number - 1) % 26) * min((number - 1) // 26 + 1, 9) if number else ""
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number % 4000) if form == "upperRoman" else _roman(number % 4000).lower()
    if form == "decimalZero":
        return f"{number:02d}"
    return "" if form == "none" else str(number)


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = "%1."
    restarts_after: int | None = None
    is_legal: bool = False


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    style_link: str = ""


class Numbering:
    """Counts as Word does: lists of one kind count on together unless one of them says where to begin anew."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._lists: dict[str, _List] = {}
        self._kinds: dict[str, str] = {}
        self._anew: dict[tuple[str, int], int] = {}
        self._own: dict[tuple[str, int], _Level] = {}
        self._styles = styles
        if root is None:
            return
        for element in root.iter(f"{W}abstractNum"):
            kind = _List(style_link=value(element.find(f"{W}numStyleLink")))
            for level in element.iter(f"{W}lvl"):
                kind.levels[_whole(value(level, "ilvl"), 0)] = _level(level)
            self._lists[value(element, "abstractNumId")] = kind
        for element in root.iter(f"{W}num"):
            number_id = value(element, "numId")
            self._kinds[number_id] = value(element.find(f"{W}abstractNumId"))
            for override in element.iter(f"{W}lvlOverride"):
                place = number_id, _whole(value(override, "ilvl"), 0)
                start = value(override.find(f"{W}startOverride"))
                if start:
                    self._anew[place] = _whole(start, 1)
                own = override.find(f"{W}lvl")
                if own is not None:
                    self._own[place] = _level(own)

    def _list(self, number_id: str, depth: int = 0) -> _List | None:
        found = self._lists.get(self._kinds.get(number_id, ""))
        if found is not None and not found.levels and found.style_link and depth < 5:
            return self._list(self._styles.paragraph(found.style_link).number_id, depth + 1) or found
        return found

    def label(self, number_id: str, depth: int) -> str:
        """The label of the next paragraph of that list and level; "•" for bullets, "" for none."""
        kind = self._list(number_id)
        if kind is None:
            return ""
        level = self._own.get((number_id, depth)) or kind.levels.get(depth, _Level(text=f"%{depth + 1}."))
        start = self._anew.pop((number_id, depth), None)
        if start is not None:
            kind.counts[depth] = start
        else:
            kind.counts[depth] = kind.counts[depth] + 1 if depth in kind.counts else level.start
        for deeper in [other for other in kind.counts if other > depth]:
            setting = self._own.get((number_id, deeper)) or kind.levels.get(deeper, _Level())
            if setting.restarts_after is None or depth < setting.restarts_after:
                del kind.counts[deeper]
        if level.form == "bullet":
            return "•"

        def counted(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            other = self._own.get((number_id, place)) or kind.levels.get(place, _Level())
            return _number(kind.counts.get(place, other.start), "decimal" if level.is_legal else other.form)

        return re.sub("%([1-9])", counted, level.text)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else otherwise


def _level(element: etree._Element) -> _Level:
    restart = element.find(f"{W}lvlRestart")
    return _Level(
        _whole(value(element.find(f"{W}start")), 1),
        value(element.find(f"{W}numFmt")) or "decimal",
        value(element.find(f"{W}lvlText"))[:60],
        None if restart is None else _whole(value(restart), 0),
        element.find(f"{W}isLgl") is not None,
    )
