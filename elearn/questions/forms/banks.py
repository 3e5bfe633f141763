"""Forms of banks and shelves."""

from __future__ import annotations

from wtforms import BooleanField, SelectField

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l


class BankForm(Form):
    title = Line(_l("Tên ngân hàng"))
    summary = Lines(_l("Mô tả"), longest=2000, description=_l("Ngân hàng gồm những gì, dùng cho ai."))
    is_lent = BooleanField(
        _l("Cho cấp dưới rút câu ra đề"),
        default=True,
        description=_l("Cấp dưới chọn được câu vào đề, không mở được ngân hàng và đáp án."),
    )


class NewBankForm(BankForm):
    unit = SelectField(_l("Đơn vị giữ"))
    code = Line(_l("Mã"), required=False, longest=60, description=_l("Hiện trong địa chỉ và mã câu. Để trống thì lấy theo tên."))


class CategoryForm(Form):
    name = Line(_l("Tên chuyên mục"), longest=120)
    parent = SelectField(_l("Nằm trong"), coerce=int)
