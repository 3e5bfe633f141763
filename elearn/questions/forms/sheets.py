"""The editor's sheet: what stands in its controls, from a draft and back, with errors at their places.

Everything is text, so that nothing typed is lost. Controls are named `text`, `body-shuffle`, `options-0-text`; rows are counted anew whenever
the sheet is read, so that they may be added, taken away and moved by buttons that only submit the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from elearn.lib.vietnamese import normalise
from elearn.questions.forms.shapes import COMMON, SHAPES, Field, Group
from elearn.questions.rules.cloze import read_cloze, write_cloze
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.gaps import to_cloze
from elearn.questions.rules.texts import FORMATS, Rich, format_of, rich, words_of

MOST_ROWS = 60
LONGEST = 100_000
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_NAME_OF_PICTURE = re.compile(r"[A-Za-z0-9._ -]{1,100}")
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass
class Sheet:
    """Values by control, number of rows by group, pictures (name → digest), and errors (source messages) by control."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What stands in the control; "" where nothing does."""
        return self.values.get(name, "")

    def fault(self, name: str, message: str) -> None:
        """Put an error at a control or at a group."""
        told = self.errors.setdefault(name, [])
        if message not in told:
            told.append(message)

    @property
    def controls(self) -> Iterator[tuple[str, str]]:
        """Every control with its value, formats and pictures too: what a page must carry along to lose nothing."""
        yield from self.values.items()
        for place, (name, digest) in enumerate(self.pictures.items()):
            yield f"picture-{place}-name", name
            yield f"picture-{place}-digest", digest


def new_sheet(kind: str) -> Sheet:
    """An empty sheet with the usual number of empty rows."""
    sheet = Sheet(kind, {"default_mark": "1"}, {group.name: group.start for group in SHAPES[kind].groups})
    for one in SHAPES[kind].fields:
        if one.kind == "check" and one.default is True:
            sheet.values[f"body-{one.name}"] = "1"
    return sheet


def read_sheet(kind: str, sent: Mapping[str, str]) -> Sheet:
    """The sheet as it was sent, only what the type has; rows in the order of their numbers, counted anew from 0."""
    sheet = Sheet(kind)
    for one in COMMON:
        _take(sheet, sent, one, one.name, one.name)
    for one in SHAPES[kind].fields:
        _take(sheet, sent, one, f"body-{one.name}", f"body-{one.name}")
    for group in SHAPES[kind].groups:
        found = {
            int(match[1]) for name in sent if (match := re.fullmatch(rf"{group.name}-([0-9]{{1,3}})-[a-z_]+(?:-format)?", name))
        }
        places = sorted(found)[:MOST_ROWS]
        sheet.rows[group.name] = len(places)
        for row, place in enumerate(places):
            for one in group.fields:
                _take(sheet, sent, one, f"{group.name}-{place}-{one.name}", f"{group.name}-{row}-{one.name}")
            _keep(sheet, sent, f"{group.name}-{place}-from", f"{group.name}-{row}-from")
    for name in ("base", "seen"):
        _keep(sheet, sent, name, name)
    for place in range(MOST_ROWS):
        name, digest = sent.get(f"picture-{place}-name", ""), sent.get(f"picture-{place}-digest", "")
        if _DIGEST.fullmatch(digest) and name:
            sheet.pictures[name] = digest
    return sheet


def _take(sheet: Sheet, sent: Mapping[str, str], one: Field, name: str, to: str) -> None:
    value = sent.get(name, "").replace("\0", "").replace("\r\n", "\n")
    sheet.values[to] = value if one.kind in ("rich", "area", "lines", "table") else normalise(value)
    if len(value) > LONGEST:
        sheet.fault(to, "Dài quá 100.000 ký tự.")
        sheet.values[to] = value[:LONGEST]
    if one.kind == "rich":
        form = sent.get(f"{name}-format", "")
        if form in FORMATS[1:]:
            sheet.values[f"{to}-format"] = form


def _keep(sheet: Sheet, sent: Mapping[str, str], name: str, to: str) -> None:
    if sent.get(name, "").isdecimal():
        sheet.values[to] = sent[name][:9]


def sheet_of(draft: Draft, pictures: Mapping[str, str], document: str = "") -> Sheet:
    """The sheet of a draft. `pictures` are the digests of its pictures by name, `document` the words for its source in the library."""
    sheet = Sheet(draft.type, pictures=dict(pictures))
    text = draft.text
    if draft.type == "gap_fill":
        text = rich(write_cloze(words_of(text), draft.body), format_of(text))
    _put(sheet, "text", "rich", text)
    _put(sheet, "explanation", "rich", draft.explanation)
    _put(sheet, "default_mark", "number", format(draft.default_mark, "f"))
    for name in ("name", "topic", "level", "category", "clause", "source"):
        sheet.values[name] = getattr(draft, name)
    sheet.values["tags"] = ", ".join(draft.tags)
    sheet.values["document"] = document
    for name in ("as_of", "valid_to"):
        day = getattr(draft, name)
        sheet.values[name] = f"{day:%d/%m/%Y}" if day else ""
    for one in SHAPES[draft.type].fields:
        _put(sheet, f"body-{one.name}", one.kind, _at(draft.body, one.name, one.default))
    for group in SHAPES[draft.type].groups:
        found = draft.body.get(group.name, [])
        sheet.rows[group.name] = len(found)
        for place, row in enumerate(found):
            sheet.values[f"{group.name}-{place}-from"] = str(place)
            for one in group.fields:
                _put(sheet, f"{group.name}-{place}-{one.name}", one.kind, row if group.is_bare else _at(row, one.name, one.default))
    return sheet


def _at(body: Mapping[str, Any], name: str, default: object) -> Any:
    outer, _, inner = name.partition(".")
    found = body.get(outer, default if not inner else {})
    return found.get(inner, default) if inner and isinstance(found, Mapping) else found


def _put(sheet: Sheet, name: str, kind: str, value: Any) -> None:
    if kind == "rich":
        sheet.values[name] = words_of(value)
        if format_of(value) != "markdown":
            sheet.values[f"{name}-format"] = format_of(value)
    elif kind == "lines":
        sheet.values[name] = "\n".join(value or [])
    elif kind == "table":
        sheet.values[name] = _table_of(value or [])
    elif kind == "check":
        sheet.values[name] = "1" if value else ""
    elif kind == "yes_no":
        sheet.values[name] = "" if value == "" else "true" if value else "false"
    elif kind == "percent" and value != "":
        sheet.values[name] = _comma(format((Decimal(str(value)) * 100).normalize(), "f"))
    elif kind == "number":
        sheet.values[name] = _comma(str(value))
    else:
        sheet.values[name] = str(value)


def _comma(words: str) -> str:
    return words.replace(".", ",")


def _table_of(variants: list[Mapping[str, str]]) -> str:
    names = list(dict.fromkeys(name for variant in variants for name in variant))
    lines = ["\t".join(names), *("\t".join(_comma(str(variant.get(name, ""))) for name in names) for variant in variants)]
    return "\n".join(lines) if names else ""


def draft_from(sheet: Sheet, old: Draft | None, code: str = "") -> Draft:
    """The draft that the sheet says; errors that lie in the controls themselves are put at their places.

    What the sheet has no control for is taken from `old`, the version that is being edited; a body that says the same stays that very body.
    """
    text = _rich(sheet, "text")
    body = _body(sheet, old)
    if sheet.kind == "gap_fill":
        text, body = _gaps(sheet, text, old)
    if old is not None and body != old.body and _same(sheet, old):
        body = old.body
    mark = _number(sheet, "default_mark")
    return Draft(
        type=sheet.kind,
        text=text,
        body=body,
        name=sheet.get("name"),
        explanation=_rich(sheet, "explanation"),
        default_mark=Decimal(mark) if mark else Decimal(1),
        code=code,
        category=sheet.get("category"),
        tags=[tag.strip() for tag in sheet.get("tags").split(",") if tag.strip()],
        topic=sheet.get("topic"),
        level=sheet.get("level"),
        source=sheet.get("source"),
        clause=sheet.get("clause"),
        as_of=_day(sheet, "as_of"),
        valid_to=_day(sheet, "valid_to"),
        extra=dict(old.extra) if old else {},
    )


def _same(sheet: Sheet, old: Draft) -> bool:
    before = sheet_of(old, {})
    names = [name for name in {**before.values, **sheet.values} if name.startswith("body-") or re.match("[a-z]+-[0-9]", name)]
    is_text_same = sheet.kind != "gap_fill" or before.get("text") == sheet.get("text")
    return before.rows == sheet.rows and is_text_same and all(before.get(name).strip() == sheet.get(name).strip() for name in names)


def _rich(sheet: Sheet, name: str) -> Rich:
    return rich(sheet.get(name).strip(), sheet.get(f"{name}-format") or "markdown")


def _number(sheet: Sheet, name: str) -> str:
    """A number as it is kept, with a point; "" where the control is empty or holds none (with an error at its place)."""
    words = sheet.get(name).replace(" ", "").replace("−", "-")
    if words in ("", "*"):
        return words
    words = words.replace(",", ".") if words.count(",") <= 1 and "." not in words else words
    if not re.fullmatch(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?", words):
        sheet.fault(name, "Hãy ghi một số, ví dụ 3,14.")
        return ""
    return words


def _share(sheet: Sheet, name: str) -> str:
    words = _number(sheet, name)
    try:
        return format((Decimal(words) / 100).normalize(), "f") if words else ""
    except InvalidOperation:
        sheet.fault(name, "Hãy ghi một số phần trăm, ví dụ 50.")
        return ""


def _day(sheet: Sheet, name: str) -> date | None:
    words = sheet.get(name)
    for form in _DAYS if words else ():
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    if words:
        sheet.fault(name, "Ngày không đúng. Ví dụ: 14/10/2026.")
    return None


def _value(sheet: Sheet, one: Field, name: str) -> Any:
    """What the control says, as the body has it; the default where it says nothing."""
    if one.kind == "rich":
        found = _rich(sheet, name)
        return found if words_of(found) else one.default
    if one.kind == "check":
        return bool(sheet.get(name))
    if one.kind == "yes_no":
        return {"true": True, "false": False}.get(sheet.get(name), one.default)
    if one.kind == "number":
        return _number(sheet, name)
    if one.kind == "percent":
        return _share(sheet, name)
    if one.kind == "whole":
        words = sheet.get(name)
        if words and not (words.isdecimal() and len(words) < 7):
            sheet.fault(name, "Hãy ghi một số nguyên.")
        return int(words) if words.isdecimal() and len(words) < 7 else one.default
    if one.kind == "lines":
        return [line for line in (normalise(line) for line in sheet.get(name).split("\n")) if line] or one.default
    if one.kind == "table":
        return _variants(sheet, name)
    return sheet.get(name)


def _variants(sheet: Sheet, name: str) -> list[dict[str, str]]:
    lines = [line for line in sheet.get(name).split("\n") if line.strip()]
    if not lines:
        return []
    split = "\t" if "\t" in lines[0] else ";" if any(";" in line for line in lines) else "\t"
    names = [part.strip().strip("{}") for part in lines[0].split(split)]
    found = []
    for number, line in enumerate(lines[1:], start=2):
        parts = [part.strip().replace(",", ".") for part in line.split(split)]
        if len(parts) != len(names):
            sheet.fault(name, "Có dòng không đủ hoặc thừa giá trị so với dòng đầu.")
            return []
        if not all(re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?", part) for part in parts):
            sheet.fault(name, "Bảng số liệu chỉ chứa số; dòng đầu là tên các giá trị.")
            return []
        found.append(dict(zip(names, parts, strict=True)))
        if number > 502:
            sheet.fault(name, "Bảng số liệu có quá nhiều dòng.")
            return []
    return found


def _set(body: dict[str, Any], one: Field, value: Any) -> None:
    outer, _, inner = one.name.partition(".")
    if value == one.default:
        if inner and isinstance(body.get(outer), dict):
            body[outer].pop(inner, None)
            if not body[outer]:
                del body[outer]
        elif not inner:
            body.pop(outer, None)
        return
    if inner:
        body[outer] = {**body.get(outer, {}), inner: value}
    else:
        body[outer] = value


def _body(sheet: Sheet, old: Draft | None) -> dict[str, Any]:
    body: dict[str, Any] = dict(old.body) if old else {}
    for group in SHAPES[sheet.kind].groups:
        rows = [row for place in range(sheet.rows.get(group.name, 0)) if (row := _row(sheet, group, place, old)) is not None]
        if rows or group.name in body or group.start:
            body[group.name] = rows
        if not rows and not group.start:
            body.pop(group.name, None)
    for one in SHAPES[sheet.kind].fields:
        _set(body, one, _value(sheet, one, f"body-{one.name}"))
    return body


def _row(sheet: Sheet, group: Group, place: int, old: Draft | None) -> Any:
    name = f"{group.name}-{place}"
    if not any(sheet.get(f"{name}-{one.name}").strip() for one in group.fields if one.is_content):
        return None
    values = {one.name: _value(sheet, one, f"{name}-{one.name}") for one in group.fields}
    if group.is_bare:
        return values[group.fields[0].name]
    came_from = sheet.get(f"{name}-from")
    before = old.body.get(group.name, []) if old and came_from else []
    row = dict(before[int(came_from)]) if came_from and int(came_from) < len(before) else {}
    for one in group.fields:
        _set(row, one, values[one.name])
    for one in group.fields:
        if one.is_content:
            row.setdefault(one.name, values[one.name])
    return row


def _gaps(sheet: Sheet, text: Rich, old: Draft | None) -> tuple[Rich, dict[str, Any]]:
    """Stem and body of a text with gaps written into it; a gap whose code did not change stays the gap that it was."""
    found = read_cloze(to_cloze(words_of(text)))
    for message in found.faults:
        sheet.fault("text", message)
    gaps: dict[str, Any] = dict(found.body["gaps"])
    known = {write_cloze(f"{{#{key}}}", {"gaps": {key: gap}}): gap for key, gap in old.body.get("gaps", {}).items()} if old else {}
    for key, gap in gaps.items():
        gaps[key] = known.get(write_cloze(f"{{#{key}}}", {"gaps": {key: gap}}), gap)
    rest = {key: value for key, value in old.body.items() if key != "gaps"} if old else {}
    return rich(found.text, format_of(text)), {**rest, "gaps": gaps}


def act(sheet: Sheet, deed: str) -> bool:
    """Carry out what a button of the sheet asks: "add:options", "remove:options:2", "up:items:1", "down:items:1". False for anything else."""
    match = re.fullmatch(r"(add|remove|up|down):([a-z]+)(?::([0-9]{1,3}))?", deed)
    group = next((one for one in SHAPES[sheet.kind].groups if match and one.name == match[2]), None)
    if match is None or group is None:
        return False
    count, place = sheet.rows.get(group.name, 0), int(match[3] or 0)
    if match[1] == "add":
        sheet.rows[group.name] = min(count + 1, MOST_ROWS)
        return True
    order = list(range(count))
    if match[1] == "remove" and place < count:
        order.remove(place)
    elif match[1] in ("up", "down"):
        other = place + (1 if match[1] == "down" else -1)
        if place < count and 0 <= other < count:
            order[place], order[other] = order[other], order[place]
    before = f"{group.name}-"
    old = {name: value for name, value in sheet.values.items() if re.match(rf"{group.name}-[0-9]", name)}
    for name in old:
        del sheet.values[name]
    for to, source in enumerate(order):
        start = f"{before}{source}-"
        sheet.values.update(
            {f"{before}{to}-{name.removeprefix(start)}": value for name, value in old.items() if name.startswith(start)}
        )
    sheet.rows[group.name] = len(order)
    return True


def add_picture(sheet: Sheet, name: str, digest: str, alt: str) -> None:
    """Name a picture that was uploaded and put it at the end of the stem, with its alternative text."""
    stem, _, ending = name.rpartition(".")
    bare = re.sub(r"[^A-Za-z0-9_-]+", "-", stem or name).strip("-")[:60] or "hinh"
    wanted, number = f"{bare}.{ending.lower()[:5]}" if ending.isalnum() else bare, 1
    while wanted in sheet.pictures and sheet.pictures[wanted] != digest:
        number += 1
        wanted = f"{bare}-{number}.{ending.lower()[:5]}"
    sheet.pictures[wanted] = digest
    is_html = sheet.get("text-format") in ("html", "moodle")
    told = " ".join(alt.replace('"', "”").replace("[", "(").replace("]", ")").replace("<", "").split())
    tag = f'<img src="@@PLUGINFILE@@/{wanted}" alt="{told}">' if is_html else f"![{told}](@@PLUGINFILE@@/{wanted})"
    sheet.values["text"] = f"{sheet.get('text').rstrip()}\n\n{tag}".strip()
