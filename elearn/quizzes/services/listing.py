"""Lists of quizzes as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from elearn.core.exports.excel import Column, workbook
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries.overseeing import AttemptLine

COLUMNS = (
    Column("Họ và tên", 28), Column("Mã", 14), Column("Đơn vị", 34), Column("Lượt", 6), Column("Bắt đầu", 20), Column("Nộp", 20),
    Column("Thời gian (giây)", 12), Column("Điểm", 10), Column("Điểm tối đa", 10), Column("Câu đúng trọn", 10), Column("Kết quả", 16),
    Column("Thêm giờ (giây)", 12), Column("Câu gửi muộn chờ quyết định", 14),
)  # fmt: skip


def outcome_of(line: AttemptLine, now: datetime) -> str:
    """The state of an attempt in a word, a source message."""
    if line.state == "open":
        return "Đang làm" if line.deadline_at >= now else "Hết giờ, chưa chốt"
    if line.is_discarded:
        return "Không tính"
    if line.is_pending:
        return "Chờ chấm"
    return "Đã nộp" if line.is_passed is None else "Đạt" if line.is_passed else "Chưa đạt"


def attempts_workbook(quiz: Quiz, lines: Sequence[AttemptLine], now: datetime) -> bytes:
    """The attempts as Excel, in the order of given names."""
    notes = [quiz.unit.name, f"{len({line.member_id for line in lines})} người, {len(lines)} lượt"]
    return workbook(quiz.title, notes, COLUMNS, _rows(lines, now))


def _rows(lines: Iterable[AttemptLine], now: datetime) -> Iterable[Sequence[object]]:
    for line in lines:
        yield (
            line.name, line.code, line.unit_name, line.number, line.started_at, line.submitted_at,
            line.working_ms // 1000 if line.working_ms is not None else None, line.mark, line.max_mark, line.correct_count,
            outcome_of(line, now), line.extra_seconds or None, line.late or None,
        )  # fmt: skip
