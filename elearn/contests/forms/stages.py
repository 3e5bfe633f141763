"""Forms of a stage."""

from __future__ import annotations

from wtforms import DecimalField, IntegerField, SelectField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import TextInput

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l


class PartForm(Form):
    title = Line(_l("Tên phần thi"), longest=120, description=_l("Ví dụ: Chào hỏi, Kiến thức, Xử lý tình huống, Thuyết trình."))
    weight = IntegerField(_l("Hệ số của phần (phần trăm)"), [InputRequired(_l("Hãy ghi hệ số."))], default=100, widget=TextInput())


class CriterionForm(Form):
    title = Line(_l("Tiêu chí"), longest=200)
    points = DecimalField(_l("Điểm tối đa"), [InputRequired(_l("Hãy ghi điểm tối đa."))], widget=TextInput())
    weight = IntegerField(_l("Hệ số (phần trăm)"), [InputRequired(_l("Hãy ghi hệ số."))], default=100, widget=TextInput())


class ContestantForm(Form):
    name = Line(_l("Tên đội hoặc thí sinh"), longest=120)
    unit = SelectField(_l("Đơn vị"), [DataRequired(_l("Hãy chọn một đơn vị."))], coerce=int)
    group = Line(
        _l("Bảng"),
        required=False,
        longest=80,
        description=_l("Nếu chia bảng, ví dụ: Khu dân cư, Cơ quan. Để trống nếu không chia."),
    )


class DrawForm(Form):
    seed = Line(
        _l("Số bốc thăm"),
        required=False,
        longest=64,
        description=_l(
            "Số do đại biểu xướng trước hội trường. Để trống thì máy chủ lấy ngẫu nhiên. Thứ tự tính từ số này, ai cũng kiểm lại được."
        ),
    )
