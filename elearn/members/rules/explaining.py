"""Why somebody may or may not do something at a unit: read off the access table itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from elearn.lib.tree import is_within
from elearn.members.rules.permissions import (
    PERMISSIONS,
    REFUSALS,
    Actor,
    Grant,
    Holds,
    InBranch,
    IsNamed,
    IsOwner,
    IsPublic,
    LentTo,
    Role,
    Subject,
    may,
)

PERMISSION_NAMES: Mapping[str, str] = {
    "admin.view": "Mở trang quản trị",
    "unit.view": "Xem đơn vị",
    "unit.manage": "Sắp xếp lại đơn vị",
    "member.view": "Xem hồ sơ thành viên",
    "member.list": "Xem danh sách thành viên",
    "member.manage": "Khoá tài khoản, cấp lại mật khẩu",
    "member.edit": "Sửa hồ sơ thành viên",
    "member.sensitive": "Xem dân tộc, tôn giáo, số định danh, số thẻ",
    "member.import": "Nhập danh sách thành viên",
    "member.slips": "In phiếu đăng nhập",
    "member.erase": "Xoá dữ liệu của một người",
    "access.view": "Xem ai được làm gì",
    "role.view": "Xem việc giao quyền",
    "role.grant": "Giao lại quyền mình đang giữ",
    "role.approve": "Duyệt quyền cao nhất",
    "audit.view": "Đọc nhật ký",
    "privacy.manage": "Xử lý yêu cầu về dữ liệu cá nhân",
    "course.read": "Đọc khoá học",
    "question.view": "Xem ngân hàng câu hỏi",
    "question.edit": "Viết và sửa câu hỏi",
    "question.review": "Thẩm định câu hỏi của người khác",
    "question.use": "Rút câu hỏi vào đề",
    "quiz.take": "Vào làm bài kiểm tra",
    "quiz.view": "Xem bài kiểm tra",
    "quiz.preview": "Xem thử và in đề",
    "quiz.manage": "Soạn, công bố và gia hạn bài kiểm tra",
    "quiz.analyse": "Xem số liệu câu hỏi và bài kiểm tra",
    "quiz.repair": "Sửa câu hỏi đã thi",
    "accommodation.manage": "Đặt điều kiện hỗ trợ cho từng người",
    "attempt.sit": "Làm bài",
    "attempt.view": "Xem bài làm",
    "script.list": "Mở danh sách bài chờ chấm",
    "script.view": "Xem bài chờ chấm",
    "script.mark": "Chấm bài",
    "script.oversee": "Theo dõi việc chấm bài",
    "cohort.view": "Xem lớp học",
    "cohort.manage": "Mở lớp, ghi danh",
    "cohort.mark": "Nhập điểm lớp",
    "cohort.nominate": "Cử người đi học",
    "cohort.confirm": "Xác nhận danh sách cử đi học",
    "programme.use": "Mở lớp theo chương trình",
    "programme.manage": "Lập và sửa chương trình bồi dưỡng",
    "campaign.view": "Xem tiến độ đợt học tập",
    "campaign.manage": "Lập và sửa đợt học tập",
    "campaign.remind": "Nhắc người còn thiếu, đặt hạn sớm hơn",
    "submission.write": "Viết và nộp bài",
    "submission.list": "Xem danh sách bài nộp",
    "submission.read": "Đọc bài đã nộp",
    "submission.review": "Nhận, trả lại, cho miễn bài nộp",
    "submission.arrange": "Giao người viết bài của đơn vị",
    "document.read": "Đọc tài liệu",
    "document.manage": "Đưa tài liệu, bản tin lên",
    "document.receipts": "Xem ai đã đọc bản tin",
    "report.view": "Xem báo cáo",
    "score.view": "Xem bảng chấm điểm đơn vị",
    "score.manage": "Đặt tiêu chí chấm điểm đơn vị",
    "contest.read": "Xem cuộc thi",
    "contest.oversee": "Xem số liệu cuộc thi",
    "contest.manage": "Lập và sửa cuộc thi",
    "round.close": "Chốt vòng thi",
    "round.prepare": "Chuẩn bị phần thi, thí sinh và giám khảo",
    "round.score": "Cho điểm phần thi",
    "round.chair": "Khoá và công bố điểm phần thi",
    "prize.manage": "Xác minh và trao giải",
    "integrity.view": "Xem dấu hiệu bất thường",
}

_OTHER_WAYS: Mapping[type, str] = {
    InBranch: "Người ở đơn vị này hoặc đơn vị bên dưới.",
    IsOwner: "Người mà việc ấy thuộc về.",
    LentTo: "Cán bộ ra đề ở đơn vị này hoặc đơn vị bên dưới, khi được cho dùng chung.",
    IsNamed: "Người được cử đích danh cho việc ấy.",
    IsPublic: "Mọi người đã đăng nhập, khi đã công bố.",
}


@dataclass(frozen=True)
class Answer:
    """For one permission: whether it holds, the grants that give it, the rule in words and who can change it."""

    permission: str
    name: str
    holds: bool
    grants: tuple[Grant, ...]
    other_ways: tuple[str, ...]
    rule: str
    who_can_change: str


def permission_name(permission: str) -> str:
    """The permission in words; its own name where it has none yet."""
    return PERMISSION_NAMES.get(permission, permission)


def roles_that_give(permission: str) -> frozenset[Role]:
    """The roles by which the permission is held."""
    return frozenset(role for one in PERMISSIONS[permission] if isinstance(one, Holds) for role in one.roles)


def other_ways(permission: str) -> tuple[str, ...]:
    """How the permission is held without any role, in words."""
    return tuple(_OTHER_WAYS[type(one)] for one in PERMISSIONS[permission] if type(one) in _OTHER_WAYS)


def explain(actor: Actor, unit_path: str) -> list[Answer]:
    """For every permission: what this person may do with things of the unit, and why or why not."""
    found = []
    for permission in PERMISSIONS:
        roles, (rule, who) = roles_that_give(permission), REFUSALS[permission]
        giving = tuple(one for one in actor.grants if one.role in roles and is_within(unit_path, one.unit_path))
        holds = may(actor, permission, Subject(unit_path))
        found.append(Answer(permission, permission_name(permission), holds, giving, other_ways(permission), rule, who))
    return found
