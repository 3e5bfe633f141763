"""The questions of an XML file, one after the other, each with the line at which it begins; no document type, no entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.moodle import WHITE

_CHUNK = 256 * 1024
_DEEPEST = 40
_MOST_ELEMENTS = 4_000_000

# By the error codes of expat.
_REASONS = {
    3: "Dòng %(line)s: tệp kết thúc giữa chừng hoặc không có nội dung.",
    4: "Dòng %(line)s: có ký tự không được phép trong XML, ví dụ dấu & hoặc dấu < viết trần.",
    5: "Dòng %(line)s: có thẻ chưa được đóng trước khi tệp kết thúc.",
    7: "Dòng %(line)s: thẻ đóng không khớp với thẻ mở.",
    8: "Dòng %(line)s: một thuộc tính được viết hai lần.",
    9: "Dòng %(line)s: còn nội dung sau khi tài liệu XML đã kết thúc.",
    11: "Dòng %(line)s: có thực thể không được định nghĩa, ví dụ &nbsp; đứng ngoài CDATA.",
    18: "Dòng %(line)s: bảng mã khai báo trong tệp không đọc được. Hãy lưu tệp bằng UTF-8.",
    19: "Dòng %(line)s: tệp không đúng với bảng mã mà nó khai báo. Hãy lưu tệp bằng UTF-8.",
    20: "Dòng %(line)s: có phần CDATA chưa được đóng trước khi tệp kết thúc.",
}


class Element:
    """An element with its words and children."""

    __slots__ = ("attributes", "children", "line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def words(self) -> str:
        """Its own words, trimmed as Moodle does."""
        return "".join(self.parts).strip(WHITE)

    def all(self, name: str) -> list[Element]:
        """Children of a name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        """The first child of a name; None where there is none."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str, otherwise: str = "") -> str:
        """The words of the first child of a name, in it or in its <text>; `otherwise` where there is no such child."""
        child = self.first(name)
        return otherwise if child is None else child.said()

    def said(self) -> str:
        """The words of its <text>; its own where it has none."""
        text = self.first("text")
        return self.words if text is None else text.words


class _Target:
    """Takes what the parser finds; whole questions are collected in `done`."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.open: list[Element] = []
        self.done: list[Element] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        line: int = self.parser.CurrentLineNumber
        self.count += 1
        if not self.open and name != "quiz":
            message = "Đây không phải là tệp Moodle XML: phần tử ngoài cùng là <%(name)s>, không phải <quiz>."
            raise InvalidInput("not_moodle_xml", message, field="file", name=name[:40], line=line)
        if len(self.open) >= _DEEPEST or self.count > _MOST_ELEMENTS:
            raise InvalidInput(
                "too_complex", "Dòng %(line)s: tệp XML quá nhiều hoặc quá nhiều tầng phần tử.", field="file", line=line
            )
        element = Element(name, attributes, line)
        if len(self.open) > 1:
            self.open[-1].children.append(element)
        self.open.append(element)

    def data(self, words: str) -> None:
        if len(self.open) > 1:
            self.open[-1].parts.append(words)

    def end(self, name: str) -> None:
        element = self.open.pop()
        if len(self.open) == 1 and name == "question":
            self.done.append(element)

    def close(self) -> None:
        """Nothing is kept."""


def questions(data: bytes) -> Iterator[Element]:
    """The <question> elements of a file. Raises InvalidInput, with the line, where the file is broken or not of Moodle."""
    body = data.removeprefix(b"\xef\xbb\xbf")
    # Moodle forgives empty lines before the declaration of XML, which the parser does not.
    begin = len(body) - len(body.lstrip(b" \t\r\n"))
    before = body[:begin].count(b"\n")
    target = _Target()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.parser = parser.parser
    try:
        for at in range(begin, len(body), _CHUNK):
            parser.feed(body[at : at + _CHUNK])
            yield from _taken(target, before)
        parser.close()
        yield from _taken(target, before)
    except ParseError as error:
        code, line = getattr(error, "code", 0), getattr(error, "position", (1, 0))[0] + before
        message = _REASONS.get(code, "Dòng %(line)s: tệp không đúng cú pháp XML.")
        raise InvalidInput("broken_xml", message, field="file", line=line) from None
    except DefusedXmlException:
        line = target.parser.CurrentLineNumber + before
        message = "Dòng %(line)s: tệp có khai báo DOCTYPE hoặc ENTITY, là những thứ không được nhận vì lý do an toàn."
        raise InvalidInput("forbidden_xml", message, field="file", line=line) from None
    except (LookupError, ValueError):
        raise InvalidInput("broken_xml", _REASONS[18], field="file", line=1 + before) from None


def _taken(target: _Target, before: int) -> Iterator[Element]:
    taken, target.done = target.done, []
    for element in taken:
        element.line += before
        yield element
