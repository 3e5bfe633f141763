"""A question taken apart becomes a draft; whatever is doubtful about it is said in words at its line."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from elearn.lib.styled import Line
from elearn.questions.rules.exchange import Draft, Problem
from elearn.questions.rules.texts import Rich, plain, words_of
from elearn.questions.rules.typed import fields, labels, words
from elearn.questions.rules.typed.entries import Entry
from elearn.questions.rules.typed.keys import KeyFinder
from elearn.questions.rules.typed.marks import Marks
from elearn.questions.rules.typed.texts import Renderer

MOST_LETTERS = 26
LONG_OPTION = 400
_SHORT_ANSWER = 120
_TELLING = 40
_NO_ALT = re.compile(r"""!\[\s*\]\(@@PLUGINFILE@@/([^)]*)\)|<img\b(?![^<>]*\balt\s*=\s*["'][^"'])[^<>]*?@@PLUGINFILE@@/([^"']*)""")
_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,4})?")


class Maker:
    """Makes the draft of one question."""

    def __init__(self, entry: Entry, place: int, marks: Marks, renderer: Renderer) -> None:
        self._entry = entry
        self._place = place
        self._marks = marks
        self._renderer = renderer
        self._reasons: list[Line] = []
        renderer.files = {}

    def draft(self) -> Draft:
        """The draft; its problems are in the entry."""
        entry = self._entry
        explanation = self._renderer.rich(entry.fields.get("explanation", []), keeps_emphasis=True)
        kind, body = self._type_and_body(explanation)
        text = self._renderer.rich(entry.stem, keeps_emphasis=True)
        if self._reasons and not entry.fields.get("explanation"):
            explanation = self._renderer.rich(self._reasons)
        if not plain(text):
            entry.doubt(entry.line, "Câu này không có câu dẫn.", "error", "text")
        draft = Draft(kind, text, body, explanation=explanation, topic=self._renderer.value(entry.topic), line=entry.line)
        if "loose" in entry.fields and body.get("guide"):
            draft.explanation = ""
        draft.source = "; ".join(self._renderer.value(line.text) for line in entry.fields.get("source", []))
        self._level_and_mark(draft)
        fields.add_ours(entry, draft, self._renderer)
        draft.files = dict(self._renderer.files)
        self._alternatives(draft)
        return draft

    # Type, options and key

    def _said_type(self) -> str:
        said = self._entry.fields.get("type")
        return words.type_of_words(said[0].text) if said else ""

    def _type_and_body(self, explanation: Rich) -> tuple[str, dict[str, Any]]:
        said = self._said_type()
        machine = self._entry.fields.get("body")
        if machine:
            try:
                body = json.loads(" ".join(self._renderer.value(line.text) for line in machine))
            except ValueError:
                body = None
            if isinstance(body, dict) and said:
                return said, body
            self._entry.doubt(machine[0].number, "Không đọc được dòng “Dữ liệu gốc”.", "error", "options")
        if self._entry.choices:
            return self._with_options(said, explanation)
        return self._without_options(said)

    def _with_options(self, said: str, explanation: Rich) -> tuple[str, dict[str, Any]]:
        entry = self._entry
        self._check_letters()
        finder = KeyFinder(entry, self._marks, self._place, plain(explanation))
        self._reasons = finder.reasons
        texts = [self._renderer.rich(choice.parts) for choice in entry.choices]
        truths = [words.truth_of_words(plain(text)) for text in texts]
        is_truth = len(texts) == 2 and set(truths) == {True, False} and all(len(plain(text)) > 1 for text in texts)
        if is_truth and said in ("", "true_false"):
            right = truths[min(finder.places)] if len(finder.places) == 1 else None
            if len(finder.places) == 2:
                entry.doubt(entry.line, "Câu đúng sai không thể có cả hai đáp án.", "error", "key")
            return "true_false", {"answer": right} if right is not None else {}
        self._check_options(texts)
        options: list[dict[str, Any]] = []
        body: dict[str, Any] = {"options": options}
        for place, text in enumerate(texts):
            option: dict[str, Any] = {"text": text}
            if place in finder.places:
                option["right"] = True
            if words.stays_last(plain(text)):
                option["last"] = True
            options.append(option)
            if words.names_letters(plain(text)) and "shuffle" not in entry.fields:
                body["shuffle"] = False
                entry.doubt(
                    entry.choices[place].line,
                    "Phương án “%(words)s” nhắc đến chữ cái của phương án khác, nên câu này không trộn phương án.",
                    "info",
                    "options",
                    words=plain(text)[:80],
                )
        if said in ("single_choice", "multiple_choice"):
            return said, body
        if len(finder.places) > 1 and not entry.keys and entry.listed_key is None:
            entry.doubt(
                entry.line,
                "Câu có %(count)s phương án được đánh dấu, nên được coi là câu nhiều đáp án đúng.",
                "info",
                "key",
                count=len(finder.places),
            )
        return "multiple_choice" if len(finder.places) > 1 else "single_choice", body

    def _check_letters(self) -> None:
        entry = self._entry
        given = [choice.index for choice in entry.choices]
        indexes = [place if index is None else index for place, index in enumerate(given)]
        if indexes == list(range(len(indexes))):
            return
        if sorted(indexes) == list(range(len(indexes))):
            entry.choices = [
                choice for _index, choice in sorted(zip(indexes, entry.choices, strict=True), key=lambda pair: pair[0])
            ]
            entry.doubt(
                entry.choices[0].line,
                "Các phương án không xếp theo thứ tự chữ cái; thứ tự đã được sửa. Hãy xem lại.",
                "warning",
                "options",
            )
            return
        seen: set[int] = set()
        for index, choice in zip(indexes, entry.choices, strict=True):
            if index in seen:
                entry.doubt(choice.line, "Có hai phương án cùng mang chữ %(letter)s.", "error", "options", letter=_letter(index))
            seen.add(index)
        missing = sorted(set(range(max(indexes) + 1)) - seen)
        if missing and missing[0] == 0:
            entry.doubt(
                entry.choices[0].line,
                "Danh sách phương án bắt đầu từ %(letter)s, thiếu phương án A.",
                "error",
                "options",
                letter=_letter(min(indexes)),
            )
        elif missing and len(seen) == len(indexes):
            entry.doubt(
                entry.choices[missing[0]].line,
                "Thiếu phương án %(letters)s.",
                "error",
                "options",
                letters=", ".join(map(_letter, missing)),
            )

    def _check_options(self, texts: list[Rich]) -> None:
        entry = self._entry
        if len(texts) == 1:
            entry.doubt(entry.choices[0].line, "Câu này chỉ có một phương án.", "error", "options")
        if len(texts) > MOST_LETTERS:
            entry.doubt(entry.choices[-1].line, "Câu này có quá nhiều phương án: %(count)s.", "error", "options", count=len(texts))
        seen: dict[str, int] = {}
        for place, text in enumerate(texts):
            line = entry.choices[place].line
            said = plain(text)
            if not said and not words_of(text).strip():
                entry.doubt(line, "Phương án %(letter)s để trống.", "error", "options", letter=_letter(place))
                continue
            folded = said.casefold().strip(" .;,") or words_of(text)
            if folded in seen:
                entry.doubt(
                    line,
                    "Hai phương án %(first)s và %(second)s giống nhau.",
                    "error",
                    "options",
                    first=_letter(seen[folded]),
                    second=_letter(place),
                )
            seen.setdefault(folded, place)
            if len(said) > LONG_OPTION:
                entry.doubt(
                    line,
                    "Phương án %(letter)s rất dài (%(count)s ký tự); có thể có phần khác lẫn vào.",
                    "warning",
                    "options",
                    letter=_letter(place),
                    count=len(said),
                )
        self._check_split(texts)

    def _check_split(self, texts: list[Rich]) -> None:
        """An option that begins with a small letter right after one that does not end, where all others begin with capitals."""
        starts = [next((letter for letter in plain(text)[:1] if letter.isalpha()), "") for text in texts]
        small = [place for place, letter in enumerate(starts) if letter.islower()]
        if (
            len(texts) < 5
            or len(small) != 1
            or small[0] == 0
            or not all(letter.isupper() for place, letter in enumerate(starts) if place != small[0])
        ):
            return
        self._entry.doubt(
            self._entry.choices[small[0]].line,
            "Phương án %(letter)s bắt đầu bằng chữ thường; có thể một phương án đã bị tách đôi.",
            "warning",
            "options",
            letter=_letter(small[0]),
        )

    # Without options

    def _without_options(self, said: str) -> tuple[str, dict[str, Any]]:
        entry = self._entry
        key = entry.keys[0] if entry.keys else None
        listed = entry.listed_key
        truth = words.truth_of_words(key.text) if key else words.truth_of_words(listed) if listed else None
        truth = self._truth_side_by_side(truth)
        if said == "true_false" or (said == "" and (truth is not None or entry.truths is not None or self._truth_lines())):
            if truth is None:
                truth = self._truth_lines_marked()
            if truth is None:
                entry.doubt(entry.line, "Câu đúng sai này không có đáp án.", "error", "key")
            if key and listed and words.truth_of_words(listed) not in (None, truth):
                entry.doubt(entry.line, "Dòng đáp án và bảng đáp án không khớp nhau.", "error", "key")
            return "true_false", {} if truth is None else {"answer": truth}
        if said == "essay" or (not said and key is None and not listed):
            return self._essay(said)
        if said == "" and key is not None and (len(key.text) > _SHORT_ANSWER or len(entry.keys) > 1 or "loose" in entry.fields):
            guide = self._renderer.rich([*entry.keys, *entry.fields.get("loose", [])], keeps_emphasis=True)
            return "essay", {"guide": guide}
        return self._short_answer(said)

    def _essay(self, said: str) -> tuple[str, dict[str, Any]]:
        entry = self._entry
        if not said:
            entry.doubt(
                entry.line, "Câu này không có phương án và không có đáp án, nên được coi là câu tự luận.", "warning", "options"
            )
        body: dict[str, Any] = {}
        if entry.keys:
            body["guide"] = self._renderer.rich(entry.keys, keeps_emphasis=True)
        return "essay", body

    def _short_answer(self, said: str) -> tuple[str, dict[str, Any]]:
        entry = self._entry
        given = [*entry.keys, *entry.fields.get("or", [])]
        texts = [self._renderer.answer(line.text) for line in given] or [entry.listed_key or ""]
        if not any(texts):
            entry.doubt(entry.line, "Câu này không có đáp án.", "error", "key")
        key = labels.key_of(texts[0])
        if not said and key.letters and not key.words and key.letters[0] <= "H":
            entry.doubt(
                given[0].number if given else entry.line,
                "Đáp án là chữ cái %(key)s nhưng câu này không có phương án nào.",
                "error",
                "options",
                key=", ".join(key.letters),
            )
        return "short_answer", {"answers": [{"text": text} for text in texts if text]}

    def _truth_side_by_side(self, truth: bool | None) -> bool | None:
        """The key of a line "☐ Đúng ☑ Sai" or of one in which one of the words is marked."""
        line = self._entry.truths
        found = labels.both_truths(line.text) if line else None
        if line is None or found is None or truth is not None:
            return truth
        ticks = [found[f"box{side}"] in ("☑", "☒", "✓") for side in (1, 2)]
        if ticks[0] != ticks[1]:
            return ticks[0]
        looks = [set(line.looks[found.start(side) : found.end(side)]) for side in ("first", "second")]
        if all(len(look) == 1 for look in looks) and looks[0] != looks[1] and "\0" in looks[0] | looks[1]:
            return looks[1] == {"\0"}
        return None

    def _truth_lines(self) -> bool:
        """Whether the stem ends with a line "Đúng" and a line "Sai"; they are taken off."""
        stem = self._entry.stem
        if len(stem) < 3 or [words.truth_of_words(line.text) for line in stem[-2:]] != [True, False]:
            return False
        self._entry.fields["truths"] = stem[-2:]
        del stem[-2:]
        return True

    def _truth_lines_marked(self) -> bool | None:
        lines = self._entry.fields.get("truths")
        if not lines:
            return None
        stars = ["*" in line.text or "✓" in line.text or "☑" in line.text for line in lines]
        looks = [set(line.looks) for line in lines]
        if stars[0] != stars[1]:
            return stars[0]
        return looks[1] == {"\0"} if looks[0] != looks[1] and "\0" in looks[0] | looks[1] else None

    # What else there is

    def _level_and_mark(self, draft: Draft) -> None:
        entry = self._entry
        said = [("level", line.text) for line in entry.fields.get("level", [])[:1]] + [
            ("mark", line.text) for line in entry.fields.get("mark", [])[:1]
        ]
        for kind, text in [*entry.tags, *said]:
            if kind == "level":
                level = words.level_of_words(text)
                if not level:
                    entry.doubt(entry.line, "Không hiểu mức độ “%(words)s”.", "warning", "level", words=text[:60])
                draft.level = level or draft.level
                continue
            number = _NUMBER.search(text)
            try:
                mark = Decimal(number[0].replace(",", ".")) if number else Decimal(0)
            except InvalidOperation:
                mark = Decimal(0)
            if mark > 0:
                draft.default_mark = mark
            else:
                entry.doubt(entry.line, "Không hiểu số điểm “%(words)s”.", "warning", "mark", words=text[:60])

    def _alternatives(self, draft: Draft) -> None:
        """Names pictures without words for those who do not see them."""
        texts = [
            draft.text,
            draft.explanation,
            *(option["text"] for option in draft.body.get("options", []) if isinstance(option, dict) and "text" in option),
        ]
        names = [found[1] or found[2] for text in texts for found in _NO_ALT.finditer(words_of(text))]
        for name in dict.fromkeys(names):
            self._entry.doubt(
                self._entry.line,
                "Hình %(name)s chưa có mô tả bằng lời cho người không nhìn thấy hình.",
                "warning",
                "text",
                name=name,
            )


def _letter(place: int) -> str:
    return chr(65 + place) if place < MOST_LETTERS else str(place + 1)


def numbering_problems(entries: list[Entry], parts: list[list[int]]) -> None:
    """Doubts about numbers that are missing, doubled or out of order within a part of the file."""
    for part in parts:
        seen: set[int] = set()
        last: int | None = None
        for place in part:
            entry = entries[place]
            number = entry.number
            if number is None:
                continue
            if number in seen:
                entry.doubt(entry.line, "Số thứ tự câu %(number)s bị lặp lại.", "warning", "number", number=number)
            elif last is not None and number > last + 1:
                gone = str(last + 1) if number == last + 2 else f"{last + 1}–{number - 1}"
                entry.doubt(
                    entry.line, "Thiếu câu %(numbers)s trước câu này; có thể nhãn của nó bị mất.", "warning", "number", numbers=gone
                )
            seen.add(number)
            last = number


def _options_of(draft: Draft) -> set[str]:
    return {words.bare(plain(option.get("text", ""))) for option in draft.body.get("options", [])}


def doubled_texts(drafts: list[Draft], entries: list[Entry]) -> None:
    """Doubts about questions that stand in the file twice."""
    seen: dict[str, int] = {}
    for place, draft in enumerate(drafts):
        folded = words.bare(plain(draft.text))
        if len(folded) < 8:
            continue
        first = seen.setdefault(folded, place)
        if first == place:
            continue
        # Short stems such as "Chọn câu đúng:" are common; with other options they make another question.
        is_other = len(folded) < _TELLING and _options_of(draft) != _options_of(drafts[first])
        entries[place].doubt(
            draft.line,
            "Câu này có câu dẫn giống câu thứ %(number)s trong tệp (dòng %(first_line)s).",
            "info" if is_other else "warning",
            "text",
            number=first + 1,
            first_line=drafts[first].line,
        )


def with_place(problem: Problem, place: int) -> Problem:
    """The problem with the index of its question."""
    return Problem(problem.line, problem.severity, problem.message, problem.values, place, problem.field)
