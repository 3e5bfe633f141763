"""Verifying winners and handing prizes over: what is checked, why somebody gets no prize, how a prize goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from elearn.contests.rules.settings import PrizeKind
from elearn.lib.errors import DomainError, InvalidInput, NotFound

CHECKS: Mapping[str, str] = {
    "identity": "Đúng người, đúng giấy tờ",
    "phone": "Gọi điện được",
    "data": "Thông tin đăng ký đúng",
}
"""What is checked of a winner, in words."""
CHECKS_FAILED: Mapping[str, str] = {
    "identity": "Không đúng người",
    "phone": "Không gọi được",
    "data": "Thông tin đăng ký sai",
}
REFUSED: Mapping[str, str] = {
    "false_data": "Thông tin đăng ký sai",
    "unreachable": "Không liên lạc được",
    "not_entitled": "Không thuộc đối tượng dự thi",
    "declined": "Từ chối nhận giải",
    "other": "Lý do khác",
}
"""Why the next in rank moves up."""
HOW: Mapping[str, str] = {"cash": "Trao tận tay", "transfer": "Chuyển khoản", "sent": "Gửi bưu điện"}
PAPERS: Mapping[str, str] = {
    "minutes": "Biên bản chốt kết quả",
    "decision": "Quyết định trao giải, kèm danh sách",
    "receipts": "Danh sách ký nhận giải",
}
"""Documents that go with prizes; `rules/papers.py` writes them."""
KINDS = ("entry", "unit", "hand")


@dataclass(frozen=True)
class Recipient:
    """Who gets a prize: an entry or a unit of the standings, or one named by hand; `id` is that of the entry, unit or hand award."""

    kind: str
    id: int

    @property
    def key(self) -> str:
        """As it stands in addresses and forms: entry-12."""
        return f"{self.kind}-{self.id}"


def read_key(key: str) -> Recipient:
    """The recipient behind a key; NotFound for what is none."""
    kind, _, number = key.partition("-")
    if kind not in KINDS or not number.isascii() or not number.isdecimal() or len(number) > 15:
        raise NotFound()
    return Recipient(kind, int(number))


def verification(checks: Mapping[str, bool]) -> str:
    """Where the verification of a winner stands, from what was found: "todo", "partly", "verified" or "problem"."""
    if not all(checks.values()):
        return "problem"
    if set(checks) == set(CHECKS):
        return "verified"
    return "partly" if checks else "todo"


def check_hand_award(prize: PrizeKind | None, given: int, reason: str) -> None:
    """Raise where a prize cannot be given by hand; `given` were given already."""
    if prize is None or prize.given != "hand":
        raise InvalidInput("no_prize", "Giải này không có trong các giải do ban tổ chức chọn.", field="prize")
    if given >= prize.count:
        raise InvalidInput("prizes_given", "Đã trao đủ %(count)s giải loại này.", field="prize", count=prize.count)
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do trao giải.", field="reason")


def check_handover(day: date, today: date, closed_on: date, is_published: bool) -> None:
    """Raise where a prize cannot have been handed over on a day."""
    if not is_published:
        raise DomainError("not_published", "Kết quả chưa công bố nên chưa trao giải được.")
    if day > today:
        raise InvalidInput("day_to_come", "Ngày trao chưa đến.", field="handed_on")
    if day < closed_on:
        raise InvalidInput("day_before_close", "Ngày trao trước ngày vòng thi đóng.", field="handed_on")


def hidden_phone(phone: str) -> str:
    """A telephone number as lists show it: its last three digits."""
    return f"••••••• {phone[-3:]}" if len(phone) > 3 else "•••" if phone else ""
