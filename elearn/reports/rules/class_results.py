"""The report on classes: how many of which sort, how many learners, grades, and how much of the year's plan that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from elearn.reports.rules.sentences import counted, listed, sentence, share, span_words
from elearn.reports.rules.written import Column, Sheet, Value, Written, percent


@dataclass(frozen=True)
class ClassLine:
    """Classes of one programme in a period: learners (người), grades as far as results were recognised; `planned`: learners of the year's plan."""

    programme: str
    cohorts: int
    learners: int
    passed: int
    by_grade: Mapping[str, int]
    planned: int | None = None

    @property
    def graded(self) -> int:
        """Learners with a recognised result."""
        return sum(self.by_grade.values())


_USUAL = ("Xuất sắc", "Giỏi", "Khá", "Trung bình", "Không đạt")


def grades_of(lines: Sequence[ClassLine]) -> list[str]:
    """Names of grades, each once: the usual ones from the best down, others before "Không đạt" in the order of the lines."""
    found = dict.fromkeys(grade for line in lines for grade in line.by_grade)
    return sorted(found, key=lambda grade: _USUAL.index(grade) if grade in _USUAL else len(_USUAL) - 1.5)


def whole_of(lines: Sequence[ClassLine]) -> ClassLine:
    """All together; the plan only where every line has one, for a sum with gaps would promise too much."""
    plans = [line.planned for line in lines]
    grades = {grade: sum(line.by_grade.get(grade, 0) for line in lines) for grade in grades_of(lines)}
    planned = sum(one for one in plans if one is not None) if plans and None not in plans else None
    return ClassLine(
        "Cộng",
        sum(one.cohorts for one in lines),
        sum(one.learners for one in lines),
        sum(one.passed for one in lines),
        grades,
        planned,
    )


def _plan_words(line: ClassLine) -> str:
    return f", đạt {share(line.learners, line.planned)} kế hoạch năm" if line.planned else ""


def line_sentence(line: ClassLine) -> str:
    """ "Bồi dưỡng …: 06 lớp, 872 học viên; Giỏi 56 (41,48%), Khá 48 (35,56%) và Trung bình 31 (22,96%)"."""
    said = f"{line.programme}: {counted(line.cohorts)} lớp, {counted(line.learners)} học viên{_plan_words(line)}"
    if line.graded:
        counts = [(grade, line.by_grade[grade]) for grade in grades_of([line])]
        grades = [f"{grade} {counted(count)} ({share(count, line.graded)})" for grade, count in counts if count]
        said += f"; xếp loại {listed(grades)}"
    return sentence(said)


def write(lines: Sequence[ClassLine], first: date, last: date, unit: str, today: date) -> Written:
    """The report of a period."""
    whole = whole_of(lines)
    opening = f"{span_words(first, min(last, today))}, {unit} mở {counted(whole.cohorts)} lớp cho {counted(whole.learners)} học viên{_plan_words(whole)}"
    told = [sentence(opening)]
    if whole.graded:
        told.append(
            sentence(
                f"Đã công nhận kết quả {counted(whole.graded)} học viên, đạt yêu cầu {counted(whole.passed)} ({share(whole.passed, whole.graded)})"
            )
        )
    told += [line_sentence(line) for line in lines]
    return Written(
        "Kết quả các lớp bồi dưỡng", min(last, today), unit, tuple(told), (_counts(lines, whole), *_grades(lines, whole)),
    )  # fmt: skip


def _counts(lines: Sequence[ClassLine], whole: ClassLine) -> Sheet:
    columns = (
        Column("STT", "count", 1), Column("Loại lớp", share=6), Column("Số lớp", "count"), Column("Học viên", "count"), Column("Kế hoạch năm", "count"),
        Column("% kế hoạch", "percent"), Column("Có kết quả", "count"), Column("Đạt yêu cầu", "count"), Column("Tỷ lệ đạt (%)", "percent"),
    )  # fmt: skip

    def row(line: ClassLine) -> tuple[Value, ...]:
        plan = percent(line.learners, line.planned) if line.planned else None
        return (
            line.programme, line.cohorts, line.learners, line.planned, plan, line.graded, line.passed, percent(line.passed, line.graded),
        )  # fmt: skip

    return Sheet("Lớp và học viên", columns, tuple((n, *row(line)) for n, line in enumerate(lines, start=1)), (None, *row(whole)))


def _grades(lines: Sequence[ClassLine], whole: ClassLine) -> list[Sheet]:
    grades = grades_of(lines)
    if not grades:
        return []
    head = (Column("STT", "count", 1), Column("Loại lớp", share=6))
    numbered = list(enumerate(lines, start=1))
    counts: tuple[tuple[Value, ...], ...] = tuple(
        (n, line.programme, *(line.by_grade.get(grade, 0) for grade in grades)) for n, line in numbered
    )
    shares: tuple[tuple[Value, ...], ...] = tuple(
        (n, line.programme, *(percent(line.by_grade.get(grade, 0), line.graded) for grade in grades)) for n, line in numbered
    )
    return [
        Sheet(
            "Xếp loại học viên", (*head, *(Column(grade, "count") for grade in grades)), counts,
            (None, "Cộng", *(whole.by_grade[grade] for grade in grades)),
        ),
        Sheet(
            "Xếp loại học viên, tỷ lệ (%)", (*head, *(Column(grade, "percent") for grade in grades)), shares,
            (None, "Cộng", *(percent(whole.by_grade[grade], whole.graded) for grade in grades)),
        ),
    ]  # fmt: skip
