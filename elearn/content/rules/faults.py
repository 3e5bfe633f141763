"""Faults of content files, and the values with line numbers in which they are found."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong at a line of a file; `message` is a Vietnamese source message with %(name)s places for `values`."""

    file: str
    line: int
    message: str
    values: tuple[tuple[str, object], ...] = ()


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


@dataclass
class Examiner:
    """Collects faults of one file."""

    parsed: Parsed
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, message: str, **values: object) -> None:
        self.faults.append(Fault(self.parsed.file, self.parsed.line(path), message, tuple(values.items())))

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
            if given is None or given == "":
                if kind.is_required:
                    self.fault(path, "Thiếu trường “%(name)s”.", name=name)
                continue
            problem = kind.problem(given)
            if problem:
                self.fault((*path, name), problem, name=name)
            else:
                sound[name] = given
                self.text((*path, name), given)
        return sound

    def text(self, path: Path, value: object) -> None:
        """Faults of spelling that no reader sees: other normal forms, and Eth for Đ."""
        if isinstance(value, str):
            if not unicodedata.is_normalized("NFC", value):
                self.fault(path, "Chữ chưa ở dạng Unicode dựng sẵn (NFC).")
            if "\u00d0" in value or "\u00f0" in value:
                self.fault(path, "Có chữ “Ð” (Eth) thay cho “Đ”.")


@dataclass(frozen=True)
class Kind:
    """What a field may hold: `problem` gives a message, or "" where the value is sound."""

    problem: Callable[[Any], str]
    is_required: bool = True


def one_of(*allowed: str) -> Callable[[Any], str]:
    """One of these words."""
    return lambda value: "" if value in allowed else "Trường “%(name)s” có giá trị không biết."


def is_text(value: Any) -> str:
    return "" if isinstance(value, str) else "Trường “%(name)s” phải là chữ."


def is_count(value: Any) -> str:
    is_sound = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return "" if is_sound else "Trường “%(name)s” phải là số nguyên từ 1."


def is_day(value: Any) -> str:
    return "" if isinstance(value, date) else "Trường “%(name)s” phải là ngày dạng 2026-11-01."


def is_list(value: Any) -> str:
    return "" if isinstance(value, list) else "Trường “%(name)s” phải là danh sách."


def is_code(value: Any) -> str:
    is_sound = isinstance(value, str) and value.isascii() and value == value.lower() and value.replace("-", "").isalnum()
    return "" if is_sound else "Mã “%(name)s” chỉ gồm chữ thường không dấu, số và dấu gạch nối."


def anything(_: Any) -> str:
    return ""
