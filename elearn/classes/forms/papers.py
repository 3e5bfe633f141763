"""What an officer types into a document of a class; all of it may stay empty and is then written by hand."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice as Choice

from elearn.classes.forms.programmes import Day
from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l


class PaperForm(Form):
    class Meta(Form.Meta):
        csrf = False

    style = RadioField(
        _l("Thể thức"),
        choices=[Choice("party", _l("Văn bản của Đảng")), Choice("state", _l("Văn bản hành chính"))],
        default="party",
    )
    superior = Line(_l("Cơ quan cấp trên"), required=False)
    issuer = Line(_l("Cơ quan ban hành"), required=False)
    number = Line(_l("Số"), required=False, longest=20)
    office = Line(_l("Ký hiệu cơ quan"), required=False, longest=30, description=_l("Ví dụ TTCT."))
    place = Line(_l("Nơi ban hành"), required=False, longest=80, description=_l("Ví dụ An Sơn."))
    day = Day(_l("Ngày ban hành"), required=False, description=_l("Để trống thì in dấu chấm để ghi tay."))
    post = Line(_l("Chức vụ người ký"), required=False, longest=120)
    name = Line(_l("Họ tên người ký"), required=False, longest=120)
    maker = Line(_l("Người lập danh sách"), required=False, longest=120)
    sensitive = BooleanField(_l("Thêm cột dân tộc, tôn giáo (mỗi lần xuất được ghi vào nhật ký)"))
