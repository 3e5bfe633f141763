"""Rows of a sheet as questions, every doubt at its row."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.lib.grid import FORMULA_WITHOUT_VALUE, Cell, SheetGrid, column_letters
from elearn.lib.legacy_encodings import convert_legacy, detect_legacy
from elearn.lib.vietnamese import fold
from elearn.questions.rules.choices import LABELS
from elearn.questions.rules.exchange import Draft, Problem, Reading
from elearn.questions.rules.files import finished
from elearn.questions.rules.keeping import put_back
from elearn.questions.rules.question_tables.columns import Head, find_head, heading_of
from elearn.questions.rules.question_tables.keys import decimal_of, key_of, level_of, number_of, parts_of, truth_of, type_of
from elearn.questions.rules.question_tables.words import GUIDE_SHEET
from elearn.questions.rules.texts import Rich, from_plain, plain

MAX_QUESTIONS = 50_000
_NUMBERED = re.compile(r"\s*(?:Câu|CÂU|câu|Question|Cau)\s*(?:hỏi\s*)?[0-9]{1,4}\s*[.:)]\s*")
_LABEL = re.compile(r"\s*([A-Za-z])\s*[.)]\s+")
_IN_ONE_CELL = re.compile(r"(?:\A|\n)\s*([A-H])\s*[.)/:]\s*")
_SECTION = re.compile(r"\s*(?:phần|chương|mục|bài|chủ đề|part|section|chapter|[IVX]{1,5}\s*[.)])\b", re.IGNORECASE)
# What a spreadsheet would take for a formula, and the sign that keeps it from doing so in a text file.
_CONTROL = re.compile("[\0-\x08\x0b-\x1f]")
GUARDED = re.compile(r"'+(?=[=+\-@\t\r＝＋－＠])")


@dataclass
class _Row:
    """Words by field, and where they stood."""

    number: int
    words: dict[str, str] = field(default_factory=dict)
    options: dict[int, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    """Fields whose cell held a number."""
    doubts: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    """Severity, field, message, values."""

    def get(self, name: str) -> str:
        return self.words.get(name, "")

    def doubt(self, part: str, message: str, severity: str = "warning", **values: Any) -> None:
        self.doubts.append((severity, part, message, values))


def read_tables(grids: Sequence[SheetGrid], is_guarded: bool = False) -> Reading:
    """The questions of all sheets that have a heading. Raises InvalidInput where none has.

    `is_guarded`: cells that would be formulas have an apostrophe before them, as text files have.
    """
    reading = Reading()
    heads = [find_head(grid.rows) for grid in grids]
    several = sum(head is not None for head in heads) > 1
    seen: dict[str, int] = {}
    for grid, head in zip(grids, heads, strict=True):
        if head is None:
            if grid.rows and fold(grid.name) != fold(GUIDE_SHEET):
                reading.doubt(
                    1,
                    "Trang tính “%(sheet)s” không có dòng tiêu đề (Câu hỏi, Đáp án …) nên không được đọc.",
                    "info",
                    sheet=grid.name[:60],
                )
            continue
        _Sheet(reading, grid, head, several, seen, is_guarded).read()
    if all(head is None for head in heads):
        raise InvalidInput(
            "no_heading",
            "Không thấy dòng tiêu đề trong %(rows)s dòng đầu (từ dòng %(line)s): cần cột “Câu hỏi” và ít nhất một cột “Đáp án” hoặc “A”, “B”. "
            "Hãy tải tệp mẫu và điền theo.",
            "file",
            rows=40,
            line=1,
        )
    return finished(reading)


class _Sheet:
    def __init__(
        self, reading: Reading, grid: SheetGrid, head: Head, several: bool, seen: dict[str, int], is_guarded: bool
    ) -> None:
        self._reading = reading
        self._grid = grid
        self._head = head
        # Messages begin with the sheet where there are several; one sheet needs no name.
        self._name = f"{grid.name[:60]}: " if several else ""
        self._seen = seen
        self._is_guarded = is_guarded
        texts = [cell for row in grid.rows[:400] for cell in row if isinstance(cell, str)]
        self._legacy = detect_legacy(texts)
        self._reads = {column: name for name, column in head.columns.items() if name != "ordinal"}
        self._reads |= {column: f"option {place}" for place, column in head.options.items()}

    def _tell(
        self, line: int, message: str, severity: str = "warning", question: int | None = None, part: str = "", **values: Any
    ) -> None:
        self._reading.doubt(line, message, severity, question, part, **values, sheet=self._name)  # type: ignore[arg-type]

    def read(self) -> None:
        head = self._head
        self._tell_about_sheet()
        for number, cells in enumerate(self._grid.rows[head.last_row :], start=head.last_row + 1):
            if not any(cell not in (None, "") and str(cell).strip() for cell in cells):
                continue
            if self._is_heading(cells):
                continue  # printed again on a later page
            row = self._row(number, cells)
            if not row.words and not row.options:
                continue
            if self._is_section(row, cells):
                self._tell(
                    number, "%(sheet)sDòng “%(words)s” không phải câu hỏi nên được bỏ qua.", "info", words=row.get("text")[:60]
                )
                continue
            if len(self._reading.drafts) >= MAX_QUESTIONS:
                raise InvalidInput(
                    "too_many_questions",
                    "Bảng có hơn %(limit)s câu hỏi (dòng %(line)s). Hãy chia thành nhiều tệp.",
                    "file",
                    limit="50.000",
                    line=number,
                )
            self._take(row)

    def _is_heading(self, cells: Sequence[Cell]) -> bool:
        head = self._head
        column = head.columns["text"]
        if column >= len(cells) or heading_of(cells[column]) != head.words[column]:
            return False
        return tuple(heading_of(cell) for cell in cells[: len(head.words)]) == head.words

    def _tell_about_sheet(self) -> None:
        line = self._head.last_row
        hidden = {column for column in self._grid.hidden_columns if column in self._reads and self._reads[column] != "extra"}
        for note in self._grid.notes:
            if note.code != "hidden_columns":
                self._reading.problems.append(Problem(line, "info", note.message, note.values))
        if hidden:
            letters = ", ".join(column_letters(column) for column in sorted(hidden))
            self._tell(line, "%(sheet)sCột đang ẩn: %(columns)s. Các cột này vẫn được đọc.", "info", columns=letters)
        for heading, column in self._head.doubled:
            self._tell(
                line,
                "%(sheet)sCột %(column)s (%(heading)s) trùng với một cột trước nên không được đọc.",
                heading=heading[:60],
                column=column_letters(column),
            )
        for heading, column in self._head.unknown:
            self._tell(
                line,
                "%(sheet)sCột %(column)s (%(heading)s) không rõ là gì nên không được đọc.",
                "info",
                heading=heading[:60],
                column=column_letters(column),
            )
        if self._legacy:
            self._tell(
                line,
                "%(sheet)sBảng dùng phông chữ cũ (%(font)s); chữ được chuyển sang Unicode. Hãy xem lại dấu.",
                font=self._legacy.upper(),
            )

    def _row(self, number: int, cells: Sequence[Cell]) -> _Row:
        row = _Row(number)
        for column, name in self._reads.items():
            cell = cells[column] if column < len(cells) else None
            place = f"{column_letters(column)}{number}"
            fault = self._grid.faults.get((number, column))
            if fault:
                what = "công thức chưa có kết quả" if fault == FORMULA_WITHOUT_VALUE else fault
                row.doubt(name, "%(sheet)sÔ %(cell)s có lỗi (%(fault)s) nên coi như trống.", cell=place, fault=what)
                continue
            words = self._words(row, name, cell, place)
            if not words:
                continue
            if name.startswith("option "):
                row.options[int(name[7:])] = words
            else:
                row.words[name] = words
        return row

    def _words(self, row: _Row, name: str, cell: Cell, place: str) -> str:
        if cell is None or cell == "":
            return ""
        if isinstance(cell, bool):
            row.numbers.add(name)
            return "Đúng" if cell else "Sai"
        if isinstance(cell, int | float):
            row.numbers.add(name)
            return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
        if isinstance(cell, datetime | date | time | timedelta):
            shown = _shown_date(cell)
            row.doubt(
                name,
                "%(sheet)sÔ %(cell)s là ngày hoặc giờ (%(value)s). Nếu vốn là phân số hay số điều, hãy đặt ô thành kiểu Văn bản (Text) rồi gõ lại.",
                cell=place,
                value=shown,
            )
            return shown
        words = cell
        if self._is_guarded and GUARDED.match(words):
            words = words[1:]
        if self._legacy:
            words = convert_legacy(words, self._legacy)[0]
        words = unicodedata.normalize("NFC", words).replace("\r\n", "\n").replace("\r", "\n")
        if "\u00d0" in words or "\u00f0" in words:
            words = words.replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")
            row.doubt(name, "%(sheet)sÔ %(cell)s có chữ Đ gõ bằng ký tự khác (Ð); đã đổi lại.", "info", cell=place)
        return _CONTROL.sub("", words).strip()

    def _is_section(self, row: _Row, cells: Sequence[Cell]) -> bool:
        """A heading between questions: one cell in its row, and its words say so."""
        filled = [cell for cell in cells if cell not in (None, "")]
        words = row.get("text")
        return len(filled) == 1 and bool(words) and (bool(_SECTION.match(words)) or words.isupper()) and not words.endswith("?")

    def _take(self, row: _Row) -> None:
        extra = row.words.pop("extra", "")
        draft = _draft_of(row)
        if draft is not None and extra:
            self._put_back(row, draft, extra)
        index = len(self._reading.drafts)
        if draft is None:
            index_or_none = None
        else:
            index_or_none = index
            draft.line = row.number
            self._reading.drafts.append(draft)
            self._compare(row, draft, index)
        for severity, part, message, values in row.doubts:
            self._tell(row.number, message, severity, index_or_none, _part(part), **values)

    def _put_back(self, row: _Row, draft: Draft, extra: str) -> None:
        """What the last column keeps of the question, where the cells that it belongs to have not been changed since."""
        try:
            kept = json.loads(extra)
        except (ValueError, RecursionError):
            kept = None
        changed = put_back(draft, kept) if isinstance(kept, dict) else ["extra"]
        if changed:
            parts = ", ".join(changed)[:100]
            row.doubt(
                "",
                "%(sheet)sDòng này đã được sửa sau khi xuất; dữ liệu kèm theo của các ô đã sửa không dùng nữa (%(parts)s).",
                parts=parts,
            )
        elif isinstance(kept, dict) and "body" in kept:
            # What the cells alone leave open, the question itself answers.
            row.doubts = [doubt for doubt in row.doubts if doubt[1] not in ("key", "options", "type")]

    def _compare(self, row: _Row, draft: Draft, index: int) -> None:
        options = draft.body.get("options", [])
        same = fold(" ".join([plain(draft.text), *sorted(plain(option["text"]) for option in options)]))
        first = self._seen.setdefault(same, row.number)
        if first != row.number:
            self._tell(row.number, "%(sheet)sCâu này giống hệt câu ở dòng %(first)s.", "warning", index, "text", first=first)


def _part(name: str) -> str:
    return "options" if name.startswith("option") else name


def _shown_date(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else f"{cell:%H:%M %d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return f"{cell:%H:%M}" if isinstance(cell, time) else str(cell)


def _draft_of(row: _Row) -> Draft | None:
    """The question of a row; None where it has no text and that is told."""
    text = _NUMBERED.sub("", row.get("text"), count=1) if _NUMBERED.match(row.get("text")) else row.get("text")
    options = _options_of(row)
    if not options and not row.get("options"):
        text, options = _out_of_stem(text)
    if not text:
        row.doubt("text", "%(sheet)sDòng có dữ liệu nhưng ô câu hỏi để trống.", "error")
        return None
    kind, body = _body_of(row, options)
    draft = Draft(kind, from_plain(text), body)
    draft.explanation = from_plain(row.get("explanation"))
    for name in ("name", "code", "topic", "source", "document", "clause"):
        setattr(draft, name, _one_line(row.get(name)))
    draft.category = _category(row.get("category"))
    draft.tags = [tag for tag in dict.fromkeys(_one_line(tag) for tag in re.split(r"[;,\n]", row.get("tags"))) if tag]
    if row.get("level"):
        draft.level = level_of(row.get("level")) or ""
        if not draft.level:
            row.doubt(
                "level",
                "%(sheet)sKhông rõ mức độ “%(level)s”; dùng Nhận biết, Thông hiểu hoặc Vận dụng.",
                level=row.get("level")[:60],
            )
    if row.get("mark"):
        mark = decimal_of(row.get("mark"))
        if mark is None or not 0 <= mark <= 10_000:
            row.doubt("mark", "%(sheet)sĐiểm “%(mark)s” không phải số từ 0 đến 10.000; dùng 1.", mark=row.get("mark")[:40])
        else:
            draft.default_mark = mark
    return draft


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _category(words: str) -> str:
    return " / ".join(part for part in (_one_line(part) for part in re.split(r"\s/\s|\s*[>»]\s*|\s*\\\s*", words)) if part)


def _options_of(row: _Row) -> dict[int, str]:
    """Options by their place; letters that were typed before them are taken off where they fit."""
    options = dict(row.options)
    if not options and row.get("options"):
        options = _split_options(row.get("options"))
    labels = {place: _LABEL.match(text) for place, text in options.items()}
    fitting = [place for place, found in labels.items() if found and found[1].upper() == LABELS[place]]
    if len(fitting) >= 2:
        for place in fitting:
            found = labels[place]
            if found and options[place][found.end() :].strip():
                options[place] = options[place][found.end() :].strip()
    return options


def _split_options(words: str) -> dict[int, str]:
    """Options that stand in one cell: by their letters, else by lines, else by signs between them."""
    marks = list(_IN_ONE_CELL.finditer(words))
    if len(marks) >= 2:
        ends = [*(mark.start() for mark in marks[1:]), len(words)]
        return {
            LABELS.index(mark[1]): words[mark.end() : end].strip()
            for mark, end in zip(marks, ends, strict=True)
            if words[mark.end() : end].strip()
        }
    for separator in ("\n", "|", ";"):
        parts = [part.strip() for part in words.split(separator) if part.strip()]
        if len(parts) > 1:
            return dict(enumerate(parts[: len(LABELS)]))
    return {0: words.strip()}


def _out_of_stem(text: str) -> tuple[str, dict[int, str]]:
    """Options that were typed below the question in its own cell."""
    marks = list(_IN_ONE_CELL.finditer(text))
    if len(marks) < 2 or [mark[1] for mark in marks] != list(LABELS[: len(marks)]) or not text[: marks[0].start()].strip():
        return text, {}
    return text[: marks[0].start()].strip(), _split_options(text[marks[0].start() :])


def _body_of(row: _Row, options: Mapping[int, str]) -> tuple[str, dict[str, Any]]:
    said = type_of(row.get("type")) if row.get("type") else ""
    if said is None:
        row.doubt("type", "%(sheet)sKhông rõ loại câu hỏi “%(type)s”; loại được đoán theo đáp án.", type=row.get("type")[:60])
        said = ""
    key = row.get("key")
    if said in ("essay", "description"):
        return said, {}
    if said == "numeric":
        return "numeric", _numeric(row, key)
    if said == "short_answer":
        return "short_answer", _short(row, key)
    truth = _true_or_false(row, options, said, key)
    if truth is not None:
        return "true_false", truth
    if options:
        return _choice(row, options, said, key)
    if said in ("single_choice", "multiple_choice"):
        row.doubt("options", "%(sheet)sCâu không có phương án nào.", "error")
        return said, {"options": []}
    if said == "true_false":
        row.doubt("key", "%(sheet)sCâu đúng hay sai phải có đáp án Đúng hoặc Sai.", "error")
        return "true_false", {"answer": True}
    if not key:
        row.doubt("key", "%(sheet)sCâu không có phương án và không có đáp án; được đọc thành câu tự luận.")
        return "essay", {}
    return "short_answer", _short(row, key)


def _true_or_false(row: _Row, options: Mapping[int, str], said: str, key: str) -> dict[str, Any] | None:
    words = [truth_of(text, is_sure=True) for text in options.values()]
    if options and (sorted(map(str, words)) != ["False", "True"] or said in ("single_choice", "multiple_choice")):
        return None
    if options:
        found = key_of(key, options, "key" in row.numbers) if key else None
        chosen = options[found.places[0]] if found and len(found.places) == 1 else key
        answer = truth_of(chosen, is_sure=True)
    else:
        answer = truth_of(key, is_sure=said != "true_false")
        if said != "true_false" and answer is None:
            return None
    if answer is None:
        row.doubt("key", "%(sheet)sCâu đúng hay sai phải có đáp án Đúng hoặc Sai.", "error")
        return {"answer": True}
    return {"answer": answer}


def _choice(row: _Row, options: Mapping[int, str], said: str, key: str) -> tuple[str, dict[str, Any]]:
    made: list[dict[str, Any]] = [{"text": from_plain(options[place])} for place in sorted(options)]
    places = sorted(options)
    found = key_of(key, options, "key" in row.numbers) if key else None
    if found is None:
        row.doubt("key", "%(sheet)sCâu chưa có đáp án đúng.", "error")
    else:
        for severity, message, values in found.doubts:
            row.doubt("key", message, severity, **values)
        for place in found.places:
            made[places.index(place)]["right"] = True
    if len(options) == 1:
        row.doubt("options", "%(sheet)sCâu chỉ có một phương án.", "error")
    if places != list(range(len(places))) and len(options) > 1:
        empty = ", ".join(LABELS[place] for place in range(max(places)) if place not in options)
        row.doubt("options", "%(sheet)sPhương án %(letters)s để trống ở giữa; các phương án sau được dồn lên.", letters=empty)
    _tell_same(row, [option["text"] for option in made])
    count = len(found.places) if found else 0
    if said == "multiple_choice" or count > 1:
        if said == "single_choice":
            row.doubt(
                "type", "%(sheet)sCâu ghi một đáp án nhưng có %(count)s đáp án đúng; được đọc thành câu nhiều đáp án.", count=count
            )
        elif said == "multiple_choice" and count == 1:
            row.doubt("key", "%(sheet)sCâu ghi nhiều đáp án nhưng chỉ có một đáp án đúng.")
        return "multiple_choice", {"options": made}
    return "single_choice", {"options": made}


def _tell_same(row: _Row, texts: Sequence[Rich]) -> None:
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        first = seen.setdefault(plain(text).casefold(), index)
        if first != index:
            row.doubt(
                "options", "%(sheet)sPhương án %(one)s và %(other)s giống nhau.", "error", one=LABELS[first], other=LABELS[index]
            )


def _short(row: _Row, key: str) -> dict[str, Any]:
    answers = parts_of(key)
    if not answers:
        row.doubt("key", "%(sheet)sCâu chưa có đáp án đúng.", "error")
    if "key" in row.numbers and truth_of(key, is_sure=True) is None:
        row.doubt(
            "key", "%(sheet)sĐáp án là số nhưng câu được đọc thành câu trả lời ngắn; nếu là câu số, hãy ghi loại “Số”.", "info"
        )
    return {"answers": [{"text": answer} for answer in answers]}


def _numeric(row: _Row, key: str) -> dict[str, Any]:
    answers = []
    tolerance = decimal_of(row.get("tolerance")) if row.get("tolerance") else None
    if row.get("tolerance") and tolerance is None:
        row.doubt("tolerance", "%(sheet)sSai số “%(words)s” không phải số nên được bỏ qua.", words=row.get("tolerance")[:40])
    for part in parts_of(key):
        answer = number_of(part)
        if answer is None:
            row.doubt("key", "%(sheet)sĐáp án “%(key)s” không phải số.", "error", key=part[:60])
            continue
        if tolerance and "tolerance" not in answer and answer["value"] != "*":
            answer["tolerance"] = f"{abs(tolerance).normalize():f}"
        answers.append(answer)
    if not key:
        row.doubt("key", "%(sheet)sCâu chưa có đáp án đúng.", "error")
    return {"answers": answers}
