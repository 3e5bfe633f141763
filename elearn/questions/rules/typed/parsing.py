"""Takes the lines of a question apart: stem, options in whatever way they are laid out, keys and fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from elearn.lib.styled import FIRST_OBJECT, Document, Formula, Line, Picture
from elearn.questions.rules.typed import labels, words
from elearn.questions.rules.typed.entries import Choice, Entry
from elearn.questions.rules.typed.labels import Label

_MOST_MISSING = 3
_LOOK_AHEAD = 60
_PIPE_ROW = re.compile(r"\|.*\|")


class _Parser:
    def __init__(self, entry: Entry, document: Document) -> None:
        self.done: list[Entry] = []
        self._document = document
        self._lines = [line for line in entry.lines if line.text]
        self._at = 0
        self._begin(entry)

    def _begin(self, entry: Entry) -> None:
        self.entry = entry
        self._target: list[Line] = entry.stem
        self._manner: tuple[bool, str] | None = None
        self._last = -1
        self._loose: list[Line] = []
        """Lines without a label after an option or a key: more of it, or the stem of a question without label."""
        self._is_typed = False
        entry.lines = []

    def run(self) -> list[Entry]:
        for at, line in enumerate(self._lines):
            self._at = at
            self._take(line)
        self._settle()
        self.done.append(self.entry)
        return self.done

    # One line

    def _take(self, line: Line) -> None:
        if labels.is_blank_to_fill(line.text) and self._target is not self.entry.stem:
            return
        if self._field(line):
            return
        within = labels.key_within(line.text)
        if within is not None:
            self._take_options(line.cut(0, within.start()))
            self.entry.keys.append(line.cut(within.start("letters"), within.end("letters")))
            return
        self._take_options(line)

    def _field(self, line: Line) -> bool:
        field, start = labels.field_at(line.text)
        if not field or field == "topic":
            return False
        has_said_enough = self._is_typed or bool(self.entry.choices or self.entry.keys)
        if (field in words.OURS or field.startswith("feedback ")) and not (self._document.is_source and has_said_enough):
            return False
        if field == "or" and not self.entry.keys:
            return False
        if field == "type":
            if not words.type_of_words(line.text[start:]):
                return False
            self._is_typed = True
        end = -1 if line.text[0] in "([" and line.text[-1] in ")]" else None
        value = line.cut(start, end)
        if field == "key" and self.entry.choices and value.text and not self._is_key_of_options(value.text) and self._last < 1:
            return False
        self._settle()
        if field == "key":
            if value.text:
                self.entry.keys.append(value)
            self._target = self.entry.fields.setdefault("after key", []) if value.text else self.entry.keys
            return True
        held = self.entry.fields.setdefault(field, [])
        if value.text:
            held.append(value)
        self._target = held
        return True

    def _is_key_of_options(self, text: str) -> bool:
        key = labels.key_of(text)
        return bool(key.letters) or key.truth is not None

    # Options

    def _take_options(self, line: Line) -> None:
        label = labels.label_here(line.text)
        if label is not None and self._is_option(label):
            self._option_line(line, label)
            return
        chain = self._chain(line, 0)
        if chain and self._begins_list(chain):
            self._list_in_line(line, chain)
            return
        self._continue(line)

    def _is_option(self, label: Label) -> bool:
        """Whether a label at the beginning of a line is that of an option and not a letter of the text."""
        expected = self._last + 1
        if not self.entry.choices:
            if label.index == 0:
                return True
            return label.index <= _MOST_MISSING and (
                self._follows(label.index + 1, label.manner) or self._is_swallowed_before(label)
            )
        if self._manner is not None and label.manner != self._manner:
            if label.index == 0 and label.manner[0] and not self._manner[0]:
                return True  # capitals after small letters: those were a list within the stem
            if label.manner[0] != self._manner[0]:
                return False
        if label.index == expected or label.index == 0:
            return True
        if label.index > expected:
            return label.index - expected < _MOST_MISSING
        return label.index >= self._last - 1 or label.index not in {choice.index for choice in self.entry.choices}

    def _follows(self, index: int, manner: tuple[bool, str]) -> bool:
        """Whether a later line begins with the label of that index in the same manner."""
        for line in self._lines[self._at + 1 : self._at + 1 + _LOOK_AHEAD]:
            label = labels.label_here(line.text)
            if label is not None and label.manner[0] == manner[0]:
                if label.index == index:
                    return True
                if label.index == 0:
                    return False
        return False

    def _is_swallowed_before(self, label: Label) -> bool:
        return any(
            within.index == label.index - 1 and within.manner == label.manner
            for line in self.entry.stem
            for within in labels.labels_within(line.text, 0)
        )

    def _option_line(self, line: Line, label: Label) -> None:
        if self.entry.choices and label.index == 0 and (self._last > 0 or self._loose):
            if (self._manner is not None and self._manner[0] and label.manner[0]) or self._manner == label.manner:
                self._question_without_label(line)
            else:
                self._back_into_stem()
        elif self.entry.choices or label.index:
            self._look_for_swallowed(label)
        self._settle()
        self._manner = self._manner or label.manner
        chain = [label, *self._chain(line, label.end, label)]
        self._options(line, chain)

    def _options(self, line: Line, chain: list[Label]) -> None:
        for place, label in enumerate(chain):
            end = chain[place + 1].start if place + 1 < len(chain) else None
            self._manner = self._manner or label.manner
            self.entry.add_choice(line, label, line.cut(label.end, end), is_inline=place > 0)
            self._last = max(label.index, self._last + 1)
        self._target = self.entry.choices[-1].parts

    def _chain(self, line: Line, start: int, first: Label | None = None) -> list[Label]:
        """Labels in the middle of a line that go on from `first`, or from A where there is none."""
        expected = (max(first.index, self._last + 1) if first else -1) + 1
        manner = first.manner if first else None
        chain: list[Label] = []
        candidates = labels.labels_within(line.text, start)
        if first is None:
            here = labels.label_here(line.text)
            if here is not None and here.index == 0:
                return []
        for label in candidates:
            if label.index != expected or (manner is not None and label.manner != manner):
                continue
            if self._follows(label.index, label.manner):
                continue  # that label begins a line of its own further down
            chain.append(label)
            manner = label.manner
            expected += 1
        return chain

    def _begins_list(self, chain: Sequence[Label]) -> bool:
        """Whether labels in the middle of a line are options: of its stem, or of a question without label."""
        if self.entry.choices or self._target is not self.entry.stem:
            is_loose = bool(self._loose) or self._target is self.entry.fields.get("after key")
            return is_loose and len(chain) >= 3 and all(label.is_apart for label in chain)
        return len(chain) >= 2 or self._follows(1, chain[0].manner)

    def _list_in_line(self, line: Line, chain: list[Label]) -> None:
        stem = line.cut(0, chain[0].start)
        if self.entry.choices:
            self._loose.append(stem)
            self._question_without_label(line)
        elif stem.text:
            self.entry.stem.append(stem)
        if stem.text:
            is_apart = len(chain) >= 3 and all(label.is_apart for label in chain)
            self.entry.doubt(
                line.number,
                "Phương án nằm chung dòng với câu dẫn. Hãy xem lại chỗ ngắt giữa câu dẫn và các phương án.",
                "warning" if is_apart else "error",
                "options",
            )
        self._manner = chain[0].manner
        self._options(line, chain)

    def _look_for_swallowed(self, label: Label) -> None:
        """Cuts missing options before `label` out of the text in which they stand."""
        missing = range(self._last + 1, label.index)
        for index in missing:
            held = self.entry.choices[-1].parts if self.entry.choices else self.entry.stem
            places = [(held, at) for at in range(len(held) - 1, -1, -1)]
            if held is not self.entry.stem:
                places += [(self.entry.stem, at) for at in range(len(self.entry.stem) - 1, -1, -1)]
            for lines, at in places:
                within = next(
                    (
                        found
                        for found in labels.labels_within(lines[at].text, 0)
                        if found.index == index and found.manner[0] == label.manner[0]
                    ),
                    None,
                )
                if within is None:
                    continue
                whole = lines[at]
                is_of_stem = lines is self.entry.stem
                lines[at] = whole.cut(0, within.start)
                if not lines[at].text:
                    del lines[at]
                self.entry.add_choice(whole, within, whole.cut(within.end), is_inline=True)
                self._last = index
                message = (
                    "Phương án %(letter)s nằm lẫn trong câu dẫn và đã được tách ra. Hãy xem lại."
                    if is_of_stem
                    else "Phương án %(letter)s nằm lẫn trong phương án trước và đã được tách ra. Hãy xem lại."
                )
                self.entry.doubt(whole.number, message, "error", "text" if is_of_stem else "options", letter=chr(65 + index))
                break

    def _back_into_stem(self) -> None:
        """What looked like options was a list within the stem."""
        self._settle()
        for choice in self.entry.choices:
            parts = choice.parts or [Line.plain("", choice.line)]
            label = f"{chr(97 + (choice.index or 0))}{self._manner[1][-1] if self._manner else ')'} "
            first = Line(label + parts[0].text, "\0" * len(label) + parts[0].looks, choice.line)
            self.entry.stem += [first, *parts[1:]]
        self.entry.choices.clear()
        self._manner, self._last, self._target = None, -1, self.entry.stem

    def _question_without_label(self, line: Line) -> None:
        """A fresh A.: a question begins whose label is missing; its stem are the loose lines before."""
        stem = self._loose or self._last_of_field()
        self._loose = []
        self._settle()
        self.done.append(self.entry)
        fresh = Entry(stem[0].number if stem else line.number, None, self.entry.topic)
        fresh.said_number = self.entry.said_number
        if fresh.said_number:
            fresh.doubt(
                fresh.line, "Câu này không có nhãn “Câu …” ở đầu. Hãy xem lại chỗ ngắt giữa câu này và câu trước.", "error", "text"
            )
        self._begin(fresh)
        fresh.stem += stem

    def _last_of_field(self) -> list[Line]:
        """The last line of an explanation of several lines."""
        return [self._target.pop()] if self._target is not self.entry.stem and len(self._target) > 1 else []

    # Lines without a label

    def _continue(self, line: Line) -> None:
        if self._target is self.entry.keys:
            self.entry.keys.append(line)
            self._target = self.entry.fields.setdefault("after key", [])
            return
        if self._target is self.entry.stem:
            truths = labels.both_truths(line.text)
            if truths is not None and self.entry.truths is None and not _PIPE_ROW.fullmatch(line.text):
                self.entry.truths = line
                return
            self.entry.stem.append(line)
            return
        is_of_option = bool(self.entry.choices) and self._target is self.entry.choices[-1].parts
        if is_of_option and not self._target and not self._loose:
            self._target.append(line)  # the label stood alone
            return
        if is_of_option or self._target is self.entry.fields.get("after key"):
            self._loose.append(line)
            return
        self._target.append(line)

    def _settle(self) -> None:
        """Gives loose lines to what they follow."""
        loose, self._loose = self._loose, []
        if not loose:
            return
        if not self.entry.choices or self._target is not self.entry.choices[-1].parts:
            self.entry.fields.setdefault("explanation", []).extend(loose)
            if self.entry.choices:
                self.entry.doubt(
                    loose[0].number, "Dòng sau đáp án không ghi là gì, nên được coi là lời giải thích.", "warning", "explanation"
                )
            else:
                self.entry.fields["loose"] = loose
            return
        for line in loose:
            self._target.append(line)
            if all(letter.isspace() or isinstance(self._document.object_at(letter), Picture | Formula) for letter in line.text):
                continue
            if line.text[:1].islower():
                self.entry.doubt(
                    line.number,
                    "Phương án bị ngắt thành hai dòng; dòng “%(words)s” được nối vào phương án trước. Hãy xem lại.",
                    "warning",
                    "options",
                    words=_short(line.text),
                )
            else:
                self.entry.doubt(
                    line.number,
                    "Dòng “%(words)s” không có nhãn, nên được nối vào phương án trước. Hãy xem lại.",
                    "warning",
                    "options",
                    words=_short(line.text),
                )


def _short(text: str) -> str:
    text = "".join(letter for letter in text if ord(letter) < FIRST_OBJECT)
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


def _tags(entry: Entry) -> None:
    """Takes "(NB)" and "(0,5 điểm)" off both ends of the stem."""
    for at in {0, len(entry.stem) - 1} if entry.stem else ():
        line = entry.stem[at]
        start, end, found = labels.tags_at_ends(line.text)
        if found:
            entry.tags += [("level", tag["level"]) if tag["level"] else ("mark", tag["mark"]) for tag in found]
            entry.stem[at] = line.cut(start, end)
    entry.stem = [line for line in entry.stem if line.text]


def _stars(entry: Entry) -> None:
    """Takes marks of a key off the ends of options, unless every option has one."""
    if not entry.choices or not all(choice.parts for choice in entry.choices):
        return
    found = [labels.without_star(choice.parts[-1].text) for choice in entry.choices]
    if not any(is_starred for _text, is_starred in found) or all(is_starred for _text, is_starred in found):
        return
    for choice, (text, is_starred) in zip(entry.choices, found, strict=True):
        if is_starred:
            choice.parts[-1] = choice.parts[-1].cut(0, len(text))
            choice.is_starred = True


def _unlettered(entry: Entry) -> None:
    """Options behind bullets or numbers, where a question has no letters and something says that they are options."""
    if entry.choices or entry.truths is not None:
        return
    first = next(
        (at for at, line in enumerate(entry.stem) if labels.bullet(line.text) or labels.numbered_item(line.text)), len(entry.stem)
    )
    items = entry.stem[first:]
    bullets = [labels.bullet(line.text) for line in items]
    numbers = [labels.numbered_item(line.text) for line in items]
    is_bulleted = len(items) >= 2 and all(bullets)
    is_numbered = len(items) >= 2 and [number[0] for number in numbers if number] == list(range(1, len(items) + 1))
    if not (is_bulleted or is_numbered) or first == 0:
        return
    key = labels.key_of(entry.keys[0].text) if entry.keys else labels.Key()
    starts = [
        (bullet[0] if bullet else 0) if is_bulleted else (number[1] if number else 0)
        for bullet, number in zip(bullets, numbers, strict=True)
    ]
    texts = [line.cut(start) for line, start in zip(items, starts, strict=True)]
    is_said = (
        any(bullet is not None and bullet[1] for bullet in bullets)
        or (bool(key.letters) and all(letter <= "J" for letter in key.letters))
        or (is_numbered and re.fullmatch(r"\d{1,2}", key.words) is not None and 1 <= int(key.words) <= len(items))
        or (entry.listed_key is not None and bool(labels.key_of(entry.listed_key).letters))
        or any(words.bare(key.words) == words.bare(text.text) for text in texts if key.words)
        or _one_differs(texts)
    )
    if not is_said:
        return
    entry.stem = entry.stem[:first]
    entry.choices = [
        Choice(line.number, None, [text] if text.text else [], bool(bullet and bullet[1]))
        for line, text, bullet in zip(items, texts, bullets, strict=True)
    ]
    if is_numbered and key.words.isdigit():
        entry.keys[0] = replace(entry.keys[0], text=chr(64 + int(key.words)), looks="\0")
    entry.doubt(items[0].number, "Phương án không có chữ cái, nên được đánh A, B, C… theo thứ tự.", "info", "options")


def _one_differs(lines: Sequence[Line]) -> bool:
    """Whether exactly one line looks otherwise than all others, which look alike."""
    looks = [frozenset(sign for letter, sign in zip(line.text, line.looks, strict=True) if letter.isalnum()) for line in lines]
    counts = sorted((looks.count(look), look) for look in set(looks)) if len(looks) > 2 else []
    return len(counts) == 2 and counts[0][0] == 1


def parse(entry: Entry, document: Document) -> list[Entry]:
    """The question taken apart, and the ones found within it. In a source also those fields are known that only our own files have."""
    ready_made = entry.choices
    entry.choices = []
    parsed = _Parser(entry, document).run()
    if ready_made:
        parsed[0].choices = parsed[0].choices or ready_made
    for one in parsed:
        _tags(one)
        _stars(one)
        _unlettered(one)
    return parsed
