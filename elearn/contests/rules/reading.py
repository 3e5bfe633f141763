"""Reads an archive for those who check it: its files line by line with their digests, what is reported, and the ranking row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from elearn.contests.rules.archives import RANKING, ranking_line
from elearn.contests.rules.candidates import Candidate, Criterion
from elearn.contests.rules.standings import rank
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError
from elearn.lib.registry import Registry

CRITERIA: Registry[Criterion] = Registry("elearn.contests.rankings", "CRITERION")
MOST_FAULTS = 100
"""Told one by one; further ones are counted."""


class Source(Protocol):
    """An archive that has been opened; raises DomainError for a file that is missing or cannot be read."""

    def read(self, name: str) -> bytes:
        """A whole file."""

    def lines(self, name: str) -> Iterator[bytes]:
        """A file line by line, each with its line feed."""


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: file, line (0: the file as a whole), and what, a Vietnamese source message with values."""

    file: str
    line: int
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Report:
    """What was checked, what cannot be checked from one archive, and what differs. `checked` and `notes` are (message, values)."""

    round: str = ""
    public_key: str = ""
    checked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    @property
    def is_right(self) -> bool:
        """Whether nothing differs."""
        return self.fault_count == 0

    def fault(self, file: str, line: int, message: str, **values: object) -> None:
        """Write a fault down."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(file, line, message, values))


class Unusable(Exception):
    """Without this nothing further can be derived."""


def reported(report: Report, check: Callable[[], None]) -> Report:
    """The report after the check; whatever stops it is a fault too, for archives come from anywhere."""
    try:
        check()
    except Unusable:
        pass
    except DomainError as refusal:
        report.fault("", 0, refusal.message, **refusal.values)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        report.fault("", 0, "Hồ sơ có chỗ không đúng định dạng nên không kiểm tiếp được: %(error)s.", error=repr(error)[:200])
    return report


class Reading:
    """An archive that is being checked; `files` are the digests that its manifest gives."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source, self.report = source, report
        self.files: dict[str, Any] = {}

    def json(self, name: str) -> Any:
        """A whole file as a value; it must be in the canonical form."""
        raw = self.source.read(name)
        try:
            value = json.loads(raw)
        except ValueError:
            self.report.fault(name, 0, "Tệp không phải JSON.")
            raise Unusable from None
        if raw != canonical(value).encode() + b"\n":
            self.report.fault(name, 0, "Tệp không ở dạng chuẩn (khoá theo thứ tự, không có khoảng trống).")
        if name != "manifest.json":
            self.same_file(name, hashlib.sha256(raw).hexdigest(), len(raw))
        return value

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """(number from 1, text) of the lines of a file; compares the file with its digest at the end."""
        told, size, number = hashlib.sha256(), 0, 0
        for raw in self.source.lines(name):
            told.update(raw)
            size, number = size + len(raw), number + 1
            if not raw.endswith(b"\n"):
                self.report.fault(name, number, "Dòng cuối bị cắt.")
            try:
                yield number, raw.decode().removesuffix("\n")
            except UnicodeDecodeError:
                self.report.fault(name, number, "Dòng này không phải chữ UTF-8.")
        self.same_file(name, told.hexdigest(), size)

    def same_file(self, name: str, digest: str, size: int) -> None:
        if self.files.get(name) != {"bytes": size, "sha256": digest}:
            self.report.fault(name, 0, "Tệp không khớp với mã băm ghi trong manifest.json.")

    def value(self, name: str, number: int, text: str) -> dict[str, Any] | None:
        """The object on a line; None, and a fault, where there is none in canonical form."""
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict) or canonical(found) != text:
            self.report.fault(name, number, "Dòng này không phải một đối tượng JSON ở dạng chuẩn.")
            return None
        return found

    def compare(
        self,
        rows: Sequence[Candidate],
        chain: Sequence[Criterion],
        names: Mapping[int, str],
        numbers: Mapping[int | None, int | None],
    ) -> None:
        """The ranking, row by row."""
        report, name = self.report, "ranking.csv"
        lines = self.lines(name)
        _, header = next(lines, (0, ""))
        if header != ",".join(RANKING):
            report.fault(name, 1, "Dòng đầu không phải tên các cột.")
        head = {"place": 0, "decided_by": ""}
        number = 1
        for row in rank(rows, chain):
            number += 1
            if row.place != head["place"]:
                head = {"place": row.place, "decided_by": row.decided_by}
            one = row.candidate
            wanted = ranking_line(
                {
                    **head, "pseudonym": names[one.entry_id], "attempt": numbers[one.attempt_id], "score": one.score,
                    "correct": one.correct_count, "all_correct": one.is_all_correct, "prediction": one.prediction,
                    "distance": one.prediction_distance, "working_ms": one.working_ms, "submitted_ms": one.submitted_ms,
                    "attempts_used": one.attempts_used, "lot": one.lot,
                }
            )  # fmt: skip
            _, told = next(lines, (0, None))
            if told != wanted:
                report.fault(
                    name, number, "Tính lại được “%(wanted)s”, hồ sơ ghi “%(told)s”.", wanted=wanted, told=(told or "")[:200]
                )
        for number, _ in lines:
            report.fault(name, number, "Dòng thừa: theo thể lệ không có hạng này.")
