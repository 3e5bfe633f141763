"""What stands in the way of a result: the list that is looked at before a round is settled, published and made final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from elearn.contests.rules.words import Words


@dataclass(frozen=True)
class Finding:
    """One line: `level` is stop (nothing goes on before it is settled), look (a person should look) or fine; `page` names where, if anywhere."""

    key: str
    level: str
    words: Words
    page: str = ""


@dataclass(frozen=True)
class Facts:
    """What the list is made of, as counts. Times are None where nothing is published."""

    open_attempts: int = 0
    unmarked: int = 0
    open_reports: int = 0
    waiting_corrections: int = 0
    proposed_disqualifications: int = 0
    confirmed_disqualifications: int = 0
    open_objections: int = 0
    without_birth_date: int = 0
    entries_without_attempt: int = 0
    unverified_winners: int = 0
    teams_left_out: int | None = None
    """Entries without a person in rounds that are added up; None for a round that adds nothing up."""


def check(facts: Facts) -> list[Finding]:
    """The lines in the order in which an officer should settle them; what is in order is said too."""
    teams = [] if facts.teams_left_out is None else [
        _line("teams_left_out", "look", facts.teams_left_out, "%(n)s đội không gắn với một người nên không có trong bảng tổng.", "Không đội nào bị bỏ ngoài bảng tổng.", ""),
    ]  # fmt: skip
    return [
        *teams,
        _line("open_attempts", "stop", facts.open_attempts, "Còn %(n)s bài đang làm (được thêm giờ).", "Mọi bài đã nộp.", "attempts"),
        _line("unmarked", "stop", facts.unmarked, "Còn %(n)s bài chờ giám khảo chấm.", "Không bài nào chờ chấm.", "marking"),
        _line("open_reports", "look", facts.open_reports, "%(n)s câu hỏi bị người dự báo có vấn đề, chưa trả lời.", "Không câu hỏi nào chờ trả lời.", "reports"),
        _line("waiting_corrections", "look", facts.waiting_corrections, "%(n)s đề nghị sửa đáp án chờ người thứ hai.", "Không đề nghị sửa đáp án nào đang chờ.", "reports"),
        _line("proposed_disqualifications", "look", facts.proposed_disqualifications, "%(n)s đề nghị huỷ kết quả chờ người thứ hai.", "Không đề nghị huỷ kết quả nào đang chờ.", "entries"),
        _line("open_objections", "look", facts.open_objections, "%(n)s khiếu nại chưa trả lời.", "Không khiếu nại nào chờ trả lời.", "objections"),
        _line("without_birth_date", "look", facts.without_birth_date, "%(n)s người dự chưa có ngày sinh trong hồ sơ, cần hỏi trước khi trao giải.", "Người dự nào cũng có ngày sinh.", "entries"),
        _line("unverified_winners", "look", facts.unverified_winners, "%(n)s người đạt giải chưa xác minh xong.", "Người đạt giải nào cũng đã xác minh.", "prizes"),
    ]  # fmt: skip


def _line(key: str, level: str, count: int, problem: str, fine: str, page: str) -> Finding:
    return Finding(key, level, Words(problem, {"n": count}), page) if count else Finding(key, "fine", Words(fine))


def objections_until(published_at: datetime, days: int) -> datetime:
    """Up to when (excluded) objections are taken."""
    return published_at + timedelta(days=days)


def reason_against_final(facts: Facts, published_at: datetime, objection_days: int, now: datetime) -> Words | None:
    """Why a provisional result cannot be made final yet; None where it can."""
    until = objections_until(published_at, objection_days)
    if now < until:
        return Words("Còn nhận khiếu nại trong %(hours)s giờ nữa.", {"hours": -(-int((until - now).total_seconds()) // 3600)})
    if facts.open_objections:
        return Words("Còn %(n)s khiếu nại chưa trả lời.", {"n": facts.open_objections})
    if facts.proposed_disqualifications:
        return Words("Còn %(n)s đề nghị huỷ kết quả chờ quyết định.", {"n": facts.proposed_disqualifications})
    return None
