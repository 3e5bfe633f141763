"""An attempt worked out again from its log: responses as they stood, marks as the key and the corrections make them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from elearn.lib.canonical import canonical
from elearn.quizzes.rules.attempts import OUTAGE, PREDICTION_SLOT, Answer, unwrap
from elearn.quizzes.rules.corrections import Corrected, apply_corrections
from elearn.quizzes.rules.grading import ZERO, Item, Marks, Scheme, grade, is_passed, mark_item, maximum, read_marks, told
from elearn.quizzes.rules.repair import Response, Result, by_policy, is_same, remark

HIDDEN = {"files": [], "text": "…"}
"""Stands for an answer that a person marks and of which only the digest is known."""


@dataclass(frozen=True)
class Correction:
    """A correction with its times."""

    what: Corrected
    policy: str
    applied_at: datetime
    reverted_at: datetime | None

    @classmethod
    def read(cls, told_as: Mapping[str, Any]) -> Correction:
        """From key.json."""
        reverted = told_as["reverted_at"]
        return cls(
            Corrected(told_as["id"], told_as["version"], told_as["kind"], told_as["detail"]), told_as["policy"],
            datetime.fromisoformat(told_as["applied_at"]), datetime.fromisoformat(reverted) if reverted else None,
        )  # fmt: skip


@dataclass
class Folded:
    """What is known of an attempt after some of its events; a submitted one can be packed into a short text and unpacked again.

    `answers`: by slot (client_seq, seq, data); `late`: answers taken in after the submission. `returned`: seconds of outages, which are no working time.
    """

    answers: dict[int, tuple[int, int, Any]] = field(default_factory=dict)
    receipts: dict[int, str] = field(default_factory=dict)
    given: dict[int, str] = field(default_factory=dict)
    late: list[tuple[str, int, int, int, Any]] = field(default_factory=list)
    submitted_at: str = ""
    submitted: Mapping[str, Any] = field(default_factory=dict)
    returned: int = 0

    def take(self, line: Mapping[str, Any], digest: str) -> None:
        """The next event, a line of log.jsonl."""
        kind, slot = line["kind"], line.get("slot")
        if kind in ("answered", "late_taken") and slot is not None:
            data = (None if line.get("empty") else HIDDEN) if "digest" in line else line.get("data")
            rank = (line.get("client_seq") or 0, line["seq"])
            if self.submitted_at:
                self.late.append((line.get("at", self.submitted_at), slot, *rank, data))
            if slot not in self.answers or self.answers[slot][:2] < rank:
                if not self.submitted_at:
                    self.answers[slot] = (*rank, data)
                    self.given.pop(slot, None)
                self.receipts[slot] = digest[:16]
        elif kind == "marked" and slot is not None:
            self.given[slot] = line["mark"]
        elif kind == "extended" and line["data"].get("why") == OUTAGE:
            self.returned += line["data"]["seconds"]
        elif kind == "submitted":
            self.submitted_at, self.submitted = line["at"], line["data"]

    def pack(self) -> str:
        """As a short text."""
        hidden = {slot: digest for slot, digest in self.receipts.items() if self.answers.get(slot, (0, 0, None))[2] == HIDDEN}
        return canonical([[[slot, *rest] for slot, rest in self.answers.items()], list(hidden.items()), list(self.given.items()), self.late, self.submitted_at, self.submitted, self.returned])  # fmt: skip

    @classmethod
    def unpack(cls, text: str) -> Folded:
        """The way back."""
        answers, receipts, given, late, submitted_at, submitted, returned = json.loads(text)
        return cls(
            {slot: (client_seq, seq, data) for slot, client_seq, seq, data in answers}, dict(receipts), dict(given),
            [tuple(one) for one in late], submitted_at, submitted, returned,
        )  # fmt: skip

    def final(self) -> dict[int, Any]:
        """Data by slot with what was taken in late."""
        newest = dict(self.answers)
        for _, slot, client_seq, seq, data in self.late:
            if slot not in newest or newest[slot][:2] < (client_seq, seq):
                newest[slot] = (client_seq, seq, data)
        return {slot: data for slot, (_, _, data) in newest.items()}


def split(data: Mapping[int, Any]) -> tuple[dict[int, Answer], int | None]:
    """(answers by slot of the questions, prediction)."""
    return {slot: unwrap(one) for slot, one in data.items() if slot != PREDICTION_SLOT}, data.get(PREDICTION_SLOT)


def _marks(items: Sequence[Item], answers: Mapping[int, Answer], scheme: Scheme, given: Mapping[int, Decimal]) -> Marks:
    sure = {slot: one.certainty for slot, one in answers.items() if one.certainty is not None}
    return grade(items, {slot: one.response for slot, one in answers.items()}, scheme, given, sure)


def _result(marks: Marks, pass_percent: int | None) -> Result:
    passed = None if marks.is_pending else is_passed(marks.total, marks.max_total, pass_percent)
    return Result(marks.by_slot, marks.total, marks.max_total, marks.correct_count, passed, "")


def work_out(
    folded: Folded,
    questions: Sequence[tuple[int, Item]],
    corrections: Sequence[Correction],
    scheme: Scheme,
    pass_percent: int | None,
) -> tuple[Result, bool]:
    """(the result of a submitted attempt, whether its marks at the submission were those of the key then in force).

    `corrections` in the order in which they were applied. An attempt that was finished some time after its deadline may have been marked
    with corrections applied in between: the first of these keys counts that gives what the log says. Marks that people gave are taken as
    given at the submission.
    """
    submitted_at = datetime.fromisoformat(folded.submitted_at)
    given = {slot: Decimal(mark) for slot, mark in folded.given.items()}
    answers, _ = split({slot: data for slot, (_, _, data) in folded.answers.items()})
    steps = _steps(corrections, folded.late)
    force: list[Corrected] = []
    place = 0
    while place < len(steps) and steps[place][0] <= submitted_at:
        _step(force, steps[place])
        place += 1
    if folded.submitted.get("discarded"):
        if not folded.late:
            nothing = Marks((ZERO,) * len(questions), ZERO, maximum([item for _, item in questions], scheme), 0, False)
            return _result(nothing, pass_percent), told(nothing.by_slot) == folded.submitted["marks"]
        late_answers, _ = split(folded.final())
        every = [correction for step in steps for correction in [step[2]] if isinstance(correction, Correction)]
        in_force = [one.what for one in every if one.reverted_at is None]
        return _result(_marks(apply_corrections(questions, in_force), late_answers, scheme, given), pass_percent), True
    is_as_logged, ahead = False, place
    wanted = folded.submitted["marks"]
    trial = list(force)
    while True:
        marks = _marks(apply_corrections(questions, trial), answers, scheme, {})
        if told(marks.by_slot) == wanted:
            is_as_logged, force, place = True, trial, ahead
            break
        if ahead == len(steps):
            break
        trial = list(trial)
        _step(trial, steps[ahead])
        ahead += 1
    if given or not is_as_logged:
        marks = _marks(apply_corrections(questions, force), answers, scheme, given)
    result = _result(marks, pass_percent)
    before: dict[int, Result] = {}
    data = {slot: one for slot, (_, _, one) in folded.answers.items()}
    ranks = {slot: (client_seq, seq) for slot, (client_seq, seq, _) in folded.answers.items()}
    for step in steps[place:]:
        if step[1] == "late":
            slot, client_seq, seq, said = step[2]
            if ranks.get(slot, (-1, -1)) < (client_seq, seq):
                ranks[slot] = (client_seq, seq)
                result = _with_late(result, apply_corrections(questions, force), data, slot, said, scheme, given, pass_percent)
            continue
        correction = step[2]
        if step[1] == "revert":
            result = before.pop(correction.what.id, result)
            _step(force, step)
            continue
        old = apply_corrections(questions, force)
        _step(force, step)
        new = apply_corrections(questions, force)
        present, _ = split(data)
        slots = {
            slot: (old[slot - 1], new[slot - 1], _response(present.get(slot), given.get(slot)))
            for slot, (version, _) in enumerate(questions, start=1)
            if version == correction.what.version_id
        }
        if not slots:
            continue
        kept = by_policy(result, remark(result, slots, scheme, pass_percent, ""), correction.policy)
        if not is_same(result, kept):
            before[correction.what.id], result = result, kept
    return result, is_as_logged


def _steps(corrections: Sequence[Correction], late: Sequence[tuple[str, int, int, int, Any]]) -> list[tuple[datetime, str, Any]]:
    steps: list[tuple[datetime, str, Any]] = [(one.applied_at, "apply", one) for one in corrections]
    steps += [(one.reverted_at, "revert", one) for one in corrections if one.reverted_at is not None]
    steps += [(datetime.fromisoformat(at), "late", rest) for at, *rest in late]
    return sorted(steps, key=lambda step: step[0])


def _step(force: list[Corrected], step: tuple[datetime, str, Any]) -> None:
    if step[1] == "apply":
        force.append(step[2].what)
    elif step[1] == "revert":
        force[:] = [one for one in force if one.id != step[2].what.id]


def _response(answer: Answer | None, given: Decimal | None) -> Response:
    return Response(answer.response if answer else None, answer.certainty if answer else None, given)


def _with_late(
    result: Result, items: Sequence[Item], data: dict[int, Any], slot: int, said: Any, scheme: Scheme, given: Mapping[int, Decimal],
    pass_percent: int | None,
) -> Result:  # fmt: skip
    """The result with one answer that came late; marks of all other questions stand. `data` holds it afterwards."""
    old = unwrap(data.get(slot))
    data[slot] = said
    if slot == PREDICTION_SLOT:
        return result
    new, item = unwrap(said), items[slot - 1]
    _, was_right = mark_item(item, old.response, scheme, old.certainty, given.get(slot))
    mark, is_right = mark_item(item, new.response, scheme, new.certainty, given.get(slot))
    marks = (*result.marks[: slot - 1], mark, *result.marks[slot:])
    total = sum((one for one in marks if one is not None), ZERO)
    best = maximum(items, scheme)
    passed = None if None in marks else is_passed(total, best, pass_percent)
    return Result(marks, total, best, result.correct_count + is_right - was_right, passed, "")


def marks_told(result: Result) -> list[str | None]:
    """Marks as attempts.jsonl has them."""
    return told(read_marks(told(result.marks)))
