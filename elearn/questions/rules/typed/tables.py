"""Tables of a document: a row for each question, questions written over cells, lists of answers, or tables that belong to a stem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from elearn.lib.styled import Cell, Document, Line, Row, Table
from elearn.questions.rules.typed import labels, words
from elearn.questions.rules.typed.entries import Answers, Choice, Entry

_COLUMNS = {
    "number": "stt|tt|so tt|so thu tu|so|cau|cau so|cau hoi so|no|#|id",
    "question": "cau hoi|noi dung cau hoi|noi dung|de bai|noi dung cau hoi va phuong an|question|cau hoi trac nghiem|noi dung cau",
    "options": "phuong an|cac phuong an|phuong an tra loi|cac phuong an tra loi|lua chon|cac lua chon|dap an lua chon|options|cau tra loi",
    "key": "dap an|dap an dung|d/a|da|key|phuong an dung|answer|dap an chinh xac|tra loi|ket qua",
    "explanation": "giai thich|huong dan|loi giai|huong dan giai|giai thich dap an|explanation",
    "source": "nguon|can cu|trich dan|tai lieu|tai lieu tham khao|can cu phap ly|nguon trich dan|source",
    "level": "muc do|cap do|do kho|level|muc do nhan thuc",
    "mark": "diem|so diem|points|mark",
    "topic": "chu de|chuyen de|topic|linh vuc|mang kien thuc",
    "note": "ghi chu|note",
}
_COLUMN_OF = {word: column for column, names in _COLUMNS.items() for word in names.split("|")}
_OPTION_COLUMN = re.compile(r"(?:(?:phuong an|dap an|lua chon|option|p/a|pa) )?\(?([a-j]|[1-9])\)?(?: \(.*)?")
_NUMBER = re.compile(r"\s*(?:câu\s*(?:hỏi\s*)?)?(\d{1,5})\s*[.:)]?\s*", re.IGNORECASE)
_LONGEST_ANSWER = 30
_BARE_LABEL = re.compile(r"\s*\*?[(\[]?[A-Ja-j]\*?[.):\]/]?\s*")


@dataclass
class Rows:
    """Questions of a table with a row for each."""

    entries: list[Entry]


def is_key(text: str) -> bool:
    """Whether a cell is a key and nothing else."""
    key = labels.key_of(text)
    return (
        bool(text)
        and len(text) <= _LONGEST_ANSWER
        and (key.truth is not None or (bool(key.letters) and not key.words and all(letter <= "J" for letter in key.letters)))
    )


def read_table(document: Document, table: Table) -> list[Line | Rows | Answers]:
    """What a table holds, as lines, questions or answers."""
    rows = [row for row in table.rows if any(cell.words() or cell.is_continued for cell in row.cells)]
    if not rows:
        return []
    answers = _answers(rows)
    if answers is not None:
        return [answers]
    found = _question_rows(rows)
    if found is not None:
        return [found]
    if sum(1 for row in rows for cell in row.cells if cell.words()) == 1 or _has_questions(rows):
        return _flat(document, rows)
    return [Line.plain(document.keep(table), rows[0].number)]


def table_of_text(lines: Sequence[tuple[int, str]]) -> Table:
    """A table that was pasted as lines with tabs."""
    return Table(
        tuple(Row(number, tuple(Cell((Line.plain(part.strip(), number),)) for part in text.split("\t"))) for number, text in lines)
    )


def is_heading_of_rows(words_of_cells: Sequence[str]) -> bool:
    """Whether cells are the heading of a table with a row for each question."""
    return _columns(words_of_cells) is not None


# Answers


def _answers(rows: Sequence[Row]) -> Answers | None:
    texts = [[cell.words() for cell in row.cells] for row in rows]
    if any(len(text) > _LONGEST_ANSWER for row in texts for text in row):
        return None
    found = Answers(rows[0].number)
    for reader in (_answers_in_cells, _answers_below, _answers_beside):
        reader(texts, rows, found)
        if len(found.items) >= 2 or (found.items and len(rows) <= 2):
            return found
        found = Answers(rows[0].number)
    return None


def _answers_in_cells(texts: list[list[str]], rows: Sequence[Row], found: Answers) -> None:
    """ "1.A" or "Câu 1: A" in each cell."""
    filled = [(text, row.number) for cells, row in zip(texts, rows, strict=True) for text in cells if text]
    read = [(labels.answers_of(text), line) for text, line in filled]
    if sum(map(bool, (answers for answers, _line in read))) * 10 >= len(filled) * 8:
        found.items = [(number, key, line) for answers, line in read for number, key in answers]


def _answers_below(texts: list[list[str]], rows: Sequence[Row], found: Answers) -> None:
    """A row of numbers above a row of letters, once or several times."""
    at = 0
    while at + 1 < len(texts):
        pairs = [
            (int(number[1]), below)
            for above, below in zip(texts[at], texts[at + 1], strict=False)
            if (number := _NUMBER.fullmatch(above))
        ]
        keys = [key for _number, key in pairs if key]
        if len(pairs) >= 1 and keys and all(map(is_key, keys)) and not any(is_key(text) for text in texts[at]):
            found.items += [(number, key, rows[at + 1].number) for number, key in pairs]
            at += 2
        elif found.items or at > 1:
            found.items = []
            return
        else:
            at += 1  # a row of headings


def _answers_beside(texts: list[list[str]], rows: Sequence[Row], found: Answers) -> None:
    """A column of numbers beside a column of letters, once or several times."""
    width = max(map(len, texts))
    columns = [[row[at] if at < len(row) else "" for row in texts] for at in range(width)]
    is_numbers = [sum(1 for text in column if _NUMBER.fullmatch(text)) >= max(1, len(column) - 2) for column in columns]
    is_keys = [sum(1 for text in column if is_key(text)) * 2 >= len(column) - 1 and any(map(is_key, column)) for column in columns]
    at = 0
    while at + 1 < width:
        if is_numbers[at] and is_keys[at + 1]:
            for number, key, row in zip(columns[at], columns[at + 1], rows, strict=True):
                matched = _NUMBER.fullmatch(number)
                if matched and (not key or is_key(key)):
                    found.items.append((int(matched[1]), key, row.number))
            if at + 2 < width and is_keys[at + 2]:
                found.is_several_papers = True
            at += 2
        else:
            at += 1
    found.items.sort(key=lambda item: item[0])


# A row for each question


def _columns(texts: Sequence[str]) -> list[str] | None:
    """What each column holds: a key of _COLUMNS, "option" or ""; None where this is no heading."""
    found = []
    for text in texts:
        known = words.bare(text)
        option = _OPTION_COLUMN.fullmatch(known)
        found.append("option" if option and known not in _COLUMN_OF else _COLUMN_OF.get(known, ""))
    if "question" not in found and found.count("number") > 1:
        second = found.index("number", found.index("number") + 1)
        found[second] = "question"
    if (
        "question" not in found
        and "option" in found
        and "number" in found
        and words.bare(texts[found.index("number")]) in ("cau", "cau so")
    ):
        return None
    is_heading = "question" in found and (found.count("option") >= 2 or "options" in found or "key" in found)
    return found if is_heading else None


def _guessed_columns(rows: Sequence[Row]) -> list[str] | None:
    """Columns of a table without a heading: number, question, options, key."""
    width = len(rows[0].cells)
    if width < 5 or any(len(row.cells) != width for row in rows):
        return None
    texts = [[cell.words() for cell in row.cells] for row in rows]
    if all(_NUMBER.fullmatch(row[0]) and is_key(row[-1]) and len(row[1]) > 8 for row in texts):
        return ["number", "question", *["option"] * (width - 3), "key"]
    return None


def _question_rows(rows: Sequence[Row]) -> Rows | None:
    for at, row in enumerate(rows[:3]):
        columns = _columns([cell.words() for cell in row.cells])
        if columns is not None and at + 1 < len(rows):
            return _with_columns(rows[at + 1 :], columns)
    columns = _guessed_columns(rows)
    return _with_columns(rows, columns) if columns else None


def _is_heading(row: Row, only: Cell) -> bool:
    """Whether a row with one filled cell names a topic."""
    is_first = only is row.cells[0] and not any(cell.is_continued for cell in row.cells)
    return is_first and len(row.cells) > 2 and not _NUMBER.fullmatch(only.words())


def _with_columns(rows: Sequence[Row], columns: list[str]) -> Rows:
    entries: list[Entry] = []
    topic = ""
    is_option_a_row = any(
        cell.is_continued
        for row in rows
        for column, cell in zip(columns, row.cells, strict=False)
        if column in ("question", "number")
    )
    for row in rows:
        by_column = list(zip(columns, row.cells, strict=False))
        filled = [(column, cell) for column, cell in by_column if cell.words()]
        if len(filled) == 1 and _is_heading(row, filled[0][1]):
            heading = filled[0][1].words()
            named = labels.topic_heading(heading)
            topic = named[1] if named and named[1] else labels.roman_heading(heading) or heading
            continue
        if _columns([cell.words() for cell in row.cells]) is not None:
            continue  # the heading repeated on a new page
        is_more = bool(entries) and any(cell.is_continued for column, cell in by_column if column in ("question", "number"))
        if is_more:
            _add_cells(entries[-1], [(column, cell) for column, cell in by_column if not cell.is_continued], is_option_a_row)
        elif filled:
            entry = Entry(row.number, None, topic, is_in_row=True, said_number="number" in columns)
            entries.append(entry)
            _add_cells(entry, by_column, is_option_a_row)
            while entry.choices and not entry.choices[-1].parts:
                entry.choices.pop()  # columns for more options than this question has
    return Rows(entries)


def _add_cells(entry: Entry, cells: Sequence[tuple[str, Cell]], is_option_a_row: bool) -> None:
    key = next((cell.words() for column, cell in cells if column == "key"), "")
    is_ticked = words.bare(key) == "x" or key.strip() in ("✓", "✔", "√", "☑", "☒")
    for column, cell in cells:
        lines = [line for line in (line.cut(0) for line in cell.lines) if line.text]
        text = cell.words()
        if column == "number":
            number = _NUMBER.fullmatch(text)
            entry.number = int(number[1]) if number else entry.number
        elif column == "question":
            if lines:
                start = labels.named_start(lines[0].text)
                if start is not None:
                    lines[0] = lines[0].cut(start.end)
                    entry.number = start.number if entry.number is None else entry.number
            entry.lines += lines
        elif column == "option":
            _add_option(entry, lines, entry.line)
        elif column == "options":
            if (is_ticked or is_option_a_row) and lines:
                _add_option(entry, lines, lines[0].number)
                entry.choices[-1].is_starred = is_ticked
            else:
                entry.lines += _labelled(lines)
        elif column == "key" and not is_ticked:
            entry.keys += lines
        elif column == "topic" and text:
            entry.topic = text
        elif column in ("explanation", "source", "level", "mark") and lines:
            entry.fields.setdefault(column, []).extend(lines)


def _labelled(lines: list[Line]) -> list[Line]:
    """Options in one cell; where they have no letters they get bullets, so that each is known for an option."""
    if len(lines) < 2 or any(labels.label_here(line.text) or labels.bullet(line.text) for line in lines):
        return lines
    return [Line(f"• {line.text}", "\0\0" + line.looks, line.number) for line in lines]


def _add_option(entry: Entry, lines: list[Line], where: int) -> None:
    place = len(entry.choices)
    choice = Choice(where, place)
    if lines:
        label = labels.label_here(lines[0].text)
        if label is not None and label.index == place:
            choice.is_starred, choice.label_look = label.is_starred, lines[0].looks[label.letter_at]
            lines = [lines[0].cut(label.end), *lines[1:]]
    choice.parts = [line for line in lines if line.text]
    entry.choices.append(choice)


# Questions written over cells


def _has_questions(rows: Sequence[Row]) -> bool:
    found_options: set[int] = set()
    for row in rows:
        for cell in row.cells:
            for line in cell.lines:
                text = line.text.strip()
                if labels.named_start(text) is not None:
                    return True
                label = labels.label_here(text) or (labels.label_here(text + ".") if _BARE_LABEL.fullmatch(text) and text else None)
                if label is not None:
                    found_options.add(label.index)
                found_options |= {within.index for within in labels.labels_within(text, 0)} if label is not None else set()
    return {0, 1} <= found_options


def _flat(document: Document, rows: Sequence[Row]) -> list[Line | Rows | Answers]:
    """The lines of all cells as one reads them; options by their letters where they are arranged in columns; tables within cells likewise."""
    inner = [document.object_at(line.text) for row in rows for cell in row.cells for line in cell.lines if len(line.text) == 1]
    if any(isinstance(thing, Table) for thing in inner):
        parts: list[Line | Rows | Answers] = []
        for row in rows:
            for cell in row.cells:
                for line in cell.lines:
                    thing = document.object_at(line.text) if len(line.text) == 1 else None
                    if isinstance(thing, Table):
                        parts += read_table(document, thing)
                    elif line.text.strip():
                        parts.append(line.cut(0))
        return parts
    return list(_flat_lines(rows))


def _flat_lines(rows: Sequence[Row]) -> list[Line]:
    found: list[Line] = []
    for row in rows:
        waiting: Line | None = None
        for cell in row.cells:
            lines = [Line(line.text, line.looks, row.number) for line in (line.cut(0) for line in cell.lines) if line.text]
            if waiting is not None and lines:
                first = lines[0]
                lines[0] = Line(f"{waiting.text} {first.text}", f"{waiting.looks}\0{first.looks}", row.number)
                waiting = None
            if len(lines) == 1 and (_BARE_LABEL.fullmatch(lines[0].text) or _NUMBER.fullmatch(lines[0].text)):
                text = lines[0].text
                is_marked = text[-1] in ".):]/" or text.lower().startswith(words.QUESTION.lower())
                waiting = lines[0] if is_marked else Line(f"{text}.", lines[0].looks + lines[0].looks[-1], row.number)
                continue
            found += lines
        if waiting is not None:
            found.append(waiting)
    places = [labels.label_here(line.text) for line in found]
    if all(place is not None for place in places) and len({place.index for place in places if place}) == len(found):
        found = [line for _place, line in sorted(zip(places, found, strict=True), key=lambda pair: pair[0].index if pair[0] else 0)]
    return found
