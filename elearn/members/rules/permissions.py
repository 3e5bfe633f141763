"""The access table: who may do what, as pure predicates. What is not listed is refused.

A permission is granted when any of its predicates holds for (actor, subject). A subject is described by the path of the
unit that owns it, by the member whom it concerns, and by whether it is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from elearn.lib.errors import Forbidden
from elearn.lib.tree import is_within, outermost


class Role(StrEnum):
    """Roles; each is held for a unit and all below it. Everybody signed in is a learner."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    PERSONNEL_OFFICER = "personnel_officer"
    TRAINING_OFFICER = "training_officer"
    CONTEST_OFFICER = "contest_officer"
    CONTENT_EDITOR = "content_editor"
    REVIEWER = "reviewer"
    EXAMINER = "examiner"
    UNIT_VIEWER = "unit_viewer"
    LEARNER = "learner"


ROLE_NAMES: Mapping[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: "Quản trị hệ thống",
    Role.PERSONNEL_OFFICER: "Cán bộ tổ chức, nhân sự",
    Role.TRAINING_OFFICER: "Cán bộ đào tạo",
    Role.CONTEST_OFFICER: "Cán bộ phụ trách cuộc thi",
    Role.CONTENT_EDITOR: "Biên tập nội dung",
    Role.REVIEWER: "Người thẩm định",
    Role.EXAMINER: "Giám khảo",
    Role.UNIT_VIEWER: "Người xem số liệu đơn vị",
    Role.LEARNER: "Người học",
}


@dataclass(frozen=True)
class Grant:
    """A role for the subtree below `unit_path`."""

    role: Role
    unit_path: str


@dataclass(frozen=True)
class Actor:
    """Somebody signed in, as the access table sees them."""

    member_id: int
    unit_path: str
    grants: tuple[Grant, ...] = ()

    def roles(self) -> set[Role]:
        return {grant.role for grant in self.grants}


@dataclass(frozen=True)
class Subject:
    """What is acted on: the unit that owns it, the member whom it belongs to, whether it is open to all."""

    unit_path: str = ""
    owner_id: int | None = None
    is_public: bool = False
    is_lent: bool = False
    """Units below the owner may use it."""
    named_ids: frozenset[int] = frozenset()
    """Members to whom it is entrusted by name, such as the judges of a round."""


class Holds:
    """The actor holds one of the roles for a unit at or above the subject's; `gives_way`: and nobody is named for the subject."""

    def __init__(self, *roles: Role, gives_way: bool = False) -> None:
        self.roles = frozenset(roles)
        self.gives_way = gives_way

    def __call__(self, actor: Actor, subject: Subject) -> bool:
        if self.gives_way and subject.named_ids:
            return False
        return any(grant.role in self.roles and is_within(subject.unit_path, grant.unit_path) for grant in actor.grants)

    def paths(self, actor: Actor) -> list[str]:
        """Tops of the subtrees in which this predicate holds."""
        return outermost(grant.unit_path for grant in actor.grants if grant.role in self.roles)


class InBranch:
    """The subject belongs to the actor's own unit or to one above it: what is lent down the tree."""

    def __call__(self, actor: Actor, subject: Subject) -> bool:
        return bool(subject.unit_path) and is_within(actor.unit_path, subject.unit_path)


class LentTo:
    """The subject is lent, and the actor holds one of the roles for a unit at or below its owner's: what is lent down the tree to officers."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    def __call__(self, actor: Actor, subject: Subject) -> bool:
        return subject.is_lent and any(is_within(path, subject.unit_path) for path in self.paths(actor))

    def paths(self, actor: Actor) -> list[str]:
        """Units for which the actor holds one of the roles: the subject's owner stands at or above one of them."""
        return sorted({grant.unit_path for grant in actor.grants if grant.role in self.roles})


class IsOwner:
    """The subject belongs to the actor."""

    def __call__(self, actor: Actor, subject: Subject) -> bool:
        return subject.owner_id is not None and subject.owner_id == actor.member_id


class IsNamed:
    """The subject is entrusted to the actor by name."""

    def __call__(self, actor: Actor, subject: Subject) -> bool:
        return actor.member_id in subject.named_ids


class IsPublic:
    """The subject is open to everybody signed in."""

    def __call__(self, actor: Actor, subject: Subject) -> bool:
        return subject.is_public


Predicate = Holds | InBranch | LentTo | IsNamed | IsOwner | IsPublic

_ADMIN = Role.SYSTEM_ADMINISTRATOR
_PERSONNEL = Role.PERSONNEL_OFFICER
_TRAINING = Role.TRAINING_OFFICER
_CONTEST = Role.CONTEST_OFFICER
_EDITOR = Role.CONTENT_EDITOR
_REVIEWER = Role.REVIEWER
_EXAMINER = Role.EXAMINER
_VIEWER = Role.UNIT_VIEWER

# Those who set papers, and so draw questions from banks.
_DRAWERS = (_ADMIN, _EDITOR, _TRAINING, _CONTEST, _EXAMINER)
OFFICERS = (_ADMIN, _PERSONNEL, _TRAINING, _CONTEST, _EDITOR, _REVIEWER, _EXAMINER, _VIEWER)

PERMISSIONS: Mapping[str, tuple[Predicate, ...]] = {
    # pages of officers
    "admin.view": (Holds(*OFFICERS),),
    "unit.view": (Holds(_ADMIN, _PERSONNEL, _TRAINING, _CONTEST, _VIEWER),),
    "unit.manage": (Holds(_ADMIN),),
    # people
    "member.view": (Holds(_ADMIN, _PERSONNEL, _TRAINING, _VIEWER), IsOwner()),
    "member.list": (Holds(_ADMIN, _PERSONNEL, _TRAINING, _VIEWER),),
    "member.manage": (Holds(_ADMIN),),
    "member.edit": (Holds(_ADMIN, _PERSONNEL),),
    "member.sensitive": (Holds(_PERSONNEL),),
    "member.import": (Holds(_ADMIN, _PERSONNEL),),
    "member.slips": (Holds(_ADMIN, _PERSONNEL),),
    "member.erase": (Holds(_ADMIN),),
    # access and what is written down about it
    "access.view": (Holds(*OFFICERS),),
    "role.view": (Holds(_ADMIN),),
    "role.grant": (Holds(*OFFICERS),),
    "role.approve": (Holds(_ADMIN),),
    "audit.view": (Holds(_ADMIN),),
    "privacy.manage": (Holds(_ADMIN),),
    # the library
    "document.read": (IsPublic(), InBranch(), Holds(_ADMIN, _EDITOR, _TRAINING)),
    "document.manage": (Holds(_ADMIN, _EDITOR, _TRAINING),),
    "document.receipts": (Holds(_ADMIN, _EDITOR, _TRAINING, _VIEWER),),
    # reports
    "report.view": (Holds(_ADMIN, _TRAINING, _CONTEST, _EXAMINER, _VIEWER),),
    "score.view": (Holds(_ADMIN, _TRAINING, _VIEWER),),
    "score.manage": (Holds(_ADMIN, _TRAINING),),
    # content
    "course.read": (IsPublic(), Holds(_ADMIN, _EDITOR, _REVIEWER, _TRAINING)),
    "question.view": (Holds(_ADMIN, _EDITOR, _REVIEWER, _EXAMINER),),
    "quiz.analyse": (Holds(_ADMIN, _TRAINING, _CONTEST, _EDITOR, _REVIEWER, _EXAMINER),),
    "question.edit": (Holds(_ADMIN, _EDITOR),),
    "question.review": (Holds(_ADMIN, _EDITOR, _REVIEWER),),
    "question.use": (Holds(*_DRAWERS), LentTo(*_DRAWERS)),
    # quizzes and attempts
    "quiz.take": (InBranch(), IsPublic()),
    "quiz.view": (Holds(_ADMIN, _TRAINING, _CONTEST, _EDITOR, _EXAMINER, _REVIEWER, _VIEWER),),
    "quiz.preview": (Holds(_ADMIN, _TRAINING, _CONTEST, _EDITOR, _EXAMINER, _REVIEWER),),
    "quiz.manage": (Holds(_ADMIN, _TRAINING, _CONTEST, _EDITOR),),
    "accommodation.manage": (Holds(_ADMIN, _TRAINING, _CONTEST),),
    "attempt.sit": (IsOwner(),),
    "attempt.view": (IsOwner(), Holds(_ADMIN, _EXAMINER)),
    "quiz.repair": (Holds(_ADMIN, _TRAINING, _CONTEST, _EXAMINER),),
    # marking by people
    "script.list": (Holds(_ADMIN, _EXAMINER, _TRAINING, _CONTEST),),
    "script.view": (Holds(_ADMIN, _TRAINING, _CONTEST), Holds(_EXAMINER, gives_way=True), IsNamed()),
    "script.mark": (Holds(_ADMIN, _EXAMINER, gives_way=True), IsNamed()),
    "script.oversee": (Holds(_ADMIN, _TRAINING, _CONTEST),),
    # written work: a person's is theirs alone; a unit's is written by its officers and whom they name, and reviewed from above
    "submission.write": (IsOwner(), IsNamed(), Holds(_TRAINING)),
    "submission.list": (Holds(_ADMIN, _TRAINING, _VIEWER),),
    "submission.read": (Holds(_ADMIN, _TRAINING),),
    "submission.review": (Holds(_ADMIN, _TRAINING),),
    "submission.arrange": (Holds(_ADMIN, _TRAINING),),
    # classes
    "cohort.view": (Holds(_ADMIN, _TRAINING, _EXAMINER, _VIEWER),),
    "cohort.manage": (Holds(_ADMIN, _TRAINING),),
    "cohort.mark": (Holds(_ADMIN, _TRAINING, _EXAMINER),),
    "cohort.nominate": (Holds(_ADMIN, _TRAINING, _PERSONNEL),),
    "cohort.confirm": (Holds(_ADMIN, _TRAINING, _PERSONNEL),),
    "programme.manage": (Holds(_ADMIN, _TRAINING),),
    "programme.use": (Holds(_ADMIN, _TRAINING), LentTo(_ADMIN, _TRAINING)),
    # study campaigns: announced, they are lent to the officers of all units below, each of whom sees their own part
    "campaign.view": (Holds(_ADMIN, _TRAINING, _VIEWER), LentTo(_ADMIN, _TRAINING, _VIEWER)),
    "campaign.manage": (Holds(_ADMIN, _TRAINING),),
    "campaign.remind": (Holds(_ADMIN, _TRAINING),),
    # contests
    "contest.read": (IsPublic(), Holds(_ADMIN, _CONTEST)),
    "contest.oversee": (Holds(_ADMIN, _CONTEST, _EXAMINER),),
    "contest.manage": (Holds(_ADMIN, _CONTEST),),
    "round.close": (Holds(_ADMIN, _CONTEST),),
    "round.prepare": (Holds(_ADMIN, _CONTEST),),
    "round.score": (IsNamed(),),
    "round.chair": (Holds(_ADMIN, _CONTEST), IsNamed()),
    "prize.manage": (Holds(_ADMIN, _CONTEST),),
    "integrity.view": (Holds(_ADMIN, _CONTEST),),
}

# For a refusal: the rule in words, and who can change it. Both are Vietnamese source messages.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "admin.view": ("Trang này dành cho cán bộ được giao quyền.", "Quản trị hệ thống của đơn vị bạn"),
    "unit.view": (
        "Chỉ cán bộ đào tạo, cán bộ cuộc thi và người xem số liệu mới xem được đơn vị, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "unit.manage": (
        "Chỉ quản trị hệ thống mới sắp xếp lại đơn vị được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.view": (
        "Danh sách thành viên chỉ mở cho cán bộ nhân sự, cán bộ đào tạo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.list": (
        "Danh sách thành viên chỉ mở cho cán bộ nhân sự, cán bộ đào tạo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.edit": (
        "Chỉ cán bộ nhân sự và quản trị hệ thống mới sửa được hồ sơ, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.sensitive": (
        "Dân tộc, tôn giáo, số định danh và số thẻ chỉ mở cho cán bộ tổ chức, nhân sự; mỗi lần xem đều được ghi lại.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.import": (
        "Chỉ cán bộ nhân sự và quản trị hệ thống mới nhập danh sách được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.slips": (
        "Chỉ cán bộ nhân sự và quản trị hệ thống mới in được phiếu đăng nhập, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.erase": ("Chỉ quản trị hệ thống mới xoá được dữ liệu của một người.", "Quản trị hệ thống của đơn vị bạn"),
    "access.view": ("Trang này dành cho cán bộ được giao quyền.", "Quản trị hệ thống của đơn vị bạn"),
    "role.grant": (
        "Chỉ giao lại được quyền mà chính mình đang giữ, trong phạm vi và thời hạn của mình.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "role.approve": (
        "Quyền cao nhất phải được một quản trị hệ thống thứ hai đồng ý.",
        "Một quản trị hệ thống khác cùng cấp hoặc cấp trên",
    ),
    "privacy.manage": (
        "Chỉ quản trị hệ thống mới trả lời yêu cầu về dữ liệu cá nhân và đặt thời hạn lưu giữ.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "member.manage": ("Chỉ quản trị hệ thống mới sửa được tài khoản.", "Quản trị hệ thống của đơn vị bạn"),
    "role.view": ("Chỉ quản trị hệ thống mới xem được việc giao quyền.", "Quản trị hệ thống của đơn vị bạn"),
    "audit.view": ("Chỉ quản trị hệ thống mới đọc được nhật ký.", "Quản trị hệ thống của đơn vị bạn"),
    "document.read": ("Tài liệu này dành cho người của đơn vị quản lý và các đơn vị trực thuộc.", "Đơn vị quản lý tài liệu"),
    "document.manage": (
        "Chỉ cán bộ đào tạo, người biên tập và quản trị hệ thống mới đưa tài liệu lên được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "document.receipts": (
        "Việc đọc bản tin chỉ mở cho cán bộ đào tạo, người biên tập và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "report.view": (
        "Báo cáo chỉ mở cho cán bộ đào tạo, cán bộ cuộc thi, giám khảo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "score.view": (
        "Bảng chấm điểm đơn vị chỉ mở cho cán bộ đào tạo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "score.manage": (
        "Chỉ cán bộ đào tạo và quản trị hệ thống mới đặt được tiêu chí chấm điểm, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "course.read": ("Khoá học này chưa mở cho người học.", "Biên tập nội dung của đơn vị tổ chức"),
    "question.view": (
        "Ngân hàng câu hỏi chỉ mở cho người biên tập, thẩm định và giám khảo, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "quiz.analyse": (
        "Số liệu bài kiểm tra chỉ mở cho cán bộ đào tạo, cuộc thi, biên tập, thẩm định và giám khảo, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "question.edit": (
        "Chỉ người biên tập nội dung mới sửa được ngân hàng câu hỏi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "question.review": (
        "Chỉ người thẩm định và người biên tập mới thẩm định được câu hỏi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "question.use": (
        "Chỉ cán bộ ra đề mới rút được câu từ ngân hàng, của đơn vị mình hoặc do cấp trên cho dùng chung.",
        "Đơn vị giữ ngân hàng, hoặc quản trị hệ thống của đơn vị bạn",
    ),
    "quiz.take": ("Bài này dành cho người của đơn vị tổ chức và các đơn vị trực thuộc.", "Người phụ trách bài"),
    "quiz.view": (
        "Bài kiểm tra chỉ mở cho cán bộ đào tạo, cán bộ cuộc thi, người biên tập, thẩm định, giám khảo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "quiz.preview": (
        "Xem thử và in đề chỉ dành cho người được xem câu hỏi: cán bộ đào tạo, cán bộ cuộc thi, người biên tập, thẩm định và giám khảo.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "quiz.manage": (
        "Chỉ cán bộ đào tạo, cán bộ cuộc thi và người biên tập mới tạo và sửa được bài kiểm tra, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "accommodation.manage": (
        "Điều kiện hỗ trợ của từng người chỉ mở cho cán bộ đào tạo và cán bộ cuộc thi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "attempt.sit": ("Chỉ người mở bài mới làm được bài này.", "Không ai: bài làm thuộc về người làm"),
    "attempt.view": ("Bài làm chỉ mở cho người làm bài và giám khảo.", "Quản trị hệ thống của đơn vị bạn"),
    "quiz.repair": (
        "Chỉ cán bộ đào tạo, cán bộ cuộc thi và giám khảo mới sửa được câu hỏi đã thi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "script.view": (
        "Bài chờ chấm chỉ mở cho giám khảo, cán bộ đào tạo và cán bộ cuộc thi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "script.list": (
        "Danh sách bài chấm chỉ mở cho giám khảo, cán bộ đào tạo và cán bộ cuộc thi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "script.mark": (
        "Chỉ giám khảo mới chấm bài được, trong phạm vi được giao; bài của vòng thi đã cử giám khảo thì chỉ những người ấy chấm.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "script.oversee": (
        "Chỉ cán bộ đào tạo và cán bộ cuộc thi mới xem được tiến độ và độ lệch khi chấm, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "submission.write": (
        "Bài của cá nhân chỉ người ấy viết được; bài của đơn vị do cán bộ đào tạo hoặc người được đơn vị giao viết.",
        "Cán bộ đào tạo của đơn vị",
    ),
    "submission.list": (
        "Danh sách bài nộp chỉ mở cho cán bộ đào tạo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "submission.read": (
        "Nội dung bài nộp chỉ mở cho cán bộ đào tạo, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "submission.review": (
        "Bài của cá nhân do cán bộ đào tạo phụ trách đơn vị xét; bài của đơn vị do cấp trên của đơn vị ấy xét.",
        "Cán bộ đào tạo cấp trên",
    ),
    "submission.arrange": (
        "Chỉ cán bộ đào tạo mới giao được người viết bài của đơn vị và đặt hạn sớm hơn, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "cohort.view": (
        "Lớp học chỉ mở cho cán bộ đào tạo, giám khảo và người xem số liệu, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "cohort.manage": (
        "Chỉ cán bộ đào tạo mới mở lớp và ghi danh được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "cohort.mark": (
        "Chỉ cán bộ đào tạo và giám khảo mới nhập điểm lớp được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "cohort.nominate": (
        "Chỉ cán bộ đào tạo và cán bộ tổ chức của đơn vị được giao chỉ tiêu mới cử người đi học được.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "cohort.confirm": (
        "Chỉ cán bộ đào tạo và cán bộ tổ chức của cấp trên trực tiếp mới xác nhận danh sách cử đi học được.",
        "Cấp trên trực tiếp của đơn vị cử đi học",
    ),
    "programme.manage": (
        "Chỉ cán bộ đào tạo mới lập và sửa được chương trình, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "programme.use": (
        "Chương trình dành cho cán bộ đào tạo của đơn vị lập ra nó và các đơn vị trực thuộc.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "campaign.view": (
        "Đợt học tập chỉ mở cho cán bộ đào tạo và người xem số liệu của đơn vị tổ chức và các đơn vị trực thuộc.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "campaign.manage": (
        "Chỉ cán bộ đào tạo của đơn vị tổ chức mới lập và sửa được đợt học tập.",
        "Cán bộ đào tạo của đơn vị tổ chức",
    ),
    "campaign.remind": (
        "Chỉ cán bộ đào tạo mới nhắc người còn thiếu và đặt hạn sớm hơn được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "contest.read": ("Cuộc thi này chưa công bố.", "Cán bộ phụ trách cuộc thi của đơn vị tổ chức"),
    "contest.oversee": (
        "Số liệu cuộc thi chỉ mở cho cán bộ phụ trách cuộc thi và giám khảo, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "contest.manage": (
        "Chỉ cán bộ phụ trách cuộc thi và quản trị hệ thống mới lập và sửa được cuộc thi, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "round.close": (
        "Chỉ cán bộ phụ trách cuộc thi mới chốt vòng được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "round.prepare": (
        "Chỉ cán bộ phụ trách cuộc thi mới cử giám khảo và chuẩn bị vòng thi được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "round.score": ("Chỉ giám khảo của vòng thi mới cho điểm được.", "Cán bộ phụ trách cuộc thi"),
    "round.chair": (
        "Chỉ trưởng ban giám khảo và cán bộ phụ trách cuộc thi mới khoá, mở lại và công bố điểm của phần thi được.",
        "Cán bộ phụ trách cuộc thi",
    ),
    "prize.manage": (
        "Chỉ cán bộ phụ trách cuộc thi mới xác minh người đạt giải và trao giải được, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
    "integrity.view": (
        "Chỉ cán bộ phụ trách cuộc thi mới xem dấu hiệu bất thường, trong phạm vi được giao.",
        "Quản trị hệ thống của đơn vị bạn",
    ),
}


def may(actor: Actor, permission: str, subject: Subject) -> bool:
    """True where some predicate of the permission holds. An unknown permission is a fault of the program: KeyError."""
    return any(predicate(actor, subject) for predicate in PERMISSIONS[permission])


def may_anywhere(actor: Actor, permission: str) -> bool:
    """True where the actor could hold the permission for some subject: used for menus and before a subject is loaded."""
    return any(not isinstance(predicate, Holds | LentTo) or bool(predicate.paths(actor)) for predicate in PERMISSIONS[permission])


def demand(actor: Actor, permission: str, subject: Subject) -> None:
    """Raise Forbidden, with the rule in words, unless `may`."""
    if not may(actor, permission, subject):
        raise forbidden(permission)


def forbidden(permission: str) -> Forbidden:
    """The refusal for a permission."""
    rule, who = REFUSALS[permission]
    return Forbidden(rule, who)


def lent_paths(actor: Actor, permission: str) -> list[str]:
    """Paths of all units whose lent things the permission lets the actor use: those at or above a unit for which a role is held."""
    held = {path for predicate in PERMISSIONS[permission] if isinstance(predicate, LentTo) for path in predicate.paths(actor)}
    return sorted({path[: end + 1] for path in held for end, sign in enumerate(path) if sign == "/" and end})


def role_paths(actor: Actor, permission: str, is_named: bool = False) -> list[str]:
    """Tops of the subtrees for which the actor's roles give the permission; a list query turns them into prefixes.

    `is_named`: for subjects that are entrusted to somebody by name, where some roles give way.
    """
    found: Iterable[str] = (
        path
        for predicate in PERMISSIONS[permission]
        if isinstance(predicate, Holds) and not (is_named and predicate.gives_way)
        for path in predicate.paths(actor)
    )
    return outermost(found)
