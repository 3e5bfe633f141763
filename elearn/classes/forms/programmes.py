"""Forms of programmes and of classes planned on them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from elearn.classes.forms.cohorts import DAY_FORMATS
from elearn.classes.rules.cohorts import MODES
from elearn.classes.rules.programmes import (
    ATTENDANCE_UNITS,
    AUDIENCES,
    PARTS,
    Part,
    Terms,
    read_bands,
    read_lessons,
    write_bands,
    write_lessons,
)
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import format_number


class Day(DateField):
    """A day, typed as officers write it."""

    def __init__(self, label: Any, required: bool = True, **more: Any) -> None:
        checks = [InputRequired(_l("Hãy ghi ngày.")) if required else Optional()]
        super().__init__(label, checks, format=DAY_FORMATS, widget=TextInput(), **more)


def _whole(label: Any, lowest: int, highest: int, **more: Any) -> IntegerField:
    found: IntegerField = IntegerField(label, [Optional(), NumberRange(lowest, highest)], widget=TextInput(), **more)
    return found


class ProgrammeForm(Form):
    name = Line(_l("Tên chương trình"), description=_l("Ví dụ: Bồi dưỡng nhận thức về Đảng."))
    code = Line(_l("Mã"), longest=58, description=_l("Chữ hoa không dấu, số và dấu gạch, ví dụ NTVD."))
    unit = SelectField(_l("Đơn vị lập chương trình"), [DataRequired(_l("Hãy chọn một đơn vị."))], coerce=int)
    audience = Line(
        _l("Đối tượng, ghi bằng lời"), required=False, description=_l("In trong kế hoạch, cách nhau bằng dấu chấm phẩy.")
    )
    lessons = Lines(
        _l("Các bài"), [DataRequired(_l("Hãy ghi ít nhất một bài."))], description=_l("Mỗi dòng một bài: tên bài | số tiết.")
    )
    kinds = SelectMultipleField(
        _l("Người được cử"), [Optional()], choices=[Choice(key, _l(word)) for key, word in AUDIENCES.items()],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), description=_l("Không đánh dấu ô nào: mọi đối tượng."),
    )  # fmt: skip
    age_from = _whole(_l("Tuổi từ"), 14, 120)
    age_to = _whole(_l("Tuổi đến"), 14, 120)
    not_holding = Line(
        _l("Không nhận người đã có giấy chứng nhận loại"), required=False, longest=40,
        description=_l("Mã loại giấy chứng nhận, thường là loại của chính lớp này. Giấy đã hết hạn không tính."),
    )  # fmt: skip
    refuse_overlap = BooleanField(_l("Không nhận người đang học lớp khác cùng thời gian"), default=True)
    attendance_percent = Line(_l("Phải dự ít nhất (phần trăm)"), longest=6)
    attendance_by = SelectField(_l("Tính theo"), choices=[Choice(key, _l(word)) for key, word in ATTENDANCE_UNITS.items()])
    weight_test = Line(_l("Bài kiểm tra (phần trăm)"), required=False, longest=6)
    weight_essay = Line(_l("Bài thu hoạch (phần trăm)"), required=False, longest=6)
    weight_participation = Line(_l("Chuyên cần (phần trăm)"), required=False, longest=6)
    bands = Lines(_l("Xếp loại"), [DataRequired(_l("Hãy ghi các mức xếp loại."))], description=_l("Mỗi dòng một mức, từ cao xuống thấp: tên | điểm từ. Mức cuối bắt đầu từ 0 và là không đạt."))  # fmt: skip
    certificate_kind = Line(_l("Loại giấy chứng nhận được cấp"), required=False, longest=40, description=_l("Mã loại; để trống nếu lớp không cấp giấy."))  # fmt: skip
    validity_months = _whole(_l("Giá trị (tháng)"), 1, 600, description=_l("Để trống: không thời hạn."))

    def fill(self, terms: Terms, code: str) -> None:
        """Show terms that there are."""
        self.name.data, self.code.data = terms.programme, code
        self.audience.data = "; ".join(terms.audience)
        self.lessons.data, self.bands.data = write_lessons(terms.lessons), write_bands(terms.bands)
        for name in ("age_from", "age_to", "not_holding", "refuse_overlap", "attendance_by", "certificate_kind", "validity_months"):
            self[name].data = getattr(terms, name)
        self.kinds.data = list(terms.kinds)
        self.attendance_percent.data = format_number(terms.attendance_percent)
        for part in terms.parts:
            self[f"weight_{part.kind}"].data = format_number(part.weight)

    def terms(self) -> Terms:
        """What was typed. Raises InvalidInput naming the field; `check_terms` judges the whole."""
        weights = {kind: self._decimal(f"weight_{kind}") for kind in PARTS}
        return Terms(
            programme=self.name.data or "", lessons=read_lessons(self.lessons.data or ""), kinds=tuple(self.kinds.data or ()),
            age_from=self.age_from.data, age_to=self.age_to.data, not_holding=(self.not_holding.data or "").upper(),
            refuse_overlap=bool(self.refuse_overlap.data), attendance_percent=self._decimal("attendance_percent"),
            attendance_by=self.attendance_by.data, parts=tuple(Part(kind, weight) for kind, weight in weights.items() if weight),
            bands=read_bands(self.bands.data or ""), certificate_kind=(self.certificate_kind.data or "").upper(),
            validity_months=self.validity_months.data,
            audience=tuple(one.strip() for one in (self.audience.data or "").split(";") if one.strip()),
        )  # fmt: skip

    def _decimal(self, name: str) -> Decimal:
        text = (self[name].data or "0").strip().replace(",", ".").rstrip("%").strip()
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal(-1)
        if not 0 <= found <= 100 or found != found.quantize(Decimal("0.1")):
            raise InvalidInput("percent", "Hãy ghi số từ 0 đến 100, nhiều nhất một chữ số sau dấu phẩy.", field=name)
        return found


class PlanForm(Form):
    programme = SelectField(_l("Chương trình"), [DataRequired(_l("Hãy chọn một chương trình."))], coerce=int)
    unit = SelectField(_l("Đơn vị mở lớp"), [DataRequired(_l("Hãy chọn một đơn vị."))], coerce=int)
    title = Line(_l("Tên lớp"), required=False, description=_l("Để trống thì lấy tên chương trình kèm tháng bắt đầu."))
    code = Line(_l("Mã lớp"), required=False, longest=58, description=_l("Để trống thì hệ thống tự đặt, ví dụ NTVD-2026-10."))
    starts_on = Day(_l("Ngày khai giảng"), description=_l("Ngày/tháng/năm, ví dụ 14/10/2026."))
    due_on = Day(_l("Ngày bế giảng"))
    nominate_on = Day(
        _l("Hạn cử người"), required=False, description=_l("Tính đến hết ngày đó; cử sau hạn thì được ghi là bổ sung.")
    )
    capacity = _whole(_l("Quy mô lớp (người)"), 1, 5000, description=_l("Để trống: không giới hạn."))
    confirm_hours = _whole(_l("Giữ chỗ cho người được gọi bổ sung (giờ)"), 1, 720, default=48)
    mode = SelectField(_l("Hình thức"), choices=[Choice(key, _l(word)) for key, word in MODES.items()])
    place = Line(_l("Địa điểm, hoặc đường dẫn phòng học"), required=False)
    quotas = Lines(
        _l("Đơn vị cử người và chỉ tiêu"),
        description=_l(
            "Mỗi dòng: tên hoặc mã đơn vị | số người. Chép thẳng hai cột từ Excel cũng được; dòng không có số thì bỏ qua."
        ),
    )
    lecturers = Lines(_l("Giảng viên, báo cáo viên"), description=_l("Mỗi dòng: họ tên | chức vụ hoặc bài dạy."))
    committee = Lines(_l("Ban cán sự lớp"), description=_l("Mỗi dòng: họ tên | nhiệm vụ, ví dụ Lớp trưởng."))
    course = SelectField(_l("Phần học trực tuyến"), [Optional()], coerce=int)


class OpenForm(Form):
    number = Line(_l("Số quyết định"), longest=60, description=_l("Ví dụ 12-QĐ/TTCT."))
    decided_on = Day(_l("Ngày ký"))


class LateForm(Form):
    unit = SelectField(_l("Tính vào chỉ tiêu của"), coerce=int)
    text = Lines(_l("Người bổ sung"), [DataRequired(_l("Hãy ghi ít nhất một người."))], longest=20_000, description=_l("Mỗi dòng một người: mã, số điện thoại, hoặc họ tên nếu không trùng."))  # fmt: skip
    reason = Line(_l("Lý do bổ sung"), longest=300)
