"""Our own JSON: everything that a question on its way holds, without loss.

{"format": "elearn-questions", "version": 1, "questions": [{"type", "text", "body", "name"?, "explanation"?, "mark"?: "1", "code"?,
"category"?, "tags"?: [], "topic"?, "level"?, "source"?, "document"?, "clause"?, "files"?: {name: base64}, "extra"?: {}}, …]}

Numbers with a decimal point are taken as the words in which they stand, so that no mark is ever rounded. A question whose fields do not
have their shape is not taken; a field with an unknown name is told and, inside a body, kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.bodies import SHAPES, UNKNOWN, Fault, faults_of, number, rich
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.files import check_size, finished
from elearn.questions.rules.levels import LEVELS

VERSION = 1
_MOST = 10_000  # marks of one question
_NAME = "elearn-questions"
_WORDS = ("name", "code", "category", "topic", "level", "source", "document", "clause")
_FIELDS = {"type", "text", "body", "explanation", "mark", "tags", "files", "extra", *_WORDS}
_BAD = re.compile("[\0\ud800-\udfff]")
_BAD_FILE_NAME = re.compile(r"[\\/:\0]|\A\.{0,2}\Z")
_SPACE = re.compile(r"[ \t\r\n]*")


def _broken(line: int, reason: str) -> InvalidInput:
    return InvalidInput("broken_json", "Tệp JSON bị hỏng ở dòng %(line)s: %(reason)s.", "file", line=line, reason=reason)


class _Doubled(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Doubled
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=str, parse_constant=_no_constant)


class _Walk:
    """Through the outer object of the file by hand, so that the line of every question is known."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = 1

    def line(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _next(self) -> str:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, expected: str) -> str:
        found = self._next()
        if not found or found not in expected:
            raise _broken(self.line(), "thiếu dấu ngoặc, dấu phẩy hoặc dấu hai chấm")
        self._at += 1
        return found

    def _value(self) -> Any:
        self._next()
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise _broken(error.lineno, "không đúng cú pháp JSON") from None
        except _Doubled:
            raise _broken(self.line(), "một đối tượng có hai trường cùng tên") from None
        except ValueError:
            raise _broken(self.line(), "có số không hợp lệ") from None
        except RecursionError:
            raise _broken(self.line(), "các ngoặc lồng nhau quá sâu") from None
        return value

    def members(self) -> Iterator[tuple[str, int, Any]]:
        """Name, line and value; of a list called "questions" each member by itself, named "questions[]"."""
        self._take("{")
        if self._next() == "}":
            self._at += 1
        else:
            while True:
                self._next()
                line = self.line()
                name = self._value()
                self._take(":")
                if name == "questions" and self._next() == "[":
                    yield name, line, []
                    yield from self._list()
                else:
                    yield str(name), line, self._value()
                if self._take(",}") == "}":
                    break
        if self._next():
            raise _broken(self.line(), "còn chữ thừa sau dấu ngoặc cuối")

    def _list(self) -> Iterator[tuple[str, int, Any]]:
        self._take("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            self._next()
            line = self.line()
            yield "questions[]", line, self._value()
            if self._take(",]") == "]":
                return


def _decoded(data: bytes) -> str:
    check_size(data)
    try:
        return data.decode(json.detect_encoding(data)).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _broken(data.count(b"\n", 0, error.start) + 1, "bảng mã không phải Unicode") from None


def _unclean(value: Any, place: str) -> Iterator[Fault]:
    """Characters that no text may hold and no database keeps."""
    if isinstance(value, str):
        if _BAD.search(value):
            yield place, "có ký tự điều khiển không dùng được"
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _unclean(name, place)
            yield from _unclean(member, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _unclean(member, f"{place}[{index}]")


def _faults(question: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _unclean({name: value for name, value in question.items() if name != "files"}, "")
    for name in question:
        if name not in _FIELDS:
            yield name, UNKNOWN
    kind = question.get("type")
    if not isinstance(kind, str) or kind not in SHAPES:
        yield "type", "không phải một loại câu hỏi được dùng ở đây"
    else:
        yield from faults_of(kind, question.get("body", {}))
    yield from rich(question.get("text"), "text")
    yield from rich(question.get("explanation", ""), "explanation")
    yield from _mark_faults(question.get("mark", "1"))
    for name in _WORDS:
        if not isinstance(question.get(name, ""), str):
            yield name, "phải là chữ"
    tags = question.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield "tags", "phải là danh sách chữ"
    if not isinstance(question.get("extra", {}), Mapping):
        yield "extra", "phải là đối tượng"
    yield from _file_faults(question.get("files", {}))


def _mark_faults(mark: Any) -> Iterator[Fault]:
    faults = list(number(mark, "mark"))
    if not faults and not 0 <= Decimal(mark) <= _MOST:
        faults.append(("mark", "phải từ 0 đến 10.000"))
    yield from faults


def _file_faults(files: Any) -> Iterator[Fault]:
    if not isinstance(files, Mapping):
        yield "files", "phải là đối tượng"
        return
    for name, content in files.items():
        if _BAD_FILE_NAME.search(name) or _BAD.search(name) or len(name) > 200:
            yield "files", "có tên tệp không hợp lệ"
        try:
            base64.b64decode(content, validate=True)
        except (TypeError, ValueError, binascii.Error):
            yield f"files.{name}", "không phải nội dung base64"


def _draft(question: Mapping[str, Any], line: int) -> Draft:
    return Draft(
        type=question["type"],
        text=question["text"],
        body=dict(question.get("body", {})),
        explanation=question.get("explanation", ""),
        default_mark=Decimal(question.get("mark", "1")),
        tags=list(question.get("tags", [])),
        files={name: base64.b64decode(content) for name, content in question.get("files", {}).items()},
        extra=dict(question.get("extra", {})),
        line=line,
        **{name: question.get(name, "") for name in _WORDS},
    )


class JsonBank:
    key = "json"
    name = "JSON"
    suffixes = (".json",)
    mimetype = "application/json"
    writes = frozenset(SHAPES)
    examples = (
        b'{"format": "elearn-questions", "version": 1, "questions": [{"type": "description", "text": "Read.", "body": {}}]}',
        b'\xef\xbb\xbf{"questions": [\n{"type": "true_false", "text": "2 + 2 = 4", "body": {"answer": true}, "mark": 0.5},\n'
        b'{"type": "single_choice", "text": {"text": "<b>1</b> + 1 = ?", "format": "html"}, "code": "q2", "level": "nhan_biet",\n'
        b' "body": {"options": [{"text": "2", "right": true}, {"text": "3"}, {"text": "4", "feedback": "no"}]},\n'
        b' "files": {"a.png": "iVBORw0KGgo="}, "tags": ["x"]}\n], "version": 1, "format": "elearn-questions"}',
    )

    def looks_like(self, name: str, data: bytes) -> int:
        """See `rules.exchange.Format`."""
        start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start.startswith(b"{"):
            return 0
        if _NAME.encode() in start or _NAME.encode() in data[-4096:]:
            return 100
        return 60 if name.lower().endswith(".json") else 20

    def read(self, data: bytes) -> Reading:
        """See `rules.exchange.Format`."""
        text = _decoded(data)
        if text[:1].strip() == "" and not text.strip():
            raise InvalidInput("empty_file", "Tệp không có nội dung nào.", "file", line=1)
        reading = Reading()
        outer: dict[str, Any] = {}
        count = 0
        for name, line, value in _Walk(text).members():
            if name == "questions[]":
                count += 1
                self._take(reading, value, line, count)
                continue
            if name in outer:
                raise _broken(line, "một đối tượng có hai trường cùng tên")
            outer[name] = value
            if name not in ("format", "version", "questions"):
                reading.doubt(line, "Trường “%(field)s” của tệp có tên lạ nên được bỏ qua.", field=name[:80])
        if outer.get("format") != _NAME or not isinstance(outer.get("questions"), list):
            raise InvalidInput(
                "other_json",
                'Đây không phải tệp câu hỏi JSON của hệ thống: dòng %(line)s không có "format": "elearn-questions" và danh sách questions.',
                "file",
                line=1,
            )
        if outer.get("version") != VERSION:
            raise InvalidInput(
                "other_version",
                "Tệp có phiên bản (version) %(version)s ở dòng %(line)s; hệ thống chỉ đọc được phiên bản %(known)s.",
                "file",
                version=str(outer.get("version"))[:20],
                known=VERSION,
                line=1,
            )
        return finished(reading)

    @staticmethod
    def _take(reading: Reading, question: Any, line: int, count: int) -> None:
        if not isinstance(question, Mapping):
            reading.doubt(line, "Câu thứ %(number)s không phải đối tượng nên không được nhập.", "error", number=count)
            return
        try:
            faults = list(_faults(question))
        except RecursionError:
            faults = [("extra", "lồng nhau quá sâu")]
        is_sound = all(what == UNKNOWN for _, what in faults)
        index = len(reading.drafts) if is_sound else None
        for place, what in faults:
            reading.doubt(
                line,
                "Câu thứ %(number)s: trường “%(field)s” %(fault)s.",
                "warning" if what == UNKNOWN else "error",
                index,
                place.partition(".")[0].partition("[")[0],
                number=count,
                field=place[:120],
                fault=what,
            )
        if is_sound:
            level = question.get("level", "")
            if level not in ("", *LEVELS):
                reading.doubt(
                    line,
                    "Câu thứ %(number)s: không rõ mức độ “%(level)s”.",
                    "warning",
                    index,
                    "level",
                    number=count,
                    level=level[:60],
                )
            reading.drafts.append(_draft(question, line))

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """See `rules.exchange.Format`."""
        lines = []
        for place, draft in enumerate(drafts, start=1):
            if draft.type not in self.writes:
                raise InvalidInput("unknown_type", "Không ghi được loại câu hỏi “%(type)s” vào tệp này.", "type", type=draft.type)
            stored = _stored(draft)
            fault = next(_faults_in_writing(stored), None)
            if fault is not None:
                raise InvalidInput(
                    "not_expressible",
                    "Không ghi được câu thứ %(place)s “%(name)s” vào tệp: trường “%(part)s” %(fault)s.",
                    "text",
                    place=place,
                    name=draft.name or draft.code,
                    part=fault[0],
                    fault=fault[1],
                )
            lines.append(json.dumps(stored, ensure_ascii=False))
        head = f'{{"format": "{_NAME}", "version": {VERSION}, "questions": ['
        return "\n".join([head, ",\n".join(lines), "]}", ""]).encode()


def _faults_in_writing(stored: Mapping[str, Any]) -> Iterator[Fault]:
    """What a reader would refuse."""
    return (fault for fault in _faults(stored) if fault[1] != UNKNOWN)


def _stored(draft: Draft) -> dict[str, Any]:
    """What differs from what is taken for granted."""
    known: dict[str, Any] = {"type": draft.type, "text": draft.text, "body": draft.body}
    optional = {name: getattr(draft, name) for name in _WORDS} | {
        "explanation": draft.explanation,
        "tags": draft.tags,
        "files": {name: base64.b64encode(content).decode() for name, content in draft.files.items()},
        "extra": draft.extra,
    }
    if draft.default_mark != 1:
        known["mark"] = str(draft.default_mark)
    return known | {name: value for name, value in optional.items() if value}


FORMAT = JsonBank()
