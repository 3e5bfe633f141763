"""Forms of study campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from elearn.campaigns.models import Campaign
from elearn.campaigns.rules.audience import Audience
from elearn.campaigns.services import CampaignSpec, RequirementSpec
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.lib.periods import from_local, local_day
from elearn.submissions.rules.assignments import FIELDS, Kind

# Written as officers write days; see classes/forms.py.
DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class Day(DateField):
    """A day typed as 14/10/2026."""

    def __init__(self, label: Any, required: bool = True, **more: Any) -> None:
        checks = [InputRequired(_l("Hãy ghi ngày."))] if required else [Optional()]
        super().__init__(label, checks, format=DAY_FORMATS, widget=TextInput(), **more)


class Ticks(SelectMultipleField):
    """Several of a short list, each a box to tick."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(
            label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validators=[Optional()], **more
        )


def end_of(day: Any) -> datetime:
    """The last minute of a day in Viet Nam."""
    return from_local(datetime.combine(day, time(23, 59)))


class CampaignForm(Form):
    title = Line(_l("Tên đợt"), description=_l("Ví dụ: Học tập, quán triệt Nghị quyết Đại hội XIV."))
    unit = SelectField(_l("Đơn vị tổ chức"), [InputRequired(_l("Hãy chọn một đơn vị."))], coerce=int)
    goal = Lines(_l("Mục đích, yêu cầu"), longest=4000)
    decision = Line(_l("Số kế hoạch"), required=False, longest=120, description=_l("Ví dụ: 15-KH/TU."))
    decided_on = Day(_l("Ngày ban hành"), required=False)
    starts_on = Day(_l("Bắt đầu"), description=_l("Ngày/tháng/năm, ví dụ 14/10/2026."))
    due_on = Day(_l("Hạn hoàn thành"), description=_l("Tính đến hết ngày đó."))
    course = SelectField(_l("Khoá học dùng cho đợt"), coerce=int)
    documents = Lines(
        _l("Văn bản học tập"), longest=2000, description=_l("Mỗi dòng một số hiệu có trong mục Tài liệu, ví dụ 05-CT/TW.")
    )
    unit_kinds = Ticks(_l("Giao cho các đơn vị loại"))
    member_kinds = Ticks(_l("Giao cho những người là"))
    segments = Ticks(_l("Chỉ trong các khối"))
    codes = Lines(
        _l("Và những người có mã sau"), longest=100_000,
        description=_l("Dán từ Excel, mỗi dòng một mã thành viên. Dùng khi danh sách do cấp uỷ quản lý, không theo nhóm nào."),
    )  # fmt: skip

    def offer(
        self, units: Sequence[tuple[int, str]], courses: Sequence[tuple[int, str]], kinds: Sequence[tuple[str, str]],
        people: Sequence[tuple[str, str]], segments: Sequence[str],
    ) -> None:  # fmt: skip
        """Fill what can be chosen."""
        self.unit.choices = list(units)
        self.course.choices = [(0, _l("Không dùng khoá học nào")), *courses]
        self.unit_kinds.choices, self.member_kinds.choices = list(kinds), list(people)
        self.segments.choices = [(one, one) for one in segments]
        if not segments:
            del self.segments

    def show(self, campaign: Campaign, documents: Sequence[str]) -> None:
        """Fill the boxes from a campaign."""
        audience = Audience.from_data(campaign.audience)
        self.title.data, self.goal.data, self.unit.data = campaign.title, campaign.goal, campaign.unit_id
        self.decision.data, self.decided_on.data = campaign.decision, campaign.decided_on
        self.starts_on.data, self.due_on.data = local_day(campaign.starts_at), local_day(campaign.due_at)
        self.course.data, self.documents.data = campaign.course_id or 0, "\n".join(documents)
        self.unit_kinds.data, self.member_kinds.data = list(audience.unit_kinds), list(audience.member_kinds)
        if self.segments:
            self.segments.data = list(audience.segments)
        self.codes.data = "\n".join(audience.codes)

    @property
    def typed_codes(self) -> list[str]:
        """Codes of people, each once, in capitals."""
        return list(dict.fromkeys(one.strip().upper() for one in (self.codes.data or "").split() if one.strip()))

    @property
    def typed_documents(self) -> list[str]:
        """Numbers of documents, line by line."""
        return [one.strip() for one in (self.documents.data or "").splitlines() if one.strip()]

    def spec(self, document_ids: Sequence[int]) -> CampaignSpec:
        """What the form says; only after it has been validated."""
        segments = self.segments.data or [] if self.segments else []
        return CampaignSpec(
            title=self.title.data or "", unit_id=self.unit.data, starts_at=from_local(datetime.combine(self.starts_on.data, time(0))),
            due_at=end_of(self.due_on.data), goal=self.goal.data or "", decision=self.decision.data or "",
            decided_on=self.decided_on.data, course_id=self.course.data or None, document_ids=tuple(document_ids),
            audience=Audience(
                tuple(self.unit_kinds.data or ()), tuple(self.member_kinds.data or ()), tuple(segments), tuple(self.typed_codes)
            ),
        )  # fmt: skip


WHATS = {
    "plan_unit": _l("Tập thể nộp kế hoạch học tập và làm theo Bác (5 rõ)"),
    "plan_member": _l("Cá nhân nộp kế hoạch học tập và làm theo Bác (5 rõ)"),
    "essay_member": _l("Cá nhân nộp bài thu hoạch"),
    "action_programme_unit": _l("Tập thể nộp chương trình hành động"),
    "course": _l("Cá nhân học xong khoá học của đợt"),
}
"""What can be asked, by the key that the form sends."""


class RequirementForm(Form):
    what = RadioField(
        _l("Việc"),
        [InputRequired(_l("Hãy chọn một việc."))],
        choices=[SelectChoice(value=key, label=words) for key, words in WHATS.items()],
    )
    title = Line(
        _l("Tên việc"), description=_l("Như sẽ hiện ở trang “Việc cần làm”, ví dụ: Kế hoạch làm theo Bác năm 2026 của tập thể.")
    )
    due_on = Day(_l("Hạn"), description=_l("Tính đến hết ngày đó. Không sau hạn của cả đợt."))
    closes_on = Day(
        _l("Thôi nhận bài sau ngày"), required=False, description=_l("Để trống thì vẫn nhận bài nộp chậm cho đến khi đợt kết thúc.")
    )
    kinds = Ticks(_l("Chỉ giao cho"))
    prompt = Lines(_l("Hướng dẫn viết"), longest=4000)
    takes_file = BooleanField(_l("Nhận cả tệp Word hoặc PDF"), default=True)

    def spec(self) -> RequirementSpec:
        """What the form says; only after it has been validated."""
        what, _, asked_of = (self.what.data or "").rpartition("_")
        due_at = end_of(self.due_on.data)
        title, kinds = self.title.data or "", tuple(self.kinds.data or ())
        if not what:
            return RequirementSpec(self.what.data, "member", title, due_at, kinds)
        closes_at = end_of(self.closes_on.data) if self.closes_on.data else None
        return RequirementSpec(
            "submission", asked_of, title, due_at, kinds, Kind(what), self.prompt.data or "", FIELDS[Kind(what)],
            bool(self.takes_file.data), closes_at,
        )  # fmt: skip


class TightenForm(Form):
    due_on = Day(
        _l("Hạn mới"), description=_l("Ngày/tháng/năm, tính đến hết ngày đó. Chỉ được sớm hơn hoặc bằng hạn cấp trên giao.")
    )
