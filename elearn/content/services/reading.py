"""Reads content files into plain values with line numbers; what cannot be read is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from elearn.content.rules.faults import Fault, Parsed
from elearn.content.rules.faults import Path as Place
from elearn.content.rules.schema import Files

FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_content(root: Path) -> tuple[Files, list[Fault]]:
    """Every file below `root`, and the faults of those that cannot be read at all."""
    files, faults = Files(), list[Fault]()
    if not root.is_dir():
        return files, [Fault(str(root), 1, "Không có thư mục này.")]

    def name(path: Path) -> str:
        return path.relative_to(root).as_posix()

    def parse(path: Path) -> Parsed | None:
        text = _text(path, name(path), faults)
        return _parse(text, name(path), 0, faults) if text is not None else None

    for path in sorted(root.glob("documents/*.yaml")):
        if parsed := parse(path):
            files.documents.append(parsed)
    for path in sorted(root.glob("banks/*.yaml")):
        if parsed := parse(path):
            files.banks.append(parsed)
    for path in sorted(root.glob("courses/*/course.yaml")):
        if parsed := parse(path):
            files.courses.append(parsed)
        for lesson in sorted(path.parent.glob("*.md")):
            _read_lesson(lesson, name(lesson), name(path), files, faults)
    return files, faults


def _text(path: Path, name: str, faults: list[Fault]) -> str | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault(name, 1, "Tệp không phải UTF-8."))
        return None
    if not text.strip():
        faults.append(Fault(name, 1, "Tệp trống."))
        return None
    return text


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
    lines: dict[Place, int] = {}
    try:
        node = yaml.compose(text, Loader=FAST_LOADER)
        loader = yaml.SafeLoader("")
        value = _value(node, (), lines, lines_before + 1, loader) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + lines_before + 1
        faults.append(Fault(name, line, "YAML hỏng: %(problem)s.", (("problem", getattr(error, "problem", None) or "?"),)))
        return None
    return Parsed(name, value, lines)


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], first: int, loader: yaml.SafeLoader) -> Any:
    lines.setdefault(place, node.start_mark.line + first)
    if isinstance(node, yaml.MappingNode):
        # A field stands in the line of its name, also where its value begins below.
        lines.update({(*place, key.value): key.start_mark.line + first for key, _ in node.value})
        return {key.value: _value(value, (*place, key.value), lines, first, loader) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(value, (*place, index), lines, first, loader) for index, value in enumerate(node.value)]
    return loader.construct_object(node)  # type: ignore[no-untyped-call]
