"""What documents, courses, lessons and banks must hold, each file by itself and all together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.content.rules.faults import Examiner, Fault, Kind, Parsed, anything, is_code, is_count, is_day, is_list, is_text, one_of
from elearn.content.rules.lessons import citations, cut_into_parts, word_count
from elearn.lib.registry import Registry
from elearn.questions.rules.levels import LEVELS
from elearn.questions.types import QuestionType

TYPES: Registry[QuestionType] = Registry("elearn.questions.types", "TYPE")
FEWEST_WORDS = 400

DOCUMENT = {
    "key": Kind(is_code),
    "number": Kind(is_text, False),
    "kind": Kind(is_text),
    "title": Kind(is_text),
    "issuer": Kind(is_text, False),
    "issued_on": Kind(is_day, False),
    "url": Kind(is_text, False),
    "valid_to": Kind(is_day, False),
    "superseded_by": Kind(is_code, False),
    "checked_on": Kind(is_day, False),
}
COURSE = {
    "code": Kind(is_code),
    "title": Kind(is_text),
    "title_en": Kind(is_text),
    "summary": Kind(is_text),
    "summary_en": Kind(is_text),
    "audience": Kind(is_text, False),
    "as_of": Kind(is_day),
    "reviewed_on": Kind(is_day, False),
    "lessons": Kind(is_list),
    "quiz": Kind(anything, False),
}
QUIZ = {
    "title": Kind(is_text),
    "bank": Kind(is_code),
    "draw": Kind(is_list),
    "minutes": Kind(is_count),
    "attempts": Kind(is_count),
    "pass_percent": Kind(lambda value: "" if not is_count(value) and value <= 100 else "Trường “%(name)s” phải từ 1 đến 100."),
}
PART = {"count": Kind(is_count), "level": Kind(one_of(*LEVELS), False)}
LESSON = {
    "title": Kind(is_text),
    "title_en": Kind(is_text),
    "summary": Kind(is_text),
    "summary_en": Kind(is_text),
    "minutes": Kind(is_count),
    "as_of": Kind(is_day),
    "sources": Kind(is_list),
}
BANK = {
    "code": Kind(is_code),
    "title": Kind(is_text),
    "title_en": Kind(is_text),
    "as_of": Kind(is_day),
    "reviewed_on": Kind(is_day, False),
    "questions": Kind(is_list),
}
QUESTION = {
    "code": Kind(is_code),
    "type": Kind(one_of("single_choice", "multiple_choice", "true_false")),
    "topic": Kind(is_text),
    "level": Kind(one_of(*LEVELS)),
    "text": Kind(is_text),
    "options": Kind(is_list, False),
    "answer": Kind(anything, False),
    "explanation": Kind(is_text),
    "source": Kind(anything),
}
OPTION = {"text": Kind(is_text), "right": Kind(anything, False), "last": Kind(anything, False)}
SOURCE = {"document": Kind(is_code), "clause": Kind(is_text, False)}


@dataclass
class Files:
    """Every content file, parsed. `lessons` maps (course file, lesson name) to (front matter, body, line where the body begins)."""

    documents: list[Parsed] = field(default_factory=list)
    courses: list[Parsed] = field(default_factory=list)
    banks: list[Parsed] = field(default_factory=list)
    lessons: dict[tuple[str, str], tuple[Parsed, str, int]] = field(default_factory=dict)


def check(files: Files, today: date) -> list[Fault]:
    """All faults of all files at once, in the order of files and lines."""
    faults: list[Fault] = []
    documents = _check_documents(files.documents, today, faults)
    banks = _check_banks(files.banks, documents, today, faults)
    _check_courses(files, documents, banks, today, faults)
    return sorted(faults)


def _not_in_future(examiner: Examiner, path: tuple[str | int, ...], sound: Mapping[str, Any], today: date) -> None:
    for name in ("as_of", "reviewed_on", "checked_on", "issued_on"):
        if name in sound and sound[name] > today:
            examiner.fault((*path, name), "Ngày ở trường “%(name)s” chưa đến.", name=name)


def _check_documents(parsed_files: Sequence[Parsed], today: date, faults: list[Fault]) -> set[str]:
    places: dict[str, tuple[Examiner, int]] = {}
    successors: dict[str, str] = {}
    for parsed in parsed_files:
        examiner = Examiner(parsed, faults)
        if not isinstance(parsed.value, list):
            examiner.fault((), "Tệp tài liệu phải là một danh sách.")
            continue
        for index, item in enumerate(parsed.value):
            sound = examiner.mapping((index,), item, DOCUMENT)
            _not_in_future(examiner, (index,), sound, today)
            key = sound.get("key")
            if key in places:
                examiner.fault((index, "key"), "Mã “%(code)s” đã dùng ở %(file)s.", code=key, file=places[key][0].parsed.file)
            elif key:
                places[key] = (examiner, index)
            if key and "superseded_by" in sound:
                successors[key] = sound["superseded_by"]
            url = sound.get("url", "")
            if url and not url.startswith(("http://", "https://")):
                examiner.fault((index, "url"), "Địa chỉ phải bắt đầu bằng http:// hoặc https://.")
    for key, successor in successors.items():
        examiner, index = places[key]
        if successor not in places:
            examiner.fault((index, "superseded_by"), "Không có tài liệu “%(key)s”.", key=successor)
        trail, step = {key}, successor
        while step in successors and step not in trail:
            trail.add(step)
            step = successors[step]
        if step in trail:
            examiner.fault((index, "superseded_by"), "Các văn bản thay thế nhau thành vòng tròn.")
    return set(places)


def _check_banks(parsed_files: Sequence[Parsed], documents: set[str], today: date, faults: list[Fault]) -> dict[str, Counter[str]]:
    banks: dict[str, Counter[str]] = {}
    codes: dict[str, str] = {}
    for parsed in parsed_files:
        examiner = Examiner(parsed, faults)
        bank = examiner.mapping((), parsed.value, BANK)
        _not_in_future(examiner, (), bank, today)
        if bank.get("code") in banks:
            examiner.fault(("code",), "Mã “%(code)s” đã dùng ở %(file)s.", code=bank["code"], file="banks/")
        levels = banks.setdefault(bank.get("code", ""), Counter())
        for index, item in enumerate(bank.get("questions", ())):
            path = ("questions", index)
            question = examiner.mapping(path, item, QUESTION)
            code = question.get("code")
            if code in codes:
                examiner.fault((*path, "code"), "Mã “%(code)s” đã dùng ở %(file)s.", code=code, file=codes[code])
            elif code:
                codes[code] = parsed.file
            levels[question.get("level", "")] += 1
            _check_key(examiner, path, question)
            if "source" in question:
                source = examiner.mapping((*path, "source"), question["source"], SOURCE)
                if "document" in source and source["document"] not in documents:
                    examiner.fault((*path, "source"), "Không có tài liệu “%(key)s”.", key=source["document"])
    return banks


def question_body(question: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a question as its type wants it."""
    return {"answer": question.get("answer")} if question.get("type") == "true_false" else {"options": question.get("options")}


def _check_key(examiner: Examiner, path: tuple[str | int, ...], question: Mapping[str, Any]) -> None:
    if "type" not in question:
        return
    for place, option in enumerate(question.get("options") or ()):
        examiner.mapping((*path, "options", place), option, OPTION)
    for message in TYPES[question["type"]].check(question_body(question)):
        examiner.fault((*path, "options" if "options" in question else "answer"), message)


def _check_courses(files: Files, documents: set[str], banks: Mapping[str, Counter[str]], today: date, faults: list[Fault]) -> None:
    codes: set[str] = set()
    for parsed in files.courses:
        examiner = Examiner(parsed, faults)
        course = examiner.mapping((), parsed.value, COURSE)
        _not_in_future(examiner, (), course, today)
        if course.get("code") in codes:
            examiner.fault(("code",), "Mã “%(code)s” đã dùng ở %(file)s.", code=course["code"], file="courses/")
        codes.add(course.get("code", ""))
        listed = course.get("lessons", [])
        present = {name for file, name in files.lessons if file == parsed.file}
        for index, name in enumerate(listed):
            if name not in present:
                examiner.fault(("lessons", index), "Không có tệp bài học “%(name)s.md”.", name=name)
        for name in sorted(present - set(map(str, listed))):
            examiner.fault(("lessons",), "Bài “%(name)s.md” có tệp mà không có trong danh sách.", name=name)
        for name in sorted(present):
            _check_lesson(*files.lessons[parsed.file, name], documents, today, faults)
        if "quiz" in course:
            _check_quiz(examiner, course["quiz"], banks)


def _check_quiz(examiner: Examiner, value: object, banks: Mapping[str, Counter[str]]) -> None:
    quiz = examiner.mapping(("quiz",), value, QUIZ)
    if "bank" in quiz and quiz["bank"] not in banks:
        examiner.fault(("quiz", "bank"), "Không có ngân hàng câu hỏi “%(key)s”.", key=quiz["bank"])
        return
    for index, item in enumerate(quiz.get("draw", ())):
        part = examiner.mapping(("quiz", "draw", index), item, PART)
        levels = banks.get(quiz.get("bank", ""), Counter())
        held = levels[part["level"]] if "level" in part else sum(levels.values())
        if part.get("count", 0) > held:
            examiner.fault(
                ("quiz", "draw", index), "Rút %(count)s câu mà ngân hàng chỉ có %(held)s.", count=part["count"], held=held
            )


def _check_lesson(parsed: Parsed, body: str, first_line: int, documents: set[str], today: date, faults: list[Fault]) -> None:
    examiner = Examiner(parsed, faults)
    lesson = examiner.mapping((), parsed.value, LESSON)
    _not_in_future(examiner, (), lesson, today)
    sources = lesson.get("sources", [])
    for index, key in enumerate(sources):
        if key not in documents:
            examiner.fault(("sources", index), "Không có tài liệu “%(key)s”.", key=key)

    def at(line: int, message: str, **values: object) -> None:
        faults.append(Fault(parsed.file, first_line + line, message, tuple(values.items())))

    examiner.text(("title",), body)
    if not cut_into_parts(body):
        at(0, "Bài cần ít nhất một mục bắt đầu bằng “## ”.")
    if word_count(body) < FEWEST_WORDS:
        at(0, "Bài chỉ có %(words)s chữ, cần ít nhất %(fewest)s.", words=word_count(body), fewest=FEWEST_WORDS)
    for line, number in citations(body):
        if not 1 <= number <= len(sources):
            at(line, "Chú thích [^%(number)s] không có trong danh sách nguồn.", number=number)
    for line, text in enumerate(body.splitlines()):
        if re.search(r"</?[a-zA-Z][^>]*>", text):
            at(line, "Không dùng HTML trong bài.")
