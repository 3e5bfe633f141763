"""Forms on which time, attempts and standing help are granted or taken back."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice as Option
from wtforms.validators import Length, Optional
from wtforms.widgets import TextInput

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l
from elearn.quizzes.forms.settings import Whole

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]
MOST_MINUTES = 7 * 24 * 60


def _reason(description: Any) -> Line:
    shortest = Length(min=5, message=_l("Hãy ghi rõ hơn một chút, ít nhất 5 ký tự."))
    return Line(_l("Lý do"), [shortest], longest=400, description=description)


class AllowanceForm(Form):
    minutes = Whole(
        _l("Thêm thời gian"), 0, MOST_MINUTES, is_required=False, default=0,
        description=_l("Cộng vào thời gian làm bài và vào giờ đóng. Ai đang làm thì được thêm ngay."),
    )  # fmt: skip
    attempts = Whole(_l("Thêm lượt"), 0, 100, is_required=False, default=0)
    reason = _reason(_l("Ghi vào nhật ký cùng tên bạn, ví dụ: mất điện 15 phút ở hội trường."))


class UnitAllowanceForm(AllowanceForm):
    unit = SelectField(_l("Đơn vị"), coerce=int, description=_l("Gồm cả các đơn vị trực thuộc."))


class ReasonForm(Form):
    reason = _reason(_l("Ghi vào nhật ký cùng tên bạn."))


class LateForm(Form):
    reason = _reason(_l("Người làm bài đọc được lý do này ở trang kết quả."))


class AccommodationForm(Form):
    factor = SelectField(
        _l("Thời gian làm bài"),
        choices=[
            Option("1000", _l("Như mọi người")), Option("1250", _l("Thêm một phần tư (1,25 lần)")), Option("1333", _l("Thêm một phần ba (1,33 lần)")),
            Option("1500", _l("Thêm một nửa (1,5 lần)")), Option("2000", _l("Gấp đôi")), Option("3000", _l("Gấp ba")),
        ],
        default="1250",
    )  # fmt: skip
    is_large_print = BooleanField(_l("Chữ to ngay từ trang đầu"))
    is_screen_reader = BooleanField(
        _l("Bố cục cho trình đọc màn hình"), description=_l("Trang làm bài không có bảng số câu, các câu đọc lần lượt.")
    )
    valid_from = DateField(
        _l("Từ ngày"), [Optional()], format=DAY_FORMATS, widget=TextInput(), description=_l("Ngày/tháng/năm. Để trống: từ hôm nay.")
    )
    valid_to = DateField(
        _l("Đến trước ngày"),
        [Optional()],
        format=DAY_FORMATS,
        widget=TextInput(),
        description=_l("Để trống: cho đến khi có người kết thúc."),
    )
    reason = _reason(_l("Chỉ cán bộ được giao việc này và chính người ấy xem được; mỗi lần xem đều được ghi lại."))
