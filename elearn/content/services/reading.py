"""Reads content files into plain values with line numbers; what cannot be read is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from elearn.content.rules.faults import Fault, Parsed
from elearn.content.rules.faults import Path as Place
from elearn.content.rules.schema import Files

FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SINGLE = ("documents", "banks", "contests")
"""Folders in which each file stands for itself."""
FOLDERS = {"documents", "banks", "courses", "contests"}


def read_content(root: Path) -> tuple[Files, list[Fault]]:
    """Every file below `root`, and the faults of those that cannot be read at all."""
    files, faults = Files(), list[Fault]()
    if not root.is_dir():
        return files, [Fault(str(root), 1, "Không có thư mục này.")]
    found = content_files(root)
    if not found:
        return files, [Fault(str(root), 1, "Thư mục này không có tệp nội dung nào.")]
    for path in found:
        name = path.relative_to(root).as_posix()
        folder, *inner = name.split("/")
        course = f"{folder}/{inner[0]}/course.yaml"
        if folder == "courses" and len(inner) == 2 and path.suffix == ".md":
            if not (path.parent / "course.yaml").is_file():
                faults.append(Fault(name, 1, "Thư mục khoá học thiếu tệp course.yaml."))
            files.names.setdefault(course, set()).add(path.stem)
            _read_lesson(path, name, course, files, faults)
        elif (len(inner) == 1 and folder in SINGLE and path.suffix == ".yaml") or name == course:
            parsed = parse_file(path, name, faults)
            if parsed is None:
                files.unread.add(folder)
            else:
                getattr(files, folder).append(parsed)
        else:
            faults.append(Fault(name, 1, "Tệp không nằm đúng chỗ hoặc sai đuôi (.yaml, .md) nên không được đọc."))
    return files, faults


def parse_file(path: Path, name: str, faults: list[Fault]) -> Parsed | None:
    """A YAML file as plain values; None, and a fault, where it cannot be read."""
    text = _text(path, name, faults)
    return _parse(text, name, 0, faults) if text is not None else None


def content_files(root: Path) -> list[Path]:
    """Every file in the folders of content, hidden ones aside, in the order of their names."""
    every = (path for folder in sorted(FOLDERS) for path in (root / folder).rglob("*"))
    return sorted(path for path in every if path.is_file() and not path.name.startswith("."))


def _text(path: Path, name: str, faults: list[Fault]) -> str | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault(name, _line_of_first_bad_byte(path), "Tệp không phải UTF-8."))
        return None
    except OSError as error:
        faults.append(Fault(name, 1, "Không mở được tệp: %(problem)s.", (("problem", error.strerror or "?"),)))
        return None
    if not text.strip():
        faults.append(Fault(name, 1, "Tệp trống."))
        return None
    return text


def _line_of_first_bad_byte(path: Path) -> int:
    content = path.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1


def _read_lesson(path: Path, name: str, course: str, files: Files, faults: list[Fault]) -> None:
    text = _text(path, name, faults)
    if text is None:
        return
    head, found, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not found:
        faults.append(Fault(name, 1, "Bài phải mở đầu bằng phần khai giữa hai dòng “---”."))
        return
    parsed = _parse(head, name, 1, faults)
    if parsed:
        files.lessons[course, path.stem] = (parsed, body, head.count("\n") + 4)


def _parse(text: str, name: str, lines_before: int, faults: list[Fault]) -> Parsed | None:
    reader = _Reader(name, lines_before + 1)
    try:
        node = yaml.compose(text, Loader=FAST_LOADER)
        value = reader.value(node, ()) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        position = getattr(error, "position", 0)
        line = (mark.line if mark else text.count("\n", 0, position)) + lines_before + 1
        problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "?")
        faults.append(Fault(name, line, "YAML hỏng ở gần dòng này: %(problem)s.", (("problem", problem),)))
        return None
    except RecursionError:
        faults.append(Fault(name, 1, "YAML hỏng: lồng nhau quá sâu."))
        return None
    faults += reader.faults
    return Parsed(name, value, reader.lines)


class _Reader:
    """Turns YAML nodes into plain values and notes the line of each."""

    def __init__(self, name: str, first_line: int) -> None:
        self.name, self.first_line = name, first_line
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()
        self._loader = yaml.SafeLoader("")

    def value(self, node: yaml.Node, place: Place) -> Any:
        """The value of a node. Raises YAMLError for names that are no words and for what is written once and used twice."""
        if id(node) in self._seen:
            raise yaml.constructor.ConstructorError(None, None, "anchors (&, *) are not used here", node.start_mark)
        self._seen.add(id(node))
        self.lines.setdefault(place, node.start_mark.line + self.first_line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(value, (*place, index)) for index, value in enumerate(node.value)]
        try:
            return self._loader.construct_object(node)  # type: ignore[no-untyped-call]
        except (ValueError, AttributeError, OverflowError):
            return node.value  # such as 2026-02-30: the field says that it wants a day that exists

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "the name of a field must be a word", key.start_mark)
            # A field stands in the line of its name, also where its value begins below.
            line = key.start_mark.line + self.first_line
            if key.value in found:
                self.faults.append(Fault(self.name, line, "Trường “%(name)s” viết hai lần.", (("name", key.value),)))
            self.lines[(*place, key.value)] = line
            found[key.value] = self.value(value, (*place, key.value))
        return found
