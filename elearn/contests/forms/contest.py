"""The form of a contest, without prizes and the order of criteria, which are rows of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FileField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Option
from wtforms.validators import Length, Optional

from elearn.contests.forms.parts import Day, Several
from elearn.contests.models import Contest
from elearn.contests.rules.rules_text import ASKED_NAMES, EXCLUDED_NAMES
from elearn.contests.rules.settings import MOST_ATTEMPTS, UNIT_MEASURES, ContestSettings, PrizeKind, UnitFormula, UnitTarget
from elearn.contests.rules.unit_scores import MEASURES
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.members.rules.people import KINDS
from elearn.quizzes.forms.settings import Whole

COUNTED_CHOICES = (
    Option("best_correct", _l("Lượt đúng nhiều câu nhất, bằng nhau thì lượt nộp sớm hơn")),
    Option("best_score", _l("Lượt điểm cao nhất, bằng nhau thì lượt nộp sớm hơn")),
    Option("last", _l("Lượt nộp sau cùng")),
    Option("first", _l("Lượt nộp đầu tiên")),
)
WEIGHT = "weight_"


def _named(names: Mapping[str, str]) -> list[Option]:
    return [Option(key, _l(name[:1].upper() + name[1:])) for key, name in names.items()]


class ContestForm(Form):
    title = Line(_l("Tên cuộc thi"), description=_l("Ví dụ: Tìm hiểu lịch sử Đảng bộ tỉnh."))
    lead = Lines(_l("Chủ đề"), longest=2000, validators=[Optional()], description=_l("Một hai câu, hiện dưới tên cuộc thi."))
    unit = SelectField(_l("Đơn vị tổ chức"), coerce=int)
    organiser_name = Line(
        _l("Tên đơn vị tổ chức như in trên trang"), longest=400, description=_l("Nhiều đơn vị cùng tổ chức thì ghi trên một dòng.")
    )
    decision_number = Line(
        _l("Số văn bản"), required=False, longest=60, description=_l("Kế hoạch hay quyết định mở cuộc thi, ví dụ 128-KH/BTGDVTW.")
    )
    decision_on = Day(_l("Ngày văn bản"), _l("Ví dụ: 17/09/2025."))
    title_en = Line(_l("Tên bằng tiếng Anh"), required=False)
    poster = FileField(_l("Áp phích"), description=_l("Hình PNG, JPEG hoặc WebP, nhỏ hơn 10 MB."))
    drops_poster = BooleanField(_l("Bỏ áp phích đang có"))

    audience = RadioField(
        _l("Ai được dự"),
        choices=[
            Option("members", _l("Người có tài khoản")),
            Option("everybody", _l("Mọi người; ai chưa có tài khoản thì khai họ tên và các thông tin chọn dưới đây")),
        ],
        default="members",
    )
    asked = Several(_l("Hỏi người chưa có tài khoản"), choices=_named(ASKED_NAMES), default=("phone", "birth_date", "unit"))
    minimum_age = Whole(_l("Từ đủ mấy tuổi"), 1, 120, is_required=False)
    maximum_age = Whole(_l("Đến hết mấy tuổi"), 1, 120, is_required=False)
    age_on = Day(_l("Tính tuổi vào ngày"), _l("Để trống: ngày mở vòng đầu tiên."))
    born_from = Day(_l("Sinh từ ngày"), _l("Dùng khi thể lệ ghi ngày sinh thay cho tuổi."))
    born_to = Day(_l("Sinh đến hết ngày"), _l("“Sinh từ tháng 3/2010 trở về trước” thì ghi 31/03/2010."))
    member_kinds = Several(
        _l("Chỉ dành cho"),
        choices=[Option(key, _l(name)) for key, name in KINDS.items()],
        description=_l("Không chọn ô nào: mọi đối tượng."),
    )
    units = Several(
        _l("Chỉ dành cho người của"), coerce=int, description=_l("Gồm cả đơn vị trực thuộc. Không chọn ô nào: mọi đơn vị.")
    )
    excluded_roles = Several(
        _l("Người giữ vai trò này không dự thi"),
        choices=_named(EXCLUDED_NAMES),
        default=("contest_officer", "content_editor", "reviewer"),
    )
    excludes_writers = BooleanField(_l("Người đã viết hay thẩm định câu hỏi có thể ra trong đề cũng không dự thi"), default=True)

    attempts_per_day = Whole(_l("Lượt mỗi ngày"), 1, MOST_ATTEMPTS, is_required=False)
    attempts_per_contest = Whole(_l("Lượt cả cuộc thi"), 1, MOST_ATTEMPTS, is_required=False)
    counted = SelectField(
        _l("Lượt được tính"),
        choices=list(COUNTED_CHOICES),
        default="best_correct",
        description=_l("Số dự đoán của chính lượt ấy được tính."),
    )
    per_person = RadioField(
        _l("Một người nhận mấy giải"),
        choices=[
            Option("contest", _l("Một giải trong cả cuộc thi; người kế tiếp nhận thay")),
            Option("round", _l("Một giải trong mỗi vòng")),
            Option("none", _l("Không hạn chế")),
        ],
        default="contest",
    )
    reserves = Whole(
        _l("Người dự bị"), 0, 1000, is_required=False, default=0, description=_l("Đứng kế sau người có giải, nhận thay khi cần.")
    )
    has_live_standings = BooleanField(_l("Cho xem thứ hạng tạm thời trong lúc vòng mở"))
    freeze_minutes = Whole(_l("Đứng yên trước giờ đóng"), 0, 100_000, is_required=False, default=0)
    objection_days = Whole(
        _l("Nhận khiếu nại trong"),
        0,
        365,
        is_required=False,
        default=0,
        description=_l("Từ khi công bố. 0: không có thời hạn khiếu nại riêng."),
    )
    shrink_to = Whole(
        _l("Đơn vị ít người"), 0, 100_000, is_required=False, default=0,
        description=_l("Đơn vị có ít hơn số người này được tính gần mức chung hơn, để một hai người giỏi không đưa cả đơn vị lên đầu."),
    )  # fmt: skip
    unit_pass_percent = Whole(
        _l("Mức đạt"), 0, 100, is_required=False, default=50, description=_l("Phần trăm số điểm, cho tỷ lệ đạt của đơn vị.")
    )
    headcount_on = Day(_l("Quân số vào ngày"), _l("Để trống: ngày đóng vòng."))
    target = Whole(_l("Chỉ tiêu mỗi đơn vị, mỗi vòng"), 1, 1_000_000, is_required=False)
    own_targets = Lines(
        _l("Chỉ tiêu riêng của từng đơn vị"), validators=[Optional()], longest=200_000,
        description=_l("Mỗi dòng: tên hoặc mã đơn vị | số. Chép thẳng hai cột từ Excel cũng được. Đơn vị có tên ở đây không theo chỉ tiêu chung."),
    )  # fmt: skip
    target_counts = SelectField(
        _l("Tính theo"), choices=[Option("attempts", _l("lượt dự")), Option("people", _l("người dự"))], default="attempts"
    )
    rules_extra = Lines(
        _l("Quy định thêm"), validators=[Optional()], description=_l("Hiện cuối thể lệ. Viết chữ thường hoặc Markdown.")
    )
    consent_text = Lines(
        _l("Nội dung xin đồng ý"),
        validators=[Optional()],
        description=_l("Người chưa có tài khoản đọc và đồng ý trước khi khai thông tin. Để trống: nội dung chung."),
    )
    password = Line(
        _l("Mật khẩu cuộc thi"), [Optional(), Length(min=4, max=100, message=_l("Mật khẩu cần từ 4 đến 100 ký tự."))], required=False,
        description=_l("Ai dự thi cũng phải gõ. Để trống: không đổi."),
    )  # fmt: skip
    drops_password = BooleanField(_l("Bỏ mật khẩu đang có"))
    reason = Line(_l("Lý do sửa"), required=False, longest=400, description=_l("Người duyệt và mọi người dự thi đều đọc được."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is sound, and those that hang together agree."""
        is_sound: bool = super().validate(extra_validators)
        if self.minimum_age.data and self.maximum_age.data and self.minimum_age.data > self.maximum_age.data:
            is_sound = _fault(self.maximum_age, _l("Tuổi lớn nhất phải từ tuổi nhỏ nhất trở lên."))
        if self.born_from.data and self.born_to.data and self.born_from.data > self.born_to.data:
            is_sound = _fault(self.born_to, _l("Ngày này phải sau ngày ở ô trước."))
        weights = self.weights()
        if weights and sum(weights.values()) != 100:
            is_sound = _fault(self[WEIGHT + UNIT_MEASURES[0]], _l("Các tỷ trọng phải cộng thành 100."))
        return is_sound

    def weights(self) -> dict[str, int]:
        """Percent by measure, those of nought left out."""
        return {name: self[WEIGHT + name].data for name in UNIT_MEASURES if self[WEIGHT + name].data}

    def formula(self) -> UnitFormula:
        """How units are scored."""
        percent = 50 if self.unit_pass_percent.data is None else self.unit_pass_percent.data
        return UnitFormula(self.weights() or {"people": 100}, self.shrink_to.data or 0, percent, self.headcount_on.data)

    def plain(
        self, prizes: tuple[PrizeKind, ...], criteria: tuple[str, ...], named_targets: tuple[UnitTarget, ...] = ()
    ) -> dict[str, Any]:
        """What services take for a contest; `named_targets` are those of single units."""
        target = (UnitTarget(self.target.data, self.target_counts.data),) if self.target.data else ()
        decided = self.decision_on.data
        settings = ContestSettings(
            audience=self.audience.data, unit_ids=tuple(sorted(self.units.data or ())), member_kinds=tuple(self.member_kinds.data or ()),
            minimum_age=self.minimum_age.data, maximum_age=self.maximum_age.data, age_on=self.age_on.data, born_from=self.born_from.data,
            born_to=self.born_to.data, excluded_roles=tuple(self.excluded_roles.data or ()), excludes_writers=self.excludes_writers.data,
            asked=tuple(self.asked.data or ()), attempts_per_day=self.attempts_per_day.data, attempts_per_contest=self.attempts_per_contest.data,
            counted=self.counted.data, criteria=criteria, prizes=prizes, per_person=self.per_person.data, reserves=self.reserves.data or 0,
            has_live_standings=self.has_live_standings.data, freeze_minutes=self.freeze_minutes.data or 0,
            objection_days=self.objection_days.data or 0, units=self.formula(), unit_targets=(*named_targets, *target),
        )  # fmt: skip
        return {
            "title": self.title.data or "", "title_en": self.title_en.data or "", "lead": _text(self.lead.data), "unit_id": self.unit.data,
            "organiser_name": self.organiser_name.data or "", "decision_number": self.decision_number.data or "",
            "decision_on": decided.isoformat() if decided else None, "rules_extra": _text(self.rules_extra.data),
            "consent_text": _text(self.consent_text.data), "settings": settings.store(),
        }  # fmt: skip

    def new_password(self) -> str | None:
        """A new password, "" to drop the present one, None to leave it."""
        return "" if self.drops_password.data else self.password.data or None


for _measure in UNIT_MEASURES:
    setattr(ContestForm, WEIGHT + _measure, Whole(_l(MEASURES[_measure]), 0, 100, is_required=False))


def _fault(field: Any, words: Any) -> bool:
    field.errors = [*field.errors, words]
    return False


def _text(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\0", "").strip()


def values_of(contest: Contest) -> dict[str, Any]:
    """What the form shows for a contest that is there already."""
    rules = contest.rules
    names = (
        "audience", "member_kinds", "minimum_age", "maximum_age", "age_on", "born_from", "born_to", "excluded_roles", "excludes_writers", "asked",
        "attempts_per_day", "attempts_per_contest", "counted", "per_person", "reserves", "has_live_standings", "freeze_minutes",
        "objection_days",
    )  # fmt: skip
    same = ("title", "title_en", "lead", "organiser_name", "decision_number", "decision_on", "rules_extra", "consent_text")
    target = next((one for one in rules.unit_targets if not one.unit_ids), None)
    return {
        "unit_pass_percent": rules.units.pass_percent, "headcount_on": rules.units.headcount_on, "target": target.count if target else None,
        "target_counts": target.counts if target else "attempts",
        **{name: getattr(rules, name) for name in names}, **{name: getattr(contest, name) for name in same}, "unit": contest.unit_id,
        "units": list(rules.unit_ids), "shrink_to": rules.units.shrink_to,
        **{WEIGHT + name: rules.units.weights.get(name) for name in UNIT_MEASURES},
    }  # fmt: skip
