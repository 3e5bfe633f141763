"""What documents, courses, lessons and banks must hold, each file by itself and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.content.rules import shapes
from elearn.content.rules.contests import check_contest_file
from elearn.content.rules.faults import Examiner, Fault, Parsed, in_order, spelling_problems
from elearn.content.rules.lessons import citations, cut_into_parts, markdown_problems, word_count
from elearn.lib.registry import Registry
from elearn.questions.types import QuestionType

TYPES: Registry[QuestionType] = Registry("elearn.questions.types", "TYPE")
FEWEST_WORDS = 400
OPTIONS: Mapping[str, tuple[int, int, int]] = {"single_choice": (3, 5, 1), "multiple_choice": (4, 6, 2)}
"""Fewest and most options, and how many of them must be right at the least."""

Held = Mapping[str, Counter[str]]
"""Questions that each bank holds, by level."""


@dataclass
class Files:
    """Every content file, parsed. `lessons` maps (course file, lesson name) to (front matter, body, line where the body begins).

    `names` are all lessons of a course file, also those that could not be read. `unread` names the folders of which a file could not
    be read: what such a file would have defined is not reported as missing elsewhere.
    """

    documents: list[Parsed] = field(default_factory=list)
    courses: list[Parsed] = field(default_factory=list)
    banks: list[Parsed] = field(default_factory=list)
    contests: list[Parsed] = field(default_factory=list)
    lessons: dict[tuple[str, str], tuple[Parsed, str, int]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


def check(files: Files, today: date) -> list[Fault]:
    """All faults of all files at once, in the order of files and lines."""
    faults: list[Fault] = []
    documents = _check_documents(files.documents, today, faults)
    known = documents if "documents" not in files.unread else None
    banks = _check_banks(files.banks, known, today, faults)
    _check_courses(files, banks, today, faults)
    codes: dict[str, str] = {}
    for parsed in files.contests:
        examiner = Examiner(parsed, faults)
        contest = check_contest_file(parsed, banks if "banks" not in files.unread else None, faults)
        _is_new(examiner, ("code",), contest.get("code"), codes)
        _bears_its_name(examiner, contest, parsed.file.rpartition("/")[2].removesuffix(".yaml"))
    for parsed, body, first_line in files.lessons.values():
        _check_lesson(parsed, body, first_line, known, today, faults)
    return in_order(faults)


def _not_in_future(examiner: Examiner, path: tuple[str | int, ...], sound: Mapping[str, Any], today: date) -> None:
    for name in ("as_of", "reviewed_on", "checked_on", "issued_on"):
        if name in sound and sound[name] > today:
            examiner.fault((*path, name), "Ngày ở trường “%(name)s” chưa đến.", name=name)


def _is_new(examiner: Examiner, path: tuple[str | int, ...], code: str | None, places: dict[str, str]) -> bool:
    """Whether the code was not seen before; a fault where it was. `places` maps codes to files."""
    if code is None:
        return False
    if code in places:
        examiner.fault(path, "Mã “%(code)s” đã dùng ở %(file)s.", code=code, file=places[code])
        return False
    places[code] = examiner.parsed.file
    return True


def _bears_its_name(examiner: Examiner, sound: Mapping[str, Any], name: str) -> None:
    if sound.get("code", name) != name:
        examiner.fault(("code",), "Mã “%(code)s” khác tên tệp hay thư mục “%(file)s”.", code=sound["code"], file=name)


def _check_documents(parsed_files: Sequence[Parsed], today: date, faults: list[Fault]) -> set[str]:
    files: dict[str, str] = {}
    places: dict[str, tuple[Examiner, int]] = {}
    successors: dict[str, str] = {}
    for parsed in parsed_files:
        examiner = Examiner(parsed, faults)
        if not isinstance(parsed.value, list):
            examiner.fault((), "Tệp tài liệu phải là một danh sách.")
            continue
        for index, item in enumerate(parsed.value):
            sound = examiner.mapping((index,), item, shapes.DOCUMENT)
            _not_in_future(examiner, (index,), sound, today)
            key = sound.get("key")
            if _is_new(examiner, (index, "key"), key, files):
                places[sound["key"]] = (examiner, index)
                if "superseded_by" in sound:
                    successors[sound["key"]] = sound["superseded_by"]
            if "issued_on" in sound and "valid_to" in sound and sound["valid_to"] < sound["issued_on"]:
                examiner.fault((index, "valid_to"), "Văn bản hết hiệu lực trước ngày ban hành.")
    for key, successor in successors.items():
        examiner, index = places[key]
        if successor not in places:
            examiner.fault((index, "superseded_by"), "Không có tài liệu “%(key)s”.", key=successor)
        if _goes_round(key, successors):
            examiner.fault((index, "superseded_by"), "Các văn bản thay thế nhau thành vòng tròn.")
    return set(places)


def _goes_round(key: str, successors: Mapping[str, str]) -> bool:
    seen = {key}
    step = successors.get(key)
    while step is not None and step not in seen:
        seen.add(step)
        step = successors.get(step)
    return step is not None


def _check_banks(parsed_files: Sequence[Parsed], documents: set[str] | None, today: date, faults: list[Fault]) -> Held:
    banks: dict[str, Counter[str]] = {}
    files: dict[str, str] = {}
    codes: dict[str, str] = {}
    for parsed in parsed_files:
        examiner = Examiner(parsed, faults)
        bank = examiner.mapping((), parsed.value, shapes.BANK)
        _not_in_future(examiner, (), bank, today)
        _is_new(examiner, ("code",), bank.get("code"), files)
        _bears_its_name(examiner, bank, parsed.file.rpartition("/")[2].removesuffix(".yaml"))
        levels = banks.setdefault(bank.get("code", ""), Counter())
        for index, item in enumerate(bank.get("questions", ())):
            path = ("questions", index)
            question = examiner.mapping(path, item, shapes.QUESTION)
            _is_new(examiner, (*path, "code"), question.get("code"), codes)
            levels[question.get("level", "")] += 1
            _check_key(examiner, path, question)
            if "source" in question:
                source = examiner.mapping((*path, "source"), question["source"], shapes.SOURCE)
                if documents is not None and source.get("document", "") not in {*documents, ""}:
                    examiner.fault((*path, "source"), "Không có tài liệu “%(key)s”.", key=source["document"])
    return banks


def question_body(question: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a question as its type wants it."""
    return {"answer": question.get("answer")} if question.get("type") == "true_false" else {"options": question.get("options")}


def _check_key(examiner: Examiner, path: tuple[str | int, ...], question: Mapping[str, Any]) -> None:
    if "type" not in question:
        return
    own, other = ("answer", "options") if question["type"] == "true_false" else ("options", "answer")
    if other in question:
        examiner.fault((*path, other), "Loại câu hỏi này không dùng trường “%(name)s”.", name=other)
    for place, option in enumerate(question.get("options") or ()):
        examiner.mapping((*path, "options", place), option, shapes.OPTION)
    faults = TYPES[question["type"]].check(question_body(question)) or _house_faults(question)
    for message in faults:
        examiner.fault((*path, own), message)


def _house_faults(question: Mapping[str, Any]) -> list[str]:
    """What banks of this house want besides: a number of options that leaves little to chance."""
    if question["type"] not in OPTIONS:
        return []
    fewest, most, least_right = OPTIONS[question["type"]]
    found = []
    if not fewest <= len(question["options"]) <= most:
        found.append("Số phương án không đúng với loại câu hỏi này.")
    if sum(bool(option.get("right")) for option in question["options"]) < least_right:
        found.append("Câu nhiều đáp án phải có từ hai phương án đúng.")
    return found


def _check_courses(files: Files, banks: Held, today: date, faults: list[Fault]) -> None:
    codes: dict[str, str] = {}
    for parsed in files.courses:
        examiner = Examiner(parsed, faults)
        course = examiner.mapping((), parsed.value, shapes.COURSE)
        _not_in_future(examiner, (), course, today)
        _is_new(examiner, ("code",), course.get("code"), codes)
        _bears_its_name(examiner, course, parsed.file.split("/")[-2])
        if "lessons" in course:
            present = files.names.get(parsed.file, set())
            for index, name in enumerate(course["lessons"]):
                if name not in present:
                    examiner.fault(("lessons", index), "Không có tệp bài học “%(name)s.md”.", name=name)
            for name in sorted(present - set(course["lessons"])):
                examiner.fault(("lessons",), "Bài “%(name)s.md” có tệp mà không có trong danh sách.", name=name)
        if "quiz" in course:
            _check_quiz(examiner, course["quiz"], banks, "banks" not in files.unread)


def _check_quiz(examiner: Examiner, value: object, banks: Held, are_all_known: bool) -> None:
    quiz = examiner.mapping(("quiz",), value, shapes.QUIZ)
    draws = [
        (index, examiner.mapping(("quiz", "draw", index), item, shapes.DRAW)) for index, item in enumerate(quiz.get("draw", ()))
    ]
    if "bank" not in quiz:
        return
    if quiz["bank"] not in banks:
        if are_all_known:
            examiner.fault(("quiz", "bank"), "Không có ngân hàng câu hỏi “%(key)s”.", key=quiz["bank"])
        return
    levels = banks[quiz["bank"]]
    drawn: Counter[str | None] = Counter()
    for index, part in draws:
        level = part.get("level")
        drawn[level] += part.get("count", 0)
        held = levels.total() if level is None else levels[level]
        wanted = drawn.total() if level is None else drawn[level]
        if wanted > held:
            examiner.fault(("quiz", "draw", index), "Rút %(count)s câu mà ngân hàng chỉ có %(held)s.", count=wanted, held=held)


def _check_lesson(parsed: Parsed, body: str, first_line: int, documents: set[str] | None, today: date, faults: list[Fault]) -> None:
    examiner = Examiner(parsed, faults)
    lesson = examiner.mapping((), parsed.value, shapes.LESSON)
    _not_in_future(examiner, (), lesson, today)
    for index, key in enumerate(lesson.get("sources", ())):
        if documents is not None and key not in documents:
            examiner.fault(("sources", index), "Không có tài liệu “%(key)s”.", key=key)
    if not cut_into_parts(body):
        examiner.at_line(first_line, "Bài cần ít nhất một mục bắt đầu bằng “## ”.")
    if word_count(body) < FEWEST_WORDS:
        message = "Bài chỉ có %(words)s chữ, cần ít nhất %(fewest)s."
        examiner.at_line(first_line, message, words=word_count(body), fewest=FEWEST_WORDS)
    for line, number in citations(body):
        if "sources" in lesson and not 1 <= number <= len(lesson["sources"]):
            examiner.at_line(first_line + line, "Chú thích [^%(number)s] không có trong danh sách nguồn.", number=number)
    for line, text in enumerate(body.splitlines()):
        for problem in spelling_problems(text):
            examiner.at_line(first_line + line, problem)
    for line, problem in markdown_problems(body):
        examiner.at_line(first_line + line, problem)
