"""Cuts the lines of a document into questions: where each begins, under which topic it stands, and where the list of answers is."""

from __future__ import annotations

from dataclasses import dataclass, field

from elearn.lib.styled import Document, Line
from elearn.questions.rules.typed import labels, tables, words
from elearn.questions.rules.typed.entries import Answers, Entry
from elearn.questions.rules.typed.tables import Rows

_LOOK_AHEAD = 14
_LONGEST_ROW = 5_000
Item = Line | Rows | Answers


@dataclass
class Split:
    """Questions in their order, lists of answers, and lines that belong to neither."""

    entries: list[Entry] = field(default_factory=list)
    answers: list[Answers] = field(default_factory=list)
    unused: list[Line] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    """Lines that were taken for the name of a topic although they did not say so."""


def items_of(document: Document) -> list[Item]:
    """Lines that hold something, rows of questions and lists of answers; tables without questions stand as one letter in a line."""
    found: list[Item] = []
    for block in document.blocks:
        if isinstance(block, Line):
            line = block.cut(0)
            if line.text:
                found.append(Line(line.text, line.looks, line.number, block.heading))
            continue
        found += tables.read_table(document, block)
    return found


class _Splitter:
    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.result = Split()
        self._entry: Entry | None = None
        self._topic = ""
        self._answers: Answers | None = None
        self._answer_at = -1
        self._has_options = self._has_key = False
        self._last_number = 0
        self._nested = 0
        lines = [item for item in items if isinstance(item, Line) and not labels.answers_of(item.text)]
        named = [start.word for line in lines if (start := labels.named_start(line.text)) is not None]
        options = sum(1 for line in lines if (label := labels.label_here(line.text)) is not None and label.index == 0)
        self._lessons_are_topics = any(not word.startswith("b") for word in named)
        count = sum(1 for word in named if not (self._lessons_are_topics and word.startswith("b")))
        self._takes_bare = count == 0 or count * 2 < options
        self._has_any_options = options > 0
        self._is_labelled = count > 0 or any(labels.bare_start(line.text) for line in lines)

    def run(self) -> Split:
        at = 0
        while at < len(self.items):
            item = self.items[at]
            if isinstance(item, Rows):
                self._close()
                for entry in item.entries:
                    entry.topic = entry.topic or self._topic
                    self.result.entries.append(entry)
                self._answers = None
            elif isinstance(item, Answers):
                self._close()
                self.result.answers.append(item)
                self._answers = None
            else:
                at += self._line(item, at)
                continue
            at += 1
        self._close()
        return self.result

    def _close(self) -> None:
        if self._entry is not None:
            self.result.entries.append(self._entry)
        self._entry = None
        self._has_options = self._has_key = False

    def _open(self, line: Line, number: int | None, end: int, tags: str = "") -> None:
        self._close()
        self._entry = Entry(line.number, number, self._topic)
        text, looks = tags + line.text[end:], line.looks[:1] * len(tags) + line.looks[end:]
        first = Line(text, looks, line.number).cut(0)
        self._nested = 0
        if number is not None:
            self._last_number = number
        if first.text:
            self._entry.lines.append(first)
            self._seen(first.text)

    def _seen(self, text: str) -> None:
        field_name, _end = labels.field_at(text)
        self._has_key = self._has_key or field_name == "key" or labels.key_within(text) is not None
        label = labels.label_here(text)
        if (
            (label is not None and label.index <= 1)
            or labels.both_truths(text)
            or labels.truth_word(text)
            or any(within.index == 0 and within.is_apart for within in labels.labels_within(text, 0))
        ):
            self._has_options = True

    def _line(self, line: Line, at: int) -> int:
        """Takes the line at place `at`; how many items were taken."""
        text = line.text
        if labels.is_end(text):
            return 1
        pair = self._answers_in_two_lines(at)
        if pair:
            self._list_of(line.number).items += [(number, key, line.number) for number, key in pair]
            return 2
        if self._answers is not None and self._answer_line(line, at):
            return 1
        if labels.answers_heading(text) and self._is_list_ahead(line, at):
            self._close()
            self._answers = Answers(line.number)
            self.result.answers.append(self._answers)
            self._answer_at = -1
            return 1
        field_name, value = labels.field_at(text)
        if field_name == "key" and len(found := labels.answers_of(text[value:])) > 1:
            self._list_of(line.number).items += [(number, key, line.number) for number, key in found]
            return 1
        listed = labels.answers_of(text)
        if listed and (len(listed) > 2 or self._is_answer(at + 1) or self._is_answer(at - 1)) and not self._is_first_item(text, at):
            self._list_of(line.number).items += [(number, key, line.number) for number, key in listed]
            return 1
        if self._heading(line):
            return 1
        self._question_or_more(line, at)
        return 1

    # Lists of answers

    def _is_first_item(self, text: str, at: int) -> bool:
        """Whether what looks like an answer is a question of one letter, options after it."""
        follower = self._text(at + 1)
        label = labels.label_here(follower)
        return label is not None and label.index == 0 and not labels.answers_of(follower)

    def _list_of(self, line: int) -> Answers:
        if self._answers is None:
            self._close()
            self._answers = Answers(line)
            self.result.answers.append(self._answers)
        return self._answers

    def _text(self, at: int) -> str:
        item = self.items[at] if 0 <= at < len(self.items) else None
        return item.text if isinstance(item, Line) else ""

    def _is_answer(self, at: int) -> bool:
        return bool(labels.answers_of(self._text(at)))

    def _answers_in_two_lines(self, at: int) -> list[tuple[int, str]]:
        """Numbers in one line and their letters in the next, as when a table was pasted as text."""
        text = self._text(at)
        if not any(map(str.isdigit, text[:40])) or len(text) > _LONGEST_ROW:
            return []
        numbers, keys = text.split(), self._text(at + 1)[:_LONGEST_ROW].split()
        numbers = numbers[next((place for place, number in enumerate(numbers) if number.isdigit()), 0) :]
        if len(numbers) < 2 or not all(number.isdigit() for number in numbers):
            return []
        keys = keys[len(keys) - len(numbers) :] if len(keys) >= len(numbers) else []
        if not keys or not all(tables.is_key(key) for key in keys):
            return []
        return [(int(number), key) for number, key in zip(numbers, keys, strict=True)]

    def _is_list_ahead(self, line: Line, at: int) -> bool:
        """Whether a heading such as "ĐÁP ÁN" is followed by a list, and is not the key of one question."""
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        if isinstance(following, Answers) or following is None:
            return True
        known = words.bare(line.text)
        if known in ("dap an", "answer", "answers") and not line.heading:
            text = self._text(at + 1)
            if line.text.isupper() and any(self._is_answer(place) for place in (at + 2, at + 3)):
                return True
            start = labels.named_start(text) or labels.bare_start(text)
            return bool(
                labels.answers_of(text)
                or self._answers_in_two_lines(at + 1)
                or (start is not None and not self._options_follow(at + 1))
            )
        return True

    def _options_follow(self, at: int) -> bool:
        """Whether option A comes after the line at `at`, before the next question."""
        for place in range(at, min(at + _LOOK_AHEAD, len(self.items))):
            text = self._text(place)
            if place > at and (labels.named_start(text) or labels.bare_start(text)) and labels.label_here(text) is None:
                return False
            label = labels.label_here(text)
            if label is not None and label.index == 0:
                return True
            if any(within.index == 0 and within.is_apart for within in labels.labels_within(text, 0)):
                return True
        return False

    def _answer_line(self, line: Line, at: int) -> bool:
        """Takes a line below the heading of answers; False where questions begin again."""
        answers = self._answers
        assert answers is not None
        listed = labels.answers_of(line.text)
        if listed:
            answers.items += [(number, key, line.number) for number, key in listed]
            self._answer_at = len(answers.items) - 1
            return True
        start = labels.named_start(line.text) or labels.bare_start(line.text)
        if start is not None and start.number is not None:
            if self._options_follow(at):
                self._answers = None
                return False
            rest = line.cut(start.end)
            field_name, value = labels.field_at(rest.text)
            said = rest.cut(value) if field_name == "key" else rest
            key, explanation = _first_sentence(said, is_key=field_name == "key")
            answers.items.append((start.number, key, line.number))
            self._answer_at = len(answers.items) - 1
            if explanation.text:
                self._explain(explanation)
            return True
        if labels.topic_heading(line.text) or (line.heading and not labels.answers_heading(line.text)):
            if not any(self._is_answer(place) for place in range(at + 1, at + 4)):
                self._answers = None
                return False
            self._answer_at = -1
            return True
        field_name, value = labels.field_at(line.text)
        if self._answer_at >= 0:
            number, key, where = answers.items[self._answer_at]
            if field_name == "key" and not key:
                answers.items[self._answer_at] = number, line.text[value:].strip(), where
            else:
                self._explain(line.cut(value) if field_name == "explanation" else line)
        return True

    def _explain(self, line: Line) -> None:
        assert self._answers is not None
        field_name, value = labels.field_at(line.text)
        self._answers.explanations.setdefault(self._answer_at, []).append(line.cut(value) if field_name == "explanation" else line)

    # Headings and questions

    def _heading(self, line: Line) -> bool:
        """Takes a line that names a topic."""
        text = line.text
        field_name, value = labels.field_at(text)
        if field_name == "topic":
            self._close()
            self._topic = text[value:].strip()
            return True
        is_done = self._entry is None or self._has_options or self._has_key
        if field_name or (labels.named_start(text) and not text.lower().startswith(words.LESSON)):
            return False
        named = labels.topic_heading(text)
        if named is not None and (line.heading or (is_done and len(text) <= 200 and not text.endswith("?"))):
            word, name = named
            is_lesson = word.startswith("bai")
            if not is_lesson or self._lessons_are_topics or line.heading:
                self._close()
                self._topic = name or self._topic
                return True
        if line.heading and labels.bare_start(text) is None and labels.label_here(text) is None:
            self._close()
            self._topic = text.strip(" .:") if not labels.kind_of_section(text) else self._topic
            return True
        roman = labels.roman_heading(text) if is_done and not self._continues_options(text) else None
        if roman is not None:
            self._close()
            self._topic = roman or self._topic
            return True
        if (
            is_done
            and self._entry is not None
            and _is_shouted(text)
            and labels.label_here(text) is None
            and labels.bare_start(text) is None
        ):
            self._close()
            if not labels.kind_of_section(text):
                self._topic = text.strip(" .:")
                self.result.headings.append((line.number, text))
            return True
        return False

    def _continues_options(self, text: str) -> bool:
        label = labels.label_here(text)
        return (
            label is not None
            and self._entry is not None
            and label.index in (2, 3, 8)
            and not self._has_key
            and self._last_index() == label.index - 1
        )

    def _last_index(self) -> int:
        assert self._entry is not None
        for line in reversed(self._entry.lines[-_LOOK_AHEAD:]):
            label = labels.label_here(line.text)
            if label is not None:
                return label.index
        return -1

    def _question_or_more(self, line: Line, at: int) -> None:
        text = line.text
        start = labels.named_start(text)
        if start is not None and start.number is None and self._entry is not None and not (self._has_options or self._has_key):
            start = None
        if start is not None and not (self._lessons_are_topics and start.word.startswith("b")):
            self._open(line, start.number, start.end, start.tags)
            return
        start = labels.bare_start(text) if self._takes_bare else None
        if start is not None and start.number is not None and self._is_next(start.number, at):
            self._open(line, start.number, start.end)
            return
        if start is not None and start.number is not None:
            self._nested = start.number
        if self._entry is None:
            self._without_question(line, at)
            return
        inner = labels.start_within(text, self._last_number + 1)
        if inner >= 0:
            self._entry.lines.append(line.cut(0, inner))
            rest = line.cut(inner)
            begin = labels.named_start(rest.text)
            assert begin is not None
            self._open(rest, begin.number, begin.end)
            assert self._entry is not None
            self._entry.doubt(
                line.number, "Nhãn của câu này nằm giữa dòng của câu trước. Hãy xem lại chỗ ngắt câu.", "warning", "text"
            )
            return
        self._entry.lines.append(line)
        self._seen(text)

    def _is_next(self, number: int, at: int) -> bool:
        """Whether a bare number begins a question and not an item of a list within one."""
        if self._entry is None:
            return True
        if self._has_options or self._has_key:
            return not (self._nested == number - 1 and self._nested > 0 and not self._options_follow(at))
        return number == self._last_number + 1 and self._nested != number - 1

    def _without_question(self, line: Line, at: int) -> None:
        """A line before the first question, or after a heading: the stem of a question without label, or words to leave out."""
        label = labels.label_here(line.text)
        is_start = (
            (not self._is_labelled and self._has_any_options)
            or (label is not None and label.index == 0)
            or any(within.index == 0 and within.is_apart for within in labels.labels_within(line.text, 0))
        )
        follower = labels.label_here(self._text(at + 1))
        if (
            not is_start
            and follower is not None
            and follower.index == 0
            and not follower.is_starred
            and labels.named_start(line.text) is None
        ):
            is_start = True
        if is_start and not _is_shouted(line.text):
            self._open(line, None, 0)
            assert self._entry is not None
            self._entry.said_number = False
        elif not labels.kind_of_section(line.text):
            self.result.unused.append(line)


def _is_shouted(text: str) -> bool:
    """Whether a line is a title in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return (
        len(letters) > 5
        and len(text) <= 150
        and " " in text.strip()
        and all(map(str.isupper, letters))
        and not text.rstrip().endswith("?")
    )


def _first_sentence(line: Line, is_key: bool) -> tuple[str, Line]:
    """The key at the beginning of a solution ("B. Vì …", "Chọn B. Giải thích: …") and what comes after it."""
    text = line.text
    for stop in (". ", ".", ": ", "; ", " - ", " – ", " (", ", "):
        place = text.find(stop)
        if 0 < place < 40:
            key = labels.key_of(text[:place])
            if (key.letters and not key.words) or key.truth is not None:
                return text[:place], line.cut(place + len(stop.rstrip() or stop))
    key = labels.key_of(text)
    if (key.letters and not key.words) or key.truth is not None or is_key:
        return text, Line.plain("", line.number)
    said = labels.letters_said(text)
    return (next(iter(said)) if len(said) == 1 else ""), line


def split(document: Document) -> Split:
    """The questions of a document, cut but not yet taken apart."""
    return _Splitter(items_of(document)).run()
