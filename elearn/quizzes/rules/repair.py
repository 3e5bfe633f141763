"""What a correction makes of the result of an attempt, and what it would mean for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.choices import share
from elearn.questions.rules.texts import words_of
from elearn.quizzes.rules.grading import ZERO, Item, Scheme, is_passed, mark_item, max_of, plain, read_marks, told

POLICIES = {
    "never_lower": "Không ai bị hạ điểm: người được lợi từ đáp án cũ giữ nguyên điểm.",
    "exact": "Tính đúng theo đáp án mới: điểm có thể tăng hoặc giảm.",
}
KINDS = {
    "key": "Sửa đáp án",
    "accept": "Nhận thêm một đáp án",
    "drop": "Bỏ câu hỏi",
    "weight": "Đổi điểm của câu hỏi",
}


@dataclass(frozen=True)
class Result:
    """The result of an attempt: marks by slot (None where a person has still to mark), their sum, and what follows from it."""

    marks: tuple[Decimal | None, ...]
    mark: Decimal
    max_mark: Decimal
    correct_count: int
    is_passed: bool | None
    marking: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for a row of `correction_changes`."""
        return {
            "marks": told(self.marks), "mark": plain(self.mark), "max_mark": plain(self.max_mark),
            "correct_count": self.correct_count, "is_passed": self.is_passed, "marking": self.marking,
        }  # fmt: skip

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Result:
        """The way back from `as_json`."""
        marks = read_marks(row["marks"])
        return cls(marks, Decimal(row["mark"]), Decimal(row["max_mark"]), row["correct_count"], row["is_passed"], row["marking"])


@dataclass(frozen=True)
class Response:
    """What an attempt says to one question: the response, how sure, and the mark that a person gave (None: nobody)."""

    value: Any
    certainty: int | None = None
    given: Decimal | None = None


def remark(
    before: Result, slots: Mapping[int, tuple[Item, Item, Response]], scheme: Scheme, pass_percent: int | None, marking: str
) -> Result:
    """The result with the questions at `slots` marked anew: for each the item before, the item after and the response.

    Marks of all other questions stay as they are, whatever led to them.
    """
    marks = list(before.marks)
    max_mark, correct = before.max_mark, before.correct_count
    for slot, (old, new, response) in slots.items():
        _, was_right = mark_item(old, response.value, scheme, response.certainty, response.given)
        marks[slot - 1], is_right = mark_item(new, response.value, scheme, response.certainty, response.given)
        max_mark += max_of(new, scheme) - max_of(old, scheme)
        correct += int(is_right) - int(was_right)
    total = sum((mark for mark in marks if mark is not None), ZERO)
    passed = None if None in marks else is_passed(total, max_mark, pass_percent)
    return Result(tuple(marks), total, max_mark, correct, passed, marking)


def by_policy(before: Result, after: Result, policy: str) -> Result:
    """What holds after the correction: `after`, or `before` where nobody may lose and this one would.

    Shares of the maximum are compared, since dropping and reweighting change the maximum; passing is never taken away either.
    """
    if policy == "exact":
        return after
    loses_pass = bool(before.is_passed) and after.is_passed is False
    # mark/max compared without dividing: a maximum is never negative, and 0 only where nothing is left to mark.
    if loses_pass or after.mark * before.max_mark < before.mark * after.max_mark:
        return before
    return after


def is_same(before: Result, after: Result) -> bool:
    """True where nothing that anybody sees has changed."""
    return replace(before, marking="") == replace(after, marking="")


@dataclass(frozen=True)
class Tally:
    """How many attempts (lượt) of how many persons (người) a correction moves."""

    attempts: int
    people: int
    up: int
    down: int
    now_pass: int
    now_fail: int


def tally(changes: Iterable[tuple[int, Result, Result]]) -> Tally:
    """Counts over (member id, before, after)."""
    rows = list(changes)
    shares = [(before.mark * after.max_mark, after.mark * before.max_mark) for _, before, after in rows]
    return Tally(
        len(rows),
        len({member for member, _, _ in rows}),
        sum(new > old for old, new in shares),
        sum(new < old for old, new in shares),
        sum(after.is_passed is True and before.is_passed is False for _, before, after in rows),
        sum(after.is_passed is False and before.is_passed is True for _, before, after in rows),
    )


def shape_of(kind: str, body: Mapping[str, Any]) -> Any:
    """What has to stay for a later key to fit answers given before: options, rows, gaps and variants by their number."""
    return {
        "options": len(body.get("options", ())),
        "pairs": len(body.get("pairs", ())),
        "extra": len(body.get("extra", ())),
        "items": len(body.get("items", ())),
        "variants": body.get("variants", ()),
        "gaps": {key: (gap.get("kind"), len(gap.get("options", ()))) for key, gap in sorted(body.get("gaps", {}).items())},
        "type": kind,
    }


def check_fits(kind: str, old: Mapping[str, Any], new_kind: str, new: Mapping[str, Any]) -> None:
    """Raise InvalidInput where answers given to `old` cannot be marked by `new`."""
    if shape_of(kind, old) != shape_of(new_kind, new):
        raise InvalidInput(
            "does_not_fit",
            "Bản mới có loại câu hỏi, số phương án hoặc số chỗ điền khác nên không chấm lại được các bài đã làm theo bản cũ.",
            field="version",
        )


def with_right_options(body: Mapping[str, Any], right: Sequence[int]) -> dict[str, Any]:
    """The body of a choice with those options (positions from 0) as the key, each worth the full mark alone or their set together."""
    options = []
    for place, option in enumerate(body["options"]):
        rest = {name: value for name, value in option.items() if name not in ("right", "fraction")}
        options.append({**rest, "right": True} if place in right else rest)
    return {**body, "options": options}


def with_further_option(body: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The body of a single choice in which a further option earns the full mark."""
    options = []
    for index, option in enumerate(body["options"]):
        rest = {name: value for name, value in option.items() if name not in ("right", "fraction")}
        worth = share(option)
        options.append(
            {**rest, "fraction": "1"}
            if index == place
            else {**rest, "fraction": plain(Decimal(worth.numerator) / Decimal(worth.denominator))}
            if worth
            else rest
        )
    return {**body, "options": options}


def with_further_answer(body: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a typed answer with a further one that earns the full mark, before all others since the first match counts."""
    if not words_of(answer.get("text") or answer.get("value")).strip():
        raise InvalidInput("answer_missing", "Hãy ghi đáp án được nhận thêm.", field="answer")
    return {**body, "answers": [dict(answer), *body["answers"]]}
