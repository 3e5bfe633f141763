"""Finds every Vietnamese message of the program; run as a module it adds the missing ones to the English catalogue.

In templates a message stands in `_()` or `ngettext()`. In Python any string that holds a Vietnamese letter, or stands in `gettext()`,
is a message, unless it is a docstring, a comment of a column, a help text, or lies in a file of names and words listed in WORDS.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "elearn"
PO = SOURCE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
)

# Files whose Vietnamese is data, not messages: letters of the alphabet, invented names, the words of both languages side by side,
# the words that files of questions are written with, documents that are filed in Vietnamese.
WORDS = {
    "lib/vietnamese.py",
    "lib/legacy_encodings.py",
    "core/display.py",
    "core/forms.py",
    "config.py",
    "questions/rules/question_tables/words.py",
    "lib/document.py",
    "core/exports/word.py",
    "contests/rules/papers.py",
    "contests/rules/bulletin.py",
    "contests/services/papers.py",
    "questions/rules/typed/words.py",
}
WORD_FOLDERS = ("demo/", "reports/rules/")
# Names in other files whose value is data: letters, and files that show how a format is written.
WORD_NAMES = {
    ("lib/repair.py", "_ETH"),
    ("questions/formats/text.py", "examples"),
    ("questions/formats/word.py", "_LINES"),
}
# Messages that no letter gives away, and that do not stand in `gettext()` themselves.
UNACCENTED = {"Cho"}
# Patterns that look for Vietnamese words are no messages.
PATTERN = re.compile(r"\(\?|\\[sbWw]|\]\+|\{[0-9],")
# Keyword arguments whose text is for developers or operators.
FOR_DEVELOPERS = {"comment", "help", "meaning", "name_en", "title_en"}


def plural_calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "ngettext":
            first, second = node.args[:2]
            if isinstance(first, ast.Constant) and isinstance(second, ast.Constant):
                yield str(first.value), str(second.value)


def told_at_once(tree: ast.AST) -> set[int]:
    """The strings that stand in `gettext()`: messages even without a Vietnamese letter."""
    return {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("gettext", "lazy_gettext") and node.args
    }


def of_python(path: Path, data_names: frozenset[str] = frozenset()) -> Iterator[str | tuple[str, str]]:
    """Messages of one Python file; what is assigned to `data_names` is none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in data_names for target in node.targets
        ):
            skipped |= {id(part) for part in ast.walk(node.value)}
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr):
                skipped.add(id(first.value))
        if isinstance(node, ast.Expr):
            skipped.add(id(node.value))  # a string that stands alone documents what is above it
        if isinstance(node, ast.keyword) and node.arg in FOR_DEVELOPERS:
            skipped |= {id(part) for part in ast.walk(node.value)}
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
    at_once = told_at_once(tree)
    plurals = list(plural_calls(tree))
    yield from plurals
    in_plurals = {text for pair in plurals for text in pair}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (
            is_text
            and id(node) not in skipped
            and len(node.value) > 1
            and (VIETNAMESE.search(node.value) or id(node) in at_once or node.value in UNACCENTED)
            and not PATTERN.search(node.value)
            and node.value not in in_plurals
        ):
            yield node.value


def of_template(path: Path) -> Iterator[str | tuple[str, str]]:
    """Messages of one template."""
    with path.open("rb") as source:
        options = {"encoding": "utf-8", "silent": "false", "trimmed": "true"}
        for _line, message, _comments, _context in extract("jinja2.ext:babel_extract", source, options=options):
            if message:
                yield message if isinstance(message, str) else (message[0], message[1])


@cache
def every_message() -> dict[str | tuple[str, str], list[str]]:
    """Each message with the files in which it stands."""
    found: dict[str | tuple[str, str], list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if place in WORDS or place.startswith(WORD_FOLDERS):
            continue
        for message in of_python(path, frozenset(name for file, name in WORD_NAMES if file == place)):
            found.setdefault(message, []).append(place)
    for path in sorted(SOURCE.rglob("*.html")):
        for message in of_template(path):
            found.setdefault(message, []).append(path.relative_to(SOURCE).as_posix())
    return found


def catalogue() -> Catalog:
    """The English catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="en", project="elearn", charset="utf-8")
    with PO.open("rb") as source:
        return read_po(source, locale="en")


def update() -> int:
    """Add missing messages without a translation and drop those no longer used; return how many lack one."""
    kept = catalogue()
    # The date stays: a new one alone would be a change, and a conflict between branches.
    fresh = Catalog(locale="en", project="elearn", charset="utf-8", creation_date=kept.creation_date)
    for message in every_message():
        key = message if isinstance(message, str) else message[0]
        known = kept.get(key)
        fresh.add(message, known.string if known and bool(known.string) and known.id == message else None)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as out:
        write_po(out, fresh, sort_output=True, width=120, omit_header=False)
    return sum(1 for entry in fresh if entry.id and not is_translated(entry.string))


def is_translated(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


if __name__ == "__main__":
    print(f"{update()} messages lack their English; see {PO.relative_to(ROOT)}")  # noqa: T201
