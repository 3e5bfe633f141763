"""Faults of content files, and the values with line numbers in which they are found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from elearn.content.rules.fields import Kind

Path = tuple[str | int, ...]
HTML = re.compile(r"</?[a-zA-Z][^>]*>|<!--")


@dataclass(frozen=True)
class Fault:
    """Something wrong at a line of a file; `message` is a Vietnamese source message with %(name)s places for `values`."""

    file: str
    line: int
    message: str
    values: tuple[tuple[str, object], ...] = ()


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, by file and line."""
    return sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.message, str(fault.values)))


@dataclass(frozen=True)
class Parsed:
    """A file as plain values; `lines` says in which line the value at a path begins."""

    file: str
    value: Any
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of the value at a path, or of what holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def spelling_problems(text: str) -> list[str]:
    """Faults of spelling that no reader sees: another normal form, and Eth for Đ."""
    found = []
    if not unicodedata.is_normalized("NFC", text):
        found.append("Chữ chưa ở dạng Unicode dựng sẵn (NFC).")
    if "\u00d0" in text or "\u00f0" in text:
        found.append("Có chữ “Ð” (Eth) thay cho “Đ”.")
    return found


@dataclass
class Examiner:
    """Collects faults of one file."""

    parsed: Parsed
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, message: str, **values: object) -> None:
        self.at_line(self.parsed.line(path), message, **values)

    def at_line(self, line: int, message: str, **values: object) -> None:
        self.faults.append(Fault(self.parsed.file, line, message, tuple(values.items())))

    def mapping(self, path: Path, value: object, fields: Mapping[str, Kind]) -> dict[str, Any]:
        """The known fields that are sound; unknown, missing and unsound ones are faults."""
        if not isinstance(value, Mapping):
            self.fault(path, "Chỗ này phải là các dòng dạng “tên: giá trị”.")
            return {}
        for name in value:
            if name not in fields:
                self.fault((*path, name), "Không có trường “%(name)s”.", name=name)
        sound = {}
        for name, kind in fields.items():
            given = value.get(name)
            if given is None or (isinstance(given, str) and not given.strip()):
                if kind.is_required:
                    self.fault((*path, name), "Thiếu trường “%(name)s”.", name=name)
                continue
            problem = kind.problem(given)
            if problem:
                self.fault((*path, name), problem, name=name, **kind.values)
            else:
                sound[name] = given
                self.text((*path, name), given)
        return sound

    def text(self, path: Path, value: object) -> None:
        """Faults of spelling, and HTML where Markdown or plain words belong."""
        if isinstance(value, str):
            for problem in spelling_problems(value):
                self.fault(path, problem)
            if HTML.search(value):
                self.fault(path, "Không dùng HTML ở đây.")
