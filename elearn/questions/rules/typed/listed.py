"""Gives the keys of lists of answers to the questions they belong to, also where numbering begins anew in each part of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from elearn.questions.rules.exchange import Problem
from elearn.questions.rules.typed.entries import Answers, Entry

_Item = tuple[int, str, int, int]  # number, key, line, place in its list


def series(numbers: Sequence[int | None]) -> list[list[int]]:
    """Places of numbers cut where numbering begins anew."""
    found: list[list[int]] = []
    last = 0
    for place, number in enumerate(numbers):
        if not found or (number is not None and number <= 1 < last):
            found.append([])
        found[-1].append(place)
        last = number if number is not None else last
    return found


def give_keys(entries: Sequence[Entry], lists: Sequence[Answers]) -> list[Problem]:
    """Puts `listed_key` and explanations into the questions; what the lists have too much or too little is returned."""
    problems: list[Problem] = []
    if not lists or not entries:
        if lists and not entries:
            problems.append(Problem(lists[0].line, "error", "Tệp chỉ có bảng đáp án mà không có câu hỏi nào."))
        return problems
    parts = series([entry.number for entry in entries])
    is_given = [False] * len(parts)
    for answers in lists:
        if answers.is_several_papers:
            problems.append(
                Problem(
                    answers.line,
                    "warning",
                    "Bảng đáp án có nhiều mã đề; chỉ mã đề đầu tiên được dùng. Hãy xem lại.",
                    {},
                    None,
                    "key",
                )
            )
        runs = series([number for number, _key, _line in answers.items])
        before = [at for at, part in enumerate(parts) if entries[part[0]].line <= answers.line] or list(range(len(parts)))
        free = [at for at in before if not is_given[at]] or before
        if len(runs) == 1 and len(free) > 1:
            together = [entries[place].number for at in free for place in parts[at]]
            groups = [free] if len(set(together)) == len(together) else [[free[-1]]]
        else:
            groups = [[at] for at in free[: len(runs)]]
        for run, group in zip(runs, groups, strict=False):
            for at in group:
                is_given[at] = True
            _give([place for at in group for place in parts[at]], entries, run, answers, problems)
        for run in runs[len(groups) :]:
            problems += [_without_question(answers.items[place][0], answers.items[place][2]) for place in run]
    for at, part in enumerate(parts):
        if is_given[at]:
            problems += _missing(part, entries, lists[-1].line)
    return problems


def _without_question(number: int, line: int) -> Problem:
    return Problem(
        line, "warning", "Bảng đáp án có câu %(number)s nhưng trong tệp không có câu ấy.", {"number": number}, None, "key"
    )


def _give(places: Sequence[int], entries: Sequence[Entry], run: Sequence[int], answers: Answers, problems: list[Problem]) -> None:
    by_number: dict[int, Entry] = {}
    has_numbers = any(entries[place].number is not None for place in places)
    for order, place in enumerate(places, start=1):
        number = entries[place].number if has_numbers else order
        if number is not None:
            by_number.setdefault(number, entries[place])
    named: dict[int, str] = {}
    for place in run:
        number, key, line = answers.items[place]
        entry = by_number.get(number)
        if entry is None:
            problems.append(_without_question(number, line))
            continue
        if named.get(number, key) != key:
            entry.doubt(
                line,
                "Bảng đáp án ghi câu %(number)s hai lần: %(first)s và %(second)s.",
                "error",
                "key",
                number=number,
                first=named[number],
                second=key,
            )
        elif key:
            entry.listed_key = key
        named[number] = named.get(number, key)
        explanation = answers.explanations.get(place)
        if explanation:
            entry.fields.setdefault("explanation", []).extend(explanation)


def _missing(places: Sequence[int], entries: Sequence[Entry], line: int) -> Iterator[Problem]:
    """Questions of a part that has a list of answers, but which no list names."""
    bare = [entry for entry in (entries[place] for place in places) if entry.listed_key is None and not entry.keys]
    if bare:
        numbers = ", ".join("?" if entry.number is None else str(entry.number) for entry in bare[:20])
        values = {"numbers": numbers, "listed": len(places) - len(bare), "count": len(places)}
        yield Problem(
            line,
            "warning",
            "Bảng đáp án không có câu %(numbers)s. Bảng có %(listed)s mục, phần câu hỏi này có %(count)s câu.",
            values,
            None,
            "key",
        )
